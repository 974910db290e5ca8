"""JSON Lines as raw records: fields are inserted before the last brace, the rest comes back byte for byte."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

from stancekit.batch.columns import Answer
from stancekit.batch.records import CHUNK_BYTES, MAX_RECORD_BYTES, Block, undecodable
from stancekit.batch.source import Source
from stancekit.errors import InputError

_SPACE = b" \t\r\n"
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")

_Record = dict[str, Any]


class _Number(str):
    """A number as it is written: nothing is rounded, and no number is too long."""

    __slots__ = ()


class JsonlReader:
    """Reads one JSON object a line as blocks of raw records (see :class:`stancekit.batch.records.Reader`)."""

    def __init__(self, source: Source, columns: Sequence[str]) -> None:
        self._source = source
        self._columns = columns
        self._reserved: frozenset[str] = frozenset()
        self._decoder = json.JSONDecoder(parse_int=_Number, parse_float=_Number)
        self._bytes, self._lines, self._rows = 0, 0, 0
        self._records = self._read()
        # The first record is read ahead, so that its mistakes show before a model is loaded.
        self._first = self._take_first()

    @property
    def names(self) -> tuple[str, ...]:
        """The fields of the first record."""
        return tuple(self._first[-1][0] or ())

    def reserve(self, names: Sequence[str]) -> None:
        """Refuse objects that already have one of the names: the first now, the others as they come."""
        self._reserved = self._reserved.union(names)
        for record, _ in self._first[-1:]:
            self._check_reserved(record or {})

    def header(self, names: Sequence[str]) -> bytes:
        """Nothing: the names stand in every record."""
        return b""

    def blocks(self, rows: int) -> Iterator[Block]:
        """The records in order, ``rows`` of them at a time; a block may hold blank lines only."""
        position = 0
        block = Block(tuple([] for _ in self._columns), first_row=1)
        for record, raw in chain(self._first, self._records):
            if block.is_full(rows):
                yield block
                block = block.next()
            position += len(raw)
            block.position = position
            if record is None:
                block.add_blank(raw)
                continue
            brace = len(raw.rstrip(_SPACE)) - 1
            self._check_reserved(record)
            block.add_row(self._values(record), raw[:brace], raw[brace:])
        if block.position:
            yield block

    def render(self, block: Block, names: Sequence[str], answers: Sequence[Answer]) -> bytes:
        """The block with the answers inserted into its objects; no reason is ``null``."""
        keys = [f", {json.dumps(name, ensure_ascii=False)}: " for name in names]
        return block.joined([_inserted(keys, answer) for answer in answers])

    def _take_first(self) -> list[tuple[_Record | None, bytes]]:
        taken = []
        for record, raw in self._records:
            taken.append((record, raw))
            if record is not None:
                self._values(record)
                return taken
        raise self._source.error("is empty; it must hold one JSON object a line")

    def _read(self) -> Iterator[tuple[_Record | None, bytes]]:
        """Each line with its object, or with None if it is blank."""
        pending, size, final = b"", CHUNK_BYTES, False
        while not final:
            fresh = self._source.read(size)
            final = not fresh
            data = pending + fresh
            cut = len(data) if final else data.rfind(b"\n") + 1
            for raw in io.BytesIO(data[:cut]):
                record = self._parse(raw)
                self._bytes += len(raw)
                self._lines += 1
                self._rows += record is not None
                yield record, raw
            pending = data[cut:]
            if len(pending) > MAX_RECORD_BYTES:
                raise self._error(f"is longer than {MAX_RECORD_BYTES >> 20} MiB; is it one object a line?")
            size = CHUNK_BYTES if cut else size * 2

    def _parse(self, raw: bytes) -> _Record | None:
        row, line = self._rows + 1, self._lines + 1
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError as error:
            raise undecodable(self._source, error, offset=self._bytes, row=row, line=line) from error
        if not self._bytes:
            text = text.removeprefix("\ufeff")
        # Only JSON's own white space may go: a line of any other is not blank, but wrong.
        text = text.strip(" \t\r\n")
        if not text:
            return None
        try:
            record = self._decoder.decode(text)
        except json.JSONDecodeError as error:
            raise self._error(f"not a JSON object: {error.msg} at character {error.pos + 1}") from error
        except RecursionError as error:
            raise self._error("not a JSON object that can be read: nested too deeply") from error
        if not isinstance(record, dict):
            raise self._error(f"expected an object, got {_kind(record)}; write one JSON object a line")
        return record

    def _check_reserved(self, record: _Record) -> None:
        if not self._reserved.isdisjoint(record):
            taken = next(name for name in record if name in self._reserved)
            raise self._source.taken(taken, row=self._rows, line=self._lines)

    def _values(self, record: _Record) -> list[str]:
        """The wanted values of the record that was read last."""
        values = []
        for i, name in enumerate(self._columns):
            if name not in record:
                raise self._source.missing(name, record, row=self._rows, line=self._lines)
            value = record[name]
            if not isinstance(value, str) if i else type(value) is not str:
                value = self._scalar(name, value, text=i == 0)
            # JSON can escape half a character, which no encoder downstream would take.
            values.append(value if value.isascii() else _LONE_SURROGATE.sub("\ufffd", value))
        return values

    def _scalar(self, name: str, value: Any, *, text: bool) -> str:
        if not text and (value is None or isinstance(value, bool)):
            return "" if value is None else str(value).lower()
        expected = "a string" if text else "a string, a number, true, false or null"
        problem = f"column {name!r} is {_kind(value)}; expected {expected}"
        raise self._source.error(problem, row=self._rows, line=self._lines)

    def _error(self, problem: str) -> InputError:
        return self._source.error(problem, row=self._rows + 1, line=self._lines + 1)


def _inserted(keys: Sequence[str], answer: Answer) -> bytes:
    label, *numbers, reason = answer
    written = (json.dumps(label, ensure_ascii=False), *numbers, json.dumps(reason) if reason else "null")
    return "".join(chain.from_iterable(zip(keys, written, strict=True))).encode("utf-8")


def _kind(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, _Number):
        return "a number"
    names = {str: "a string", bool: "true or false", list: "a list", dict: "an object", float: "a number"}
    return names[type(value)]
