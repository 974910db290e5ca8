"""How confidence relates to accuracy: reliability bins and the selective-accuracy curve."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stancekit.report.intervals import Estimate, wilson

CALIBRATION_BINS = 10

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class ReliabilityBin:
    """Rows of similar confidence.

    Attributes
    ----------
    n : int
    confidence : float
        Mean confidence.
    accuracy : Estimate
        With Wilson's interval.
    """

    n: int
    confidence: float
    accuracy: Estimate


@dataclass(frozen=True)
class CoveragePoint:
    """What answering from one confidence upwards gives.

    Attributes
    ----------
    min_confidence : float
        The lowest confidence that is answered.
    coverage : float
        Share of rows answered.
    accuracy : Estimate
        Of the rows answered, with Wilson's interval.
    """

    min_confidence: float
    coverage: float
    accuracy: Estimate


def reliability(confidences: Floats, correct: Bools, bins: int = CALIBRATION_BINS) -> list[ReliabilityBin]:
    """Bins of equal mass by confidence, lowest first.

    A model that is mostly sure of itself fills them better than bins of equal width (Nixon et al. 2019).

    Parameters
    ----------
    confidences : ndarray of shape (n,)
        Of the most probable label.
    correct : ndarray of shape (n,)
    bins : int, default=10
    """
    order = np.argsort(confidences, kind="stable")
    return [
        ReliabilityBin(len(part), float(confidences[part].mean()), wilson(int(correct[part].sum()), len(part)))
        for part in np.array_split(order, min(bins, len(order)))
    ]


def selective_accuracy(confidences: Floats, correct: Bools) -> list[CoveragePoint]:
    """Accuracy of the most confident rows, for every share that a threshold can answer (El-Yaniv and Wiener 2010).

    Rows of equal confidence stay together, for no threshold parts them.

    Parameters
    ----------
    confidences : ndarray of shape (n,)
    correct : ndarray of shape (n,)

    Returns
    -------
    list of CoveragePoint
        From the most confident rows alone to all rows.
    """
    order = np.argsort(-confidences, kind="stable")
    sorted_confidences, hits = confidences[order], np.cumsum(correct[order])
    last_of_ties = np.flatnonzero(np.append(np.diff(sorted_confidences) != 0, True))
    n = len(order)
    return [
        CoveragePoint(float(sorted_confidences[i]), (i + 1) / n, wilson(int(hits[i]), int(i) + 1))
        for i in last_of_ties.tolist()
    ]


def at_coverage(curve: list[CoveragePoint], share: float) -> CoveragePoint:
    """The point of a curve that answers at least ``share`` of the rows, and as few more as may be."""
    # coverage was divided: 0.8 may have come out a hair lower
    return next(point for point in curve if point.coverage >= share - 1e-9)
