"""The R script of docs/r-and-stata.md, and that the page shows it."""

from __future__ import annotations

import csv
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[1]
SCRIPT = ROOT / "docs" / "r-and-stata.R"
ENVIRONMENT = {
    **os.environ,
    "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    "LC_ALL": "C.UTF-8",
}


def test_the_page_shows_the_script():
    page = SCRIPT.with_suffix(".md").read_text(encoding="utf-8")
    shown = re.findall(r"^```r\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    assert "\n".join(shown) == SCRIPT.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("r")
    (folder / "fixtures").symlink_to(ROOT / "fixtures")
    return folder


@pytest.fixture(scope="module")
def printed(folder: Path) -> str:
    """What the script prints."""
    if shutil.which("Rscript") is None:
        pytest.skip("Rscript is not installed")
    command = ["Rscript", "--vanilla", str(SCRIPT)]
    done = subprocess.run(command, cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    return done.stdout


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def numbers(line: str) -> list[float]:
    return [float(number) for number in re.findall(r"-?\d+\.?\d*(?:e[+-]\d+)?", line)]


def test_labels_by_genre(printed: str, folder: Path):
    rows = read(folder / "labelled.csv")
    table = dict(re.findall(r"^ +([A-Z][\w -]*?) +((?:\d+ *){4})$", printed, re.MULTILINE))
    assert set(table) == {row["genre"] for row in rows}
    for genre, counts in table.items():
        labels = [row["stance"] for row in rows if row["genre"] == genre]
        expected = [labels.count(name) for name in ("endorsement", "concern", "neutrality", "abstain")]
        assert [int(count) for count in counts.split()] == expected


def test_shares_with_intervals(printed: str, folder: Path):
    for row in read(folder / "shares.csv")[:3]:
        (line,) = re.findall(rf"^ +{row['label']} (.*\..*)$", printed, re.MULTILINE)
        expected = [float(row[name]) for name in ("share", "low", "high", "predicted")]
        assert numbers(line) == pytest.approx(expected, abs=0.006)
        assert expected[1] < expected[0] < expected[2]


def test_the_regression(printed: str, folder: Path):
    """Ordinary least squares on corrected outcomes, with White's standard errors, in numpy."""
    rows = read(folder / "dsl.csv")
    drawn = [row["label_concern"] != "NA" for row in rows]
    assert 0 < sum(drawn) < len(rows)
    outcome = np.array([float(row["predicted_concern"]) for row in rows])
    for i, row in enumerate(rows):
        if drawn[i]:
            outcome[i] += (float(row["label_concern"]) - outcome[i]) / float(row["sampling_probability"])
    x = np.array([[1, row["date"] >= "2000"] for row in rows], dtype=float)
    bread = np.linalg.inv(x.T @ x)
    beta = bread @ x.T @ outcome
    scaled = x * (outcome - x @ beta)[:, None]
    half = 1.96 * np.sqrt(np.diag(bread @ scaled.T @ scaled @ bread))
    for place, name in enumerate(("(Intercept)", "recentTRUE")):
        (line,) = re.findall(rf"^{re.escape(name)} +(.*)$", printed, re.MULTILINE)
        expected = [beta[place], beta[place] - half[place], beta[place] + half[place]]
        assert numbers(line) == pytest.approx(expected, abs=1e-5)


def test_the_data_set_of_stata(printed: str, folder: Path):
    """Read by haven: the script compares its labels with those of the CSV."""
    asked = ["Rscript", "--vanilla", "-e", "quit(status = !requireNamespace('haven', quietly = TRUE))"]
    if subprocess.run(asked, capture_output=True).returncode:
        pytest.skip("R's package haven is not installed")
    labels = [row["stance"] for row in read(folder / "labelled.csv")]
    header, counts = printed.splitlines()[-2:]
    assert dict(zip(header.split(), map(int, counts.split()), strict=True)) == {
        name: labels.count(name) for name in set(labels)
    }
