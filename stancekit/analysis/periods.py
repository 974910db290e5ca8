"""Periods to count by: those of a report, and others; rows without a date are a period of their own."""

from __future__ import annotations

from stancekit.report import periods

PERIODS = (*periods.PERIODS, "quarter", "decade", "session")
BLANK = "(blank)"

_OPENING = 9
"""The month in which the regular sessions of the United Nations General Assembly open."""


def period_of(date: str, period: str) -> str:
    """The period in which a date lies, in a form that sorts as time passes.

    Parameters
    ----------
    date : str
        As :func:`stancekit.report.periods.period_of` takes it, or blank.
    period : {"year", "month", "day", "quarter", "decade", "session"}
        A session is that of the United Nations General Assembly, from September to August.

    Raises
    ------
    ValueError
        If the date is in no such form, or too coarse for the period.

    Examples
    --------
    >>> period_of("1994-05-17", "quarter"), period_of("1994", "decade")
    ('1994-Q2', '1990s')
    >>> period_of("1994-05-17", "session"), period_of("1999-09-14", "session")
    ('1993/94', '1999/00')
    """
    if not date.strip():
        return BLANK
    if period == "decade":
        return periods.period_of(date, "year")[:3] + "0s"
    if period == "quarter":
        month = periods.period_of(date, "month")
        return f"{month[:5]}Q{(int(month[5:]) + 2) // 3}"
    if period == "session":
        month = periods.period_of(date, "month")
        first = int(month[:4]) - (int(month[5:]) < _OPENING)
        return f"{first:04}/{(first + 1) % 100:02}"
    return periods.period_of(date, period)
