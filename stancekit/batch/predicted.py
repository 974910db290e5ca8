"""A file that ``stancekit predict`` has written, read back: probabilities, and columns beside them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stancekit.batch.columns import DEFAULT_PREFIX, fixed_names
from stancekit.batch.formats import reader_for
from stancekit.batch.output import AnyPath
from stancekit.batch.rows import BLOCK_ROWS, column_names
from stancekit.batch.source import Source, open_source
from stancekit.errors import InputError
from stancekit.labels import LABELS

Floats = NDArray[np.float64]

_ROUNDING = 0.01
"""How far probabilities printed with few decimals may be from summing to one."""


@dataclass(frozen=True)
class PredictedBlock:
    """Consecutive rows.

    Attributes
    ----------
    first_row : int
        Number of the first row in the file, from 1.
    shares : ndarray of shape (m, k)
        Probabilities, columns as the file's ``classes``.
    values : dict of str to list of str
        The columns asked for.
    """

    first_row: int
    shares: Floats
    values: dict[str, list[str]]


@dataclass(frozen=True)
class PredictedFile:
    """A file with predictions, to be read as often as wanted.

    Attributes
    ----------
    path : str
    names : tuple of str
        Its columns.
    classes : tuple of str
        The labels that have a column of probabilities.
    prefix : str
        How the names of the columns of the prediction begin.
    """

    path: str
    names: tuple[str, ...]
    classes: tuple[str, ...]
    prefix: str

    @classmethod
    def open(cls, path: AnyPath, prefix: str = DEFAULT_PREFIX) -> PredictedFile:
        """Look at the columns.

        Raises
        ------
        InputError
            If there is no such file, it is standard input, or it has no probabilities.
        """
        path = os.fspath(path)
        names = column_names(path)
        label, _, reason = fixed_names(prefix)
        classes = tuple(name for name in LABELS if f"{prefix}_{name}" in names)
        if classes != LABELS:
            others = [name.removeprefix(f"{prefix}_") for name in names if name.startswith(f"{prefix}_")]
            taken = {name.removeprefix(f"{prefix}_") for name in fixed_names(prefix)}
            classes = tuple(sorted(set(others) - taken))
        if label not in names or reason not in names or len(classes) < 2:
            raise InputError(
                f"{path}: has no columns {label!r}, '{prefix}_…' of a prediction; run stancekit predict on it first, "
                "or name their prefix with --prefix"
            )
        return cls(path, names, classes, prefix)

    @property
    def own_columns(self) -> list[str]:
        """The columns that the prediction did not append."""
        appended = {*fixed_names(self.prefix), *(f"{self.prefix}_{name}" for name in self.classes)}
        return [name for name in self.names if name not in appended]

    def blocks(self, columns: Sequence[str] = ()) -> Iterator[PredictedBlock]:
        """The rows in order, with the values of some columns.

        Raises
        ------
        InputError
            If a column is missing or a row's probabilities are none; names the row and column.
        """
        # The label first: a reader of JSON Lines wants text there.
        printed = [self.prefix, *(f"{self.prefix}_{name}" for name in self.classes)]
        asked = list(dict.fromkeys(columns))
        wanted = list(dict.fromkeys([*printed, *asked]))
        with open_source(self.path) as source:
            for block in reader_for(self.path)(source, wanted).blocks(BLOCK_ROWS):
                if block.n_rows:
                    values = dict(zip(wanted, block.values, strict=True))
                    shares = _numbers(source, block.first_row, {name: values[name] for name in printed[1:]})
                    yield PredictedBlock(block.first_row, shares, {name: values[name] for name in asked})


def _numbers(source: Source, first_row: int, columns: dict[str, list[str]]) -> Floats:
    shares = np.column_stack([_column(source, first_row, name, cells) for name, cells in columns.items()])
    wrong = np.flatnonzero(np.abs(shares.sum(axis=1) - 1) > _ROUNDING)
    if len(wrong):
        row = int(wrong[0])
        problem = f"{', '.join(columns)} sum to {shares[row].sum():g}; expected probabilities, which sum to 1"
        raise source.error(problem, row=first_row + row)
    return shares


def _column(source: Source, first_row: int, name: str, cells: list[str]) -> Floats:
    try:
        numbers = np.array(cells, dtype=np.float64)
        wrong = np.flatnonzero(~((numbers >= 0) & (numbers <= 1)))
        place = int(wrong[0]) if len(wrong) else None
    except ValueError:
        place = next(i for i, cell in enumerate(cells) if not _is_number(cell))
    if place is None:
        return numbers
    problem = f"column {name!r} holds {cells[place]!r}; expected a probability between 0 and 1"
    raise source.error(problem, row=first_row + place)


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
