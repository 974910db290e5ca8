"""Named columns of a file, row by row, for whatever reads a file without writing it again."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from stancekit.batch.formats import reader_for
from stancekit.batch.output import AnyPath
from stancekit.batch.source import STANDARD, Source, open_source
from stancekit.errors import InputError

BLOCK_ROWS = 4096

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


def column_names(path: AnyPath) -> tuple[str, ...]:
    """The columns of a file that is going to be read again.

    Raises
    ------
    InputError
        If it is missing, empty, or standard input.
    """
    if os.fspath(path) == STANDARD:
        raise InputError("standard input cannot be read twice; give a file")
    with open_source(path) as source:
        return reader_for(path)(source, []).names
