"""A bounded run of the coverage-guided fuzzer over the readers and the text."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("atheris", reason="atheris is not installed: pip install atheris")


@pytest.mark.parametrize("target", ["csv", "tsv", "jsonl", "text"])
def test_no_bytes_do_harm(tmp_path: Path, target: str):
    command = [sys.executable, Path(__file__).with_name("fuzz.py"), target, "-runs=6000", "-seed=1", "-max_len=300"]
    found = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert found.returncode == 0, found.stderr[-4000:]
    assert "Done 6000 runs" in found.stderr
