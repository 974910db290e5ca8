from __future__ import annotations

import pytest

from stancekit.batch.csv_format import CsvReader
from stancekit.batch.formats import reader_for
from stancekit.batch.jsonl_format import JsonlReader
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
    ],
)
def test_format_by_suffix(given: str, wanted: str, reader: type):
    assert reader_for(given, wanted) is reader


def test_unknown_input():
    with pytest.raises(InputError, match=r"^a\.xlsx: cannot tell .* must end in \.csv, \.jsonl or \.ndjson$"):
        reader_for("a.xlsx")


@pytest.mark.parametrize("wanted", ["b.jsonl", "b.parquet"])
def test_output_of_another_format(wanted: str):
    with pytest.raises(OutputError, match=r"keeps the input's format; end its name in \.csv"):
        reader_for("a.csv", wanted)
