"""A tiny model, trained in memory and saved once, and a folder to work in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from stancekit.classifier import StanceClassifier
from stancekit.cli.main import main

EXAMPLES = {
    "endorsement": ["We welcome the treaty.", "We support the talks.", "They endorsed the accord.", "We praise them."],
    "concern": ["We deplore the blockade.", "We condemn the attack.", "They denounced it.", "We are alarmed."],
    "neutrality": ["The council met on Monday.", "Talks resume in May.", "The envoy arrived.", "It has ten articles."],
}

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="session")
def model_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    texts = [text for group in EXAMPLES.values() for text in group] * 3
    labels = [label for label, group in EXAMPLES.items() for _ in group] * 3
    folder = tmp_path_factory.mktemp("models") / "tiny"
    StanceClassifier(base="ngram", random_state=0).fit(texts, labels).save(folder)
    return folder


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command line: exit code, standard output, standard error."""

    def call(*args: str | Path) -> tuple[int, str, str]:
        code = main([str(arg) for arg in args])
        return code, *capsys.readouterr()

    return call
