"""The columns that a prediction appends: their names, their order and how values are printed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from stancekit.errors import InputError
from stancekit.labels import LABELS, Stance
from stancekit.scoring import Prediction

DEFAULT_PREFIX = "stance"
DEFAULT_TEXT_COLUMN = "text"
DECIMALS = 4

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
    """

    prefix: str
    classes: tuple[Any, ...]

    @classmethod
    def of(cls, prefix: str, classes: Sequence[Any]) -> StanceColumns:
        """The columns for a model's classes.

        Raises
        ------
        InputError
            If two of the columns would have one name.
        """
        ordered = tuple(stance.value for stance in Stance) if sorted(map(str, classes)) == list(LABELS) else classes
        columns = cls(prefix, tuple(ordered))
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

    def values(self, prediction: Prediction) -> tuple[Any, ...]:
        """One prediction in the order of the columns: a str, floats, and a str or None."""
        shares = (prediction.probabilities[name] for name in self.classes)
        return str(prediction.label), prediction.confidence, *shares, prediction.reason

    def answer(self, prediction: Prediction) -> Answer:
        """One prediction as printed values."""
        shares = prediction.probabilities
        numbers = (prediction.confidence, *[shares[name] for name in self.classes])
        # one formatting for all of them: this is done for every row
        printed = (f"%.{DECIMALS}f " * len(numbers) % numbers).split()
        return str(prediction.label), *printed, prediction.reason or ""
