"""Which format a file is in, by its suffix."""

from __future__ import annotations

import os
from pathlib import PurePath

from stancekit.batch.csv_format import CsvReader
from stancekit.batch.jsonl_format import JsonlReader
from stancekit.batch.records import Reader
from stancekit.batch.source import STANDARD
from stancekit.errors import InputError, OutputError

FORMATS: dict[str, type[Reader]] = {".csv": CsvReader, ".jsonl": JsonlReader, ".ndjson": JsonlReader}
"""Readers by suffix; a new format is a module and a line here."""

_UNNAMED = ".csv"


def reader_for(input: str | os.PathLike[str], output: str | os.PathLike[str] = STANDARD) -> type[Reader]:
    """The reader for an input, which fixes the format of the output too.

    Standard input is read in the format of the output, or as CSV.

    Raises
    ------
    InputError
        If the input's suffix is not known.
    OutputError
        If the output's suffix belongs to another format.
    """
    given, wanted = _suffix(input), _suffix(output)
    if os.fspath(input) == STANDARD:
        given = wanted or _UNNAMED
    if given not in FORMATS:
        raise InputError(f"{os.fspath(input)}: cannot tell the format by its name; it must end in {_suffixes()}")
    if wanted and FORMATS.get(wanted) is not FORMATS[given]:
        raise OutputError(f"{os.fspath(output)}: the output keeps the input's format; end its name in {given}")
    return FORMATS[given]


def _suffix(path: str | os.PathLike[str]) -> str:
    return PurePath(path).suffix.lower()


def _suffixes() -> str:
    *others, last = FORMATS
    return f"{', '.join(others)} or {last}"
