"""Shares from predictions and a random sample of hand-labelled rows, corrected by what the sample shows.

All four methods are one estimator, the weighted mean over the labelled rows of

    e = y - B (p - P)

where y is the label (one-hot), p the row's probabilities, P their mean over all rows, and w = 1 / (sampling
probability). They differ in B alone:

``classical``
    B = 0: the labels alone.
``difference``
    B = 1: prediction-powered inference (Angelopoulos et al. 2023, Science 382).
``ppi``
    B = diag(lambda), for each class the lambda between 0 and 1 of least variance: PPI++ (Angelopoulos, Duchi &
    Zrnic 2023).
``dsl``
    B from a regression of labels on probabilities that left the row itself out: design-based supervised
    learning (Egami et al. 2023, NeurIPS), linear, so that only the mean of the corpus is needed of all rows.

Whatever B is, the mean is right on average, for the labelled rows were drawn by chance; a good B only makes the
interval narrow. What is estimated is the share in this corpus, so that only the drawing of the sample varies.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stancekit.analysis._cells import Cell

Floats = NDArray[np.float64]

SHRINKAGE = 3.0
"""How many labelled rows' worth of evidence the regression needs to leave B = 1 (see docs/decisions/0015)."""


@dataclass(frozen=True)
class Labelled:
    """The labelled rows.

    Attributes
    ----------
    shares : ndarray of shape (n, k)
        Their probabilities.
    truth : ndarray of shape (n, k)
        Their labels, one-hot.
    drawn : ndarray of shape (n,)
        The probability with which each was drawn; zero where it is not known, which leaves out the correction
        for a finite corpus.
    weights : ndarray of shape (n,)
        One over that, or one.
    """

    shares: Floats
    truth: Floats
    drawn: Floats
    weights: Floats

    def part(self, rows: NDArray[np.bool_]) -> Labelled:
        """Some of the rows."""
        return Labelled(self.shares[rows], self.truth[rows], self.drawn[rows], self.weights[rows])


def coefficients(method: str, sample: Labelled, corpus: Cell) -> Floats:
    """The B of each labelled row, shape (n, k, k), learned from all labelled rows.

    Parameters
    ----------
    method : str
    sample : Labelled
    corpus : Cell
        What is known of the probabilities of all rows.
    """
    return _COEFFICIENTS[method](sample, corpus)


def share_and_variance(sample: Labelled, slopes: Floats, centre: Floats) -> tuple[Floats, Floats]:
    """The shares of the classes and the variance of each, both of shape (k,).

    The variance is that of a ratio of weighted sums under a design of high entropy (Hajek 1964): each labelled
    row counts by one less its sampling probability, so that a corpus labelled whole has none. One row's worth of
    the variance of labels alone is added, because a few rows that the model happens to get right say little of
    how often it errs.
    """
    weights, total = sample.weights[:, None], sample.weights.sum()
    corrected = sample.truth - np.einsum("ij,ijk->ik", sample.shares - centre, slopes)
    share = (weights * corrected).sum(axis=0) / total
    n = len(corrected)
    if n < 2:
        return share, np.full(share.shape, np.nan)
    unseen = (1 - sample.drawn)[:, None]
    spread = (unseen * (weights * (corrected - share)) ** 2).sum(axis=0) * n / (n - 1) / total**2
    return share, spread + alone(share, n) * float(unseen.mean()) * _per_row(sample) / n


def alone(share: Floats, n: int) -> Floats:
    """The variance of one label; where none or all of n rows have it, as if half a row more or less had."""
    inside = np.clip(share, 0.5 / n, 1 - 0.5 / n)
    return np.asarray(inside * (1 - inside))


def _per_row(sample: Labelled) -> float:
    """One over the effective number of rows (Kish 1965)."""
    return float((sample.weights**2).sum() / sample.weights.sum() ** 2)


def _classical(sample: Labelled, corpus: Cell) -> Floats:
    n, k = sample.shares.shape
    return np.zeros((n, k, k))


def _difference(sample: Labelled, corpus: Cell) -> Floats:
    n, k = sample.shares.shape
    return np.broadcast_to(np.eye(k), (n, k, k))


def _ppi(sample: Labelled, corpus: Cell) -> Floats:
    weights = sample.weights[:, None] / sample.weights.sum()
    away = sample.shares - (weights * sample.shares).sum(axis=0)
    together = (weights * away * sample.truth).sum(axis=0)
    known = corpus.spread > np.finfo(np.float64).eps
    tuned = np.divide(together, corpus.spread, out=np.ones_like(together), where=known)
    n, k = sample.shares.shape
    return np.broadcast_to(np.diag(np.clip(tuned, 0, 1)), (n, k, k))


def _dsl(sample: Labelled, corpus: Cell) -> Floats:
    n, k = sample.shares.shape
    if n < 2:
        return _difference(sample, corpus)
    weights = sample.weights / sample.weights.mean()
    # What the labels add to the probabilities, so that the penalty pulls toward taking those as they are.
    inputs, missing = np.column_stack([np.ones(n), sample.shares - corpus.centre]), sample.truth - sample.shares
    left = weights[:, None, None] * inputs[:, :, None] * inputs[:, None, :]
    right = weights[:, None, None] * inputs[:, :, None] * missing[:, None, :]
    penalty = np.diag([np.finfo(np.float64).eps, *[SHRINKAGE] * k])
    fitted = np.linalg.solve(left.sum(axis=0) - left + penalty, right.sum(axis=0) - right)
    return np.asarray(np.eye(k) + fitted[:, 1:, :])


_COEFFICIENTS: dict[str, Callable[[Labelled, Cell], Floats]] = {
    "dsl": _dsl,
    "ppi": _ppi,
    "difference": _difference,
    "classical": _classical,
}
"""Each method's B; the pages of the guide name them in this order."""

DESIGN_BASED = tuple(_COEFFICIENTS)
