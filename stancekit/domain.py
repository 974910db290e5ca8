"""Whether a text is what the models were made for: a foreign-policy statement in English."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

PROFILE = ("length", "function words", "letters beyond ASCII", "digits", "symbols")
"""What ``profile`` measures."""

FULL_LENGTH = 25
"""Words from which on a text counts as long."""

_FUNCTION_WORDS = (
    "the of and to in that is for on with as by it be are was at this have has from we will which not an or their "
    "our its were but they been he his had who she her would all there than if you i my what when up so"
)
FUNCTION_WORDS = frozenset(_FUNCTION_WORDS.split())
_WORD = re.compile(r"[^\W\d_]+")
_DIGIT = re.compile(r"[0-9]")
_SYMBOL = re.compile(r"[^\w\s.,;:!?'\"()-]|[_(]")
_BEYOND_ASCII = re.compile(r"(?![0-9_])[^\x00-\x7f]")


def profile(text: str) -> tuple[float, float, float, float, float]:
    """What tells other languages, code and figures apart, each between 0 and 1, in the order of ``PROFILE``.

    The length is in words and counts up to 25: a short text says little about where it is from. Function words are a
    share of the words, the rest shares of the characters.

    Examples
    --------
    >>> [round(share, 2) for share in profile("We deplore the blockade of Port 9.")]
    [0.24, 0.5, 0.0, 0.03, 0.0]
    """
    words = _WORD.findall(text.lower())
    n_characters = max(len(text), 1)
    return (
        min(len(words), FULL_LENGTH) / FULL_LENGTH,
        sum(word in FUNCTION_WORDS for word in words) / max(len(words), 1),
        0.0 if text.isascii() else len(_BEYOND_ASCII.findall(text)) / n_characters,
        len(_DIGIT.findall(text)) / n_characters,
        len(_SYMBOL.findall(text)) / n_characters,
    )


@dataclass(frozen=True)
class DomainCheck:
    """A small network that reads a model's features and the text's profile.

    It was fitted by ``training/fit_trust.py`` to tell the fixtures from texts of other kinds, and its threshold
    set so that a given share of held-out fixtures lies above it.

    Attributes
    ----------
    weights : ndarray of shape (n_features + 5, n_units)
        From the model's features, then the profile, to the hidden units.
    bias : ndarray of shape (n_units,)
    out : ndarray of shape (n_units,)
        From the rectified units to the score, which is higher the stranger the text.
    threshold : float
        A text is out of domain above it.
    """

    weights: Floats
    bias: Floats
    out: Floats
    threshold: float

    @property
    def feature_weights(self) -> Floats:
        """The weights of the model's own features, shape (n_features, n_units)."""
        return self.weights[: -len(PROFILE)]

    def scores(self, texts: Sequence[str], read: Floats) -> Floats:
        """How strange each text is, shape (n,).

        Parameters
        ----------
        texts : sequence of str
        read : ndarray of shape (n, n_units)
            The texts' features times ``feature_weights``.
        """
        profiles = np.array([profile(text) for text in texts]).reshape(len(texts), len(PROFILE))
        # einsum without a BLAS call: a row's sum must not depend on how many rows stand beside it
        shown = np.einsum("np,pu->nu", profiles, self.weights[-len(PROFILE) :], optimize=False)
        units = np.maximum(read + shown + self.bias, 0.0)
        return np.asarray(np.einsum("nu,u->n", units, self.out, optimize=False))

    def outside(self, texts: Sequence[str], read: Floats) -> NDArray[np.bool_]:
        """Which texts are out of domain, shape (n,); parameters as in ``scores``."""
        return np.asarray(self.scores(texts, read) > self.threshold)
