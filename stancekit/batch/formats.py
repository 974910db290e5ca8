"""Which format a file is in, by its suffix."""

from __future__ import annotations

import os
from pathlib import PurePath

from stancekit.batch.compression import compression_of
from stancekit.batch.csv_format import CsvReader, TsvReader
from stancekit.batch.jsonl_format import JsonlReader
from stancekit.batch.parquet_format import ParquetReader
from stancekit.batch.records import Reader
from stancekit.batch.source import STANDARD
from stancekit.errors import InputError, OutputError

FORMATS: dict[str, type[Reader]] = {
    ".csv": CsvReader,
    ".tsv": TsvReader,
    ".jsonl": JsonlReader,
    ".ndjson": JsonlReader,
    ".parquet": ParquetReader,
}
"""Readers by suffix; a new format is a module and a line here."""

FORMAT_NAMES = tuple(suffix[1:] for suffix in FORMATS)
"""What ``--format`` takes."""

_UNNAMED = ".csv"
_SPREADSHEETS = (".xlsx", ".xls", ".ods")
STATA = ".dta"
"""What ``stancekit export`` writes."""

AnyPath = str | os.PathLike[str]


def reader_for(input: AnyPath, output: AnyPath = STANDARD, format: str | None = None) -> type[Reader]:
    """The reader for an input, which fixes the format of the output too.

    A suffix of compression does not count. Standard input is read in the format of the output, or as CSV.

    Parameters
    ----------
    input, output : path
    format : str, optional
        One of ``FORMAT_NAMES``, whatever the names say.

    Raises
    ------
    InputError
        If the input's suffix is not known.
    OutputError
        If the output's suffix belongs to another format.
    """
    if format is not None:
        if format not in FORMAT_NAMES:
            raise InputError(f"no such format: {format!r}; known are {', '.join(FORMAT_NAMES)}")
        return FORMATS[f".{format}"]
    given, wanted = _suffix(input), _suffix(output)
    if os.fspath(input) == STANDARD:
        given = wanted if wanted in FORMATS else _UNNAMED
    if given not in FORMATS:
        hint = "; save the sheet as CSV (UTF-8)" if given in _SPREADSHEETS else ", or say what it is with --format"
        raise InputError(f"{os.fspath(input)}: cannot tell the format by its name; it must end in {_suffixes()}{hint}")
    if FORMATS[given] is ParquetReader and compression_of(PurePath(input)):
        raise InputError(f"{os.fspath(input)}: Parquet is compressed within; unpack the file first")
    if wanted and FORMATS.get(wanted) is not FORMATS[given]:
        hint = "; stancekit export makes a data set for Stata of it" if wanted == STATA else ""
        raise OutputError(f"{os.fspath(output)}: the output keeps the input's format; end its name in {given}{hint}")
    return FORMATS[given]


def format_of(reader: type[Reader]) -> str:
    """The name of a reader's format."""
    return next(suffix[1:] for suffix, known in FORMATS.items() if known is reader)


def _suffix(path: AnyPath) -> str:
    pure = PurePath(path)
    return (pure.with_suffix("") if compression_of(pure) else pure).suffix.lower()


def _suffixes() -> str:
    *others, last = FORMATS
    return f"{', '.join(others)} or {last}, and .gz or .zst after it"
