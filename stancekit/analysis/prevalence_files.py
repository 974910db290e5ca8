"""Shares from files: what ``stancekit predict`` wrote, and what coders labelled of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from stancekit.analysis._cells import Corpus, Key
from stancekit.analysis._design_based import Labelled
from stancekit.analysis.label_plan import plan
from stancekit.analysis.periods import BLANK, PERIODS, period_of
from stancekit.analysis.prevalence import (
    DEFAULT_LEVEL,
    DEFAULT_METHOD,
    check_options,
    estimate,
    labelled_rows,
)
from stancekit.analysis.shares import Plan, Prevalence
from stancekit.batch.columns import DEFAULT_PREFIX, DEFAULT_TEXT_COLUMN
from stancekit.batch.output import AnyPath
from stancekit.batch.predicted import PredictedBlock, PredictedFile
from stancekit.batch.run import Predictor, load
from stancekit.batch.source import listed, near_match
from stancekit.coding.columns import LABEL_COLUMN, PROBABILITY_COLUMN
from stancekit.coding.labelled import LabelledRow, read_labelled
from stancekit.errors import InputError

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Grouping:
    """Into which cells the rows of a file fall.

    Attributes
    ----------
    by, time : str or None
        The columns of the group and of the date.
    period : {"year", "month", "day", "quarter", "decade", "session"}
    """

    by: str | None = None
    time: str | None = None
    period: str = "year"

    def __post_init__(self) -> None:
        if self.period not in PERIODS:
            raise InputError(f"no period {self.period!r}{near_match(self.period, PERIODS)}; use {listed(PERIODS)}")

    @property
    def columns(self) -> list[str]:
        """The columns that it reads."""
        return [column for column in (self.by, self.time) if column is not None]

    def keys(self, path: str, block: PredictedBlock) -> list[Key] | None:
        """The cell of each row; None if there are no groups."""
        if not self.columns:
            return None
        empty = [""] * len(block.shares)
        groups = [value or BLANK for value in block.values[self.by]] if self.by is not None else empty
        dates = block.values[self.time] if self.time is not None else empty
        periods = []
        for i, date in enumerate(dates):
            try:
                periods.append(period_of(date, self.period) if self.time is not None else "")
            except ValueError as error:
                raise InputError(f"{path}: row {block.first_row + i}: column {self.time!r}: {error}") from error
        return list(zip(groups, periods, strict=True))


def prevalence_file(
    predicted: AnyPath,
    labelled: AnyPath | Sequence[AnyPath] = (),
    *,
    by: str | None = None,
    time: str | None = None,
    period: str = "year",
    method: str = DEFAULT_METHOD,
    level: float = DEFAULT_LEVEL,
    label_column: str = LABEL_COLUMN,
    text_column: str = DEFAULT_TEXT_COLUMN,
    prefix: str = DEFAULT_PREFIX,
    model: Predictor | AnyPath | None = None,
) -> Prevalence:
    """The shares of the labels in a file with predictions, by group and period.

    Memory does not grow with the file, but for ``sld``, which keeps every row's probabilities.

    Parameters
    ----------
    predicted : path
        What ``stancekit predict`` has written.
    labelled : path or sequence of path
        Rows of it that were drawn by chance and labelled. Rows that ``stancekit sample`` drew are found by
        ``sampled_row``; other files must hold the columns of the prediction beside the label.
    by, time : str, optional
        Columns of ``predicted``: a group and a date.
    period : {"year", "month", "day", "quarter", "decade", "session"}, default="year"
    method, level
        As in :func:`stancekit.prevalence`.
    label_column, text_column, prefix : str
    model : str, path or model, optional
        Whose training shares ``sld`` starts from; the default model if left out.

    Raises
    ------
    InputError
        If a file, column, label, date or option does not fit; names the file, row and column.
    """
    check_options(method, level)
    files = _Files.read(predicted, labelled, Grouping(by, time, period), label_column, text_column, prefix, method)
    shares = _training_shares(model, files.names) if method == "sld" else None
    found = estimate(
        files.corpus, files.sample, files.sample_keys, files.names, method=method, level=level, training_shares=shares
    )
    return replace(found, notes=(*found.notes, *files.notes))


def plan_file(
    predicted: AnyPath,
    labelled: AnyPath | Sequence[AnyPath] = (),
    *,
    width: float,
    by: str | None = None,
    time: str | None = None,
    period: str = "year",
    method: str = DEFAULT_METHOD,
    level: float = DEFAULT_LEVEL,
    label_column: str = LABEL_COLUMN,
    text_column: str = DEFAULT_TEXT_COLUMN,
    prefix: str = DEFAULT_PREFIX,
) -> Plan:
    """How many rows of a file to label, for intervals of a wanted width.

    Parameters
    ----------
    predicted, labelled, by, time, period, method, level, label_column, text_column, prefix
        As in :func:`prevalence_file`; without labelled rows, the probabilities are believed.
    width : float
        From end to end: 0.1 is five points either way.

    Raises
    ------
    InputError
        As there.
    """
    check_options(method, level)
    files = _Files.read(predicted, labelled, Grouping(by, time, period), label_column, text_column, prefix, method)
    return plan(files.corpus, files.sample, files.sample_keys, width=width, method=method, level=level)


def as_paths(labelled: AnyPath | Sequence[AnyPath]) -> list[AnyPath]:
    """One path or several, as a list."""
    return list(labelled) if isinstance(labelled, (list, tuple)) else [labelled]  # type: ignore[list-item]


def matched(
    file: PredictedFile, rows: Sequence[LabelledRow], block: PredictedBlock, text_column: str
) -> Iterator[tuple[int, LabelledRow]]:
    """The labelled rows that were drawn from a block, each with its place in it.

    Parameters
    ----------
    file : PredictedFile
    rows : sequence of LabelledRow
        Sorted by place.
    block : PredictedBlock
    text_column : str
        Compared, where both files have it.

    Raises
    ------
    InputError
        If the texts differ, so that the labels belong to other rows.
    """
    places = [row.place or 0 for row in rows]
    first, last = np.searchsorted(places, [block.first_row, block.first_row + len(block.shares)])
    for row in rows[first:last]:
        i = (row.place or 0) - block.first_row
        if row.text is not None and text_column in block.values and row.text != block.values[text_column][i]:
            raise InputError(
                f"{row.where}: its text is not that of row {row.place} of {file.path}; "
                "were rows of that file moved since the sample was drawn?"
            )
        yield i, row


@dataclass(frozen=True)
class _Files:
    """A corpus and its labelled rows."""

    names: tuple[str, ...]
    corpus: Corpus
    sample: Labelled
    sample_keys: list[Key] | None
    notes: list[str]

    @classmethod
    def read(
        cls,
        predicted: AnyPath,
        labelled: AnyPath | Sequence[AnyPath],
        grouping: Grouping,
        label_column: str,
        text_column: str,
        prefix: str,
        method: str,
    ) -> _Files:
        file = PredictedFile.open(predicted, prefix)
        paths = as_paths(labelled)
        rows, blank = read_labelled(paths, label_column=label_column, text_column=text_column)
        rows.sort(key=lambda row: row.place or 0)
        joined = bool(rows) and rows[0].place is not None
        corpus = Corpus(len(file.classes), keep=method == "sld")
        places, shares, keys = [], [], []
        text = [text_column] if joined and text_column in file.names and rows[0].text is not None else []
        for block in file.blocks([*grouping.columns, *text]):
            cells = grouping.keys(file.path, block)
            corpus.add(block.shares, cells)
            for i, row in matched(file, rows, block, text_column) if joined else ():
                places.append(row)
                shares.append(block.shares[i])
                keys.append(cells[i] if cells is not None else ("", ""))
        if not corpus.cells:
            raise InputError(f"{file.path}: has no rows to count")
        if joined and len(places) < len(rows):
            last = rows[-1]
            n = corpus.cells["", ""].rows
            raise InputError(f"{last.where}: was drawn from row {last.place}, but {file.path} has {n} rows")
        if rows and not joined:
            shares, keys = _own_probabilities(paths, rows, file, grouping, label_column)
            _check_cells(keys, rows, corpus, file)
        drawn = [row.drawn for row in rows]
        known = None if None in drawn else np.array(drawn, dtype=np.float64)
        table = np.array(shares).reshape(len(rows), len(file.classes))
        for row in rows:
            if row.label not in file.classes:
                near = near_match(row.label, file.classes)
                raise InputError(f"{row.where}: label {row.label!r} is not one of {listed(file.classes)}{near}")
        sample = labelled_rows(file.classes, table, [row.label for row in rows], known)
        return cls(
            file.classes, corpus, sample, keys if grouping.columns else None, _notes(rows, blank, known is not None)
        )


def _own_probabilities(
    paths: Sequence[AnyPath], rows: list[LabelledRow], file: PredictedFile, grouping: Grouping, label_column: str
) -> tuple[list[Floats], list[Key]]:
    """Probabilities and cells from the labelled files themselves, which know nothing of the rows' places."""
    shares, keys = [], []
    for path in paths:
        own = PredictedFile.open(path, file.prefix)
        if own.classes != file.classes:
            raise InputError(f"{own.path}: has probabilities of {listed(own.classes)}; expected {listed(file.classes)}")
        for block in own.blocks([label_column, *grouping.columns]):
            cells = grouping.keys(own.path, block)
            for i, label in enumerate(block.values[label_column]):
                if label.strip():
                    shares.append(block.shares[i])
                    keys.append(cells[i] if cells is not None else ("", ""))
    return shares, keys


def _check_cells(keys: list[Key], rows: list[LabelledRow], corpus: Corpus, file: PredictedFile) -> None:
    for key, row in zip(keys, rows, strict=True):
        if key not in corpus.cells:
            name = " ".join(part for part in key if part)
            raise InputError(f"{row.where}: its group {name!r} does not occur in {file.path}")


def _notes(rows: list[LabelledRow], blank: int, known: bool) -> list[str]:
    notes = []
    if blank:
        notes.append(
            f"{blank} row(s) have no label and are left out; if those were the hard ones, the shares are biased"
        )
    if rows and not known:
        notes.append(f"no column {PROBABILITY_COLUMN!r}: the labelled rows are taken for a simple random sample")
    return notes


def _training_shares(model: Predictor | AnyPath | None, names: tuple[str, ...]) -> Floats:
    """What a model answers to a blank text: the shares of the labels in its training."""
    predictor = load(model)
    known = [str(name) for name in predictor.classes]
    if sorted(known) != sorted(names):
        raise InputError(f"the model labels {listed(known)}, the file {listed(names)}; name its model with --model")
    answer = predictor.predict_proba([""])[0]
    return np.array([answer[known.index(name)] for name in names])
