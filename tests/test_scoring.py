"""From stored arrays to answers: logits, probabilities, decisions; one text's answer is its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import FrozenInstanceError, replace
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stancekit.artifact import load_model
from stancekit.classifier import StanceClassifier
from stancekit.errors import InputError
from stancekit.labels import ABSTAIN
from stancekit.scoring import Answers, LinearHead, StanceModel, is_blank
from stancekit.text import normalise

PRIOR = (0.5, 0.3, 0.2)


class Count:
    """A block of one feature: how often a word stands in the text; texts of over 20 characters are cut."""

    kind = "count"
    n_features = 1

    def __init__(self, word: str) -> None:
        self.word = word

    def scorer(self, weights: np.ndarray) -> Callable[[Sequence[str]], np.ndarray]:
        return lambda texts: (
            np.array([[float(text.count(self.word))] for text in texts]).reshape(len(texts), 1) @ weights
        )

    def truncated(self, texts: Sequence[str]) -> np.ndarray:
        return np.array([len(text) > 20 for text in texts], dtype=bool)


@pytest.fixture
def model() -> StanceModel:
    head = LinearHead(
        ("concern", "endorsement", "neutrality"),
        np.array([[2.0, 0.0, 0.0], [0.0, 3.0, 0.0]]),
        np.array([0.0, 0.0, 1.0]),
        np.array(PRIOR),
        temperature=2.0,
    )
    return StanceModel("counts", "1", (Count("deplore"), Count("welcome")), head)


def test_logits_are_features_times_coefficients(model: StanceModel):
    texts = ["deplore", "welcome welcome", "deplore welcome", "x", ""]
    expected = [[2, 0, 1], [0, 6, 1], [2, 3, 1], [0, 0, 1], [0, 0, 1]]
    assert model.decision_function(texts).tolist() == expected


def test_probabilities_are_tempered(model: StanceModel):
    row = np.exp(np.array([2.0, 0.0, 1.0]) / 2)
    np.testing.assert_allclose(model.predict_proba(["deplore"]), [row / row.sum()], rtol=1e-15)


def test_the_temperature_moves_confidence_and_no_label(model: StanceModel):
    texts = ["deplore", "welcome", "x"]
    cold = replace(model, head=replace(model.head, temperature=0.5))
    assert (cold.predict_proba(texts).argmax(1) == model.predict_proba(texts).argmax(1)).all()
    assert (cold.predict_proba(texts).max(1) > model.predict_proba(texts).max(1)).all()


@pytest.mark.parametrize("blank", ["", " ", "\n\t", "\u3000\u00a0", "\ufeff", "\u200b \u00ad\u2060"])
def test_a_blank_text_gets_the_prior(model: StanceModel, blank: str):
    found = model.predict_proba(["deplore", blank, "welcome"])
    assert found[1].tolist() == list(PRIOR)
    assert found[0].argmax() == 0
    assert found[2].argmax() == 1
    (answer,) = model.classify([blank])
    assert (answer.label, answer.raw_label, answer.confidence, answer.reason) == (ABSTAIN, "concern", 0.5, "empty")


def test_blank_is_what_normalising_leaves_nothing_of():
    unlike = [c for c in map(chr, range(0x110000)) if is_blank(c) != (normalise(c) == "")]
    assert unlike == []
    assert is_blank("")
    assert not is_blank(" \u200b.")


def test_no_texts(model: StanceModel):
    assert model.predict_proba([]).shape == (0, 3)
    assert model.decision_function([]).shape == (0, 3)
    assert model.classify([]) == []


def test_an_answer(model: StanceModel):
    (answer,) = model.classify(["welcome"])
    assert answer.label == answer.raw_label == "endorsement"
    assert answer.reason is None
    assert list(answer.probabilities) == ["concern", "endorsement", "neutrality"]
    assert sum(answer.probabilities.values()) == pytest.approx(1)
    assert answer.confidence == answer.probabilities["endorsement"] == max(answer.probabilities.values())
    assert all(type(share) is float for share in answer.probabilities.values())


def test_low_confidence(model: StanceModel):
    (sure,) = model.classify(["welcome"])
    (at,) = model.classify(["welcome"], min_confidence=sure.confidence)
    (above,) = model.classify(["welcome"], min_confidence=np.nextafter(sure.confidence, 1))
    assert (at.label, at.reason) == ("endorsement", None)
    assert (above.label, above.raw_label, above.reason) == (ABSTAIN, "endorsement", "low_confidence")
    assert above.probabilities == sure.probabilities


def test_empty_comes_before_low_confidence(model: StanceModel):
    assert model.classify([" "], min_confidence=1.0)[0].reason == "empty"


def test_truncated_is_a_note_and_no_reason_to_abstain(model: StanceModel):
    text = "welcome " * 10
    (answer,) = model.classify([text])
    assert (answer.label, answer.reason) == ("endorsement", "truncated")
    (unsure,) = model.classify(["x" * 30], min_confidence=0.99)
    assert (unsure.label, unsure.reason) == (ABSTAIN, "low_confidence")
    assert model.truncated([text, "short"]).tolist() == [True, False]


@pytest.mark.parametrize("value", [-0.01, 1.01, 60, float("nan"), float("inf")])
def test_min_confidence_is_a_probability(model: StanceModel, small: StanceClassifier, value: float):
    for classify in (model.classify, small.classify):
        with pytest.raises(InputError, match="min_confidence must be between 0 and 1, got"):
            classify(["welcome"], min_confidence=value)


@pytest.mark.parametrize("value", [None, 0, 0.0, 1, 1.0, np.float64(0.5)])
def test_min_confidence_that_is_one(model: StanceModel, value: float | None):
    assert len(model.classify(["welcome"], min_confidence=value)) == 1


def test_answers_are_frozen(model: StanceModel):
    (answer,) = model.classify(["welcome"])
    with pytest.raises(FrozenInstanceError):
        answer.label = "concern"
    for frozen, name in ((model, "head"), (model.head, "temperature")):
        with pytest.raises(FrozenInstanceError):
            setattr(frozen, name, None)


def test_classes(model: StanceModel):
    assert model.classes == ("concern", "endorsement", "neutrality")


# -- toward targets ---------------------------------------------------------------------------------------------


class Answering(StanceModel):
    """A model with an answer for every target: that of the text."""

    def answer(self, texts: Sequence[str], targets: Sequence[str] | None = None) -> Answers:
        return super().answer(texts)


@pytest.fixture
def toward(model: StanceModel) -> StanceModel:
    return Answering(model.name, model.version, model.blocks, model.head)


def test_a_target_that_the_text_does_not_mention(toward: StanceModel):
    texts = ["We welcome Moscow.", "We welcome Moscow.", "We welcome it.", ""]
    answers = toward.classify(texts, targets=["the Kremlin", "Peru", "", "Peru"])
    assert [each.label for each in answers] == ["endorsement", ABSTAIN, ABSTAIN, ABSTAIN]
    assert [each.reason for each in answers] == [None, "target_not_mentioned", "target_not_mentioned", "empty"]
    assert [each.raw_label for each in answers[:3]] == ["endorsement"] * 3
    assert answers[1].probabilities == answers[0].probabilities
    assert answers[1].confidence == answers[0].confidence


def test_an_unmentioned_target_comes_before_low_confidence(toward: StanceModel):
    (answer,) = toward.classify(["We welcome it."], 1.0, ["Peru"])
    assert answer.reason == "target_not_mentioned"


def test_without_targets_nothing_is_looked_for(toward: StanceModel, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("stancekit.analysis.targets.mentioned", None)
    assert toward.classify(["We welcome it."])[0].reason is None


# -- a text's answer never depends on its neighbours ------------------------------------------------------------


@settings(max_examples=25)
@given(st.lists(st.text(st.characters(), max_size=30), min_size=1, max_size=8), st.randoms())
def test_alone_and_in_a_batch(small: StanceClassifier, texts: list[str], random: Random):
    texts = [*texts, "We deplore it.", ""]
    model = small.model_
    together = model.predict_proba(texts)
    assert all((model.predict_proba([text])[0] == row).all() for text, row in zip(texts, together, strict=True))
    order = list(range(len(texts)))
    random.shuffle(order)
    assert (model.predict_proba([texts[i] for i in order]) == together[order]).all()


@pytest.mark.parametrize("size", [1, 2, 3, 7, 32])
def test_batches_of_every_size(labelled: tuple[list[str], list[str]], size: int):
    """The shipped model, exactly: no sum may be taken in an order that depends on the batch."""
    model = load_model("ngram")
    texts = [f"{one} {other}" for one in labelled[0][:12] for other in labelled[0][:12]]
    whole = model.decision_function(texts)
    parts = np.vstack([model.decision_function(texts[i : i + size]) for i in range(0, len(texts), size)])
    assert (parts == whole).all()
    shares = np.vstack([model.predict_proba(texts[i : i + size]) for i in range(0, len(texts), size)])
    assert (shares == model.predict_proba(texts)).all()
    assert (model.decision_function(texts[::-1])[::-1] == whole).all()
