"""What coders get: a CSV file for a spreadsheet, or tasks for Label Studio or Argilla."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from stancekit.batch.csv_output import write_csv
from stancekit.batch.output import AnyPath, whole_file
from stancekit.coding.columns import PROBABILITY_COLUMN, ROW_COLUMN

Rows = Sequence[tuple[int, float, dict[str, str]]]
"""Number in the file, sampling probability, values."""


@dataclass(frozen=True)
class Sheet:
    """How a sheet looks.

    Attributes
    ----------
    shown : tuple of str
        The columns that coders see.
    label_column, text_column : str
    fixed : dict of str to str
        Columns that hold one value, such as the coder's name.
    """

    shown: tuple[str, ...]
    label_column: str
    text_column: str
    fixed: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Format:
    """How a sheet is written, and how the names of its files end."""

    suffix: str
    write: Callable[[AnyPath, Sheet, Rows, bool], Any]


def _write_csv(output: AnyPath, sheet: Sheet, rows: Rows, bom: bool) -> None:
    names = [ROW_COLUMN, PROBABILITY_COLUMN, *sheet.fixed, *sheet.shown, sheet.label_column]
    lines = (
        [place, probability, *sheet.fixed.values(), *(values[name] for name in sheet.shown), None]
        for place, probability, values in rows
    )
    write_csv(output, names, lines, bom=bom)


def _write_label_studio(output: AnyPath, sheet: Sheet, rows: Rows, bom: bool) -> None:
    tasks = [
        {"data": {ROW_COLUMN: place, PROBABILITY_COLUMN: probability, **values}} for place, probability, values in rows
    ]
    _write_json(output, tasks)


def _write_argilla(output: AnyPath, sheet: Sheet, rows: Rows, bom: bool) -> None:
    records = []
    for place, probability, values in rows:
        others = {name: value for name, value in values.items() if name != sheet.text_column}
        metadata = {ROW_COLUMN: place, PROBABILITY_COLUMN: probability, **others}
        records.append({"id": str(place), "fields": {"text": values[sheet.text_column]}, "metadata": metadata})
    _write_json(output, records)


def _write_json(output: AnyPath, value: Any) -> None:
    with whole_file(output) as stream:
        stream.write(json.dumps(value, ensure_ascii=False, indent=1).encode("utf-8") + b"\n")


FORMATS = {
    "csv": Format(".csv", _write_csv),
    "labelstudio": Format(".json", _write_label_studio),
    "argilla": Format(".json", _write_argilla),
}
