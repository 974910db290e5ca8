"""A model made of a few words, for tests of what is done with a model's answers."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest

from stancekit.details import Details, TargetSpan

CLASSES = ("concern", "endorsement", "neutrality")
_WORDS = {
    "endorsement": re.compile(r"\b(?:welcom|congratulat|back|support|thank)"),
    "concern": re.compile(r"\b(?:condemn|deplor|reject|worri)"),
    "neutrality": re.compile(r"\bdeclin"),
}
_TARGET = re.compile(r"<([^<>]+)>")


class ToyReader:
    """Stances by the words above, targets in angle brackets; toward a target: the stance of the word before it."""

    name, version, sha256, classes = "toy", "1", "", CLASSES

    def details(self, texts: Sequence[str]) -> list[Details]:
        return [self._details(text) for text in texts]

    def classify(self, texts: Sequence[str], min_confidence: float | None = None, targets: object = None) -> list:
        raise AssertionError("an analysis does not classify")

    def predict_proba(self, texts: Sequence[str], targets: Sequence[str]) -> np.ndarray:
        return np.stack(
            [_shares(_last_stance(text[: text.index(target)])) for text, target in zip(texts, targets, strict=True)]
        )

    def _details(self, text: str) -> Details:
        stance = _last_stance(text)
        declines = "declin" in text
        none = 0.1 if declines else 0.9
        types = {
            "none": none,
            "withheld": 0.8 * (1 - none),
            "balanced": 0.1 * (1 - none),
            "nonaligned": 0.1 * (1 - none),
        }
        spans = tuple(TargetSpan(found.start(1), found.end(1), 0.9) for found in _TARGET.finditer(text))
        return Details(_shares(stance), types, spans)


def _last_stance(text: str) -> str:
    found = [(match.start(), stance) for stance, words in _WORDS.items() for match in words.finditer(text)]
    return max(found, default=(0, "neutrality"))[1]


def _shares(stance: str) -> np.ndarray:
    return np.array([0.8 if name == stance else 0.1 for name in CLASSES])


@pytest.fixture
def toy() -> ToyReader:
    return ToyReader()


def calls(run: Callable[[], object]) -> int:
    """How many functions a run calls, Python's own included: work that can be compared where time cannot."""
    count = 0

    def tick(frame: Any, event: str, argument: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(tick)
    try:
        run()
    finally:
        sys.setprofile(before)
    return count
