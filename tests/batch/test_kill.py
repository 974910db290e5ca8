"""kill -9 at random moments, then --resume: the same bytes as a run that nothing disturbed."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import stancekit
from stancekit.batch.run import predict_file
from stancekit.batch.unfinished import folder_of

# a state every 20 ms, and blocks that take about as long
RUN = """
import sys, time
from stancekit.batch import labelling, unfinished
from stancekit.cli.main import main
unfinished.SAVE_SECONDS = 0.02
labelling.BLOCK_ROWS = 20
slow = labelling.Labeller._answers
def answers(self, keys):
    time.sleep(0.02)
    return slow(self, keys)
labelling.Labeller._answers = answers
print("ready", flush=True)
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.skipif(os.name == "nt", reason="kill -9 is Unix")
@pytest.mark.parametrize("suffix", [".csv", ".csv.gz"])
def test_kill_and_resume(tmp_path: Path, small_folder: Path, suffix: str):
    rows = "".join(f'{i},"We {"deplore" if i % 2 else "welcome"} it, {i}"\n' for i in range(900))
    (tmp_path / "in.csv").write_text("id,text\n" + rows, encoding="utf-8")
    source, out = tmp_path / "in.csv", tmp_path / f"out{suffix}"
    environment = {**os.environ, "PYTHONPATH": str(Path(stancekit.__file__).parents[1])}
    command = [sys.executable, "-c", RUN, "predict", str(source), "-o", str(out), "--model", str(small_folder)]
    chance, killed = random.Random(7), 0
    for _ in range(3):
        with subprocess.Popen(
            [*command, "--resume", "--quiet"], env=environment, stdout=subprocess.PIPE, text=True
        ) as child:
            assert child.stdout is not None
            child.stdout.readline()
            time.sleep(chance.uniform(0.05, 0.5))
            killed += child.poll() is None
            child.kill()
        assert not out.exists() or child.returncode == 0
    assert killed
    if not out.exists():
        predict_file(source, out, model=small_folder, resume=True)
    predict_file(source, tmp_path / f"whole{suffix}", model=small_folder)
    assert out.read_bytes() == (tmp_path / f"whole{suffix}").read_bytes()
    assert not folder_of(out).exists()


@pytest.mark.skipif(os.name == "nt", reason="the signal is sent otherwise")
def test_interrupt_and_resume(tmp_path: Path, small_folder: Path):
    """What Ctrl-C sends, to the real command: it ends with 130 and what to type."""
    rows = "".join(f'{i},"We {"deplore" if i % 2 else "welcome"} it, {i}"\n' for i in range(900))
    (tmp_path / "in.csv").write_text("id,text\n" + rows, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(Path(stancekit.__file__).parents[1])}
    command = [sys.executable, "-c", RUN, "predict", "in.csv", "-o", "out.csv", "--model", str(small_folder)]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True, cwd=tmp_path) as child:
        state = tmp_path / "out.csv.part" / "state.json"
        while not state.exists() and child.poll() is None:
            time.sleep(0.01)
        child.send_signal(signal.SIGINT)
        _, err = child.communicate(timeout=60)
    assert child.returncode == 130
    assert f"to go on: stancekit predict in.csv -o out.csv --model {small_folder} --resume\n" in err
    assert err.count("\n") == 1
    predict_file(tmp_path / "in.csv", tmp_path / "out.csv", model=small_folder, resume=True)
    predict_file(tmp_path / "in.csv", tmp_path / "whole.csv", model=small_folder)
    assert (tmp_path / "out.csv").read_bytes() == (tmp_path / "whole.csv").read_bytes()
