"""Files that coders have filled in."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass

from stancekit.batch.output import AnyPath
from stancekit.batch.rows import column_names, open_rows
from stancekit.coding.columns import PROBABILITY_COLUMN, ROW_COLUMN
from stancekit.errors import InputError


@dataclass(frozen=True)
class LabelledRow:
    """One row with a label.

    Attributes
    ----------
    where : str
        File and row, for messages.
    label : str
    place : int or None
        Number of the row in the file that it was drawn from, from 1.
    drawn : float or None
        Its sampling probability.
    text : str or None
    """

    where: str
    label: str
    place: int | None
    drawn: float | None
    text: str | None


def read_labelled(paths: Sequence[AnyPath], *, label_column: str, text_column: str) -> tuple[list[LabelledRow], int]:
    """The labelled rows of some files, and how many rows have no label yet.

    Raises
    ------
    InputError
        If a file is missing or malformed, has no column of labels, or some have a ``sampled_row`` and some not;
        if a number is none, or two rows are the same row of the file that they were drawn from.
    """
    files = [_columns(path, label_column, text_column) for path in paths]
    if len({ROW_COLUMN in names for names in files}) > 1:
        raise InputError(f"some labelled files have a column {ROW_COLUMN!r} and some do not; give files that agree")
    rows, blank = [], 0
    for path, names in zip(paths, files, strict=True):
        for where, values in _rows(path, names):
            label = values[label_column].strip()
            if label:
                rows.append(_labelled(where, label, values, text_column))
            blank += not label
    _refuse_twice(rows)
    return rows, blank


def _columns(path: AnyPath, label_column: str, text_column: str) -> list[str]:
    names = column_names(path)
    # A column that must be there comes first; the reader tells of it if it is not.
    return [label_column, *(name for name in (ROW_COLUMN, PROBABILITY_COLUMN, text_column) if name in names)]


def _rows(path: AnyPath, names: list[str]) -> list[tuple[str, dict[str, str]]]:
    with open_rows(path, names) as (_, rows):
        return [(f"{os.fspath(path)}: row {number}", dict(zip(names, row, strict=True))) for number, row in rows]


def _labelled(where: str, label: str, values: dict[str, str], text_column: str) -> LabelledRow:
    place, drawn = values.get(ROW_COLUMN), values.get(PROBABILITY_COLUMN)
    try:
        number = None if place is None else int(place)
    except ValueError as error:
        raise InputError(f"{where}: {ROW_COLUMN!r} is {place!r}; expected a row number") from error
    try:
        probability = None if drawn is None else float(drawn)
    except ValueError as error:
        raise InputError(f"{where}: {PROBABILITY_COLUMN!r} is {drawn!r}; expected a number") from error
    if probability is not None and not 0 < probability <= 1:
        raise InputError(f"{where}: {PROBABILITY_COLUMN!r} is {drawn!r}; expected a number above 0 and at most 1")
    if number is not None and number < 1:
        raise InputError(f"{where}: {ROW_COLUMN!r} is {place!r}; rows are numbered from 1")
    return LabelledRow(where, label, number, probability, values.get(text_column))


def _refuse_twice(rows: list[LabelledRow]) -> None:
    seen: dict[int, str] = {}
    for row in rows:
        if row.place is not None and row.place in seen:
            raise InputError(
                f"{row.where}: is the same statement as {seen[row.place]} ({ROW_COLUMN} {row.place}); "
                "settle the coders' labels first (stancekit agreement), one row a statement"
            )
        if row.place is not None:
            seen[row.place] = row.where
