"""Intervals at 95 %: by resampling for scores, Wilson's for shares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stancekit.intervals import score_interval

DRAWS = 1000
SEED = 0
FEWEST_UNITS = 10
"""Resampling fewer documents, or rows, than this says little: no interval is given."""

_Z = 1.959963984540054

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]


@dataclass(frozen=True)
class Estimate:
    """A number with its 95 % interval; ``low`` and ``high`` are None where there is none to be had."""

    value: float
    low: float | None = None
    high: float | None = None

    @property
    def ends(self) -> tuple[float, float]:
        """What to draw: the interval, or the bare value where there is none."""
        if self.low is None or self.high is None:
            return self.value, self.value
        return self.low, self.high


def wilson(successes: int, n: int) -> Estimate:
    """A share with Wilson's score interval (Wilson 1927), which keeps within 0 and 1 and is fit for small n.

    Examples
    --------
    >>> share = wilson(0, 10)
    >>> share.value, share.low, round(share.high, 3)
    (0.0, 0.0, 0.278)
    """
    if not n:
        return Estimate(0.0)
    return Estimate(successes / n, *score_interval(successes / n, n, _Z))


def confusion_counts(true: NDArray[np.intp], predicted: NDArray[np.intp], k: int) -> Counts:
    """Rows by true class, columns by predicted class, shape (k, k)."""
    return np.bincount(true * k + predicted, minlength=k * k).reshape(k, k).astype(np.int64)


def resampled_confusions(
    true: NDArray[np.intp],
    predicted: NDArray[np.intp],
    k: int,
    documents: Sequence[Any] | None = None,
    *,
    draws: int = DRAWS,
    seed: int = SEED,
) -> Counts | None:
    """Confusion tables of bootstrap samples (Efron 1979); of whole documents where these are given.

    Sentences of one document resemble each other: an interval from resampling sentences is too narrow.

    Parameters
    ----------
    true, predicted : ndarray of shape (n,)
        Class numbers.
    k : int
        How many classes there are.
    documents : sequence of length n, optional
        What each row belongs to.
    draws : int, default=1000
    seed : int, default=0

    Returns
    -------
    ndarray of shape (draws, k, k) or None
        None if there are fewer than ``FEWEST_UNITS`` documents, or rows.
    """
    rng = np.random.default_rng(seed)
    if documents is None:
        # drawing n rows with replacement is one multinomial draw over the cells
        if len(true) < FEWEST_UNITS:
            return None
        cells = confusion_counts(true, predicted, k).ravel() / len(true)
        return rng.multinomial(len(true), cells, size=draws).reshape(draws, k, k)
    _, unit = np.unique(np.asarray(documents, dtype=str), return_inverse=True)
    n_units = int(unit.max()) + 1
    if n_units < FEWEST_UNITS:
        return None
    tables = np.zeros((n_units, k * k), dtype=np.int64)
    np.add.at(tables, (unit, true * k + predicted), 1)
    samples = [np.bincount(rng.integers(n_units, size=n_units), minlength=n_units) @ tables for _ in range(draws)]
    return np.stack(samples).reshape(draws, k, k)


def scores(confusions: Counts) -> dict[str, Floats]:
    """Scores of one confusion table of shape (k, k), or of many of shape (draws, k, k).

    Returns
    -------
    dict of str to ndarray
        ``accuracy`` and ``macro_f1`` for each table; ``precision``, ``recall`` and ``f1`` for each class as well,
        in the last axis. A score whose denominator is 0 is 0; ``macro_f1`` is the mean over the classes that
        occur in the truth or the predictions.
    """
    tables = confusions.astype(np.float64)
    hits = np.diagonal(tables, axis1=-2, axis2=-1)
    given, supposed = tables.sum(axis=-1), tables.sum(axis=-2)
    f1 = _ratio(2 * hits, given + supposed)
    return {
        "accuracy": _ratio(hits.sum(axis=-1), given.sum(axis=-1)),
        "macro_f1": _ratio(f1.sum(axis=-1), ((given + supposed) > 0).sum(axis=-1)),
        "precision": _ratio(hits, supposed),
        "recall": _ratio(hits, given),
        "f1": f1,
    }


def estimate(value: float, samples: Floats | None) -> Estimate:
    """A value with the percentile interval of its resampled values.

    None where resampling moves nothing, as for a recall of 1: that shows how few rows there are, not certainty.
    """
    if samples is None:
        return Estimate(value)
    low, high = np.quantile(samples, [0.025, 0.975])
    return Estimate(value, float(low), float(high)) if low < high else Estimate(value)


def _ratio(above: Any, below: Any) -> Floats:
    above, below = np.asarray(above, dtype=np.float64), np.asarray(below, dtype=np.float64)
    return np.asarray(np.divide(above, below, out=np.zeros_like(above), where=below > 0))
