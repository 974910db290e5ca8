"""Choosing among the candidates of a sentence: a linear model of their features."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

from stancekit.analysis._candidates import Candidate

FILE = "actor_weights.tsv"


@cache
def shipped_weights() -> Mapping[str, float]:
    """The package's weight of each feature, made by ``training/train_actors.py``."""
    text = (files("stancekit.analysis") / "data" / FILE).read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines()[1:])
    return {name: float(weight) for name, weight in rows}


def best(candidates: Sequence[Candidate], weights: Mapping[str, float]) -> Candidate:
    """The candidate whose features weigh most together; of equals, the first."""
    return max(candidates, key=lambda each: sum(weights.get(name, 0.0) for name in each.features))
