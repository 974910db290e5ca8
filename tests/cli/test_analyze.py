from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from stancekit.analysis import analyze

TEXT = "Peru condemned Chile. Rain fell."


class Stub:
    """Every sentence that condemns is a statement of concern toward its last word."""

    name, version, sha256, classes = "stub", "1", "", ("concern", "endorsement", "neutrality")

    def details(self, texts):
        return [self._details(text) for text in texts]

    def predict_proba(self, texts, targets):
        return np.tile([0.8, 0.1, 0.1], (len(texts), 1))

    def _details(self, text):
        condemns = "condemned" in text
        start = text.rstrip(".").rfind(" ") + 1
        return SimpleNamespace(
            probabilities=np.array([0.8, 0.1, 0.1] if condemns else [0.0, 0.0, 1.0]),
            neutral_types={"none": 1.0, "withheld": 0.0, "balanced": 0.0, "nonaligned": 0.0},
            spans=(SimpleNamespace(start=start, end=len(text.rstrip("."))),) if condemns else (),
        )


@pytest.fixture
def article(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An article, and a model that needs no file."""
    monkeypatch.setattr(analyze, "load", lambda model: Stub())
    (folder / "a.txt").write_text(TEXT, encoding="utf-8")
    return folder / "a.txt"


def test_rows_on_standard_output_and_a_summary_beside(run, article: Path):
    code, out, err = run("analyze", article)
    (row,) = csv.DictReader(io.StringIO(out))
    assert (code, row["id"], row["actor_iso3"], row["target_iso3"], row["target_stance"]) == (
        *(0, "a", "PER"),
        *("CHL", "concern"),
    )
    assert err.startswith("articles    1 (2 sentences)\n")
    assert "Peru > Chile" in err
    assert run("analyze", article, "--quiet")[2] == ""


def test_files(run, article: Path, folder: Path):
    arguments = ("-o", "o.csv", "--html", "o.html", "--dyads", "d.csv", "--by", "session", "--date", "1994-05-17")
    code, out, _ = run("analyze", article, *arguments)
    assert (code, out) == (0, "")
    assert "1993/94" in (folder / "d.csv").read_text(encoding="utf-8")
    assert (folder / "o.html").exists()
    assert run("analyze", article, *arguments)[0] == 2
    assert run("analyze", article, *arguments, "--overwrite")[0] == 0


def test_a_page_alone_leaves_standard_output_empty(run, article: Path):
    assert run("analyze", article, "--html", "o.html")[:2] == (0, "")


def test_json(run, article: Path, folder: Path):
    out = run("analyze", article, "--json", "--html", "o.html")[1]
    assert json.loads(out)["statements"][0]["stance"] == "concern"
    assert run("analyze", article, "--json", "-o", "o.jsonl")[1] == ""
    assert json.loads((folder / "o.jsonl").read_text(encoding="utf-8")) == json.loads(out)


def test_a_table(run, article: Path, folder: Path):
    (folder / "in.csv").write_text(f"nr,body,day,who\n7,{TEXT},1994-05-17,Peru\n", encoding="utf-8")
    columns = ("--text-column", "body", "--id-column", "nr", "--date-column", "day", "--speaker-column", "who")
    (row,) = csv.DictReader(io.StringIO(run("analyze", "in.csv", *columns)[1]))
    assert (row["id"], row["date"]) == ("7", "1994-05-17")


def test_standard_input(run, article: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(TEXT.encode())))
    assert "Peru" in run("analyze", "-")[1]


def test_own_names(run, article: Path, folder: Path):
    (folder / "mine.csv").write_text("name,kind,aliases\nThe South,topic,Chile\n", encoding="utf-8")
    (row,) = csv.DictReader(io.StringIO(run("analyze", article, "--gazetteer", "mine.csv")[1]))
    assert row["target_name"] == "The South"


@pytest.mark.parametrize(
    "arguments",
    [
        ["nowhere.txt"],
        ["a.txt", "-o", "no/folder.csv"],
        ["a.txt", "--by", "monht"],
        ["a.txt", "--date", "May"],
        ["a.txt", "--gazetteer", "nowhere.csv"],
        ["a.txt", "-o", "a.txt", "--overwrite"],
    ],
)
def test_mistakes_in_one_line(run, article: Path, folder: Path, arguments: list[str]):
    code, out, err = run("analyze", *arguments)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert [path.name for path in folder.iterdir()] == ["a.txt"]


def test_a_model_that_finds_no_targets(run, folder: Path, model_folder: Path):
    (folder / "a.txt").write_text(TEXT, encoding="utf-8")
    code, out, err = run("analyze", "a.txt", "--model", model_folder)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "finds no targets" in err
