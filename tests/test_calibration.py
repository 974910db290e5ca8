"""Softmax, temperature, and when an answer is withheld."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from stancekit.calibration import ConformalScores, check_min_confidence, decide, fit_temperature, softmax
from stancekit.errors import InputError
from stancekit.labels import ABSTAIN, Reason

LOGITS = hnp.arrays(
    np.float64,
    st.tuples(st.integers(0, 6), st.integers(2, 5)),
    elements=st.floats(-1e6, 1e6),
)


@given(LOGITS)
def test_softmax_gives_shares(logits: np.ndarray):
    shares = softmax(logits)
    assert shares.shape == logits.shape
    assert ((shares >= 0) & (shares <= 1)).all()
    np.testing.assert_allclose(shares.sum(axis=1), 1.0)
    best = np.take_along_axis(shares, logits.argmax(axis=1)[:, None], axis=1)[:, 0] if len(logits) else []
    assert (best == shares.max(axis=1, initial=0)).all()


def test_softmax_values():
    np.testing.assert_allclose(softmax(np.log([[1.0, 2.0, 5.0]])), [[1 / 8, 2 / 8, 5 / 8]], rtol=1e-15)


@given(st.floats(-1e3, 1e3))
def test_softmax_knows_differences_only(shift: float):
    logits = np.array([[1.0, 2.0, 4.0], [0.0, -3.0, 2.0]])
    np.testing.assert_allclose(softmax(logits + shift), softmax(logits), rtol=1e-9)


def test_softmax_of_huge_logits_overflows_nowhere():
    assert softmax(np.array([[1e300, -1e300], [1000.0, 1000.0]])).tolist() == [[1.0, 0.0], [0.5, 0.5]]


def drawn(n: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Logits and truths drawn from the probabilities that the logits stand for."""
    random = np.random.default_rng(seed)
    logits = random.normal(scale=2.0, size=(n, 3))
    truth = (softmax(logits).cumsum(axis=1) < random.random((n, 1))).sum(axis=1)
    return logits, truth


@pytest.mark.parametrize("distortion", [0.2, 0.5, 1.0, 3.0, 8.0])
def test_the_temperature_undoes_a_known_distortion(distortion: float):
    logits, truth = drawn(20_000)
    assert fit_temperature(logits * distortion, truth) == pytest.approx(distortion, rel=0.03)


def test_no_temperature_is_more_probable():
    logits, truth = drawn(500)

    def loss(temperature: float) -> float:
        return -np.log(softmax(logits * 4 / temperature)[np.arange(len(truth)), truth]).mean()

    found = fit_temperature(logits * 4, truth)
    assert type(found) is float
    assert all(loss(found) <= loss(found * factor) for factor in (0.5, 0.9, 0.99, 1.01, 1.1, 2.0))


def test_the_truth_may_be_shares():
    logits = np.random.default_rng(2).normal(size=(400, 3))
    assert fit_temperature(logits * 3, softmax(logits)) == pytest.approx(3, rel=1e-3)


def test_the_temperature_stays_within_bounds():
    sure = np.array([[1.0, 0.0], [0.0, 1.0]] * 10)
    assert 0.05 <= fit_temperature(sure, np.array([0, 1] * 10)) < 0.06
    assert 19 < fit_temperature(sure * 50, np.array([1, 0] * 10)) <= 20


def test_the_same_temperature_twice():
    logits, truth = drawn(300)
    assert fit_temperature(logits, truth) == fit_temperature(logits.copy(), truth.copy())


@pytest.mark.parametrize(
    ("confidence", "blank", "outside", "threshold", "expected"),
    [
        (0.9, False, False, None, ("concern", None)),
        (0.0, False, False, None, ("concern", None)),
        (0.6, False, False, 0.6, ("concern", None)),
        (0.6, False, False, 0.61, (ABSTAIN, Reason.LOW_CONFIDENCE.value)),
        (0.9, True, False, None, (ABSTAIN, Reason.EMPTY.value)),
        (0.1, True, True, 0.5, (ABSTAIN, Reason.EMPTY.value)),
        (0.9, False, True, None, (ABSTAIN, Reason.OUT_OF_DOMAIN.value)),
        (0.1, False, True, 0.5, (ABSTAIN, Reason.OUT_OF_DOMAIN.value)),
        (0.1, False, False, 0.0, ("concern", None)),
    ],
)
def test_decide(
    confidence: float, blank: bool, outside: bool, threshold: float | None, expected: tuple[str, str | None]
):
    assert decide("concern", confidence, blank=blank, outside=outside, min_confidence=threshold) == expected


@pytest.mark.parametrize(
    ("blank", "outside", "expected"),
    [(False, False, Reason.TARGET_NOT_MENTIONED), (False, True, Reason.OUT_OF_DOMAIN), (True, False, Reason.EMPTY)],
)
def test_an_unmentioned_target_comes_after_what_concerns_the_text_alone(blank: bool, outside: bool, expected: Reason):
    answer = decide("concern", 0.1, blank=blank, outside=outside, min_confidence=0.5, unmentioned=True)
    assert answer == (ABSTAIN, expected.value)


def test_labels_of_any_type():
    assert decide(3, 0.9, blank=False, outside=False, min_confidence=None) == (3, None)


@pytest.mark.parametrize("value", [None, 0, 1, 0.5])
def test_thresholds(value: float | None):
    assert check_min_confidence(value) is None


@pytest.mark.parametrize("value", [-1, 2, 50, float("nan")])
def test_thresholds_that_are_none(value: float):
    with pytest.raises(InputError, match="min_confidence must be between 0 and 1, got"):
        check_min_confidence(value)


# -- conformal sets ---------------------------------------------------------------------------------------------------


@given(
    st.lists(st.tuples(st.integers(0, 20), st.integers(0, 2)), min_size=1, max_size=40),
    st.lists(st.integers(0, 20), min_size=3, max_size=3),
    st.sampled_from([0.5, 0.8, 0.9, 0.95]),
)
def test_a_label_stays_where_its_p_value_is_high_enough(known: list, new: list, coverage: float):
    """The definition by ranks, written out: p = (1 + those at least as strange) / (n + 1), class by class."""
    scores = np.array([score / 20 for score, _ in known])
    codes = np.array([code for _, code in known])
    row = 1.0 - np.array([[score / 20 for score in new]])
    found = ConformalScores(scores, codes).sets(row, coverage)[0]
    for code in range(3):
        strange = sum(1.0 - row[0, code] <= score for score, of in zip(scores, codes, strict=True) if of == code)
        p_value = (1 + strange) / ((codes == code).sum() + 1)
        assert found[code] == (p_value > 1 - coverage + 1e-12)


@pytest.mark.parametrize("coverage", [0.8, 0.9])
def test_every_class_is_covered_as_promised(coverage: float):
    """Even where the probabilities are far too sure of themselves."""
    held = []
    for seed in range(400):
        logits, truth = drawn(1200, seed)
        shares = softmax(logits * 2)
        sets = ConformalScores.of(shares[:600], truth[:600]).sets(shares[600:], coverage)
        inside = sets[np.arange(600), truth[600:]]
        held.append([inside[truth[600:] == code].mean() for code in range(3)])
    # the promise is at most 1 / (n + 1), here about 0.005, above; the rest is chance
    assert np.mean(held, axis=0) == pytest.approx(coverage + 0.0025, abs=0.01)


@given(LOGITS.filter(lambda a: a.shape[1] == 3), st.floats(0.05, 0.95), st.floats(0.05, 0.95))
def test_more_coverage_takes_no_label_away(logits: np.ndarray, one: float, other: float):
    scores = ConformalScores.of(softmax(drawn(200)[0]), drawn(200)[1])
    small, large = (scores.sets(softmax(logits), each) for each in sorted((one, other)))
    assert small.shape == logits.shape
    assert (large | ~small).all()


def test_a_class_never_held_out_is_never_ruled_out():
    scores = ConformalScores(np.full(50, 0.1), np.zeros(50, dtype=int))
    assert scores.sets(np.array([[0.0, 0.0, 1.0]]), 0.9).tolist() == [[False, True, True]]


@pytest.mark.parametrize("coverage", [0, 1, -0.1, 90, float("nan")])
def test_coverage_is_a_share(coverage: float):
    with pytest.raises(InputError, match="coverage must be above 0 and below 1, got"):
        ConformalScores(np.array([0.5]), np.array([0])).sets(np.array([[0.5, 0.5]]), coverage)
