"""A file with predictions as Stata's ``.dta``: stances as labelled numbers, numbers as numbers, the rest as text."""

from __future__ import annotations

import json
import re
import unicodedata
import warnings
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stancekit.batch.columns import DEFAULT_PREFIX, fixed_names
from stancekit.batch.formats import STATA
from stancekit.batch.output import AnyPath, check_output, is_stream, whole_file
from stancekit.batch.predicted import PredictedFile
from stancekit.batch.sidecar import path_of
from stancekit.errors import InputError, OutputError
from stancekit.extras import needs_extra
from stancekit.labels import ABSTAIN, Reason

VERSION = 118
"""Of the format: that of Stata 14, the first whose texts are Unicode and longer than 244 bytes."""

_STAMP = datetime(1970, 1, 1)
"""The format asks for a time; a constant one keeps the bytes the same."""

_LONGEST_NAME, _LONGEST_VARIABLE_LABEL = 32, 80
_LONGEST_FIXED = 244
"""In bytes: a column with longer texts takes what each needs, a column without as much as its longest."""

_NO_NAME = re.compile(r"[^A-Za-z0-9_]")
# fifteen digits are exact in a double; a number with a zero in front is a code
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]+)?(?:[eE][+-][0-9]{1,2})?")


def export_stata(predicted: AnyPath, output: AnyPath, *, prefix: str = DEFAULT_PREFIX, overwrite: bool = False) -> int:
    """Write a file that ``stancekit predict`` has written as a Stata data set.

    The label is a number with value labels: 1, 2, 3 for endorsement, concern and neutrality (for other labels, their
    order in the file's columns), 0 for ``abstain``; so is the reason, missing where there is none. A column is numeric
    if every cell that is not empty is a number of at most fifteen digits without a zero in front. Names are cut to what
    Stata allows; what they were is then the variable's label. The whole file is held in memory.

    Parameters
    ----------
    predicted : path
        Of any format that ``stancekit predict`` writes.
    output : path
        Ends in ``.dta``; read by Stata 14 and later, pandas, and R's ``haven``.
    prefix : str, default="stance"
        How the columns of the prediction begin.
    overwrite : bool, default=False

    Returns
    -------
    int
        The number of rows.

    Raises
    ------
    InputError
        If ``predicted`` has no predictions, or an unknown label or reason; names the row and column.
    OutputError
        If the output has another suffix, exists, or cannot be written.
    MissingExtraError
        If pandas is not installed.
    """
    check_output(output, [predicted], overwrite=overwrite)
    if is_stream(output) or not str(output).endswith(STATA):
        raise OutputError(f"{output}: expected a file whose name ends in {STATA}")
    with needs_extra("stata"):
        import pandas as pd
    file = PredictedFile.open(predicted, prefix)
    cells = _cells(file)
    label, confidence, reason = fixed_names(prefix)
    codes = {
        label: {ABSTAIN: 0, **{name: code for code, name in enumerate(_classes(file), start=1)}},
        reason: {each.value: code for code, each in enumerate(Reason, start=1)},
    }
    names = dict(zip(file.names, stata_names(file.names), strict=True))
    columns = {
        names[name]: pd.array(_codes(file.path, name, values, codes[name]), dtype="Int16")
        if name in codes
        else _column(values)
        for name, values in cells.items()
    }
    about = {
        label: "stance of the statement",
        confidence: "probability of the most probable stance",
        reason: "why the answer was withheld, or what to know about it",
        **{f"{prefix}_{name}": f"probability of {name}" for name in file.classes},
    }
    labels = {
        new: about.get(old, old)[:_LONGEST_VARIABLE_LABEL] for old, new in names.items() if old in about or old != new
    }
    frame = pd.DataFrame(columns)
    with whole_file(output) as stream, warnings.catch_warnings():
        # a name that is a word of Stata's own gets a line before it
        warnings.simplefilter("ignore", pd.errors.InvalidColumnName)
        frame.to_stata(
            stream,
            write_index=False,
            version=VERSION,
            time_stamp=_STAMP,
            data_label=_made_by(predicted),
            variable_labels=labels,
            value_labels={names[name]: {code: text for text, code in of.items()} for name, of in codes.items()},
            convert_strl=[name for name, values in columns.items() if _is_long(values)],
        )
    return len(frame)


def stata_names(names: Sequence[str]) -> list[str]:
    """Names for Stata (and R): letters of ASCII, digits and underscores, at most 32, no two alike.

    Examples
    --------
    >>> stata_names(["id", "Größe in %", "2nd", "Größe in $"])
    ['id', 'Grosse_in__', '_2nd', 'Grosse_in___2']
    """
    found: list[str] = []
    for name in names:
        plain = _NO_NAME.sub("_", _unaccented(name))[:_LONGEST_NAME]
        plain = f"_{plain}"[:_LONGEST_NAME] if not plain or plain[0].isdigit() else plain
        number, unique = 1, plain
        while unique in found:
            number += 1
            unique = f"{plain[: _LONGEST_NAME - len(str(number)) - 1]}_{number}"
        found.append(unique)
    return found


def _unaccented(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name.replace("ß", "ss"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _classes(file: PredictedFile) -> list[str]:
    """The labels in the order of their columns."""
    return sorted(file.classes, key=lambda name: file.names.index(f"{file.prefix}_{name}"))


def _cells(file: PredictedFile) -> dict[str, list[str]]:
    cells: dict[str, list[str]] = {name: [] for name in file.names}
    for block in file.blocks(file.names):
        for name, values in block.values.items():
            cells[name] += values
    return cells


def _codes(path: str, name: str, cells: list[str], codes: dict[str, int]) -> list[int | None]:
    """Numbers for words; None for an empty cell."""
    unknown = next((row for row, cell in enumerate(cells, start=1) if cell and cell not in codes), None)
    if unknown is not None:
        known = ", ".join(codes)
        raise InputError(
            f"{path}: row {unknown}: column {name!r} holds {cells[unknown - 1]!r}; expected one of {known}"
        )
    return [codes[cell] if cell else None for cell in cells]


def _column(cells: list[str]) -> NDArray[Any]:
    """Numbers if all that is there are numbers, else the texts."""
    filled = [cell for cell in cells if cell]
    if not filled or not all(map(_NUMBER.fullmatch, filled)):
        return np.array(cells, dtype=object)
    if len(filled) == len(cells) and all(cell.lstrip("-").isdigit() for cell in cells):
        return np.array(cells, dtype=np.int64)
    return np.array([float(cell) if cell else np.nan for cell in cells])


def _is_long(column: Any) -> bool:
    return column.dtype == object and any(len(text.encode()) > _LONGEST_FIXED for text in column)


def _made_by(predicted: AnyPath) -> str:
    """The model that the sidecar names; nothing where there is none."""
    try:
        model = json.loads(path_of(predicted).read_text(encoding="utf-8"))["model"]
        return f"stancekit {model['name']} {model['version']} (sha256 {model['sha256'][:12]})"[:_LONGEST_VARIABLE_LABEL]
    except (OSError, ValueError, TypeError, KeyError):
        return ""
