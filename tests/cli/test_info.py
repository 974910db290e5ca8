from __future__ import annotations

from pathlib import Path

import pytest

import stancekit
from stancekit import artifact


def test_names_versions_and_hashes(run, model_folder: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(vars(stancekit), "__version__", "9.9")
    monkeypatch.setattr(artifact, "MODELS", model_folder.parent)
    code, out, err = run("info")
    assert (code, err) == (0, "")
    assert out.startswith("stancekit 9.9 (Python ")
    assert "model tiny " in out
    assert f"sha256  {artifact.load_model(model_folder).sha256}" in out
    assert "labels  concern, endorsement, neutrality" in out
