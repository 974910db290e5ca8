"""Labels in PySpark, by a pandas UDF: texts go to the workers and labels come back as Arrow batches."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from stancekit.artifact import DEFAULT_MODEL
from stancekit.batch.columns import DEFAULT_PREFIX, DEFAULT_TEXT_COLUMN
from stancekit.batch.output import AnyPath
from stancekit.errors import InputError
from stancekit.extras import needs_extra
from stancekit.integrations._labeller import Labeller

_STRUCT = "__stancekit"


def stance_udf(
    model: AnyPath = DEFAULT_MODEL, *, prefix: str = DEFAULT_PREFIX, min_confidence: float | None = None
) -> Any:
    """A pandas UDF from a column of texts to a struct of the stance columns.

    The model is loaded once a worker process. Every worker needs the same stancekit, and a model folder under
    the same path.

    Parameters
    ----------
    model : str or path, default="encoder"
        A shipped model's name, or a model folder.
    prefix : str, default="stance"
        How the names of the fields begin.
    min_confidence : float, optional
        Abstain below this confidence.

    Returns
    -------
    pyspark.sql.udf.UserDefinedFunction

    Raises
    ------
    MissingExtraError
        If PySpark, pandas or PyArrow is not installed.
    ModelError
        If there is no such model, or it is damaged.
    """
    functions = _functions()
    return _udf(functions, Labeller.of(model, prefix, min_confidence))


def with_stance(
    frame: Any,
    *,
    text_column: str = DEFAULT_TEXT_COLUMN,
    model: AnyPath = DEFAULT_MODEL,
    prefix: str = DEFAULT_PREFIX,
    min_confidence: float | None = None,
) -> Any:
    """A Spark DataFrame with the stance columns appended.

    Parameters
    ----------
    frame : pyspark.sql.DataFrame
    text_column : str, default="text"
        A column of strings; a null is labelled like a blank text.
    model, prefix, min_confidence
        As in :func:`stance_udf`.

    Returns
    -------
    pyspark.sql.DataFrame
        Lazy, as everything in Spark: texts are labelled when the result is asked for.

    Raises
    ------
    InputError
        If the column is missing or holds no strings, or a name is taken.
    """
    functions = _functions()
    labeller = Labeller.of(model, prefix, min_confidence)
    labeller.check_columns(frame.columns, text_column, fold=True)
    kind = frame.schema[text_column].dataType.simpleString()
    if kind != "string":
        raise InputError(f"column {text_column!r} is of type {kind}, not string; cast it, or name another column")
    # said not to be deterministic so that a later filter is not pushed below it, which would label twice
    udf = _udf(functions, labeller).asNondeterministic()
    answered = frame.withColumn(_STRUCT, udf(functions.col(_quoted(text_column))))
    fields = {name: functions.col(_STRUCT)[name] for name in labeller.columns.names}
    return answered.withColumns(fields).drop(_STRUCT)


def _udf(functions: Any, labeller: Labeller) -> Any:
    import pandas as pd

    def label(batches: Iterator[Any]) -> Iterator[Any]:
        for texts in batches:
            yield labeller.label(texts)

    # by these types Spark knows that it is called once a partition, with an iterator of Arrow batches
    label.__annotations__ = {"batches": Iterator[pd.Series], "return": Iterator[pd.DataFrame]}
    columns = labeller.columns
    types = ("string" if name in columns.spoken else "double" for name in columns.names)
    schema = ", ".join(f"{_quoted(name)} {kind}" for name, kind in zip(columns.names, types, strict=True))
    return functions.pandas_udf(schema)(label)


def _functions() -> Any:
    with needs_extra("spark"):
        import pandas  # noqa: F401
        import pyarrow  # noqa: F401
        from pyspark.sql import functions
    return functions


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"
