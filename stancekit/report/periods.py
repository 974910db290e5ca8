"""Dates in ISO 8601, cut to days, months or years."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

PERIODS: dict[str, int] = {"year": 4, "month": 7, "day": 10}
"""How many characters of an ISO date make up each period."""

_STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500)
_MONTH_STEPS = (1, 2, 3, 6, 12, 24, 60, 120)

_ISO = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2})(?:[T ].*)?)?)?")


def period_of(text: str, period: str) -> str:
    """The period that a date lies in.

    Parameters
    ----------
    text : str
        ``2023``, ``2023-07``, ``2023-07-26`` or a date and a time.
    period : str
        ``year``, ``month`` or ``day``.

    Raises
    ------
    ValueError
        If it is no such date, or is less precise than the period.

    Examples
    --------
    >>> period_of("2023-07-26T09:00", "month")
    '2023-07'
    """
    found = _ISO.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"{text!r} is no date; write 2023-07-26, 2023-07 or 2023")
    year, month, day = found.groups()
    try:
        date(int(year), int(month or 1), int(day or 1))
    except ValueError as error:
        raise ValueError(f"{text!r} is no date of the calendar") from error
    whole = "-".join(part for part in (year, month, day) if part)
    if len(whole) < PERIODS[period]:
        raise ValueError(f"{text!r} names no {period}; take a longer period (--period)")
    return whole[: PERIODS[period]]


def span(first: str, last: str) -> list[str]:
    """Every period from the first to the last, those without rows among them.

    Examples
    --------
    >>> span("2022-11", "2023-01")
    ['2022-11', '2022-12', '2023-01']
    """
    return [_named(number, len(first)) for number in range(_number(first), _number(last) + 1)]


def ticks(periods: Sequence[str], most: int) -> list[int]:
    """Positions of about ``most`` periods to name on an axis: round years, or the first of months alike.

    Examples
    --------
    >>> ticks(["1998", "1999", "2000", "2001", "2002"], most=1)
    [2]
    """
    numbers = [_number(period) for period in periods]
    steps = _MONTH_STEPS if len(periods[0]) == PERIODS["month"] else _STEPS
    step = next((step for step in steps if len(numbers) <= step * most), steps[-1])
    return [i for i, number in enumerate(numbers) if number % step == 0] or [0]


def _number(period: str) -> int:
    """Which year, month or day it is, counted without a gap."""
    if len(period) == PERIODS["year"]:
        return int(period)
    if len(period) == PERIODS["month"]:
        return int(period[:4]) * 12 + int(period[5:]) - 1
    return date.fromisoformat(period).toordinal()


def _named(number: int, length: int) -> str:
    if length == PERIODS["year"]:
        return f"{number:04}"
    if length == PERIODS["month"]:
        return f"{number // 12:04}-{number % 12 + 1:02}"
    return date.fromordinal(number).isoformat()
