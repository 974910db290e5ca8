"""Whether a text is what the models were made for: a foreign-policy statement in English."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stancekit.features._kernel import kernel

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
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")


def _ascii(pattern: re.Pattern[str]) -> bytes:
    """The ASCII characters that a pattern for one character fits."""
    return bytes(code for code in range(128) if pattern.fullmatch(chr(code)))


_ASCII_WORDS = bytes(ord(chr(code).lower()) if _WORD.fullmatch(chr(code)) else ord(" ") for code in range(128)).ljust(
    256
)
_ASCII_DIGITS, _ASCII_SYMBOLS = _ascii(_DIGIT), _ascii(_SYMBOL)
_ASCII_FUNCTION_WORDS = frozenset(word.encode() for word in FUNCTION_WORDS)
# for the kernel: one bit each, in the order of its profile.h
_KINDS = bytes(
    sum(1 << bit for bit, kind in enumerate((_ascii(_WORD), _ASCII_DIGITS, _ASCII_SYMBOLS)) if code in kind)
    for code in range(128)
)
_KERNEL_WORDS = tuple(sorted(FUNCTION_WORDS))


def profile(text: str) -> tuple[float, ...]:
    """What tells other languages, code and figures apart, each between 0 and 1, in the order of ``PROFILE``.

    The length is in words and counts up to 25: a short text says little about where it is from. Function words are a
    share of the words, the rest shares of the characters.

    Examples
    --------
    >>> [round(share, 2) for share in profile("We deplore the blockade of Port 9.")]
    [0.24, 0.5, 0.0, 0.03, 0.0]
    """
    return tuple(profiles([text])[0].tolist())


def profiles(texts: Sequence[str]) -> Floats:
    """The profile of each text, shape (n, 5)."""
    plain = [text for text in texts if text.isascii()]
    others = [text for text in texts if not text.isascii()]
    is_plain = np.fromiter(map(str.isascii, texts), bool, len(texts))
    counts = np.zeros((len(texts), len(PROFILE)))
    counts[is_plain] = _counts_of_ascii(plain)
    counts[~is_plain] = np.array([_counts(text) for text in others]).reshape(-1, len(PROFILE))
    lengths = np.fromiter(map(len, texts), float, len(texts))
    shares = counts / np.maximum(lengths, 1)[:, None]
    n_words, n_function_words, *_ = counts.T
    shares[:, 0] = np.minimum(n_words, FULL_LENGTH) / FULL_LENGTH
    shares[:, 1] = n_function_words / np.maximum(n_words, 1)
    return np.asarray(shares)


def _counts_of_ascii(texts: list[str]) -> Floats:
    """Counts of texts in ASCII, shape (n, 5)."""
    compiled = kernel()
    if compiled is None:
        return np.array([_ascii_counts(text) for text in texts], dtype=float).reshape(-1, len(PROFILE))
    words, function_words, digits, symbols = (
        np.frombuffer(compiled.read_profiles(tuple(texts), _KERNEL_WORDS, _KINDS), np.int32).reshape(-1, 4).T
    )
    return np.column_stack([words, function_words, np.zeros_like(words), digits, symbols]).astype(float)


def _counts(text: str) -> tuple[int, int, int, int, int]:
    words = _WORD.findall(text.lower())
    beyond = _BEYOND_ASCII.findall(text)
    _, _, _, digits, symbols = _ascii_counts(text)
    return (
        len(words),
        sum(map(FUNCTION_WORDS.__contains__, words)),
        len(beyond),
        digits,
        symbols + len(_SYMBOL.findall("".join(beyond))),
    )


def _ascii_counts(text: str) -> tuple[int, int, int, int, int]:
    """The same, several times as fast, of a text's ASCII characters."""
    raw = text.encode("ascii", "ignore")
    words = raw.translate(_ASCII_WORDS).split()
    return (
        len(words),
        sum(map(_ASCII_FUNCTION_WORDS.__contains__, words)),
        0,
        len(raw) - len(raw.translate(None, _ASCII_DIGITS)),
        len(raw) - len(raw.translate(None, _ASCII_SYMBOLS)),
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
        # einsum without a BLAS call: a row's sum must not depend on how many rows stand beside it
        shown = np.einsum("np,pu->nu", profiles(texts), self.weights[-len(PROFILE) :], optimize=False)
        units = np.maximum(read + shown + self.bias, 0.0)
        return np.asarray(np.einsum("nu,u->n", units, self.out, optimize=False))

    def outside(self, texts: Sequence[str], read: Floats) -> NDArray[np.bool_]:
        """Which texts are out of domain, shape (n,); parameters as in ``scores``."""
        return np.asarray(self.scores(texts, read) > self.threshold)
