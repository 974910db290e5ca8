"""Train the shipped model again and compare.

    python training/reproduce.py

On the machine and library versions that the manifest names, the folders are equal byte for byte. Elsewhere
every label on the fixtures is equal and every coefficient within 1e-5. Says which of the two it found; exit
code 1 if neither.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

import numpy as np
from train import main as train

from stancekit import load_model
from stancekit.artifact import model_folder, sha256_of
from stancetrain.console import run
from stancetrain.fixtures import FIXTURES, fixtures_sha256, read_fixtures

TOLERANCE = 1e-5


def differing_files(one: Path, other: Path) -> list[str]:
    names = {path.name for path in one.iterdir()} | {path.name for path in other.iterdir()}
    return sorted(
        name
        for name in names
        if not (
            (one / name).is_file() and (other / name).is_file() and sha256_of(one / name) == sha256_of(other / name)
        )
    )


def compare(shipped: Path, again: Path, texts: list[str]) -> tuple[bool, str]:
    """Whether two trainings agree, and how."""
    differing = differing_files(shipped, again)
    if not differing:
        return True, "the same bytes"
    one, other = load_model(shipped), load_model(again)
    if one.head.coef.shape != other.head.coef.shape:
        return False, f"the features differ: {one.head.coef.shape[0]} and {other.head.coef.shape[0]}"
    gap = float(np.abs(one.head.coef - other.head.coef).max())
    unlike = int((one.predict_proba(texts).argmax(1) != other.predict_proba(texts).argmax(1)).sum())
    agree = gap <= TOLERANCE and unlike == 0
    return agree, f"{unlike} of {len(texts)} labels differ, coefficients by {gap:.1e} at most ({', '.join(differing)})"


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fixtures", type=Path, default=FIXTURES)
    options = parser.parse_args(argv)
    manifest = load_model("ngram").manifest
    recorded = manifest["trained_on"]
    if recorded["fixtures_sha256"] != fixtures_sha256(options.fixtures):
        print("the fixtures are not those that the shipped model was trained on; expect a difference")
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "ngram"
        train(
            [
                "--model",
                "ngram",
                "--fixtures",
                str(options.fixtures),
                "--out",
                str(out),
                "--seed",
                str(recorded["seed"]),
            ]
        )
        texts = [f.row.text for f in read_fixtures(options.fixtures)]
        agree, how = compare(model_folder("ngram"), out, texts)
    print(f"ngram: {'reproduced' if agree else 'NOT reproduced'}: {how}")
    return 0 if agree else 1


if __name__ == "__main__":
    sys.exit(run(main))
