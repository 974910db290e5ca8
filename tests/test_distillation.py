"""Sampling, the student's soft labels, the threshold, and what is saved."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stancekit.artifact import load_model
from stancekit.cascade import CascadeModel, agreeing_threshold
from stancekit.classifier import StanceClassifier
from stancekit.distillation import Agreement, Distillation, distil, fit_student, sample_texts
from stancekit.errors import InputError, OutputError
from stancekit.scoring import StanceModel

ACTORS = ["We", "They", "The envoys", "Both governments", "The council", "Ministers", "Its allies", "My delegation"]
ACTS = ["welcome", "support", "praise", "deplore", "condemn", "reject", "visited", "read", "received"]
OBJECTS = ["the treaty", "the blockade", "the plan", "the report", "the arrests", "the talks", "the ceasefire"]
CORPUS = [f"{actor} {act} {what}." for actor in ACTORS for act in ACTS for what in OBJECTS]


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Each text twice, and blank rows."""
    path = tmp_path_factory.mktemp("corpus") / "corpus.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([["id", "words"], *((i, t) for i, t in enumerate([*CORPUS, "", " ", *CORPUS]))])
    return path


@pytest.fixture(scope="module")
def made(corpus: Path, small_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Distillation, Path, list]:
    folder = tmp_path_factory.mktemp("distilled")
    stages: list[tuple] = []
    account = distil(
        corpus,
        folder / "student",
        teacher=small_folder,
        text_column="words",
        cascade=folder / "both",
        min_agreement=0.93,
        progress=lambda *stage: stages.append(stage),
    )
    return account, folder, stages


# -- the sample ------------------------------------------------------------------------------------------------------


@settings(max_examples=40)
@given(st.lists(st.text(max_size=3)), st.integers(1, 8), st.integers(0, 3), st.randoms(use_true_random=False))
def test_a_sample_of_different_texts_whatever_their_order(texts, size, seed, random):
    sample, rows = sample_texts(iter(texts), size, seed)
    filled, _ = sample_texts(texts, 10**6, seed)
    assert rows == len(texts)
    assert sample == filled[:size]
    assert len(set(filled)) == len(filled)
    shuffled = texts * 2
    random.shuffle(shuffled)
    assert sample_texts(shuffled, size, seed)[0] == sample


def test_blank_texts_and_repeats_are_left_out():
    assert sorted(sample_texts(["b", "", " \n", "\u200b", "a", "b", "\ud800"], 9, 0)[0]) == ["a", "b", "\ud800"]


def test_every_text_is_as_likely():
    drawn = [sample_texts(map(str, range(10)), 3, seed)[0] for seed in range(2000)]
    counts = np.unique([text for sample in drawn for text in sample], return_counts=True)[1]
    # 600 each, and 20 the standard deviation
    assert counts.shape == (10,)
    assert abs(counts - 600).max() < 100
    firsts = np.unique([sample[0] for sample in drawn], return_counts=True)[1]
    assert abs(firsts - 200).max() < 70


# -- the student -----------------------------------------------------------------------------------------------------


def test_soft_labels_are_learned_as_shares():
    texts = [f"{word} {i}" for i in range(150) for word in ("agreed", "quarrel")]
    shares = np.array([[0.7, 0.2, 0.1], [0.1, 0.2, 0.7]] * 150)
    student = fit_student(texts, shares, ("a", "b", "c"))
    learned = student.predict_proba(texts).reshape(150, 2, 3).mean(axis=0)
    assert np.abs(learned - shares[:2]).max() < 0.02
    assert student.classes == ("a", "b", "c")
    assert student.head.prior == pytest.approx(shares.mean(axis=0))


def test_rare_ngrams_are_left_out_although_each_text_is_fitted_once_a_class():
    texts = ["plain words", "other words"] * 3 + ["hapax words"]
    student = fit_student(texts, np.full((7, 2), 0.5), ("a", "b"))
    assert "word:hapax" not in student.blocks[0].feature_names
    assert "word:plain" in student.blocks[0].feature_names


def test_a_class_that_the_teacher_never_gives():
    with pytest.raises(InputError, match="never answers b in the sample; draw a larger one"):
        fit_student(["one text", "one text"], np.array([[1.0, 0.0], [1.0, 0.0]]), ("a", "b"))


# -- the threshold ---------------------------------------------------------------------------------------------------


@given(st.integers(0, 2**32 - 1), st.sampled_from([0.5, 0.8, 0.9, 0.97]), st.sampled_from([40, 100, 400]))
def test_the_threshold_lets_through_no_more_than_the_test_allows(seed, min_agreement, n):
    from scipy.stats import binom

    random = np.random.default_rng(seed)
    confidences = random.uniform(0.3, 1, n).round(3)
    agrees = random.uniform(size=n) < confidences
    threshold = agreeing_threshold(confidences, agrees, min_agreement)
    let_through = int((~agrees & (confidences >= threshold)).sum())
    assert let_through == 0 or binom.cdf(let_through, n, 1 - min_agreement) <= 0.05
    lower = confidences[confidences < threshold]
    if threshold <= 1 and len(lower):
        more = int((~agrees & (confidences >= lower.max())).sum())
        assert binom.cdf(more, n, 1 - min_agreement) > 0.05


def test_a_first_model_that_always_agrees_is_always_asked():
    assert agreeing_threshold(np.full(500, 0.4), np.ones(500, dtype=bool), 0.97) == 0


def test_too_few_texts_to_promise_anything():
    assert agreeing_threshold(np.ones(20), np.ones(20, dtype=bool), 0.97) > 1


# -- the whole -------------------------------------------------------------------------------------------------------


def test_the_account(made):
    account, _, stages = made
    assert (account.rows, account.sample, account.held_out) == (2 * len(CORPUS) + 2, len(CORPUS), 50)
    assert account.student.accuracy > 0.8
    assert account.cascade.accuracy >= account.student.accuracy
    assert 0 < account.decided_by_student < 1
    assert json.loads(json.dumps(account.as_dict()))["student"]["kappa"] == account.student.kappa
    assert "1,010 rows read, 504 different texts of them labelled by custom" in account.as_text()
    assert f"from confidence {account.threshold:.4f} on" in account.as_text()
    assert [stages[0][0], *dict.fromkeys(name for name, *_ in stages)] == ["reading", "reading", "labelling", "fitting"]
    assert ("labelling", 504, 504) in stages


def test_the_student_and_the_cascade_are_models_like_others(made, small):
    account, folder, _ = made
    student, both = load_model(folder / "student"), load_model(folder / "both")
    assert isinstance(student, StanceModel)
    assert isinstance(both, CascadeModel)
    assert (student.name, both.name, both.first.name) == ("student", "both", "student")
    assert student.manifest["distilled_from"] == account.teacher
    assert both.threshold == account.threshold
    ours, theirs = student.predict_proba(CORPUS), small.predict_proba(CORPUS)
    sure = ours.max(axis=1) >= both.threshold
    assert np.array_equal(both.predict_proba(CORPUS), np.where(sure[:, None], ours, theirs))


def test_a_cascade_can_be_moved(made, tmp_path: Path):
    _, folder, _ = made
    moved = tmp_path / "elsewhere" / "moved"
    moved.parent.mkdir()
    (folder / "both").rename(moved)
    try:
        assert StanceClassifier.from_pretrained(moved).predict(CORPUS[:3]).shape == (3,)
    finally:
        moved.rename(folder / "both")


def test_the_same_seed_gives_the_same_student(made, corpus: Path, small_folder: Path, tmp_path: Path):
    account, folder, _ = made
    again = distil(corpus, tmp_path / "student", teacher=small_folder, text_column="words")
    assert again.student == account.student
    assert load_model(tmp_path / "student").sha256 == load_model(folder / "student").sha256


def test_a_cascade_is_no_second_tier(made, corpus: Path, tmp_path: Path):
    _, folder, _ = made
    with pytest.raises(InputError, match="joins two models already"):
        distil(corpus, tmp_path / "s", teacher=folder / "both", cascade=tmp_path / "c", text_column="words")


@pytest.mark.parametrize(
    ("options", "error", "said"),
    [
        ({"sample": 99}, InputError, "the sample must be of 100 texts at least, got 99"),
        ({"min_agreement": 1.5}, InputError, "min_agreement must be between 0 and 1"),
        ({"cascade": "new"}, InputError, "a folder each"),
        ({"cascade": "taken"}, OutputError, "taken exists"),
        ({"text_column": "text"}, InputError, "no column 'text'; columns: 'id', 'words'"),
    ],
)
def test_nothing_is_labelled_in_vain(corpus, small, tmp_path, monkeypatch, options, error, said):
    monkeypatch.chdir(tmp_path)
    Path("taken").mkdir()
    with pytest.raises(error, match=said):
        distil(corpus, "new", teacher=small, **{"text_column": "words", **options})
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]


def test_too_small_a_corpus(small, tmp_path: Path):
    (tmp_path / "few.csv").write_text("text\nWe deplore it.\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"few\.csv: has 1 different texts, 100 are needed at least"):
        distil(tmp_path / "few.csv", tmp_path / "new", teacher=small)


def test_kappa_may_be_undefined():
    assert str(Agreement(1.0, 1.0, None)).endswith("Cohen's kappa undefined")
