"""Parquet: answers are gathered beside the output, and joined to the input's row groups at the end.

Only the columns that are labelled are read in the first pass. The second copies the input, row group by row group,
so that the output has its columns, types, metadata, compression and row groups, and the new columns.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from stancekit.batch.columns import Answer
from stancekit.batch.records import Block, Mark
from stancekit.batch.source import Source
from stancekit.extras import needs_extra


class ParquetReader:
    """Reads a Parquet file as blocks of rows (see :class:`stancekit.batch.records.Reader`)."""

    assembled = True

    def __init__(self, source: Source, columns: Sequence[str], *, skip_bad: bool = False) -> None:
        self._source = source
        self._columns = columns
        self._start = Mark()
        if source.path is None:
            raise source.error("is a stream, and Parquet is read from a file; save it first")
        with self._told():
            self._file = _parquet().ParquetFile(source.path)
        self._schema = self._file.schema_arrow
        for place, name in enumerate(columns):
            self._check_column(name, text=place == 0)

    @property
    def names(self) -> tuple[str, ...]:
        """The columns of the schema."""
        return tuple(self._schema.names)

    def reserve(self, names: Sequence[str]) -> None:
        """Refuse a schema that already has one of the names."""
        for name in names:
            if name in self._schema.names:
                raise self._source.taken(name)

    def header(self, names: Sequence[str]) -> bytes:
        """Nothing: the answers alone are gathered."""
        return b""

    def go_to(self, mark: Mark) -> None:
        """Let the blocks begin at the mark of an earlier one."""
        self._start = mark

    def blocks(self, rows: int) -> Iterator[Block]:
        """The rows in order, ``rows`` of them at a time at most."""
        done, total = 0, max(self._file.metadata.num_rows, 1)
        for group in range(self._file.num_row_groups):
            here = self._file.metadata.row_group(group).num_rows
            if done + here <= self._start.rows:
                done += here
                continue
            with self._told(row=done + 1):
                for batch in self._file.iter_batches(rows, row_groups=[group], columns=list(self._columns)):
                    missed = max(self._start.rows - done, 0)
                    done += batch.num_rows
                    if missed >= batch.num_rows:
                        continue
                    block = Block(self._values(batch.slice(missed)), first_row=done - batch.num_rows + missed + 1)
                    block.mark = Mark(done, done)
                    block.done = (self._source.size or 0) * done // total
                    yield block

    def render(self, block: Block, names: Sequence[str], answers: Sequence[Answer]) -> bytes:
        """The answers, a JSON array a line."""
        return "".join(json.dumps(answer) + "\n" for answer in answers).encode("utf-8")

    def assemble(self, written: Path, names: Sequence[str], output: Path) -> None:
        """Write the input again with the answers as columns: text, and float64 of as many decimals as in CSV."""
        pa, parquet = _arrow(), _parquet()
        label, *numbers, reason = names
        added = [pa.field(label, pa.string()), *(pa.field(name, pa.float64()) for name in numbers)]
        schema = self._schema
        for field in [*added, pa.field(reason, pa.string())]:
            schema = schema.append(field)
        with (
            self._told(),
            written.open(encoding="utf-8") as lines,
            parquet.ParquetWriter(output, schema, compression=self._compression()) as writer,
        ):
            for group in range(self._file.num_row_groups):
                table = self._file.read_row_group(group)
                answers = [json.loads(next(lines)) for _ in range(table.num_rows)]
                for place, field in enumerate(list(schema)[len(self._schema) :]):
                    table = table.append_column(field, pa.array(_column(answers, place, len(names)), field.type))
                writer.write_table(table.cast(schema), row_group_size=max(table.num_rows, 1))

    def _values(self, batch: Any) -> tuple[list[str], ...]:
        """The wanted columns as text; what is missing is empty."""
        string = _arrow().string()
        columns = []
        for name in self._columns:
            # a dictionary's values first, as not every version casts one with its index
            column = batch.column(batch.schema.get_field_index(name))
            if hasattr(column, "dictionary_decode"):
                column = column.dictionary_decode()
            columns.append(["" if value is None else value for value in column.cast(string).to_pylist()])
        return tuple(columns)

    def _check_column(self, name: str, *, text: bool) -> None:
        types = _arrow().types
        if name not in self._schema.names:
            raise self._source.missing(name, self._schema.names)
        found = self._schema.field(name).type
        if types.is_dictionary(found):
            found = found.value_type
        if types.is_string(found) or types.is_large_string(found) or types.is_string_view(found):
            return
        if text or types.is_nested(found) or types.is_binary(found):
            expected = "text" if text else "text, numbers or the like"
            raise self._source.error(f"column {name!r} is of type {found}; expected {expected}")

    def _compression(self) -> str:
        if not self._file.num_row_groups or not self._file.metadata.num_columns:
            return "snappy"
        codec = str(self._file.metadata.row_group(0).column(0).compression).lower()
        return "none" if codec == "uncompressed" else codec

    @contextmanager
    def _told(self, row: int | None = None) -> Iterator[None]:
        try:
            yield
        except _arrow().ArrowException as error:
            raise self._source.error(f"cannot be read as Parquet: {' '.join(str(error).split())}", row=row) from error


def _column(answers: list[list[str]], place: int, width: int) -> list[str | float | None]:
    if place == 0:
        return [answer[0] for answer in answers]
    if place == width - 1:
        return [answer[-1] or None for answer in answers]
    return [float(answer[place]) for answer in answers]


def _arrow() -> Any:
    with needs_extra("parquet"):
        import pyarrow
        import pyarrow.types
    return pyarrow


def _parquet() -> Any:
    _arrow()
    import pyarrow.parquet

    return pyarrow.parquet
