"""Score the stance toward given targets on pairs of a sentence and a target.

    python training/evaluate_targets.py --real SENTENCES.jsonl --targets PAIRS.jsonl --model encoder

SENTENCES has a line {"id", "text"} a sentence, and "label" where its own stance is known; PAIRS a line {"id",
"target", "label", "differs"} a pair, where `differs` says that the stance toward the target is not the sentence's.
Both are kept outside the project. Beside the target head stands what copying the sentence's stance would score:
the true one where the file has it, and the one that the model predicts.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from stancekit import load_model
from stancekit.errors import InputError
from stancekit.labels import LABELS
from stancekit.report.intervals import confusion_counts, scores
from stancekit.report.table import aligned
from stancetrain.console import run
from stancetrain.jsonl import numbered


@dataclass(frozen=True)
class Pair:
    text: str
    target: str
    label: str
    differs: bool
    statement: str | None


def read_pairs(real: Path, targets: Path) -> list[Pair]:
    """The pairs with their sentences.

    Raises
    ------
    InputError
        If a file is missing or malformed, or a pair's sentence is not there; names the line.
    """
    sentences = {fields["id"]: fields for _, fields in _lines(real, ("id", "text"))}
    pairs = []
    for number, fields in _lines(targets, ("id", "target", "label")):
        sentence = sentences.get(fields["id"])
        if sentence is None:
            raise InputError(f"{targets}: line {number}: no sentence {fields['id']!r} in {real}")
        if fields["label"] not in LABELS:
            raise InputError(f"{targets}: line {number}: {fields['label']!r} is no label; use {', '.join(LABELS)}")
        own = sentence.get("label")
        differs = fields.get("differs", own is not None and own != fields["label"])
        pairs.append(Pair(sentence["text"], fields["target"], fields["label"], bool(differs), own))
    if not pairs:
        raise InputError(f"{targets}: has no pairs")
    return pairs


def compare(model: Any, pairs: Sequence[Pair]) -> dict[str, dict[str, dict[str, float]]]:
    """Scores of each way to answer, over all pairs and over those that differ."""
    texts = [pair.text for pair in pairs]
    answers = {
        "target head": _labels(model, model.predict_proba(texts, [pair.target for pair in pairs])),
        "copying the predicted label": _labels(model, model.predict_proba(texts)),
    }
    own = [pair.statement for pair in pairs]
    if all(label is not None for label in own):
        answers["copying the true label"] = [str(label) for label in own]
    differing = [i for i, pair in enumerate(pairs) if pair.differs]
    parts = {"all": list(range(len(pairs))), "differing": differing}
    return {
        how: {part: _scores([pairs[i].label for i in rows], [given[i] for i in rows]) for part, rows in parts.items()}
        for how, given in answers.items()
    }


def _labels(model: Any, probabilities: np.ndarray) -> list[str]:
    return [str(model.classes[column]) for column in probabilities.argmax(axis=1)]


def _scores(truth: Sequence[str], given: Sequence[str]) -> dict[str, float]:
    codes = [np.array([LABELS.index(label) for label in labels], dtype=np.intp) for labels in (truth, given)]
    found = scores(confusion_counts(*codes, len(LABELS)))
    f1 = dict(zip((f"F1 {label}" for label in LABELS), found["f1"].tolist(), strict=True))
    return {"n": len(truth), "macro-F1": float(found["macro_f1"]), "accuracy": float(found["accuracy"]), **f1}


def _lines(path: Path, wanted: Sequence[str]) -> list[tuple[int, dict[str, Any]]]:
    found = []
    for number, fields in numbered(path):
        missing = [name for name in wanted if name not in fields]
        if missing:
            raise InputError(f"{path}: line {number}: has no field {missing[0]!r}")
        found.append((number, fields))
    return found


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--real", type=Path, required=True, metavar="SENTENCES.jsonl")
    parser.add_argument("--targets", type=Path, required=True, metavar="PAIRS.jsonl")
    parser.add_argument("--model", default="encoder", help="a shipped model's name or a model folder")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args(argv)
    pairs = read_pairs(options.real, options.targets)
    model = load_model(options.model)
    found = compare(model, pairs)
    if options.json:
        print(json.dumps({"model": f"{model.name} {model.version}", **found}, indent=2))
        return 0
    print(f"model {model.name} {model.version} (sha256 {model.sha256[:12]})\n")
    for part in ("all", "differing"):
        names = list(next(iter(found.values()))[part])[1:]
        rows = [(how, *(f"{each[part][name]:.3f}" for name in names)) for how, each in found.items()]
        n = next(iter(found.values()))[part]["n"]
        print(f"{aligned((f'{part} ({n:g} pairs)', *names), rows)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(run(main))
