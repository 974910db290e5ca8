from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import accuracy_score, f1_score, precision_recall_fscore_support

from stancekit.report.intervals import FEWEST_UNITS, confusion_counts, estimate, resampled_confusions, scores, wilson


def test_wilson_by_hand():
    """7 of 10, as in Newcombe (1998) and every textbook."""
    share = wilson(7, 10)
    assert (share.value, share.low, share.high) == pytest.approx((0.7, 0.3968, 0.8922), abs=1e-4)


@given(st.integers(1, 10**6), st.data())
def test_wilson_holds_the_share_and_stays_within_0_and_1(n: int, data: st.DataObject):
    share = wilson(data.draw(st.integers(0, n)), n)
    assert share.low is not None
    assert share.high is not None
    assert 0 <= share.low <= share.value + 1e-12
    assert share.value - 1e-12 <= share.high <= 1


def test_of_nothing_there_is_no_interval():
    assert wilson(0, 0).low is None
    assert wilson(0, 0).ends == (0.0, 0.0)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=40))
def test_scores_are_those_of_scikit_learn(pairs: list[tuple[int, int]]):
    true, predicted = np.array(pairs).T
    found = scores(confusion_counts(true, predicted, 4))
    expected = precision_recall_fscore_support(true, predicted, labels=range(4), zero_division=0)
    for name, values in zip(("precision", "recall", "f1"), expected, strict=False):
        assert found[name] == pytest.approx(values)
    assert float(found["accuracy"]) == pytest.approx(accuracy_score(true, predicted))
    assert float(found["macro_f1"]) == pytest.approx(f1_score(true, predicted, average="macro", zero_division=0))


def test_resampling_rows_keeps_their_number_and_their_mean():
    true = np.repeat([0, 1], [60, 40])
    predicted = np.where(np.arange(100) % 5 == 0, 1 - true, true)
    samples = resampled_confusions(true, predicted, 2)
    assert samples is not None
    assert samples.shape == (1000, 2, 2)
    assert (samples.sum(axis=(1, 2)) == 100).all()
    assert scores(samples)["accuracy"].mean() == pytest.approx(0.8, abs=0.01)


def test_documents_are_drawn_whole_and_widen_the_interval():
    """Twenty documents, each labelled all right or all wrong: a row tells nothing beyond its document."""
    documents = np.repeat(np.arange(20), 10)
    true = np.zeros(200, dtype=int)
    predicted = (documents % 2).astype(int)
    by_document = resampled_confusions(true, predicted, 2, documents.tolist())
    by_row = resampled_confusions(true, predicted, 2)
    assert by_document is not None
    assert by_row is not None
    assert set(np.unique(by_document[:, 0, 1])) <= set(range(0, 201, 10))
    wide, narrow = (scores(samples)["accuracy"].std() for samples in (by_document, by_row))
    assert wide / narrow == pytest.approx(np.sqrt(10), rel=0.15)


def test_a_document_of_its_own_for_each_row_is_resampling_rows():
    true, predicted = np.arange(50) % 2, np.arange(50) % 3 % 2
    by_document = resampled_confusions(true, predicted, 2, list(range(50)))
    by_row = resampled_confusions(true, predicted, 2)
    assert by_document is not None
    assert by_row is not None
    assert scores(by_document)["accuracy"].std() == pytest.approx(scores(by_row)["accuracy"].std(), rel=0.1)


def test_the_same_seed_gives_the_same_samples():
    true, predicted = np.arange(50) % 2, np.zeros(50, dtype=int)
    first, second = (resampled_confusions(true, predicted, 2, (np.arange(50) // 2).tolist()) for _ in range(2))
    assert first is not None
    assert (first == second).all()


@pytest.mark.parametrize("documents", [None, [0] * 5 + [1] * (FEWEST_UNITS - 6)])
def test_too_few_units_give_no_interval(documents: list[int] | None):
    true = np.zeros(FEWEST_UNITS - 1, dtype=int)
    assert resampled_confusions(true, true, 2, documents) is None
    assert estimate(0.5, None).low is None


def test_an_estimate_has_the_percentiles():
    one = estimate(0.5, np.arange(1001) / 1000)
    assert (one.value, one.low, one.high) == pytest.approx((0.5, 0.025, 0.975))


def test_an_interval_of_no_width_is_none():
    assert estimate(1.0, np.ones(1000)).low is None
