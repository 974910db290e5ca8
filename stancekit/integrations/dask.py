"""Labels in Dask: each partition is labelled by the worker that holds it."""

from __future__ import annotations

from typing import Any

from stancekit.artifact import DEFAULT_MODEL
from stancekit.batch.columns import DEFAULT_PREFIX, DEFAULT_TEXT_COLUMN
from stancekit.batch.output import AnyPath
from stancekit.errors import InputError
from stancekit.integrations._labeller import Labeller


def with_stance(
    frame: Any,
    *,
    text_column: str = DEFAULT_TEXT_COLUMN,
    model: AnyPath = DEFAULT_MODEL,
    prefix: str = DEFAULT_PREFIX,
    min_confidence: float | None = None,
) -> Any:
    """A Dask DataFrame with the stance columns appended.

    The model is loaded once a worker process. Every worker needs the same stancekit, and a model folder under
    the same path.

    Parameters
    ----------
    frame : dask.dataframe.DataFrame
    text_column : str, default="text"
        A missing text is labelled like a blank one.
    model : str or path, default="encoder"
        A shipped model's name, or a model folder.
    prefix : str, default="stance"
        How the names of the new columns begin.
    min_confidence : float, optional
        Abstain below this confidence.

    Returns
    -------
    dask.dataframe.DataFrame
        Lazy, as everything in Dask: texts are labelled when the result is asked for.

    Raises
    ------
    InputError
        If ``frame`` is no Dask DataFrame, the column is missing, or a name is taken.
    ModelError
        If there is no such model, or it is damaged.
    """
    if not hasattr(frame, "map_partitions"):
        raise InputError(f"expected a Dask DataFrame, got a {type(frame).__name__}; see dask.dataframe.from_pandas")
    labeller = Labeller.of(model, prefix, min_confidence)
    labeller.check_columns(frame.columns, text_column)
    return frame.map_partitions(_label, text_column, labeller, meta=_label(frame._meta, text_column, labeller))


def _label(part: Any, text_column: str, labeller: Labeller) -> Any:
    import pandas as pd

    return pd.concat([part, labeller.label(part[text_column])], axis=1)
