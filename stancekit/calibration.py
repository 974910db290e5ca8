"""From logits to honest probabilities, and from probabilities to an answer or none."""

from __future__ import annotations

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


def decide(raw_label: Any, confidence: float, *, blank: bool, min_confidence: float | None) -> tuple[Any, str | None]:
    """The label that the user is given, and the reason if it is withheld."""
    if blank:
        return ABSTAIN, Reason.EMPTY.value
    if min_confidence is not None and confidence < min_confidence:
        return ABSTAIN, Reason.LOW_CONFIDENCE.value
    return raw_label, None


def check_min_confidence(value: float | None) -> None:
    """Raise :class:`InputError` unless the threshold is None or between 0 and 1."""
    if value is not None and not 0 <= value <= 1:
        raise InputError(f"min_confidence must be between 0 and 1, got {value!r}")
