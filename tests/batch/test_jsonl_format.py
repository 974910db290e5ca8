"""JSON Lines: the same bytes and six fields out; and every error with its place."""

from __future__ import annotations

import io
import json
from contextlib import suppress
from itertools import chain

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stancekit.batch import jsonl_format
from stancekit.batch.jsonl_format import JsonlReader
from stancekit.batch.records import Block
from stancekit.batch.source import Source
from stancekit.errors import InputError

NAMES = ("stance", "stance_confidence", "stance_reason")
ANSWER = ("concern", "0.5000", "")
INSERTED = b', "stance": "concern", "stance_confidence": 0.5000, "stance_reason": null'

scalars = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=8))
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=2)
)
objects = st.builds(
    lambda before, text, after: {**before, "text": text, **after},
    st.dictionaries(st.text(max_size=4), values, max_size=2),
    st.text(max_size=12),
    st.dictionaries(st.text(max_size=4).filter(lambda key: key != "text"), values, max_size=2),
)


@st.composite
def files(draw: st.DrawFn) -> tuple[list[str], bytes]:
    rows = draw(st.lists(objects, min_size=1, max_size=6))
    end = draw(st.sampled_from(["\n", "\r\n", " \n", "\n\n"]))
    ascii_only = draw(st.booleans())
    lines = [json.dumps(row, ensure_ascii=ascii_only, separators=draw(separators)) for row in rows]
    raw = "".join(line + end for line in lines).encode("utf-8", "surrogatepass")
    if draw(st.booleans()):
        raw = b"\xef\xbb\xbf" + raw
    return [row["text"] for row in rows], raw if draw(st.booleans()) else raw.rstrip(b"\r\n")


separators = st.sampled_from([(", ", ": "), (",", ":"), (" ,\t", " : ")])


def reader(raw: bytes, *columns: str) -> JsonlReader:
    return JsonlReader(Source("data.jsonl", io.BytesIO(raw)), columns or ("text",))


def converted(raw: bytes, block_rows: int = 2) -> tuple[bytes, list[str]]:
    one = reader(raw)
    one.reserve(NAMES)
    out, texts = one.header(NAMES), []
    for block in one.blocks(block_rows):
        texts += block.values[0]
        out += one.render(block, NAMES, [ANSWER] * block.n_rows)
    return out, texts


def error(raw: bytes, *columns: str) -> str:
    def read() -> None:
        one = reader(raw, *columns)
        one.reserve(NAMES)
        list(one.blocks(2))

    with pytest.raises(InputError) as caught:
        read()
    return str(caught.value)


def size_of(block: Block) -> int:
    blanks = chain.from_iterable(block.blanks.values())
    return sum(map(len, chain(block.heads, block.tails, blanks, (row.raw for row in block.skipped))))


@given(files(), st.integers(1, 4), st.integers(1, 50))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200, deadline=None)
def test_cutting_the_new_fields_off_gives_the_input(
    monkeypatch: pytest.MonkeyPatch, file: tuple[list[str], bytes], block_rows: int, chunk: int
):
    texts, raw = file
    with monkeypatch.context() as patch:
        patch.setattr(jsonl_format, "CHUNK_BYTES", chunk)
        out, found = converted(raw, block_rows)
    assert found == texts
    assert out.count(INSERTED) == len(texts)
    assert out.replace(INSERTED, b"") == raw
    for line in out.decode("utf-8-sig").split("\n"):
        if line.strip(" \t\r"):
            assert json.loads(line)["stance_reason"] is None


def test_numbers_come_back_as_they_were_written():
    raw = b'{"text": "a", "id": 007.50e1}\n'.replace(b"007", b"7") + b'{"text": "b", "id": ' + b"9" * 5000 + b"}\n"
    assert converted(raw)[0].replace(INSERTED, b"") == raw


def test_half_a_character_reaches_the_model_as_a_replacement():
    assert converted(b'{"text": "a \\ud800"}')[1] == ["a \ufffd"]


def test_blank_lines_are_kept_and_are_no_rows():
    raw = b'\n{"text": "a"}\n \r\n\n{"text": "b"}\n\n'
    out, texts = converted(raw)
    assert texts == ["a", "b"]
    assert out.replace(INSERTED, b"") == raw


def test_reason_is_a_string_where_there_is_one():
    one = reader(b'{"text": ""}')
    (block,) = one.blocks(1)
    out = one.render(block, NAMES, [("abstain", "0.3333", "empty")])
    assert json.loads(out) == {"text": "", "stance": "abstain", "stance_confidence": 0.3333, "stance_reason": "empty"}


def test_null_is_an_empty_text():
    assert converted(b'{"text": null}')[1] == [""]


@pytest.mark.parametrize("chunk", [1, 5, 1 << 18])
def test_bad_rows_are_left_out(monkeypatch: pytest.MonkeyPatch, chunk: int):
    monkeypatch.setattr(jsonl_format, "CHUNK_BYTES", chunk)
    raw = b'{"text": "a"}\n\n{"text": \n\xff\n{"text": 5}\n{"x": 1}\n{"text": "b"}\n'
    one = JsonlReader(Source("data.jsonl", io.BytesIO(raw)), ["text"], skip_bad=True)
    blocks = list(one.blocks(2))
    assert [text for block in blocks for text in block.values[0]] == ["a", "b"]
    bad = [row for block in blocks for row in block.skipped]
    assert [(row.row, row.line) for row in bad] == [(2, 3), (3, 4), (4, 5), (5, 6)]


def test_a_column_that_the_first_object_lacks_is_no_bad_row():
    with pytest.raises(InputError, match="no column 'text'"):
        JsonlReader(Source("data.jsonl", io.BytesIO(b'{"x": 1}\n')), ["text"], skip_bad=True)


@given(files(), st.integers(1, 4), st.integers(1, 50))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
def test_reading_goes_on_from_any_block(
    monkeypatch: pytest.MonkeyPatch, file: tuple[list[str], bytes], block_rows: int, chunk: int
):
    _, raw = file
    with monkeypatch.context() as patch:
        patch.setattr(jsonl_format, "CHUNK_BYTES", chunk)
        blocks = list(reader(raw).blocks(block_rows))
        for i, block in enumerate(blocks):
            again = reader(raw)
            again.go_to(block.mark)
            rest = list(again.blocks(block_rows))
            assert [(each.values, each.first_row, each.mark) for each in rest] == [
                (each.values, each.first_row, each.mark) for each in blocks[i + 1 :]
            ]


@given(
    st.binary(max_size=200) | st.text(st.sampled_from('{}"text:,[1 \n\0'), max_size=60).map(str.encode), st.booleans()
)
@settings(max_examples=150)
def test_any_bytes_are_read_or_told(raw: bytes, skip_bad: bool):
    raw = b'{"text": ""}\n' + raw
    with suppress(InputError):
        blocks = list(JsonlReader(Source("data.jsonl", io.BytesIO(raw)), ["text"], skip_bad=skip_bad).blocks(3))
        assert sum(map(size_of, blocks)) == len(raw)
        return
    assert not skip_bad


def test_other_columns_may_be_numbers_and_null():
    raw = b'{"text": "a", "by": 1990}\n{"text": "b", "by": null}\n{"text": "c", "by": true}\n'
    assert [block.values[1] for block in reader(raw, "text", "by").blocks(9)] == [["1990", "", "true"]]


@pytest.mark.parametrize("chunk", [5, 1 << 18])
@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (b'{"text": "b"', "not a JSON object: Expecting ',' delimiter at character 13"),
        (b"[1]", "expected an object, got a list; write one JSON object a line"),
        (b'{"Text": "b"}', "no column 'text' (did you mean 'Text'?); columns: 'Text'"),
        (b'{"text": 5}', "column 'text' is a number; expected a string"),
        (b'{"text": {}}', "column 'text' is an object; expected a string"),
        (b'{"text": "\xff"}', "byte 0xff at offset 26 is not UTF-8; if the file is in cp1252"),
        (b'{"text": "b", "stance": 1}', "already has a column 'stance'; name the new columns otherwise with --prefix"),
        (b'{"text": "\0"}', "not a JSON object: Invalid control character at at character 11"),
        (b"[" * 100_000, "not a JSON object that can be read: nested too deeply"),
    ],
    ids=range(9),
)
def test_errors_name_the_row_and_the_line(monkeypatch: pytest.MonkeyPatch, line: bytes, expected: str, chunk: int):
    monkeypatch.setattr(jsonl_format, "CHUNK_BYTES", chunk)
    assert error(b'{"text": "a"}\n\n ' + line + b"\n").startswith(f"data.jsonl: row 2 (line 3): {expected}")
    assert error(line).startswith(f"data.jsonl: row 1 (line 1): {expected.replace('26', '10')}")


@pytest.mark.parametrize("raw", [b"", b"\n \n", b"\xef\xbb\xbf"])
def test_empty(raw: bytes):
    assert error(raw) == "data.jsonl: is empty; it must hold one JSON object a line"


def test_a_record_without_end_is_given_up(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(jsonl_format, "CHUNK_BYTES", 64)
    monkeypatch.setattr(jsonl_format, "MAX_RECORD_BYTES", 1000)
    assert "row 1 (line 1): is longer than 32 MiB" in error(b'{"text": "' + b"x" * 5000)
