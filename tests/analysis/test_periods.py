from __future__ import annotations

import pytest

from stancekit.analysis.periods import BLANK, period_of


@pytest.mark.parametrize(
    ("date", "period", "expected"),
    [
        ("1994-05-17T10:00:00Z", "month", "1994-05"),
        ("1994-05-17", "quarter", "1994-Q2"),
        ("1994-12", "quarter", "1994-Q4"),
        ("1994-01-01", "quarter", "1994-Q1"),
        ("1994", "year", "1994"),
        (" 1999 ", "decade", "1990s"),
        ("1994-08-31", "session", "1993/94"),
        ("1994-09-01", "session", "1994/95"),
        ("1999-12", "session", "1999/00"),
        (" ", "year", BLANK),
    ],
)
def test_periods(date: str, period: str, expected: str):
    assert period_of(date, period) == expected


@pytest.mark.parametrize(
    ("date", "period", "message"),
    [
        ("17.05.1994", "decade", "is no date"),
        ("1994-13-01", "quarter", "no date of the calendar"),
        ("1994", "quarter", "names no month"),
        ("1994", "session", "names no month"),
    ],
)
def test_what_is_no_date_is_told(date: str, period: str, message: str):
    with pytest.raises(ValueError, match=message):
        period_of(date, period)
