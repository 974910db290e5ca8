"""Stored arrays to probabilities to answers, with numpy alone.

This is the whole of prediction: scikit-learn fits the numbers, this module uses them.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from stancekit.calibration import ConformalScores, check_min_confidence, decide, softmax
from stancekit.details import DetailHeads, Details
from stancekit.domain import DomainCheck
from stancekit.errors import ModelError, TargetsNotSupported
from stancekit.labels import NEUTRAL_TYPES, Reason
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


class Answers(NamedTuple):
    """What a model makes of n texts, before anything is withheld.

    Attributes
    ----------
    probabilities : ndarray of shape (n, n_classes)
        Calibrated.
    decided_by : list of str
        The name of the model that gave each row.
    outside : ndarray of bool, shape (n,)
        Which texts are no foreign-policy statements in English; never a blank one.
    """

    probabilities: Floats
    decided_by: list[str]
    outside: NDArray[np.bool_]


class Decisions(NamedTuple):
    """The answers for n texts as columns, each of n values; see :class:`Prediction` for what they mean."""

    labels: list[Any]
    raw_labels: list[Any]
    probabilities: Floats
    """Shape (n, n_classes), in the order of the model's classes."""
    confidences: list[float]
    reasons: list[str | None]
    decided_by: list[str]


class Model(ABC):
    """What prediction needs of a trained model, whatever is inside."""

    name: str
    version: str
    sha256: str
    manifest: Mapping[str, Any]
    conformal: ConformalScores | None

    @property
    @abstractmethod
    def classes(self) -> tuple[Any, ...]:
        """The labels in the order of the probability columns."""

    @abstractmethod
    def answer(self, texts: Sequence[str], targets: Sequence[str] | None = None) -> Answers:
        """Probabilities, which model gave them, and which texts are out of domain."""

    @abstractmethod
    def decision_function(self, texts: Sequence[str], targets: Sequence[str] | None = None) -> Floats:
        """Logits before the temperature, shape (n, n_classes)."""

    @abstractmethod
    def truncated(self, texts: Sequence[str]) -> NDArray[np.bool_]:
        """Which texts could be read in part only, shape (n,)."""

    def details(self, texts: Sequence[str]) -> list[Details]:
        """The stance of each text, why a neutral one is neutral, and where its targets stand.

        Raises
        ------
        ModelError
            If the model has no heads for it.
        """
        raise ModelError(f"the model {self.name!r} finds no targets; use one that does, such as 'encoder'")

    def predict_proba(self, texts: Sequence[str], targets: Sequence[str] | None = None) -> Floats:
        """Calibrated probabilities, float64 of shape (n, n_classes); a blank text gets the prior.

        Raises
        ------
        TargetsNotSupported
            If targets are given and the model reads statements only.
        """
        return self.answer(texts, targets).probabilities

    def predict_set(self, texts: Sequence[str], coverage: float = 0.9) -> NDArray[np.bool_]:
        """Which labels cannot be ruled out, shape (n, n_classes); see ``ConformalScores`` for the promise.

        A blank text's set holds every label.

        Raises
        ------
        InputError
            If the coverage is not between 0 and 1, both excluded.
        ModelError
            If the model was saved without held-out scores.
        """
        if self.conformal is None:
            raise ModelError(
                f"the model {self.name!r} has no held-out scores for sets; fit it with calibrate=True, or call "
                "fit_calibration with texts that it was not fitted on"
            )
        sets = self.conformal.sets(self.predict_proba(texts), coverage)
        sets[[is_blank(text) for text in texts]] = True
        return sets

    def classify(
        self, texts: Sequence[str], min_confidence: float | None = None, targets: Sequence[str] | None = None
    ) -> list[Prediction]:
        """One :class:`Prediction` a text, abstaining where the model should not answer.

        That is on blank texts, out of domain, below ``min_confidence``, and where a text does not mention its
        target (``stancekit.analysis.targets.mentioned``): its stance is not neutrality, there is none.
        """
        decisions = self.decisions(texts, min_confidence, targets)
        shares = [dict(zip(self.classes, row, strict=True)) for row in decisions.probabilities.tolist()]
        columns = (decisions.labels, decisions.raw_labels, shares, *decisions[3:])
        return list(map(Prediction, *columns))

    def decisions(
        self, texts: Sequence[str], min_confidence: float | None = None, targets: Sequence[str] | None = None
    ) -> Decisions:
        """What :meth:`classify` says, as columns: for many texts, of which each object would cost as much as its label.

        Parameters, errors and abstentions as there.
        """
        check_min_confidence(min_confidence)
        probabilities, names, outside = self.answer(texts, targets)
        raw_labels = [self.classes[column] for column in probabilities.argmax(axis=1).tolist()]
        highest = probabilities.max(axis=1)
        confidences = highest.tolist()
        blank = np.fromiter(map(is_blank, texts), bool, len(texts))
        unmentioned = _unmentioned(texts, targets)
        cut = self.truncated(texts)
        doubtful = blank | outside | unmentioned | cut
        if min_confidence is not None:
            doubtful |= highest < min_confidence
        labels: list[Any] = list(raw_labels)
        reasons: list[str | None] = [None] * len(texts)
        for i in np.flatnonzero(doubtful).tolist():
            labels[i], reasons[i] = decide(
                raw_labels[i],
                confidences[i],
                blank=blank[i],
                outside=outside[i],
                unmentioned=unmentioned[i],
                min_confidence=min_confidence,
            )
            if reasons[i] is None and cut[i]:
                reasons[i] = Reason.TRUNCATED.value
        return Decisions(labels, raw_labels, probabilities, confidences, reasons, names)


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
    conformal : ConformalScores or None
        From held-out texts; without them there are no sets.
    domain : DomainCheck or None
        Tells texts that are no foreign-policy statements; without it none is told.
    detail_heads : DetailHeads or None
        Find targets and types of neutrality; without them ``details`` is refused.
    """

    name: str
    version: str
    blocks: tuple[FeatureBlock, ...]
    head: LinearHead
    sha256: str = ""
    manifest: Mapping[str, Any] = field(default_factory=dict)
    target_head: LinearHead | None = None
    conformal: ConformalScores | None = None
    domain: DomainCheck | None = None
    detail_heads: DetailHeads | None = None

    @property
    def classes(self) -> tuple[Any, ...]:
        """The labels in the order of the probability columns."""
        return self.head.classes

    def answer(self, texts: Sequence[str], targets: Sequence[str] | None = None) -> Answers:
        """Probabilities, which model gave them, and which texts are out of domain; with targets, none is."""
        head = self.head if targets is None else self._target_head()
        probabilities = np.tile(head.prior, (len(texts), 1))
        outside = np.zeros(len(texts), dtype=bool)
        filled = [i for i, text in enumerate(texts) if not is_blank(text)]
        if filled:
            shown = [texts[i] for i in filled]
            if targets is None:
                logits, outside[filled] = self._read(shown)
            else:
                logits = self.decision_function(shown, [targets[i] for i in filled])
            probabilities[filled] = softmax(logits / head.temperature)
        return Answers(probabilities, [self.name] * len(texts), outside)

    def decision_function(self, texts: Sequence[str], targets: Sequence[str] | None = None) -> Floats:
        """Logits before the temperature, shape (n, n_classes)."""
        if targets is None:
            return self._read(texts)[0]
        head = self._target_head()
        vectors = self.encoder.session.vectors(texts, targets)
        return np.asarray(head.intercept + np.einsum("nf,fk->nk", vectors, head.coef, optimize=False))

    def details(self, texts: Sequence[str]) -> list[Details]:
        """See :class:`stancekit.scoring.Model`. The statement's head reads the encoder alone."""
        if self.detail_heads is None or self.encoder is None or len(self.blocks) > 1:
            return super().details(texts)
        heads = self.detail_heads
        prior = Details(self.head.prior, dict(zip(NEUTRAL_TYPES, heads.neutral_type.prior.tolist(), strict=True)), ())
        found = [prior] * len(texts)
        filled = [i for i, text in enumerate(texts) if not is_blank(text)]
        readings = self.encoder.session.readings([texts[i] for i in filled])
        for i, (vector, states, tokens) in zip(filled, readings, strict=True):
            logits = self.head.intercept + np.einsum("f,fk->k", vector, self.head.coef, optimize=False)
            probabilities = softmax(logits[None] / self.head.temperature)[0]
            found[i] = Details(probabilities, heads.neutral_types(vector), heads.spans(states, tokens))
        return found

    def _read(self, texts: Sequence[str]) -> tuple[Floats, NDArray[np.bool_]]:
        """Logits of shape (n, n_classes) and which texts are out of domain, in one reading of the texts."""
        n_classes = len(self.classes)
        total = np.zeros((len(texts), self._weights.shape[1]))
        total[:, :n_classes] = self.head.intercept
        for scorer in self._scorers:
            total += scorer(texts)
        logits = total[:, :n_classes]
        if self.domain is None:
            return logits, np.zeros(len(texts), dtype=bool)
        return logits, self.domain.outside(texts, total[:, n_classes:])

    @cached_property
    def _weights(self) -> Floats:
        """The head's weights and beside them those of the domain check, shape (n_features, n_classes + n_units)."""
        return self.head.coef if self.domain is None else np.hstack([self.head.coef, self.domain.feature_weights])

    @cached_property
    def _scorers(self) -> list[Scorer]:
        """Each block with its part of the head, made ready once."""
        scorers, start = [], 0
        for block in self.blocks:
            stop = start + block.n_features
            scorers.append(block.scorer(self._weights[start:stop]))
            start = stop
        return scorers

    def __getstate__(self) -> dict[str, Any]:
        # what was made ready for this process is made again in another
        return {name: value for name, value in self.__dict__.items() if name not in ("_scorers", "_weights")}

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


def _unmentioned(texts: Sequence[str], targets: Sequence[str] | None) -> NDArray[np.bool_]:
    """Which texts do not mention their target, shape (n,)."""
    if targets is None:
        return np.zeros(len(texts), dtype=bool)
    # names of states are read only where somebody asks about targets
    from stancekit.analysis.targets import mentioned

    return np.array([not mentioned(target, text) for target, text in zip(targets, texts, strict=True)], dtype=bool)


def is_blank(text: str) -> bool:
    """Whether there is nothing to read: white space and invisible characters only."""
    # most texts show it by their first character
    return not text or (_is_unseen(text[0]) and all(map(_is_unseen, text)))


def _is_unseen(character: str) -> bool:
    return character.isspace() or character in INVISIBLE
