from __future__ import annotations

import pytest

from stancekit.analysis.periods import BLANK, period_of


@pytest.mark.parametrize(
    ("date", "period", "expected"),
    [
        ("1994-05-17", "year", "1994"),
        ("1994-05-17T10:00:00Z", "month", "1994-05"),
        ("1994-05-17 10:00", "month", "1994-05"),
        ("19940517", "quarter", "1994-Q2"),
        ("1994-12", "quarter", "1994-Q4"),
        ("1994", "year", "1994"),
        (" 1999 ", "decade", "1990s"),
        ("", "year", BLANK),
    ],
)
def test_periods(date: str, period: str, expected: str):
    assert period_of(date, period) == expected


@pytest.mark.parametrize(
    ("date", "period", "message"),
    [
        ("17.05.1994", "year", "write it as 1994"),
        ("1994-13-01", "year", "no such month"),
        ("1994", "month", "does not say the month"),
        ("94", "year", "is not a date"),
    ],
)
def test_what_is_no_date_is_told(date: str, period: str, message: str):
    with pytest.raises(ValueError, match=message):
        period_of(date, period)
