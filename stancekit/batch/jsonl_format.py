"""JSON Lines as raw records: fields are inserted before the last brace, the rest comes back byte for byte."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from stancekit.batch.columns import Answer
from stancekit.batch.records import MAX_RECORD_BYTES, BadRow, Block, Mark, TextReader
from stancekit.batch.source import CHUNK_BYTES, Source, missing_column, taken_column
from stancekit.errors import InputError

_SPACE = b" \t\r\n"
_TOO_LONG = f"is longer than {MAX_RECORD_BYTES >> 20} MiB; is it one object a line?"
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


class _Number(str):
    """A number as it is written: nothing is rounded, and no number is too long."""

    __slots__ = ()


class _MissingColumn(InputError):
    """An object without one of the wanted columns."""


@dataclass(frozen=True)
class _Line:
    """A line with the wanted values of its object; without any if it is blank or bad."""

    raw: bytes
    values: list[str] | None = None
    problem: str | None = None


class JsonlReader(TextReader):
    """Reads one JSON object a line as blocks of raw records (see :class:`stancekit.batch.records.Reader`)."""

    def __init__(self, source: Source, columns: Sequence[str], *, skip_bad: bool = False) -> None:
        self._source = source
        self._columns = columns
        self._skip_bad = skip_bad
        self._reserved: frozenset[str] = frozenset()
        self._decoder = json.JSONDecoder(parse_int=_Number, parse_float=_Number)
        self._start = Mark()
        self._rows, self._read_bytes, self._n_lines = 0, 0, 0
        self._first_keys: tuple[str, ...] = ()
        self._lines = self._read()
        # The first record is read ahead, so that its mistakes show before a model is loaded.
        self._first = self._take_first()

    @property
    def names(self) -> tuple[str, ...]:
        """The fields of the first record."""
        return self._first_keys

    def reserve(self, names: Sequence[str]) -> None:
        """Refuse objects that already have one of the names: the first now, the others as they come."""
        self._reserved = self._reserved.union(names)
        for name in names:
            if name in self._first_keys:
                raise self._source.taken(name, row=self._rows, line=self._n_lines)

    def header(self, names: Sequence[str]) -> bytes:
        """A byte order mark stands in the first line; the names stand in every record."""
        return b""

    def go_to(self, mark: Mark) -> None:
        """Let the blocks begin at the mark of an earlier one."""
        self._source.go_to(mark.position)
        self._read_bytes, self._rows, self._n_lines = mark.position, mark.rows, mark.lines
        self._lines, self._first, self._start = self._read(), [], mark

    def blocks(self, rows: int) -> Iterator[Block]:
        """The records in order, ``rows`` of them at a time; a block may hold blank or bad lines only."""
        self._source.forget()
        position, row, n_lines = self._start.position, self._start.rows, self._start.lines
        block = self._block(row)
        for line in chain(self._first, self._lines):
            if block.is_full(rows):
                block.mark, block.done = Mark(position, row, n_lines), self._source.done
                yield block
                block = self._block(row)
            position += len(line.raw)
            n_lines += 1
            row += line.values is not None or line.problem is not None
            if line.problem is not None:
                block.add_bad(BadRow(row, n_lines, line.problem, line.raw))
            elif line.values is None:
                block.add_blank(line.raw)
            else:
                brace = len(line.raw.rstrip(_SPACE)) - 1
                block.add_row(line.values, line.raw[:brace], line.raw[brace:])
        if position > self._start.position:
            block.mark, block.done = Mark(position, row, n_lines), self._source.done
            yield block

    def render(self, block: Block, names: Sequence[str], answers: Sequence[Answer]) -> bytes:
        """The block with the answers inserted into its objects; no reason is ``null``."""
        keys = [f", {json.dumps(name, ensure_ascii=False)}: " for name in names]
        return block.joined([_inserted(keys, answer) for answer in answers])

    def _block(self, row: int) -> Block:
        return Block(tuple([] for _ in self._columns), first_row=row + 1)

    def _take_first(self) -> list[_Line]:
        taken = []
        for line in self._lines:
            taken.append(line)
            if self._rows:
                return taken
        raise self._source.error("is empty; it must hold one JSON object a line")

    def _read(self) -> Iterator[_Line]:
        pending, size, final = b"", CHUNK_BYTES, False
        while not final:
            fresh = self._source.read(size)
            final = not fresh
            data = pending + fresh
            cut = len(data) if final else data.rfind(b"\n") + 1
            for raw in io.BytesIO(data[:cut]):
                yield self._line(raw)
            pending = data[cut:]
            if len(pending) > MAX_RECORD_BYTES:
                raise self._source.error(_TOO_LONG, row=self._rows + 1, line=self._n_lines + 1)
            size = CHUNK_BYTES if cut else size * 2

    def _line(self, raw: bytes) -> _Line:
        self._n_lines += 1
        try:
            line = _Line(raw, self._values(raw))
        except InputError as error:
            self._rows += 1
            # if the first object has no such column, none has
            if not self._skip_bad or (isinstance(error, _MissingColumn) and self._rows == 1):
                raise self._source.error(str(error), row=self._rows, line=self._n_lines) from error
            line = _Line(raw, problem=str(error))
        else:
            self._rows += line.values is not None
        self._read_bytes += len(raw)
        return line

    def _values(self, raw: bytes) -> list[str] | None:
        """The wanted values of a line; None if it is blank."""
        if len(raw) > MAX_RECORD_BYTES:
            raise InputError(_TOO_LONG)
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError as error:
            raise InputError(self._source.undecodable(error, self._read_bytes)) from error
        if not self._read_bytes:
            text = text.removeprefix("\ufeff")
        # Only JSON's own white space may go: a line of any other is not blank, but wrong.
        text = text.strip(" \t\r\n")
        if not text:
            return None
        record = self._object(text)
        if not self._reserved.isdisjoint(record):
            taken = next(name for name in record if name in self._reserved)
            raise InputError(taken_column(taken))
        self._first_keys = self._first_keys or tuple(record)
        return [self._value(i, name, record) for i, name in enumerate(self._columns)]

    def _object(self, text: str) -> dict[str, Any]:
        try:
            record = self._decoder.decode(text)
        except json.JSONDecodeError as error:
            raise InputError(f"not a JSON object: {error.msg} at character {error.pos + 1}") from error
        except RecursionError as error:
            raise InputError("not a JSON object that can be read: nested too deeply") from error
        if not isinstance(record, dict):
            raise InputError(f"expected an object, got {_kind(record)}; write one JSON object a line")
        return record

    def _value(self, place: int, name: str, record: dict[str, Any]) -> str:
        if name not in record:
            raise _MissingColumn(missing_column(name, record))
        value = record[name]
        if value is None:
            return ""
        if place and isinstance(value, bool):
            return str(value).lower()
        # a number is kept as it is written, but no text
        if not isinstance(value, str) or (isinstance(value, _Number) and not place):
            expected = "a string, a number, true, false or null" if place else "a string"
            raise InputError(f"column {name!r} is {_kind(value)}; expected {expected}")
        # JSON can escape half a character, which no encoder downstream would take.
        return value if value.isascii() else _LONE_SURROGATE.sub("\ufffd", value)


def _inserted(keys: Sequence[str], answer: Answer) -> bytes:
    label, *numbers, reason = answer
    written = (json.dumps(label, ensure_ascii=False), *numbers, json.dumps(reason) if reason else "null")
    return "".join(chain.from_iterable(zip(keys, written, strict=True))).encode("utf-8")


def _kind(value: Any) -> str:
    if isinstance(value, _Number):
        return "a number"
    names = {str: "a string", bool: "true or false", list: "a list", dict: "an object", float: "a number"}
    return names[type(value)] if value is not None else "null"
