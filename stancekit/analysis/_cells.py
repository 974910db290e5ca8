"""What an estimate needs to know of all rows of a corpus, group by group: sums, so that memory stays bounded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

Key = tuple[str, str]
"""A group and a period; empty where there is none."""

WHOLE: Key = ("", "")
"""The cell that holds every row."""


@dataclass
class Cell:
    """The rows of one group and period.

    Attributes
    ----------
    rows : int
    sums, squares : ndarray of shape (k,)
        Of the probabilities of each class.
    counts : ndarray of shape (k,)
        Rows whose most probable class it is.
    shares : list of ndarray of shape (m, k)
        The probabilities themselves, where a method goes through them more than once.
    """

    rows: int
    sums: Floats
    squares: Floats
    counts: Floats
    shares: list[NDArray[np.float32]] = field(default_factory=list)

    @property
    def centre(self) -> Floats:
        """The mean probabilities."""
        return self.sums / self.rows

    @property
    def spread(self) -> Floats:
        """The variance of the probabilities."""
        return self.squares / self.rows - self.centre**2

    @property
    def naive(self) -> Floats:
        """The share of the rows whose most probable class it is."""
        return self.counts / self.rows

    @property
    def expected_variance(self) -> Floats:
        """Of a label around its probability, if the probabilities are honest."""
        return (self.sums - self.squares) / self.rows


class Corpus:
    """The cells of a corpus, filled block by block.

    Parameters
    ----------
    classes : int
        How many there are.
    keep : bool, default=False
        Keep the probabilities of all rows (four bytes each).
    """

    def __init__(self, classes: int, *, keep: bool = False) -> None:
        self._k = classes
        self._keep = keep
        self.cells: dict[Key, Cell] = {}

    def add(self, shares: Floats, keys: Sequence[Key] | None) -> None:
        """Count rows; with keys, one a row, into their cells as well as into the whole."""
        self._add_to(WHOLE, shares)
        if keys is not None:
            numbers = {key: i for i, key in enumerate(dict.fromkeys(keys))}
            membership = np.array([numbers[key] for key in keys])
            order = np.argsort(membership, kind="stable")
            ends = np.cumsum(np.bincount(membership))[:-1]
            for key, part in zip(numbers, np.split(shares[order], ends), strict=True):
                self._add_to(key, part)

    def ordered(self) -> list[Key]:
        """The whole, then the cells by group and period."""
        return sorted(self.cells)

    def _add_to(self, key: Key, shares: Floats) -> None:
        nothing = np.zeros(self._k)
        cell = self.cells.setdefault(key, Cell(0, nothing, nothing, nothing))
        cell.rows += len(shares)
        cell.sums = cell.sums + shares.sum(axis=0)
        cell.squares = cell.squares + (shares**2).sum(axis=0)
        cell.counts = cell.counts + np.bincount(shares.argmax(axis=1), minlength=self._k)
        if self._keep:
            cell.shares.append(shares.astype(np.float32))
