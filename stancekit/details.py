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
        A word belongs to a target from this probability on.
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
    """Neighbouring words that belong to a target as one span each.

    Parameters
    ----------
    tags : ndarray of shape (n, 3)
        Probabilities of ``SPAN_TAGS`` for each token; a word's first token speaks for it.
    tokens : sequence of Token
    threshold : float
    """
    spans: list[TargetSpan] = []
    shares: list[float] = []
    for _, group in groupby(range(len(tokens)), key=lambda i: tokens[i].word):
        places = list(group)
        first = tags[places[0]]
        share = float(1 - first[_OUTSIDE])
        if share < threshold:
            shares = []
            continue
        start, end = tokens[places[0]].start, tokens[places[-1]].end
        if shares and first[_INSIDE] >= first[_FIRST]:
            start = spans.pop().start
        else:
            shares = []
        shares.append(share)
        spans.append(TargetSpan(start, end, float(np.mean(shares))))
    return tuple(spans)
