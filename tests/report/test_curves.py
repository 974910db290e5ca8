from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stancekit.report.curves import at_coverage, reliability, selective_accuracy

CONFIDENCES = np.array([0.9, 0.5, 0.7, 0.7, 0.6])
CORRECT = np.array([True, False, True, False, True])


def test_the_curve_by_hand():
    curve = selective_accuracy(CONFIDENCES, CORRECT)
    assert [point.min_confidence for point in curve] == [0.9, 0.7, 0.6, 0.5]
    assert [point.coverage for point in curve] == [0.2, 0.6, 0.8, 1.0]
    assert [point.accuracy.value for point in curve] == pytest.approx([1, 2 / 3, 3 / 4, 3 / 5])


@given(st.lists(st.tuples(st.sampled_from([0.3, 0.5, 0.8, 1.0]), st.booleans()), min_size=1, max_size=30))
def test_every_point_is_what_its_threshold_gives(pairs: list[tuple[float, bool]]):
    confidences, correct = np.array([p for p, _ in pairs]), np.array([c for _, c in pairs])
    curve = selective_accuracy(confidences, correct)
    assert curve[-1].coverage == 1
    for point in curve:
        kept = confidences >= point.min_confidence
        assert point.coverage == kept.mean()
        assert point.accuracy.value == pytest.approx(correct[kept].mean())


def test_a_share_that_no_threshold_gives_is_rounded_up():
    curve = selective_accuracy(CONFIDENCES, CORRECT)
    assert at_coverage(curve, 0.4).coverage == 0.6
    assert at_coverage(curve, 1.0).coverage == 1.0


def test_bins_hold_all_rows_in_order():
    bins = reliability(CONFIDENCES, CORRECT, bins=2)
    assert [part.n for part in bins] == [3, 2]
    assert [part.confidence for part in bins] == pytest.approx([0.6, 0.8])
    assert [part.accuracy.value for part in bins] == pytest.approx([2 / 3, 1 / 2])


def test_fewer_rows_than_bins():
    assert [part.n for part in reliability(CONFIDENCES, CORRECT)] == [1] * 5
