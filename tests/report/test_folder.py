from __future__ import annotations

from pathlib import Path

import pytest

from stancekit.errors import OutputError
from stancekit.report.folder import check_folder, write_folder


def test_files_are_written_and_others_stay(tmp_path: Path):
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    write_folder(tmp_path, {"a.svg": b"1"})
    write_folder(tmp_path, {"a.svg": b"2"})
    write_folder(tmp_path / "new", {"b.html": b"3"})
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()} == {
        "mine.txt": b"mine",
        "a.svg": b"2",
    }
    assert (tmp_path / "new" / "b.html").read_bytes() == b"3"


def test_a_folder_with_something_in_it_is_refused(tmp_path: Path):
    check_folder(tmp_path, overwrite=False)
    (tmp_path / "mine.txt").touch()
    check_folder(tmp_path, overwrite=True)
    with pytest.raises(OutputError, match=r"is not empty; give another folder, or --overwrite"):
        check_folder(tmp_path, overwrite=False)


def test_no_folder(tmp_path: Path):
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="file: is a file; give a folder"):
        check_folder(tmp_path / "file", overwrite=True)
    with pytest.raises(OutputError, match=r"nowhere' does not exist; create it first"):
        check_folder(tmp_path / "nowhere" / "out", overwrite=True)
    with pytest.raises(OutputError, match="cannot be created"):
        write_folder(tmp_path / "file" / "out", {})
