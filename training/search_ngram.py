"""Search the settings of the ngram tier on the validation documents, one setting at a time.

    python training/search_ngram.py --out docs/benchmarks/ngram.md

Every row of the table is one fit on the train split, scored on the validation documents. From the start
settings, each setting is varied in turn and the value of least log loss is kept; the start and the chosen
settings are marked. The log loss decides because it varies less from sample to sample than macro-F1.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass, fields, replace
from pathlib import Path

import numpy as np
from sklearn.metrics import f1_score, log_loss
from tqdm import tqdm

from stancekit import CueFeatures, NgramFeatures, StanceClassifier
from stancekit.features.blocks import TrainableBlocks
from stancetrain.console import run
from stancetrain.fixtures import FIXTURES, Fixture, read_fixtures
from stancetrain.weights import row_weights


@dataclass(frozen=True)
class Settings:
    word_ngrams: tuple[int, int] | None = (1, 2)
    char_ngrams: tuple[int, int] | None = (3, 5)
    min_df: int = 2
    cue_weight: float = 0.05
    C: float = 1.0
    statement_weight: float = 1.0
    confidence_weights: tuple[float, float, float] = (1.0, 1.0, 1.0)


VALUES: dict[str, tuple[object, ...]] = {
    "statement_weight": (0.0, 0.25, 0.5, 1.0),
    "confidence_weights": ((1.0, 1.0, 1.0), (0.5, 1.0, 1.0), (0.5, 0.8, 1.0)),
    "cue_weight": (0.0, 0.02, 0.05, 0.1, 0.2),
    "C": (0.3, 1.0, 3.0),
    "word_ngrams": ((1, 1), (1, 2), (1, 3)),
    "char_ngrams": (None, (3, 4), (3, 5), (2, 5)),
    "min_df": (1, 2, 4),
}


def score(settings: Settings, train: list[Fixture], held_out: list[Fixture]) -> tuple[float, float]:
    """Macro-F1 and log loss on the held-out rows."""
    ngrams = NgramFeatures(settings.word_ngrams, settings.char_ngrams, settings.min_df)
    if settings.cue_weight:
        blocks = TrainableBlocks((ngrams, CueFeatures()), (None, settings.cue_weight))
    else:
        blocks = TrainableBlocks((ngrams,), (None,))
    classifier = StanceClassifier(base=blocks, C=settings.C, calibrate=False)
    weights = row_weights(train, settings.statement_weight, settings.confidence_weights)
    used = np.flatnonzero(weights)
    classifier.fit([train[i].row.text for i in used], [train[i].row.label for i in used], sample_weight=weights[used])
    truth = [f.row.label for f in held_out]
    shares = classifier.predict_proba([f.row.text for f in held_out])
    macro_f1 = f1_score(truth, classifier.classes_[shares.argmax(axis=1)], average="macro")
    return float(macro_f1), float(log_loss(truth, shares, labels=classifier.classes_))


def search(train: list[Fixture], held_out: list[Fixture]) -> tuple[Settings, list[str]]:
    best, rows = Settings(), []
    macro_f1, least = score(best, train, held_out)
    rows.append(f"| start | {_shown(best)} | {macro_f1:.3f} | {least:.4f} | |")
    with tqdm(total=sum(len(values) - 1 for values in VALUES.values()), unit="fit") as bar:
        for name, values in VALUES.items():
            kept = getattr(best, name)
            for value in values:
                if value == kept:
                    continue
                tried = replace(best, **{name: value})
                macro_f1, loss = score(tried, train, held_out)
                rows.append(f"| {name} | {value} | {macro_f1:.3f} | {loss:.4f} | {'better' if loss < least else ''} |")
                bar.update()
                if loss < least:
                    least, kept = loss, value
            best = replace(best, **{name: kept})
    macro_f1, loss = score(best, train, held_out)
    rows.append(f"| **chosen** | {_shown(best)} | {macro_f1:.3f} | {loss:.4f} | |")
    return best, rows


def _shown(settings: Settings) -> str:
    return ", ".join(f"{field.name} {getattr(settings, field.name)}" for field in fields(settings))


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fixtures", type=Path, default=FIXTURES)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args(argv)
    fixtures = read_fixtures(options.fixtures)
    train = [f for f in fixtures if f.split == "train"]
    held_out = [f for f in fixtures if f.split == "validation" and f.kind == "documents"]
    _, rows = search(train, held_out)
    head = [
        "# The settings of the ngram tier",
        "",
        "    python training/search_ngram.py --out docs/benchmarks/ngram.md",
        "",
        f"Fitted on {len(train)} rows of the train split, scored on {len(held_out)} sentences of validation documents.",
        "Each setting is varied in turn from the best so far; the least log loss is kept.",
        "",
        "| setting | value | macro-F1 | log loss | |",
        "| --- | --- | --- | --- | --- |",
    ]
    options.out.write_text("\n".join([*head, *rows]) + "\n", encoding="utf-8")
    print("\n".join(rows))
    return 0


if __name__ == "__main__":
    sys.exit(run(main))
