"""Stored arrays to probabilities to answers, with numpy alone.

This is the whole of prediction: scikit-learn fits the numbers, this module uses them.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from stancekit.calibration import check_min_confidence, decide, softmax
from stancekit.errors import TargetsNotSupported
from stancekit.labels import Reason
from stancekit.text import INVISIBLE

Floats = NDArray[np.float64]
Scorer = Callable[[Sequence[str]], Floats]


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

    def scorer(self, weights: Floats) -> Scorer:
        """A function from n texts to features times these weights of shape (n_features, k): shape (n, k)."""

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
    decided_by : str
        The name of the model that gave the probabilities; a cascade names its tier.
    """

    label: Any
    raw_label: Any
    probabilities: Mapping[Any, float]
    confidence: float
    reason: str | None
    decided_by: str = ""


class Model(ABC):
    """What prediction needs of a trained model, whatever is inside."""

    name: str
    version: str
    sha256: str
    manifest: Mapping[str, Any]

    @property
    @abstractmethod
    def classes(self) -> tuple[Any, ...]:
        """The labels in the order of the probability columns."""

    @abstractmethod
    def answer(self, texts: Sequence[str], targets: Sequence[str] | None = None) -> tuple[Floats, list[str]]:
        """Calibrated probabilities of shape (n, n_classes), and the name of the model that gave each row."""

    @abstractmethod
    def decision_function(self, texts: Sequence[str], targets: Sequence[str] | None = None) -> Floats:
        """Logits before the temperature, shape (n, n_classes)."""

    @abstractmethod
    def truncated(self, texts: Sequence[str]) -> NDArray[np.bool_]:
        """Which texts could be read in part only, shape (n,)."""

    def predict_proba(self, texts: Sequence[str], targets: Sequence[str] | None = None) -> Floats:
        """Calibrated probabilities, float64 of shape (n, n_classes); a blank text gets the prior.

        Raises
        ------
        TargetsNotSupported
            If targets are given and the model reads statements only.
        """
        return self.answer(texts, targets)[0]

    def classify(
        self, texts: Sequence[str], min_confidence: float | None = None, targets: Sequence[str] | None = None
    ) -> list[Prediction]:
        """One :class:`Prediction` a text, abstaining below ``min_confidence`` and on blank texts."""
        check_min_confidence(min_confidence)
        probabilities, names = self.answer(texts, targets)
        raw_labels = [self.classes[column] for column in probabilities.argmax(axis=1).tolist()]
        confidences = probabilities.max(axis=1).tolist()
        rows = zip(
            texts, probabilities.tolist(), raw_labels, confidences, self.truncated(texts).tolist(), names, strict=True
        )
        predictions = []
        for text, row, raw, confidence, cut, name in rows:
            label, reason = decide(raw, confidence, blank=is_blank(text), min_confidence=min_confidence)
            if reason is None and cut:
                reason = Reason.TRUNCATED.value
            shares = dict(zip(self.classes, row, strict=True))
            predictions.append(Prediction(label, raw, shares, confidence, reason, name))
        return predictions


@dataclass(frozen=True)
class StanceModel(Model):
    """Feature blocks under linear heads.

    Attributes
    ----------
    name, version, sha256 : str
        Which model this is; the hash is that of its manifest, which holds the hashes of its files.
    blocks : tuple of FeatureBlock
    head : LinearHead
        Over all blocks joined, for the stance of a statement.
    manifest : dict
        Everything recorded when it was trained.
    target_head : LinearHead or None
        Over the encoder's vector of text and target, for the stance toward a target.
    """

    name: str
    version: str
    blocks: tuple[FeatureBlock, ...]
    head: LinearHead
    sha256: str = ""
    manifest: Mapping[str, Any] = field(default_factory=dict)
    target_head: LinearHead | None = None

    @property
    def classes(self) -> tuple[Any, ...]:
        """The labels in the order of the probability columns."""
        return self.head.classes

    def answer(self, texts: Sequence[str], targets: Sequence[str] | None = None) -> tuple[Floats, list[str]]:
        """Calibrated probabilities of shape (n, n_classes), and this model's name for each row."""
        head = self.head if targets is None else self._target_head()
        probabilities = np.tile(head.prior, (len(texts), 1))
        filled = [i for i, text in enumerate(texts) if not is_blank(text)]
        if filled:
            chosen = None if targets is None else [targets[i] for i in filled]
            logits = self.decision_function([texts[i] for i in filled], chosen)
            probabilities[filled] = softmax(logits / head.temperature)
        return probabilities, [self.name] * len(texts)

    def decision_function(self, texts: Sequence[str], targets: Sequence[str] | None = None) -> Floats:
        """Logits before the temperature, shape (n, n_classes)."""
        if targets is not None:
            head = self._target_head()
            vectors = self.encoder.session.vectors(texts, targets)
            return np.asarray(head.intercept + np.einsum("nf,fk->nk", vectors, head.coef, optimize=False))
        total = np.tile(self.head.intercept, (len(texts), 1))
        for scorer in self._scorers:
            total += scorer(texts)
        return total

    @cached_property
    def _scorers(self) -> list[Scorer]:
        """Each block with its part of the head, made ready once."""
        scorers, start = [], 0
        for block in self.blocks:
            stop = start + block.n_features
            scorers.append(block.scorer(self.head.coef[start:stop]))
            start = stop
        return scorers

    def __getstate__(self) -> dict[str, Any]:
        # what was made ready for this process is made again in another
        return {name: value for name, value in self.__dict__.items() if name != "_scorers"}

    def truncated(self, texts: Sequence[str]) -> NDArray[np.bool_]:
        """Which texts a block could read in part only, shape (n,)."""
        cut = np.zeros(len(texts), dtype=bool)
        for block in self.blocks:
            cut |= block.truncated(texts)
        return cut

    @property
    def encoder(self) -> Any:
        """The encoder block, or None."""
        return next((block for block in self.blocks if block.kind == "encoder"), None)

    def _target_head(self) -> LinearHead:
        if self.target_head is None or self.encoder is None:
            raise TargetsNotSupported(
                f"the model {self.name!r} reads statements only; leave out targets, or use a model with a target head"
            )
        return self.target_head


def is_blank(text: str) -> bool:
    """Whether there is nothing to read: white space and invisible characters only."""
    # most texts show it by their first character
    return not text or (_is_unseen(text[0]) and all(map(_is_unseen, text)))


def _is_unseen(character: str) -> bool:
    return character.isspace() or character in INVISIBLE
