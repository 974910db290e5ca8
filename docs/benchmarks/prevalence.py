"""Do the intervals of `stancekit prevalence` keep their word? Writes docs/benchmarks/prevalence.md.

    python docs/benchmarks/prevalence.py [--real REAL.jsonl] [--model encoder] [--cache DIR] [--write]

A labelled set stands for a corpus whose true shares are known. Samples of it are drawn again and again, the
labels of each sample are uncovered, and each method estimates the shares of the whole set. Reported: how often
the interval covers the truth, and how wide it is. --real takes JSON Lines with text, label and kind, kept outside
the project. --cache keeps predictions between runs, by the model's hash.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from stancekit import load_model
from stancekit.analysis.prevalence import prevalence
from stancekit.coding.sampling import doubt, lean, pareto_ranks
from stancekit.labels import LABELS
from stancekit.scoring import Model
from stancetrain.console import run
from stancetrain.fixtures import FIXTURES, read_fixtures

PAGE = Path(__file__).with_suffix(".md")
LABELLED = 100
SIZES = (15, 30, 50, 100, 200)
METHODS = ("classical", "difference", "ppi", "dsl", "adjusted-count")


@dataclass(frozen=True)
class Corpus:
    """Texts with labels, groups and a model's probabilities."""

    name: str
    labels: np.ndarray
    groups: np.ndarray
    shares: np.ndarray

    @property
    def truth(self) -> np.ndarray:
        return np.array([(self.labels == name).mean() for name in LABELS])


def fixtures() -> tuple[str, list[dict[str, str]]]:
    rows = [each.row for each in read_fixtures(FIXTURES, kinds=["documents"], splits=["test"])]
    return "documents of the fixtures' test split", [
        {"text": row.text, "label": row.label, "kind": row.genre} for row in rows
    ]


def real(path: Path) -> tuple[str, list[dict[str, str]]]:
    with path.open(encoding="utf-8") as lines:
        return "real statements, not redistributed", [json.loads(line) for line in lines]


def predicted(name: str, rows: list[dict[str, str]], model: Model, cache: Path | None) -> Corpus:
    texts = [row["text"] for row in rows]
    key = hashlib.sha256("\0".join([model.sha256, *texts]).encode()).hexdigest()[:16]
    stored = cache / f"{key}.npy" if cache else None
    if stored and stored.exists():
        shares = np.load(stored)
    else:
        order = [list(map(str, model.classes)).index(label) for label in LABELS]
        shares = model.predict_proba(texts)[:, order]
        if stored:
            stored.parent.mkdir(parents=True, exist_ok=True)
            np.save(stored, shares)
    return Corpus(name, np.array([r["label"] for r in rows]), np.array([r["kind"] for r in rows]), shares)


@dataclass
class Tally:
    """Covered or not, how wide, and how far off: one line a sample, one column a label."""

    covered: list[list[bool]]
    widths: list[list[float]]
    errors: list[list[float]]

    @property
    def coverage(self) -> np.ndarray:
        return np.mean(self.covered, axis=0)

    @property
    def width(self) -> np.ndarray:
        return np.mean(self.widths, axis=0)

    @property
    def bias(self) -> np.ndarray:
        return np.mean(self.errors, axis=0)


Draw = Callable[[np.random.Generator], tuple[np.ndarray, np.ndarray | None]]


def simulate(corpus: Corpus, method: str, draw: Draw, samples: int) -> Tally:
    """Estimate the whole from many samples; the same samples for every method."""
    generator, tally = np.random.default_rng(0), Tally([], [], [])
    for _ in range(samples):
        places, probability = draw(generator)
        found = prevalence(
            corpus.shares, places, corpus.labels[places], sampling_probability=probability, method=method
        )
        ends = [(share.low, share.high, share.share) for share in found.shares]
        tally.covered.append([low <= true <= high for (low, high, _), true in zip(ends, corpus.truth, strict=True)])
        tally.widths.append([high - low for low, high, _ in ends])
        tally.errors.append([share - true for (_, _, share), true in zip(ends, corpus.truth, strict=True)])
    return tally


def with_replacement(corpus: Corpus, n: int) -> Draw:
    return lambda generator: (generator.integers(0, len(corpus.labels), n), None)


def without(corpus: Corpus, n: int) -> Draw:
    total = len(corpus.labels)
    return lambda generator: (generator.choice(total, n, replace=False), np.full(n, n / total))


def uncertain(corpus: Corpus, n: int) -> Draw:
    """As `stancekit sample --how uncertain` draws."""
    doubts, total = doubt(corpus.shares), len(corpus.labels)
    leaning = lean(n, total, doubts.sum(), doubts.max())
    probability = n * ((1 - leaning) / total + leaning * doubts / doubts.sum())

    def draw(generator: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        places = np.argsort(pareto_ranks(probability, generator))[:n]
        return places, np.minimum(probability[places], 1)

    return draw


def by_group(corpus: Corpus, method: str, samples: int) -> tuple[float, float, int]:
    """Mean coverage and width over groups and labels, and how many intervals these are."""
    generator = np.random.default_rng(0)
    truth = {g: [(corpus.labels[corpus.groups == g] == name).mean() for name in LABELS] for g in set(corpus.groups)}
    covered, widths = [], []
    for _ in range(samples):
        places = generator.integers(0, len(corpus.labels), LABELLED)
        found = prevalence(corpus.shares, places, corpus.labels[places], groups=corpus.groups, method=method)
        for share in found.shares:
            if share.group and share.low is not None:
                covered.append(share.low <= truth[share.group][LABELS.index(share.label)] <= share.high)
                widths.append(share.high - share.low)
    return float(np.mean(covered)), float(np.mean(widths)), len(covered)


def triple(values: np.ndarray, form: str) -> str:
    return " / ".join(format(value, form) for value in values)


def page(corpora: list[Corpus], model: Model, samples: int) -> Iterator[str]:
    yield "# Coverage of the intervals of `prevalence`\n"
    yield "Written by `docs/benchmarks/prevalence.py --write`; what it does is told at its top.\n"
    yield f"Model: {model.name} {model.version} (sha256 {model.sha256[:12]})."
    yield f"Intervals of 95 %; {samples:,} samples each."
    yield f"Labels in the order {', '.join(LABELS)}. The width of an interval is from end to end."
    for corpus in corpora:
        naive = np.bincount(corpus.shares.argmax(axis=1), minlength=len(LABELS)) / len(corpus.labels)
        yield f"\n## {corpus.name[0].upper() + corpus.name[1:]} ({len(corpus.labels)} rows)\n"
        yield f"True shares {triple(corpus.truth, '.1%')}; shares of the predicted labels {triple(naive, '.1%')}."
        yield from methods_table(corpus, samples)
        yield from designs_table(corpus, samples)
        yield from groups_table(corpus, samples)


def methods_table(corpus: Corpus, samples: int) -> Iterator[str]:
    yield f"\n{LABELLED} labels, drawn with replacement:\n"
    yield "| method | coverage | mean width | width / labels alone | mean error |"
    yield "| --- | --- | --- | --- | --- |"
    tallies = {m: simulate(corpus, m, with_replacement(corpus, LABELLED), samples) for m in METHODS}
    for method, tally in tallies.items():
        yield (
            f"| {method} | {triple(tally.coverage, '.1%')} | {triple(tally.width, '.3f')} "
            f"| {triple(tally.width / tallies['classical'].width, '.2f')} | {triple(tally.bias, '+.3f')} |"
        )


def designs_table(corpus: Corpus, samples: int) -> Iterator[str]:
    yield "\nOther sizes and designs; labels alone drawn at random in the same way:\n"
    yield "| labels | drawn | method | coverage | mean width | width / labels alone |"
    yield "| --- | --- | --- | --- | --- | --- |"
    designs = [(n, "with replacement", with_replacement, with_replacement) for n in SIZES]
    designs += [(LABELLED, "`--how random`", without, without), (LABELLED, "`--how uncertain`", uncertain, without)]
    for n, name, design, plain in designs:
        alone = simulate(corpus, "classical", plain(corpus, n), samples)
        for method in ("ppi", "dsl"):
            tally = simulate(corpus, method, design(corpus, n), samples)
            yield (
                f"| {n} | {name} | {method} | {triple(tally.coverage, '.1%')} | {triple(tally.width, '.3f')} "
                f"| {triple(tally.width / alone.width, '.2f')} |"
            )


def groups_table(corpus: Corpus, samples: int) -> Iterator[str]:
    yield f"\nBy genre, from {LABELLED} labels in all; mean over labels and genres with ten labels or more:\n"
    yield "| method | coverage | mean width | intervals |"
    yield "| --- | --- | --- | --- |"
    for method in ("classical", "difference", "ppi", "dsl"):
        coverage, width, count = by_group(corpus, method, samples)
        yield f"| {method} | {coverage:.1%} | {width:.3f} | {count:,} |"


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="encoder")
    parser.add_argument("--real", type=Path, metavar="FILE", help="labelled real text, beside the fixtures")
    parser.add_argument("--cache", type=Path, metavar="DIR")
    parser.add_argument("--samples", type=int, default=1000)
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.name}")
    options = parser.parse_args(argv)
    model = load_model(options.model)
    sets = [fixtures(), *([real(options.real)] if options.real else [])]
    corpora = [predicted(name, rows, model, options.cache) for name, rows in sets]
    text = "\n".join(page(corpora, model, options.samples)) + "\n"
    print(text)
    if options.write:
        PAGE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(run(main))
