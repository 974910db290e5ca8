"""Two models, the quick one first: most of the accuracy at several times the speed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stancekit.calibration import ConformalScores
from stancekit.scoring import Answers, Floats, Model, StanceModel, is_blank


@dataclass(frozen=True)
class CascadeModel(Model):
    """The first model answers where it is sure, the second the rest.

    Attributes
    ----------
    name, version, sha256 : str
    first, second : StanceModel
        The quick and the accurate model; their classes are the same.
    threshold : float
        The first model's answer stands from this confidence on.
    manifest : dict
    conformal : ConformalScores or None
        From held-out texts that the cascade answered.
    """

    name: str
    version: str
    first: StanceModel
    second: StanceModel
    threshold: float
    sha256: str = ""
    manifest: Mapping[str, Any] = field(default_factory=dict)
    conformal: ConformalScores | None = None

    @property
    def classes(self) -> tuple[Any, ...]:
        """The labels in the order of the probability columns."""
        return self.second.classes

    def answer(self, texts: Sequence[str], targets: Sequence[str] | None = None) -> Answers:
        """Probabilities, which model gave them, and which texts that model finds out of domain.

        Targets are always asked of the second model.
        """
        if targets is not None:
            return self.second.answer(texts, targets)
        answers = self.first.answer(texts)
        unsure = self._unsure(texts, answers.probabilities)
        if unsure:
            answers.probabilities[unsure], names, answers.outside[unsure] = self.second.answer(
                [texts[i] for i in unsure]
            )
            for i, name in zip(unsure, names, strict=True):
                answers.decided_by[i] = name
        return answers

    def decision_function(self, texts: Sequence[str], targets: Sequence[str] | None = None) -> Floats:
        """Logarithms of the probabilities, shape (n, n_classes): the two models' logits have no common scale."""
        return np.asarray(np.log(np.maximum(self.predict_proba(texts, targets), 1e-12)))

    def truncated(self, texts: Sequence[str]) -> NDArray[np.bool_]:
        """Which texts the second model could read in part only, shape (n,)."""
        return self.second.truncated(texts)

    def _unsure(self, texts: Sequence[str], probabilities: Floats) -> list[int]:
        confident = probabilities.max(axis=1) >= self.threshold
        return [i for i, text in enumerate(texts) if not confident[i] and not is_blank(text)]
