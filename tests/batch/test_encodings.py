"""Every encoding comes back as it was; what does not fit is told with its row."""

from __future__ import annotations

import codecs
import csv
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stancekit.batch.encodings import encoding_of, likely_encoding
from stancekit.batch.run import predict_file
from stancekit.errors import InputError
from stancekit.scoring import StanceModel

ENCODINGS = ["utf-16", "utf-16-be", "utf-32", "cp1252", "mac_roman", "gb18030"]
RAW = "id;text\r\n1;Ils s\u2019inquiètent \u2013 « vraiment ».\r\n2;Ja, schön.\r\n"


def predicted(folder: Path, raw: bytes, model: StanceModel, **options: object) -> bytes:
    (folder / "in.csv").write_bytes(raw)
    predict_file(folder / "in.csv", folder / "out.csv", model=model, overwrite=True, **options)
    return (folder / "out.csv").read_bytes()


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig", "utf-8"])
def test_recognised(tmp_path: Path, model: StanceModel, encoding: str):
    plain = predicted(tmp_path, RAW.encode(), model).decode()
    assert plain.startswith("id;text;stance;")
    assert predicted(tmp_path, RAW.encode(encoding), model) == plain.encode(encoding)


@pytest.mark.parametrize("encoding", ["cp1252", "mac_roman", "gb18030", "utf-16-be"])
def test_given(tmp_path: Path, model: StanceModel, encoding: str):
    raw = RAW.encode(encoding)
    plain = predicted(tmp_path, RAW.encode(), model).decode()
    assert predicted(tmp_path, raw, model, encoding=encoding) == plain.encode(encoding)


@pytest.mark.parametrize("encoding", ENCODINGS)
@given(st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=6)
def test_any_table_comes_back(tmp_path: Path, model: StanceModel, encoding: str, data: st.DataObject):
    codec = encoding if encoding in ("cp1252", "mac_roman") else "utf-8"
    characters = st.characters(codec=codec, exclude_characters="\0\ufeff", exclude_categories=["Cs"])
    texts = data.draw(st.lists(st.text(characters, max_size=9), max_size=9))
    stream = io.StringIO(newline="")
    csv.writer(stream, quoting=csv.QUOTE_ALL).writerows([["text"], *([text] for text in texts)])
    out = predicted(tmp_path, stream.getvalue().encode(encoding), model, encoding=encoding, sidecar=False)
    rows = list(csv.DictReader(io.StringIO(out.decode(encoding).removeprefix("\ufeff"), newline="")))
    assert [row["text"] for row in rows] == texts
    assert all(row["stance"] for row in rows)


@pytest.mark.parametrize(
    ("raw", "encoding", "message"),
    [
        (
            "text\nCafé.\n".encode("cp1252"),
            None,
            r"row 1 \(line 2\): byte 0xe9 at offset 8 is not UTF-8; .* in cp1252,",
        ),
        (b"text\na\nb\x81\n", "cp1252", r"row 2 \(line 3\): byte 0x81 is no character of cp1252; give another"),
        (
            "text\na\nbcd\ud83d\n".encode("utf-16-le", "surrogatepass"),
            None,
            r"row 2 \(line 3\): holds half of a character",
        ),
        ("text\na\n".encode("utf-16") + b"x", None, "is not whole: it ends within a character of utf-16-le"),
        (b"text\n\x8b\x00\n", "shift_jis", r"row 1 \(line 2\): byte 0x8b is no character of shift_jis"),
        (b"text\n\xfa\x54\n", "cp932", "cannot be carried over from cp932 and back without a change"),
        (b"text\na\n", "klingon", "no such encoding: 'klingon'; try utf-8"),
    ],
)
def test_errors(tmp_path: Path, model: StanceModel, raw: bytes, encoding: str | None, message: str):
    with pytest.raises(InputError, match=message):
        predicted(tmp_path, raw, model, encoding=encoding)
    assert [path.name for path in tmp_path.iterdir()] == ["in.csv"]


def test_bad_bytes_are_rows_that_can_be_skipped(tmp_path: Path, model: StanceModel):
    out = predicted(tmp_path, b"text\na\nb\x81\nc\xe9\n", model, encoding="cp1252", on_bad_row="skip")
    assert [line.split(b",")[0] for line in out.splitlines()] == [b"text", b"a", b"c\xe9"]
    assert b'"row": 2' in (tmp_path / "out.csv.skipped.jsonl").read_bytes()


def test_a_label_that_the_encoding_lacks(tmp_path: Path, other_labels: StanceModel):
    with pytest.raises(InputError, match="ascii, the input's encoding, has no 'é'"):
        predicted(tmp_path, b"text\na\n", other_labels, encoding="ascii", prefix="pré")


def test_a_mark_decides_before_what_is_given():
    assert encoding_of(codecs.BOM_UTF8 + b"text", "cp1252") == "utf-8"
    assert encoding_of(codecs.BOM_UTF16_BE + b"\0t", "cp1252") == "utf-16-be"
    assert encoding_of(b"t\0e\0", "utf-16") == "utf-16-le"
    assert encoding_of(b"", None) == "utf-8"


def test_likely_encodings():
    assert likely_encoding("The minister\u2019s \u201cdeep\u201d café".encode("cp1252")) == "cp1252"
    assert likely_encoding(b"caf\x8e \x8d") == "mac_roman"
