"""Are explanations faithful? Take the words away that they name, and see whether the label changes.

    python training/deletion_test.py --model ngram
    python training/deletion_test.py --model encoder --sample 150

For each document sentence of the validation split of six words or more, the three words that speak most for the
label are removed, and as a comparison three words drawn at random, ten times over (DeYoung et al. 2020 call the
former comprehensiveness). Prints how often either changes the label, and the ratio of the two.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from stancekit import load_model
from stancekit.analysis.explanation import Explanation, explain
from stancekit.scoring import Model
from stancetrain.console import run
from stancetrain.fixtures import FIXTURES, read_fixtures

WORDS_REMOVED = 3
FEWEST_WORDS = 6
DRAWS = 10


def without(explanation: Explanation, places: Iterable[int]) -> str:
    """The text without some of its words, by their places."""
    gone = set(places)
    return " ".join(word.text for i, word in enumerate(explanation.words) if i not in gone)


def top_places(explanation: Explanation) -> list[int]:
    """The places of the words that speak most for the label."""
    return np.argsort([-word.contribution for word in explanation.words], kind="stable")[:WORDS_REMOVED].tolist()


def change_rates(model: Model, texts: Sequence[str], seed: int) -> tuple[float, float]:
    """How often the label changes without the top words, and without random ones."""
    random = np.random.default_rng(seed)
    top, drawn = [], []
    for text in texts:
        explanation = explain(model, text)
        variants = [without(explanation, top_places(explanation))]
        for _ in range(DRAWS):
            variants.append(without(explanation, random.permutation(len(explanation.words))[:WORDS_REMOVED].tolist()))
        labels = model.predict_proba(variants).argmax(axis=1)
        changed = labels != model.classes.index(explanation.label)
        top.append(changed[0])
        drawn.append(changed[1:].mean())
    return float(np.mean(top)), float(np.mean(drawn))


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True, metavar="NAME|DIR")
    parser.add_argument("--fixtures", type=Path, default=FIXTURES)
    parser.add_argument("--sample", type=int, metavar="N", help="this many sentences, drawn at random; all if left out")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(argv)
    rows = read_fixtures(options.fixtures, kinds=["documents"], splits=["validation"])
    texts = [f.row.text for f in rows if len(f.row.text.split()) >= FEWEST_WORDS]
    if options.sample is not None:
        order = np.random.default_rng(options.seed).permutation(len(texts))[: options.sample]
        texts = [texts[i] for i in sorted(order)]
    model = load_model(options.model)
    top, drawn = change_rates(model, texts, options.seed)
    ratio = f"{top / drawn:.1f} times as often" if drawn else "random words never change it"
    print(
        f"{model.name} {model.version}, {len(texts)} sentences: the label changes without the top "
        f"{WORDS_REMOVED} words in {top:.1%}, without {WORDS_REMOVED} random words in {drawn:.1%}: {ratio}"
    )
    return 0


if __name__ == "__main__":
    sys.exit(run(main))
