"""Batches of rows in memory: each comes back as what it was, with the stance columns appended."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from stancekit.batch.columns import DEFAULT_PREFIX, DEFAULT_TEXT_COLUMN, StanceColumns
from stancekit.batch.labelling import Predictor
from stancekit.batch.run import load
from stancekit.batch.source import missing_column, taken_column
from stancekit.calibration import check_min_confidence
from stancekit.errors import InputError
from stancekit.text import as_texts

Columns = dict[str, list[Any]]


def predict_batches(
    batches: Iterable[Any],
    *,
    model: Predictor | str | os.PathLike[str] | None = None,
    text_column: str = DEFAULT_TEXT_COLUMN,
    target_column: str | None = None,
    min_confidence: float | None = None,
    prefix: str = DEFAULT_PREFIX,
) -> Iterator[Any]:
    """Label batches as they come, one at a time.

    Parameters
    ----------
    batches : iterable
        Of batches of one kind or several: pandas or polars data frames, Arrow tables or record batches, dicts of
        columns, or plain sequences of texts.
    model : str, path, StanceModel or StanceClassifier, optional
        The default model if left out; loaded when the first batch is asked for.
    text_column, target_column : str
        As in :func:`stancekit.predict_file`; a plain sequence of texts has no columns.
    min_confidence : float, optional
        Abstain below this confidence.
    prefix : str, default="stance"
        How the names of the new columns begin.

    Yields
    ------
    batch
        Of the kind that came, with the columns of :func:`stancekit.predict_file` appended; a sequence of texts gives
        a dict of these columns alone. Probabilities are float64, not rounded; no reason is None.

    Raises
    ------
    InputError
        If a batch lacks a column, or has one of the new names already; says which batch, from 1.

    Examples
    --------
    >>> from stancekit import predict_batches
    >>> batches = [["We welcome the accord.", ""], ["We deplore the delay."]]
    >>> [answers["stance"] for answers in predict_batches(batches, model="ngram")]
    [['endorsement', 'abstain'], ['concern']]
    """
    check_min_confidence(min_confidence)
    predictor = load(model)
    for number, batch in enumerate(batches, start=1):
        try:
            answers = answer_batch(predictor, batch, text_column, target_column, min_confidence, prefix)
            yield answers if _is_texts(batch) else _appended(batch, answers)
        except InputError as error:
            raise InputError(f"batch {number}: {error}") from error


def answer_batch(
    model: Predictor,
    batch: Any,
    text_column: str = DEFAULT_TEXT_COLUMN,
    target_column: str | None = None,
    min_confidence: float | None = None,
    prefix: str = DEFAULT_PREFIX,
) -> Columns:
    """The stance columns of one batch, by name."""
    columns = StanceColumns.of(prefix, model.classes)
    if _is_texts(batch):
        if target_column is not None:
            raise InputError("a sequence of texts has no target column; give a dict of columns or a data frame")
        texts, targets = as_texts(batch), None
    else:
        texts = _column(batch, text_column)
        targets = None if target_column is None else _column(batch, target_column)
        for name in columns.names:
            if name in _names(batch):
                raise InputError(taken_column(name))
    values = columns.values(model.decisions(texts, min_confidence, targets))
    return dict(zip(columns.names, values, strict=True))


def _is_texts(batch: Any) -> bool:
    return not isinstance(batch, Mapping) and not hasattr(batch, "columns")


def _names(batch: Any) -> list[str]:
    if isinstance(batch, Mapping):
        return list(batch)
    # of Arrow's tables the columns are arrays, of the others names
    return list(batch.schema.names) if _is_arrow(batch) else list(batch.columns)


def _column(batch: Any, name: str) -> list[str]:
    if name not in _names(batch):
        raise InputError(missing_column(name, _names(batch)))
    try:
        return as_texts(batch[name])
    except InputError as error:
        raise InputError(f"column {name!r}: {error}") from error


def _is_arrow(batch: Any) -> bool:
    return hasattr(batch, "schema") and hasattr(batch, "append_column")


def _appended(batch: Any, answers: Columns) -> Any:
    if isinstance(batch, Mapping):
        return {**batch, **answers}
    if _is_arrow(batch):
        import pyarrow

        label, *numbers, reason = answers
        types = {label: pyarrow.string(), **dict.fromkeys(numbers, pyarrow.float64()), reason: pyarrow.string()}
        for name, values in answers.items():
            batch = batch.append_column(name, pyarrow.array(values, types[name]))
        return batch
    if hasattr(batch, "hstack"):
        import polars

        *_, reason = answers
        return batch.hstack(polars.DataFrame(answers, schema_overrides={reason: polars.String}))
    return batch.assign(**answers)
