"""Compressed files: what is stored depends on the output alone, and damage is told."""

from __future__ import annotations

import gzip
import io
from pathlib import Path, PurePath

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stancekit.batch import compression
from stancekit.batch.compression import packer_for, unpacked
from stancekit.batch.run import predict_file
from stancekit.errors import InputError
from stancekit.scoring import StanceModel

SUFFIXES = [".gz", ".zst"]
TABLE = b"id,text\n" + b"".join(b"%d,We deplore it.\n" % i for i in range(300))


def packed(pieces: list[bytes], suffix: str) -> bytes:
    packer = packer_for(PurePath("a.csv" + suffix))
    return b"".join(part for piece in pieces for part in packer.add(piece)) + packer.end()


@pytest.mark.parametrize("suffix", SUFFIXES)
@given(st.lists(st.binary(max_size=30), max_size=12))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_blocks_do_not_depend_on_the_pieces(monkeypatch: pytest.MonkeyPatch, suffix: str, pieces: list[bytes]):
    with monkeypatch.context() as patch:
        patch.setattr(compression, "BLOCK_BYTES", 16)
        stored = packed(pieces, suffix)
        assert stored == packed([b"".join(pieces)], suffix)
    assert unpacked(io.BytesIO(stored), suffix).read() == b"".join(pieces)


@pytest.mark.parametrize("into", ["", *SUFFIXES])
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_files(tmp_path: Path, model: StanceModel, suffix: str, into: str):
    (tmp_path / "in.csv").write_bytes(TABLE)
    (tmp_path / f"in.csv{suffix}").write_bytes(packed([TABLE], suffix))
    predict_file(tmp_path / "in.csv", tmp_path / "plain.csv", model=model)
    summary = predict_file(tmp_path / f"in.csv{suffix}", tmp_path / f"out.csv{into}", model=model)
    stored = (tmp_path / f"out.csv{into}").read_bytes()
    assert (unpacked(io.BytesIO(stored), into).read() if into else stored) == (tmp_path / "plain.csv").read_bytes()
    assert summary.rows == 300


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize(
    "damage", [lambda raw: raw[:-9], lambda raw: raw[:30] + b"\xff" * 9 + raw[39:], lambda raw: b"text\n"]
)
def test_damage_is_told(tmp_path: Path, model: StanceModel, suffix: str, damage):
    (tmp_path / f"in.csv{suffix}").write_bytes(damage(packed([TABLE], suffix)))
    with pytest.raises(InputError, match=rf"in\.csv\{suffix}: cannot be (unpacked|read): "):
        predict_file(tmp_path / f"in.csv{suffix}", tmp_path / "out.csv", model=model)
    assert not (tmp_path / "out.csv").exists()


def test_several_members_are_one_file(tmp_path: Path, model: StanceModel):
    (tmp_path / "in.csv.gz").write_bytes(gzip.compress(TABLE[:100]) + gzip.compress(TABLE[100:]))
    assert predict_file(tmp_path / "in.csv.gz", tmp_path / "out.csv", model=model).rows == 300
