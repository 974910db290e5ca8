"""Golden predictions: the shipped models answer as recorded, and the comparison notices when they do not."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import goldens
import pytest

from stancekit.artifact import shipped_models


@pytest.fixture(scope="module")
def recorded() -> dict[str, Any]:
    return json.loads((goldens.GOLDENS / "ngram.json").read_text(encoding="utf-8"))


@pytest.fixture
def changed(recorded: dict[str, Any]) -> dict[str, Any]:
    return copy.deepcopy(recorded)


def first_answer(record: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    return next(iter(record["answers"].items()))


@pytest.mark.parametrize("name", shipped_models())
def test_every_shipped_model_answers_as_recorded(name: str):
    record = json.loads((goldens.GOLDENS / f"{name}.json").read_text(encoding="utf-8"))
    assert goldens.differences(record, goldens.answers(name)) == []


def test_the_script(capsys: pytest.CaptureFixture[str]):
    assert goldens.main([]) == 0
    assert capsys.readouterr().out == ""


def test_the_record_covers_the_demonstration(recorded: dict[str, Any]):
    assert len(recorded["answers"]) >= 20
    assert {answer["label"] for answer in recorded["answers"].values()} >= {"concern", "endorsement", "neutrality"}


def test_a_moved_label_is_noticed(recorded: dict[str, Any], changed: dict[str, Any]):
    key, answer = first_answer(changed)
    answer["label"] = "concern" if answer["label"] != "concern" else "neutrality"
    (found,) = goldens.differences(recorded, changed)
    assert found.startswith(f"{key}: ")
    assert "became" in found


@pytest.mark.parametrize(("shift", "noticed"), [(0.0002, False), (0.002, True), (-0.002, True)])
def test_a_moved_probability_is_noticed(recorded: dict[str, Any], changed: dict[str, Any], shift: float, noticed: bool):
    first_answer(changed)[1]["probabilities"]["concern"] += shift
    assert bool(goldens.differences(recorded, changed)) == noticed


def test_a_sentence_no_longer_asked_is_noticed(recorded: dict[str, Any], changed: dict[str, Any]):
    key, _ = first_answer(changed)
    del changed["answers"][key]
    assert goldens.differences(recorded, changed) == [f"{key}: no longer asked"]


def test_another_version_is_noticed(recorded: dict[str, Any], changed: dict[str, Any]):
    changed["version"] = "9.9.9"
    (found,) = goldens.differences(recorded, changed)
    assert found == f"recorded for version {recorded['version']}, the model is 9.9.9"


def test_the_script_tells_what_moved(
    tmp_path: Path, changed: dict[str, Any], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    key, answer = first_answer(changed)
    answer["label"] = "nothing"
    (tmp_path / "ngram.json").write_text(json.dumps(changed), encoding="utf-8")
    monkeypatch.setattr(goldens, "GOLDENS", tmp_path)
    monkeypatch.setattr(goldens, "shipped_models", lambda: ["ngram"])
    assert goldens.main([]) == 1
    assert capsys.readouterr().out.startswith(f"ngram: {key}: ")


def test_writing_is_asked_for(
    tmp_path: Path, recorded: dict[str, Any], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(goldens, "GOLDENS", tmp_path / "new")
    monkeypatch.setattr(goldens, "shipped_models", lambda: ["ngram"])
    assert goldens.main(["--write"]) == 0
    assert json.loads((tmp_path / "new" / "ngram.json").read_text(encoding="utf-8"))["model"] == "ngram"
    assert goldens.main([]) == 0
