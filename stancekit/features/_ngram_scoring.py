"""Scores of many texts' n-grams: the fitted weights compiled into tables, for the kernel or for NumPy."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stancekit.features._kernel import SEED, decoded, encoded, kernel, normalised
from stancekit.features._ngram_index import (
    Floats,
    NgramIndex,
    Scorer,
    Vocabulary,
    char_ngrams,
    prepare,
    word_runs,
    words_in,
)

Columns = NDArray[np.intp]

_CHUNKS_KEPT = 1 << 15
_LONGEST_KEPT = 64


def ngram_scorer(index: NgramIndex, weights: Floats) -> Scorer:
    """A function from n texts to features times weights, of shape (n, k).

    Parameters
    ----------
    index : NgramIndex
    weights : ndarray of shape (n_features, k)
    """
    analysers = [vocabulary.analyser for vocabulary in index.vocabularies]
    if kernel() is not None and len(set(analysers)) == len(analysers):
        return CompiledNgrams(index, weights)
    return TabledNgrams(index, weights)


def _parts(index: NgramIndex, weights: Floats) -> list[tuple[Vocabulary, Floats]]:
    """Each vocabulary with a row for each of its n-grams: the idf, then idf times the weight of each class."""
    parts, start = [], 0
    for vocabulary in index.vocabularies:
        stop = start + len(vocabulary.terms)
        idf = vocabulary.idf[:, None]
        parts.append((vocabulary, np.hstack([idf, idf * weights[start:stop]])))
        start = stop
    return parts


class CompiledNgrams:
    """The kernel's path."""

    def __init__(self, index: NgramIndex, weights: Floats) -> None:
        self._kernel = kernel()
        self._n_classes = weights.shape[1]
        parts = {vocabulary.analyser: (vocabulary, rows) for vocabulary, rows in _parts(index, weights)}
        analysers: list[tuple[int, int, tuple[bytes, ...]] | None] = []
        ordered = []
        # the kernel counts columns through from words to characters
        for name in ("word", "char"):
            if name not in parts:
                analysers.append(None)
                continue
            vocabulary, rows = parts[name]
            # frequent n-grams first, so that what is needed often lies close together in memory
            order = np.argsort(vocabulary.idf, kind="stable")
            analysers.append((*vocabulary.sizes, encoded(vocabulary.terms[column] for column in order)))
            ordered.append(rows[order].tobytes())
        self._tables = self._kernel.ngrams(*analysers, b"".join(ordered), self._n_classes, SEED)

    def __call__(self, texts: Sequence[str]) -> Floats:
        scores = self._kernel.score_ngrams(self._tables, encoded(normalised(texts)), _chunk)
        return np.frombuffer(scores).reshape(len(texts), self._n_classes)


def _chunk(raw: bytes, _shouted: int) -> tuple[bytes, tuple[bytes, ...]]:
    """What the kernel asks about a chunk beyond ASCII: its lower case and its words."""
    lower = decoded(raw).lower()
    return lower.encode("utf-8", "surrogatepass"), encoded(words_in(lower))


class TabledNgrams:
    """The NumPy path.

    Words and columns of character n-grams of each distinct chunk between white space are found once. Scores are
    summed over occurrences: an n-gram that stands c times counts c times with a c-th of its weight.
    """

    def __init__(self, index: NgramIndex, weights: Floats) -> None:
        parts = _parts(index, weights)
        self._rows = np.concatenate([rows for _, rows in parts]) if parts else np.zeros((0, 1 + weights.shape[1]))
        self._columns: list[_WordColumns | _CharColumns] = []
        start = 0
        for vocabulary, rows in parts:
            kind = _WordColumns if vocabulary.analyser == "word" else _CharColumns
            self._columns.append(kind(vocabulary, start))
            start += len(rows)

    def __call__(self, texts: Sequence[str]) -> Floats:
        out = np.zeros((len(texts), self._rows.shape[1] - 1))
        counts = np.zeros(len(self._rows))
        for scores, text in zip(out, texts, strict=True):
            chunks = prepare(text).split()
            found = [part.of(chunks) for part in self._columns] if chunks else []
            if found:
                self._add(found, counts, scores)
        return out

    def _add(self, found: list[Columns], counts: Floats, scores: Floats) -> None:
        """Add to the scores; ``counts`` is zero before and after."""
        columns = np.concatenate(found)
        rows = self._rows[columns]
        np.add.at(counts, columns, 1.0)
        times = counts[columns]
        counts[columns] = 0.0
        frequency = 1.0 + np.log(times)
        shares = frequency / times
        squares = shares * frequency * rows[:, 0] ** 2
        start = 0
        for part in found:
            stop = start + len(part)
            length = math.sqrt(squares[start:stop].sum())
            if length:
                scores += shares[start:stop] @ rows[start:stop, 1:] / length
            start = stop


class _WordColumns(dict[str, list[str]]):
    """The words of each chunk that was met, and the columns of their n-grams."""

    def __init__(self, vocabulary: Vocabulary, start: int) -> None:
        super().__init__()
        self._known = {term: column + start for term, column in vocabulary.columns.items()}
        self._sizes = vocabulary.sizes

    def __missing__(self, chunk: str) -> list[str]:
        words = words_in(chunk)
        _keep(self, chunk, words)
        return words

    def of(self, chunks: list[str]) -> Columns:
        """The column of every occurrence of an n-gram."""
        words = list(chain.from_iterable(map(self.__getitem__, chunks)))
        known = map(self._known.get, word_runs(words, self._sizes))
        return np.array([column for column in known if column is not None], dtype=np.intp)


class _CharColumns(dict[str, Columns]):
    """The columns of the character n-grams of each chunk that was met."""

    def __init__(self, vocabulary: Vocabulary, start: int) -> None:
        super().__init__()
        self._vocabulary = vocabulary
        self._start = start

    def __missing__(self, chunk: str) -> Columns:
        known = map(self._vocabulary.columns.get, char_ngrams(chunk, self._vocabulary.sizes))
        columns = np.array([column for column in known if column is not None], dtype=np.intp) + self._start
        _keep(self, chunk, columns)
        return columns

    def of(self, chunks: list[str]) -> Columns:
        """The column of every occurrence of an n-gram."""
        return np.concatenate(list(map(self.__getitem__, chunks)))


def _keep(kept: dict[str, Any], chunk: str, found: Any) -> None:
    """Keep what was found of a chunk, within bounds; rare chunks go with the common ones, which come again."""
    if len(chunk) > _LONGEST_KEPT:
        return
    if len(kept) >= _CHUNKS_KEPT:
        kept.clear()
    kept[chunk] = found
