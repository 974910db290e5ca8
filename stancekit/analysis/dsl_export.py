"""Predictions and labels side by side, for regressions with R's package ``dsl`` (Egami et al. 2023)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from stancekit.analysis.prevalence_files import as_paths, matched
from stancekit.batch.columns import DEFAULT_PREFIX, DEFAULT_TEXT_COLUMN
from stancekit.batch.csv_output import write_csv
from stancekit.batch.output import AnyPath, check_output
from stancekit.batch.predicted import PredictedFile
from stancekit.coding.columns import LABEL_COLUMN, PROBABILITY_COLUMN, ROW_COLUMN
from stancekit.coding.labelled import LabelledRow, read_labelled
from stancekit.errors import InputError

MISSING = "NA"
"""How R writes a missing value."""


def export_dsl(
    predicted: AnyPath,
    labelled: AnyPath | Sequence[AnyPath],
    output: AnyPath,
    *,
    label_column: str = LABEL_COLUMN,
    text_column: str = DEFAULT_TEXT_COLUMN,
    prefix: str = DEFAULT_PREFIX,
    overwrite: bool = False,
) -> int:
    """Write the file that R's ``dsl`` takes: one line a row of the corpus.

    The columns are those of the corpus (without its text and the other columns of the prediction), then for each
    label ``label_…`` (1, 0, or NA where nobody labelled), ``predicted_…`` (its probability), and
    ``sampling_probability``. For rows that were not drawn, the last is the mean of theirs, which follows from
    those of the rows that were: ``dsl`` multiplies it by zero, but scales all by the mean of the column.

    Parameters
    ----------
    predicted, labelled, label_column, text_column, prefix
        As in :func:`stancekit.prevalence_file`; the labelled rows must have a ``sampled_row``.
    output : path
        A CSV file.
    overwrite : bool, default=False

    Returns
    -------
    int
        The number of rows.

    Raises
    ------
    InputError
        If the labelled rows cannot be found in ``predicted``, or it has columns of the names to be written.
    OutputError
        If the output exists or cannot be written.
    """
    paths = as_paths(labelled)
    check_output(output, [predicted, *paths], overwrite=overwrite)
    file = PredictedFile.open(predicted, prefix)
    rows, _ = read_labelled(paths, label_column=label_column, text_column=text_column)
    if not rows or any(row.place is None for row in rows):
        raise InputError(
            f"the export needs labelled rows with a column {ROW_COLUMN!r}; draw them with stancekit sample"
        )
    rows.sort(key=lambda row: row.place or 0)
    kept = [name for name in file.own_columns if name != text_column]
    names = [
        *kept,
        *(f"label_{name}" for name in file.classes),
        *(f"predicted_{name}" for name in file.classes),
        PROBABILITY_COLUMN,
    ]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InputError(f"{file.path}: already has a column {twice[0]!r}; rename it")
    return write_csv(output, names, _lines(file, rows, kept, text_column))


def _lines(
    file: PredictedFile, rows: Sequence[LabelledRow], kept: Sequence[str], text_column: str
) -> Iterator[list[Any]]:
    total = sum(len(block.shares) for block in file.blocks())
    drawn = [row.drawn if row.drawn is not None else len(rows) / total for row in rows]
    others = (len(rows) - sum(drawn)) / max(total - len(rows), 1)
    if total > len(rows) and others <= 0:
        raise InputError(f"{rows[0].where}: every {PROBABILITY_COLUMN} is 1, but {file.path} has rows without a label")
    probability = dict(zip((row.place for row in rows), drawn, strict=True))
    text = [text_column] if text_column in file.names else []
    for block in file.blocks([*kept, *text]):
        labels = dict(matched(file, rows, block, text_column))
        for i, shares in enumerate(block.shares.tolist()):
            row = labels.get(i)
            known = [MISSING if row is None else int(row.label == name) for name in file.classes]
            own = [block.values[name][i] for name in kept]
            yield [*own, *known, *shares, others if row is None else probability[row.place]]
