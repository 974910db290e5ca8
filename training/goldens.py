"""Golden predictions: what each shipped model answers to a fixed list of sentences.

    python training/goldens.py            # compare; exit code 1 if a label or probability moved
    python training/goldens.py --write    # record the answers of the present models

The sentences are those of the demonstration file. Goldens are written on purpose only, with a new model
version.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from pathlib import Path
from typing import Any

from stancekit import load_model, shipped_models
from stancetrain.console import run
from stancetrain.fixtures import FIXTURES

GOLDENS = Path(__file__).resolve().parents[1] / "tests" / "goldens"
EXACT, QUANTISED = 5e-4, 0.03
"""How far a probability may move: processors round the encoders' 8-bit activations differently."""


def answers(name: str) -> dict[str, Any]:
    model = load_model(name)
    with (FIXTURES / "demo" / "statements.csv").open(encoding="utf-8", newline="") as stream:
        texts = {row["id"]: row["text"] for row in csv.DictReader(stream)}
    predictions = model.classify(list(texts.values()))
    return {
        "model": name,
        "version": model.version,
        "answers": {
            key: {"label": p.label, "probabilities": {k: round(v, 4) for k, v in p.probabilities.items()}}
            for key, p in zip(texts, predictions, strict=True)
        },
    }


def differences(recorded: dict[str, Any], present: dict[str, Any]) -> list[str]:
    if recorded["version"] != present["version"]:
        return [f"recorded for version {recorded['version']}, the model is {present['version']}"]
    tolerance = EXACT if recorded["model"] == "ngram" else QUANTISED
    found = []
    for key, before in recorded["answers"].items():
        now = present["answers"].get(key)
        if now is None:
            found.append(f"{key}: no longer asked")
        elif now["label"] != before["label"] or any(
            abs(now["probabilities"][label] - share) > tolerance for label, share in before["probabilities"].items()
        ):
            found.append(f"{key}: {before} became {now}")
    return found


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args(argv)
    failures = 0
    for name in shipped_models():
        path, present = GOLDENS / f"{name}.json", answers(name)
        if options.write:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(present, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
            continue
        for line in differences(json.loads(path.read_text(encoding="utf-8")), present):
            print(f"{name}: {line}")
            failures += 1
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(run(main))
