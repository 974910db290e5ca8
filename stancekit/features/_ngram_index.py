"""Word and character n-grams scored without scikit-learn.

The counting is that of scikit-learn's ``TfidfVectorizer`` (analyzers ``word`` and ``char_wb``); tests hold
the two equal on all of Unicode.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from stancekit.text import normalise

TOKEN_PATTERN = r"(?u)\b\w+\b"
_TOKEN = re.compile(TOKEN_PATTERN)

Floats = NDArray[np.float64]
Scorer = Callable[[Sequence[str]], Floats]


def prepare(text: str) -> str:
    """The text as n-grams are cut from it."""
    return normalise(text).lower()


def words_in(prepared: str) -> list[str]:
    """The words of prepared text."""
    return _TOKEN.findall(prepared)


def word_runs(words: Sequence[str], sizes: tuple[int, int]) -> Iterator[str]:
    """Runs of words, joined by single spaces."""
    for size in range(sizes[0], sizes[1] + 1):
        yield from map(" ".join, zip(*(words[first:] for first in range(size)), strict=False))


def word_ngrams(prepared: str, sizes: tuple[int, int]) -> Iterator[str]:
    """Runs of the words of prepared text."""
    return word_runs(words_in(prepared), sizes)


def char_ngrams(prepared: str, sizes: tuple[int, int]) -> Iterator[str]:
    """Runs of characters inside each word padded by a space on both sides."""
    for word in prepared.split():
        padded = f" {word} "
        for size in range(sizes[0], sizes[1] + 1):
            yield padded[:size]
            for start in range(1, len(padded) - size + 1):
                yield padded[start : start + size]
            if size >= len(padded):
                break


ANALYSERS = {"word": word_ngrams, "char": char_ngrams}


@dataclass(frozen=True)
class Vocabulary:
    """The n-grams of one analyser with their inverse document frequencies.

    Attributes
    ----------
    analyser : str
        ``word`` or ``char``.
    sizes : tuple of int
        The shortest and the longest n-gram.
    terms : tuple of str
        In the order of the columns.
    idf : ndarray of shape (n_terms,)
    """

    analyser: str
    sizes: tuple[int, int]
    terms: tuple[str, ...]
    idf: Floats

    @cached_property
    def columns(self) -> dict[str, int]:
        """The column of each term."""
        return {term: column for column, term in enumerate(self.terms)}

    def row(self, prepared: str) -> tuple[NDArray[np.intp], Floats]:
        """Columns and values of one text: sublinear tf times idf, of unit Euclidean length."""
        columns = self.columns
        grams: Iterable[str] = ANALYSERS[self.analyser](prepared, self.sizes)
        counts = Counter(column for gram in grams if (column := columns.get(gram)) is not None)
        found = np.fromiter(counts.keys(), np.intp, len(counts))
        frequency = np.fromiter((1.0 + math.log(count) for count in counts.values()), np.float64, len(counts))
        values = frequency * self.idf[found]
        length = math.sqrt(float(values @ values))
        return found, values / length if length else values


@dataclass(frozen=True)
class NgramIndex:
    """The n-gram block of a trained model."""

    vocabularies: tuple[Vocabulary, ...]

    @property
    def kind(self) -> str:
        """The name of this kind of block in a model's manifest."""
        return "ngrams"

    @property
    def n_features(self) -> int:
        """How many n-grams all vocabularies hold."""
        return sum(len(vocabulary.terms) for vocabulary in self.vocabularies)

    @property
    def feature_names(self) -> list[str]:
        """Names such as ``word:deeply concerned`` and ``char: wel``."""
        return [f"{v.analyser}:{term}" for v in self.vocabularies for term in v.terms]

    def rows(self, text: str) -> tuple[NDArray[np.intp], Floats]:
        """Columns and values of one text over all vocabularies."""
        prepared = prepare(text)
        columns, values, start = [], [], 0
        for vocabulary in self.vocabularies:
            found, weighted = vocabulary.row(prepared)
            columns.append(found + start)
            values.append(weighted)
            start += len(vocabulary.terms)
        return np.concatenate(columns), np.concatenate(values)

    def scorer(self, weights: Floats) -> Scorer:
        """A function from n texts to features times these weights of shape (n_features, k): shape (n, k)."""
        from stancekit.features._ngram_scoring import ngram_scorer

        return ngram_scorer(self, weights)

    def truncated(self, texts: Sequence[str]) -> NDArray[np.bool_]:
        """Never: n-grams read texts of any length."""
        return np.zeros(len(texts), dtype=bool)
