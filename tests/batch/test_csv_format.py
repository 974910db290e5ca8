"""CSV: the same bytes and six columns out, whatever the table; and every error with its place."""

from __future__ import annotations

import csv
import io
from contextlib import suppress
from itertools import chain
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stancekit.batch import csv_format, records
from stancekit.batch.csv_format import CsvReader, TsvReader
from stancekit.batch.records import BadRow, Block
from stancekit.batch.source import Source
from stancekit.errors import InputError

NAMES = ("stance", "stance_confidence", "stance_concern", "stance_reason")
ANSWER = ("concern", "0.5000", "0.5000", "")
INSERTED = b",concern,0.5000,0.5000,"

cells = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12),
    st.text(st.sampled_from('",\r\n a\u05d0\u202e\U0001f600;\u2028\x85'), max_size=8),
    st.sampled_from(["", "007", "12345678901234567890123", "\u0645\u0631\u062d\u0628\u0627", "\U00020000", ' "x" ']),
)


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[list[str]], bytes]:
    """A table, and the same as CSV in one of the ways in which programs write it."""
    width = draw(st.integers(1, 5))
    rows = [["text", *(f"c{i}" for i in range(1, width))]]
    rows += draw(st.lists(st.lists(cells, min_size=width, max_size=width), max_size=8))
    # Not csv.writer: older ones leave a lone CR unquoted, and none mixes quoted and plain cells.
    end = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    quoted = draw(st.lists(st.booleans(), min_size=3, max_size=3))
    raw = "".join(",".join(written(cell, quoted[i % 3], width) for i, cell in enumerate(row)) + end for row in rows)
    raw = raw.encode()
    if draw(st.booleans()):
        raw = b"\xef\xbb\xbf" + raw
    if draw(st.booleans()):
        raw = raw.removesuffix(end.encode())
    elif draw(st.booleans()):
        raw += end.encode() * draw(st.integers(1, 3))
    return rows, raw


def written(cell: str, quoted: bool, width: int) -> str:
    if quoted or any(mark in cell for mark in '",\r\n') or (not cell and width == 1):
        return '"' + cell.replace('"', '""') + '"'
    return cell


def reader(raw: bytes, *columns: str) -> CsvReader:
    return CsvReader(Source("data.csv", io.BytesIO(raw)), columns or ("text",))


def converted(raw: bytes, block_rows: int = 3) -> tuple[bytes, list[str]]:
    one = reader(raw)
    out, texts = one.header(NAMES), []
    for block in one.blocks(block_rows):
        assert block.first_row == len(texts) + 1
        texts += block.values[0]
        out += one.render(block, NAMES, [ANSWER] * block.n_rows)
    return out, texts


def error(raw: bytes, *columns: str) -> str:
    with pytest.raises(InputError) as caught:
        list(reader(raw, *columns).blocks(2))
    return str(caught.value)


def skipping(raw: bytes, block_rows: int = 3) -> tuple[list[str], list[BadRow]]:
    blocks = list(CsvReader(Source("data.csv", io.BytesIO(raw)), ["text"], skip_bad=True).blocks(block_rows))
    return [text for block in blocks for text in block.values[0]], [row for block in blocks for row in block.skipped]


def size_of(block: Block) -> int:
    blanks = chain.from_iterable(block.blanks.values())
    return sum(map(len, chain(block.heads, block.tails, blanks, (row.raw for row in block.skipped))))


@given(tables(), st.integers(1, 4), st.integers(1, 40))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300, deadline=None)
def test_cutting_the_new_columns_off_gives_the_input(
    monkeypatch: pytest.MonkeyPatch, table: tuple[list[list[str]], bytes], block_rows: int, chunk: int
):
    rows, raw = table
    with monkeypatch.context() as patch:
        patch.setattr(csv_format, "CHUNK_BYTES", chunk)
        out, texts = converted(raw, block_rows)
    # The insertion cannot occur in the cells: none of them is as long.
    header = ("," + ",".join(NAMES)).encode()
    assert out.count(header) == 1
    assert out.count(INSERTED) == len(rows) - 1
    assert out.replace(header, b"").replace(INSERTED, b"") == raw
    assert texts == [row[0] for row in rows[1:]]
    parsed = [row for row in csv.reader(io.StringIO(out.decode("utf-8-sig"), newline="")) if row]
    assert parsed == [rows[0] + list(NAMES)] + [row + list(ANSWER) for row in rows[1:]]


@given(st.text(st.sampled_from('"",\r\n\n ab'), max_size=60), st.integers(1, 7))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300, deadline=None)
def test_records_are_those_of_the_csv_module(monkeypatch: pytest.MonkeyPatch, body: str, chunk: int):
    """On any jumble of quotes, commas and line ends: the same values, or an error where the table is ragged."""
    raw = "text\n" + body
    try:
        expected = [row for row in csv.reader(io.StringIO(raw, newline=""), strict=True) if row][1:]
    except csv.Error:
        expected = [["not", "CSV"]]
    with monkeypatch.context() as patch:
        patch.setattr(csv_format, "CHUNK_BYTES", chunk)
        if any(len(row) != 1 for row in expected):
            with pytest.raises(InputError, match=r"never closed|follows a closing quote|expected 1 field"):
                converted(raw.encode())
            return
        out, texts = converted(raw.encode())
    assert texts == [row[0] for row in expected]
    assert out.replace(INSERTED, b"").replace(("," + ",".join(NAMES)).encode(), b"") == raw.encode()


def test_quotes_that_are_not_at_the_start_of_a_field_are_literal():
    assert converted(b'text,n\na 5" gun,1\n "b",2\n')[1] == ['a 5" gun', ' "b"']


def test_blank_lines_are_kept_and_are_no_rows():
    raw = b"\n\r\ntext,n\n\na,1\n\n\nb,2\n\n\n"
    out, texts = converted(raw, block_rows=1)
    assert texts == ["a", "b"]
    assert out.startswith(b"\n\r\ntext,n,stance,")
    assert out.replace(INSERTED, b"").replace(("," + ",".join(NAMES)).encode(), b"") == raw


def test_a_long_run_of_blank_lines_is_passed_on_in_pieces(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(records, "_MAX_BLANKS", 10)
    raw = b"text\na\n" + b"\n" * 35
    blocks = list(reader(raw).blocks(5))
    assert [block.n_rows for block in blocks] == [1, 0, 0, 0]
    assert b"".join(block.joined([b""] * block.n_rows) for block in blocks) == raw.removeprefix(b"text\n")


def test_header_only_has_no_rows():
    assert converted(b"id,text") == (b"id,text," + ",".join(NAMES).encode(), [])


def test_a_cell_of_ten_megabytes():
    cell = b"x,\n" * 3_500_000
    raw = b'id,text\n1,"' + cell + b'"\n2,b\n'
    out, texts = converted(raw)
    assert texts == [cell.decode(), "b"]
    assert out.replace(INSERTED, b"").replace(("," + ",".join(NAMES)).encode(), b"") == raw


def test_values_of_several_columns_and_positions():
    raw = b"text,label,n\na,x,1\nb,y,2\nc,z,3\n"
    blocks = list(reader(raw, "text", "n").blocks(2))
    assert [block.values for block in blocks] == [(["a", "b"], ["1", "2"]), (["c"], ["3"])]
    assert [(block.mark.position, block.mark.rows, block.mark.lines) for block in blocks] == [
        (25, 2, 3),
        (len(raw), 3, 4),
    ]


def test_labels_that_need_quotes_get_them():
    one = reader(b"text\na\n")
    (block,) = one.blocks(5)
    assert one.render(block, NAMES, [('say "no", twice', "1.0000", "0.5000", "")]) == (
        b'a,"say ""no"", twice",1.0000,0.5000,\n'
    )
    assert one.header(["p,q"]) == b'text,"p,q"\n'


def test_missing_column_names_the_near_match_and_the_columns():
    assert error(b"id,Text \n1,a\n") == "data.csv: no column 'text' (did you mean 'Text '?); columns: 'id', 'Text '"


def test_missing_column_without_a_near_match_and_many_columns():
    message = error(",".join(f"c{i}" for i in range(30)).encode())
    assert "did you mean" not in message
    assert message.endswith("'c19' and 10 more")


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_other_delimiters_are_recognised(delimiter: str):
    raw = f'id{delimiter}text\n1{delimiter}"a{delimiter} ""b"""\n2{delimiter}c, d\n'.encode()
    out, texts = converted(raw)
    assert texts == [f'a{delimiter} "b"', "c, d"]
    inserted = INSERTED.replace(b",", delimiter.encode())
    assert out.count(inserted) == 2
    assert out.replace(inserted, b"").replace((delimiter + delimiter.join(NAMES)).encode(), b"") == raw


def test_the_delimiter_is_the_one_that_gives_the_column():
    assert converted(b"a;b,text\n1;2,x\n")[1] == ["x"]
    assert converted(b'"a,b";text\n1;x\n')[1] == ["x"]
    assert "columns: 'id', 'words'" in error(b"id;words\n1;a\n")


def test_tabs_only_in_a_tsv_file():
    one = TsvReader(Source("data.tsv", io.BytesIO(b"id\ttext\n1\ta, b; c\n")), ["text"])
    (block,) = one.blocks(5)
    assert block.values == (["a, b; c"],)
    assert one.render(block, ["x"], [("a b",)]) == b"1\ta, b; c\ta b\n"
    with pytest.raises(InputError, match="columns: 'id,text'"):
        TsvReader(Source("data.tsv", io.BytesIO(b"id,text\n1,a\n")), ["words"])


def test_duplicate_names():
    assert error(b"text,a,a\n") == "data.csv: header: two columns are named 'a'; rename one"


def test_unnamed_columns_may_repeat():
    assert converted(b"text,,\na,,\n")[1] == ["a"]


@pytest.mark.parametrize("chunk", [5, 1 << 18])
@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"text,n\na,1\n\nb\n", "row 2 (line 4): expected 2 field(s), got 1; quote fields that hold commas"),
        (b'text,n\n"a\nb",1\nb,2,3\n', "row 2 (line 4): expected 2 field(s), got 3; quote fields that hold commas"),
        (b'text,n\na,1\nb,"2\nc,3\n', "row 2 (line 3): a quote is opened here and never closed"),
        (b'text,n\na,0\n"b,1\n"c",2\n', "row 2 (line 3): text follows a closing quote; close every quote, and double"),
        (b'text,n\n"', "row 1 (line 2): a quote is opened here and never closed"),
        (b'"text,n\na,1\n', "header (line 1): a quote is opened here and never closed"),
        (b'text,n\n"a\r\n\r\nb",1\n\xff,2\n', "row 2 (line 5): byte 0xff at offset 18 is not UTF-8"),
        (b"te\x80xt,n\na,1\n", "header (line 1): byte 0x80 at offset 2 is not UTF-8"),
        (b"text,n\na,\xe2\x82\n", "row 1 (line 2): byte 0xe2 at offset 9 is not UTF-8"),
        (b"text,n\na,1\nb\0,2\n", "row 2 (line 3): holds a NUL byte"),
        (b'text,n\n"a",1\n"b\0",2\n', "row 2 (line 3): holds a NUL byte"),
        (b"text\ra\rb,c\r", "row 2 (line 3): expected 1 field(s), got 2"),
        (b"", "is empty; it must begin with a line of column names"),
        (b"\xef\xbb\xbf\n\n", "is empty; it must begin with a line of column names"),
    ],
)
def test_errors_name_the_row_and_the_line(monkeypatch: pytest.MonkeyPatch, raw: bytes, expected: str, chunk: int):
    monkeypatch.setattr(csv_format, "CHUNK_BYTES", chunk)
    assert error(raw).startswith(f"data.csv: {expected}")


def test_the_header_is_judged_before_the_rows():
    assert "no column 'text'" in error(b"id;txt\n1,2,3\n")


def test_a_record_without_end_is_given_up(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(csv_format, "CHUNK_BYTES", 64)
    monkeypatch.setattr(csv_format, "MAX_RECORD_BYTES", 1000)
    assert error(b'text\na\n"' + b"x\n" * 5000).startswith(
        "data.csv: row 2 (line 3): is longer than 32 MiB; is a quote"
    )


BAD = b"""text,n
a,1
b
"c
"",2
"d,3
"e",4
f\0,5
\xff,6
"g
h\0
i",7
j,8,9
k,10
"l,11
m,12
"""


@pytest.mark.parametrize("chunk", [1, 5, 1 << 18])
def test_bad_rows_are_left_out(monkeypatch: pytest.MonkeyPatch, chunk: int):
    monkeypatch.setattr(csv_format, "CHUNK_BYTES", chunk)
    texts, bad = skipping(BAD)
    assert texts == ["a", "", "e", "k", "m"]
    assert [(row.row, row.line, row.raw) for row in bad] == [
        (2, 3, b"b\n"),
        (3, 4, b'"c\n'),
        (5, 6, b'"d,3\n'),
        (7, 8, b"f\0,5\n"),
        (8, 9, b"\xff,6\n"),
        (9, 11, b'"g\nh\0\ni",7\n'),
        (10, 13, b"j,8,9\n"),
        (12, 15, b'"l,11\n'),
    ]
    assert "closing quote" in bad[2].problem
    assert "NUL" in bad[5].problem


def test_a_quote_left_open_costs_one_row_only(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(csv_format, "CHUNK_BYTES", 64)
    monkeypatch.setattr(csv_format, "MAX_RECORD_BYTES", 1000)
    texts, bad = skipping(b'text\na\n"b\n' + b"c\n" * 3000)
    assert texts == ["a"] + ["c"] * 3000
    assert [(row.row, row.raw) for row in bad] == [(2, b'"b\n')]


def test_a_bad_header_is_no_bad_row():
    with pytest.raises(InputError, match=r"header \(line 1\): a quote is opened"):
        skipping(b'"text\na\n')


@given(tables(), st.integers(1, 4), st.integers(1, 40))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
def test_reading_goes_on_from_any_block(
    monkeypatch: pytest.MonkeyPatch, table: tuple[list[list[str]], bytes], block_rows: int, chunk: int
):
    _, raw = table
    with monkeypatch.context() as patch:
        patch.setattr(csv_format, "CHUNK_BYTES", chunk)
        blocks = list(reader(raw).blocks(block_rows))
        for i, block in enumerate(blocks):
            again = reader(raw)
            again.go_to(block.mark)
            rest = list(again.blocks(block_rows))
            assert [(each.values, each.first_row, each.mark) for each in rest] == [
                (each.values, each.first_row, each.mark) for each in blocks[i + 1 :]
            ]


def test_errors_after_going_on_name_the_same_row(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(csv_format, "CHUNK_BYTES", 7)
    raw = b'text,n\n"a\n",1\n\nb,2\nc\n'
    first, *_ = reader(raw[:-2]).blocks(1)
    again = reader(raw)
    again.go_to(first.mark)
    with pytest.raises(InputError, match=r"row 3 \(line 6\): expected 2"):
        list(again.blocks(1))


@given(
    st.binary(max_size=200) | st.text(st.sampled_from('text,;"\r\n\0\ufeffa'), max_size=60).map(str.encode),
    st.booleans(),
)
@settings(max_examples=150)
def test_any_bytes_are_read_or_told(raw: bytes, skip_bad: bool):
    with suppress(InputError):
        blocks = list(CsvReader(Source("data.csv", io.BytesIO(b"text\n" + raw)), ["text"], skip_bad=skip_bad).blocks(3))
        assert sum(map(size_of, blocks)) == len(raw)
        return
    assert not skip_bad


def test_reserved_names():
    with pytest.raises(InputError, match=r"data\.csv: already has a column 'stance'; .*--prefix"):
        reader(b"text,stance\n").reserve(["stance"])


def test_the_limit_of_the_csv_module_is_never_lowered(tmp_path: Path):
    before = csv.field_size_limit(1 << 30)
    try:
        reader(b"text\n")
        assert csv.field_size_limit() == 1 << 30
    finally:
        csv.field_size_limit(before)
