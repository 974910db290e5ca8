from __future__ import annotations

import csv
import json
from pathlib import Path


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_a_table_on_the_terminal_and_in_a_file(run, folder: Path, predicted):
    predicted.sample(folder / "s.csv", list(range(1, 101)))
    code, out, err = run("prevalence", "predicted.csv", "--labelled", "s.csv", "--by", "country", "-o", "shares.csv")
    assert (code, err) == (0, "")
    assert out.startswith("method dsl\n")
    assert "95% interval" in out
    rows = read(folder / "shares.csv")
    assert list(rows[0]) == [
        *("group", "period", "label", "share", "low", "high", "predicted", "rows", "labelled", "note")
    ]
    assert [row["group"] for row in rows] == ["", "", "", "DE", "DE", "DE", "FR", "FR", "FR"]


def test_json_by_time(run, folder: Path, predicted):
    predicted.sample(folder / "s.csv", list(range(1, 101)))
    arguments = ("--time", "date", "--period", "decade", "--method", "ppi", "--level", "0.9", "--json")
    code, out, _ = run("prevalence", "predicted.csv", "--labelled", "s.csv", *arguments)
    found = json.loads(out)
    assert (code, found["method"], found["level"]) == (0, "ppi", 0.9)
    assert [share["period"] for share in found["shares"]] == [""] * 3 + ["1990s"] * 3


def test_standard_output_holds_the_table_alone(run, folder: Path, predicted):
    code, out, _ = run("prevalence", "predicted.csv", "--method", "naive", "-o", "-")
    assert code == 0
    assert len(list(csv.DictReader(out.splitlines()))) == 3


def test_a_plan(run, folder: Path, predicted):
    code, out, _ = run("prevalence", "predicted.csv", "--plan", "0.1")
    assert code == 0
    assert out.startswith("rows to label for 95% intervals 0.1 wide\n")


def test_an_export_for_r(run, folder: Path, predicted):
    predicted.sample(folder / "s.csv", list(range(1, 101)))
    code, out, _ = run("prevalence", "predicted.csv", "--labelled", "s.csv", "--export-dsl", "dsl.csv")
    assert (code, out) == (0, "wrote dsl.csv (300 rows)\n")
    code, _, err = run("prevalence", "predicted.csv", "--export-dsl", "d.csv", "--by", "country")
    assert (code, err) == (2, "stancekit: --export-dsl writes rows, not shares; leave out --by\n")


def test_mistakes_in_one_line(run, folder: Path, predicted):
    (folder / "shares.csv").write_text("mine", encoding="utf-8")
    for arguments in (
        ["predicted.csv"],
        ["predicted.csv", "--labelled", "nowhere.csv"],
        ["predicted.csv", "--method", "naive", "--by", "nation"],
        ["predicted.csv", "--method", "naive", "-o", "shares.csv"],
        ["predicted.csv", "--plan", "3"],
    ):
        code, out, err = run("prevalence", *arguments)
        assert (code, out, err.count("\n")) == (2, "", 1), arguments
    assert (folder / "shares.csv").read_text(encoding="utf-8") == "mine"
