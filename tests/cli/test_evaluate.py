from __future__ import annotations

import json
from pathlib import Path

TABLE = (
    "text,label,year\nWe condemn it.,concern,2001\nWe welcome it.,endorsement,2002\nThe envoy arrived.,concern,2002\n"
)


def test_tables(run, folder: Path, model_folder: Path):
    (folder / "in.csv").write_text(TABLE, encoding="utf-8")
    code, out, err = run("evaluate", "in.csv", "--model", model_folder, "--by", "year", "--min-confidence", "0.5")
    assert (code, err) == (0, "")
    assert out.startswith("rows               3\nmacro-F1 ")
    assert "coverage " in out
    assert "\n2002 " in out


def test_json(run, folder: Path, model_folder: Path):
    (folder / "in.csv").write_text(TABLE.replace("label", "gold"), encoding="utf-8")
    code, out, _ = run("evaluate", "in.csv", "--model", model_folder, "--label-column", "gold", "--json")
    assert code == 0
    assert json.loads(out)["n"] == 3


def test_unknown_labels_are_named_with_their_rows(run, folder: Path, model_folder: Path):
    (folder / "in.csv").write_text("text,label\na,concern\nb,Concern\nc,\n", encoding="utf-8")
    code, out, err = run("evaluate", "in.csv", "--model", model_folder)
    assert (code, out) == (2, "")
    assert err == (
        "stancekit: in.csv: column 'label': labels that the model does not know: 'Concern', '' (rows 2, 3); "
        "it knows 'concern', 'endorsement', 'neutrality'\n"
    )


def test_report(run, folder: Path, model_folder: Path):
    (folder / "in.csv").write_text(TABLE, encoding="utf-8")
    arguments = ["evaluate", "in.csv", "--model", model_folder, "--document-column", "year", "--report", "out"]
    code, out, err = run(*arguments)
    assert (code, err) == (0, "")
    assert out.startswith("rows               3\n")
    assert json.loads((folder / "out" / "evaluation.json").read_text(encoding="utf-8"))["source"] == "in.csv"
    assert (folder / "out" / "index.html").exists()
    assert run(*arguments)[0] == 2
    assert run(*arguments, "--overwrite")[0] == 0


def test_options_of_a_report_need_one(run, folder: Path):
    code, out, err = run("evaluate", "in.csv", "--document-column", "year")
    assert (code, out) == (2, "")
    assert err == "stancekit: --document-column and --overwrite belong to a report; add --report DIR\n"


def test_a_folder_is_refused_before_anything_is_read(run, folder: Path):
    (folder / "out").mkdir()
    (folder / "out" / "mine.txt").touch()
    code, _, err = run("evaluate", "nowhere.csv", "--report", "out")
    assert code == 2
    assert err == "stancekit: out: is not empty; give another folder, or --overwrite (overwrite=True)\n"
