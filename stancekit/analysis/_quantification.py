"""Shares from predictions under an assumption: label shift, that texts of one class look alike everywhere.

Only the shares of the classes may differ from where the model was trained or tested, not what the statements of a
class are like. Where that does not hold, nothing in the output shows it.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

RESAMPLES = 1000
_ROUNDS, _TOLERANCE = 1000, 1e-7


def adjusted_count(counted: Floats, called: Floats) -> Floats:
    """The shares that, mixed by the model's errors, give the counts: "adjusted count" (Forman 2008).

    Parameters
    ----------
    counted : ndarray of shape (k,)
        Share of the rows that the model puts into each class.
    called : ndarray of shape (k, k)
        For each true class, a row of how often it is called each class; each sums to one.

    Returns
    -------
    ndarray of shape (k,)
        The least-squares solution, moved to the nearest shares that are not negative and sum to one.
    """
    return _nearest_shares(np.linalg.lstsq(called.T, counted, rcond=None)[0])


def error_rates(truth: Floats, guesses: Floats, weights: Floats) -> Floats:
    """How often each true class is called each class, shape (k, k); of two one-hot arrays of shape (n, k).

    One row of each class, called rightly, is added, so that a class that nobody labelled has rates too.
    """
    counts = (truth * weights[:, None] / weights.mean()).T @ guesses + np.eye(truth.shape[1])
    return np.asarray(counts / counts.sum(axis=1, keepdims=True))


def resampled(estimate: Callable[[NDArray[np.intp]], Floats], rows: int) -> Floats:
    """An estimate on bootstrap resamples of the labelled rows, one a line; always the same resamples."""
    generator = np.random.default_rng(0)
    return np.array([estimate(generator.integers(0, rows, rows)) for _ in range(RESAMPLES)])


def expectation_maximisation(shares: Floats, prior: Floats) -> Floats:
    """The shares at which the probabilities agree with themselves (Saerens, Latinne & Decaestecker 2002).

    Parameters
    ----------
    shares : ndarray of shape (n, k)
        Each row's probabilities.
    prior : ndarray of shape (k,)
        The shares of the classes where the model was trained.
    """
    found, ratios = prior, shares / prior
    for _ in range(_ROUNDS):
        joint = ratios * found
        updated = (joint / joint.sum(axis=1, keepdims=True)).mean(axis=0)
        if np.abs(updated - found).max() < _TOLERANCE:
            return np.asarray(updated)
        found = updated
    return np.asarray(found)


def _nearest_shares(point: Floats) -> Floats:
    """The Euclidean projection on the simplex (Duchi et al. 2008)."""
    descending = np.sort(point)[::-1]
    over = (np.cumsum(descending) - 1) / np.arange(1, len(point) + 1)
    return np.asarray(np.maximum(point - over[np.flatnonzero(descending > over)[-1]], 0))
