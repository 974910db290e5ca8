from __future__ import annotations

import pytest

from stancekit.batch.csv_format import CsvReader, TsvReader
from stancekit.batch.formats import reader_for
from stancekit.batch.jsonl_format import JsonlReader
from stancekit.batch.parquet_format import ParquetReader
from stancekit.errors import InputError, OutputError


@pytest.mark.parametrize(
    ("given", "wanted", "reader"),
    [
        ("a.csv", "b.csv", CsvReader),
        ("a.CSV", "-", CsvReader),
        ("a.csv", "/dev/null", CsvReader),
        ("a.jsonl", "b.ndjson", JsonlReader),
        ("-", "b.jsonl", JsonlReader),
        ("-", "-", CsvReader),
        ("-", "out", CsvReader),
        ("a.tsv", "b.tsv.gz", TsvReader),
        ("a.csv.gz", "b.csv", CsvReader),
        ("a.JSONL.zst", "b.jsonl.zst", JsonlReader),
        ("-", "b.jsonl.gz", JsonlReader),
        ("a.parquet", "b.parquet", ParquetReader),
    ],
)
def test_format_by_suffix(given: str, wanted: str, reader: type):
    assert reader_for(given, wanted) is reader


def test_unknown_input():
    with pytest.raises(
        InputError, match=r"^a\.xlsx: cannot tell .* must end in \.csv, .* or \.parquet, .*; save the sheet as CSV"
    ):
        reader_for("a.xlsx")


@pytest.mark.parametrize("wanted", ["b.jsonl", "b.parquet"])
def test_output_of_another_format(wanted: str):
    with pytest.raises(OutputError, match=r"keeps the input's format; end its name in \.csv"):
        reader_for("a.csv", wanted)


def test_a_format_that_is_given():
    assert reader_for("a.txt", "b.txt", "tsv") is TsvReader
    with pytest.raises(InputError, match="no such format: 'xml'; known are csv, tsv"):
        reader_for("a.csv", "b.csv", "xml")


def test_parquet_is_not_packed_twice():
    with pytest.raises(InputError, match="compressed within; unpack"):
        reader_for("a.parquet.gz")
