"""The closed lists that everything else refers to: labels, columns, reasons.

Each fact stands here once. Other modules import it; none writes it again.
"""

from __future__ import annotations

from enum import Enum


class Stance(str, Enum):
    """What the actor of a statement does toward its target (see the codebook)."""

    ENDORSEMENT = "endorsement"
    CONCERN = "concern"
    NEUTRALITY = "neutrality"

    def __str__(self) -> str:
        return self.value


LABELS: tuple[str, ...] = tuple(sorted(stance.value for stance in Stance))
"""The labels in the order of ``classes_`` (sorted, as scikit-learn does)."""

CODEBOOK_VERSION = 2
"""The version of fixtures/CODEBOOK.md that defines them."""

NEUTRAL_TYPES: tuple[str, ...] = ("none", "withheld", "balanced", "nonaligned")
"""Why a neutral statement is neutral; ``none`` means that it takes no position at all."""

SPAN_TAGS: tuple[str, ...] = ("outside", "first", "inside")
"""Where a token stands: in no target's name, at the start of one, or further inside (Ramshaw and Marcus 1995)."""

ABSTAIN = "abstain"
"""The label given in place of a stance where the program does not answer."""


class Reason(str, Enum):
    """Why an answer is withheld, or what to know about it."""

    EMPTY = "empty"
    LOW_CONFIDENCE = "low_confidence"
    OUT_OF_DOMAIN = "out_of_domain"
    TARGET_NOT_MENTIONED = "target_not_mentioned"
    TRUNCATED = "truncated"
    """A note beside a label and no reason to abstain; only the first tokens were read."""

    def __str__(self) -> str:
        return self.value
