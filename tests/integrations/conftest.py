"""Rows that a cluster must label as one machine does: blank, missing, in other scripts, and many the same."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest

from stancekit.batch.run import predict_file

TEXTS = [
    "We deplore the blockade of the port.",
    "The envoys met again on Tuesday.",
    "",
    "We welcome the treaty, though the delay is regretted.",
    'They said "no", and\nleft — Москва молчит.',
    None,
]
ROWS = [{"n": i, "text": TEXTS[i % len(TEXTS)], "a.b": i / 4} for i in range(40)]


@pytest.fixture(scope="session")
def rows() -> list[dict]:
    return ROWS


@pytest.fixture(scope="session")
def expected(small_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, str]]:
    """What ``predict_file`` prints for the same rows."""
    folder = tmp_path_factory.mktemp("predicted")
    with (folder / "in.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, ["n", "text", "a.b"])
        writer.writeheader()
        writer.writerows(ROWS)
    predict_file(folder / "in.csv", folder / "out.csv", model=small_folder, min_confidence=0.4)
    return list(csv.DictReader(io.StringIO((folder / "out.csv").read_text(encoding="utf-8"), newline="")))


@pytest.fixture(scope="session")
def printed() -> Callable[[dict], dict[str, str]]:
    """A row of a frame as ``predict`` prints it."""

    def show(value: object) -> str:
        return "" if value is None else f"{value:.4f}" if isinstance(value, float) else str(value)

    def printed(row: dict) -> dict[str, str]:
        return {name: show(value) for name, value in row.items() if name.startswith("stance")}

    return printed
