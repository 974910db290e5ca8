"""A model of the tests' own: it knows two words, and can be made to abstain and to truncate."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from stancekit.scoring import Answers, LinearHead, StanceModel

LONG = 40


class WordBlock:
    kind = "words"
    n_features = 2

    def scorer(self, weights: np.ndarray) -> Callable[[Sequence[str]], np.ndarray]:
        def scores(texts: Sequence[str]) -> np.ndarray:
            counts = np.array([[text.count("deplore"), text.count("welcome")] for text in texts], dtype=np.float64)
            return counts @ weights

        return scores

    def truncated(self, texts: Sequence[str]) -> np.ndarray:
        return np.array([len(text) > LONG for text in texts], dtype=bool)


def make_model(classes: tuple[str, ...] = ("concern", "endorsement", "neutrality")) -> StanceModel:
    coef = np.zeros((2, len(classes)))
    coef[0, 0] = coef[1, 1] = 2.0
    prior = np.full(len(classes), 1 / len(classes))
    return StanceModel(
        "tiny", "1.2", (WordBlock(),), LinearHead(classes, coef, np.zeros(len(classes)), prior), "f" * 64
    )


@pytest.fixture(scope="session")
def model() -> StanceModel:
    return make_model()


class Toward(StanceModel):
    """A model with an answer for every target: that of the text."""

    def answer(self, texts: Sequence[str], targets: Sequence[str] | None = None) -> Answers:
        return super().answer(texts)


@pytest.fixture(scope="session")
def toward(model: StanceModel) -> StanceModel:
    return Toward(model.name, model.version, model.blocks, model.head, model.sha256)


@pytest.fixture(scope="session")
def other_labels() -> StanceModel:
    return make_model(('"no", never', "pro"))
