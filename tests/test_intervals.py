from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import t

from stancekit.intervals import score_interval, t_quantile


@pytest.mark.parametrize("level", [0.5, 0.8, 0.9, 0.95, 0.99])
@pytest.mark.parametrize("freedom", [9, 20, 99, 1000])
def test_the_expansion_is_close_to_student(level: float, freedom: int):
    assert t_quantile(level, freedom) == pytest.approx(t.ppf(0.5 + level / 2, freedom), rel=2e-3)


def test_wilson_by_hand():
    # Newcombe (1998), table I: 81 of 263, and 0 of 20
    assert score_interval(81 / 263, 263, 1.959964) == pytest.approx((0.2553, 0.3662), abs=1e-4)
    assert score_interval(0.0, 20, 1.959964) == pytest.approx((0.0, 0.1611), abs=1e-4)


@given(st.floats(0, 1), st.floats(0.5, 1e6), st.floats(0.1, 4))
def test_within_bounds_and_around_the_share(share: float, size: float, critical: float):
    low, high = score_interval(share, size, critical)
    assert 0 <= low <= share + 1e-9
    assert share - 1e-9 <= high <= 1


def test_nothing_left_to_chance_has_no_width():
    assert score_interval(0.3, math.inf, 1.96) == (0.3, 0.3)
