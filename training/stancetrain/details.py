"""The heads beside the stance: where targets stand, and why a neutral text is neutral."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from sklearn.metrics import f1_score
from tqdm import tqdm

from stancekit.calibration import fit_temperature, softmax
from stancekit.details import DetailHeads, TargetSpan, Token, joined
from stancekit.features._encoder_session import EncoderSession
from stancekit.labels import NEUTRAL_TYPES
from stancekit.scoring import LinearHead
from stancetrain.fixtures import Fixture

OVERLAP = 0.5
"""Share of the words of two spans together that must be in both for them to be the same target."""
THRESHOLDS = tuple(np.round(np.arange(0.2, 0.71, 0.02), 2).tolist())

Span = tuple[int, int]


@dataclass(frozen=True)
class _Read:
    """A document's sentence as the encoder reads it."""

    fixture: Fixture
    vector: np.ndarray
    states: np.ndarray
    tokens: list[Token]

    @property
    def targets(self) -> list[Span]:
        return [(t.start, t.end) for t in self.fixture.row.targets if t.start is not None and t.end is not None]


def same_span(a: Span, b: Span) -> bool:
    """Whether two spans overlap by half: the length of what they share, over the length of both joined."""
    shared = min(a[1], b[1]) - max(a[0], b[0])
    return shared / (max(a[1], b[1]) - min(a[0], b[0])) >= OVERLAP


def matches(found: Sequence[Span], coded: Sequence[Span]) -> int:
    """How many found spans are coded ones, each taken once."""
    left = list(coded)
    for span in found:
        twin = next((other for other in left if same_span(span, other)), None)
        if twin is not None:
            left.remove(twin)
    return len(coded) - len(left)


def detail_heads(
    session: EncoderSession, neutral_type: LinearHead, span: LinearHead, held_out: Sequence[Fixture]
) -> tuple[DetailHeads, dict[str, Any]]:
    """The heads with temperature and threshold from held-out documents, and how well they do there.

    The threshold is the one of the best F1 of spans; F1 is measured on the same rows, so it flatters a little.
    """
    rows = [f for f in held_out if f.kind == "documents"]
    read = [_Read(f, *session.read(f.row.text)) for f in tqdm(rows, desc="details")]
    neutral_type, types = _with_temperature(neutral_type, [r for r in read if r.fixture.row.neutral_type is not None])
    tags = [softmax(r.states @ span.coef + span.intercept) for r in read]

    def scores(threshold: float) -> tuple[float, float, float]:
        found = [_places(joined(row, r.tokens, threshold)) for row, r in zip(tags, read, strict=True)]
        right = sum(matches(ours, r.targets) for ours, r in zip(found, read, strict=True))
        precision = right / max(1, sum(map(len, found)))
        recall = right / max(1, sum(len(r.targets) for r in read))
        return 2 * precision * recall / max(1e-9, precision + recall), precision, recall

    threshold = max(THRESHOLDS, key=lambda t: scores(t)[0])
    f1, precision, recall = scores(threshold)
    record = {
        "rows": len(read),
        "targets": sum(len(r.targets) for r in read),
        "target_span_f1": round(f1, 4),
        "target_span_precision": round(precision, 4),
        "target_span_recall": round(recall, 4),
        **types,
    }
    return DetailHeads(neutral_type, span, threshold), record


def _with_temperature(head: LinearHead, neutral: Sequence[_Read]) -> tuple[LinearHead, dict[str, float]]:
    """The head of types with its temperature, and how well it tells them apart; unchanged if there is no such row."""
    if not neutral:
        return head, {}
    logits = np.array([r.vector for r in neutral]) @ head.coef + head.intercept
    truth = np.array([NEUTRAL_TYPES.index(r.fixture.row.neutral_type or "") for r in neutral])
    guess, none = logits.argmax(1), NEUTRAL_TYPES.index("none")
    scores = {
        "neutral_type_macro_f1": round(float(f1_score(truth, guess, average="macro", zero_division=0)), 4),
        "neutral_type_none_f1": round(float(f1_score(truth == none, guess == none, zero_division=0)), 4),
    }
    return replace(head, temperature=fit_temperature(logits, truth)), scores


def _places(spans: Sequence[TargetSpan]) -> list[Span]:
    return [(span.start, span.end) for span in spans]
