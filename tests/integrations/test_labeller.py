"""What is checked on the driver, and what a worker does."""

from __future__ import annotations

import pickle
from dataclasses import replace
from pathlib import Path

import pytest

from stancekit.errors import InputError, ModelError
from stancekit.integrations._labeller import Labeller

pandas = pytest.importorskip("pandas")


def test_the_same_answers_as_predict(rows, expected, printed, small_folder: Path):
    labeller = pickle.loads(pickle.dumps(Labeller.of(small_folder, "stance", 0.4)))
    index = [f"row {row['n'] % 7}" for row in rows]
    frame = labeller.label(pandas.Series([row["text"] for row in rows], index=index))
    assert frame.index.tolist() == index
    labels = frame.astype(object).where(frame.notna(), None).to_dict("records")
    wanted = [{name: value for name, value in row.items() if name.startswith("stance")} for row in expected]
    assert [printed(row) for row in labels] == wanted
    assert {row["stance"] for row in labels} > {"abstain"}


def test_no_rows_have_the_same_types(small_folder: Path):
    labeller = Labeller.of(small_folder, "p", None)
    filled = labeller.label(pandas.Series(["We deplore it."]))
    assert labeller.label(pandas.Series([], dtype=object)).dtypes.equals(filled.dtypes)
    assert filled.dtypes.map(str).to_dict() == {
        "p": "string",
        "p_confidence": "float64",
        "p_endorsement": "float64",
        "p_concern": "float64",
        "p_neutrality": "float64",
        "p_reason": "string",
    }


def test_a_folder_is_named_so_that_a_worker_elsewhere_finds_it(small_folder: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(small_folder.parent)
    assert Labeller.of("small", "stance", None).model == str(small_folder.resolve())
    assert Labeller.of("ngram", "stance", None).model == "ngram"


def test_a_worker_with_another_model_refuses(small_folder: Path):
    labeller = replace(Labeller.of(small_folder, "stance", None), sha256="0" * 64)
    with pytest.raises(ModelError, match="this worker has another one than the driver"):
        labeller.label(pandas.Series(["We deplore it."]))


def test_a_number_among_the_texts_is_named(small_folder: Path):
    with pytest.raises(InputError, match=r"texts\[1\] is a int"):
        Labeller.of(small_folder, "stance", None).label(pandas.Series(["We deplore it.", 3]))


def test_a_model_in_memory_is_refused(small):
    with pytest.raises(InputError, match="got a StanceClassifier; save it first"):
        Labeller.of(small, "stance", None)


def test_options_are_checked_before_a_worker_starts(small_folder: Path):
    with pytest.raises(InputError, match="min_confidence"):
        Labeller.of(small_folder, "stance", 2)
    labeller = Labeller.of(small_folder, "stance", None)
    with pytest.raises(InputError, match=r"no column 'text' \(did you mean 'Text'\?\)"):
        labeller.check_columns(["Text"], "text")
    with pytest.raises(InputError, match="already has a column 'stance_reason'"):
        labeller.check_columns(["text", "stance_reason"], "text")
    labeller.check_columns(["text", "Stance"], "text")
    with pytest.raises(InputError, match="already has a column 'stance'"):
        labeller.check_columns(["text", "Stance"], "text", fold=True)
