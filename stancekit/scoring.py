"""Stored arrays to probabilities to answers, with numpy alone.

This is the whole of prediction: scikit-learn fits the numbers, this module uses them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from stancekit.calibration import check_min_confidence, decide, softmax
from stancekit.labels import Reason

Floats = NDArray[np.float64]


class FeatureBlock(Protocol):
    """One group of features, able to score texts without scikit-learn."""

    @property
    def kind(self) -> str:
        """The name of this kind of block in a model's manifest."""

    @property
    def feature_names(self) -> list[str]:
        """A name for every column."""

    def rows(self, text: str) -> tuple[NDArray[np.intp], Floats]:
        """Columns and values of one text's features that are not zero."""

    @property
    def n_features(self) -> int:
        """How many columns the block has."""

    def scores(self, texts: Sequence[str], weights: Floats) -> Floats:
        """Features of shape (n, n_features) times weights of shape (n_features, k): shape (n, k)."""

    def truncated(self, texts: Sequence[str]) -> NDArray[np.bool_]:
        """Which texts were longer than the block reads, shape (n,)."""


@dataclass(frozen=True)
class LinearHead:
    """A linear classifier over the joined blocks, with its temperature.

    Attributes
    ----------
    classes : tuple
        The labels, sorted.
    coef : ndarray of shape (n_features, n_classes)
    intercept : ndarray of shape (n_classes,)
    prior : ndarray of shape (n_classes,)
        Shares of the classes in training, the answer to a blank text.
    temperature : float
        Logits are divided by it (Guo et al. 2017).
    """

    classes: tuple[Any, ...]
    coef: Floats
    intercept: Floats
    prior: Floats
    temperature: float = 1.0


@dataclass(frozen=True)
class Prediction:
    """The answer for one text: what the model says, and what the user is given.

    Attributes
    ----------
    label : str
        The label, or ``abstain``.
    raw_label : str
        The most probable label, whatever the thresholds.
    probabilities : dict of str to float
        The calibrated probability of each label.
    confidence : float
        The probability of ``raw_label``.
    reason : str or None
        Why the answer is withheld, or a note beside it (``truncated``).
    """

    label: Any
    raw_label: Any
    probabilities: Mapping[Any, float]
    confidence: float
    reason: str | None


@dataclass(frozen=True)
class StanceModel:
    """A trained model as prediction needs it.

    Attributes
    ----------
    name, version, sha256 : str
        Which model this is; the hash is that of its manifest, which holds the hashes of its files.
    blocks : tuple of FeatureBlock
    head : LinearHead
    manifest : dict
        Everything recorded when it was trained.
    """

    name: str
    version: str
    blocks: tuple[FeatureBlock, ...]
    head: LinearHead
    sha256: str = ""
    manifest: Mapping[str, Any] = field(default_factory=dict)

    @property
    def classes(self) -> tuple[Any, ...]:
        """The labels in the order of the probability columns."""
        return self.head.classes

    def decision_function(self, texts: Sequence[str]) -> Floats:
        """Logits before the temperature, shape (n, n_classes)."""
        total = np.tile(self.head.intercept, (len(texts), 1))
        start = 0
        for block in self.blocks:
            stop = start + block.n_features
            total += block.scores(texts, self.head.coef[start:stop])
            start = stop
        return total

    def predict_proba(self, texts: Sequence[str]) -> Floats:
        """Calibrated probabilities, float64 of shape (n, n_classes); a blank text gets the prior."""
        probabilities = np.tile(self.head.prior, (len(texts), 1))
        filled = [i for i, text in enumerate(texts) if not _is_blank(text)]
        if filled:
            logits = self.decision_function([texts[i] for i in filled])
            probabilities[filled] = softmax(logits / self.head.temperature)
        return probabilities

    def classify(self, texts: Sequence[str], min_confidence: float | None = None) -> list[Prediction]:
        """One :class:`Prediction` a text, abstaining below ``min_confidence`` and on blank texts."""
        check_min_confidence(min_confidence)
        probabilities = self.predict_proba(texts)
        truncated = self.truncated(texts)
        predictions = []
        for text, row, cut in zip(texts, probabilities, truncated, strict=True):
            raw = self.classes[int(row.argmax())]
            label, reason = decide(raw, float(row.max()), blank=_is_blank(text), min_confidence=min_confidence)
            if reason is None and cut:
                reason = Reason.TRUNCATED.value
            shares = dict(zip(self.classes, row.tolist(), strict=True))
            predictions.append(Prediction(label, raw, shares, float(row.max()), reason))
        return predictions

    def truncated(self, texts: Sequence[str]) -> NDArray[np.bool_]:
        """Which texts a block could read in part only, shape (n,)."""
        cut = np.zeros(len(texts), dtype=bool)
        for block in self.blocks:
            cut |= block.truncated(texts)
        return cut


def _is_blank(text: str) -> bool:
    return not text or text.isspace()
