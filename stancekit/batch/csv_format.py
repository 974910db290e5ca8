"""CSV (RFC 4180) and its kin as raw records: what is not appended comes back byte for byte.

Lines end in CR, LF or CRLF, and the ``csv`` module joins those that quotes hold together, so that the records
are exactly those that Python reads in its strict mode.
"""

from __future__ import annotations

import csv
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from io import StringIO
from itertools import chain, islice, pairwise

from stancekit.batch.columns import Answer
from stancekit.batch.records import MAX_RECORD_BYTES, BadRow, Block, Mark, TextReader, cut_line_end
from stancekit.batch.source import CHUNK_BYTES, Source
from stancekit.errors import InputError

_SENTINEL = "end"
_UNREADABLE = [""]

_UNCLOSED = "a quote is opened here and never closed"
_AFTER_QUOTE = "text follows a closing quote; close every quote, and double those inside a field"
_TOO_LONG = f"is longer than {MAX_RECORD_BYTES >> 20} MiB; is a quote opened and never closed?"


@dataclass
class _Batch:
    """Records in order, parsed and raw.

    ``fields`` is empty for a blank line. ``starts`` are the lines on which the records begin and, last, the one
    after them, counted from ``line``; ``problems`` are the line and what is wrong, by record.
    """

    line: int = 0
    fields: list[list[str]] = field(default_factory=list)
    raws: list[bytes] = field(default_factory=list)
    starts: Sequence[int] = (0,)
    problems: dict[int, tuple[int, str]] = field(default_factory=dict)
    bad: dict[int, BadRow] = field(default_factory=dict)

    def rest(self, first: int) -> _Batch:
        """The records from one on."""
        bad = {i - first: row for i, row in self.bad.items() if i >= first}
        return _Batch(self.line, self.fields[first:], self.raws[first:], self.starts[first:], bad=bad)


class CsvReader(TextReader):
    """Reads a CSV file with a header as blocks of raw records (see :class:`stancekit.batch.records.Reader`).

    Of the delimiters the first one counts that gives the header the wanted columns.
    """

    delimiters: tuple[str, ...] = (",", ";", "\t", "|")

    def __init__(self, source: Source, columns: Sequence[str], *, skip_bad: bool = False) -> None:
        # The module's limit of 128 KiB a field is global; it is raised, never lowered, so nobody loses.
        csv.field_size_limit(max(csv.field_size_limit(), 4 * MAX_RECORD_BYTES))
        self._source = source
        self._columns = columns
        self._skip_bad = skip_bad
        self._delimiter = self.delimiters[0]
        self._names: list[str] = []
        self._wanted: list[int] = []
        # How much of the file the batches so far have taken.
        self._bytes, self._lines, self._records = 0, 0, 0
        self._batches = self._read()
        self._header, self._rest = self._take_header()
        self._start = Mark(len(self._header))

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
        body, end = cut_line_end(self._header)
        return body + self._appended(names) + end

    def go_to(self, mark: Mark) -> None:
        """Let the blocks begin at the mark of an earlier one."""
        self._source.go_to(mark.position)
        # the header is a record, though no row
        self._bytes, self._lines, self._records = mark.position, mark.lines, mark.rows + 1
        self._batches, self._rest, self._start = self._read(), _Batch(mark.lines), mark

    def blocks(self, rows: int) -> Iterator[Block]:
        """The records in order, ``rows`` of them at a time; a block may hold blank or bad lines only."""
        self._source.forget()
        position, row = self._start.position, self._start.rows
        block = Block(tuple([] for _ in self._wanted), first_row=row + 1)
        begun = False
        for batch in chain([self._rest], self._batches):
            plain, i = not batch.bad and all(batch.fields), 0
            while i < len(batch.raws):
                if block.is_full(rows):
                    block.mark, block.done = Mark(position, row, batch.line + batch.starts[i]), self._source.done
                    yield block
                    block = Block(tuple([] for _ in self._wanted), first_row=row + 1)
                begun = True
                stop = i + (rows - block.n_rows if plain else 1)
                fields, raws = batch.fields[i:stop], batch.raws[i:stop]
                if i in batch.bad:
                    block.add_bad(batch.bad[i])
                elif fields[0]:
                    block.add_rows([[each[column] for each in fields] for column in self._wanted], raws)
                else:
                    block.add_blank(raws[0])
                position += sum(map(len, raws))
                row += sum(map(bool, fields))
                i = stop
        if begun:
            block.mark, block.done = Mark(position, row, batch.line + batch.starts[-1]), self._source.done
            yield block

    def render(self, block: Block, names: Sequence[str], answers: Sequence[Answer]) -> bytes:
        """The block with the answers appended to its records."""
        if self._needs_quotes("".join(chain.from_iterable(answers))):
            return block.joined([self._appended(answer) for answer in answers])
        return block.joined([self._delimiter.join(("", *answer)).encode("utf-8") for answer in answers])

    def _take_header(self) -> tuple[bytes, _Batch]:
        raws: list[bytes] = []
        for batch in self._batches:
            for i, fields in enumerate(batch.fields, start=1):
                if fields:
                    raws += batch.raws[:i]
                    return b"".join(raws), batch.rest(i)
            raws += batch.raws
        raise self._source.error("is empty; it must begin with a line of column names")

    def _read(self) -> Iterator[_Batch]:
        pending, size, final = b"", CHUNK_BYTES, False
        while not final:
            fresh = self._source.read(size)
            final = not fresh
            data = pending + fresh
            # a CR at the very end may yet turn out to be half of a CRLF
            end = len(data) if final else data.rfind(b"\n") + 1 or data.rfind(b"\r", 0, -1) + 1
            batch = self._parse(data[:end], final)
            self._judge(batch)
            taken = sum(map(len, batch.raws))
            self._bytes += taken
            self._lines += batch.starts[-1]
            self._records += sum(map(bool, batch.fields))
            pending = data[taken:]
            if len(pending) > MAX_RECORD_BYTES and not batch.raws:
                raise self._error(_TOO_LONG)
            # A record longer than the chunk is read again from its start: doubling keeps that linear.
            size = CHUNK_BYTES if taken else size * 2
            yield batch

    def _parse(self, data: bytes, final: bool) -> _Batch:
        """The records that are complete within whole lines."""
        batch = _Batch(self._lines)
        lines = data.splitlines(keepends=True)
        if not self._names:
            self._choose_delimiter(lines)
        if b'"' not in data:
            troubles: list[tuple[int, str]] = []
            bare = [text.rstrip("\r\n") for text in self._decoded(lines, 0, troubles)]
            batch.fields = [text.split(self._delimiter) if text else [] for text in bare]
            batch.raws, batch.starts, batch.problems = lines, range(len(lines) + 1), {i: (i, p) for i, p in troubles}
            return batch
        starts, first = [0], 0
        while first < len(lines):
            problem = self._parse_quoted(lines, first, batch, starts)
            stop = starts[-1]
            if problem is None and final and stop < len(lines):
                problem = _UNCLOSED
            if problem is None and _size(lines[stop:]) > MAX_RECORD_BYTES:
                problem = _TOO_LONG
            if problem is None:
                break
            # only the line on which the record begins is given up: the rows after it may be good
            batch.problems[len(batch.fields)] = (stop, problem)
            batch.fields.append(_UNREADABLE)
            starts.append(stop + 1)
            if not self._skip_bad:
                break
            first = stop + 1
        batch.starts = starts
        batch.raws = [
            lines[start] if stop - start == 1 else b"".join(lines[start:stop]) for start, stop in pairwise(starts)
        ]
        return batch

    def _parse_quoted(self, lines: list[bytes], first: int, batch: _Batch, starts: list[int]) -> str | None:
        """Add the records from a line on, up to one that is not complete or wrong; what is wrong with that one."""
        troubles: list[tuple[int, str]] = []
        problem, known = None, len(batch.fields)
        # One line too many: the parser comes to it within a record only if a quote before it is open. Strict,
        # because a quote left open usually meets the next one, and would swallow the rows between.
        decoded = self._decoded(lines, first, troubles)
        parser = csv.reader(chain(decoded, [_SENTINEL]), delimiter=self._delimiter, strict=True)
        try:
            for fields in parser:
                start, stop = starts[-1], first + parser.line_num
                if stop - start > 1 and _size(lines[start:stop]) > MAX_RECORD_BYTES:
                    problem = _TOO_LONG
                    break
                batch.fields.append(fields)
                starts.append(stop)
            else:
                batch.fields.pop()
                starts.pop()
        except csv.Error:
            if first + parser.line_num <= len(lines):
                problem = _AFTER_QUOTE
        for line, trouble in troubles:
            if line < starts[-1]:
                batch.problems.setdefault(bisect_right(starts, line, lo=known) - 1, (line, trouble))
        return problem

    def _decoded(self, lines: list[bytes], first: int, troubles: list[tuple[int, str]]) -> Iterator[str]:
        """The lines from one on as text; meanwhile those are noted that hold what no text has."""
        try:
            whole = b"".join(lines[first:]).decode("utf-8")
        except UnicodeDecodeError:
            return self._decoded_singly(lines, first, troubles)
        if "\0" in whole:
            return self._decoded_singly(lines, first, troubles)
        return StringIO(whole if first or self._bytes else whole.removeprefix("\ufeff"), newline="")

    def _decoded_singly(self, lines: list[bytes], first: int, troubles: list[tuple[int, str]]) -> Iterator[str]:
        for i, raw in enumerate(islice(lines, first, None), start=first):
            try:
                text = raw.decode("utf-8")
            except UnicodeDecodeError as error:
                offset = self._bytes + sum(map(len, lines[:i]))
                troubles.append((i, self._source.undecodable(error, offset)))
                text = raw.decode("utf-8", "replace").replace("\0", "\ufffd")
            if "\0" in text:
                troubles.append((i, "holds a NUL byte, which no text has; is the file damaged?"))
                text = text.replace("\0", "\ufffd")
            yield text if i or self._bytes else text.removeprefix("\ufeff")

    def _judge(self, batch: _Batch) -> None:
        """Raise the first problem, or turn the problems into bad rows."""
        right = {len(self._names), 0}.issuperset(map(len, batch.fields)) and not batch.problems
        if self._names and right and max(map(len, batch.raws), default=0) <= MAX_RECORD_BYTES:
            return
        row = self._records - 1
        for i, fields in enumerate(batch.fields):
            row += bool(fields)
            problem = batch.problems.get(i)
            if problem is None and len(batch.raws[i]) > MAX_RECORD_BYTES:
                problem = (batch.starts[i], _TOO_LONG)
            if problem is None:
                if not fields or len(fields) == len(self._names):
                    continue
                if not self._names:
                    self._set_header(fields)
                    continue
                wrong = f"expected {len(self._names)} field(s), got {len(fields)}"
                problem = (batch.starts[i], f"{wrong}; quote fields that hold {_SPOKEN[self._delimiter]}")
            line = batch.line + problem[0] + 1
            if not self._skip_bad or not self._names:
                raise self._source.error(problem[1], row=row, line=line)
            batch.bad[i] = BadRow(row, line, problem[1], batch.raws[i])

    def _choose_delimiter(self, lines: list[bytes]) -> None:
        """The first that gives the first line the wanted columns; if none does, the usual one."""
        head = next((line for line in lines if line.strip()), b"").decode("utf-8", "replace").removeprefix("\ufeff")
        for delimiter in self.delimiters:
            try:
                names = next(csv.reader([head], delimiter=delimiter), [])
            except csv.Error:
                continue
            if len(names) > 1 and not set(self._columns) - set(names):
                self._delimiter = delimiter
                return

    def _set_header(self, names: list[str]) -> None:
        filled = [name for name in names if name]
        for name in filled:
            # Unnamed columns may repeat: spreadsheets export empty ones at the right edge.
            if filled.count(name) > 1:
                raise self._source.error(f"two columns are named {name!r}; rename one", row=0)
        for name in self._columns:
            if name not in names:
                raise self._source.missing(name, self._split_otherwise(names))
        self._names = names
        self._wanted = [names.index(name) for name in self._columns]

    def _split_otherwise(self, names: list[str]) -> list[str]:
        """The names as they would be with another delimiter, if this one finds but one."""
        if len(names) == 1:
            return max((names[0].split(delimiter) for delimiter in self.delimiters), key=len)
        return names

    def _appended(self, values: Sequence[str]) -> bytes:
        return self._delimiter.join(("", *map(self._quoted, values))).encode("utf-8")

    def _quoted(self, value: str) -> str:
        return '"' + value.replace('"', '""') + '"' if self._needs_quotes(value) else value

    def _needs_quotes(self, text: str) -> bool:
        return self._delimiter in text or '"' in text or "\n" in text or "\r" in text

    def _error(self, problem: str) -> InputError:
        return self._source.error(problem, row=self._records, line=self._lines + 1)


class TsvReader(CsvReader):
    """Reads a file of tab-separated values, quoted as in CSV where that is needed."""

    delimiters = ("\t",)


_SPOKEN = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}


def _size(lines: list[bytes]) -> int:
    return sum(map(len, lines))
