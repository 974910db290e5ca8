"""Rows, files and articles that several tests of the reports share."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from stancekit import report_file
from stancekit.analysis.article import Analysis, Entity, Evidence, Statement, TargetStance
from stancekit.report.labelled import LabelledRows

CLASSES = ("concern", "endorsement", "neutrality")
ATTACK = "<script>alert('x')</script><img src=x onerror=alert(1)>\"&"
"""What a hostile file may hold; none of it may reach a page as markup."""

TEXT = (
    "Lebane, 18 March\n\n"
    "The prime minister congratulated the president and voiced concern over the sanctions. "
    "Turnout was 71 per cent.\n\n"
    "The ministry declined to comment on <the plan> & left."
)


@pytest.fixture(scope="session")
def rows() -> LabelledRows:
    """Sixty rows of twelve documents; the model errs on every seventh."""
    rng = np.random.default_rng(0)
    truth = [CLASSES[i % 3] for i in range(60)]
    probabilities = np.full((60, 3), 0.1)
    for i in range(60):
        answer = (i + (i % 7 == 4)) % 3
        probabilities[i, answer] = 0.5 + 0.4 * rng.random()
    probabilities /= probabilities.sum(axis=1, keepdims=True)
    texts = [f"Statement {i}" if i != 4 else ATTACK for i in range(60)]
    groups = ["Europe" if i % 2 else ATTACK for i in range(60)]
    return LabelledRows(CLASSES, texts, truth, probabilities, groups, [f"d{i // 5}" for i in range(60)], "tiny 1")


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write a CSV file from a header and rows; its path."""

    def call(header: Sequence[str], *lines: Sequence[object]) -> Path:
        return write_csv(tmp_path / "in.csv", header, *lines)

    return call


def write_csv(path: Path, header: Sequence[str], *lines: Sequence[object]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([header, *lines])
    return path


@pytest.fixture(scope="session")
def predicted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A hundred predictions with everything that a report can show; tests must not change it."""
    header = ("text", "stance", "stance_confidence", "stance_reason", "country", "date", "actor", "target")
    lines = [
        (
            f"Statement {i} {ATTACK}",
            ("endorsement", "concern", "neutrality", "abstain")[i % 4],
            f"{0.4 + i / 200:.4f}",
            "low_confidence" if i % 4 == 3 else "",
            ("Peru", "Oman", ATTACK)[i % 3],
            f"{2000 + i % 7}-05-0{1 + i % 9}",
            ("Peru", ATTACK)[i % 2],
            ("the tariff", "$5 million", "the pact")[i % 3],
        )
        for i in range(100)
    ]
    return write_csv(tmp_path_factory.mktemp("predicted") / "predicted.csv", header, *lines)


@pytest.fixture(scope="session")
def corpus_folder(predicted: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report on it: ``out.html`` and ``figures/``; tests must not change it."""
    folder = tmp_path_factory.mktemp("corpus")
    report_file(
        predicted, folder / "out.html", by="country", time="date", figures=folder / "figures", title=f"Corpus {ATTACK}"
    )
    return folder


def statement(text: str, stance: str, targets: Sequence[tuple[str, str]], evidence: Sequence[str] = (), **more: object):
    """A statement of ``TEXT`` with its targets and evidence found in it."""
    start = TEXT.index(text)

    def place(words: str) -> tuple[str, int, int]:
        at = start + text.index(words)
        return words, at, at + len(words)

    return Statement(
        start,
        start + len(text),
        text,
        stance,
        0.9,
        targets=tuple(
            TargetStance(*place(words), Entity("Orlovia") if words == "the president" else None, label, 0.8)
            for words, label in targets
        ),
        evidence=tuple(Evidence(*place(words)) for words in evidence),
        **more,  # type: ignore[arg-type]
    )


@pytest.fixture
def analysis() -> Analysis:
    """An article with two statements, one of them with two targets."""
    first = statement(
        "The prime minister congratulated the president and voiced concern over the sanctions.",
        "concern",
        [("the president", "endorsement"), ("the sanctions", "concern")],
        ["congratulated", "voiced concern"],
        actor="The prime minister",
        actor_entity=Entity("Lebane", iso3="LBN"),
        actor_type="official",
    )
    second = statement(
        "The ministry declined to comment on <the plan> & left.",
        "neutrality",
        [("<the plan>", "neutrality")],
        neutral_type="withheld",
        actor="The ministry",
    )
    return Analysis(
        TEXT, (first, second), 4, id="a1", title=f"Conditions {ATTACK}", date=date(2024, 3, 18), model="m 1"
    )
