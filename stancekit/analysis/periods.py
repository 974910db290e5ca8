"""Dates as written, cut into periods of equal length."""

from __future__ import annotations

import re
from collections.abc import Callable

PERIODS = ("year", "quarter", "month", "decade")
BLANK = "(blank)"

_DATE = re.compile(r"\s*(\d{4})(?:-?(\d{2})(?:-?(\d{2})(?:[T ].*)?)?)?\s*\Z")


def period_of(date: str, period: str) -> str:
    """The period in which a date lies, in a form that sorts as time passes.

    Parameters
    ----------
    date : str
        A year, a month or a day, as ISO 8601 has them; ``1994``, ``1994-05``, ``1994-05-17``, with a time or
        without. A blank one is a period of its own.
    period : {"year", "quarter", "month", "decade"}

    Raises
    ------
    ValueError
        If the date is in no such form, or too coarse for the period.

    Examples
    --------
    >>> period_of("1994-05-17", "quarter"), period_of("1994", "decade")
    ('1994-Q2', '1990s')
    """
    if not date.strip():
        return BLANK
    found = _DATE.match(date)
    if found is None:
        raise ValueError(f"{date!r} is not a date; write it as 1994, 1994-05 or 1994-05-17")
    year, month = int(found[1]), int(found[2] or 0)
    if found[2] and not 1 <= month <= 12:
        raise ValueError(f"{date!r} has no such month; write a date as 1994-05-17")
    if period in ("quarter", "month") and not month:
        raise ValueError(f"{date!r} does not say the month, so it lies in no {period}")
    return _WRITTEN[period](year, month)


_WRITTEN: dict[str, Callable[[int, int], str]] = {
    "year": lambda year, month: f"{year:04d}",
    "quarter": lambda year, month: f"{year:04d}-Q{(month + 2) // 3}",
    "month": lambda year, month: f"{year:04d}-{month:02d}",
    "decade": lambda year, month: f"{year // 10 * 10:04d}s",
}
