"""Two models, the quick one first: nearly the accuracy of the second, faster."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stancekit.calibration import ConformalScores
from stancekit.details import Details
from stancekit.scoring import Answers, Floats, Model, StanceModel, is_blank

_LEVEL = 0.05
_NEVER = 2.0


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

    def details(self, texts: Sequence[str]) -> list[Details]:
        """Those of the second model."""
        return self.second.details(texts)

    def truncated(self, texts: Sequence[str]) -> NDArray[np.bool_]:
        """Which texts the second model could read in part only, shape (n,)."""
        return self.second.truncated(texts)

    def _unsure(self, texts: Sequence[str], probabilities: Floats) -> list[int]:
        confident = probabilities.max(axis=1) >= self.threshold
        return [i for i, text in enumerate(texts) if not confident[i] and not is_blank(text)]


def agreeing_threshold(confidences: Floats, agrees: NDArray[np.bool_], min_agreement: float) -> float:
    """The lowest threshold at which a cascade gives the second model's label often enough, of that 95 % sure.

    From the surest answer down, as many that differ are let through as a binomial test of the share allowed
    still rejects at the 5 % level: fixed-sequence testing (Angelopoulos et al. 2021, "Learn then Test").

    Parameters
    ----------
    confidences : ndarray of shape (n,)
        The first model's, on texts that it was not fitted on.
    agrees : ndarray of shape (n,)
        Whether its label is the second model's.
    min_agreement : float
        The share of the texts on which the cascade is to give the second model's label.

    Returns
    -------
    float
        0 if the first model alone agrees often enough, above 1 if the texts are too few to say.
    """
    from scipy.stats import binom

    certain = binom.cdf(np.arange(len(agrees)), len(agrees), 1 - min_agreement) <= _LEVEL
    allowed = int(certain.sum()) - 1
    wrong = np.sort(confidences[~agrees])[::-1]
    if allowed < 0:
        return _NEVER
    # just above the surest answer that must not stand
    return 0.0 if len(wrong) <= allowed else float(np.nextafter(wrong[allowed], 2))
