"""reproduce.py: equal bytes, equal answers, or neither."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import reproduce

from stancekit.artifact import load_model, save_model
from stancekit.classifier import StanceClassifier
from stancekit.scoring import StanceModel

TEXTS = ["We welcome the accord.", "We deplore the attack.", "The council met in May."]


@pytest.fixture
def model(small_folder: Path) -> StanceModel:
    return load_model(small_folder)


def saved(model: StanceModel, folder: Path, shift: float = 0.0) -> Path:
    coef = model.head.coef.copy()
    coef[0, 0] += shift
    save_model(replace(model, head=replace(model.head, coef=coef)), folder)
    return folder


def test_the_same_bytes(small_folder: Path, tmp_path: Path):
    copy = Path(shutil.copytree(small_folder, tmp_path / "copy"))
    assert reproduce.compare(small_folder, copy, TEXTS) == (True, "the same bytes")
    assert reproduce.differing_files(small_folder, copy) == []


def test_coefficients_within_tolerance(model: StanceModel, small_folder: Path, tmp_path: Path):
    agree, how = reproduce.compare(small_folder, saved(model, tmp_path / "near", 5e-6), TEXTS)
    assert agree
    assert how.startswith("0 of 3 labels differ, coefficients by ")
    assert how.endswith("at most (head.npz, manifest.json)")


def test_coefficients_beyond_tolerance(model: StanceModel, small_folder: Path, tmp_path: Path):
    agree, how = reproduce.compare(small_folder, saved(model, tmp_path / "far", 1e-4), TEXTS)
    assert not agree
    assert "coefficients by 1.0e-04 at most" in how


def test_a_label_that_differs(model: StanceModel, small_folder: Path, tmp_path: Path):
    """An intercept is no coefficient, and yet it moves labels."""
    head = replace(model.head, intercept=model.head.intercept + np.array([100.0, 0.0, 0.0]))
    save_model(replace(model, head=head), tmp_path / "other")
    agree, how = reproduce.compare(small_folder, tmp_path / "other", TEXTS)
    assert not agree
    assert how.startswith("2 of 3 labels differ, coefficients by 0.0e+00")


def test_other_features(small_folder: Path, tmp_path: Path):
    other = StanceClassifier(base="ngram", calibrate=False).fit(
        ["bad thing", "good thing", "a thing"] * 2, ["concern", "endorsement", "neutrality"] * 2
    )
    other.save(tmp_path / "other")
    agree, how = reproduce.compare(small_folder, tmp_path / "other", TEXTS)
    assert not agree
    assert how.startswith("the features differ: ")


def test_a_file_more(small_folder: Path, tmp_path: Path):
    copy = Path(shutil.copytree(small_folder, tmp_path / "copy"))
    (copy / "more.txt").touch()
    assert reproduce.differing_files(small_folder, copy) == ["more.txt"]
    assert reproduce.differing_files(copy, small_folder) == ["more.txt"]


@pytest.mark.parametrize(("shift", "code", "verdict"), [(0.0, 0, "reproduced: the same"), (1e-3, 1, "NOT reproduced")])
def test_the_script(
    model: StanceModel,
    fixtures_folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    shift: float,
    code: int,
    verdict: str,
):
    """With a small model for the shipped one, and a training that gives it again, or nearly."""
    asked: list[list[str]] = []
    manifest = {**model.manifest, "trained_on": {"fixtures_sha256": "0" * 64, "seed": 7}}
    model = replace(model, name="ngram", manifest=manifest)
    shipped = saved(model, tmp_path / "shipped")

    def train(arguments: list[str]) -> int:
        asked.append(arguments)
        saved(model, Path(arguments[arguments.index("--out") + 1]), shift)
        return 0

    monkeypatch.setattr(reproduce, "train", train)
    monkeypatch.setattr(reproduce, "load_model", lambda name: load_model(shipped if name == "ngram" else name))
    monkeypatch.setattr(reproduce, "model_folder", lambda name: shipped)
    assert reproduce.main(["--fixtures", str(fixtures_folder)]) == code
    out = capsys.readouterr().out
    assert "the fixtures are not those that the shipped model was trained on" in out
    assert f"ngram: {verdict}" in out
    assert asked[0][asked[0].index("--seed") + 1] == "7"
