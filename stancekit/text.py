"""Text as every feature sees it: checked, then normalised."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Set
from typing import Any

from stancekit.errors import InputError

TYPOGRAPHY = str.maketrans(
    {
        "\u2018": "'",
        "\u2019": "'",
        "\u201a": "'",
        "\u201b": "'",
        "\u2032": "'",
        "\u201c": '"',
        "\u201d": '"',
        "\u201e": '"',
        "\u00ab": '"',
        "\u00bb": '"',
        "\u2010": "-",
        "\u2011": "-",
        "\u2012": "-",
        "\u2013": " - ",
        "\u2014": " - ",
        "\u2015": " - ",
        "\u2212": "-",
        "\u00ad": None,
        "\u200b": None,
        "\u200c": None,
        "\u200d": None,
        "\u2060": None,
        "\ufeff": None,
    }
)
_TYPOGRAPHIC = re.compile(f"[{''.join(map(chr, TYPOGRAPHY))}]")
INVISIBLE = frozenset(chr(code) for code, plain in TYPOGRAPHY.items() if plain is None)
_LONGEST_MARK_RUN = 30
# no mark stands before U+0300
_MAY_BE_LONG_MARK_RUN = re.compile(f"[\u0300-\U0010ffff]{{{_LONGEST_MARK_RUN + 1}}}")
# of combining class 0, yet their decompositions are combining marks
_DISGUISED_MARKS = frozenset("\u0f73\u0f75\u0f81\uff9e\uff9f")


def normalise(text: str) -> str:
    r"""One spelling for what differs in typography alone.

    Unicode compatibility forms are folded (NFKC), quotation marks and dashes become their plain
    ASCII forms, invisible characters go, and white space becomes single spaces. Of more than thirty
    combining marks in a row the rest is dropped (the limit of the Stream-Safe Text Format, UAX #15),
    which keeps the work linear in the length of the text.

    Examples
    --------
    >>> normalise("The  minister\u2019s \u201cdeep concern\u201d")
    'The minister\'s "deep concern"'
    """
    if not text.isascii():
        text = _plain(text)
    if not text.isascii():
        # cut before, as NFKC takes quadratic time on long runs, and after, as it lengthens some
        folded = unicodedata.normalize("NFKC", _without_long_mark_runs(text))
        text = text if folded == text else _plain(_without_long_mark_runs(folded))
    return " ".join(text.split())


def _plain(text: str) -> str:
    # as text.translate(TYPOGRAPHY), which is slow where few characters are in the table
    return _TYPOGRAPHIC.sub(lambda found: TYPOGRAPHY[ord(found.group())] or "", text)


def _without_long_mark_runs(text: str) -> str:
    if not _MAY_BE_LONG_MARK_RUN.search(text):
        return text
    kept, run = [], 0
    for character in text:
        run = run + 1 if unicodedata.combining(character) or character in _DISGUISED_MARKS else 0
        if run <= _LONGEST_MARK_RUN:
            kept.append(character)
    return "".join(kept)


def origins(text: str) -> list[int]:
    """For each character of the normalised text, the offset in the text that it stands for.

    Combining marks belong to the character before them. Where characters join in other ways (Hangul written in
    parts), offsets are spread evenly.

    Examples
    --------
    >>> origins("no\u2014 yes")
    [0, 1, 2, 2, 2, 4, 5, 6]
    """
    shown = normalise(text)
    if shown == text:
        return list(range(len(text)))
    pieces: list[tuple[str, int]] = []
    start = 0
    for end in range(1, len(text) + 1):
        if end == len(text) or not unicodedata.combining(text[end]):
            folded = unicodedata.normalize("NFKC", _plain(_without_long_mark_runs(text[start:end])))
            pieces += [(character, start) for character in _plain(folded)]
            start = end
    kept: list[tuple[str, int]] = []
    for character, place in pieces:
        if not character.isspace():
            kept.append((character, place))
        elif kept and kept[-1][0] != " ":
            kept.append((" ", place))
    if kept and kept[-1][0] == " ":
        kept.pop()
    if "".join(character for character, _ in kept) == shown:
        return [place for _, place in kept]
    return [i * len(text) // len(shown) for i in range(len(shown))]


def as_texts(texts: Iterable[str]) -> list[str]:
    """The texts as a list of str, whatever sequence they came in.

    Parameters
    ----------
    texts : sequence of str
        A list or tuple, a NumPy array of shape (n,), a pandas or polars Series, an Arrow array, or a
        column of a ``datasets.Dataset``.

    Raises
    ------
    InputError
        For a lone str, for anything that is not a flat sequence, and for an item that is not a str
        (its position is named).
    """
    if isinstance(texts, (str, bytes)):
        raise InputError("expected a sequence of texts, got a single one; wrap it in a list: [text]")
    items = _as_list(texts)
    for position, item in enumerate(items):
        if not isinstance(item, str):
            raise InputError(
                f"texts[{position}] is {_describe(item)}, not a str; fill missing texts with '' and convert the rest"
            )
    return items


def _as_list(texts: Any) -> list[Any]:
    shape = getattr(texts, "shape", None)
    if shape is not None and len(shape) != 1:
        hint = "; pass one column" if len(shape) == 2 else ""
        raise InputError(f"expected texts of shape (n,), got shape {tuple(shape)}{hint}")
    for method in ("to_pylist", "tolist", "to_list"):
        if hasattr(texts, method):
            return list(getattr(texts, method)())
    if not isinstance(texts, Iterable) or isinstance(texts, (Mapping, Set)):
        raise InputError(f"expected a sequence of texts, got {_describe(texts)}")
    return list(texts)


def _describe(item: object) -> str:
    return "missing (None)" if item is None else f"a {type(item).__name__}"
