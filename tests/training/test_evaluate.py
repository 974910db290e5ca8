"""evaluate.py: the same numbers as the command line, on fixtures, labelled files and real text."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import evaluate
import pytest

from stancekit.artifact import load_model
from stancekit.cli.main import main as command
from stancekit.errors import InputError, ModelError
from stancetrain.fixtures import read_fixtures

ROWS = [
    {"text": "We deplore the attack.", "label": "concern", "kind": "speech", "difficulty": "easy"},
    {"text": "We welcome the treaty.", "label": "endorsement", "kind": "speech", "difficulty": "hard"},
    {"text": "The council met in May.", "label": "neutrality", "kind": "wire", "difficulty": "easy"},
]


def write(path: Path, rows: list[dict[str, str]]) -> Path:
    if path.suffix == ".csv":
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    else:
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def call(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    assert evaluate.main([str(argument) for argument in arguments]) == 0
    return capsys.readouterr().out


def test_on_the_test_split(small_folder: Path, fixtures_folder: Path, capsys: pytest.CaptureFixture[str]):
    out = call(capsys, "--model", small_folder, "--fixtures", fixtures_folder)
    model = load_model(small_folder)
    head, _, title, _, body = out.split("\n", 4)
    assert head == f"model custom 0 (sha256 {model.sha256[:12]})"
    assert title == "## fixtures, documents of the test split"
    assert body.startswith("rows               12\nmacro-F1 ")
    assert "news" in body


def test_the_numbers_are_right(small_folder: Path, fixtures_folder: Path):
    model = load_model(small_folder)
    found = evaluate.on_fixtures(model, fixtures_folder, "train")
    rows = [f.row for f in read_fixtures(fixtures_folder, kinds=["documents"], splits=["train"])]
    guesses = [p.raw_label for p in model.classify([row.text for row in rows])]
    assert found.n == len(rows) == 30
    assert found.accuracy == pytest.approx(sum(g == r.label for g, r in zip(guesses, rows, strict=True)) / len(rows))


@pytest.mark.parametrize("split", ["train", "validation", "calibration"])
def test_on_another_split(small_folder: Path, fixtures_folder: Path, capsys: pytest.CaptureFixture[str], split: str):
    out = call(capsys, "--model", small_folder, "--fixtures", fixtures_folder, "--split", split)
    assert f"## fixtures, documents of the {split} split\n" in out


@pytest.mark.parametrize("suffix", [".csv", ".jsonl"])
def test_on_a_labelled_file(small_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], suffix: str):
    path = write(tmp_path / f"mine{suffix}", ROWS)
    out = call(capsys, "--model", small_folder, "--data", path)
    assert f"## mine{suffix}\n\nrows               3\nmacro-F1           1.000" in out
    assert "fixtures" not in out
    assert ("speech" in out) == (suffix == ".jsonl")
    assert command(["evaluate", str(path), "--model", str(small_folder)]) == 0
    shared = capsys.readouterr().out.split("\n\n")[0]
    assert shared in out


def test_real_text_is_broken_down_by_kind_and_difficulty(
    small_folder: Path, fixtures_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    path = write(tmp_path / "real.jsonl", ROWS)
    out = call(capsys, "--model", small_folder, "--fixtures", fixtures_folder, "--real", path)
    fixtures, real = out.split("## real text: real.jsonl")
    assert "## fixtures" in fixtures
    assert all(name in real for name in ("speech", "wire", "easy", "hard"))


def test_real_text_without_columns_to_break_it_down(
    small_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    rows = [{key: row[key] for key in ("text", "label")} for row in ROWS]
    out = call(capsys, "--model", small_folder, "--data", write(tmp_path / "real.jsonl", rows))
    assert "rows               3" in out


@pytest.mark.parametrize(
    ("name", "raw", "message"),
    [
        ("no.jsonl", None, "no.jsonl"),
        ("no.csv", None, "no.csv"),
        ("bad.jsonl", b"{\n", "bad.jsonl"),
        ("bad.jsonl", b"\xff\n", "bad.jsonl"),
        ("words.jsonl", b'{"words": "a", "label": "concern"}\n', "no field 'text'|no column 'text'"),
        ("other.csv", b"text,label\na,joy\n", "labels that the model does not know: 'joy'"),
    ],
)
def test_files_that_cannot_be_used(small_folder: Path, tmp_path: Path, name: str, raw: bytes | None, message: str):
    if raw is not None:
        (tmp_path / name).write_bytes(raw)
    with pytest.raises(InputError, match=message):
        evaluate.main(["--model", str(small_folder), "--data", str(tmp_path / name)])


def test_a_model_that_is_not_there():
    with pytest.raises(ModelError, match="shipped models"):
        evaluate.main(["--model", "huge"])
