from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stancekit.report.periods import PERIODS, period_of, span, ticks


@pytest.mark.parametrize(
    ("text", "period", "expected"),
    [
        ("2023-07-26", "year", "2023"),
        (" 2023-07-26 ", "month", "2023-07"),
        ("2023-07-26T09:30:00Z", "day", "2023-07-26"),
        ("2023-07-26 09:30", "day", "2023-07-26"),
        ("2023-07", "month", "2023-07"),
        ("1946", "year", "1946"),
    ],
)
def test_dates_are_cut(text: str, period: str, expected: str):
    assert period_of(text, period) == expected


@pytest.mark.parametrize(
    ("text", "period", "message"),
    [
        ("26 July 2023", "year", "is no date; write 2023-07-26"),
        ("26.07.2023", "year", "is no date"),
        ("", "year", "is no date"),
        ("2023-13", "year", "of the calendar"),
        ("2023-02-29", "day", "of the calendar"),
        ("0000", "year", "of the calendar"),
        ("2023", "month", "names no month; take a longer period"),
        ("2023-07", "day", "names no day"),
    ],
)
def test_what_is_no_date(text: str, period: str, message: str):
    with pytest.raises(ValueError, match=message):
        period_of(text, period)


@given(st.dates(date(1800, 1, 1), date(2100, 1, 1)), st.integers(0, 400), st.sampled_from(sorted(PERIODS)))
def test_a_span_has_every_period_once_and_in_order(first: date, days: int, period: str):
    last = date.fromordinal(first.toordinal() + days)
    found = span(period_of(first.isoformat(), period), period_of(last.isoformat(), period))
    every = [date.fromordinal(first.toordinal() + day).isoformat()[: PERIODS[period]] for day in range(days + 1)]
    assert found == sorted(set(every))


@pytest.mark.parametrize(
    ("first", "last", "named"),
    [
        ("1946", "2024", [str(year) for year in range(1950, 2021, 10)]),
        ("2001", "2003", ["2001", "2002", "2003"]),
        ("2019-11", "2023-04", ["2020-01", "2020-07", "2021-01", "2021-07", "2022-01", "2022-07", "2023-01"]),
        ("2023-07-26", "2023-07-26", ["2023-07-26"]),
    ],
)
def test_round_periods_are_named(first: str, last: str, named: list[str]):
    periods = span(first, last)
    assert [periods[i] for i in ticks(periods, most=9)] == named


def test_a_lone_period_that_is_not_round_is_named_all_the_same():
    assert ticks(["1999", "2001"], most=1) == [0]
