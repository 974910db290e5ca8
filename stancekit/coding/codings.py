"""Files in which several coders have labelled the same units, and what becomes of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from stancekit.batch.csv_output import write_csv
from stancekit.batch.output import AnyPath, check_output
from stancekit.batch.rows import column_names, open_rows
from stancekit.batch.source import listed, near_match
from stancekit.coding.agreement import DEFAULT_LEVEL, RESAMPLES, Agreement, agreement
from stancekit.coding.columns import CODER_COLUMN, LABEL_COLUMN, ROW_COLUMN
from stancekit.errors import InputError

UNIT_COLUMN = "unit"


@dataclass(frozen=True)
class Codings:
    """Units by coders.

    Attributes
    ----------
    coders : tuple of str
    table : list of list of (str or None)
        One row a unit, one label a coder.
    names : tuple of str
        The columns that describe a unit.
    details : list of list of str
        Their values, one row a unit.
    """

    coders: tuple[str, ...]
    table: list[list[str | None]]
    names: tuple[str, ...]
    details: list[list[str]]

    def with_labels(
        self, units: Sequence[int], label_column: str, *, settled: bool
    ) -> tuple[list[str], list[list[str | None]]]:
        """A table of some units: what describes them, each coder's label, and the label that they agree on.

        Parameters
        ----------
        units : sequence of int
        label_column : str
        settled : bool
            Fill in the label; else it is left empty, for somebody to decide.
        """
        names = [*self.names, *(f"{label_column}_{coder}" for coder in self.coders), label_column]
        rows: list[list[str | None]] = []
        for unit in units:
            given = self.table[unit]
            rows.append([*self.details[unit], *given, next(filter(None, given), None) if settled else None])
        return names, rows


def agreement_file(
    paths: Sequence[AnyPath],
    *,
    coder_columns: Sequence[str] | None = None,
    unit_column: str | None = None,
    coder_column: str = CODER_COLUMN,
    label_column: str = LABEL_COLUMN,
    disputed: AnyPath | None = None,
    agreed: AnyPath | None = None,
    level: float = DEFAULT_LEVEL,
    resamples: int = RESAMPLES,
    overwrite: bool = False,
) -> Agreement:
    """How far the coders of some files agree.

    Parameters
    ----------
    paths : sequence of path
        One row a label (columns of unit, coder and label; without a coder, the file's name is the coder), or, with
        ``coder_columns``, one file with one row a unit.
    coder_columns : sequence of str, optional
        The columns of one file that hold each coder's labels.
    unit_column : str, optional
        By default ``sampled_row`` if there is one, else ``unit``.
    coder_column, label_column : str
    disputed, agreed : path, optional
        Write the units on which the coders differ there, with an empty label to fill in, and the others, with the
        label. Both together are what :func:`stancekit.prevalence_file` takes.
    level, resamples
        As in :func:`stancekit.agreement`.
    overwrite : bool, default=False

    Raises
    ------
    InputError
        If a file or column is missing, a coder gave a unit two labels, or no unit was coded twice.
    OutputError
        If an output exists or cannot be written.
    """
    outputs = [path for path in (disputed, agreed) if path is not None]
    for i, path in enumerate(outputs):
        check_output(path, [*paths, *outputs[:i]], overwrite=overwrite)
    codings = _wide(paths, coder_columns) if coder_columns else _long(paths, unit_column, coder_column, label_column)
    found = agreement(codings.table, codings.coders, level=level, resamples=resamples)
    if disputed is not None:
        write_csv(disputed, *codings.with_labels(found.disputed, label_column, settled=False))
    if agreed is not None:
        open_units = set(found.disputed)
        others = [i for i, row in enumerate(codings.table) if i not in open_units and any(row)]
        write_csv(agreed, *codings.with_labels(others, label_column, settled=True))
    return found


def _wide(paths: Sequence[AnyPath], coder_columns: Sequence[str]) -> Codings:
    if len(paths) != 1 or len(coder_columns) < 2:
        raise InputError("columns of coders are two or more columns of one file")
    names = column_names(paths[0])
    for column in coder_columns:
        _check_column(paths[0], column, names)
    others = tuple(name for name in names if name not in coder_columns)
    rows = [values for _, values in _records(paths[0], [*coder_columns, *others])]
    table: list[list[str | None]] = [[values[name].strip() or None for name in coder_columns] for values in rows]
    return Codings(tuple(coder_columns), table, others, [[values[name] for name in others] for values in rows])


def _long(paths: Sequence[AnyPath], unit_column: str | None, coder_column: str, label_column: str) -> Codings:
    names = [column_names(path) for path in paths]
    unit_column = unit_column or (ROW_COLUMN if ROW_COLUMN in names[0] else UNIT_COLUMN)
    shown = tuple(name for name in names[0] if name not in (coder_column, label_column))
    details: dict[str, list[str]] = {}
    given: dict[str, dict[str, str]] = {}
    coders: dict[str, None] = {}
    for path, columns in zip(paths, names, strict=True):
        for column in (label_column, unit_column, *shown):
            _check_column(path, column, columns)
        coded = [coder_column] if coder_column in columns else []
        for row, values in _records(path, list(dict.fromkeys([label_column, unit_column, *coded, *shown]))):
            unit, label = values[unit_column], values[label_column].strip()
            coder = values[coder_column] if coded else Path(path).stem
            coders[coder] = None
            details.setdefault(unit, [values[name] for name in shown])
            labels = given.setdefault(unit, {})
            if label and labels.setdefault(coder, label) != label:
                raise InputError(
                    f"{path}: row {row}: {coder!r} labels unit {unit!r} {label!r}, "
                    f"and {labels[coder]!r} before; keep one"
                )
    table = [[given[unit].get(coder) for coder in coders] for unit in details]
    return Codings(tuple(coders), table, shown, list(details.values()))


def _records(path: AnyPath, columns: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
    with open_rows(path, columns) as (_, rows):
        for number, row in rows:
            yield number, dict(zip(columns, row, strict=True))


def _check_column(path: AnyPath, column: str, names: Sequence[str]) -> None:
    if column not in names:
        raise InputError(f"{path}: no column {column!r}{near_match(column, names)}; columns: {listed(names)}")
