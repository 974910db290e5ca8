"""Explanations: contributions add up to the score, and words lie where the text has them."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from stancekit.analysis.explanation import Explanation, explain
from stancekit.artifact import load_model
from stancekit.classifier import StanceClassifier
from stancekit.errors import InputError
from stancekit.features.blocks import TrainableBlocks
from stancekit.features.cues import CueFeatures
from stancekit.features.ngrams import NgramFeatures

WORDS = [
    "We",
    "deplore",
    "welcome",
    "the",
    "attack,",
    "accord.",
    "\u201cquoted\u201d",
    "war\u2014peace",
    "talks",
    "\u0391\u03a3",
]
TEXTS = st.one_of(
    st.lists(st.one_of(st.sampled_from(WORDS), st.text(st.characters(), max_size=6)), max_size=12).map(" ".join),
    st.text(st.characters(), max_size=30),
)
SPACES = " \t\n\r\x0b\x0c\x1c\u0085\u00a0\u2003\u3000"


def centred_logit(classifier: StanceClassifier, explanation: Explanation) -> float:
    logits = classifier.model_.decision_function([explanation.text])[0]
    return float(logits[classifier.classes_.tolist().index(explanation.label)] - logits.mean())


@settings(max_examples=60)
@given(TEXTS)
@example("\u00a8" * 3 + " a\u0301" + "\u0301" * 40)
def test_everything_adds_up_to_the_centred_logit(small: StanceClassifier, text: str):
    explanation = small.explain(text)
    total = sum(feature.contribution for feature in explanation.features) + explanation.intercept
    assert total == pytest.approx(centred_logit(small, explanation), abs=1e-9)


@settings(max_examples=100)
@given(TEXTS)
@example("\u0391\u03a3\u2014\u03a3 \u00ad\u0391\u03a3\u0027")
@example("the the the the talks")
def test_the_words_share_out_what_n_grams_add(small: StanceClassifier, text: str):
    explanation = small.explain(text)
    share = sum(f.contribution for f in explanation.features if not f.name.startswith("cue:"))
    assert sum(word.contribution for word in explanation.words) == pytest.approx(share, abs=1e-9)


@given(st.lists(st.one_of(st.sampled_from([*WORDS, *SPACES]), st.characters()), max_size=25).map("".join))
@settings(max_examples=100)
def test_the_words_tile_the_text(small: StanceClassifier, text: str):
    words = small.explain(text).words
    assert [word.text for word in words] == text.split()
    end = 0
    for word in words:
        assert text[end : word.start].strip() == ""
        assert text[word.start : word.end] == word.text
        end = word.end
    assert text[end:].strip() == ""


def test_the_shipped_model():
    classifier = StanceClassifier.from_pretrained("ngram")
    for text in ("We deplore the blockade and demand that it end.", "While welcoming the accord, it voiced concern."):
        explanation = classifier.explain(text)
        total = sum(feature.contribution for feature in explanation.features) + explanation.intercept
        assert total == pytest.approx(centred_logit(classifier, explanation), abs=1e-9)
        share = sum(f.contribution for f in explanation.features if not f.name.startswith("cue:"))
        assert sum(word.contribution for word in explanation.words) == pytest.approx(share, abs=1e-9)


def test_label_and_probabilities_are_the_classifiers(small: StanceClassifier):
    text = "We deplore the attack."
    explanation = small.explain(text)
    assert explanation.text == text
    assert explanation.label == small.predict([text])[0]
    assert list(explanation.probabilities) == small.classes_.tolist()
    assert list(explanation.probabilities.values()) == small.predict_proba([text])[0].tolist()


def test_features_are_named_valued_and_sorted(small: StanceClassifier):
    explanation = small.explain("We deplore the attack.")
    names = [feature.name for feature in explanation.features]
    assert "word:deplore" in names
    assert "char: dep" in names
    assert "cue:lex_regret" in names
    assert len(set(names)) == len(names)
    sizes = [abs(feature.contribution) for feature in explanation.features]
    assert sizes == sorted(sizes, reverse=True)
    assert all(feature.value != 0 for feature in explanation.features)


def test_the_word_that_matters_most(small: StanceClassifier):
    explanation = small.explain("On Monday we deplore it.")
    assert max(explanation.words, key=lambda word: word.contribution).text == "deplore"


def test_a_word_said_twice_gets_half_each():
    texts, labels = ["bad thing", "good thing"] * 4, ["concern", "endorsement"] * 4
    base = TrainableBlocks((NgramFeatures(word_ngrams=(1, 1), char_ngrams=None),), (None,))
    classifier = StanceClassifier(base=base, calibrate=False).fit(texts, labels)
    once, twice = classifier.explain("bad"), classifier.explain("bad bad")
    (value,) = [feature.contribution for feature in twice.features]
    assert [word.contribution for word in twice.words] == pytest.approx([value / 2, value / 2])
    assert once.words[0].contribution == pytest.approx(value)


def test_a_pair_of_words_is_shared_by_both():
    texts, labels = ["take note", "take heart"] * 4, ["neutrality", "endorsement"] * 4
    base = TrainableBlocks((NgramFeatures(word_ngrams=(2, 2), char_ngrams=None),), (None,))
    explanation = StanceClassifier(base=base, calibrate=False).fit(texts, labels).explain("They take note today.")
    contributions = [word.contribution for word in explanation.words]
    assert contributions[0] == contributions[3] == 0
    assert contributions[1] == contributions[2] > 0


def test_two_classes():
    texts, labels = ["bad thing", "good thing"] * 4, [0, 1] * 4
    classifier = StanceClassifier(base="ngram", calibrate=False).fit(texts, labels)
    explanation = classifier.explain("good")
    assert explanation.label == 1
    total = sum(feature.contribution for feature in explanation.features) + explanation.intercept
    assert total == pytest.approx(centred_logit(classifier, explanation), abs=1e-9)


def test_without_n_grams(labelled: tuple[list[str], list[str]]):
    base = TrainableBlocks((CueFeatures(),), (None,))
    explanation = StanceClassifier(base=base, calibrate=False).fit(*labelled).explain("We deplore it.")
    assert [word.contribution for word in explanation.words] == [0.0, 0.0, 0.0]
    assert all(feature.name.startswith("cue:") for feature in explanation.features)


def test_as_text(small: StanceClassifier):
    explanation = small.explain("We deplore the attack.")
    head, blank, *lines = str(explanation).splitlines()
    shares = "  ".join(f"{name} {share:.2f}" for name, share in explanation.probabilities.items())
    assert head == f"concern  ({shares})"
    assert blank == ""
    words, _, cues = lines[:4], lines[4], lines[5:]
    assert [line.split()[0] for line in words] == ["We", "deplore", "the", "attack."]
    deplore = max(words, key=lambda line: line.count("+"))
    assert deplore.startswith("deplore  +")
    assert deplore.count("+") == 25  # the sign and the longest bar
    assert 0 < len(cues) <= 6
    assert all(line.startswith("cue:") for line in cues)


def test_a_word_that_speaks_against_the_label(small: StanceClassifier):
    lines = str(small.explain("We deplore the attack but welcome the talks.")).splitlines()
    against = next(line for line in lines if line.startswith("welcome "))
    assert "-" in against.split()[1]
    assert "+" not in against


@pytest.mark.parametrize("text", ["", " ", "\n\t"])
def test_a_blank_text(small: StanceClassifier, text: str):
    explanation = small.explain(text)
    assert explanation.words == ()
    assert list(explanation.probabilities.values()) == small.predict_proba([text])[0].tolist()
    assert explanation.label == small.predict([text])[0]
    assert str(explanation).startswith(f"{explanation.label}  (")


def test_words_that_no_feature_knows(small: StanceClassifier):
    explanation = small.explain("\u4e2d\u6587 \u65e5\u672c")
    assert [word.contribution for word in explanation.words] == [0.0, 0.0]
    assert str(explanation).count("+0.00") >= 2


def test_a_saved_model_explains_alike(small: StanceClassifier, small_folder: Path):
    text = "We deplore the attack."
    assert explain(load_model(small_folder), text) == small.explain(text)


@pytest.mark.parametrize("text", [None, 3, ["We deplore it."], np.array(["a"])])
def test_not_a_text(small: StanceClassifier, text: object):
    with pytest.raises(InputError, match=r"texts\[0\] is"):
        explain(small.model_, text)


# -- forms ------------------------------------------------------------------------------------------------------------


@given(TEXTS)
def test_html_shows_the_text_as_it_is(small: StanceClassifier, text: str):
    figure = small.explain(text).to_html()
    shown = figure.split('<p style="line-height: 1.8">')[1].rpartition("</p>")[0]
    assert unescape(re.sub(r"<span [^>]*>|</span>", "", shown)) == text
    assert "<script" not in figure


def test_html_marks_what_speaks_for_and_against(small: StanceClassifier):
    explanation = small.explain("We deplore the attack and welcome the accord.")
    figure = explanation.to_html()
    strongest = max(explanation.words, key=lambda word: abs(word.contribution))
    assert f'title="{strongest.contribution:+.2f}">{strongest.text}</span>' in figure
    assert "solid" in figure
    assert "dotted" in figure


def test_data_is_json(small: StanceClassifier):
    explanation = small.explain("We deplore the attack.")
    data = json.loads(json.dumps(explanation.to_dict()))
    assert data["label"] == explanation.label
    assert [word["start"] for word in data["words"]] == [word.start for word in explanation.words]
