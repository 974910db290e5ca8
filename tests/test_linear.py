"""Hostile texts: whatever a cell holds, the work is linear in its length.

No test looks at the clock. At this length quadratic work takes minutes a case, so that it cannot go unnoticed.
"""

from __future__ import annotations

import importlib
import pkgutil
import re

import pytest

import stancekit
from stancekit.features._cue_reading import cue_matrix
from stancekit.features._ngram_index import char_ngrams, prepare, word_ngrams
from stancekit.scoring import is_blank
from stancekit.text import INVISIBLE, normalise

LENGTH = 80_000
PIECES = {
    "letters": "a",
    "apostrophes": "a'",
    "digits": "1",
    "numbers": "1,",
    "spaces": " ",
    "lines": "\n",
    "signs": "@#_",
    "addresses": "http://",
    "marks": "\u0301",
    "disguised marks": "\u0f73",
    "ligatures": "\ufdfa",
    "invisible": "\u200b",
    "planes": "\U0001f600\U00020000",
    "right to left": "\u202e\u05d0 ",
    "quotes": "\"'\u201d",
    "brackets": "([{",
    "words": "not no never ",
    "commas": ", but, ",
}


def patterns() -> dict[str, re.Pattern[str]]:
    """Every regular expression that the package compiles on import."""
    found = {}
    for info in pkgutil.walk_packages(stancekit.__path__, "stancekit."):
        if not info.name.endswith("__main__"):
            module = importlib.import_module(info.name)
            for name, value in vars(module).items():
                if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
                    found[f"{info.name}.{name}"] = value
    return found


PATTERNS = patterns()


def hostile(piece: str) -> str:
    # an end that fits nothing makes a backtracking expression try everything
    return piece * (LENGTH // len(piece)) + "\0"


@pytest.mark.parametrize("piece", PIECES)
@pytest.mark.parametrize("name", PATTERNS)
def test_regular_expressions(name: str, piece: str):
    assert sum(1 for _ in PATTERNS[name].finditer(hostile(PIECES[piece]))) <= LENGTH + 1


def test_regular_expressions_are_found():
    assert len(PATTERNS) >= 3


@pytest.mark.parametrize("piece", PIECES)
def test_normalising(piece: str):
    text = hostile(PIECES[piece])
    assert len(normalise(text)) <= 40 * len(text)
    assert is_blank(text[:-1]) == (not text[:-1].strip().strip("".join(INVISIBLE)))


@pytest.mark.parametrize("piece", PIECES)
def test_features(piece: str):
    text = hostile(PIECES[piece])[: LENGTH // 4]
    prepared = prepare(text)
    assert sum(1 for _ in word_ngrams(prepared, (1, 2))) <= 2 * len(prepared) + 2
    assert sum(1 for _ in char_ngrams(prepared, (3, 5))) <= 6 * len(prepared) + 6
    assert cue_matrix([text]).shape[0] == 1
