"""What a run and the file formats say to each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from stancekit.batch.columns import Answer
from stancekit.batch.source import Source
from stancekit.errors import InputError

CHUNK_BYTES = 1 << 18
MAX_RECORD_BYTES = 1 << 25
"""A longer record is taken for a mistake, so that memory stays bounded whatever the file holds."""

_MAX_BLANKS = 1 << 16


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
    position : int
        Bytes of the input up to the end of the block.
    """

    values: tuple[list[str], ...]
    first_row: int
    heads: list[bytes] = field(default_factory=list)
    tails: list[bytes] = field(default_factory=list)
    blanks: dict[int, list[bytes]] = field(default_factory=dict)
    position: int = 0

    @property
    def n_rows(self) -> int:
        """How many rows the block has."""
        return len(self.heads)

    def is_full(self, rows: int) -> bool:
        """Whether to go on with a new block: blank lines count too, so that no run of them fills memory."""
        return len(self.heads) >= rows or len(self.blanks.get(len(self.heads), ())) >= _MAX_BLANKS

    def next(self) -> Block:
        """An empty block for what follows."""
        return Block(tuple([] for _ in self.values), self.first_row + self.n_rows)

    def add_row(self, values: Sequence[str], head: bytes, tail: bytes) -> None:
        """Add a record with the values of its wanted columns."""
        for column, value in zip(self.values, values, strict=True):
            column.append(value)
        self.heads.append(head)
        self.tails.append(tail)

    def add_blank(self, raw: bytes) -> None:
        """Keep a line that belongs to no row."""
        self.blanks.setdefault(self.n_rows, []).append(raw)

    def joined(self, insertions: Sequence[bytes]) -> bytes:
        """The block with one insertion a row."""
        pieces = [*self.blanks.get(0, ())]
        for row, triple in enumerate(zip(self.heads, insertions, self.tails, strict=True), start=1):
            pieces += triple
            if row in self.blanks:
                pieces += self.blanks[row]
        return b"".join(pieces)


class Reader(Protocol):
    """One format: splits an input into records, and appends fields to them.

    Made from a source and the columns whose values are wanted; by then everything that can be checked from
    the beginning of the file is checked. The first column must hold text; the others may hold other scalars.
    """

    def __init__(self, source: Source, columns: Sequence[str]) -> None: ...

    @property
    def names(self) -> tuple[str, ...]:
        """The columns, as the beginning of the file tells them."""

    def reserve(self, names: Sequence[str]) -> None:
        """Refuse an input that already has one of the columns to be appended."""

    def header(self, names: Sequence[str]) -> bytes:
        """What the output begins with."""

    def blocks(self, rows: int) -> Iterator[Block]:
        """The records in order, ``rows`` of them at a time."""

    def render(self, block: Block, names: Sequence[str], answers: Sequence[Answer]) -> bytes:
        """The block with the answers appended to its records."""


def line_ends(raw: bytes) -> int:
    """How many lines end in ``raw``, whichever way they end."""
    return raw.count(b"\n") + raw.count(b"\r") - raw.count(b"\r\n")


def undecodable(source: Source, error: UnicodeDecodeError, *, offset: int, row: int, line: int) -> InputError:
    """The error for bytes that are not UTF-8; ``offset`` is where the decoded piece begins in the file."""
    byte = error.object[error.start]
    if offset == 0 and error.object[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return source.error("is UTF-16; save it as UTF-8 (iconv -f UTF-16 -t UTF-8)")
    problem = f"byte 0x{byte:02x} at offset {offset + error.start} is not UTF-8; save the file as UTF-8"
    return source.error(problem, row=row, line=line)
