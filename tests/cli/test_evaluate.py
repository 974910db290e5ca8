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
