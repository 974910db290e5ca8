"""Dask on a local cluster of two processes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from stancekit.errors import InputError
from stancekit.integrations.dask import with_stance

pandas = pytest.importorskip("pandas")


@pytest.fixture(scope="module")
def cluster() -> Iterator:
    distributed = pytest.importorskip("distributed")
    options = {"n_workers": 2, "threads_per_worker": 1, "processes": True, "dashboard_address": None}
    with distributed.LocalCluster(**options) as local, distributed.Client(local) as client:
        yield client


@pytest.fixture
def frame(rows):
    dataframe = pytest.importorskip("dask.dataframe")
    # one index value thrice, as files read one by one have it
    table = pandas.DataFrame(rows, index=[row["n"] // 3 for row in rows])
    return dataframe.from_pandas(table, npartitions=4, sort=False)


@pytest.mark.cluster
def test_the_same_labels_as_predict(cluster, frame, rows, expected, printed, small_folder: Path):
    labelled = with_stance(frame, model=small_folder, min_confidence=0.4)
    found = labelled.compute()
    assert found.columns.tolist() == list(labelled.columns)
    assert found.dtypes.equals(labelled.dtypes)
    assert found.index.tolist() == [row["n"] // 3 for row in rows]
    records = found.astype(object).where(found.notna(), None).to_dict("records")
    assert [{name: row[name] for name in rows[0]} for row in records] == rows
    wanted = [{name: value for name, value in row.items() if name.startswith("stance")} for row in expected]
    assert [printed(row) for row in records] == wanted


@pytest.mark.cluster
def test_a_worker_loads_the_model_once(cluster, frame, small_folder: Path):
    def loads_here() -> int:
        # inside the test, so that it is sent as code: workers cannot import the test modules
        from stancekit.integrations._labeller import _model

        return _model.cache_info().misses

    with_stance(frame, model=small_folder, prefix="once").compute()
    loads = cluster.run(loads_here)
    assert len(loads) == 2
    assert set(loads.values()) == {1}


def test_the_table_is_checked_before_a_worker_starts(frame, small_folder: Path):
    with pytest.raises(InputError, match="no column 'texts'"):
        with_stance(frame, text_column="texts", model=small_folder)
    with pytest.raises(InputError, match="already has a column 'stance'"):
        with_stance(frame.rename(columns={"n": "stance"}), model=small_folder)


def test_another_frame_is_refused(rows, small_folder: Path):
    with pytest.raises(InputError, match="expected a Dask DataFrame, got a DataFrame"):
        with_stance(pandas.DataFrame(rows), model=small_folder)
