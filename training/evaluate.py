"""Score a model: on the fixtures' test split, on a labelled file, on real text.

    python training/evaluate.py --model ngram
    python training/evaluate.py --model ngram --data LABELLED.csv --real REAL.jsonl

Prints the same numbers as `stancekit evaluate`. Without --data it scores the documents of the test split of
the fixtures. --real takes JSON Lines or CSV with the columns text and label, kept outside the project; with
columns `kind` and `difficulty` it is broken down by them.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from stancekit import load_model
from stancekit.report.evaluation import Evaluation, evaluate, evaluate_file
from stancekit.scoring import StanceModel
from stancetrain.console import run
from stancetrain.fixtures import FIXTURES, SPLITS, read_fixtures

BREAKDOWNS = ("kind", "difficulty")


def on_fixtures(model: StanceModel, root: Path, split: str) -> Evaluation:
    """The scores on one split's documents, by genre."""
    rows = [f.row for f in read_fixtures(root, kinds=["documents"], splits=[split])]
    probabilities = model.predict_proba([row.text for row in rows])
    return evaluate(model.classes, [row.label for row in rows], probabilities, [row.genre for row in rows])


def on_file(model: StanceModel, path: Path) -> list[Evaluation]:
    """The scores on a labelled file, once for each breakdown that the file has columns for."""
    if path.suffix != ".jsonl":
        return [evaluate_file(path, model=model)]
    try:
        with path.open(encoding="utf-8") as lines:
            fields = json.loads(next(lines, "{}"))
    except (OSError, ValueError):
        fields = {}  # the reading below tells what is wrong
    by = [name for name in BREAKDOWNS if name in fields]
    return [evaluate_file(path, model=model, by=name) for name in by or [None]]


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True, help="a shipped model's name or a model folder")
    parser.add_argument("--fixtures", type=Path, default=FIXTURES)
    parser.add_argument("--split", choices=SPLITS, default="test")
    parser.add_argument("--data", type=Path, metavar="LABELLED", help="a labelled CSV or JSON Lines file instead")
    parser.add_argument("--real", type=Path, metavar="FILE", help="labelled real text, scored beside the fixtures")
    options = parser.parse_args(argv)
    model = load_model(options.model)
    if options.data:
        parts = [(options.data.name, on_file(model, options.data))]
    else:
        parts = [
            (f"fixtures, documents of the {options.split} split", [on_fixtures(model, options.fixtures, options.split)])
        ]
    if options.real:
        parts.append((f"real text: {options.real.name}", on_file(model, options.real)))
    print(f"model {model.name} {model.version} (sha256 {model.sha256[:12]})")
    for title, (first, *others) in parts:
        print(f"\n## {title}\n\n{first.as_text()}")
        for other in others:
            print(f"\n{other.group_table()}")
    return 0


if __name__ == "__main__":
    sys.exit(run(main))
