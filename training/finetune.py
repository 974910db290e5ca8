"""Fine-tune a sentence encoder on the fixtures.

    python training/finetune.py --encoder PATH --recipe training/recipes/encoder.json --out runs/encoder

Writes OUT/encoder (a Hugging Face folder), OUT/heads.npz, OUT/predictions.npz (logits on the held-out
splits) and OUT/run.json (recipe, seed, versions, curve, scores on the validation split). A killed run goes
on with the same command and --resume.
"""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.metrics import f1_score, log_loss

from stancekit.artifact import sha256_of
from stancekit.calibration import softmax
from stancekit.errors import InputError
from stancekit.labels import LABELS
from stancetrain.console import run
from stancetrain.examples import Example, kept, statement_examples, target_examples, weighted_by_class
from stancetrain.fixtures import FIXTURES, KINDS, Fixture, fixtures_sha256, read_fixtures
from stancetrain.recipe import Recipe
from stancetrain.tuning import predict_logits, save_network, tune, write_json

PACKAGES = ("torch", "transformers", "tokenizers", "numpy")


def origin_of(encoder: str) -> dict[str, str]:
    """The name that an encoder goes by, and the hash of its weights if it is a folder."""
    weights = Path(encoder) / "model.safetensors"
    if not weights.is_file():
        return {"name": encoder}
    return {"name": Path(encoder).name, "sha256": sha256_of(weights)}


def taught(examples: list[Example], teachers: list[Path]) -> list[Example]:
    """The examples with the mean of the teachers' probabilities for the rows that they answered."""
    total: dict[str, list[np.ndarray]] = {}
    for path in teachers:
        with np.load(path) as stored:
            logits = stored["logits"]
            shares = np.exp(logits - logits.max(1, keepdims=True))
            shares /= shares.sum(1, keepdims=True)
            for name, row in zip(stored["ids"], shares, strict=True):
                total.setdefault(str(name), []).append(row)
    return [replace(e, soft=tuple(np.mean(total[e.id], axis=0).tolist())) if e.id in total else e for e in examples]


def held_out_scores(fixtures: list[Fixture], logits: np.ndarray) -> dict[str, dict[str, Any]]:
    """Macro-F1, log loss and F1 of each class on the validation and calibration splits."""
    truth = np.array([LABELS.index(f.row.label or "") for f in fixtures])
    scores = {}
    for split in ("validation", "calibration"):
        for kind in KINDS:
            picks = [i for i, f in enumerate(fixtures) if (f.split, f.kind) == (split, kind)]
            if not picks:
                continue
            guess = logits[picks].argmax(1)
            scores[f"{split}/{kind}"] = {
                "n": len(picks),
                "macro_f1": float(f1_score(truth[picks], guess, average="macro")),
                "log_loss": float(
                    log_loss(truth[picks], softmax(logits[picks].astype(np.float64)), labels=range(len(LABELS)))
                ),
                "f1": dict(
                    zip(
                        LABELS,
                        f1_score(truth[picks], guess, average=None, labels=range(len(LABELS))).tolist(),
                        strict=True,
                    )
                ),
            }
    return scores


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fixtures", type=Path, default=FIXTURES)
    parser.add_argument("--encoder", required=True, help="a Hugging Face folder or hub name")
    parser.add_argument("--recipe", type=Path, required=True)
    parser.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE", help="override a setting of the recipe"
    )
    parser.add_argument(
        "--teacher", action="append", default=[], type=Path, metavar="FILE.npz", help="predictions to distil from"
    )
    parser.add_argument("--teach", action="store_true", help="predict the training rows, too, to distil from")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--resume", action="store_true")
    options = parser.parse_args(argv)

    if options.out.exists() and not options.resume:
        raise InputError(f"{options.out} exists; give --resume to go on with it, or another --out")
    recipe = Recipe.load(options.recipe, options.set)
    everything = read_fixtures(options.fixtures, labelled=False)
    labelled = [f for f in everything if f.row.label is not None]
    splits = recipe.train_on.split("+")
    chosen = [f for f in labelled if f.split in splits and kept(f, recipe.fraction)]
    chosen = [f for f in chosen if f.kind == "documents" or recipe.statement_weight > 0]
    train = weighted_by_class(statement_examples(chosen, recipe, context=everything), recipe.class_weight_power)
    if options.teacher:
        train = taught(train, options.teacher)
    if recipe.target_weight > 0:
        pairs = [f for f in labelled if f.split in splits and kept(f, recipe.fraction)]
        train += weighted_by_class(target_examples(pairs, recipe), recipe.class_weight_power)
    held_out = [f for f in labelled if f.split == "validation" and f.kind == "documents"]
    validation = statement_examples(held_out, recipe, context=everything)

    options.out.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    network, tokenizer, curve = tune(
        options.encoder, recipe, train, validation, options.out, seed=options.seed, resume=options.resume
    )
    seconds = time.monotonic() - started
    save_network(network, tokenizer, options.out)

    def logits_of(rows: list[Fixture], quick: bool) -> np.ndarray:
        examples = statement_examples(rows, recipe, context=everything)
        return predict_logits(network, tokenizer, examples, recipe.max_tokens, quick=quick)

    inside = [f for f in labelled if f.split in splits] if options.teach else []
    outside = [f for f in labelled if f.split not in splits]
    held_out_logits = logits_of(outside, quick=False)
    place = {f.row.id: k for k, f in enumerate(labelled)}
    order = np.argsort([place[f.row.id] for f in outside + inside])
    ids = np.array([f.row.id for f in outside + inside])
    logits = np.concatenate([held_out_logits, logits_of(inside, quick=True)])
    np.savez(options.out / "predictions.npz", ids=ids[order], logits=logits[order])
    scores = held_out_scores(outside, held_out_logits)
    write_json(
        options.out / "run.json",
        {
            "encoder": origin_of(options.encoder),
            "recipe": recipe.model_dump(),
            "seed": options.seed,
            "teachers": [str(path) for path in options.teacher],
            "fixtures_sha256": fixtures_sha256(options.fixtures),
            "examples": len(train),
            "seconds": round(seconds),
            "rows_per_second": round(len(train) * recipe.epochs / seconds, 1),
            "versions": {name: version(name) for name in PACKAGES},
            "scores": scores,
            "curve": curve,
        },
    )
    for name, score in scores.items():
        print(f"{name}: n {score['n']}  macro-F1 {score['macro_f1']:.3f}  log loss {score['log_loss']:.3f}")
    return 0


if __name__ == "__main__":
    sys.exit(run(main))
