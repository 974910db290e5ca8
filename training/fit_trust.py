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
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from stancekit import load_model, save_model
from stancekit.artifact import model_folder
from stancekit.calibration import ConformalScores
from stancekit.errors import InputError
from stancekit.report.curves import at_coverage, selective_accuracy
from stancekit.report.evaluation import expected_calibration_error
from stancekit.scoring import Answers, Model
from stancetrain.console import run
from stancetrain.fixtures import FIXTURES, read_fixtures
from stancetrain.outsiders import Outsider, read_outsiders
from stancetrain.trust import with_trust

SPLITS_DRAWN = 200
COVERAGE = 0.9


@dataclass(frozen=True)
class Measured:
    """Labelled texts and what the model makes of them, read once."""

    name: str
    answers: Answers
    truth: np.ndarray

    @classmethod
    def of(cls, name: str, model: Model, texts: Sequence[str], labels: Sequence[str]) -> Measured:
        return cls(name, model.answer(texts), np.array([model.classes.index(label) for label in labels]))

    @property
    def share_outside(self) -> str:
        return f"{self.answers.outside.mean():.3f} of {len(self.truth)}"


def domain_report(parts: Sequence[Measured], outsiders: Sequence[Outsider], outside: np.ndarray) -> list[str]:
    """Shares abstained: of statements, and of the outsiders kept for testing, by kind."""
    lines = ["abstained as out of domain"]
    lines += [f"  {part.name:<24}{part.share_outside}" for part in parts]
    lines.append(f"  {'outsiders, test':<24}{outside.mean():.3f} of {len(outside)}")
    for kind in sorted({each.kind for each in outsiders}):
        among = np.array([each.kind == kind for each in outsiders])
        lines.append(f"    {kind:<22}{outside[among].mean():.3f} of {among.sum()}")
    return lines


def mean_coverage(probabilities: np.ndarray, truth: np.ndarray, seed: int) -> tuple[float, float, float]:
    """Coverage and size of the sets over random halves, one to calibrate and one to test; the coverage's spread."""
    random = np.random.default_rng(seed)
    covered, sizes = [], []
    for _ in range(SPLITS_DRAWN):
        order = random.permutation(len(truth))
        known, fresh = order[: len(order) // 2], order[len(order) // 2 :]
        sets = ConformalScores.of(probabilities[known], truth[known]).sets(probabilities[fresh], COVERAGE)
        covered.append(sets[np.arange(len(fresh)), truth[fresh]].mean())
        sizes.append(sets.sum(axis=1).mean())
    return float(np.mean(covered)), float(np.mean(sizes)), float(np.std(covered))


def conformal_report(model: Model, drawn: Sequence[Measured], scored: Sequence[Measured], seed: int) -> list[str]:
    """Coverage on random splits of held-out fixtures, and with the stored scores on text not used for them."""
    probabilities = np.concatenate([part.answers.probabilities for part in drawn])
    truth = np.concatenate([part.truth for part in drawn])
    covered, size, spread = mean_coverage(probabilities, truth, seed)
    lines = [
        f"conformal sets at {COVERAGE:.0%}",
        f"  {SPLITS_DRAWN} random splits of {len(truth)} held-out fixtures: coverage {covered:.4f} "
        f"(standard deviation {spread:.4f}), mean size {size:.2f}",
    ]
    if model.conformal is not None:
        lines += [_coverage(model.classes, model.conformal, part) for part in scored]
    return lines


def _coverage(classes: Sequence[str], scores: ConformalScores, part: Measured) -> str:
    sets = scores.sets(part.answers.probabilities, COVERAGE)
    held = sets[np.arange(len(part.truth)), part.truth]
    by_class = ", ".join(f"{classes[code]} {held[part.truth == code].mean():.3f}" for code in np.unique(part.truth))
    return f"  {part.name}: coverage {held.mean():.3f} ({by_class}), mean size {sets.sum(axis=1).mean():.2f}"


def selective_report(part: Measured) -> str:
    confidences = part.answers.probabilities.max(axis=1)
    correct = part.answers.probabilities.argmax(axis=1) == part.truth
    curve = selective_accuracy(confidences, correct)
    every, most, half = (at_coverage(curve, share).accuracy.value for share in (1.0, 0.8, 0.5))
    error = expected_calibration_error(confidences, correct)
    return (
        f"  {part.name}: accuracy {every:.3f}, on the most confident 80 % {most:.3f}, 50 % {half:.3f}, "
        f"calibration error {error:.3f}"
    )


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
    splits = {}
    for split in ("validation", "calibration", "test"):
        rows = [f.row for f in read_fixtures(options.fixtures, splits=[split])]
        splits[split] = Measured.of(f"fixtures, {split}", model, [r.text for r in rows], [r.label or "" for r in rows])
    real = []
    if options.real is not None:
        records = _read_real(options.real)
        texts, labels = [record["text"] for record in records], [record["label"] for record in records]
        real.append(Measured.of(f"real text, {options.real.name}", model, texts, labels))
    kept = [each for each in read_outsiders(options.fixtures / "suites") if each.part == "test"]
    outside = model.answer([each.text for each in kept]).outside
    fresh = [splits["test"], *real]
    lines = domain_report([*splits.values(), *real], kept, outside)
    lines += conformal_report(model, [splits["calibration"], splits["test"]], fresh, options.seed)
    lines += ["confidence", *map(selective_report, fresh)]
    print("\n".join(lines))
    return 0


if __name__ == "__main__":
    sys.exit(run(main))
