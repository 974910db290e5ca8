"""``stancekit distil``: the account, JSON, and bad input."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from stancekit.artifact import load_model

ROWS = [
    f"{who} {act} it in {where}."
    for who in ("We", "They")
    for act in ("welcome", "deplore", "read")
    for where in (f"town {i}" for i in range(20))
]


@pytest.fixture
def corpus(folder: Path) -> str:
    (folder / "corpus.csv").write_text("\n".join(["text", *ROWS]), encoding="utf-8")
    return "corpus.csv"


def test_distil(run, corpus: str, model_folder: Path):
    args = ["distil", corpus, "--teacher", model_folder, "--cascade", "both", "--min-agreement", "0.5", "--seed", "3"]
    code, out, err = run(*args, "--out", "student")
    assert (code, err) == (0, "")
    assert out.startswith(
        "120 rows read, 120 different texts of them labelled by custom\nagreement with it on 12 texts"
    )
    assert load_model("both").first.name == "student"
    code, out, err = run("distil", corpus, "--teacher", model_folder, "--out", "student", "--overwrite", "--json")
    assert json.loads(out)["sample"] == 120


def test_progress_where_somebody_watches(run, corpus: str, model_folder: Path, monkeypatch: pytest.MonkeyPatch):
    watched = io.StringIO()
    watched.isatty = lambda: True
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stderr", watched)
        run("distil", corpus, "--teacher", model_folder, "--out", "student")
    assert all(stage in watched.getvalue() for stage in ("reading", "labelling", "fitting"))


def test_bad_input_is_one_line(run, corpus: str, model_folder: Path):
    code, out, err = run("distil", corpus, "--teacher", model_folder, "--out", "student", "--sample", "5")
    assert (code, out) == (2, "")
    assert err == "stancekit: the sample must be of 100 texts at least, got 5\n"
