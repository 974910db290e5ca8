"""Other heads for targets over the frozen encoder's states, side by side with the shipped one.

    python docs/benchmarks/target_heads.py --write

Fitted on the train and validation documents, which the encoder was tuned on, or on the calibration documents, which
it was not; a head's threshold is the one of the best F1 on the calibration documents. The spans of all pass the
rules of `target_phrases`, and are matched as `training/evaluate_articles.py` does; nothing is known of actors. The
stance is the shipped product. Needs torch and half an hour of one core. --write puts the tables into decision 20.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import joblib
import numpy as np
import torch

sys.path.append(str(Path(__file__).resolve().parents[2] / "training"))

from stancekit import load_model
from stancekit.analysis.analyze import LEAST_SHARE, NO_POSITION
from stancekit.analysis.gazetteer import Gazetteer
from stancekit.analysis.sentences import sentences
from stancekit.analysis.target_phrases import names_apart, whole_phrase
from stancekit.artifact import sha256_of
from stancekit.calibration import softmax
from stancekit.details import Token, joined
from stancekit.labels import LABELS
from stancetrain.articles import read_gold
from stancetrain.fixtures import FIXTURES, Split, read_fixtures
from stancetrain.shipped import ROOT
from stancetrain.spans import matched
from stancetrain.target_heads import Bounds, Sentence, SpanScorer, Tagger, Target, closest, fitted

PAGE = ROOT / "docs" / "decisions" / "0020-targets-among-tokens.md"
BEGIN, END = "<!-- made by docs/benchmarks/target_heads.py -->", "<!-- end -->"
OPEN = FIXTURES / "articles" / "open.jsonl"
SHOWN = ("calibration", "test", "open articles")
FOLDS = 5
PRICES = tuple(np.round(np.arange(-2.0, 1.01, 0.1), 2).tolist())
FLOORS = tuple(np.round(np.arange(0.15, 0.61, 0.05), 2).tolist())
Find = Callable[[Sentence], list[Bounds]]
_cache = joblib.Memory(ROOT / "runs" / "cache", verbose=0)


# -- reading ---------------------------------------------------------------------------------------------------------


@_cache.cache
def readings(graph: str, texts: tuple[str, ...]) -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Vector, states and tokens of each text; ``graph`` is the encoder's hash."""
    session: Any = load_model("encoder").encoder.session
    read = (session.readings([text])[0] for text in texts)
    return [(v.astype(np.float32), s.astype(np.float16), np.array(t).reshape(-1, 3)) for v, s, t in read]


class Coded(NamedTuple):
    text: str
    group: str
    targets: list[Target]
    statement: bool
    label: str | None


def coded_documents(split: Split) -> list[Coded]:
    rows = [f.row for f in read_fixtures(FIXTURES, kinds=["documents"], splits=[split])]
    return [
        Coded(
            row.text,
            row.group,
            [Target(t.start, t.end, t.label) for t in row.targets if t.start is not None and t.end is not None],
            row.neutral_type != "none",
            row.label,
        )
        for row in rows
    ]


def coded_articles() -> list[Coded]:
    found = []
    for article in read_gold(OPEN):
        bounds = [SimpleNamespace(start=start, end=end) for start, end in sentences(article.text)]
        statements = {id(place): gold for gold, place in matched(article.statements, bounds)}
        for place in bounds:
            gold = statements.get(id(place))
            targets = (
                [Target(t.start - place.start, t.end - place.start, t.label) for t in gold.targets] if gold else []
            )
            text = article.text[place.start : place.end]
            found.append(Coded(text, article.id, targets, gold is not None, gold.label if gold else None))
    return found


def read(model: Any, rows: Sequence[Coded]) -> list[Sentence]:
    heads, head = model.detail_heads, model.head
    graph = sha256_of(model.encoder.session.graph)
    found = []
    for row, (vector, states, tokens) in zip(rows, readings(graph, tuple(row.text for row in rows)), strict=True):
        shares = softmax((vector @ head.coef + head.intercept)[None] / head.temperature)[0]
        nothing = shares[LABELS.index("neutrality")] * heads.neutral_types(vector)["none"]
        shares[LABELS.index("neutrality")] -= nothing
        places = [Token(*each) for each in tokens.tolist()]
        found.append(Sentence(*row, vector, states, places, shares / shares.sum(), bool(nothing < NO_POSITION)))
    return found


# -- measuring -------------------------------------------------------------------------------------------------------


class Measure:
    """F1 of targets, and of targets with their stance, as in articles; stances are asked once."""

    def __init__(self, model: Any) -> None:
        self._model = model
        self._gazetteer = Gazetteer.default()
        self._pairs: dict[tuple[str, str], np.ndarray] = {}

    def f1(self, rows: Sequence[Sentence], find: Find) -> float:
        return self._f1(rows, find, lambda row, target, span: True)

    def f1_with_stance(self, rows: Sequence[Sentence], find: Find) -> float:
        def same(row: Sentence, target: Target, span: Target) -> bool:
            return target.label == LABELS[int(product(row, self.pair(row, span)).argmax())]

        return self._f1(rows, find, same)

    def pair(self, row: Sentence, span: Target) -> np.ndarray:
        """What the target head makes of text and target."""
        key = row.text, row.text[span.start : span.end]
        if key not in self._pairs:
            self._pairs[key] = self._model.predict_proba([key[0]], [key[1]])[0]
        return self._pairs[key]

    def _f1(self, rows: Sequence[Sentence], find: Find, right: Callable[[Sentence, Target, Target], bool]) -> float:
        hits = n = 0
        for row in rows:
            spans = self._phrases(row, find(row)) if row.found_statement else []
            n += len(row.targets) + len(spans)
            hits += sum(right(row, target, span) for target, span in matched(row.targets, spans))
        return 2 * hits / n

    def _phrases(self, row: Sentence, spans: Sequence[Bounds]) -> list[Target]:
        found: list[Bounds] = []
        for span in spans:
            bounds = whole_phrase(row.text, *span)
            if bounds is not None and (not found or bounds[0] >= found[-1][1]):
                names = self._gazetteer.mentions(row.text)
                inside = [each for each in names if bounds[0] <= each.start and each.end <= bounds[1]]
                found += names_apart(row.text, bounds, inside)
        return [Target(*bounds) for bounds in found]


def product(row: Sentence, pair: np.ndarray) -> np.ndarray:
    """The stance toward a target as shipped."""
    return pair * np.maximum(row.shares, LEAST_SHARE)


def heads_table(measure: Measure, shipped: Any, sets: dict[str, list[Sentence]]) -> tuple[list[str], SpanScorer]:
    """Lines of the table, and the head over whole spans."""
    held_out = sets["calibration"]

    def present(row: Sentence) -> list[Bounds]:
        tags = softmax(row.states.astype(np.float64) @ shipped.span.coef + shipped.span.intercept)
        return [(span.start, span.end) for span in joined(tags, row.tokens, shipped.threshold)]

    def best(find: Callable[[Sentence, float], list[Bounds]], levels: Sequence[float]) -> float:
        return max(levels, key=lambda level: measure.f1(held_out, lambda row: find(row, level)))

    def line(name: str, find: Callable[[str, Sentence], list[Bounds]]) -> str:
        ways = ((sets[each], partial(find, each)) for each in SHOWN)
        cells = (f"{measure.f1(rows, way):.3f} / {measure.f1_with_stance(rows, way):.3f}" for rows, way in ways)
        return f"| {name} | {' | '.join(cells)} |"

    lines = [f"| target / target and stance | {' | '.join(SHOWN)} |", "| --- " * (1 + len(SHOWN)) + "|"]
    lines.append(line("as shipped", lambda _, row: present(row)))
    seen, whole = sets["train"] + sets["validation"], SpanScorer()
    for name, head, levels, epochs in (
        ("linear head, learnt transitions", Tagger(hidden=False), PRICES, 2),
        ("hidden layer over neighbours, learnt transitions", Tagger(hidden=True), PRICES, 3),
        ("whole spans", whole, FLOORS, 2),
    ):
        fitted(head, seen, epochs)
        level = best(head.find, levels)
        lines.append(line(name, lambda _, row, head=head, level=level: head.find(row, level)))
    parts = [[row for row in held_out if fold_of(row) != n] for n in range(FOLDS)]
    crossed = [fitted(SpanScorer(), part, 8) for part in parts]
    last = fitted(SpanScorer(), held_out, 8)
    floor = best(lambda row, level: crossed[fold_of(row)].find(row, level), FLOORS)
    lines.append(
        line(
            "whole spans, fitted on calibration documents (scored there in five folds)",
            lambda name, row: (crossed[fold_of(row)] if name == "calibration" else last).find(row, floor),
        )
    )
    return lines, whole


def fold_of(row: Sentence) -> int:
    """By the document's name alone."""
    return sum(row.group.encode()) % FOLDS


def stances(measure: Measure, head: SpanScorer, rows: Sequence[Sentence]) -> dict[str, float]:
    """Ways to the stance toward the coded targets of what is found to be a statement: how often each is right."""
    cases = []
    for row in rows:
        for target in row.targets if row.found_statement and len(row.candidates) else []:
            span = head.probabilities(row)[closest(row.candidates, [target])[0].argmax(), 1:]
            cases.append((LABELS.index(target.label), row, measure.pair(row, target), span / span.sum()))
    ways: dict[str, Callable[[Sentence, np.ndarray, np.ndarray], np.ndarray]] = {
        "the sentence's": lambda row, pair, span: row.shares,
        "target head": lambda row, pair, span: pair,
        "product of both, as shipped": lambda row, pair, span: product(row, pair),
        "head over whole spans": lambda row, pair, span: span,
        "product of all three": lambda row, pair, span: product(row, pair) * span,
    }
    return {
        name: float(np.mean([way(row, pair, span).argmax() == truth for truth, row, pair, span in cases]))
        for name, way in ways.items()
    }


def coders() -> str:
    """How far the targets of the two coders of the open articles agree."""
    hits = same = n = statements = 0
    for line in OPEN.read_text(encoding="utf-8").splitlines():
        article = json.loads(line)
        for statement in article["statements"]:
            statements += 1
            sides = []
            for coding in statement["codings"][:2]:
                places = [(article["text"].find(t["text"], statement["start"]), t) for t in coding["targets"]]
                sides.append([Target(at, at + len(t["text"]), t["label"]) for at, t in places if at >= 0])
            pairs = matched(*sides)
            n += sum(map(len, sides))
            hits += len(pairs)
            same += sum(one.label == other.label for one, other in pairs)
    return (
        f"Two coders' targets in the {statements} statements of the open articles: F1 {2 * hits / n:.3f}, with the "
        f"stance {2 * same / n:.3f}."
    )


def tables() -> Iterator[str]:
    torch.manual_seed(1)
    torch.set_num_threads(1)
    model: Any = load_model("encoder")
    measure = Measure(model)
    splits: tuple[Split, ...] = ("train", "validation", "calibration", "test")
    sets = {split: read(model, coded_documents(split)) for split in splits}
    sets["open articles"] = read(model, coded_articles())
    lines, whole = heads_table(measure, model.detail_heads, sets)
    yield from lines
    yield ""
    yield "| stance right, given a coded target | calibration | open articles |"
    yield "| --- | --- | --- |"
    held_out, articles = (stances(measure, whole, sets[name]) for name in ("calibration", "open articles"))
    for name, share in held_out.items():
        yield f"| {name} | {share:.3f} | {articles[name]:.3f} |"
    yield ""
    yield coders()


def main() -> None:
    """Print the tables; with --write, put them into the decision."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    made = "\n".join(tables())
    print(made)
    if options.write:
        before, rest = PAGE.read_text(encoding="utf-8").split(BEGIN)
        PAGE.write_text(f"{before}{BEGIN}\n\n{made}\n\n{END}{rest.split(END)[1]}", encoding="utf-8")


if __name__ == "__main__":
    main()
