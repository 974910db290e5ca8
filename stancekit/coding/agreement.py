"""Whether coders agree: Krippendorff's alpha, Cohen's kappa, and the rows to talk about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stancekit.errors import InputError
from stancekit.extras import needs_extra
from stancekit.report.table import aligned

Codes = NDArray[np.intp]

DEFAULT_LEVEL = 0.95
RESAMPLES = 1000
UNCODED = -1


@dataclass(frozen=True)
class Coefficient:
    """A coefficient of agreement, with a bootstrap interval over the units; None where it is not defined."""

    value: float | None
    low: float | None = None
    high: float | None = None

    def __str__(self) -> str:
        if self.value is None:
            return "-"
        return f"{self.value:.3f}" + (f" ({self.low:.3f} to {self.high:.3f})" if self.low is not None else "")


@dataclass(frozen=True)
class Pair:
    """Two coders.

    Attributes
    ----------
    first, second : str
    units : int
        That both coded.
    equal : float
        The share of these on which their labels are equal.
    kappa : Coefficient
        Cohen's kappa (1960).
    confusion : tuple of tuple of int
        Units by the first's label and, across, the second's, in the order of the agreement's ``labels``.
    """

    first: str
    second: str
    units: int
    equal: float
    kappa: Coefficient
    confusion: tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Agreement:
    """How far coders agree.

    Attributes
    ----------
    units : int
        That two coders or more have labelled.
    alone : int
        That only one has; they say nothing about agreement.
    labels, coders : tuple of str
    alpha : Coefficient
        Krippendorff's alpha for nominal data (2011), over all coders.
    pairs : tuple of Pair
    disputed : tuple of int
        Positions of the units on which labels differ.
    level : float
    """

    units: int
    alone: int
    labels: tuple[str, ...]
    coders: tuple[str, ...]
    alpha: Coefficient
    pairs: tuple[Pair, ...]
    disputed: tuple[int, ...]
    level: float = DEFAULT_LEVEL

    def as_dict(self) -> dict[str, Any]:
        """The fields by name, ready for JSON."""
        return asdict(self)

    def as_text(self) -> str:
        """Aligned tables for a reader."""
        lines = [
            f"units coded by two or more  {self.units:,}" + (f" ({self.alone:,} by one only)" if self.alone else ""),
            f"Krippendorff's alpha        {self.alpha}",
            f"to discuss                  {len(self.disputed):,}",
        ]
        rows = [
            (f"{pair.first} and {pair.second}", f"{pair.units:,}", f"{pair.equal:.3f}", str(pair.kappa))
            for pair in self.pairs
        ]
        parts = ["\n".join(lines), aligned(("coders", "units", "equal", "Cohen's kappa"), rows)]
        for pair in self.pairs:
            head = (f"{pair.first} \\ {pair.second}", *self.labels)
            counts = [(label, *(f"{n:,}" for n in row)) for label, row in zip(self.labels, pair.confusion, strict=True)]
            parts.append(aligned(head, counts))
        return "\n\n".join(parts)


def agreement(
    codings: Sequence[Sequence[str | None]],
    coders: Sequence[str] | None = None,
    *,
    level: float = DEFAULT_LEVEL,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> Agreement:
    """How far coders agree.

    Parameters
    ----------
    codings : sequence of sequence
        One row a unit, one label a coder in it; None or "" where a coder has not labelled it.
    coders : sequence of str, optional
        Their names.
    level : float, default=0.95
        Of the percentile intervals.
    resamples : int, default=1000
        Of the bootstrap, which draws units; 0 for no intervals.
    seed : int, default=0

    Raises
    ------
    InputError
        If no unit was coded by two.
    MissingExtraError
        If krippendorff is not installed.

    Examples
    --------
    >>> found = agreement([("concern", "concern"), ("neutrality", "concern"), ("neutrality", "neutrality")])
    >>> round(found.alpha.value, 3), found.disputed
    (0.444, (1,))
    """
    table = [[label or None for label in row] for row in codings]
    width = len(table[0]) if table else 0
    if any(len(row) != width for row in table):
        raise InputError(f"expected {width} labels a unit, one a coder")
    names = tuple(coders) if coders is not None else tuple(f"coder{i + 1}" for i in range(width))
    labels = tuple(sorted({label for row in table for label in row if label is not None}))
    number = {label: i for i, label in enumerate(labels)}
    codes = np.array([[UNCODED if label is None else number[label] for label in row] for row in table], dtype=np.intp)
    times = (codes != UNCODED).sum(axis=1) if len(codes) else np.zeros(0, dtype=np.intp)
    if not (times >= 2).any():
        raise InputError("no unit was coded by two coders, so there is no agreement to measure")
    counts = np.stack([(codes == label).sum(axis=1) for label in range(len(labels))], axis=1)
    generator = np.random.default_rng(seed)
    disputed = np.flatnonzero((counts > 0).sum(axis=1) > 1)
    return Agreement(
        units=int((times >= 2).sum()),
        alone=int((times == 1).sum()),
        labels=labels,
        coders=names,
        alpha=_alpha(counts[times >= 2], level, resamples, generator),
        pairs=tuple(
            _pair(names[a], names[b], codes[:, [a, b]], len(labels), level, resamples, generator)
            for a, b in combinations(range(width), 2)
            if (codes[:, [a, b]] != UNCODED).all(axis=1).any()
        ),
        disputed=tuple(disputed.tolist()),
        level=level,
    )


def _alpha(counts: Codes, level: float, resamples: int, generator: np.random.Generator) -> Coefficient:
    with needs_extra("agreement"):
        from krippendorff import alpha

    def of(rows: Codes) -> float | None:
        if (rows.sum(axis=0) > 0).sum() < 2:
            return None
        return float(alpha(value_counts=rows, level_of_measurement="nominal"))

    n = len(counts)
    return _with_interval(
        of(counts), (of(counts[generator.integers(0, n, n)]) for _ in range(resamples)), level, resamples
    )


def _pair(
    first: str, second: str, codes: Codes, k: int, level: float, resamples: int, generator: np.random.Generator
) -> Pair:
    both = codes[(codes != UNCODED).all(axis=1)]
    confusion = np.zeros((k, k), dtype=np.intp)
    np.add.at(confusion, (both[:, 0], both[:, 1]), 1)
    n = len(both)
    # Resampled units are resampled counts of the cells of their confusion table.
    drawn = generator.multinomial(n, confusion.ravel() / n, size=resamples).reshape(resamples, k, k)
    return Pair(
        first,
        second,
        n,
        float(confusion.trace() / n),
        _with_interval(_kappa(confusion), map(_kappa, drawn), level, resamples),
        tuple(tuple(row) for row in confusion.tolist()),
    )


def _kappa(confusion: Codes) -> float | None:
    """Cohen's kappa of a table of counts; a closed formula, for the bootstrap asks for it a thousand times."""
    n = confusion.sum()
    by_chance = float(confusion.sum(axis=1) @ confusion.sum(axis=0)) / float(n) ** 2
    return None if by_chance == 1 else (float(confusion.trace()) / float(n) - by_chance) / (1 - by_chance)


def _with_interval(value: float | None, drawn: Any, level: float, resamples: int) -> Coefficient:
    found = [each for each in drawn if each is not None]
    if value is None or not resamples or len(found) < resamples / 2:
        return Coefficient(value)
    low, high = np.quantile(found, [0.5 - level / 2, 0.5 + level / 2])
    return Coefficient(value, float(low), float(high))
