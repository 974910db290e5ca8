"""Train a model: the shipped ones from the fixtures, or a head on labels of your own.

    python training/train.py --model ngram --out runs/ngram
    python training/train.py --model encoder --out runs/encoder
    python training/train.py --data MINE.csv --base encoder --out my-model

--model ngram fits everything. --model encoder and encoder-large keep the installed encoder, which
training/finetune.py and training/export.py make, and fit the temperatures of its heads again. --model cascade
chooses its threshold. With --data, the file has a column of texts and one of labels (--text-column,
--label-column); a fifth of it is held out, and the accuracy before (if the base knows the labels) and after
is printed.
"""

from __future__ import annotations

import argparse
import csv
import sys
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

import numpy as np
from sklearn.metrics import accuracy_score, f1_score
from sklearn.model_selection import train_test_split

from stancekit import StanceClassifier, load_model, save_model
from stancekit.errors import InputError, OutputError
from stancekit.scoring import StanceModel
from stancetrain.console import run
from stancetrain.fixtures import FIXTURES
from stancetrain.shipped import PACKAGES, make

MODELS = ("cascade", "encoder", "encoder-large", "ngram")


def read_labelled(path: Path, text_column: str, label_column: str) -> tuple[list[str], list[str]]:
    """Texts and labels of a CSV file.

    Raises
    ------
    InputError
        If the file or a column is missing, or a label is empty; names the row.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream)
            for column in (text_column, label_column):
                if column not in (reader.fieldnames or []):
                    raise InputError(
                        f"{path}: no column {column!r}; the columns are {', '.join(reader.fieldnames or [])}"
                    )
            rows = [(row[text_column] or "", (row[label_column] or "").strip()) for row in reader]
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}") from error
    except csv.Error as error:
        raise InputError(f"{path}, line {reader.line_num + 1}: {error}") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not UTF-8 (byte {error.start}); save it as UTF-8") from error
    for number, (_, label) in enumerate(rows, 1):
        if not label:
            raise InputError(f"{path}, row {number}: column {label_column!r} is empty; label the row or remove it")
    return [text for text, _ in rows], [label for _, label in rows]


def from_own_labels(options: argparse.Namespace) -> StanceModel:
    texts, labels = read_labelled(options.data, options.text_column, options.label_column)
    try:
        inside, outside, known, truth = train_test_split(
            texts, labels, test_size=0.2, stratify=labels, random_state=options.seed
        )
    except ValueError as error:
        raise InputError(f"{options.data}: cannot hold out a fifth of {len(texts)} rows: {error}") from error
    held_out = StanceClassifier(base=options.base, C=options.C, random_state=options.seed).fit(inside, known)
    base = StanceClassifier.from_pretrained(options.base)
    if set(labels) <= set(base.classes_.tolist()):
        print(f"before, model {options.base!r} as shipped: {_scores(truth, base.predict(outside))}")
    print(f"after, trained on the other {len(inside)} rows: {_scores(truth, held_out.predict(outside))}")
    classifier = StanceClassifier(base=options.base, C=options.C, random_state=options.seed).fit(texts, labels)
    manifest = {
        "trained_on": {
            "data": options.data.name,
            "rows": len(texts),
            "base": {"name": str(options.base), "sha256": load_model(options.base).sha256},
            "C": options.C,
            "seed": options.seed,
            "versions": {name: version(name) for name in PACKAGES},
        },
        "metrics": {
            "held_out_macro_f1": round(_macro_f1(truth, held_out.predict(outside)), 4),
            "held_out_n": len(truth),
        },
        "thresholds": {"min_confidence": None},
    }
    return replace(classifier.model_, name=options.out.name, version="1", manifest=manifest)


def _macro_f1(truth: list[str], guesses: np.ndarray) -> float:
    return float(f1_score(truth, guesses, average="macro"))


def _scores(truth: list[str], guesses: np.ndarray) -> str:
    return (
        f"macro-F1 {_macro_f1(truth, guesses):.3f}, accuracy {accuracy_score(truth, guesses):.3f} on {len(truth)} rows"
    )


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--model", choices=MODELS, help="train this shipped model from the fixtures")
    source.add_argument("--data", type=Path, metavar="MINE.csv", help="train a head on labels of your own")
    parser.add_argument("--fixtures", type=Path, default=FIXTURES)
    parser.add_argument("--base", default="ngram", help="with --data: whose features to use")
    parser.add_argument("--text-column", default="text")
    parser.add_argument("--label-column", default="label")
    parser.add_argument("--C", type=float, default=1.0, help="with --data: inverse strength of the penalty")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--overwrite", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(argv)
    if options.out.exists() and not options.overwrite:
        raise OutputError(f"{options.out} exists; give another --out, or --overwrite")
    model = from_own_labels(options) if options.data else make(options.model, options.fixtures, options.seed)
    saved = save_model(model, options.out, overwrite=options.overwrite)
    print(f"{options.out}: model {saved.name} {saved.version}, sha256 {saved.sha256}")
    return 0


if __name__ == "__main__":
    sys.exit(run(main))
