"""Rows of named values as CSV text and as data frames."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from stancekit.errors import MissingExtraError

Row = Mapping[str, Any]


def csv_text(columns: Sequence[str], rows: Iterable[Row]) -> str:
    """A header and the rows; numbers to four places, truth in lower case, None empty."""
    stream = io.StringIO()
    writer = csv.DictWriter(stream, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: printed(value) for name, value in row.items()} for row in rows)
    return stream.getvalue()


def printed(value: Any) -> Any:
    """A value as a CSV holds it."""
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:.4f}" if isinstance(value, float) else value


def frame(columns: Sequence[str], rows: Sequence[Row], integers: Iterable[str]) -> Any:
    """A pandas ``DataFrame`` with some columns as nullable integers.

    Raises
    ------
    MissingExtraError
        If pandas is not installed.
    """
    try:
        import pandas as pd
    except ImportError as error:
        raise MissingExtraError("to_pandas needs pandas; type: pip install pandas") from error
    return pd.DataFrame(rows, columns=list(columns)).astype(dict.fromkeys(integers, "Int64"))
