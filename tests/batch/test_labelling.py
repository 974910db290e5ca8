"""Answers depend neither on blocks nor threads; repeated texts are labelled once."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stancekit.batch import labelling
from stancekit.batch.labelling import Cache, default_block_rows, default_workers, single_threaded
from stancekit.batch.run import predict_file
from stancekit.scoring import Decisions, StanceModel

WORDS = ["deplore", "welcome", "We", "", " ", "é", "\U0001f600"]


class Counting:
    """A model that counts what it is asked, and knows targets."""

    name, version, sha256 = "counting", "1", "c" * 64
    classes = ("concern", "endorsement", "neutrality")

    def __init__(self) -> None:
        self.asked: list[tuple[str, str | None]] = []

    def decisions(
        self, texts: Sequence[str], min_confidence: float | None = None, targets: Sequence[str] | None = None
    ) -> Decisions:
        pairs = list(zip(texts, targets or [None] * len(texts), strict=True))
        self.asked += pairs
        labels = ["concern" if target == "war" else "neutrality" for _, target in pairs]
        n = len(labels)
        return Decisions(labels, labels, np.full((n, 3), 1 / 3), [1 / 3] * n, [None] * n, [self.name] * n)


@given(
    st.lists(st.lists(st.sampled_from(WORDS), max_size=3).map(" ".join), max_size=30),
    st.integers(1, 9),
    st.integers(1, 4),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
def test_the_same_bytes(tmp_path: Path, model: StanceModel, texts: list[str], block_rows: int, workers: int):
    (tmp_path / "in.csv").write_text("text,n\n" + "".join(f"{text},1\n" for text in texts), encoding="utf-8")
    for name, options in (("one", {"block_rows": block_rows, "workers": workers}), ("two", {})):
        out = tmp_path / f"{name}.csv"
        predict_file(tmp_path / "in.csv", out, model=model, overwrite=True, sidecar=False, **options)
    assert (tmp_path / "one.csv").read_bytes() == (tmp_path / "two.csv").read_bytes()


def test_order_changes_no_answer(tmp_path: Path, small_folder: Path):
    texts = [
        f"We {verb} the {noun} of the port."
        for verb in ("deplore", "welcome", "met on")
        for noun in ("blockade", "plan")
    ]
    answers = []
    for order in (texts, texts[::-1]):
        (tmp_path / "in.csv").write_text("text\n" + "\n".join(order) + "\n")
        predict_file(tmp_path / "in.csv", tmp_path / "out.csv", model=small_folder, overwrite=True)
        answers.append(sorted((tmp_path / "out.csv").read_text().splitlines()))
    assert answers[0] == answers[1]


@pytest.mark.parametrize("workers", [1, 3])
def test_repeated_texts_are_labelled_once(tmp_path: Path, workers: int):
    (tmp_path / "in.csv").write_text("text\n" + "a\nb\n" * 500)
    model = Counting()
    summary = predict_file(tmp_path / "in.csv", tmp_path / "out.csv", model=model, block_rows=50, workers=workers)
    # blocks that were begun before the first one came back do not know its answers
    assert len(model.asked) <= 2 * (workers + 1)
    assert summary.repeated == 1000 - len(model.asked)
    assert "repeated texts were labelled once" in summary.as_text()


def test_a_text_toward_two_targets_is_two_questions(tmp_path: Path):
    (tmp_path / "in.csv").write_text("text,who\na,war\na,peace\na,war\n")
    model = Counting()
    predict_file(tmp_path / "in.csv", tmp_path / "out.csv", model=model, target_column="who")
    assert model.asked[-2:] == [("a", "war"), ("a", "peace")]
    assert [line.split(",")[2] for line in (tmp_path / "out.csv").read_text().splitlines()[1:]] == [
        "concern",
        "neutrality",
        "concern",
    ]


def test_the_cache_is_bounded():
    cache = Cache(4)
    for i in range(100):
        cache.add({i * "x": ("answer", i)})
        assert cache.find(["x" * i, "x" * 501]) == [("answer", i), None]
    cache.add({501 * "x": ("answer", 501)})
    assert sum(answer is not None for answer in cache.find(["x" * i for i in range(502)])) <= 6


def test_threads_are_those_of_the_run(monkeypatch: pytest.MonkeyPatch, model: StanceModel):
    monkeypatch.setattr(labelling, "available_processors", lambda: 8)
    session = SimpleNamespace(workers=8)
    tier = SimpleNamespace(encoder=SimpleNamespace(session=session))
    for one in (tier, SimpleNamespace(first=model, second=tier)):
        assert (default_workers(one), default_block_rows(one)) == (8, 64)
        with single_threaded(one):
            assert session.workers == 1
        assert session.workers == 8
    assert default_workers(model) == 1
    assert default_block_rows(model) > 64
    assert os.cpu_count()
