"""The heads beside the stance: where targets stand, and why a neutral text is neutral."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from sklearn.metrics import f1_score

from stancekit.calibration import fit_temperature, softmax
from stancekit.details import DetailHeads, TargetSpan, Token, joined
from stancekit.features._encoder_session import EncoderSession
from stancekit.labels import NEUTRAL_TYPES
from stancekit.scoring import LinearHead
from stancetrain.fixtures import Fixture
from stancetrain.spans import matched

THRESHOLDS = tuple(np.round(np.arange(0.2, 0.71, 0.02), 2).tolist())


@dataclass(frozen=True)
class _Read:
    """A document's sentence as the encoder reads it."""

    fixture: Fixture
    vector: np.ndarray
    states: np.ndarray
    tokens: list[Token]

    @property
    def targets(self) -> list[TargetSpan]:
        coded = self.fixture.row.targets
        return [TargetSpan(t.start, t.end, 1.0) for t in coded if t.start is not None and t.end is not None]


def detail_heads(
    session: EncoderSession, neutral_type: LinearHead, span: LinearHead, held_out: Sequence[Fixture]
) -> tuple[DetailHeads, dict[str, Any]]:
    """The heads with temperature and threshold from held-out documents, and how well they do there.

    The threshold is the one of the best F1 of spans; F1 is measured on the same rows, so it flatters a little.
    """
    rows = [f for f in held_out if f.kind == "documents"]
    read = [_Read(f, *each) for f, each in zip(rows, session.readings([f.row.text for f in rows]), strict=True)]
    neutral_type, types = _with_temperature(neutral_type, [r for r in read if r.fixture.row.neutral_type is not None])
    tags = [softmax(r.states @ span.coef + span.intercept) for r in read]

    def scores(threshold: float) -> tuple[float, float, float]:
        found = [joined(row, r.tokens, threshold) for row, r in zip(tags, read, strict=True)]
        right = sum(len(matched(r.targets, ours)) for ours, r in zip(found, read, strict=True))
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
