"""Draws every picture that README.md and docs/ show.

    python docs/plots.py

The accuracy of the models and the learning curve are read from the tables of their pages, which are the measured
figures; the others are figures of stancekit's own reports on the documents of the fixtures' test split, labelled
here. The same versions of the libraries give the same bytes.
"""

from __future__ import annotations

import csv
import re
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

sys.path.append(str(Path(__file__).resolve().parents[1] / "training"))

from stancekit import predict_file
from stancekit.report import palette
from stancekit.report.corpus_report import corpus_report
from stancekit.report.evaluation_report import evaluation_report
from stancekit.report.figures import Picture, lanes, legend_above, picture
from stancekit.report.labelled import read_labelled
from stancetrain.fixtures import FIXTURES, read_fixtures

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
PICTURES = DOCS / "pictures"
MADE_WITH = "3.11"
"""The matplotlib that drew the pictures as they are kept; another one may place things a hair elsewhere."""

MODELS = ("encoder-large", "encoder", "cascade", "ngram")


def table(page: Path, heading: str, column: str) -> list[dict[str, str]]:
    """The rows of the first table after a heading that has the column."""
    text = page.read_text(encoding="utf-8")
    text = text[text.index(f"# {heading}\n") :]
    for found in re.finditer(r"(?:^\|.*\n)+", text, re.MULTILINE):
        names, _, *rows = ([cell.strip() for cell in row.strip("|\n").split("|")] for row in found[0].splitlines())
        if column in names:
            return [dict(zip(names, row, strict=True)) for row in rows]
    raise ValueError(f"{page}: no table with a column {column!r} after {heading!r}")


def accuracy() -> Picture:
    """Macro-F1 of each model, on text of three kinds."""
    card = DOCS / "model-card.md"
    real = {row["model"]: row["macro-F1"] for row in table(card, "Accuracy on real text", "macro-F1")}
    written = {row["model"]: row["macro-F1"] for row in table(card, "Accuracy on written documents", "macro-F1")}
    clear = next(row for row in table(card, "Accuracy on real text", "difficulty") if row["difficulty"] == "clear")
    kinds = {
        "clear real statements": (clear, "s", palette.MUTED),
        "real statements": (real, "o", palette.ACCENT),
        "written documents": (written, "^", palette.INK),
    }

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        lanes(axes, MODELS)
        for kind, (scores, marker, colour) in kinds.items():
            places = [float(scores[model]) for model in MODELS]
            axes.plot(places, range(len(MODELS)), marker, color=colour, markersize=6, linestyle="none", label=kind)
        axes.set(xlim=(0.6, 1), xlabel="macro-F1")
        legend_above(axes)

    numbers = ", ".join(f"{model} {float(real[model]):.2f}" for model in MODELS)
    return picture("accuracy", f"Macro-F1 of the models; on real statements {numbers}.", draw, height=2.2)


def learning_curve() -> Picture:
    """Macro-F1 by number of documents."""
    rows = table(DOCS / "benchmarks" / "learning_curve.md", "Learning curve", "documents")
    documents = [int(row["documents"].replace(",", "")) for row in rows]

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        axes.plot(documents, [float(row["macro-F1"]) for row in rows], marker="o", color=palette.INK)
        axes.set_xscale("log", base=2)
        axes.set_xticks(documents, [f"{n:,}" for n in documents])
        axes.set(xlabel="documents", ylabel="macro-F1, validation documents")

    return picture("learning_curve", "Macro-F1 by number of documents.", draw, height=3.2)


def corpus(folder: Path) -> Path:
    """The documents of the fixtures' test split as a CSV file."""
    path = folder / "corpus.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["text", "label", "genre"])
        for each in read_fixtures(FIXTURES, kinds=["documents"], splits=["test"]):
            writer.writerow([each.row.text, each.row.label, each.row.genre])
    return path


def report_on_a_corpus(folder: Path) -> Picture:
    """What `stancekit report` draws by group."""
    predict_file(corpus(folder), folder / "labelled.csv", model="ngram")
    return corpus_report(folder / "labelled.csv", by="genre").pictures()["groups"]


def report_on_a_model(folder: Path) -> dict[Path, bytes]:
    """What `stancekit evaluate --report` draws of the default model: reliability and coverage."""
    files = evaluation_report(read_labelled(corpus(folder)), "test documents").files()
    return {PICTURES / name: files[name] for name in ("reliability.svg", "coverage.svg")}


def cheap(folder: Path) -> dict[Path, bytes]:
    """The pictures for which no encoder runs, by their files."""
    return {
        PICTURES / "accuracy.svg": accuracy().svg,
        PICTURES / "groups.svg": report_on_a_corpus(folder).svg,
        DOCS / "benchmarks" / "learning_curve.svg": learning_curve().svg,
    }


def main() -> None:
    """Draw them."""
    with TemporaryDirectory() as name:
        drawn = cheap(Path(name)) | report_on_a_model(Path(name))
    PICTURES.mkdir(exist_ok=True)
    for path, svg in drawn.items():
        path.write_bytes(svg)
        print(f"{path.relative_to(ROOT)}: {len(svg):,} bytes")


if __name__ == "__main__":
    main()
