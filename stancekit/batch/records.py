"""What a run and the file formats say to each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from stancekit.batch.columns import Answer
from stancekit.batch.source import Source

MAX_RECORD_BYTES = 1 << 25
"""A longer record is taken for a mistake, so that memory stays bounded whatever the file holds."""

MAX_BLOCK_BYTES = 1 << 22
"""A block that holds more is full, however few its rows."""

_MAX_BLANKS = 1 << 16


@dataclass(frozen=True)
class Mark:
    """How far a file has been read: bytes of UTF-8 (of Parquet: rows), rows and lines."""

    position: int = 0
    rows: int = 0
    lines: int = 0


@dataclass(frozen=True)
class BadRow:
    """A row that cannot be read.

    Attributes
    ----------
    row, line : int
        Where it is, from 1; row 0 is the header.
    problem : str
    raw : bytes
        The record as it stands.
    """

    row: int
    line: int
    problem: str
    raw: bytes


@dataclass
class Block:
    """Consecutive records as raw bytes, cut in two where fields are to be inserted.

    Attributes
    ----------
    values : tuple of list of str
        Parsed values of the columns asked for, each of one value a row.
    first_row : int
        Number of the first row in the file, from 1.
    heads, tails : list of bytes
        What stands before and after the insertion, one a row.
    blanks : dict of int to list of bytes
        Blank lines, which are no rows, by the number of rows of the block that stand before them.
    skipped : list of BadRow
        Rows left out.
    mark : Mark
        The end of the block in the input.
    done : int
        Bytes of the file, as it lies on the disk, that were read by then.
    """

    values: tuple[list[str], ...]
    first_row: int
    heads: list[bytes] = field(default_factory=list)
    tails: list[bytes] = field(default_factory=list)
    blanks: dict[int, list[bytes]] = field(default_factory=dict)
    skipped: list[BadRow] = field(default_factory=list)
    mark: Mark = Mark()
    done: int = 0
    _bytes: int = 0

    @property
    def n_rows(self) -> int:
        """How many rows the block has."""
        return len(self.values[0])

    def is_full(self, rows: int) -> bool:
        """Whether to go on with a new block: no run of long, blank or bad lines may fill memory."""
        return len(self.heads) >= rows or self._bytes >= MAX_BLOCK_BYTES

    def add_row(self, values: Sequence[str], head: bytes, tail: bytes) -> None:
        """Add a record with the values of its wanted columns."""
        for column, value in zip(self.values, values, strict=True):
            column.append(value)
        self.heads.append(head)
        self.tails.append(tail)
        self._bytes += len(head)

    def add_rows(self, values: Sequence[list[str]], raws: Sequence[bytes]) -> None:
        """Add records that end in a line end; their fields are inserted before it."""
        for column, more in zip(self.values, values, strict=True):
            column += more
        for raw in raws:
            head, tail = cut_line_end(raw)
            self.heads.append(head)
            self.tails.append(tail)
        self._bytes += sum(map(len, raws))

    def add_blank(self, raw: bytes) -> None:
        """Keep a line that belongs to no row."""
        self.blanks.setdefault(len(self.heads), []).append(raw)
        self._bytes += MAX_BLOCK_BYTES // _MAX_BLANKS

    def add_bad(self, row: BadRow) -> None:
        """Leave a row out."""
        self.skipped.append(row)
        self._bytes += len(row.raw) + MAX_BLOCK_BYTES // _MAX_BLANKS

    def joined(self, insertions: Sequence[bytes]) -> bytes:
        """The block with one insertion a row."""
        pieces = [*self.blanks.get(0, ())]
        if len(self.blanks) <= (0 in self.blanks):
            for triple in zip(self.heads, insertions, self.tails, strict=True):
                pieces += triple
            return b"".join(pieces)
        for row, triple in enumerate(zip(self.heads, insertions, self.tails, strict=True), start=1):
            pieces += triple
            if row in self.blanks:
                pieces += self.blanks[row]
        return b"".join(pieces)


def cut_line_end(raw: bytes) -> tuple[bytes, bytes]:
    """A record without its line end, and the line end."""
    if raw.endswith(b"\r\n"):
        return raw[:-2], b"\r\n"
    if raw.endswith((b"\n", b"\r")):
        return raw[:-1], raw[-1:]
    return raw, b""


class Reader(Protocol):
    """One format: splits an input into records, and appends fields to them.

    Made from a source and the columns whose values are wanted; by then everything that can be checked from
    the beginning of the file is checked. The first column must hold text; the others may hold other scalars.
    With ``skip_bad`` rows that cannot be read are left out of the blocks and listed there, else they are errors.
    """

    def __init__(self, source: Source, columns: Sequence[str], *, skip_bad: bool = False) -> None: ...

    @property
    def names(self) -> tuple[str, ...]:
        """The columns, as the beginning of the file tells them."""

    def reserve(self, names: Sequence[str]) -> None:
        """Refuse an input that already has one of the columns to be appended."""

    def header(self, names: Sequence[str]) -> bytes:
        """What the output begins with."""

    def go_to(self, mark: Mark) -> None:
        """Let the blocks begin at the mark of an earlier one."""

    def blocks(self, rows: int) -> Iterator[Block]:
        """The records in order, ``rows`` of them at a time."""

    def render(self, block: Block, names: Sequence[str], answers: Sequence[Answer]) -> bytes:
        """What the output goes on with: the block, with the answers appended to its records."""

    def assemble(self, written: Path, names: Sequence[str], output: Path) -> None:
        """Make the output of all that was written, where the format needs it (``assembled`` is True)."""

    @property
    def assembled(self) -> bool:
        """Whether what ``render`` gives must pass through ``assemble``."""


class TextReader:
    """What the formats of text have in common: their output is what was rendered."""

    assembled = False

    def assemble(self, written: Path, names: Sequence[str], output: Path) -> None:
        """Not needed."""
        raise NotImplementedError
