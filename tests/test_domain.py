"""Texts out of domain: the profile, the check, and what a model with one answers."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stancekit import domain
from stancekit.artifact import load_model, save_model, sha256_of
from stancekit.cascade import CascadeModel
from stancekit.classifier import StanceClassifier
from stancekit.domain import FUNCTION_WORDS, PROFILE, DomainCheck, profile
from stancekit.errors import ModelError
from stancekit.features._kernel import SWITCH
from stancekit.labels import ABSTAIN, Reason
from stancekit.scoring import StanceModel

STRANGE = "for (i = 0; i < 9; i++) { total += price[i]; }"
PLAIN = "We welcome the accord on the river and thank the mediator."


def counted(text: str) -> tuple[int, int, int, int, int]:
    words = domain._WORD.findall(text.lower())
    patterns = (domain._BEYOND_ASCII, domain._DIGIT, domain._SYMBOL)
    return len(words), sum(word in FUNCTION_WORDS for word in words), *(len(each.findall(text)) for each in patterns)


@given(st.text())
def test_each_kind_of_character_is_counted(text: str):
    assert domain._counts(text) == counted(text)


@given(st.text(st.characters(max_codepoint=127)))
def test_ascii_is_counted_as_other_text_is(text: str):
    assert domain._ascii_counts(text) == counted(text)


@given(st.lists(st.text(st.characters(max_codepoint=127)) | st.text()))
def test_the_kernel_counts_as_python_does(texts: list[str]):
    compiled = domain.profiles(texts)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(SWITCH, "off")
        assert (domain.profiles(texts) == compiled).all()


@given(st.text())
def test_the_profile_is_made_of_shares(text: str):
    shares = profile(text)
    assert len(shares) == len(PROFILE)
    assert all(0 <= share <= 1 for share in shares)


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("\u041c\u044b \u043f\u0440\u043e\u0442\u0438\u0432", 2),
        ("3.14159", 3),
        ("<a>{}</a>", 4),
        ("that of the", 1),
        ("one " * 30, 0),
    ],
)
def test_what_stands_out(text: str, column: int):
    assert int(np.argmax(profile(text))) == column
    assert profile(text)[column] > 0.4


def test_function_words_are_written_as_words_are_found():
    assert all(word == word.lower() and word.isalpha() for word in FUNCTION_WORDS)


def symbols_check(n_features: int) -> DomainCheck:
    """A check that looks at the share of symbols alone."""
    weights = np.zeros((n_features + len(PROFILE), 2))
    weights[-1] = [1.0, -1.0]
    return DomainCheck(weights, np.zeros(2), np.array([1.0, -1.0]), 0.1)


@pytest.fixture(scope="module")
def model(small: StanceClassifier) -> StanceModel:
    plain = small.model_
    assert isinstance(plain, StanceModel)
    return replace(plain, domain=symbols_check(plain.head.coef.shape[0]))


def test_only_classify_abstains(model: StanceModel, small: StanceClassifier):
    strange, plain = model.classify([STRANGE, PLAIN])
    assert (strange.label, strange.reason) == (ABSTAIN, Reason.OUT_OF_DOMAIN.value)
    assert (plain.label, plain.reason) == (plain.raw_label, None)
    assert strange.raw_label in model.classes
    np.testing.assert_allclose(model.predict_proba([STRANGE, PLAIN]), small.predict_proba([STRANGE, PLAIN]), atol=1e-12)


def test_blank_texts_are_empty_and_not_out_of_domain(model: StanceModel):
    answers = model.answer(["", STRANGE, " "])
    assert answers.outside.tolist() == [False, True, False]
    assert [each.reason for each in model.classify(["", STRANGE])] == [Reason.EMPTY.value, Reason.OUT_OF_DOMAIN.value]


def test_a_model_without_a_check_never_abstains_for_it(small: StanceClassifier):
    assert small.classify([STRANGE])[0].label != ABSTAIN


@given(st.lists(st.text(max_size=20), min_size=1, max_size=6))
def test_a_score_does_not_depend_on_the_neighbours(texts: list[str]):
    random = np.random.default_rng(0)
    check = DomainCheck(random.normal(size=(3 + len(PROFILE), 5)), random.normal(size=5), random.normal(size=5), 0.0)
    read = random.normal(size=(len(texts), 5))
    together = check.scores(texts, read)
    assert together.tolist() == [check.scores([text], read[i : i + 1])[0] for i, text in enumerate(texts)]


def test_the_model_that_decides_checks(model: StanceModel):
    blind = replace(model, domain=None)
    sure = CascadeModel("both", "1", first=model, second=blind, threshold=0.0)
    unsure = CascadeModel("both", "1", first=model, second=blind, threshold=1.1)
    assert sure.answer([STRANGE, PLAIN]).outside.tolist() == [True, False]
    assert unsure.answer([STRANGE, PLAIN]).outside.tolist() == [False, False]
    turned = CascadeModel("both", "1", first=blind, second=model, threshold=1.1)
    assert [each.reason for each in turned.classify([STRANGE, PLAIN])] == [Reason.OUT_OF_DOMAIN.value, None]


# -- saved ------------------------------------------------------------------------------------------------------------


def test_saved_and_loaded(model: StanceModel, tmp_path: Path):
    saved = save_model(model, tmp_path / "m")
    assert saved.manifest["domain"]["threshold"] == 0.1
    assert saved.manifest["files"]["domain.npz"] == sha256_of(tmp_path / "m" / "domain.npz")
    texts = [STRANGE, PLAIN]
    assert saved.classify(texts) == [replace(each, decided_by=saved.name) for each in model.classify(texts)]
    without = save_model(replace(saved, domain=None), tmp_path / "m", overwrite=True)
    assert "domain" not in without.manifest
    assert not (tmp_path / "m" / "domain.npz").exists()


def test_an_altered_check_is_noticed(model: StanceModel, tmp_path: Path):
    save_model(model, tmp_path / "m")
    (tmp_path / "m" / "domain.npz").write_bytes(b"other")
    with pytest.raises(ModelError, match=r"domain\.npz: altered"):
        load_model(tmp_path / "m")


@pytest.mark.parametrize("arrays", ["weights", "bias", "out"])
def test_a_check_of_other_shape_is_refused(model: StanceModel, tmp_path: Path, arrays: str):
    folder = tmp_path / "m"
    save_model(model, folder)
    with np.load(folder / "domain.npz") as stored:
        changed = {name: stored[name][:-1] if name == arrays else stored[name] for name in stored.files}
    np.savez_compressed(folder / "domain.npz", **changed)
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["files"]["domain.npz"] = sha256_of(folder / "domain.npz")
    (folder / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(ModelError, match="a domain check of shape"):
        load_model(folder)


def test_conformal_scores_are_kept(small: StanceClassifier, tmp_path: Path):
    saved = save_model(small.model_, tmp_path / "m")
    assert saved.manifest["conformal"]["rows"] == 36
    np.testing.assert_array_equal(saved.predict_set([PLAIN, STRANGE]), small.predict_set([PLAIN, STRANGE]))


def test_conformal_scores_of_other_shape_are_refused(small: StanceClassifier, tmp_path: Path):
    folder = tmp_path / "m"
    save_model(small.model_, folder)
    np.savez_compressed(folder / "conformal.npz", scores=np.zeros(3), codes=np.array([0, 1, 7]))
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["files"]["conformal.npz"] = sha256_of(folder / "conformal.npz")
    (folder / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(ModelError, match="conformal scores"):
        load_model(folder)
