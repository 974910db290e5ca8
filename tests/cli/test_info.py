from __future__ import annotations

import json
from pathlib import Path

import pytest

import stancekit
from stancekit import artifact
from stancekit.citation import ACCURACY, bibtex


def test_names_versions_and_hashes(run, model_folder: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(vars(stancekit), "__version__", "9.9")
    monkeypatch.setattr(artifact, "MODELS", model_folder.parent)
    code, out, err = run("info")
    assert (code, err) == (0, "")
    assert out.startswith("stancekit 9.9 (Python ")
    assert "model tiny " in out
    assert f"sha256  {artifact.load_model(model_folder).sha256}" in out
    assert "labels  concern, endorsement, neutrality" in out


def test_cite_a_shipped_model_with_what_was_measured_of_it(run):
    code, out, err = run("info", "--cite", "--model", "ngram")
    assert (code, err) == (0, "")
    record = json.loads(ACCURACY.read_text(encoding="utf-8"))["ngram"]
    assert out.startswith("@software{stancekit,\n")
    assert f"  version = {{{stancekit.__version__}}}," in out
    assert f"model ngram 1.1.0 (SHA-256 {artifact.load_model('ngram').sha256[:12]})" in out
    assert f"macro-F1 is {record['real']['macro_f1']:.2f} on {record['real']['n']} real statements" in out


def test_cite_a_model_that_nobody_measured(run, model_folder: Path):
    code, out, _ = run("info", "--cite", "--model", str(model_folder))
    assert code == 0
    assert f"model {artifact.load_model(model_folder).name} " in out
    assert "real statements" not in out


def test_the_citation_file_says_the_same():
    lines = (Path(__file__).parents[2] / "CITATION.cff").read_text(encoding="utf-8").splitlines()
    facts = dict(line.split(": ", 1) for line in lines if ": " in line)
    entry = bibtex(stancekit.__version__)
    assert facts["version"] == stancekit.__version__
    assert f"{{{facts['  - name']}}}" in entry
    assert f"{{{facts['date-released'][:4]}}}" in entry
    assert f"{{{facts['title']}: " in entry


def test_every_shipped_model_has_its_figures():
    records = json.loads(ACCURACY.read_text(encoding="utf-8"))
    for name in artifact.shipped_models():
        assert records[name]["sha256"] == artifact.load_model(name).sha256
