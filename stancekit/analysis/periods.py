"""Periods to count by: those of a report, and longer ones; rows without a date are a period of their own."""

from __future__ import annotations

from stancekit.report import periods

PERIODS = (*periods.PERIODS, "quarter", "decade")
BLANK = "(blank)"


def period_of(date: str, period: str) -> str:
    """The period in which a date lies, in a form that sorts as time passes.

    Parameters
    ----------
    date : str
        As :func:`stancekit.report.periods.period_of` takes it, or blank.
    period : {"year", "month", "day", "quarter", "decade"}

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
    if period == "decade":
        return periods.period_of(date, "year")[:3] + "0s"
    if period == "quarter":
        month = periods.period_of(date, "month")
        return f"{month[:5]}Q{(int(month[5:]) + 2) // 3}"
    return periods.period_of(date, period)
