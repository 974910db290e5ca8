"""A labelled file and what a model says of it: the raw material of every evaluation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stancekit.batch.columns import DEFAULT_TEXT_COLUMN
from stancekit.batch.output import AnyPath
from stancekit.batch.rows import open_rows
from stancekit.batch.run import BLOCK_ROWS, Predictor, load
from stancekit.batch.source import listed
from stancekit.errors import InputError

DEFAULT_LABEL_COLUMN = "label"

_ROWS_NAMED = 5

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class LabelledRows:
    """Texts, their true labels, and a model's probabilities.

    Attributes
    ----------
    classes : tuple
        The model's labels, in the order of the columns of ``probabilities``.
    texts, truth : list of str of length n
    probabilities : ndarray of shape (n, k)
    groups : list of str of length n, or None
        Values of the column to score apart.
    documents : list of str of length n, or None
        What each row belongs to.
    model : str
        Name, version and hash of the model.
    """

    classes: tuple[Any, ...]
    texts: list[str]
    truth: list[str]
    probabilities: Floats
    groups: list[str] | None = None
    documents: list[str] | None = None
    model: str = ""

    @property
    def names(self) -> list[str]:
        """The labels as text, in the order of the columns of ``probabilities``."""
        return [str(name) for name in self.classes]

    @property
    def true(self) -> NDArray[np.intp]:
        """The column of each row's true label."""
        column = {name: i for i, name in enumerate(self.names)}
        return np.array([column[label] for label in self.truth], dtype=np.intp)

    @property
    def predicted(self) -> NDArray[np.intp]:
        """The column of each row's most probable label."""
        return np.asarray(self.probabilities.argmax(axis=1))


def read_labelled(
    path: AnyPath,
    *,
    model: Predictor | AnyPath | None = None,
    text_column: str = DEFAULT_TEXT_COLUMN,
    label_column: str = DEFAULT_LABEL_COLUMN,
    by: str | None = None,
    document_column: str | None = None,
) -> LabelledRows:
    """Read a labelled file and ask a model.

    Parameters
    ----------
    path : path
    model : str, path, StanceModel or StanceClassifier, optional
        As in :func:`stancekit.predict_file`.
    text_column, label_column : str
    by : str, optional
        A column whose values are to be scored apart.
    document_column : str, optional
        A column that says which document a row belongs to.

    Raises
    ------
    InputError
        If the file is missing or malformed, lacks a column, or holds a label that the model does not know.
    """
    optional = [column for column in (by, document_column) if column is not None]
    columns = [text_column, label_column, *optional]
    names = list(dict.fromkeys(columns))
    values: dict[str, list[str]] = {name: [] for name in names}
    with open_rows(path, names) as (source, rows):
        for _, row in rows:
            for name, value in zip(names, row, strict=True):
                values[name].append(value)
        texts, truth = values[text_column], values[label_column]
        if not texts:
            raise source.error("has no rows to evaluate")
        predictor = load(model)
        try:
            check_labels([str(name) for name in predictor.classes], truth)
        except InputError as error:
            raise source.error(f"column {label_column!r}: {error}") from error
    shares = [predictor.predict_proba(texts[i : i + BLOCK_ROWS]) for i in range(0, len(texts), BLOCK_ROWS)]
    return LabelledRows(
        tuple(predictor.classes),
        texts,
        truth,
        np.concatenate(shares),
        values[by] if by is not None else None,
        values[document_column] if document_column is not None else None,
        f"{predictor.name} {predictor.version} (sha256 {predictor.sha256[:12]})",
    )


def check_labels(names: Sequence[str], truth: Sequence[str]) -> None:
    """Raise :class:`InputError` unless every true label is one of ``names``; the error names the rows."""
    unknown = [i for i, label in enumerate(truth, start=1) if label not in names]
    if unknown:
        labels = dict.fromkeys(truth[i - 1] for i in unknown)
        rest = f" and {len(unknown) - _ROWS_NAMED} more" if len(unknown) > _ROWS_NAMED else ""
        rows = ", ".join(map(str, unknown[:_ROWS_NAMED])) + rest
        raise InputError(
            f"labels that the model does not know: {listed(labels)} (rows {rows}); it knows {listed(names)}"
        )
