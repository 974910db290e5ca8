from __future__ import annotations

import io
import json
from pathlib import Path
from types import SimpleNamespace

import pytest


def test_text(run, model_folder: Path):
    code, out, err = run("explain", "We condemn the attack.", "--model", model_folder)
    assert (code, err) == (0, "")
    assert out.startswith("concern ")
    assert "condemn" in out


def test_standard_input(run, model_folder: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(b"\xef\xbb\xbfWe welcome it.\n")))
    assert run("explain", "-", "--model", model_folder)[1].startswith("endorsement ")


@pytest.mark.parametrize(
    ("raw", "message"), [(b" \n", "the text is empty"), (b"a\xff", "byte at offset 1 is not UTF-8")]
)
def test_unusable_input(run, monkeypatch: pytest.MonkeyPatch, raw: bytes, message: str):
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(raw)))
    code, out, err = run("explain", "-")
    assert (code, out) == (2, "")
    assert message in err
    assert err.count("\n") == 1


def test_data_and_html(run, model_folder: Path):
    data = json.loads(run("explain", "We condemn <it>.", "--model", model_folder, "--json")[1])
    assert data["label"] == "concern"
    assert [word["text"] for word in data["words"]] == ["We", "condemn", "<it>."]
    html = run("explain", "We condemn <it>.", "--model", model_folder, "--html")[1]
    assert html.startswith("<figure")
    assert "&lt;it&gt;." in html


def test_one_form_at_a_time(run, model_folder: Path):
    assert run("explain", "We condemn it.", "--model", model_folder, "--json", "--html")[0] == 2
