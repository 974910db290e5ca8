"""Train the model that chooses whose position is in a sentence.

    python training/train_actors.py

A conditional logit (McFadden 1974) over the candidates that the rules find in the sentences of the fixtures' documents,
each a sum of weights of binary features. A sentence's candidates depend on the actors chosen before it, so that the
model is trained twice, the second time on what its first version comes upon. Writes a weight for each feature to
stancekit/analysis/data/actor_weights.tsv.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from stancekit.analysis import speakers as analysis
from stancekit.analysis._candidates import Candidate
from stancekit.analysis._choice import FILE, best
from stancekit.analysis.analyze import as_date
from stancekit.analysis.gazetteer import Gazetteer
from stancekit.analysis.sentences import sentences
from stancekit.analysis.speakers import speakers
from stancetrain.articles import GoldArticle, Span, same_actor
from stancetrain.console import run
from stancetrain.documents import read_documents
from stancetrain.spans import matched

WEIGHTS = Path(analysis.__file__).parent / "data" / FILE
RIDGE = 5.0
"""Weight of the squares of the weights in the loss."""
RAREST = 5
"""Features that fewer candidates have get no weight."""
ROUNDS = 2
START = {"phrase": -1.0, "subject": 2.0, "the document": 1.5}


class Case(NamedTuple):
    """The candidates of a sentence, and which of them are right."""

    features: list[tuple[str, ...]]
    right: list[bool]


def cases(gold: Sequence[GoldArticle], weights: Mapping[str, float], gazetteer: Gazetteer) -> list[Case]:
    """What a model comes upon in the statements of coded articles, where one of the candidates is right."""
    found = []
    for article in gold:
        on = as_date(article.date)
        bounds = sentences(article.text)
        seen: dict[int, Sequence[Candidate]] = {}

        def choose(start: int, candidates: Sequence[Candidate], seen: dict = seen) -> Candidate:
            seen[start] = candidates
            return best(candidates, weights)

        mentions = gazetteer.mentions(article.text, on)
        speakers(
            *(article.text, bounds, mentions, article.speaker, gazetteer), title=article.title, on=on, choose=choose
        )
        for statement, span in matched(article.statements, [Span(*each, None) for each in bounds]):
            case = Case([], [])
            for candidate in seen.get(span.start, ()):
                who = analysis.as_speaker(candidate.actor)
                name = who.name if who is not None else ""
                case.features.append(candidate.features)
                case.right.append(same_actor(statement, name, analysis.actor_entities(who, gazetteer, on)))
            if any(case.right):
                found.append(case)
    return found


def fit(given: Sequence[Case], ridge: float = RIDGE) -> dict[str, float]:
    """The weight of each feature: the logarithm of the odds that it gives a candidate."""
    counts = Counter(name for case in given for names in case.features for name in names)
    names = sorted(name for name, count in counts.items() if count >= RAREST)
    column = {name: i for i, name in enumerate(names)}
    rows = [each for case in given for each in case.features]
    places = [(row, column[name]) for row, each in enumerate(rows) for name in each if name in column]
    held = csr_matrix((np.ones(len(places)), tuple(zip(*places, strict=True))), shape=(len(rows), len(names)))
    right = np.array([each for case in given for each in case.right], dtype=float)
    sizes = np.array([len(case.right) for case in given])
    starts = np.concatenate([[0], sizes.cumsum()[:-1]])

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        scores = held @ weights
        odds = np.exp(scores - np.repeat(np.maximum.reduceat(scores, starts), sizes))
        all_, of_right = np.add.reduceat(odds, starts), np.add.reduceat(odds * right, starts) + 1e-12
        surplus = odds / np.repeat(all_, sizes) - odds * right / np.repeat(of_right, sizes)
        value = float(np.sum(np.log(all_) - np.log(of_right)) + ridge / 2 * weights @ weights)
        return value, held.T @ surplus + ridge * weights

    fitted = minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B").x
    return {name: round(float(weight), 2) for name, weight in zip(names, fitted, strict=True)}


def trained(gold: Sequence[GoldArticle], gazetteer: Gazetteer) -> dict[str, float]:
    weights: Mapping[str, float] = START
    for _ in range(ROUNDS):
        weights = fit(cases(gold, weights, gazetteer))
    return dict(weights)


def as_tsv(weights: Mapping[str, float]) -> str:
    return "feature\tweight\n" + "".join(f"{name}\t{weight}\n" for name, weight in sorted(weights.items()))


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--output", type=Path, default=WEIGHTS)
    options = parser.parse_args(argv)
    gazetteer = Gazetteer.default()
    weights = trained(read_documents("train", [], gazetteer), gazetteer)
    options.output.write_text(as_tsv(weights), encoding="utf-8")
    print(f"{len(weights)} weights written to {options.output}")
    return 0


if __name__ == "__main__":
    sys.exit(run(main))
