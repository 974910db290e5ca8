"""What the encoder tells beside the stance: why a neutral text is neutral, and where its targets stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from stancekit.calibration import softmax
from stancekit.labels import SPAN_TAGS

if TYPE_CHECKING:
    from stancekit.scoring import LinearHead

Floats = NDArray[np.float64]

_NEW = 1.0
"""What a new target must gain, in logits, over going on with one or none."""

_TINY = 1e-9

_OUTSIDE, _FIRST, _INSIDE = (SPAN_TAGS.index(tag) for tag in ("outside", "first", "inside"))


class Token(NamedTuple):
    """Where a token stands in the text, and the number of its word; a word may have several tokens."""

    start: int
    end: int
    word: int


@dataclass(frozen=True)
class TargetSpan:
    """A stretch of the text that names a target of its stance.

    Attributes
    ----------
    start, end : int
        Offsets into the text.
    probability : float
        Mean over its words of the probability that a word belongs to a target.
    """

    start: int
    end: int
    probability: float


@dataclass(frozen=True)
class Details:
    """What the model reads out of one text.

    Attributes
    ----------
    probabilities : ndarray of shape (n_classes,)
        Calibrated, of each stance, in the order of the model's classes.
    neutral_types : dict of str to float
        The probability of each of ``NEUTRAL_TYPES``, given that the text is neutral.
    spans : tuple of TargetSpan
        In the order of the text.
    """

    probabilities: Floats
    neutral_types: dict[str, float]
    spans: tuple[TargetSpan, ...]


@dataclass(frozen=True)
class DetailHeads:
    """The linear heads that give them.

    Attributes
    ----------
    neutral_type : LinearHead
        Over the encoder's vector of a text; its classes are ``NEUTRAL_TYPES``.
    span : LinearHead
        Over the encoder's state of each token; its classes are ``SPAN_TAGS``.
    threshold : float
        Between 0 and 1; the lower it is, the more words belong to targets.
    """

    neutral_type: LinearHead
    span: LinearHead
    threshold: float

    def neutral_types(self, vector: Floats) -> dict[str, float]:
        """The probability of each type, of a vector of shape (width,)."""
        head = self.neutral_type
        logits = (vector @ head.coef + head.intercept) / head.temperature
        return dict(zip(head.classes, softmax(logits[None])[0].tolist(), strict=True))

    def spans(self, states: Floats, tokens: Sequence[Token]) -> tuple[TargetSpan, ...]:
        """The targets among n tokens with states of shape (n, width)."""
        tags = softmax((states @ self.span.coef + self.span.intercept) / self.span.temperature)
        return joined(tags, tokens, self.threshold)


def joined(tags: Floats, tokens: Sequence[Token], threshold: float) -> tuple[TargetSpan, ...]:
    """The targets: the most probable way to cut the text into targets and what lies between them.

    Found by dynamic programming (Viterbi 1967), so that one doubtful word does not cut a target in two. The price
    of a new target was chosen on written articles: docs/decisions/0019-targets.md.

    Parameters
    ----------
    tags : ndarray of shape (n, 3)
        Probabilities of ``SPAN_TAGS`` for each token; a word's first token speaks for it.
    tokens : sequence of Token
    threshold : float
        Between 0 and 1; the lower it is, the more words belong to targets.
    """
    words = [list(group) for _, group in groupby(range(len(tokens)), key=lambda i: tokens[i].word)]
    if not words:
        return ()
    shown = tags[[places[0] for places in words]]
    spans: list[list[int]] = []
    for number, tag in enumerate(_best_path(np.log(np.maximum(shown, _TINY)), threshold)):
        if tag == _FIRST:
            spans.append([number, number])
        elif tag == _INSIDE:
            spans[-1][1] = number
    return tuple(
        TargetSpan(
            tokens[words[first][0]].start,
            tokens[words[last][-1]].end,
            float(np.mean(1 - shown[first : last + 1, _OUTSIDE])),
        )
        for first, last in spans
    )


def _best_path(scores: Floats, threshold: float) -> list[int]:
    """The tags of n words that together score best, from log-probabilities of shape (n, 3)."""
    scores = scores.copy()
    scores[:, _OUTSIDE] += np.log(threshold / (1 - threshold))
    scores[:, _FIRST] -= _NEW
    steps = np.zeros((len(SPAN_TAGS), len(SPAN_TAGS)))
    steps[_OUTSIDE, _INSIDE] = -np.inf
    best = scores[0].copy()
    best[_INSIDE] = -np.inf
    back = []
    for row in scores[1:]:
        reached = best[:, None] + steps
        back.append(reached.argmax(axis=0))
        best = reached.max(axis=0) + row
    path = [int(best.argmax())]
    for came_from in reversed(back):
        path.append(int(came_from[path[-1]]))
    return path[::-1]
