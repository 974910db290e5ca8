"""Named columns of a file, row by row: the reports' one way into ``stancekit.batch``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from stancekit.batch.formats import reader_for
from stancekit.batch.output import AnyPath
from stancekit.batch.run import BLOCK_ROWS
from stancekit.batch.source import Source, open_source
from stancekit.errors import InputError

Row = tuple[int, tuple[str, ...]]
"""The row's number, from 1, and its values in the order of the columns asked for."""


@contextmanager
def open_rows(path: AnyPath, columns: Sequence[str]) -> Iterator[tuple[Source, Iterator[Row]]]:
    """Open a file; its source, for errors, and its rows.

    Parameters
    ----------
    path : path
    columns : sequence of str
        The first must hold text; the others may hold numbers.

    Raises
    ------
    InputError
        If the file is missing or malformed, or lacks a column.
    """
    make_reader = reader_for(path)
    with open_source(path) as source:
        reader = make_reader(source, columns)
        yield (
            source,
            (
                (number, values)
                for block in reader.blocks(BLOCK_ROWS)
                for number, values in enumerate(zip(*block.values, strict=True), start=block.first_row)
            ),
        )


def first_column(path: AnyPath, text_column: str, *names: str) -> str | None:
    """The first of the names that the file has a column for, or None.

    A reader checks on opening that a file has the columns it is asked for, so the question is put to it.
    """
    for name in names:
        try:
            with open_rows(path, [text_column, name]):
                return name
        except InputError:
            continue
    return None
