"""The columns that a prediction appends: their names, their order and how values are printed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stancekit.errors import InputError
from stancekit.labels import LABELS, Stance
from stancekit.scoring import Decisions

DEFAULT_PREFIX = "stance"
DEFAULT_TEXT_COLUMN = "text"
DECIMALS = 4
_NEAR_MIDDLE = 1e-6

Answer = tuple[str, ...]
"""Values in the order of the columns: label, confidence, a probability for each class, reason."""


def fixed_names(prefix: str) -> tuple[str, str, str]:
    """The label, confidence and reason columns: the ones that every model fills."""
    return prefix, f"{prefix}_confidence", f"{prefix}_reason"


@dataclass(frozen=True)
class StanceColumns:
    """What one model appends under one prefix.

    Attributes
    ----------
    prefix : str
    classes : tuple
        The model's labels in the order of their columns: the codebook's for its own three labels, else the
        model's.
    order : tuple of int
        Where the model has the probability of each.
    """

    prefix: str
    classes: tuple[Any, ...]
    order: tuple[int, ...]

    @classmethod
    def of(cls, prefix: str, classes: Sequence[Any]) -> StanceColumns:
        """The columns for a model's classes.

        Raises
        ------
        InputError
            If two of the columns would have one name.
        """
        ordered = tuple(stance.value for stance in Stance) if sorted(map(str, classes)) == list(LABELS) else classes
        given = list(classes)
        columns = cls(prefix, tuple(ordered), tuple(given.index(name) for name in ordered))
        twice = sorted({name for name in columns.names if columns.names.count(name) > 1})
        if twice:
            raise InputError(f"the model's labels give two columns the name {twice[0]!r}; train it with other labels")
        return columns

    @property
    def names(self) -> tuple[str, ...]:
        """The names, in the order in which they are appended."""
        label, confidence, reason = fixed_names(self.prefix)
        return label, confidence, *(f"{self.prefix}_{name}" for name in self.classes), reason

    @property
    def spoken(self) -> tuple[str, str]:
        """The names of the columns that hold words: label and reason. The others hold numbers."""
        return self.names[0], self.names[-1]

    def values(self, decisions: Decisions) -> tuple[list[Any], ...]:
        """The columns: of str, of floats, and of str or None."""
        shares = decisions.probabilities.T[list(self.order)]
        return list(map(str, decisions.labels)), decisions.confidences, *shares.tolist(), decisions.reasons

    def answers(self, decisions: Decisions) -> list[Answer]:
        """The rows as printed values."""
        numbers = np.vstack([decisions.confidences, decisions.probabilities.T[list(self.order)]])
        reasons = [reason or "" for reason in decisions.reasons]
        return list(zip(map(str, decisions.labels), *map(_printed, numbers), reasons, strict=True))


def _printed(numbers: NDArray[np.float64]) -> list[str]:
    """Numbers from 0 to 1 with DECIMALS decimals, as ``%`` prints them."""
    scaled = numbers * 10**DECIMALS
    known = _known()
    printed = [known[number] for number in np.rint(scaled).astype(int).tolist()]
    # multiplying rounds, which could tip what lies in the middle
    for i in np.flatnonzero(np.abs(scaled % 1 - 0.5) < _NEAR_MIDDLE).tolist():
        printed[i] = f"{numbers[i]:.{DECIMALS}f}"
    return printed


@cache
def _known() -> list[str]:
    return [f"{number / 10**DECIMALS:.{DECIMALS}f}" for number in range(10**DECIMALS + 1)]
