"""What each group of cue features is worth: macro-F1 with and without it, VADER beside.

A logistic regression on cue features alone is fitted on the train split (documents and statements) and scored on
the validation documents, and with ``--real FILE`` on a file of real sentences. C and the weight of a statement
beside a document sentence are chosen by cross-validation on the training documents, whole documents held out.
Prints a Markdown table.

Usage: ``python training/ablate_cues.py [--real FILE] [--out docs/benchmarks/cues.md]``
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.model_selection import GroupKFold
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from stancekit.errors import InputError
from stancekit.features._cue_lexicon import load_lexicon
from stancekit.features._cue_table import FEATURE_GROUPS, FEATURE_TABLE
from stancekit.features.cues import CueFeatures
from stancetrain.fixtures import Fixture, read_fixtures

REGULARISATIONS = (0.001, 0.003, 0.01, 0.03, 0.1)
STATEMENT_WEIGHTS = (0.5, 1.0)
FOLDS = 5
VADER_THRESHOLD = 0.05


@dataclass(frozen=True)
class Coded:
    """Texts with their cue features and labels."""

    texts: list[str]
    matrix: NDArray[np.float64]
    labels: NDArray[np.str_]
    groups: list[str]

    @classmethod
    def of(cls, texts: list[str], labels: list[str], groups: list[str] | None = None) -> Coded:
        """Texts and labels with their features."""
        return cls(texts, CueFeatures().fit_transform(texts), np.array(labels), groups or texts)

    @classmethod
    def of_fixtures(cls, fixtures: list[Fixture]) -> Coded:
        """The same for fixtures."""
        rows = [fixture.row for fixture in fixtures]
        return cls.of([row.text for row in rows], [str(row.label) for row in rows], [row.group for row in rows])


def fit(matrix: NDArray[np.float64], labels: NDArray[np.str_], weights: NDArray[np.float64], c: float) -> Pipeline:
    head = LogisticRegression(C=c, class_weight="balanced", max_iter=2000)
    return make_pipeline(StandardScaler(), head).fit(matrix, labels, logisticregression__sample_weight=weights)


def macro_f1(labels: NDArray[np.str_], predicted: NDArray[np.str_]) -> float:
    return float(f1_score(labels, predicted, average="macro"))


def cross_validate(documents: Coded, statements: Coded, c: float, weight: float) -> float:
    """Macro-F1 on training documents, each scored by a model that saw none of its sentences."""
    predicted = np.empty_like(documents.labels)
    for train, held in GroupKFold(FOLDS).split(documents.matrix, groups=documents.groups):
        model = fit(
            np.vstack([documents.matrix[train], statements.matrix]),
            np.concatenate([documents.labels[train], statements.labels]),
            np.concatenate([np.ones(len(train)), np.full(len(statements.labels), weight)]),
            c,
        )
        predicted[held] = model.predict(documents.matrix[held])
    return macro_f1(documents.labels, predicted)


def vader(texts: list[str]) -> NDArray[np.str_]:
    analyzer = SentimentIntensityAnalyzer()
    scores = np.array([analyzer.polarity_scores(text)["compound"] for text in texts])
    stanced = np.where(scores > 0, "endorsement", "concern")
    return np.where(np.abs(scores) < VADER_THRESHOLD, "neutrality", stanced)


def read_real(path: Path) -> Coded:
    """The sentences of a JSONL file with ``text`` and ``label``."""
    texts, labels = [], []
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            try:
                record = json.loads(line)
                texts.append(record["text"])
                labels.append(record["label"])
            except (ValueError, KeyError, TypeError) as error:
                raise InputError(f"{path}, line {number}: expected an object with text and label") from error
    return Coded.of(texts, labels)


def report(real: Coded | None) -> str:
    """The table, in Markdown."""
    documents, statements, validation = (
        Coded.of_fixtures(read_fixtures(kinds=[kind], splits=[split]))
        for kind, split in (("documents", "train"), ("statements", "train"), ("documents", "validation"))
    )
    grid = {cw: cross_validate(documents, statements, *cw) for cw in product(REGULARISATIONS, STATEMENT_WEIGHTS)}
    c, weight = max(grid, key=lambda cw: grid[cw])
    sets = [("validation documents", validation), *([("real", real)] if real else [])]
    labels = np.concatenate([documents.labels, statements.labels])
    matrix = np.vstack([documents.matrix, statements.matrix])
    weights = np.concatenate([np.ones(len(documents.labels)), np.full(len(statements.labels), weight)])

    def scores(columns: NDArray[np.bool_]) -> list[float]:
        model = fit(matrix[:, columns], labels, weights, c)
        return [macro_f1(coded.labels, model.predict(coded.matrix[:, columns])) for _, coded in sets]

    everything = scores(np.ones(len(FEATURE_TABLE), dtype=bool))
    rows = [
        f"{len(load_lexicon()):,} lexicon entries, {len(FEATURE_TABLE)} features. Chosen on the training documents by "
        f"{FOLDS}-fold cross-validation, whole documents held out: C = {c}, statements weighted {weight}, "
        f"macro-F1 {grid[c, weight]:.3f}.",
        "",
        "| features | n | " + " | ".join(f"macro-F1, {name} ({len(coded.labels)})" for name, coded in sets) + " |",
        "| --- | --- |" + " --- |" * len(sets),
    ]

    def row(name: str, n: str, values: list[str]) -> None:
        rows.append(f"| {name} | {n} | " + " | ".join(values) + " |")

    row("all cue features", str(len(FEATURE_TABLE)), [f"**{score:.3f}**" for score in everything])
    for group in FEATURE_GROUPS:
        kept = np.array([feature.group != group for feature in FEATURE_TABLE])
        change = [f"{s:.3f} ({s - full:+.3f})" for s, full in zip(scores(kept), everything, strict=True)]
        row(f"without {group}", str(int(kept.sum())), change)
    baseline = [macro_f1(coded.labels, vader(coded.texts)) for _, coded in sets]
    row(f"VADER, thresholds ±{VADER_THRESHOLD}", "-", [f"{score:.3f}" for score in baseline])
    if real:
        rows += ["", "The real sentences are not redistributed."]
    return "\n".join(rows) + "\n"


def main(arguments: list[str] | None = None) -> int:
    """Run the ablation; 0 when done, 2 on bad input."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--real", type=Path, metavar="FILE", help="JSONL with text and label")
    parser.add_argument("--out", type=Path, metavar="FILE", help="also write the table, with the command on top")
    options = parser.parse_args(arguments)
    try:
        table = report(read_real(options.real) if options.real else None)
    except (InputError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    print(table, end="")
    if options.out:
        command = "python training/ablate_cues.py" + (" --real FILE" if options.real else "")
        options.out.parent.mkdir(parents=True, exist_ok=True)
        options.out.write_text(f"# Cue features alone\n\nMade by `{command}`.\n\n{table}", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
