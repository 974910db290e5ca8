"""How the `ngram` tier grows with the number of written documents.

    python docs/benchmarks/learning_curve.py --write

Fits the shipped recipe on an eighth, a quarter, half and all of the documents of the training split (and the
statements, the same share of them), and scores the documents of the validation split. A larger share holds every
smaller one. Writes learning_curve.md and learning_curve.svg beside this script.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from sklearn.metrics import f1_score
from tqdm import tqdm

sys.path += [str(Path(__file__).resolve().parents[2] / "training"), str(Path(__file__).resolve().parents[1])]

import plots

from stancekit import StanceClassifier
from stancetrain.examples import kept
from stancetrain.fixtures import FIXTURES, Fixture, read_fixtures
from stancetrain.shipped import RECIPES
from stancetrain.weights import row_weights

HERE = Path(__file__).resolve().parent
SHARES = (0.125, 0.25, 0.5, 1.0)
HEAD = """# Learning curve

    python docs/benchmarks/learning_curve.py --write

![macro-F1 by number of documents](learning_curve.svg)

The `ngram` tier with the shipped recipe, on shares of the training split, scored on {n:,} sentences of validation
documents.
The encoders' curves have not been measured: a point takes half an hour.

| share | documents | rows | macro-F1 |
| --- | --- | --- | --- |
"""


def score(train: list[Fixture], held_out: list[Fixture]) -> float:
    """Macro-F1 on the held-out rows of a model fitted on these."""
    recipe = json.loads((RECIPES / "ngram.json").read_text(encoding="utf-8"))
    classifier = StanceClassifier(base="ngram", C=recipe["C"], calibrate=False, random_state=1)
    weights = row_weights(train, recipe["statement_weight"], recipe["confidence_weights"])
    classifier.fit([f.row.text for f in train], [f.row.label for f in train], sample_weight=weights)
    guesses = classifier.predict([f.row.text for f in held_out])
    return float(f1_score([f.row.label for f in held_out], guesses, average="macro"))


def main() -> None:
    """Print the table; with --write, write it and the plot."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    fixtures = read_fixtures(FIXTURES)
    held_out = [f for f in fixtures if f.split == "validation" and f.kind == "documents"]
    rows = []
    for share in tqdm(SHARES, unit="fit"):
        train = [f for f in fixtures if f.split == "train" and kept(f, share)]
        documents = len({f.row.doc for f in train if f.kind == "documents"})
        rows.append(f"| {share:g} | {documents:,} | {len(train):,} | {score(train, held_out):.3f} |")
    table = HEAD.format(n=len(held_out)) + "\n".join(rows) + "\n"
    print(table)
    if options.write:
        (HERE / "learning_curve.md").write_text(table, encoding="utf-8")
        (HERE / "learning_curve.svg").write_bytes(plots.learning_curve().svg)


if __name__ == "__main__":
    main()
