"""Predictions as a Stata data set, read back with pandas."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from stancekit import InputError, OutputError, export_stata
from stancekit.batch.stata import stata_names

STANCE = ("stance", "stance_confidence", "stance_endorsement", "stance_concern", "stance_neutrality", "stance_reason")
ANSWERS = [
    ("endorsement", "0.9000", "0.9000", "0.0500", "0.0500", ""),
    ("concern", "0.8000", "0.1000", "0.8000", "0.1000", "truncated"),
    ("abstain", "0.5000", "0.2500", "0.2500", "0.5000", "low_confidence"),
]


def write(path: Path, own: dict[str, list[str]], prefix: str = "stance") -> Path:
    """A file with predictions: three rows, or as many as the columns have."""
    names = [*own, *(name.replace("stance", prefix, 1) for name in STANCE)]
    n = len(next(iter(own.values())))
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(names)
        writer.writerows([*(column[i] for column in own.values()), *ANSWERS[i % 3]] for i in range(n))
    return path


def exported(folder: Path, own: dict[str, list[str]], **options: Any) -> pd.io.stata.StataReader:
    path = write(folder / "in.csv", own, options.get("prefix", "stance"))
    assert export_stata(path, folder / "out.dta", **options) == len(next(iter(own.values())))
    return pd.read_stata(folder / "out.dta", iterator=True)


def test_stances_are_numbers_with_value_labels(tmp_path: Path):
    with exported(tmp_path, {"text": ["a", "b", "c"]}) as file:
        data = file.read(convert_categoricals=False)
        assert list(data) == ["text", *STANCE]
        assert data["stance"].tolist() == [1, 2, 0]
        assert data["stance_reason"].isna().tolist() == [True, False, False]
        assert data["stance_concern"].tolist() == [0.05, 0.8, 0.25]
        labels = file.value_labels()
        assert labels["stance"] == {0: "abstain", 1: "endorsement", 2: "concern", 3: "neutrality"}
        assert labels["stance_reason"][data["stance_reason"][1]] == "truncated"
        assert file.variable_labels()["stance_concern"] == "probability of concern"
        assert file.data_label == ""
    named = pd.read_stata(tmp_path / "out.dta")
    assert named["stance"].tolist() == ["endorsement", "concern", "abstain"]


def test_the_labels_of_another_model_keep_their_order(tmp_path: Path):
    path = tmp_path / "in.csv"
    path.write_text("text,view,view_confidence,view_pro,view_anti,view_reason\na,anti,0.7,0.3,0.7,\n", encoding="utf-8")
    export_stata(path, tmp_path / "out.dta", prefix="view")
    with pd.read_stata(tmp_path / "out.dta", iterator=True) as file:
        assert file.read(convert_categoricals=False)["view"].tolist() == [2]
        assert file.value_labels()["view"] == {0: "abstain", 1: "pro", 2: "anti"}


def test_numbers_are_numbers_and_codes_are_text(tmp_path: Path):
    own = {
        "year": ["1994", "2001", "-5"],
        "gap": ["1", "", "3"],
        "share": ["0.30000000000000004", "2", "1e-05"],
        "cow": ["002", "020", "700"],
        "digits": ["12345678901234567", "1", "2"],
        "country": ["NA", "NO", "SE"],
        "empty": ["", "", ""],
    }
    with exported(tmp_path, own) as file:
        data = file.read()
    assert data["year"].tolist() == [1994, 2001, -5]
    assert data["year"].dtype.kind == "i"
    assert data["gap"].dropna().tolist() == [1, 3]
    assert data["share"].tolist() == [0.30000000000000004, 2, 1e-05]
    for name in ("cow", "digits", "country", "empty"):
        assert data[name].tolist() == own[name]


def test_texts_of_any_length_and_script(tmp_path: Path):
    own = {"text": ["“Ça suffit” – " + "très " * 800, "", "Україна"], "sign": ["ä", "€", "😀"]}
    with exported(tmp_path, own) as file:
        data = file.read()
    assert data["text"].tolist() == own["text"]
    assert data["sign"].tolist() == own["sign"]


def test_names_fit(tmp_path: Path):
    long = "the name of the ministry that issued the statement"
    own = {name: ["a", "b", "c"] for name in ("Sprecher (Name)", "2nd", long, f"{long}!", "class", "größe")}
    with exported(tmp_path, own) as file:
        labels = file.variable_labels()
    found = list(labels)[:6]
    assert found[:2] == ["Sprecher__Name_", "_2nd"]
    assert found[2] == long.replace(" ", "_")[:32]
    assert found[3:] == [f"{found[2][:30]}_2", "_class", "grosse"]
    assert labels["Sprecher__Name_"] == "Sprecher (Name)"
    assert labels[found[2]] == long


@pytest.mark.parametrize("prefix", ["class", "the very long prefix of somebody with much time"])
def test_any_prefix(tmp_path: Path, prefix: str):
    with exported(tmp_path, {"text": ["a", "b", "c"]}, prefix=prefix) as file:
        data = file.read()
    assert data.iloc[:, 1].tolist() == ["endorsement", "concern", "abstain"]


def test_names_are_unlike_each_other():
    names = stata_names(["a b", "a_b", "a-b", "", "_", "x" * 40, "x" * 41])
    assert len(set(names)) == len(names)
    assert max(map(len, names)) == 32


def test_the_sidecar_tells_the_model(tmp_path: Path):
    model = {"name": "ngram", "version": "1.1.0", "sha256": "0123456789abcdef"}
    (tmp_path / "in.csv.meta.json").write_text(json.dumps({"model": model}), encoding="utf-8")
    with exported(tmp_path, {"text": ["a"]}) as file:
        assert file.data_label == "stancekit ngram 1.1.0 (sha256 0123456789ab)"


def test_the_same_file_gives_the_same_bytes(tmp_path: Path):
    path = write(tmp_path / "in.csv", {"text": ["a", "b", "c"]})
    export_stata(path, tmp_path / "a.dta")
    export_stata(path, tmp_path / "b.dta")
    assert (tmp_path / "a.dta").read_bytes() == (tmp_path / "b.dta").read_bytes()


def test_other_formats(tmp_path: Path):
    row = {"text": "a", "n": 3, **dict(zip(STANCE, ("concern", 0.8, 0.1, 0.8, 0.1, None), strict=True))}
    (tmp_path / "in.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    export_stata(tmp_path / "in.jsonl", tmp_path / "out.dta")
    data = pd.read_stata(tmp_path / "out.dta")
    assert (data["n"].tolist(), data["stance"].tolist()) == ([3], ["concern"])


def test_what_cannot_be_exported(tmp_path: Path):
    path = write(tmp_path / "in.csv", {"text": ["a", "b", "c"]})
    with pytest.raises(OutputError, match=r"ends in \.dta"):
        export_stata(path, tmp_path / "out.sav")
    with pytest.raises(OutputError, match=r"ends in \.dta"):
        export_stata(path, "-")
    path.write_text(path.read_text(encoding="utf-8").replace("\nb,concern", "\nb,worry"), encoding="utf-8")
    with pytest.raises(InputError, match="row 2: column 'stance' holds 'worry'; expected one of abstain, endorsement"):
        export_stata(path, tmp_path / "out.dta")
    (tmp_path / "plain.csv").write_text("text\na\n", encoding="utf-8")
    with pytest.raises(InputError, match="run stancekit predict on it first"):
        export_stata(tmp_path / "plain.csv", tmp_path / "out.dta")
    assert not (tmp_path / "out.dta").exists()
    (tmp_path / "out.dta").touch()
    with pytest.raises(OutputError, match="exists"):
        export_stata(path, tmp_path / "out.dta")
