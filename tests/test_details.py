"""Targets among tokens, and what is refused."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise, product

import numpy as np
import pytest

from stancekit.details import TargetSpan, Token, joined
from stancekit.errors import ModelError
from stancekit.labels import LABELS, SPAN_TAGS
from stancekit.scoring import LinearHead, StanceModel

TEXT = "Chile backs the Lima accord and regrets delays"


def tokens_of(text: str) -> list[Token]:
    """One token a word."""
    tokens, start = [], 0
    for number, word in enumerate(text.split()):
        start = text.index(word, start)
        tokens.append(Token(start, start + len(word), number))
        start += len(word)
    return tokens


def tags_of(names: Sequence[str], share: float = 0.8) -> np.ndarray:
    rest = (1 - share) / (len(SPAN_TAGS) - 1)
    return np.array([[share if tag == name else rest for tag in SPAN_TAGS] for name in names])


def shown(spans: tuple[TargetSpan, ...]) -> list[str]:
    return [TEXT[span.start : span.end] for span in spans]


def test_neighbouring_words_are_one_target():
    names = ["outside", "outside", "first", "inside", "inside", "outside", "outside", "first"]
    spans = joined(tags_of(names), tokens_of(TEXT), 0.5)
    assert shown(spans) == ["the Lima accord", "delays"]
    assert [span.probability for span in spans] == pytest.approx([0.9, 0.9])


def test_a_first_word_starts_another_target():
    names = ["outside", "outside", "first", "first", "inside", "outside", "outside", "outside"]
    assert shown(joined(tags_of(names), tokens_of(TEXT), 0.5)) == ["the", "Lima accord"]


def test_what_begins_inside_is_a_target_where_it_goes_on():
    names = ["inside", "outside", "outside", "inside", "inside", "outside", "outside", "outside"]
    assert shown(joined(tags_of(names), tokens_of(TEXT), 0.5)) == ["Lima accord"]


def test_a_doubtful_word_does_not_cut_a_target_in_two():
    names = ["outside", "outside", "first", "inside", "inside", "outside", "outside", "outside"]
    tags = tags_of(names)
    tags[3] = [0.55, 0.05, 0.4]
    assert shown(joined(tags, tokens_of(TEXT), 0.5)) == ["the Lima accord"]


def test_a_higher_threshold_finds_less():
    names = ["outside", "outside", "first", "inside", "inside", "outside", "outside", "outside"]
    tags = tags_of(names, 0.6)
    assert shown(joined(tags, tokens_of(TEXT), 0.5)) == ["the Lima accord"]
    assert shown(joined(tags, tokens_of(TEXT), 0.95)) == []


def test_the_path_is_the_best_of_all():
    """By trying every sequence of tags."""
    rng = np.random.default_rng(0)
    outside, first, inside = range(3)
    for _ in range(50):
        tags = rng.dirichlet([1, 1, 1], size=4)
        score = {}
        for path in product(range(3), repeat=4):
            if path[0] == inside or (outside, inside) in pairwise(path):
                continue
            weights = np.array([0.4 / 0.6, np.exp(-1.0), 1.0])
            score[path] = np.log(tags[range(4), path] * weights[list(path)]).sum()
        best = max(score, key=lambda path: score[path])
        spans = joined(tags, tokens_of("a b c d"), 0.4)
        starts = [2 * i for i, tag in enumerate(best) if tag == first]
        assert [span.start for span in spans] == starts
        assert sum((span.end - span.start + 1) // 2 for span in spans) == sum(tag != outside for tag in best)


def test_nothing_to_join():
    assert joined(np.zeros((0, 3)), [], 0.5) == ()


def test_the_first_token_speaks_for_its_word():
    text = "the Lima accord"
    tokens = [Token(0, 3, 0), Token(4, 6, 1), Token(6, 8, 1), Token(9, 15, 2)]
    spans = joined(tags_of(["outside", "first", "outside", "outside"]), tokens, 0.4)
    assert [text[span.start : span.end] for span in spans] == ["Lima"]


def test_a_model_without_the_heads_says_so():
    head = LinearHead(LABELS, np.zeros((0, 3)), np.zeros(3), np.full(3, 1 / 3))
    with pytest.raises(ModelError, match="'bare' finds no targets; use one that does, such as 'encoder'"):
        StanceModel("bare", "1", (), head).details(["Chile backs the accord."])
