"""False concern by region: does a model see concern where there is none, more for some regions than for others?

    python training/false_concern.py [--model NAME|DIR ...] > docs/benchmarks/false_concern.md

Two measures, as Markdown. (1) On the documents of the fixtures' test split, in no training or calibration set: of
the statements whose label is not concern, the share that is labelled concern, by the region of the actor, with
Wilson's 95 % interval. (2) On the country swaps of the suites, sentences that differ in the country's name alone: how
the probability of concern differs from the sentence's mean, by the region of the country, with a 95 % interval
from resampling the sentences.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from stancekit import load_model
from stancekit.labels import Stance
from stancekit.report.intervals import DRAWS, SEED, Estimate, estimate, wilson
from stancekit.scoring import Model
from stancetrain.console import run
from stancetrain.fixtures import FIXTURES, read_fixtures
from stancetrain.regions import actor_region, region_of
from stancetrain.schema import FixtureRow
from stancetrain.suites import SWAPS

MODELS = ("encoder", "ngram")
ALL = "all"
CONCERN = Stance.CONCERN.value

Rates = dict[str, Estimate]
"""An estimate for each region."""


def without_concern(root: Path) -> dict[str, list[FixtureRow]]:
    """The test split's rows whose label is another, by region; all of them first."""
    found = [each.row for each in read_fixtures(root, kinds=["documents"], splits=["test"])]
    rows = [row for row in found if row.label != CONCERN]
    by_region = defaultdict(list)
    for row in rows:
        by_region[actor_region(row)].append(row)
    return {ALL: rows, **{name: by_region[name] for name in sorted(by_region)}}


def false_concern(model: Model, groups: Mapping[str, Sequence[FixtureRow]]) -> Rates:
    """The share of each group's rows that the model labels concern."""
    rows = groups[ALL]
    labels = model.predict_proba([row.text for row in rows]).argmax(axis=1)
    wrong = {row.id: model.classes[label] == CONCERN for row, label in zip(rows, labels, strict=True)}
    return {name: wilson(sum(wrong[row.id] for row in group), len(group)) for name, group in groups.items()}


def swap_shifts(model: Model, countries: Sequence[str], sentences: Sequence[str]) -> Rates:
    """By region, the mean of P(concern) less the sentence's mean over all countries."""
    texts = [sentence.replace("{country}", country) for sentence in sentences for country in countries]
    column = list(model.classes).index(CONCERN)
    shares = model.predict_proba(texts)[:, column].reshape(len(sentences), len(countries))
    shifts = shares - shares.mean(axis=1, keepdims=True)
    drawn = np.random.default_rng(SEED).integers(len(sentences), size=(DRAWS, len(sentences)))
    found = {}
    for name, places in countries_by_region(countries).items():
        per_sentence = shifts[:, places].mean(axis=1)
        found[name] = estimate(float(per_sentence.mean()), per_sentence[drawn].mean(axis=1))
    return found


def countries_by_region(countries: Sequence[str]) -> dict[str, list[int]]:
    """Places in the list, by region."""
    found = defaultdict(list)
    for place, country in enumerate(countries):
        found[region_of(country)].append(place)
    return dict(sorted(found.items()))


def apart(rates: Rates, value: float) -> list[str]:
    """The regions whose interval does not hold a value."""
    return [name for name, one in rates.items() if name != ALL and not one.ends[0] <= value <= one.ends[1]]


def verdict(found: Mapping[str, list[str]]) -> str:
    """Which regions differ, model by model."""
    parts = [f"{model}: {', '.join(names) or 'none'}" for model, names in found.items()]
    return "; ".join(parts) + "."


def report(models: Mapping[str, Model], root: Path) -> list[str]:
    """The page: both tables, and which regions stand apart."""
    groups = without_concern(root)
    rates = {name: false_concern(model, groups) for name, model in models.items()}
    lines = [
        "# False concern by region",
        "",
        "    python training/false_concern.py > docs/benchmarks/false_concern.md",
        "",
        "Does a model see concern where there is none, and more often for some regions than for others?",
        "",
        "## By the region of the actor",
        "",
        "Documents of the fixtures' test split, which are in no training or calibration set: of the statements whose",
        "label is not concern, the share that is labelled concern, with Wilson's 95 % interval. The region is that of",
        "the state that the coded actor names, else of the speaker, else the one that a story covers.",
        "",
        f"| region of the actor | documents | statements without concern | {' | '.join(models)} |",
        f"| --- | --- | --- |{' --- |' * len(models)}",
    ]
    for name, group in groups.items():
        cells = " | ".join(_share(each[name]) for each in rates.values())
        lines.append(f"| {name} | {len({row.doc for row in group})} | {len(group)} | {cells} |")
    outside = {name: apart(each, each[ALL].value) for name, each in rates.items()}
    lines += ["", f"Regions whose interval does not hold the rate of all: {verdict(outside)}", ""]

    record = json.loads((root / "suites" / SWAPS).read_text(encoding="utf-8"))
    countries, sentences = record["countries"], record["sentences"]
    shifts = {name: swap_shifts(model, countries, sentences) for name, model in models.items()}
    lines += [
        "## By the name alone",
        "",
        "The country swaps of the suites, sentences that differ in the country's name only: by how many percentage",
        "points the probability of concern differs from the sentence's mean, with a 95 % interval from resampling the",
        "sentences. Such a difference is the name's own; one in the first table may also be the topic's.",
        "",
        f"| region of the country named | countries | {' | '.join(models)} |",
        f"| --- | --- |{' --- |' * len(models)}",
    ]
    for name, places in countries_by_region(countries).items():
        cells = " | ".join(_shift(each[name]) for each in shifts.values())
        lines.append(f"| {name} | {len(places)} | {cells} |")
    outside = {name: apart(each, 0.0) for name, each in shifts.items()}
    largest = max(abs(one.value) for each in shifts.values() for one in each.values())
    closing = f"The largest shift by name is {100 * largest:.2f} percentage points."
    return [*lines, "", f"Regions whose interval does not hold 0: {verdict(outside)} {closing}"]


def _share(one: Estimate) -> str:
    return f"{one.value:.1%} ({one.ends[0]:.1%} to {one.ends[1]:.1%})"


def _shift(one: Estimate) -> str:
    low, high = one.ends
    return f"{100 * one.value:+.2f} ({100 * low:+.2f} to {100 * high:+.2f})"


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", action="append", help=f"{' and '.join(MODELS)} if left out")
    parser.add_argument("--fixtures", type=Path, default=FIXTURES)
    options = parser.parse_args(argv)
    models = {name: load_model(name) for name in options.model or MODELS}
    print("\n".join(report(models, options.fixtures)))
    return 0


if __name__ == "__main__":
    sys.exit(run(main))
