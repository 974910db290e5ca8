from __future__ import annotations

import io
from pathlib import Path

import pytest

from stancekit.batch.source import Source, near_match, open_source
from stancekit.errors import InputError


def test_missing_file_names_the_near_match(tmp_path: Path):
    (tmp_path / "statements.csv").touch()
    with (
        pytest.raises(InputError, match=r"no such file \(did you mean 'statements\.csv'\?\)"),
        open_source(tmp_path / "statement.csv"),
    ):
        pass


def test_missing_folder(tmp_path: Path):
    with (
        pytest.raises(InputError, match=r"no such file; the folder '.*data' does not exist"),
        open_source(tmp_path / "data" / "a.csv"),
    ):
        pass


def test_folder(tmp_path: Path):
    with pytest.raises(InputError, match="is a folder; give a file"), open_source(tmp_path):
        pass


def test_near_match_minds_neither_case_nor_space():
    assert near_match("text", ["id", " TEXT "]) == " (did you mean ' TEXT '?)"
    assert near_match("text", ["id", "year"]) == ""


def test_a_failing_disk_is_told():
    class Failing(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise OSError(5, "Input/output error")

    with pytest.raises(InputError, match=r"^a\.csv: cannot be read: Input/output error$"):
        Source("a.csv", Failing()).read(1)
