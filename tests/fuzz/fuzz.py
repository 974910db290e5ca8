"""Bytes that a coverage-guided fuzzer makes up, read as files and as texts.

    python tests/fuzz/fuzz.py {csv,tsv,jsonl,text} -runs=100000

What follows the name goes to libFuzzer. A finding is printed with the input that led to it.
"""

from __future__ import annotations

import csv
import io
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["stancekit.batch", "stancekit.text"]):
    from stancekit.batch.csv_format import CsvReader, TsvReader
    from stancekit.batch.encodings import carried_back
    from stancekit.batch.jsonl_format import JsonlReader
    from stancekit.batch.source import open_source
    from stancekit.errors import InputError
    from stancekit.text import normalise, origins

FILE = Path(tempfile.mkdtemp()) / "in"
SEEDS = {
    "csv": [b'id,text\n1,"a ""b"", c\nd"\n2,\n', b"\xef\xbb\xbftext;n\r\nx;1\r\n", "text\nü\n".encode("utf-16")],
    "tsv": [b"id\ttext\n1\ta b\n\n2\tc\n"],
    "jsonl": [b'{"text": "a", "n": [1, {"b": null}]}\n\n{"text": "\\u00e9"}\r\n'],
    "text": ["e\u0301 \ufb01 \u201cx\u201d\u2026 \u0130 \U0001f600\u0301\u0301".encode()],
}


def read(make: Callable[..., object], data: bytes, skip_bad: bool) -> tuple[object, list[str]]:
    """The reader of a file and its texts, after a check that every byte comes back."""
    FILE.write_bytes(data)
    with open_source(FILE) as source:
        reader = make(source, ["text"], skip_bad=skip_bad)
        written, texts, skipped = reader.header(()), [], 0
        for block in reader.blocks(3):
            written += block.joined([b""] * block.n_rows)
            texts += block.values[0]
            skipped += len(block.skipped)
            assert block.mark.position <= len(data) * 3
        encoding = source.encoding
    if not skipped:
        assert carried_back(written, encoding) == data, written
    return reader, texts


def delimited(make: Callable[..., object]) -> Callable[[bytes], None]:
    """A file of fields: what the csv module reads in its strict mode, and the same bytes."""

    def check(data: bytes) -> None:
        for skip_bad in (False, True):
            try:
                reader, texts = read(make, data, skip_bad)
            except InputError:
                continue
            if skip_bad or data[:2] in (b"\xff\xfe", b"\xfe\xff"):
                continue
            lines = io.StringIO(data.decode("utf-8-sig"), newline="")
            header, *rows = filter(None, csv.reader(lines, delimiter=reader._delimiter, strict=True))
            assert [row[header.index("text")] for row in rows] == texts

    return check


def jsonl(data: bytes) -> None:
    """Objects, one a line."""
    for skip_bad in (False, True):
        try:
            read(JsonlReader, data, skip_bad)
        except InputError:
            continue


def text(data: bytes) -> None:
    """Normalising is idempotent, and each character comes from a place in the text."""
    given = data.decode("utf-8", "surrogateescape")
    plain = normalise(given)
    assert normalise(plain) == plain
    places = origins(given)
    assert len(places) == len(plain)
    assert all(0 <= place < len(given) for place in places)
    assert places == sorted(places)


TARGETS = {"csv": delimited(CsvReader), "tsv": delimited(TsvReader), "jsonl": jsonl, "text": text}


def main() -> None:
    """Fuzz one target."""
    if len(sys.argv) < 2 or sys.argv[1] not in TARGETS:
        raise SystemExit(__doc__)
    name = sys.argv.pop(1)
    corpus = Path(tempfile.mkdtemp())
    for i, seed in enumerate(SEEDS[name]):
        (corpus / str(i)).write_bytes(seed)
    atheris.Setup([*sys.argv, str(corpus)], TARGETS[name])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
