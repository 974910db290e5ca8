"""Answer the fixtures with a trained model, for another to be distilled from.

    python training/teach.py --model encoder-large --out runs/teacher.npz

Writes the logits of every labelled row and, if the model has a target head, of every (text, target) pair:
the file that finetune.py --teacher reads.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from tqdm import tqdm

from stancekit import load_model
from stancekit.errors import InputError
from stancekit.labels import LABELS
from stancekit.scoring import Model
from stancetrain.console import run
from stancetrain.examples import pair_id
from stancetrain.fixtures import FIXTURES, read_fixtures

BLOCK = 64


def logits(model: Model, texts: Sequence[str], targets: Sequence[str] | None = None) -> np.ndarray:
    """Logits of shape (n, 3), float32."""
    starts = tqdm(range(0, len(texts), BLOCK), unit="block", desc="pairs" if targets else "statements")
    parts = [
        model.decision_function(texts[i : i + BLOCK], None if targets is None else targets[i : i + BLOCK])
        for i in starts
    ]
    return np.concatenate(parts).astype(np.float32)


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fixtures", type=Path, default=FIXTURES)
    parser.add_argument("--model", required=True, help="a shipped model's name, or a model folder")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args(argv)
    if options.out.exists():
        raise InputError(f"{options.out} exists; give another --out")
    model = load_model(options.model)
    if model.classes != LABELS:
        raise InputError(f"the model {model.name!r} has the labels {', '.join(model.classes)}, not {', '.join(LABELS)}")
    rows = [f.row for f in read_fixtures(options.fixtures)]
    ids = [row.id for row in rows]
    answers = [logits(model, [row.text for row in rows])]
    if getattr(model, "target_head", None) is not None:
        pairs = [(row, k, target) for row in rows for k, target in enumerate(row.targets)]
        ids += [pair_id(row.id, k) for row, k, _ in pairs]
        answers.append(logits(model, [row.text for row, _, _ in pairs], [target.text for _, _, target in pairs]))
    options.out.parent.mkdir(parents=True, exist_ok=True)
    np.savez(options.out, ids=np.array(ids), logits=np.concatenate(answers))
    print(f"{options.out}: {len(ids)} answers of {model.name} {model.version}")
    return 0


if __name__ == "__main__":
    sys.exit(run(main))
