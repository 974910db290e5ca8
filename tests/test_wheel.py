"""The installed distribution holds what it must; for a checkout there is nothing to look at."""

from __future__ import annotations

import json
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import PurePosixPath

import pytest

import stancekit


def installed() -> Distribution:
    try:
        found = distribution("stancekit")
    except PackageNotFoundError:
        pytest.skip("stancekit is not installed")
    origin = json.loads(found.read_text("direct_url.json") or "{}")
    if origin.get("dir_info", {}).get("editable"):
        pytest.skip("installed in editable form")
    return found


@pytest.fixture(scope="module")
def wheel() -> Distribution:
    return installed()


@pytest.fixture(scope="module")
def files(wheel: Distribution) -> set[str]:
    return {PurePosixPath(path).as_posix() for path in wheel.files or []}


def test_what_is_tested_is_what_is_installed(wheel: Distribution):
    assert str(wheel.locate_file("stancekit/__init__.py")) == stancekit.__file__


@pytest.mark.parametrize(
    "name",
    [
        "stancekit/py.typed",
        "stancekit/features/lexicon.tsv",
        "stancekit/models/ngram/manifest.json",
        "stancekit/models/ngram/head.npz",
        "stancekit/analysis/explanation.py",
        "stancekit/analysis/data/states.tsv",
        "stancekit/analysis/data/organisations.tsv",
        "stancekit/analysis/data/official_names.tsv",
        "stancekit/analysis/data/not_names.tsv",
        "stancekit/cli/main.py",
        "stancekit/report/templates/base.html",
        "stancekit/report/templates/style.css",
    ],
)
def test_it_holds(files: set[str], name: str):
    assert name in files


def test_every_file_of_every_model(wheel: Distribution, files: set[str]):
    manifests = [name for name in files if name.startswith("stancekit/models/") and name.endswith("/manifest.json")]
    assert manifests
    for name in manifests:
        with open(str(wheel.locate_file(name)), encoding="utf-8") as stream:
            listed = json.load(stream)["files"]
        assert {str(PurePosixPath(name).with_name(file)) for file in listed} <= files
    assert {PurePosixPath(name).parent.name for name in manifests} <= set(stancekit.shipped_models())


@pytest.mark.parametrize("name", ["LICENSE", "NOTICE"])
def test_the_licence_is_in_the_metadata(wheel: Distribution, files: set[str], name: str):
    assert any(file.endswith(f".dist-info/licenses/{name}") for file in files)
    assert name in (wheel.metadata.get_all("License-File") or [])
    assert wheel.metadata["License-Expression"] == "Apache-2.0"


def test_nothing_else_comes_along(files: set[str]):
    inside = [name for name in files if not name.startswith(("stancekit/", "stancekit-", "../"))]
    assert inside == []
    assert not [name for name in files if "tests/" in name or "fixtures/" in name or "training/" in name]


def test_the_console_script(wheel: Distribution):
    scripts = [entry for entry in wheel.entry_points if entry.group == "console_scripts"]
    assert [(entry.name, entry.value) for entry in scripts] == [("stancekit", "stancekit.cli.main:main")]
    assert callable(scripts[0].load())


def test_it_is_pure_python(wheel: Distribution):
    record = wheel.read_text("WHEEL") or ""
    assert "Root-Is-Purelib: true" in record
    assert "Tag: py3-none-any" in record
