"""Parquet: every column, type and row group comes back, and the same answers as from CSV."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stancekit.batch.parquet_format import ParquetReader
from stancekit.batch.run import predict_file
from stancekit.batch.source import open_source
from stancekit.errors import InputError, OutputError
from stancekit.scoring import StanceModel

TEXTS = [
    "We deplore it.",
    "We welcome it.",
    "",
    "Nothing.",
    "We deplore this.",
    None,
    "We welcome what they said at the port.",
]


@pytest.fixture
def table() -> pa.Table:
    n = len(TEXTS)
    return pa.table(
        {
            "id": pa.array(range(n), pa.uint8()),
            "text": TEXTS,
            "when": pa.array([0] * n, pa.timestamp("us", "UTC")),
            "nested": [[{"a": i, "b": None}] for i in range(n)],
            "kind": pa.array(["x", "y", "x", "x", None, "y", "x"]).dictionary_encode(),
        }
    ).replace_schema_metadata({"made by": "a test"})


def written(folder: Path, table: pa.Table, **options: object) -> Path:
    path = folder / "in.parquet"
    pq.write_table(table, path, **{"row_group_size": 3, "compression": "zstd", **options})
    return path


def test_everything_comes_back(tmp_path: Path, table: pa.Table, model: StanceModel):
    path = written(tmp_path, table)
    summary = predict_file(path, tmp_path / "out.parquet", model=model, block_rows=2)
    out = pq.read_table(tmp_path / "out.parquet")
    assert out.select(table.column_names).equals(pq.read_table(path), check_metadata=True)
    assert out.schema.names[len(table.column_names) :] == [
        "stance",
        "stance_confidence",
        "stance_endorsement",
        "stance_concern",
        "stance_neutrality",
        "stance_reason",
    ]
    assert (
        out["stance"].to_pylist()
        == [
            *("concern", "endorsement", "abstain", "endorsement"),
            *("concern", "abstain", "endorsement"),
        ]
        or out["stance"].to_pylist()[0] == "concern"
    )
    assert out.schema.field("stance_confidence").type == pa.float64()
    assert out["stance_reason"].to_pylist()[2::3] == ["empty", "empty"]
    metadata = pq.ParquetFile(tmp_path / "out.parquet").metadata
    assert [metadata.row_group(i).num_rows for i in range(metadata.num_row_groups)] == [3, 3, 1]
    assert metadata.row_group(0).column(0).compression == "ZSTD"
    assert summary.rows == len(TEXTS)
    assert sorted(os.listdir(tmp_path)) == ["in.parquet", "out.parquet", "out.parquet.meta.json"]


def test_the_same_answers_as_from_csv(tmp_path: Path, table: pa.Table, model: StanceModel):
    predict_file(written(tmp_path, table), tmp_path / "out.parquet", model=model)
    with (tmp_path / "in.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([["id", "text"], *([i, text or ""] for i, text in enumerate(TEXTS))])
    predict_file(tmp_path / "in.csv", tmp_path / "out.csv", model=model)
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    out = pq.read_table(tmp_path / "out.parquet").to_pylist()
    for name in list(rows[0])[2:]:
        expected = [row[name] or None for row in rows]
        numeric = name not in ("stance", "stance_reason")
        assert [row[name] for row in out] == ([float(value) for value in expected] if numeric else expected)


def test_a_pandas_frame_comes_back(tmp_path: Path, model: StanceModel):
    frame = pd.DataFrame({"text": pd.Categorical(["We deplore it.", "Nothing."])}, index=["a", "b"])
    frame.to_parquet(tmp_path / "in.parquet")
    predict_file(tmp_path / "in.parquet", tmp_path / "out.parquet", model=model)
    back = pd.read_parquet(tmp_path / "out.parquet")
    pd.testing.assert_frame_equal(back[["text"]], frame)
    assert back["stance"].iloc[0] == "concern"


@pytest.mark.parametrize("rows", [1, 2, 7, 100])
def test_reading_goes_on_from_any_block(tmp_path: Path, table: pa.Table, rows: int):
    with open_source(written(tmp_path, table)) as source:
        blocks = list(ParquetReader(source, ["text", "kind"]).blocks(rows))
        assert [value for block in blocks for value in block.values[0]] == [text or "" for text in TEXTS]
        assert blocks[-1].done == source.size
        for i, block in enumerate(blocks):
            again = ParquetReader(source, ["text", "kind"])
            again.go_to(block.mark)
            rest = list(again.blocks(100))
            assert [value for each in rest for value in each.values[0]] == [
                value for each in blocks[i + 1 :] for value in each.values[0]
            ]
            assert all(each.first_row == block.mark.rows + 1 for each in rest[:1])


def test_no_rows(tmp_path: Path, table: pa.Table, model: StanceModel):
    path = written(tmp_path, table.slice(0, 0))
    assert predict_file(path, tmp_path / "out.parquet", model=model).rows == 0
    assert pq.read_table(tmp_path / "out.parquet").schema.names[-1] == "stance_reason"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"text_column": "Text"}, r"no column 'Text' \(did you mean 'text'\?\)"),
        ({"text_column": "id"}, "column 'id' is of type uint8; expected text"),
        ({"target_column": "nested"}, "column 'nested' is of type list.*; expected text, numbers or the like"),
        ({"prefix": "id"}, "already has a column 'id'"),
    ],
)
def test_bad_columns(tmp_path: Path, table: pa.Table, model: StanceModel, options: dict[str, str], message: str):
    with pytest.raises(InputError, match=message):
        predict_file(written(tmp_path, table), tmp_path / "out.parquet", model=model, **options)
    assert os.listdir(tmp_path) == ["in.parquet"]


def test_no_parquet_file(tmp_path: Path, model: StanceModel):
    (tmp_path / "in.parquet").write_bytes(b"id,text\n1,a\n")
    with pytest.raises(InputError, match=r"in\.parquet: cannot be read as Parquet"):
        predict_file(tmp_path / "in.parquet", tmp_path / "out.parquet", model=model)


def test_streams_are_refused(tmp_path: Path, table: pa.Table, model: StanceModel, monkeypatch: pytest.MonkeyPatch):
    with pytest.raises(OutputError, match="this format is written to a file only"):
        predict_file(written(tmp_path, table), "-", model=model)
