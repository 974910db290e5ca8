"""The input of a run: opened with clear errors, and the one place where an error names file, row and line."""

from __future__ import annotations

import difflib
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from stancekit.errors import InputError

STANDARD = "-"
"""The file name that stands for standard input or output."""

_LISTED = 20


@dataclass(frozen=True)
class Source:
    """An open input.

    Attributes
    ----------
    name : str
        For messages.
    stream : binary stream
    size : int or None
        In bytes; None where it is not known beforehand.
    """

    name: str
    stream: BinaryIO
    size: int | None = None

    def read(self, size: int) -> bytes:
        """The next ``size`` bytes; fewer at the end only."""
        try:
            return self.stream.read(size)
        except OSError as error:
            raise self.error(f"cannot be read: {error.strerror or error}") from error

    def error(self, problem: str, *, row: int | None = None, line: int | None = None) -> InputError:
        """An error that says where; row 0 is the header."""
        where = f"{self.name}: "
        if row is not None:
            where += "header" if row == 0 else f"row {row}"
            where += f" (line {line}): " if line is not None else ": "
        return InputError(where + problem)

    def missing(self, column: str, names: Iterable[str], **where: int) -> InputError:
        """The error for a column that is not there, with its near match and the columns that are."""
        known = list(names)
        problem = f"no column {column!r}{near_match(column, known)}; columns: {listed(known)}"
        return self.error(problem, **where)

    def taken(self, column: str, **where: int) -> InputError:
        """The error for a column that is already there."""
        problem = f"already has a column {column!r}; name the new columns otherwise with --prefix (prefix=...)"
        return self.error(problem, **where)


@contextmanager
def open_source(path: str | os.PathLike[str]) -> Iterator[Source]:
    """Open a file, or standard input for ``-``.

    Raises
    ------
    InputError
        If the file is missing (a near match is named), is a folder, or may not be read.
    """
    if os.fspath(path) == STANDARD:
        yield Source("<stdin>", sys.stdin.buffer)
        return
    file = Path(path)
    if file.is_dir():
        raise InputError(f"{file}: is a folder; give a file")
    try:
        stream = file.open("rb")
    except FileNotFoundError as error:
        raise InputError(f"{file}: no such file{_near_file(file)}") from error
    except OSError as error:
        raise InputError(f"{file}: cannot be read: {error.strerror or error}") from error
    with stream:
        size = os.fstat(stream.fileno()).st_size
        yield Source(str(file), stream, size or None)


def near_match(name: str, known: Iterable[str]) -> str:
    """`` (did you mean '...'?)`` where something known is spelt alike, else nothing."""
    folded: dict[str, str] = {}
    for candidate in known:
        folded.setdefault(candidate.strip().casefold(), candidate)
    found = difflib.get_close_matches(name.strip().casefold(), folded, n=1)
    return f" (did you mean {folded[found[0]]!r}?)" if found else ""


def listed(names: Iterable[str]) -> str:
    """The names in quotes, the tail of a long list counted."""
    known = list(names)
    rest = f" and {len(known) - _LISTED} more" if len(known) > _LISTED else ""
    return ", ".join(repr(name) for name in known[:_LISTED]) + rest


def _near_file(file: Path) -> str:
    if not file.parent.is_dir():
        return f"; the folder {str(file.parent)!r} does not exist"
    return near_match(file.name, (entry.name for entry in file.parent.iterdir()))
