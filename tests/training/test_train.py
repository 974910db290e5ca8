"""train.py: the shipped tier from fixtures, and a head on labels of one's own."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import train

from stancekit.artifact import load_model, sha256_of
from stancekit.calibration import fit_temperature
from stancekit.errors import InputError, ModelError, OutputError
from stancetrain.console import run
from stancetrain.fixtures import fixtures_sha256, read_fixtures

Labelled = tuple[list[str], list[str]]
MakeCsv = Callable[..., Path]


@pytest.fixture
def table(tmp_path: Path, labelled: Labelled) -> MakeCsv:
    def make(labels: list[str] | None = None, columns: tuple[str, str] = ("text", "label"), bom: bool = False) -> Path:
        path = tmp_path / "mine.csv"
        with path.open("w", encoding="utf-8-sig" if bom else "utf-8", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(["id", *columns])
            writer.writerows(
                [i, text, label] for i, (text, label) in enumerate(zip(labelled[0], labels or labelled[1], strict=True))
            )
        return path

    return make


# -- labels of one's own ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("bom", [False, True])
def test_own_labels(table: MakeCsv, tmp_path: Path, capsys: pytest.CaptureFixture[str], bom: bool, small_folder: Path):
    path, out = table(bom=bom), tmp_path / "model"
    assert train.main(["--data", str(path), "--base", str(small_folder), "--out", str(out)]) == 0
    before, after, saved = capsys.readouterr().out.splitlines()
    assert before.startswith(f"before, model {str(small_folder)!r} as shipped: macro-F1 ")
    assert before.endswith(" on 8 rows")
    assert after.startswith("after, trained on the other 28 rows: macro-F1 ")
    model = load_model(out)
    assert saved == f"{out}: model model 1, sha256 {model.sha256}"
    assert model.classes == ("concern", "endorsement", "neutrality")
    record = model.manifest["trained_on"]
    assert (record["data"], record["rows"], record["seed"]) == ("mine.csv", 36, 1)
    assert record["base"] == {"name": str(small_folder), "sha256": load_model(small_folder).sha256}
    assert set(record["versions"]) == {"numpy", "scipy", "scikit-learn"}
    assert model.manifest["metrics"]["held_out_n"] == 8
    assert model.classify(["We deplore the attack."])[0].raw_label == "concern"


def test_own_label_set_has_no_before(
    table: MakeCsv, tmp_path: Path, labelled: Labelled, capsys: pytest.CaptureFixture[str], small_folder: Path
):
    path = table(["pro" if label == "endorsement" else " contra " for label in labelled[1]], ("words", "side"))
    options = ["--text-column", "words", "--label-column", "side", "--base", str(small_folder)]
    assert train.main(["--data", str(path), "--out", str(tmp_path / "model"), *options]) == 0
    assert capsys.readouterr().out.startswith("after, trained on the other 28 rows: ")
    assert load_model(tmp_path / "model").classes == ("contra", "pro")


def test_own_labels_twice_give_the_same_bytes(table: MakeCsv, tmp_path: Path, small_folder: Path):
    path = table()
    for name in ("one", "two"):
        train.main(["--data", str(path), "--base", str(small_folder), "--out", str(tmp_path / name / "model")])
    names = sorted(os.listdir(tmp_path / "one" / "model"))
    hashes = [[sha256_of(tmp_path / out / "model" / name) for name in names] for out in ("one", "two")]
    assert hashes[0] == hashes[1]


@pytest.fixture
def default_field_limit() -> Iterator[None]:
    """The csv module's own, which other packages raise for the whole process."""
    before = csv.field_size_limit(131_072)
    yield
    csv.field_size_limit(before)


BAD = {
    "no such file": (None, r"mine\.csv: No such file"),
    "no text column": (b"id,words,label\n1,a,b\n", r"no column 'text'; the columns are id, words, label"),
    "no label column": (b"id,text\n1,a\n", r"no column 'label'; the columns are id, text"),
    "empty file": (b"", r"no column 'text'; the columns are "),
    "an empty label": (b"text,label\na,x\nb, \n", r"row 2: column 'label' is empty; label the row or remove it"),
    "a short row": (b"text,label\na,x\nb\n", r"row 2: column 'label' is empty"),
    "not UTF-8": (b"text,label\ncaf\xe9,x\n", r"not UTF-8 \(byte 14\); save it as UTF-8"),
    "a huge field": (b"text,label\na,x\n" + b"b" * 200_000 + b",x\n", r"mine\.csv, line 3: field larger than"),
    "header only": (b"text,label\n", r"cannot hold out a fifth of 0 rows"),
    "a rare class": (b"text,label\n" + b"a,x\n" * 10 + b"b,y\n", r"cannot hold out a fifth of 11 rows"),
    "one class": (b"text,label\n" + b"We deplore it.,x\n" * 10, r"at least two classes, got one class: 'x'"),
}


@pytest.mark.parametrize("case", BAD)
def test_data_that_cannot_be_used(tmp_path: Path, case: str, default_field_limit: None):
    raw, message = BAD[case]
    path = tmp_path / "mine.csv"
    if raw is not None:
        path.write_bytes(raw)
    with pytest.raises(InputError, match=message):
        train.main(["--data", str(path), "--out", str(tmp_path / "model")])
    assert not (tmp_path / "model").exists()


def test_a_base_that_is_not_there(table: MakeCsv, tmp_path: Path):
    with pytest.raises(ModelError, match="shipped models: "):
        train.main(["--data", str(table()), "--base", "huge", "--out", str(tmp_path / "model")])


def test_an_output_that_exists_is_told_before_anything_is_read(tmp_path: Path):
    (tmp_path / "model").mkdir()
    with pytest.raises(OutputError, match="exists; give another --out, or --overwrite"):
        train.main(["--data", str(tmp_path / "nowhere.csv"), "--out", str(tmp_path / "model")])


def test_overwrite(table: MakeCsv, tmp_path: Path, small_folder: Path):
    arguments = ["--data", str(table()), "--base", str(small_folder), "--out", str(tmp_path / "model")]
    train.main([*arguments, "--C", "0.5"])
    train.main([*arguments, "--overwrite"])
    assert load_model(tmp_path / "model").manifest["trained_on"]["C"] == 1.0


@pytest.mark.parametrize("arguments", [[], ["--model", "ngram", "--data", "x.csv"], ["--model", "nothing"]])
def test_bad_usage(arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as stop:
        train.main([*arguments, "--out", str(tmp_path / "model")])
    assert stop.value.code == 2
    assert "usage: " in capsys.readouterr().err


def test_an_error_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("sys.argv", ["training/train.py"])
    arguments = ["--data", str(tmp_path / "no.csv"), "--out", str(tmp_path / "model")]
    assert run(lambda: train.main(arguments)) == 2
    assert capsys.readouterr().err == f"train.py: {tmp_path / 'no.csv'}: No such file or directory\n"


# -- from fixtures -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def trained(fixtures_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("trained") / "ngram"
    assert train.main(["--model", "ngram", "--fixtures", str(fixtures_folder), "--out", str(out), "--seed", "3"]) == 0
    return out


def test_twice_the_same_bytes(trained: Path, fixtures_folder: Path, tmp_path: Path):
    out = tmp_path / "ngram"
    train.main(["--model", "ngram", "--fixtures", str(fixtures_folder), "--out", str(out), "--seed", "3"])
    names = sorted(os.listdir(trained))
    assert sorted(os.listdir(out)) == names
    assert {name: sha256_of(out / name) for name in names} == {name: sha256_of(trained / name) for name in names}


def test_the_manifest_tells_what_it_was_trained_on(trained: Path, fixtures_folder: Path):
    model = load_model(trained)
    record = model.manifest["trained_on"]
    assert record["fixtures_sha256"] == fixtures_sha256(fixtures_folder)
    assert record["rows"] == len(read_fixtures(fixtures_folder, splits=record["recipe"]["splits"]))
    assert record["seed"] == 3
    assert model.manifest["licence"] == "Apache-2.0"
    assert 0 <= model.manifest["metrics"]["fixtures_test_macro_f1"] <= 1
    assert model.name == "ngram"
    assert model.version == "1.1.0"


def test_held_out_rows_teach_nothing(trained: Path, own_fixtures: Path, tmp_path: Path):
    """Words of the test split may change as they like; the arrays stay, but for nothing."""
    path = own_fixtures / "documents" / "all.jsonl"
    held_out = {f.line for f in read_fixtures(own_fixtures, kinds=["documents"], splits=["test"])}
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    changed = [line.replace("item", "thing") if n in held_out else line for n, line in enumerate(lines, 1)]
    assert changed != lines
    path.write_text("".join(changed), encoding="utf-8")
    out = tmp_path / "ngram"
    train.main(["--model", "ngram", "--fixtures", str(own_fixtures), "--out", str(out), "--seed", "3"])
    for name in os.listdir(trained):
        assert (sha256_of(out / name) == sha256_of(trained / name)) == (name != "manifest.json")


def test_the_temperature_comes_from_the_calibration_split(trained: Path, fixtures_folder: Path):
    model = load_model(trained)
    rows = [f.row for f in read_fixtures(fixtures_folder, splits=["calibration"])]
    truth = [model.classes.index(row.label) for row in rows]
    expected = fit_temperature(model.decision_function([row.text for row in rows]), np.array(truth))
    assert model.head.temperature == pytest.approx(expected, rel=1e-6)


def test_fixtures_that_are_not_there(tmp_path: Path):
    with pytest.raises(InputError, match="give the fixtures folder of the repository"):
        train.main(["--model", "ngram", "--fixtures", str(tmp_path), "--out", str(tmp_path / "ngram")])
