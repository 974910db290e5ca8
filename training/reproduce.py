"""Train a shipped model again and compare.

    python training/reproduce.py
    python training/reproduce.py --encoder encoder --work runs/reproduce [--real FILE]

The ngram model is equal byte for byte on the machine and library versions that its manifest names; elsewhere
every label on the fixtures is equal and every coefficient within 1e-5. An encoder is tuned again from where its
manifest says that it began, by its recipe and seed: hours on two cores, and the same command goes on with a
run that was killed. Its labels must be equal on 95 % of the fixtures, and its macro-F1 on FILE within 0.015.
Says what it found; exit code 1 if that is not enough.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from fetch_encoders import SOURCES, fetch
from train import main as train

from stancekit import load_model
from stancekit.artifact import model_folder, sha256_of
from stancekit.errors import InputError
from stancekit.report.evaluation import evaluate_file
from stancetrain.console import run
from stancetrain.fixtures import FIXTURES, fixtures_sha256, read_fixtures

TOLERANCE = 1e-5
"""Of coefficients, for the ngram model."""
LABELS_EQUAL, SCORES_WITHIN = 0.95, 0.015
"""For an encoder."""
BASE = "mpnet"
"""Whose configuration and tokeniser a shipped encoder has."""


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


def reproduce_ngram(fixtures: Path) -> tuple[bool, str]:
    seed = load_model("ngram").manifest["trained_on"]["seed"]
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "ngram"
        train(["--model", "ngram", "--fixtures", str(fixtures), "--out", str(out), "--seed", str(seed)])
        texts = [f.row.text for f in read_fixtures(fixtures)]
        return compare(model_folder("ngram"), out, texts)


def tuned_again(name: str, manifest: Mapping[str, Any], fixtures: Path, work: Path) -> Path:
    """The model folder of an encoder that was tuned again as its manifest records."""
    import export
    import finetune
    import restore

    recorded, four_bit = manifest["trained_on"], manifest["quantised"]["four_bit"]
    origin = recorded["encoder"]["name"]
    start = work / "start" / origin
    for source in {BASE, origin} & set(SOURCES):
        if not (work / "start" / source).exists():
            fetch(source, work / "start")
    if not start.exists():
        restore.main(["--model", origin, "--base", str(work / "start" / BASE), "--out", str(start)])
    recipe = work / "recipe.json"
    recipe.write_text(json.dumps(recorded["recipe"]), encoding="utf-8")
    tuned, out = work / "run", work / name
    options = ["--fixtures", str(fixtures), "--seed", str(recorded["seed"]), "--out", str(tuned)]
    if not (tuned / "run.json").exists():
        finetune.main(["--encoder", str(start), "--recipe", str(recipe), *options, "--resume"])
    if not out.exists():
        export.main(
            ["--run", str(tuned), "--name", name, "--fixtures", str(fixtures), "--out", str(out), *_stored(four_bit)]
        )
    return out


def _stored(four_bit: Mapping[str, Any]) -> list[str]:
    """The options of export.py that store weights as the manifest records."""
    options = ["--four-bit-block", str(four_bit["block"])]
    for kind in ("feed_forward", "attention"):
        if four_bit[kind]:
            options += [f"--four-bit-{kind.replace('_', '-')}", f"{four_bit[kind][0]}-{four_bit[kind][-1]}"]
    if four_bit["embedding_block"]:
        options += ["--embedding-block", str(four_bit["embedding_block"])]
    return options


def reproduce_encoder(name: str, fixtures: Path, work: Path, real: Path | None) -> tuple[bool, str]:
    shipped = load_model(name)
    again = load_model(tuned_again(name, shipped.manifest, fixtures, work))
    texts = [f.row.text for f in read_fixtures(fixtures)]
    equal = float((shipped.predict_proba(texts).argmax(1) == again.predict_proba(texts).argmax(1)).mean())
    agree, how = equal >= LABELS_EQUAL, f"{equal:.1%} of {len(texts)} labels are equal"
    if real is not None:
        one, other = (evaluate_file(real, model=model).macro_f1 for model in (shipped, again))
        agree, how = agree and abs(one - other) <= SCORES_WITHIN, f"{how}, macro-F1 {one:.3f} and {other:.3f}"
    return agree, how


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fixtures", type=Path, default=FIXTURES)
    parser.add_argument("--encoder", metavar="NAME", nargs="?", const="encoder", help="this one in place of ngram")
    parser.add_argument("--work", type=Path, help="with --encoder: the folder to work in")
    parser.add_argument("--real", type=Path, help="with --encoder: labelled text, to compare scores on")
    options = parser.parse_args(argv)
    if (options.encoder is None) != (options.work is None):
        raise InputError("--encoder needs --work DIR, and nothing else does")
    name = options.encoder or "ngram"
    if load_model(name).manifest["trained_on"]["fixtures_sha256"] != fixtures_sha256(options.fixtures):
        print("the fixtures are not those that the shipped model was trained on; expect a difference")
    if options.encoder:
        agree, how = reproduce_encoder(name, options.fixtures, options.work, options.real)
    else:
        agree, how = reproduce_ngram(options.fixtures)
    print(f"{name}: {'reproduced' if agree else 'NOT reproduced'}: {how}")
    return 0 if agree else 1


if __name__ == "__main__":
    sys.exit(run(main))
