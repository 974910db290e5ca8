"""``stancekit predict``: labels and summary; every bad input is one line, exit 2, and nothing written."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shlex
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from stancekit.batch import labelling
from stancekit.cli import progress

TABLE = b"\xef\xbb\xbfid,text\r\n001,We condemn the attack.\r\n002,\r\n"


def test_predict(run, folder: Path, model_folder: Path):
    (folder / "in.csv").write_bytes(TABLE)
    code, out, err = run("predict", "in.csv", "-o", "out.csv", "--model", model_folder, "--summary", "s.json")
    assert (code, out) == (0, "")
    rows = list(csv.DictReader(io.StringIO((folder / "out.csv").read_bytes().decode("utf-8-sig"), newline="")))
    assert [(row["id"], row["stance"], row["stance_reason"]) for row in rows] == [
        ("001", "concern", ""),
        ("002", "abstain", "empty"),
    ]
    assert err.startswith("2 rows in ")
    assert "abstain 1 (50.0%): empty 1" in err
    assert json.loads((folder / "s.json").read_text(encoding="utf-8"))["rows"] == 2


def test_options(run, folder: Path, model_folder: Path):
    (folder / "in.csv").write_bytes(b"stance,words\nx,The envoy arrived.\n")
    (folder / "out.csv").touch()
    args = ["--text-column", "words", "--prefix", "p", "--min-confidence", "1", "--overwrite", "--quiet"]
    assert run("predict", "in.csv", "-o", "out.csv", "--model", model_folder, *args) == (0, "", "")
    (row,) = csv.DictReader((folder / "out.csv").read_text(encoding="utf-8").splitlines())
    assert (row["stance"], row["p"], row["p_reason"]) == ("x", "abstain", "low_confidence")


def test_progress_where_somebody_watches(run, folder: Path, model_folder: Path, monkeypatch: pytest.MonkeyPatch):
    (folder / "in.csv").write_bytes(TABLE)
    watched = io.StringIO()
    watched.isatty = lambda: True
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stderr", watched)
        run("predict", "in.csv", "-o", "out.csv", "--model", model_folder)
    assert "2 rows" in watched.getvalue()
    assert "100%" in watched.getvalue()


def test_a_line_a_minute_where_nobody_watches(run, folder: Path, model_folder: Path, monkeypatch: pytest.MonkeyPatch):
    (folder / "in.csv").write_bytes(b"text\n" + b"We condemn it.\n" * 100)
    monkeypatch.setattr(progress, "LINE_SECONDS", 0.0)
    monkeypatch.setattr(labelling, "BLOCK_ROWS", 10)
    _, _, err = run("predict", "in.csv", "-o", "out.csv", "--model", model_folder)
    lines = [line for line in err.splitlines() if line.startswith("stancekit: ")]
    assert len(lines) == 10
    assert re.fullmatch(r"stancekit: 100 rows, [\d,]+ rows/s.*", lines[-1])


def test_an_interrupted_run_says_how_to_go_on(run, folder: Path, model_folder: Path, monkeypatch: pytest.MonkeyPatch):
    (folder / "in put.csv").write_bytes(b"text,n\n" + b"We condemn it.,1\n" * 100)
    args = ["predict", "in put.csv", "-o", "out.csv", "--model", model_folder, "--min-confidence", "0.5"]
    with monkeypatch.context() as patch:
        patch.setattr(labelling, "BLOCK_ROWS", 10)
        patch.setattr(progress._Lines, "__call__", stop)
        code, out, err = run(*args, "--overwrite", "--no-sidecar")
    assert (code, out) == (130, "")
    typed = (
        f"stancekit predict 'in put.csv' -o out.csv --model {model_folder} --min-confidence 0.5 --resume --no-sidecar"
    )
    assert re.fullmatch(rf"stancekit: interrupted after \d+ rows; to go on: {re.escape(typed)}\n", err)
    assert sorted(os.listdir(folder)) == ["in put.csv", "out.csv.part"]
    code, _, err = run(*shlex.split(typed)[1:])
    assert code == 0
    assert err.startswith("100 rows in ")
    assert sorted(os.listdir(folder)) == ["in put.csv", "out.csv"]


def test_an_interrupted_stream_cannot_be_gone_on_with(
    run, folder: Path, model_folder: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(TABLE)))
    monkeypatch.setattr(progress._Lines, "__call__", stop)
    code, _, err = run("predict", "-", "-o", "out.csv", "--model", model_folder)
    assert (code, err) == (130, "stancekit: interrupted after 2 rows; nothing was written\n")
    assert os.listdir(folder) == []


def stop(*_: object) -> None:
    raise KeyboardInterrupt


def test_bad_rows_left_out(run, folder: Path, model_folder: Path):
    (folder / "in.csv").write_bytes(b"id;text\n1;We condemn it.\n2\n")
    code, _, err = run("predict", "in.csv", "-o", "out.csv.gz", "--model", model_folder, "--on-bad-row", "skip")
    assert code == 0
    assert "1 rows could not be read and were left out: see out.csv.gz.skipped.jsonl" in err
    assert json.loads((folder / "out.csv.gz.skipped.jsonl").read_text())["row"] == 2


def test_a_format_and_an_encoding(run, folder: Path, model_folder: Path):
    (folder / "in.txt").write_bytes("id\ttext\n1\tCafé.\n".encode("cp1252"))
    args = ["--format", "tsv", "--encoding", "cp1252", "--workers", "2", "--quiet"]
    assert run("predict", "in.txt", "-o", "out.txt", "--model", model_folder, *args) == (0, "", "")
    assert (folder / "out.txt").read_bytes().startswith(b"id\ttext\tstance\t")
    assert b"Caf\xe9.\t" in (folder / "out.txt").read_bytes()


def test_standard_input_and_output(run, folder: Path, model_folder: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(TABLE)))
    code, out, _ = run("predict", "-", "-o", "-", "--model", model_folder, "--quiet")
    assert code == 0
    assert out.startswith("\ufeffid,text,stance,")


BAD = {
    "missing column": (b"id,Text\n1,a\n", "no column 'text' (did you mean 'Text'?); columns: 'id', 'Text'"),
    "undecodable bytes": (
        b"text\na\nb\xe9\n",
        "row 2 (line 3): byte 0xe9 at offset 8 is not UTF-8; if the file is in cp1252",
    ),
    "ragged row": (b"text,n\na,1\nb\n", "row 2 (line 3): expected 2 field(s), got 1"),
    "unclosed quote": (b'text,n\na,1\n"b,2\nc,3\n', "row 2 (line 3): a quote is opened here and never closed"),
    "quote closed by the next": (b'text,n\na,1\n"b,2\n"c",3\n', "row 2 (line 3): text follows a closing quote"),
    "duplicate names": (b"text,n,n\na,1,2\n", "header: two columns are named 'n'; rename one"),
    "NUL byte": (b"text\na\0\n", "row 1 (line 2): holds a NUL byte"),
    "empty file": (b"", "is empty; it must begin with a line of column names"),
    "name taken": (b"text,stance_reason\na,b\n", "already has a column 'stance_reason'; name the new columns"),
    "name of a class taken": (b"text,stance_concern\na,b\n", "already has a column 'stance_concern'; name the new"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input(run, folder: Path, model_folder: Path, case: str):
    raw, message = BAD[case]
    (folder / "in.csv").write_bytes(raw)
    code, out, err = run("predict", "in.csv", "-o", "out.csv", "--model", model_folder, "--summary", "s.json")
    assert (code, out) == (2, "")
    assert err.startswith(f"stancekit: in.csv: {message}")
    assert err.count("\n") == 1
    assert os.listdir(folder) == ["in.csv"]


BAD_PATHS = {
    "missing file": (["on.csv", "-o", "out.csv"], "on.csv: no such file (did you mean 'in.csv'?)"),
    "unknown suffix": (["in.txt", "-o", "out.txt"], "in.txt: cannot tell the format by its name"),
    "another format": (["in.csv", "-o", "out.jsonl"], "out.jsonl: the output keeps the input's format"),
    "output exists": (["in.csv", "-o", "old.csv"], "old.csv: exists; give another name, or --overwrite"),
    "same file": (["in.csv", "-o", "./in.csv", "--overwrite"], "in.csv: input and output are the same file"),
    "missing folder": (["in.csv", "-o", "no/out.csv"], "no/out.csv: the folder 'no' does not exist"),
    "no such model": (["in.csv", "-o", "out.csv", "--model", "huge"], "model 'huge' is neither"),
    "targets": (
        ["in.csv", "-o", "out.csv", "--target-column", "id", "--model", "ngram"],
        "the model 'ngram' reads statements only; leave out targets",
    ),
    "resumed stream": (["in.csv", "-o", "-", "--resume"], "--resume needs files"),
    "resume and overwrite": (
        ["in.csv", "-o", "out.csv", "--resume", "--overwrite"],
        "argument --overwrite: not allowed with argument --resume",
    ),
    "skipping to a stream": (["in.csv", "-o", "-", "--on-bad-row", "skip"], "rows that are skipped go to OUT"),
    "no worker": (["in.csv", "-o", "out.csv", "--workers", "0"], "workers must be at least 1, got 0"),
    "unknown encoding": (["in.csv", "-o", "out.csv", "--encoding", "x"], "no such encoding: 'x'"),
    "bad threshold": (["in.csv", "-o", "out.csv", "--min-confidence", "7"], "min_confidence must be between 0 and 1"),
}


@pytest.mark.parametrize("case", BAD_PATHS)
def test_bad_paths_and_options(run, folder: Path, case: str):
    args, message = BAD_PATHS[case]
    (folder / "in.csv").write_bytes(TABLE)
    (folder / "old.csv").write_bytes(b"old")
    code, out, err = run("predict", *args)
    assert (code, out) == (2, "")
    assert err.startswith(f"stancekit: {message}")
    assert err.count("\n") == 1
    assert sorted(os.listdir(folder)) == ["in.csv", "old.csv"]
    assert (folder / "old.csv").read_bytes() == b"old"
