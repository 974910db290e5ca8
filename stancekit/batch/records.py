"""What a run and the file formats say to each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from stancekit.batch.columns import Answer
from stancekit.batch.source import Source
from stancekit.errors import InputError

CHUNK_BYTES = 1 << 18
MAX_RECORD_BYTES = 1 << 27
"""A longer record is taken for a mistake, so that memory stays bounded whatever the file holds."""


@dataclass
class Block:
    """Consecutive records as raw bytes, cut in two where fields are to be inserted.

    Attributes
    ----------
    values : tuple of list of str
        Parsed values of the columns asked for, each of one value a row.
    lead : bytes
        What stands before the first record of the block and belongs to none: blank lines.
    heads, tails : list of bytes
        What stands before and after the insertion, one a row; tails hold line ends and blank lines.
    first_row : int
        Number of the first row in the file, from 1.
    position : int
        Bytes of the input up to the end of the block.
    """

    values: tuple[list[str], ...]
    first_row: int
    lead: bytes = b""
    heads: list[bytes] = field(default_factory=list)
    tails: list[bytes] = field(default_factory=list)
    position: int = 0

    @property
    def n_rows(self) -> int:
        """How many rows the block has."""
        return len(self.heads)

    def add_row(self, values: Sequence[str], head: bytes, tail: bytes) -> None:
        """Add a record with the values of its wanted columns."""
        for column, value in zip(self.values, values, strict=True):
            column.append(value)
        self.heads.append(head)
        self.tails.append(tail)

    def add_blank(self, raw: bytes) -> None:
        """Keep bytes that belong to no row."""
        if self.tails:
            self.tails[-1] += raw
        else:
            self.lead += raw

    def joined(self, insertions: Sequence[bytes]) -> bytes:
        """The block with one insertion a row."""
        pieces = [self.lead]
        for triple in zip(self.heads, insertions, self.tails, strict=True):
            pieces += triple
        return b"".join(pieces)


class Reader(Protocol):
    """One format: splits an input into records, and appends fields to them.

    Made from a source and the columns whose values are wanted; by then everything that can be checked from
    the beginning of the file is checked. The first column must hold text; the others may hold other scalars.
    """

    def __init__(self, source: Source, columns: Sequence[str]) -> None: ...

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
