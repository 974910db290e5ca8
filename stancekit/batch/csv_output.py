"""Tables that are not a copy of the input: written as CSV, whole or not at all."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from stancekit.batch.output import AnyPath, whole_file


def write_csv(output: AnyPath, names: Sequence[str], rows: Iterable[Sequence[Any]], *, bom: bool = False) -> int:
    """Write a header and rows in UTF-8; None is an empty field.

    Parameters
    ----------
    output : path
        ``-`` for standard output.
    names : sequence of str
    rows : iterable of sequence
    bom : bool, default=False
        Begin with a byte order mark, by which spreadsheets recognise UTF-8.

    Returns
    -------
    int
        The number of rows.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    count = 0
    with whole_file(output) as stream:
        if bom:
            stream.write(codecs.BOM_UTF8)
        text = io.TextIOWrapper(stream, encoding="utf-8", newline="", write_through=True)
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(names)
        for row in rows:
            writer.writerow(row)
            count += 1
        text.detach()
    return count
