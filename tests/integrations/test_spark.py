"""PySpark on a local cluster of two workers."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from stancekit.errors import InputError, MissingExtraError
from stancekit.integrations.spark import stance_udf, with_stance

# PySpark says that it has not been tried with pandas 3 throughout; here it is
pytestmark = pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning")

SCHEMA = "n int, text string, `a.b` double"


@pytest.fixture(scope="module")
def spark() -> Iterator:
    sql = pytest.importorskip("pyspark.sql")
    if shutil.which("java") is None:
        pytest.skip("Spark needs Java")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYSPARK_PYTHON", sys.executable)
        builder = sql.SparkSession.builder.master("local[2]")
        settings = {
            # a machine that starts quickly, not one that is fast in the end
            "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xshare:auto",
            "spark.driver.host": "localhost",
            "spark.ui.enabled": "false",
            "spark.sql.shuffle.partitions": "2",
            "spark.sql.execution.arrow.maxRecordsPerBatch": "7",
        }
        for name, value in settings.items():
            builder = builder.config(name, value)
        session = builder.getOrCreate()
        session.sparkContext.setLogLevel("ERROR")
        yield session
        session.stop()


@pytest.fixture(scope="module")
def frame(spark, rows):
    return spark.createDataFrame([tuple(row.values()) for row in rows], SCHEMA)


@pytest.mark.cluster
def test_the_same_labels_as_predict(frame, rows, expected, printed, small_folder: Path):
    labelled = with_stance(frame, model=small_folder, min_confidence=0.4)
    assert labelled.columns == ["n", "text", "a.b", *(name for name in expected[0] if name.startswith("stance"))]
    found = sorted((row.asDict() for row in labelled.collect()), key=lambda row: row["n"])
    assert [{name: row[name] for name in rows[0]} for row in found] == rows
    wanted = [{name: value for name, value in row.items() if name.startswith("stance")} for row in expected]
    assert [printed(row) for row in found] == wanted


@pytest.mark.cluster
def test_a_struct_of_columns_for_ones_own_query(frame, expected, small_folder: Path):
    udf = stance_udf(small_folder, prefix="p", min_confidence=0.4)
    counts = frame.select(udf("text").alias("answer")).groupBy("answer.p").count().collect()
    labels = [row["stance"] for row in expected]
    assert {row["p"]: row["count"] for row in counts} == {label: labels.count(label) for label in labels}


@pytest.mark.cluster
def test_a_later_filter_labels_nothing_twice(frame, small_folder: Path):
    filtered = with_stance(frame, model=small_folder).filter("stance = 'concern' and stance_confidence > 0.5")
    plan = filtered._jdf.queryExecution().optimizedPlan().toString()
    assert plan.count("ArrowEvalPython") == 1


@pytest.mark.cluster
def test_the_table_is_checked_before_a_worker_starts(frame, small_folder: Path):
    with pytest.raises(InputError, match="no column 'texts'"):
        with_stance(frame, text_column="texts", model=small_folder)
    with pytest.raises(InputError, match="column 'n' is of type int, not string; cast it"):
        with_stance(frame, text_column="n", model=small_folder)
    with pytest.raises(InputError, match="already has a column 'stance'"):
        with_stance(frame.withColumnRenamed("n", "STANCE"), model=small_folder)


def test_without_pyspark(monkeypatch: pytest.MonkeyPatch, small_folder: Path):
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'stancekit\[spark\]'"):
        stance_udf(small_folder)
