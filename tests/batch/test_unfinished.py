"""Whatever stops a run, the next one goes on and gives the same bytes; what does not belong together is refused."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stancekit.batch import compression, unfinished
from stancekit.batch.run import Interrupted, predict_file
from stancekit.batch.unfinished import folder_of
from stancekit.errors import InputError, ModelError, OutputError
from stancekit.scoring import StanceModel

ROWS = [f"We {'deplore' if i % 3 else 'welcome'} item {i % 17}, “{i}”." for i in range(60)]
CSV = ("id,text\n" + "".join(f'{i},"{text}"\n' for i, text in enumerate(ROWS))).encode()
BROKEN = CSV.replace(b"\n20,", b"\n\nonly one\n20,").replace(b"\n40,", b'\n"open,1\n40,')


def in_parquet(folder: Path) -> None:
    pq.write_table(pa.table({"id": range(60), "text": ROWS}), folder / "in.parquet", row_group_size=25)


MAKE: dict[str, Callable[[Path], object]] = {
    "in.csv": lambda folder: (folder / "in.csv").write_bytes(CSV),
    "broken.csv": lambda folder: (folder / "broken.csv").write_bytes(BROKEN),
    "wide.csv": lambda folder: (folder / "wide.csv").write_bytes(CSV.decode().encode("utf-16")),
    "in.csv.gz": lambda folder: (folder / "in.csv.gz").write_bytes(compression.gzip.compress(CSV)),
    "in.jsonl.zst": lambda folder: (folder / "in.jsonl.zst").write_bytes(
        compression._zstd().compress("".join(json.dumps({"text": text}) + "\n" for text in ROWS).encode())
    ),
    "in.parquet": in_parquet,
}


@pytest.fixture
def always_saved(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unfinished, "SAVE_SECONDS", 0.0)


def stop_after(rows: int) -> Callable[..., None]:
    def progress(done: int, *_: object) -> None:
        if done >= rows:
            raise KeyboardInterrupt

    return progress


def interrupted(source: Path, output: Path, rows: int, **options: object) -> Interrupted:
    with pytest.raises(Interrupted) as caught:
        predict_file(source, output, block_rows=3, progress=stop_after(rows), **options)
    return caught.value


@pytest.mark.parametrize("name", MAKE)
def test_the_same_bytes_as_undisturbed(tmp_path: Path, model: StanceModel, monkeypatch: pytest.MonkeyPatch, name: str):
    monkeypatch.setattr(compression, "BLOCK_BYTES", 512)
    MAKE[name](tmp_path)
    source = tmp_path / name
    options = {"model": model, "min_confidence": 0.6, "on_bad_row": "skip" if name == "broken.csv" else "error"}
    whole, parts = tmp_path / ("whole" + name), tmp_path / ("parts" + name)
    expected = predict_file(source, whole, **options, block_rows=7)
    for rows in (4, 5, 22, 40):
        stop = interrupted(source, parts, rows, **options, resume=True)
        assert stop.kept
        assert not parts.exists()
    found = predict_file(source, parts, **options, resume=True)
    assert parts.read_bytes() == whole.read_bytes()
    for field in ("rows", "labels", "abstentions", "skipped", "truncated", "decided_by"):
        assert getattr(found, field) == getattr(expected, field), field
    names = {path.name.removeprefix("parts") for path in tmp_path.iterdir() if path.name.startswith("parts")}
    assert names == {path.name.removeprefix("whole") for path in tmp_path.iterdir() if path.name.startswith("whole")}
    if name == "broken.csv":
        assert found.skipped == 2
        skipped = [path.with_name(path.name + ".skipped.jsonl").read_bytes() for path in (whole, parts)]
        assert skipped[0] == skipped[1]
    sidecars = [json.loads(path.with_name(path.name + ".meta.json").read_text()) for path in (whole, parts)]
    assert [{**each, "output": None} for each in sidecars[:1]] == [{**each, "output": None} for each in sidecars[1:]]


def test_what_was_written_after_the_last_save_is_cut_off(tmp_path: Path, model: StanceModel):
    MAKE["in.csv"](tmp_path)
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    interrupted(source, out, 20, model=model)
    with (folder_of(out) / "data").open("ab") as stream:
        stream.write(b"half a ro")
    predict_file(source, out, model=model, resume=True)
    predict_file(source, tmp_path / "whole.csv", model=model)
    assert out.read_bytes() == (tmp_path / "whole.csv").read_bytes()


@pytest.mark.parametrize("step", range(1, 5))
def test_a_stop_while_finishing(tmp_path: Path, model: StanceModel, monkeypatch: pytest.MonkeyPatch, step: int):
    """Every renaming at the end may be the last thing that happens."""
    (tmp_path / "in.csv").write_bytes(BROKEN)
    options = {"model": model, "on_bad_row": "skip"}
    predict_file(tmp_path / "in.csv", tmp_path / "whole.csv", **options)
    calls = 0

    def fail(*names: object) -> None:
        nonlocal calls
        calls += 1
        if calls == step:
            raise OSError(28, "No space left on device")
        real(*names)

    real = os.replace
    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", fail)
        with pytest.raises(OutputError, match="No space left"):
            predict_file(tmp_path / "in.csv", tmp_path / "out.csv", **options)
    predict_file(tmp_path / "in.csv", tmp_path / "out.csv", **options, resume=True)
    for suffix in ("", ".skipped.jsonl"):
        assert (tmp_path / f"out.csv{suffix}").read_bytes() == (tmp_path / f"whole.csv{suffix}").read_bytes()
    assert (tmp_path / "out.csv.meta.json").exists()
    assert not folder_of(tmp_path / "out.csv").exists()


CHANGES: dict[str, tuple[dict[str, object], str]] = {
    "model": ({"model": "other"}, "the model was 'tiny 1.2 f+' and is 'tiny 1.3 f+'"),
    "threshold": ({"min_confidence": 0.9}, "min confidence was None and is 0.9"),
    "column": ({"text_column": "id"}, "text column was 'text' and is 'id'"),
    "prefix": ({"prefix": "p"}, "prefix was 'stance' and is 'p'"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_another_run_is_refused(tmp_path: Path, model: StanceModel, change: str):
    MAKE["in.csv"](tmp_path)
    interrupted(tmp_path / "in.csv", tmp_path / "out.csv", 20, model=model)
    options, message = CHANGES[change]
    options = {"model": model, **options}
    if options["model"] == "other":
        options["model"] = replace(model, version="1.3")
    with pytest.raises(OutputError, match=rf"out\.csv: cannot be gone on with: {message}; give the same, or start"):
        predict_file(tmp_path / "in.csv", tmp_path / "out.csv", resume=True, **options)
    assert predict_file(tmp_path / "in.csv", tmp_path / "out.csv", model=model, resume=True).rows == 60


def test_a_changed_input_is_refused(tmp_path: Path, model: StanceModel):
    MAKE["in.csv"](tmp_path)
    source = tmp_path / "in.csv"
    interrupted(source, tmp_path / "out.csv", 20, model=model)
    stamp = source.stat().st_mtime_ns
    source.write_bytes(CSV + b"61,more\n")
    with pytest.raises(OutputError, match="the input's size in bytes was"):
        predict_file(source, tmp_path / "out.csv", model=model, resume=True)
    source.write_bytes(CSV.replace(b"item 1", b"item 2"))
    os.utime(source, ns=(stamp + 1, stamp + 1))
    with pytest.raises(OutputError, match="the input's time of change was"):
        predict_file(source, tmp_path / "out.csv", model=model, resume=True)
    assert predict_file(source, tmp_path / "out.csv", model=model, overwrite=True).rows == 60


def test_a_model_that_was_never_saved_is_not_gone_on_with(tmp_path: Path, model: StanceModel):
    MAKE["in.csv"](tmp_path)
    with pytest.raises(OutputError, match="a model that was never saved cannot be recognised"):
        predict_file(tmp_path / "in.csv", tmp_path / "out.csv", model=replace(model, sha256=""), resume=True)
    assert os.listdir(tmp_path) == ["in.csv"]


def test_unfinished_work_is_not_lost_by_accident(tmp_path: Path, model: StanceModel):
    MAKE["in.csv"](tmp_path)
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    interrupted(source, out, 20, model=model)
    with pytest.raises(OutputError, match=r"an unfinished run has done 2\d rows; go on with --resume .*--overwrite"):
        predict_file(source, out, model=model)
    with pytest.raises(ModelError, match="no-such-model"):
        predict_file(source, out, model="no-such-model", overwrite=True)
    assert predict_file(source, out, model=model, resume=True).rows == 60
    interrupted(source, out, 20, model=model, overwrite=True)
    assert predict_file(source, out, model=model, overwrite=True).rows == 60
    with pytest.raises(OutputError, match="exists; give another name"):
        predict_file(source, out, model=model, resume=True)


def test_an_output_to_be_replaced_stays_until_the_end(tmp_path: Path, model: StanceModel):
    MAKE["in.csv"](tmp_path)
    out = tmp_path / "out.csv"
    out.write_bytes(b"old")
    interrupted(tmp_path / "in.csv", out, 20, model=model, overwrite=True)
    assert out.read_bytes() == b"old"
    assert predict_file(tmp_path / "in.csv", out, model=model, resume=True).rows == 60
    assert out.read_bytes() != b"old"


def test_a_file_that_came_meanwhile_is_not_replaced(tmp_path: Path, model: StanceModel):
    MAKE["in.csv"](tmp_path)
    interrupted(tmp_path / "in.csv", tmp_path / "out.csv", 20, model=model)
    (tmp_path / "out.csv").write_bytes(b"new")
    with pytest.raises(OutputError, match="exists"):
        predict_file(tmp_path / "in.csv", tmp_path / "out.csv", model=model, resume=True)


def test_two_runs_on_one_output(tmp_path: Path, model: StanceModel):
    MAKE["in.csv"](tmp_path)
    seen: list[str] = []

    def second(*_: object) -> None:
        for options in ({}, {"overwrite": True}, {"resume": True}):
            with pytest.raises(OutputError, match=r"out\.csv: another run is writing it"):
                predict_file(tmp_path / "in.csv", tmp_path / "out.csv", model=model, **options)
            seen.append("refused")

    assert predict_file(tmp_path / "in.csv", tmp_path / "out.csv", model=model, progress=second).rows == 60
    assert len(seen) == 3


def test_a_bad_row_late_in_the_file(tmp_path: Path, model: StanceModel, always_saved: None):
    """What was done until then is kept, and skipping bad rows goes on from there."""
    (tmp_path / "in.csv").write_bytes(BROKEN + b"x" * 300_000 + b"\n")
    options = {"model": model, "block_rows": 3}
    padded = BROKEN.replace(b"only one", b'1,"' + b"x" * 300_000 + b'"\nonly one')
    (tmp_path / "in.csv").write_bytes(padded)
    with pytest.raises(InputError, match=r"row 22 \(line 24\): expected 2 .*--resume goes on from there"):
        predict_file(tmp_path / "in.csv", tmp_path / "out.csv", **options)
    assert (
        predict_file(tmp_path / "in.csv", tmp_path / "out.csv", **options, resume=True, on_bad_row="skip").skipped == 2
    )
    predict_file(tmp_path / "in.csv", tmp_path / "whole.csv", **options, on_bad_row="skip")
    assert (tmp_path / "out.csv").read_bytes() == (tmp_path / "whole.csv").read_bytes()


@pytest.mark.skipif(os.name == "nt", reason="the limit is one of Unix")
def test_a_full_disk(tmp_path: Path, model: StanceModel, always_saved: None):
    import resource

    MAKE["in.csv"](tmp_path)
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (2000, hard))
        with pytest.raises(OutputError, match=r"out\.csv: cannot be written: File too large \(what was done is kept"):
            predict_file(source, out, model=model, block_rows=3)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    predict_file(source, out, model=model, resume=True)
    predict_file(source, tmp_path / "whole.csv", model=model)
    assert out.read_bytes() == (tmp_path / "whole.csv").read_bytes()


def test_lost_data(tmp_path: Path, model: StanceModel):
    MAKE["in.csv"](tmp_path)
    interrupted(tmp_path / "in.csv", tmp_path / "out.csv", 20, model=model)
    (folder_of(tmp_path / "out.csv") / "data").unlink()
    with pytest.raises(OutputError, match="data: is shorter than its state says; start again"):
        predict_file(tmp_path / "in.csv", tmp_path / "out.csv", model=model, resume=True)


def test_a_damaged_state(tmp_path: Path, model: StanceModel):
    MAKE["in.csv"](tmp_path)
    interrupted(tmp_path / "in.csv", tmp_path / "out.csv", 20, model=model)
    (folder_of(tmp_path / "out.csv") / "state.json").write_text("{")
    with pytest.raises(OutputError, match="its state is damaged; start again with --overwrite"):
        predict_file(tmp_path / "in.csv", tmp_path / "out.csv", model=model, resume=True)
    assert predict_file(tmp_path / "in.csv", tmp_path / "out.csv", model=model, overwrite=True).rows == 60


@pytest.mark.parametrize(("source", "output"), [("-", "out.csv"), ("in.csv", "-"), ("in.csv", os.devnull)])
def test_streams_cannot_be_gone_on_with(tmp_path: Path, model: StanceModel, source: str, output: str):
    MAKE["in.csv"](tmp_path)
    names = [name if name in ("-", os.devnull) else tmp_path / name for name in (source, output)]
    with pytest.raises(InputError, match="--resume needs files"):
        predict_file(*names, model=model, resume=True)


@pytest.mark.usefixtures("always_saved")
def test_an_interrupted_stream_leaves_nothing(tmp_path: Path, model: StanceModel, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(CSV)))
    assert not interrupted("-", tmp_path / "out.csv", 20, model=model).kept
    assert os.listdir(tmp_path) == []
