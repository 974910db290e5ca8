"""Whether a text mentions a target, by its own or another of its names."""

from __future__ import annotations

import re

from stancekit.analysis.gazetteer import Gazetteer
from stancekit.text import normalise

_ARTICLE = re.compile(r"\A(?:the|a|an)\s+")


def mentioned(target: str, text: str) -> bool:
    """Whether the target stands in the text, or is a plain alias of what does.

    Case, typography, white space and a leading article do not matter; words count as wholes. Of states and
    organisations every name is an alias: *Moscow*, *the Kremlin*, *Russia* and *Russian*.

    Parameters
    ----------
    target, text : str

    Examples
    --------
    >>> mentioned("the Kremlin", "Russian gas is welcome."), mentioned("Peru", "Russian gas is welcome.")
    (True, False)
    """
    text = normalise(text)
    return _stands_in(target, text) or _has_alias_in(target, text)


def _stands_in(target: str, text: str) -> bool:
    wanted = _ARTICLE.sub("", normalise(target).casefold(), count=1)
    if not wanted:
        return False
    before = r"(?<!\w)" if wanted[0].isalnum() else ""
    after = r"(?!\w)" if wanted[-1].isalnum() else ""
    return re.search(before + re.escape(wanted) + after, text.casefold()) is not None


def _has_alias_in(target: str, text: str) -> bool:
    gazetteer = Gazetteer.default()
    meant = gazetteer.entities(normalise(target))
    return bool(meant) and any(meant & gazetteer.entities(found.text) for found in gazetteer.mentions(text))
