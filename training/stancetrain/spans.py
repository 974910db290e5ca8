"""Spans of a text that are the same, give or take a word at their ends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeVar

OVERLAP = 0.5
"""Spans are the same from this share of their union on."""


class Placed(Protocol):
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


Gold = TypeVar("Gold", bound=Placed)
Found = TypeVar("Found", bound=Placed)


def matched(gold: Sequence[Gold], found: Sequence[Found]) -> list[tuple[Gold, Found]]:
    """One-to-one pairs of spans that overlap by half (intersection by union), the closest first."""
    overlaps = sorted(
        (-overlap, i, j)
        for i, one in enumerate(gold)
        for j, other in enumerate(found)
        if (overlap := shared(one, other)) >= OVERLAP
    )
    taken_gold: set[int] = set()
    taken_found: set[int] = set()
    pairs = []
    for _, i, j in overlaps:
        if i not in taken_gold and j not in taken_found:
            taken_gold.add(i)
            taken_found.add(j)
            pairs.append((i, j))
    return [(gold[i], found[j]) for i, j in sorted(pairs)]


def shared(one: Placed, other: Placed) -> float:
    """Intersection of two spans by their union."""
    intersection = min(one.end, other.end) - max(one.start, other.start)
    union = max(one.end, other.end) - min(one.start, other.start)
    return max(intersection, 0) / union if union else 0.0
