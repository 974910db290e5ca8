"""Quantification, compared with QuaPy."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stancekit.analysis._quantification import adjusted_count, error_rates, expectation_maximisation, resampled

CALLED = np.array([[0.8, 0.1, 0.1], [0.15, 0.7, 0.15], [0.1, 0.3, 0.6]])


@pytest.mark.parametrize(
    ("counted", "expected"),
    [
        # QuaPy 0.2.3, ACC.solve_adjustment (inversion, exact-cc), then projection_simplex_sort
        ([0.3, 0.4, 0.3], [0.25862069, 0.37931034, 0.36206897]),
        ([0.7, 0.1, 0.2], [0.82758621, 0.0, 0.17241379]),
        ([0.05, 0.15, 0.8], [0.0, 0.0, 1.0]),
    ],
)
def test_adjusted_count_is_that_of_quapy(counted: list[float], expected: list[float]):
    assert adjusted_count(np.array(counted), CALLED) == pytest.approx(expected, abs=1e-8)


def test_several_tables_of_errors_at_once():
    counted = np.array([0.3, 0.4, 0.3])
    both = adjusted_count(counted, np.stack([CALLED, np.eye(3)]))
    assert both[0] == pytest.approx(adjusted_count(counted, CALLED))
    assert both[1] == pytest.approx(counted)


@settings(max_examples=30)
@given(st.lists(st.floats(0.01, 1), min_size=3, max_size=3))
def test_shares_come_back_from_their_own_counts(weights: list[float]):
    shares = np.array(weights) / sum(weights)
    assert adjusted_count(CALLED.T @ shares, CALLED) == pytest.approx(shares, abs=1e-9)


def test_error_rates():
    truth, guesses = np.eye(3)[[0, 0, 1, 1]], np.eye(3)[[0, 1, 1, 1]]
    rates = error_rates(truth, guesses, np.array([1.0, 1.0, 1.0, 1.0]))
    # one right row of each class is added
    assert rates == pytest.approx(np.array([[2 / 3, 1 / 3, 0], [0, 1, 0], [0, 0, 1]]))
    weighted = error_rates(truth, guesses, np.array([[2.0, 0.0, 1.0, 1.0], [1.0, 1.0, 1.0, 1.0]]))
    assert weighted[0, 0] == pytest.approx([1, 0, 0])
    assert weighted[1] == pytest.approx(rates)


def test_resamples_keep_the_number_of_rows_and_repeat():
    drawn = resampled(np.ones(7))
    assert (drawn.sum(axis=1) == 7).all()
    assert (drawn == resampled(np.ones(7))).all()


def test_expectation_maximisation_is_that_of_quapy():
    generator = np.random.default_rng(7)
    shares = generator.dirichlet([1, 1, 2], 400).round(3)
    shares[:, 2] = 1 - shares[:, 0] - shares[:, 1]
    # QuaPy 0.2.3, EMQ.EM with epsilon=1e-9
    expected = [0.25658662, 0.2666215, 0.47679189]
    assert expectation_maximisation(shares, np.array([0.25, 0.25, 0.5])) == pytest.approx(expected, abs=1e-5)


def test_expectation_maximisation_undoes_a_shift_of_honest_probabilities():
    generator = np.random.default_rng(0)
    prior, shifted = np.array([0.3, 0.3, 0.4]), np.array([0.7, 0.2, 0.1])
    codes = generator.choice(3, 20_000, p=shifted)
    centres = np.array([[2.0, 0, 0], [0, 2.0, 0], [0, 0, 2.0]])
    points = centres[codes] + generator.normal(size=(20_000, 3))
    densities = np.exp(-((points[:, None, :] - centres) ** 2).sum(axis=2) / 2) * prior
    posterior = densities / densities.sum(axis=1, keepdims=True)
    assert np.abs(posterior.mean(axis=0) - shifted).max() > 0.05
    assert expectation_maximisation(posterior, prior) == pytest.approx(shifted, abs=0.02)
