"""``sample``, ``agreement`` and ``audit``: what coders of a corpus type."""

from __future__ import annotations

import csv
import json
from pathlib import Path


def test_sample(run, folder: Path, predicted):
    code, out, err = run("sample", "predicted.csv", "-n", "20", "-o", "s.csv", "--by", "country", "--columns", "date")
    assert (code, out) == (0, "")
    assert err == "20 of 300 rows drawn (stratified)\n  DE: 10\n  FR: 10\nwrote s.csv\n"
    head = (folder / "s.csv").read_text(encoding="utf-8").splitlines()[0]
    assert head == "sampled_row,sampling_probability,text,date,label"
    code, _, err = run("sample", "predicted.csv", "-n", "20", "-o", "s.csv")
    assert (code, err.startswith("stancekit: s.csv: exists")) == (2, True)


def test_sample_to_standard_output(run, folder: Path, predicted):
    code, out, _ = run("sample", "predicted.csv", "-n", "5", "-o", "-", "--how", "uncertain")
    assert code == 0
    assert len(list(csv.DictReader(out.splitlines()))) == 5


def test_agreement(run, folder: Path):
    (folder / "w.csv").write_text("unit,a,b\n1,x,x\n2,y,x\n3,y,y\n4,x,x\n", encoding="utf-8")
    code, out, err = run("agreement", "w.csv", "--coders", "a", "b", "-o", "d.csv", "--agreed", "ok.csv")
    assert (code, err) == (0, "")
    assert "Krippendorff's alpha        0.533" in out
    assert (folder / "d.csv").read_text(encoding="utf-8") == "unit,label_a,label_b,label\n2,y,x,\n"
    assert len((folder / "ok.csv").read_text(encoding="utf-8").splitlines()) == 4
    code, out, _ = run("agreement", "w.csv", "--coders", "a", "b", "--json")
    assert json.loads(out)["disputed"] == [1]
    code, _, err = run("agreement", "w.csv")
    assert (code, err) == (2, "stancekit: w.csv: no column 'label'; columns: 'unit', 'a', 'b'\n")


def test_audit(run, folder: Path, model_folder: Path):
    rows = "We condemn the attack.,concern\nThe envoy arrived.,neutrality\nWe welcome the treaty.,endorsement\n" * 4
    (folder / "m.csv").write_text(f"text,label\n{rows}We deplore the blockade.,endorsement\n", encoding="utf-8")
    code, out, err = run("audit", "m.csv", "--model", model_folder, "-o", "found.csv")
    assert (code, err) == (0, "")
    assert "row 13: endorsement, or concern?" in out
    assert "13,We deplore the blockade.,endorsement,concern," in (folder / "found.csv").read_text(encoding="utf-8")
    code, out, _ = run("audit", "m.csv", "--model", model_folder, "--json")
    assert json.loads(out)["rows"] == 13
