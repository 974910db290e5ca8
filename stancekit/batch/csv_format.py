"""CSV (RFC 4180) as raw records: what is not appended comes back byte for byte.

Lines end in CR, LF or CRLF, and the ``csv`` module joins those that quotes hold together, so that the records
are exactly those that Python reads in its strict mode.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, pairwise

from stancekit.batch.columns import Answer
from stancekit.batch.records import CHUNK_BYTES, MAX_RECORD_BYTES, Block, line_ends, undecodable
from stancekit.batch.source import Source
from stancekit.errors import InputError

DELIMITER = ","
_OTHER_DELIMITERS = {";": "semicolons", "\t": "tabs", "|": "bars"}
_SENTINEL = "end"


@dataclass
class _Batch:
    """Records in order, parsed and raw; ``fields`` is empty for a blank line."""

    fields: list[list[str]] = field(default_factory=list)
    raws: list[bytes] = field(default_factory=list)


class CsvReader:
    """Reads a CSV file with a header as blocks of raw records (see :class:`stancekit.batch.records.Reader`)."""

    def __init__(self, source: Source, columns: Sequence[str]) -> None:
        # The module's limit of 128 KiB a field is global; it is raised, never lowered, so nobody loses.
        csv.field_size_limit(max(csv.field_size_limit(), 4 * MAX_RECORD_BYTES))
        self._source = source
        self._columns = columns
        self._names: list[str] = []
        self._wanted: list[int] = []
        # How much of the file the batches so far have taken.
        self._bytes, self._lines, self._records = 0, 0, 0
        self._batches = self._read()
        self._header, self._rest = self._take_header()

    @property
    def names(self) -> tuple[str, ...]:
        """The columns of the header."""
        return tuple(self._names)

    def reserve(self, names: Sequence[str]) -> None:
        """Refuse a header that already has one of the names."""
        for name in names:
            if name in self._names:
                raise self._source.taken(name)

    def header(self, names: Sequence[str]) -> bytes:
        """The header line, with any blank lines before it, and the names appended."""
        body, end = _cut_line_end(self._header)
        return body + _appended(names) + end

    def blocks(self, rows: int) -> Iterator[Block]:
        """The records in order, ``rows`` of them at a time; a block may hold blank lines only."""
        position = len(self._header)
        block = Block(tuple([] for _ in self._wanted), first_row=1)
        for batch in chain([self._rest], self._batches):
            for fields, raw in zip(batch.fields, batch.raws, strict=True):
                if block.is_full(rows):
                    yield block
                    block = block.next()
                position += len(raw)
                block.position = position
                if fields:
                    block.add_row([fields[column] for column in self._wanted], *_cut_line_end(raw))
                else:
                    block.add_blank(raw)
        if block.position:
            yield block

    def render(self, block: Block, names: Sequence[str], answers: Sequence[Answer]) -> bytes:
        """The block with the answers appended to its records."""
        return block.joined([_appended(answer) for answer in answers])

    def _take_header(self) -> tuple[bytes, _Batch]:
        raws: list[bytes] = []
        for batch in self._batches:
            for i, fields in enumerate(batch.fields, start=1):
                if fields:
                    raws += batch.raws[:i]
                    return b"".join(raws), _Batch(batch.fields[i:], batch.raws[i:])
            raws += batch.raws
        raise self._source.error("is empty; it must begin with a line of column names")

    def _read(self) -> Iterator[_Batch]:
        pending, size, final = b"", CHUNK_BYTES, False
        while not final:
            fresh = self._source.read(size)
            final = not fresh
            data = pending + fresh
            lines = data[: len(data) if final else _end_of_lines(data)].splitlines(keepends=True)
            batch = self._parse(lines, final)
            self._check_fields(batch)
            taken = sum(map(len, batch.raws))
            self._bytes += taken
            self._lines += line_ends(data[:taken])
            self._records += _count(batch.fields)
            pending = data[taken:]
            if len(pending) > MAX_RECORD_BYTES:
                problem = f"is longer than {MAX_RECORD_BYTES >> 20} MiB; is a quote opened and never closed?"
                raise self._error(problem, _Batch(), 0)
            # A record longer than the chunk is read again from its start: doubling keeps that linear.
            size = CHUNK_BYTES if taken else size * 2
            yield batch

    def _parse(self, lines: list[bytes], final: bool) -> _Batch:
        """The records that are complete within the lines."""
        batch = _Batch()
        if not any(b'"' in line for line in lines):
            for text in self._decoded(lines, batch):
                bare = text.rstrip("\r\n")
                batch.fields.append(bare.split(DELIMITER) if bare else [])
            batch.raws = lines
            return batch
        starts = self._parse_quoted(lines, batch, final)
        if len(batch.fields) == len(lines):
            batch.raws = lines
        else:
            batch.raws = [b"".join(lines[start:stop]) for start, stop in pairwise(starts)]
        return batch

    def _parse_quoted(self, lines: list[bytes], batch: _Batch, final: bool) -> list[int]:
        """Fill in the fields; at which line each record starts, and at which one the next will."""
        starts = [0]
        # One line too many: the parser comes to it within a record only if a quote before it is open. Strict,
        # because a quote left open usually meets the next one, and would swallow the rows between.
        parser = csv.reader(chain(self._decoded(lines, batch), [_SENTINEL]), delimiter=DELIMITER, strict=True)
        try:
            for fields in parser:
                batch.fields.append(fields)
                starts.append(parser.line_num)
        except csv.Error as error:
            if parser.line_num <= len(lines):
                problem = "text follows a closing quote; close every quote, and double those inside a field"
                raise self._error(problem, batch, starts[-1]) from error
            if final:
                raise self._error("a quote is opened here and never closed", batch, starts[-1]) from error
            return starts
        batch.fields.pop()
        return starts[:-1]

    def _decoded(self, lines: list[bytes], batch: _Batch) -> Iterator[str]:
        """The lines as text; ``batch`` is filled meanwhile, so that an error can name the row."""
        for i, raw in enumerate(lines):
            try:
                text = raw.decode("utf-8")
            except UnicodeDecodeError as error:
                offset = self._bytes + sum(map(len, lines[:i]))
                row = self._records + _count(batch.fields)
                raise undecodable(self._source, error, offset=offset, row=row, line=self._lines + i + 1) from error
            if "\0" in text:
                raise self._error("holds a NUL byte, which no text has; is the file damaged?", batch, i)
            yield text if i or self._bytes else text.removeprefix("\ufeff")

    def _check_fields(self, batch: _Batch) -> None:
        for i, fields in enumerate(batch.fields):
            if fields and not self._names:
                self._set_header(fields)
            elif fields and len(fields) != len(self._names):
                before = _Batch(batch.fields[:i])
                problem = f"expected {len(self._names)} field(s), got {len(fields)}; quote fields that hold commas"
                raise self._error(problem, before, line_ends(b"".join(batch.raws[:i])))

    def _set_header(self, names: list[str]) -> None:
        self._names = names
        filled = [name for name in names if name]
        for name in filled:
            # Unnamed columns may repeat: spreadsheets export empty ones at the right edge.
            if filled.count(name) > 1:
                raise self._source.error(f"two columns are named {name!r}; rename one", row=0)
        self._wanted = [self._index(name) for name in self._columns]

    def _index(self, name: str) -> int:
        if name in self._names:
            return self._names.index(name)
        error = self._source.missing(name, self._names)
        for delimiter, spoken in _OTHER_DELIMITERS.items():
            if len(self._names) == 1 and delimiter in self._names[0]:
                raise InputError(f"{error}; its fields seem to be separated by {spoken}: save it with commas")
        raise error

    def _error(self, problem: str, before: _Batch, lines_before: int) -> InputError:
        row = self._records + _count(before.fields)
        return self._source.error(problem, row=row, line=self._lines + lines_before + 1)


def _count(fields: Iterable[list[str]]) -> int:
    """How many records there are, blank lines left out."""
    return sum(map(bool, fields))


def _appended(values: Iterable[str]) -> bytes:
    return "".join(DELIMITER + _quoted(value) for value in values).encode("utf-8")


def _quoted(value: str) -> str:
    if DELIMITER in value or '"' in value or "\n" in value or "\r" in value:
        return '"' + value.replace('"', '""') + '"'
    return value


def _cut_line_end(raw: bytes) -> tuple[bytes, bytes]:
    if raw.endswith(b"\r\n"):
        return raw[:-2], b"\r\n"
    if raw.endswith((b"\n", b"\r")):
        return raw[:-1], raw[-1:]
    return raw, b""


def _end_of_lines(data: bytes) -> int:
    """Where the last complete line ends; a CR at the very end may yet turn out to be half of a CRLF."""
    return data.rfind(b"\n") + 1 or data.rfind(b"\r", 0, -1) + 1
