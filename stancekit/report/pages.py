"""Pages from templates: self-contained HTML, every value escaped."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from stancekit.extras import needs_extra
from stancekit.report import palette
from stancekit.report.intervals import Estimate

_LONGEST_QUOTE = 400


def render(template: str, labels: Iterable[str], **values: Any) -> str:
    """Fill in a template.

    Parameters
    ----------
    template : str
        A file of ``templates/``.
    labels : iterable of str
        Those that the page shows, in order; the style sheet has a class for each.
    **values
        What the template names.

    Raises
    ------
    MissingExtraError
        If Jinja2 is not installed.
    """
    import stancekit

    looks = palette.looks(list(labels))
    page: str = (
        _environment()
        .get_template(template)
        .render(
            looks=looks,
            numbers={label: i for i, label in enumerate(looks)},
            palette=palette,
            version=stancekit.__version__,
            **values,
        )
    )
    return page


@lru_cache(maxsize=1)
def _environment() -> Any:
    with needs_extra("report"):
        from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("stancekit.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(number=_number, percent=_percent, interval=_interval, quote=_quote, score=_score)
    return environment


def _number(value: int) -> str:
    return f"{value:,}"


def _score(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _percent(value: float) -> str:
    return f"{value:.1%}"


def _interval(estimate: Estimate, as_percent: bool = False) -> str:
    """The two ends, or nothing where there are none."""
    if estimate.low is None or estimate.high is None:
        return ""
    if as_percent:
        return f"{estimate.low * 100:.1f} to {estimate.high * 100:.1f}"
    return f"{estimate.low:.3f} to {estimate.high:.3f}"


def _quote(text: str) -> str:
    """A text as one line of bounded length."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_QUOTE else line[: _LONGEST_QUOTE - 1].rstrip() + "…"
