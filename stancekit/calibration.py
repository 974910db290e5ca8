"""From logits to honest probabilities, and from probabilities to an answer or none."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stancekit.errors import InputError
from stancekit.labels import ABSTAIN, Reason


def softmax(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    """Row-wise softmax, shape (n, k)."""
    shifted = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=1, keepdims=True))


def fit_temperature(logits: NDArray[np.float64], truth: NDArray[Any]) -> float:
    """The temperature that makes held-out logits most probable (Guo et al. 2017).

    Parameters
    ----------
    logits : ndarray of shape (n, k)
        From texts that the classifier was not fitted on.
    truth : ndarray of shape (n,) or (n, k)
        Column of the true class of each row, or the share of each class in it.

    Returns
    -------
    float
        Between 0.05 and 20.
    """
    from scipy.optimize import minimize_scalar

    shares = np.eye(logits.shape[1])[truth] if truth.ndim == 1 else truth

    def negative_log_likelihood(log_temperature: float) -> float:
        probabilities = softmax(logits / np.exp(log_temperature))
        return float(-(shares * np.log(np.maximum(probabilities, 1e-12))).sum(axis=1).mean())

    found = minimize_scalar(negative_log_likelihood, bounds=(np.log(0.05), np.log(20)), method="bounded")
    return float(np.exp(found.x))


@dataclass(frozen=True)
class ConformalScores:
    """What conformal sets are made of: how badly each held-out text's true label fared.

    Sets are split-conformal and calibrated class by class (Vovk et al. 2005, ch. 4; the score is that of Sadinle,
    Lei and Wasserman 2019): of new texts of any one class, exchangeable with the held-out ones, the share whose
    set holds the true label is the wanted coverage on average, and no more than ``1 / (n + 1)`` above it, for ``n``
    held-out texts of that class.

    Attributes
    ----------
    scores : ndarray of shape (n,)
        One less the probability of the true label, each between 0 and 1.
    codes : ndarray of shape (n,)
        Column of the true class of each row.
    """

    scores: NDArray[np.float64]
    codes: NDArray[np.intp]

    @classmethod
    def of(cls, probabilities: NDArray[np.float64], truth: NDArray[np.intp]) -> ConformalScores:
        """The scores of held-out probabilities of shape (n, k) with true columns of shape (n,)."""
        return cls(1.0 - np.take_along_axis(probabilities, truth[:, None], axis=1)[:, 0], np.asarray(truth))

    def sets(self, probabilities: NDArray[np.float64], coverage: float) -> NDArray[np.bool_]:
        """Which labels are in each text's set, shape (n, k); a set may be empty or hold every label.

        Raises
        ------
        InputError
            If the coverage is not between 0 and 1, both excluded.
        """
        if not 0 < coverage < 1:
            raise InputError(f"coverage must be above 0 and below 1, got {coverage!r}")
        worst = [self._worst_accepted(column, coverage) for column in range(probabilities.shape[1])]
        return np.asarray(1.0 - probabilities <= np.array(worst))

    def _worst_accepted(self, column: int, coverage: float) -> float:
        """The score up to which this class stays in the set; infinite where too few texts were held out."""
        own = np.sort(self.scores[self.codes == column])
        # a hair less before rounding up, as 0.9 times 10 may be above 9
        rank = math.ceil((len(own) + 1) * coverage - 1e-9)
        return float(own[rank - 1]) if rank <= len(own) else math.inf


def decide(
    raw_label: Any,
    confidence: float,
    *,
    blank: bool,
    outside: bool,
    min_confidence: float | None,
    unmentioned: bool = False,
) -> tuple[Any, str | None]:
    """The label that the user is given, and the reason if it is withheld."""
    if blank:
        return ABSTAIN, Reason.EMPTY.value
    if outside:
        return ABSTAIN, Reason.OUT_OF_DOMAIN.value
    if unmentioned:
        return ABSTAIN, Reason.TARGET_NOT_MENTIONED.value
    if min_confidence is not None and confidence < min_confidence:
        return ABSTAIN, Reason.LOW_CONFIDENCE.value
    return raw_label, None


def check_min_confidence(value: float | None) -> None:
    """Raise :class:`InputError` unless the threshold is None or between 0 and 1."""
    if value is not None and not 0 <= value <= 1:
        raise InputError(f"min_confidence must be between 0 and 1, got {value!r}")
