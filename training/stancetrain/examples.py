"""Fixtures as training examples: texts or pairs, labels, weights."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from stancekit.labels import LABELS, NEUTRAL_TYPES
from stancekit.text import normalise
from stancetrain.fixtures import Fixture
from stancetrain.recipe import Recipe
from stancetrain.schema import FixtureRow
from stancetrain.weights import row_weights


@dataclass(frozen=True)
class Example:
    """One input of the encoder: a text, and for the target head the target as its second segment."""

    id: str
    text: str
    second: str | None
    label: int
    weight: float
    task: str
    """``statement`` or ``target``: which head answers."""
    soft: tuple[float, ...] | None = None
    """A teacher's probabilities, in the order of ``LABELS``."""
    neutral_type: int | None = None
    """Of a neutral statement, its place in ``NEUTRAL_TYPES``."""
    spans: tuple[tuple[int, int], ...] | None = None
    """Offsets of the statement's targets in ``text``; None where they were not coded."""


def pair_id(row_id: str, place: int) -> str:
    """The name of a row's pair with the target at ``place``, from 0."""
    return f"{row_id}/{place}"


def kept(fixture: Fixture, fraction: float) -> bool:
    """Whether a fixture's group is in the given share; a larger share holds every smaller one."""
    return _position(f"share:{fixture.row.group}") < fraction


def _position(name: str) -> float:
    """A number in [0, 1) that depends on the name alone."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big") / 2**64


def statement_examples(
    fixtures: Sequence[Fixture], recipe: Recipe, *, context: Sequence[Fixture] = ()
) -> list[Example]:
    """One example a row, for the statement head.

    ``context`` holds all rows of the documents, unsettled ones too, so that the sentences before are found.
    """
    before = {(f.row.doc, f.row.n): f.row.text for f in context} if recipe.context else {}
    examples = []
    weights = row_weights(fixtures, recipe.statement_weight, recipe.confidence_weights)
    for fixture, weight in zip(fixtures, weights.tolist(), strict=True):
        row = fixture.row
        second = None
        if recipe.context and row.n is not None:
            found = [before.get((row.doc, row.n - k)) for k in range(recipe.context, 0, -1)]
            second = " ".join(normalise(text) for text in found if text) or None
        text = normalise(row.text)
        label = LABELS.index(row.label or "")
        kind = None if row.neutral_type is None else NEUTRAL_TYPES.index(row.neutral_type)
        spans = _target_spans(row, text) if fixture.kind == "documents" else None
        examples.append(Example(row.id, text, second, label, weight, "statement", neutral_type=kind, spans=spans))
    return examples


def _target_spans(row: FixtureRow, text: str) -> tuple[tuple[int, int], ...]:
    """Where the row's targets stand in its normalised text."""
    spans = set()
    for target in row.targets:
        if target.start is None:
            continue
        shown = normalise(target.text)
        # what stands before is as long, give or take a space
        start = text.find(shown, max(0, len(normalise(row.text[: target.start])) - 1))
        if start >= 0:
            spans.add((start, start + len(shown)))
    return tuple(sorted(spans))


def target_examples(fixtures: Sequence[Fixture], recipe: Recipe) -> list[Example]:
    """One example a (text, target) pair, for the target head."""
    return [
        Example(
            pair_id(f.row.id, k),
            normalise(f.row.text),
            normalise(t.text),
            LABELS.index(t.label),
            recipe.target_weight,
            "target",
        )
        for f in fixtures
        for k, t in enumerate(f.row.targets)
        if t.label != f.row.label or _position(f"pair:{pair_id(f.row.id, k)}") < recipe.target_share
    ]


def weighted_by_class(examples: Sequence[Example], power: float) -> list[Example]:
    """The examples with weights times (n / K n_class) ** power, counted within each task."""
    if power == 0:
        return list(examples)
    factors = {}
    for task in {e.task for e in examples}:
        counts = np.bincount([e.label for e in examples if e.task == task], minlength=len(LABELS))
        factors[task] = (counts.sum() / (len(LABELS) * np.maximum(counts, 1))) ** power
    return [replace(e, weight=e.weight * float(factors[e.task][e.label])) for e in examples]
