"""Batches in memory come back as what they were, with the answers that a file gets."""

from __future__ import annotations

import csv
from pathlib import Path

import datasets
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from stancekit import StanceClassifier, predict_batches
from stancekit.batch.run import predict_file
from stancekit.errors import InputError, TargetsNotSupported
from stancekit.scoring import StanceModel

DATA = {"id": [1, 2, 3], "text": ["We deplore it.", "", "We welcome it."]}
NAMES = ["stance", "stance_confidence", "stance_endorsement", "stance_concern", "stance_neutrality", "stance_reason"]

KINDS = {
    "dict": dict,
    "pandas": lambda data: pd.DataFrame(data, index=[7, 5, 3]),
    "polars": pl.DataFrame,
    "Arrow table": pa.table,
    "Arrow batch": lambda data: pa.RecordBatch.from_pydict(data),
}


def values_of(batch: object, name: str) -> list[object]:
    column = batch[name]
    values = column.to_pylist() if hasattr(column, "to_pylist") else list(column)
    return [None if pd.isna(value) else value for value in values]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_comes_back(model: StanceModel, kind: str):
    batch = KINDS[kind](DATA)
    (found,) = predict_batches([batch], model=model)
    assert type(found) is type(batch)
    assert values_of(found, "id") == DATA["id"]
    assert values_of(found, "stance") == ["concern", "abstain", "endorsement"]
    assert values_of(found, "stance_reason") == [None, "empty", None]
    if hasattr(found, "index"):
        assert list(found.index) == [7, 5, 3]
    names = list(found) if kind == "dict" else getattr(found, "column_names", None) or list(found.columns)
    assert names == ["id", "text", *NAMES] or found.schema.names == ["id", "text", *NAMES]


@pytest.mark.parametrize("kind", KINDS)
def test_no_rows(model: StanceModel, kind: str):
    batch = KINDS["dict"](DATA)
    empty = {name: values[:0] for name, values in batch.items()}
    made = pd.DataFrame(empty) if kind == "pandas" else KINDS[kind](empty)
    if kind.startswith("Arrow"):
        made = KINDS[kind](DATA).slice(0, 0)
    if kind == "polars":
        made = pl.DataFrame(DATA).head(0)
    (found,) = predict_batches([made], model=model)
    assert len(values_of(found, "stance")) == 0


def test_texts_alone(model: StanceModel):
    first, second = predict_batches([DATA["text"], pd.Series(["We deplore it."])], model=model)
    assert list(first) == NAMES
    assert first["stance"] == ["concern", "abstain", "endorsement"]
    assert second["stance"] == ["concern"]
    assert sum(first[name][0] for name in NAMES[2:5]) == pytest.approx(1)


def test_the_same_answers_as_from_a_file(tmp_path: Path, model: StanceModel):
    pd.DataFrame(DATA).to_csv(tmp_path / "in.csv", index=False)
    predict_file(tmp_path / "in.csv", tmp_path / "out.csv", model=model, min_confidence=0.5)
    with (tmp_path / "out.csv").open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    (found,) = predict_batches([DATA], model=model, min_confidence=0.5)
    for name in NAMES:
        shown = [f"{value:.4f}" if isinstance(value, float) else value or "" for value in found[name]]
        assert shown == [row[name] for row in rows]


def test_one_batch_at_a_time(model: StanceModel):
    taken: list[int] = []
    batches = (taken.append(i) or ["We deplore it."] for i in range(10))
    next(predict_batches(batches, model=model))
    assert taken == [0]


@pytest.mark.parametrize(
    ("batch", "options", "message"),
    [
        ({"Text": ["a"]}, {}, r"batch 1: no column 'text' \(did you mean 'Text'\?\)"),
        ({"text": ["a"], "stance": ["b"]}, {}, "batch 1: already has a column 'stance'; .*prefix"),
        (pd.DataFrame({"text": ["a", None]}), {}, r"batch 1: column 'text': texts\[1\] is "),
        ("We deplore it.", {}, "batch 1: expected a sequence of texts, got a single one"),
        (["a"], {"target_column": "who"}, "batch 1: a sequence of texts has no target column"),
    ],
)
def test_bad_batches(model: StanceModel, batch: object, options: dict[str, str], message: str):
    with pytest.raises(InputError, match=message):
        list(predict_batches([batch], model=model, **options))


def test_targets_need_a_model_that_takes_them(model: StanceModel):
    with pytest.raises(TargetsNotSupported):
        list(predict_batches([{"text": ["a"], "who": ["b"]}], model=model, target_column="who"))


def test_a_target_that_is_not_mentioned(toward: StanceModel):
    batch = {"text": ["We welcome Moscow."] * 2, "who": ["Russia", "Peru"]}
    (answers,) = predict_batches([batch], model=toward, target_column="who")
    assert answers["stance"] == ["endorsement", "abstain"]
    assert answers["stance_reason"] == [None, "target_not_mentioned"]


def test_datasets(small: StanceClassifier):
    dataset = datasets.Dataset.from_dict(DATA)
    mapped = dataset.map(small.map_batch, batched=True, batch_size=2, fn_kwargs={"min_confidence": 0.4})
    assert mapped.column_names == ["id", "text", *NAMES]
    assert mapped["stance"][:] == [p.label for p in small.classify(DATA["text"], min_confidence=0.4)]
