"""The input of a run: opened with clear errors, and the one place where an error names file, row and line."""

from __future__ import annotations

import difflib
import hashlib
import io
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, cast

from stancekit.batch.compression import compression_of, damages, unpacked
from stancekit.batch.encodings import Carried, Readable, checked_encoding, encoding_of, likely_encoding
from stancekit.errors import InputError

STANDARD = "-"
"""The file name that stands for standard input or output."""

CHUNK_BYTES = 1 << 18
_LISTED = 20


class Tap(io.RawIOBase):
    """A file as it lies on the disk, counted and hashed while it is read."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self._hash = hashlib.sha256()
        self.count = 0

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer; how many bytes there were."""
        n = self._file.readinto(buffer) or 0
        self._hash.update(memoryview(buffer)[:n])
        self.count += n
        return int(n)

    @property
    def sha256(self) -> str:
        """The hash of what was read."""
        return self._hash.hexdigest()


@dataclass
class Source:
    """An open input, as UTF-8.

    Attributes
    ----------
    name : str
        For messages.
    stream : readable
    size : int or None
        In bytes, as it lies on the disk; None where it is not known beforehand.
    path : Path or None
        None for standard input.
    encoding : str
        In which the file is; the stream is UTF-8 whatever it is.
    tap : Tap or None
        Counts and hashes what is read.
    """

    name: str
    stream: Readable
    size: int | None = None
    path: Path | None = None
    encoding: str = "utf-8"
    tap: Tap | None = None
    _kept: bytes | None = field(default=b"", repr=False)
    _ahead: bytes = field(default=b"", repr=False)

    def read(self, size: int) -> bytes:
        """The next bytes, about ``size``; none at the end only."""
        if self._ahead:
            data, self._ahead = self._ahead, b""
            return data
        try:
            data = self.stream.read(size)
        except OSError as error:
            raise self.error(f"cannot be read: {error.strerror or error}") from error
        except damages() as error:
            raise self.error(f"cannot be unpacked: {error}; is the file whole?") from error
        if self._kept is not None:
            self._kept += data
        return data

    def forget(self) -> None:
        """Keep no more of what is read: ``go_to`` will not be asked for."""
        self._kept = None

    def go_to(self, position: int) -> None:
        """Read on from a position in the UTF-8 stream, wherever reading has come to."""
        kept, self._kept = self._kept or b"", None
        self._ahead = kept[position:]
        missing = position - len(kept)
        while missing > 0:
            passed = self.read(min(missing, CHUNK_BYTES))
            if not passed:
                raise self.error("is shorter than it was")
            self._ahead = passed[missing:]
            missing -= len(passed)

    @property
    def done(self) -> int:
        """How many bytes were read, as they lie on the disk."""
        return self.tap.count if self.tap else 0

    def error(self, problem: str, *, row: int | None = None, line: int | None = None) -> InputError:
        """An error that says where; row 0 is the header."""
        where = f"{self.name}: "
        if row is not None:
            where += "header" if row == 0 else f"row {row}"
            where += f" (line {line}): " if line is not None else ": "
        return InputError(where + problem)

    def missing(self, column: str, names: Iterable[str]) -> InputError:
        """The error for a column that is not there."""
        return self.error(missing_column(column, names))

    def taken(self, column: str, **where: int) -> InputError:
        """The error for a column that is already there."""
        return self.error(taken_column(column), **where)

    def undecodable(self, error: UnicodeDecodeError, offset: int) -> str:
        """What is wrong with bytes of which one means nothing; ``offset`` is where they begin in the file."""
        byte = error.object[error.start]
        if self.encoding.startswith(("utf-16", "utf-32")):
            return f"holds half of a character, which {self.encoding} does not allow; is the file damaged?"
        if self.encoding != "utf-8":
            return f"byte 0x{byte:02x} is no character of {self.encoding}; give another --encoding (encoding=...)"
        guess = likely_encoding(error.object) or "an encoding of your own"
        problem = f"byte 0x{byte:02x} at offset {offset + error.start} is not UTF-8"
        return f"{problem}; if the file is in {guess}, say so with --encoding (encoding=...)"


@contextmanager
def open_source(path: str | os.PathLike[str], encoding: str | None = None) -> Iterator[Source]:
    """Open a file, compressed or not, or standard input for ``-``.

    Parameters
    ----------
    path : path
    encoding : str, optional
        UTF-8 if left out, unless the file says otherwise by a byte order mark or is plainly UTF-16.

    Raises
    ------
    InputError
        If the file is missing (a near match is named), is a folder, or may not be read.
    """
    given = None if encoding is None else checked_encoding(encoding)
    if os.fspath(path) == STANDARD:
        tap = Tap(sys.stdin.buffer)
        yield _decoded(Source("<stdin>", cast(BinaryIO, io.BufferedReader(tap)), tap=tap), given)
        return
    file = Path(path)
    if file.is_dir():
        raise InputError(f"{file}: is a folder; give a file")
    try:
        opened = file.open("rb", buffering=0)
    except FileNotFoundError as error:
        raise InputError(f"{file}: no such file{_near_file(file)}") from error
    except OSError as error:
        raise InputError(f"{file}: cannot be read: {error.strerror or error}") from error
    with opened:
        tap = Tap(opened)
        stream: BinaryIO = cast(BinaryIO, io.BufferedReader(tap, CHUNK_BYTES))
        suffix = compression_of(file)
        source = Source(str(file), unpacked(stream, suffix) if suffix else stream, path=file, tap=tap)
        source.size = os.fstat(opened.fileno()).st_size or None
        yield _decoded(source, given)


def _decoded(source: Source, given: str | None) -> Source:
    """The source as UTF-8."""
    head = source.read(CHUNK_BYTES)
    source.encoding = encoding_of(head, given)
    source.stream = _Joined(head, source.stream)
    if source.encoding != "utf-8":
        source.stream = Carried(source.stream, source.encoding, source.name)
    source._kept = b""
    return source


class _Joined:
    """A stream of which the beginning has been read already."""

    def __init__(self, head: bytes, rest: Readable) -> None:
        self._head = head
        self._rest = rest

    def read(self, size: int) -> bytes:
        if self._head:
            data, self._head = self._head[:size], self._head[size:]
            return data
        return self._rest.read(size)


def missing_column(column: str, names: Iterable[str]) -> str:
    """What is wrong: the column is not there; its near match, and the columns that are."""
    known = list(names)
    return f"no column {column!r}{near_match(column, known)}; columns: {listed(known)}"


def taken_column(column: str) -> str:
    """What is wrong: the column is already there."""
    return f"already has a column {column!r}; name the new columns otherwise with --prefix (prefix=...)"


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
