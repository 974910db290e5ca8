"""The output appears whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from stancekit.batch.output import check_output, whole_file
from stancekit.errors import OutputError


def test_appears_at_the_end(tmp_path: Path):
    target = tmp_path / "out.csv"
    with whole_file(target) as stream:
        stream.write(b"a")
        assert not target.exists()
    assert target.read_bytes() == b"a"
    assert os.listdir(tmp_path) == ["out.csv"]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, OutputError])
def test_leaves_nothing_behind_on_failure(tmp_path: Path, error: type[BaseException]):
    target = tmp_path / "out.csv"
    target.write_bytes(b"old")

    def fail() -> None:
        with whole_file(target) as stream:
            stream.write(b"new")
            raise error

    with pytest.raises(error):
        fail()
    assert target.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["out.csv"]


def test_a_full_disk_is_told(tmp_path: Path):
    def write() -> None:
        with whole_file(tmp_path / "out.csv"):
            raise OSError(28, "No space left on device")

    with pytest.raises(OutputError, match=r"out\.csv: cannot be written: No space left on device"):
        write()
    assert os.listdir(tmp_path) == []


def test_has_the_permissions_of_any_new_file(tmp_path: Path):
    (tmp_path / "plain").touch()
    with whole_file(tmp_path / "out.csv"):
        pass
    assert (tmp_path / "out.csv").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_writes_through_a_link(tmp_path: Path):
    (tmp_path / "real.csv").touch()
    (tmp_path / "link.csv").symlink_to("real.csv")
    with whole_file(tmp_path / "link.csv") as stream:
        stream.write(b"a")
    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "real.csv").read_bytes() == b"a"


def test_a_device_is_written_directly():
    with whole_file(os.devnull) as stream:
        stream.write(b"a")
    assert not Path(os.devnull).is_file()


def test_refusals(tmp_path: Path):
    there, link = tmp_path / "there.csv", tmp_path / "link.csv"
    there.touch()
    link.hardlink_to(there)
    with pytest.raises(OutputError, match=r"there\.csv: exists; .*--overwrite"):
        check_output(there, [], overwrite=False)
    check_output(there, [], overwrite=True)
    with pytest.raises(OutputError, match="is a folder"):
        check_output(tmp_path, [], overwrite=True)
    with pytest.raises(OutputError, match=r"the folder .*no.* does not exist; create it first"):
        check_output(tmp_path / "no" / "out.csv", [], overwrite=True)
    for same in (there, link, tmp_path / "." / "there.csv"):
        with pytest.raises(OutputError, match="input and output are the same file"):
            check_output(same, [there], overwrite=True)
    check_output("-", ["-"], overwrite=False)
