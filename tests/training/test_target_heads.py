"""Heads over token states: candidates, the best path, the best set of spans, and that fitting learns."""

from __future__ import annotations

from itertools import pairwise, product

import numpy as np
import pytest

from stancekit.details import Token

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.usefixtures("quiet_torch")

from stancetrain import target_heads  # noqa: E402
from stancetrain.target_heads import Sentence, SpanScorer, Tagger, Target, closest, fitted  # noqa: E402

WIDTH = 8
TEXT = "We welcome the accord; they regret delays"


@pytest.fixture(autouse=True)
def _narrow(monkeypatch):
    monkeypatch.setattr(target_heads, "WIDTH", WIDTH)
    torch.manual_seed(0)


def sentence(seed: int = 0) -> Sentence:
    """One token a word; its state tells whether the word is in a target."""
    words = TEXT.replace(";", " ;").split()
    tokens, start = [], 0
    for number, word in enumerate(words):
        start = TEXT.index(word, start)
        tokens.append(Token(start, start + len(word), number))
        start += len(word)
    rng = np.random.default_rng(seed)
    states = rng.normal(0, 0.1, (len(words), WIDTH)).astype(np.float16)
    states[[words.index(w) for w in ("the", "delays")], 0] = 3
    states[words.index("accord"), 1] = 3
    coded = [Target(11, 21, "endorsement"), Target(35, 41, "concern")]
    return Sentence(TEXT, "d", coded, True, "concern", np.ones(WIDTH, np.float32), states, tokens, np.ones(3) / 3, True)


def test_candidates_are_runs_of_words_that_no_break_divides():
    shown = [TEXT[start:end] for start, end in sentence().candidates]
    assert "the accord" in shown
    assert "delays" in shown
    assert not any(";" in each for each in shown)
    assert len(shown) == 4 * 5 // 2 + 3 * 4 // 2


def test_each_candidate_knows_its_closest_target():
    overlap, toward = closest(np.array([[11, 21], [15, 21], [0, 2], [35, 41]]), sentence().coded)
    assert overlap.tolist() == pytest.approx([1, 0.6, 0, 1])
    assert toward.tolist() == [2, 2, 0, 1]


def test_tags_are_those_of_the_coded_targets():
    assert sentence().tags.tolist() == [0, 0, 1, 2, 0, 0, 0, 1]


def test_a_tagger_sums_over_every_path_and_finds_the_best():
    row, head = sentence(), Tagger(hidden=True)
    head.eval()
    with torch.no_grad():
        head.steps.copy_(torch.randn(3, 3))
        scores = head.scores(torch.from_numpy(row.states).float(), torch.from_numpy(row.vector)).numpy()
        steps, start = (each.numpy() for each in head.transitions())
    totals = {
        path: start[path[0]] + scores[range(8), path].sum() + sum(steps[a, b] for a, b in pairwise(path))
        for path in product(range(3), repeat=8)
        if path[0] != 2 and (0, 2) not in pairwise(path)
    }
    told = np.logaddexp.reduce(list(totals.values())) - totals[tuple(row.tags)]
    assert head.loss([row]).item() == pytest.approx(told, abs=1e-3)
    best = max(totals, key=lambda path: totals[path])
    assert [start for start, _ in head.find(row, 0.0)] == [row.bounds[i][0] for i, tag in enumerate(best) if tag == 1]


def test_spans_are_chosen_for_the_sum_of_their_gains(monkeypatch):
    row, head = sentence(), SpanScorer()
    shares = {"We welcome": 0.6, "welcome the accord": 0.7, "the accord": 0.6, "delays": 0.25}
    table = np.array([[1 - shares.get(TEXT[start:end], 0)] for start, end in row.candidates])
    monkeypatch.setattr(head, "probabilities", lambda row: table)
    assert [TEXT[start:end] for start, end in head.find(row, 0.3)] == ["We welcome", "the accord"]
    assert [TEXT[start:end] for start, end in head.find(row, 0.55)] == ["welcome the accord"]


@pytest.mark.parametrize("make", [lambda: Tagger(hidden=False), lambda: Tagger(hidden=True), SpanScorer])
def test_fitting_learns_and_is_repeatable(make):
    rows = [sentence(seed) for seed in range(target_heads.BATCH)]
    torch.manual_seed(1)
    one, other = make(), make()
    other.load_state_dict(one.state_dict())
    one.eval()
    before = one.loss(rows).item()
    for head in (one, other):
        torch.manual_seed(2)
        fitted(head, rows, 20)
    assert one.loss(rows).item() < before - 0.2
    assert all(torch.equal(a, b) for a, b in zip(one.parameters(), other.parameters(), strict=True))
