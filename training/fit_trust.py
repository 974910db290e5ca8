"""Give a model folder what tells it when not to answer, and measure that.

    python training/fit_trust.py --model DIR            # fit, and write into DIR
    python training/fit_trust.py --model NAME --check   # measure only
    python training/fit_trust.py --model NAME --check --real REAL.jsonl

Fits the domain check (on the training split and two thirds of fixtures/suites/out_of_domain.jsonl, its
threshold on the validation and calibration splits) and the conformal scores (on the calibration split), and
saves the folder with its hashes. The same folder twice gives the same bytes. A cascade has conformal scores
only: its two models check the domain; make it again with train.py when one of them has changed.
--real takes labelled text of the user's own (JSON Lines, fields text and label), which is measured and not kept.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from stancekit import load_model, save_model
from stancekit.artifact import model_folder
from stancekit.calibration import ConformalScores
from stancekit.errors import InputError
from stancekit.scoring import Model
from stancetrain.console import run
from stancetrain.fixtures import FIXTURES, read_fixtures
from stancetrain.outsiders import read_outsiders
from stancetrain.trust import with_trust

SPLITS_DRAWN = 200
COVERAGE = 0.9


def share_outside(model: Model, texts: Sequence[str]) -> float:
    return float(model.answer(texts).outside.mean())


def domain_report(model: Model, root: Path) -> list[str]:
    """Shares abstained: of held-out fixtures, and of the outsiders kept for testing, by kind."""
    lines = ["out of domain, share abstained"]
    for split in ("validation", "calibration", "test"):
        texts = [f.row.text for f in read_fixtures(root, splits=[split])]
        lines.append(f"  fixtures, {split:<12} {share_outside(model, texts):.3f} of {len(texts)}")
    kept = [each for each in read_outsiders(root / "suites") if each.part == "test"]
    outside = model.answer([each.text for each in kept]).outside
    lines.append(f"  outsiders, test         {outside.mean():.3f} of {len(kept)}")
    for kind in sorted({each.kind for each in kept}):
        among = np.array([each.kind == kind for each in kept])
        lines.append(f"    {kind:<21} {outside[among].mean():.3f} of {among.sum()}")
    return lines


def mean_coverage(probabilities: np.ndarray, truth: np.ndarray, seed: int) -> tuple[float, float, float]:
    """Coverage and size of the sets over random halves, one to calibrate and one to test; and the coverage's spread."""
    random = np.random.default_rng(seed)
    covered, sizes = [], []
    for _ in range(SPLITS_DRAWN):
        order = random.permutation(len(truth))
        known, fresh = order[: len(order) // 2], order[len(order) // 2 :]
        sets = ConformalScores.of(probabilities[known], truth[known]).sets(probabilities[fresh], COVERAGE)
        covered.append(sets[np.arange(len(fresh)), truth[fresh]].mean())
        sizes.append(sets.sum(axis=1).mean())
    return float(np.mean(covered)), float(np.mean(sizes)), float(np.std(covered))


def conformal_report(model: Model, root: Path, real: Path | None, seed: int) -> list[str]:
    """Coverage on random splits of the held-out fixtures, with the stored scores on the test split, on real text."""
    rows = [f.row for f in read_fixtures(root, splits=["calibration", "test"])]
    probabilities = model.predict_proba([row.text for row in rows])
    truth = np.array([model.classes.index(row.label) for row in rows])
    covered, size, spread = mean_coverage(probabilities, truth, seed)
    lines = [
        f"conformal sets at {COVERAGE:.0%}",
        f"  {SPLITS_DRAWN} random splits of {len(rows)} held-out fixtures: coverage {covered:.4f} "
        f"(standard deviation {spread:.4f}), mean size {size:.2f}",
    ]
    tested = [f.row for f in read_fixtures(root, splits=["test"])]
    lines += _coverage(model, "fixtures, test", [row.text for row in tested], [row.label or "" for row in tested])
    if real is not None:
        records = _read_real(real)
        texts = [record["text"] for record in records]
        lines += _coverage(model, f"real text, {real.name}", texts, [record["label"] for record in records])
        lines.append(f"  of these wrongly abstained as out of domain: {share_outside(model, texts):.4f}")
    return lines


def _coverage(model: Model, name: str, texts: Sequence[str], labels: Sequence[str]) -> list[str]:
    sets = model.predict_set(texts, COVERAGE)
    truth = np.array([model.classes.index(label) for label in labels])
    held = sets[np.arange(len(truth)), truth]
    by_class = ", ".join(f"{model.classes[code]} {held[truth == code].mean():.3f}" for code in np.unique(truth))
    return [f"  {name}: coverage {held.mean():.3f} of {len(texts)} ({by_class}), mean size {sets.sum(1).mean():.2f}"]


def _read_real(path: Path) -> list[dict[str, str]]:
    try:
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: expected JSON Lines with fields text and label ({error})") from error


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True, metavar="NAME|DIR")
    parser.add_argument("--fixtures", type=Path, default=FIXTURES)
    parser.add_argument("--check", action="store_true", help="measure only; write nothing")
    parser.add_argument("--real", type=Path, metavar="FILE", help="labelled real text to measure on")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(argv)
    model = load_model(options.model)
    if not options.check:
        folder = model_folder(options.model)
        model = save_model(with_trust(model, options.fixtures, options.seed), folder, overwrite=True)
        print(f"{folder}: model {model.name} {model.version}, sha256 {model.sha256}")
    print("\n".join(domain_report(model, options.fixtures)))
    print("\n".join(conformal_report(model, options.fixtures, options.real, options.seed)))
    return 0


if __name__ == "__main__":
    sys.exit(run(main))
