"""Shares from predictions under an assumption: label shift, that texts of one class look alike everywhere.

Only the shares of the classes may differ from where the model was trained or tested, not what the statements of a
class are like. Where that does not hold, nothing in the output shows it.
"""

from __future__ import annotations

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
    called : ndarray of shape (..., k, k)
        For each true class, a row of how often it is called each class; each sums to one.

    Returns
    -------
    ndarray of shape (..., k)
        The least-squares solution, moved to the nearest shares that are not negative and sum to one.
    """
    return _nearest_shares(np.linalg.pinv(np.swapaxes(called, -1, -2)) @ counted)


def error_rates(truth: Floats, guesses: Floats, weights: Floats) -> Floats:
    """How often each true class is called each class.

    One row of each class, called rightly, is added, so that a class that nobody labelled has rates too.

    Parameters
    ----------
    truth, guesses : ndarray of shape (n, k)
        One-hot.
    weights : ndarray of shape (..., n)
        Of mean one.

    Returns
    -------
    ndarray of shape (..., k, k)
    """
    n, k = truth.shape
    cells = (truth[:, :, None] * guesses[:, None, :]).reshape(n, k * k)
    counts = (weights @ cells).reshape(*weights.shape[:-1], k, k) + np.eye(k)
    return np.asarray(counts / counts.sum(axis=-1, keepdims=True))


def resampled(weights: Floats) -> Floats:
    """The weights of labelled rows in bootstrap resamples, shape (resamples, n); always the same resamples."""
    n = len(weights)
    return np.asarray(np.random.default_rng(0).multinomial(n, np.full(n, 1 / n), size=RESAMPLES) * weights)


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


def _nearest_shares(points: Floats) -> Floats:
    """The Euclidean projection on the simplex (Duchi et al. 2008), along the last axis."""
    descending = -np.sort(-points, axis=-1)
    over = (np.cumsum(descending, axis=-1) - 1) / np.arange(1, points.shape[-1] + 1)
    last = (descending > over).sum(axis=-1, keepdims=True) - 1
    return np.asarray(np.maximum(points - np.take_along_axis(over, last, axis=-1), 0))
