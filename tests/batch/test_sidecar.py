"""What made an output stands beside it."""

from __future__ import annotations

import hashlib
import json
import os
import re
from pathlib import Path

import pytest

import stancekit
from stancekit.batch.run import predict_file
from stancekit.errors import OutputError
from stancekit.labels import CODEBOOK_VERSION
from stancekit.scoring import StanceModel

RAW = b"id,text\n1,We deplore it.\n2,\n"


def test_sidecar(tmp_path: Path, model: StanceModel):
    (tmp_path / "in.csv").write_bytes(RAW)
    predict_file(tmp_path / "in.csv", tmp_path / "out.csv", model=model, min_confidence=0.5)
    assert json.loads((tmp_path / "out.csv.meta.json").read_text(encoding="utf-8")) == {
        "stancekit": stancekit.__version__,
        "codebook": CODEBOOK_VERSION,
        "model": {"name": "tiny", "version": "1.2", "sha256": "f" * 64},
        "input": {"name": "in.csv", "bytes": len(RAW), "sha256": hashlib.sha256(RAW).hexdigest()},
        "output": {"name": "out.csv"},
        "settings": {
            "text_column": "text",
            "target_column": None,
            "min_confidence": 0.5,
            "prefix": "stance",
            "format": "csv",
            "encoding": "utf-8",
        },
        "counts": {
            "rows": 2,
            "labels": {"endorsement": 0, "concern": 1, "neutrality": 0},
            "abstentions": {"empty": 1},
            "truncated": 0,
            "skipped": 0,
            "decided_by": {"tiny": 2},
        },
    }


def test_none_if_it_is_not_wanted(tmp_path: Path, model: StanceModel):
    (tmp_path / "in.csv").write_bytes(RAW)
    predict_file(tmp_path / "in.csv", tmp_path / "out.csv", model=model, sidecar=False)
    predict_file(tmp_path / "in.csv", os.devnull, model=model)
    assert sorted(os.listdir(tmp_path)) == ["in.csv", "out.csv"]


def test_a_file_of_that_name_is_replaced_only_if_it_is_a_sidecar(tmp_path: Path, model: StanceModel):
    (tmp_path / "in.csv").write_bytes(RAW)
    predict_file(tmp_path / "in.csv", tmp_path / "out.csv", model=model)
    predict_file(tmp_path / "in.csv", tmp_path / "out.csv", model=model, overwrite=True)
    (tmp_path / "out.csv.meta.json").write_text("[1]")
    with pytest.raises(OutputError, match=r"out\.csv\.meta\.json: exists and is not stancekit's"):
        predict_file(tmp_path / "in.csv", tmp_path / "out.csv", model=model, overwrite=True)
    predict_file(tmp_path / "in.csv", tmp_path / "out.csv", model=model, overwrite=True, sidecar=False)


def test_the_codebook_says_the_same_version():
    codebook = Path(__file__).resolve().parents[2] / "fixtures" / "CODEBOOK.md"
    found = re.search(r"^Version (\d+)", codebook.read_text(encoding="utf-8"), re.MULTILINE)
    assert found is not None
    assert int(found[1]) == CODEBOOK_VERSION
