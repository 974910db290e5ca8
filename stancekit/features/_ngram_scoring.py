"""Scores of many texts' n-grams: the fitted weights compiled into tables, for the kernel or for NumPy."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stancekit.features._kept import Kept
from stancekit.features._kernel import SEED, decoded, encoded, kernel, normalised
from stancekit.features._ngram_index import (
    Floats,
    NgramIndex,
    Scorer,
    Vocabulary,
    char_ngrams,
    prepare,
    words_in,
)

Columns = NDArray[np.int64]

_TOGETHER = 256
"""Texts whose n-grams are added up at a time; more would not be faster, and take memory."""


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
        analysers: list[tuple[int, int, tuple[str | bytes, ...]] | None] = []
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


def _chunk(raw: bytes, _shouted: int) -> tuple[bytes, tuple[str | bytes, ...]]:
    """What the kernel asks about a chunk beyond ASCII: its lower case and its words."""
    lower = decoded(raw).lower()
    return lower.encode("utf-8", "surrogatepass"), encoded(words_in(lower))


class TabledNgrams:
    """The NumPy path: words and character n-grams of each distinct chunk are numbered once, the rest is arithmetic."""

    def __init__(self, index: NgramIndex, weights: Floats) -> None:
        self._n_classes = weights.shape[1]
        self._parts: list[tuple[_WordColumns | _CharColumns, Floats]] = []
        for vocabulary, rows in _parts(index, weights):
            kind = _WordColumns if vocabulary.analyser == "word" else _CharColumns
            self._parts.append((kind(vocabulary), rows))

    def __call__(self, texts: Sequence[str]) -> Floats:
        scores = np.zeros((len(texts), self._n_classes))
        for start in range(0, len(texts), _TOGETHER):
            self._add(texts[start : start + _TOGETHER], scores[start : start + _TOGETHER])
        return scores

    def _add(self, texts: Sequence[str], scores: Floats) -> None:
        chunks = [prepare(text).split() for text in texts]
        owners = np.repeat(np.arange(len(texts)), [len(each) for each in chunks])
        flat = list(chain.from_iterable(chunks))
        for columns, rows in self._parts if flat else ():
            _add_scaled(*columns.of(flat, owners), rows, scores)


def _add_scaled(columns: Columns, owners: Columns, rows: Floats, scores: Floats) -> None:
    """Add the scores of the n-grams at ``columns``, each in the text that owns it, scaled to unit length."""
    bits = len(rows).bit_length()
    keys = np.sort(owners << bits | columns)
    first = np.flatnonzero(np.diff(keys, prepend=-1))
    frequency = 1.0 + np.log(np.diff(first, append=len(keys)))
    owner, column = keys[first] >> bits, keys[first] & ((1 << bits) - 1)
    values = frequency[:, None] * rows[column]
    # bincount adds up in order, so that a text's sum does not depend on what stands beside it
    lengths = np.sqrt(np.bincount(owner, values[:, 0] ** 2, len(scores)))
    lengths[lengths == 0.0] = 1.0
    for label in range(scores.shape[1]):
        scores[:, label] += np.bincount(owner, values[:, label + 1], len(scores)) / lengths


class _WordColumns:
    """The columns of runs of words.

    Words have numbers. A run is a path in a tree: its first word's number is a node, and an edge leads from a node
    by the next word to another.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._sizes = vocabulary.sizes
        runs = [term.split(" ") for term in vocabulary.terms]
        self._numbers = {word: number for number, word in enumerate(dict.fromkeys(chain.from_iterable(runs)))}
        self._kept = Kept(self._numbered)
        edges: dict[int, int] = {}
        columns = {}
        for column, run in enumerate(runs):
            node = self._numbers[run[0]]
            for word in run[1:]:
                node = edges.setdefault(self._edge(node, self._numbers[word]), len(self._numbers) + len(edges))
            columns[node] = column
        self._columns = np.full(len(self._numbers) + len(edges) + 1, -1)
        self._columns[list(columns)] = list(columns.values())
        self._edges = np.array(sorted(edges), dtype=np.int64)
        self._ends = np.array([edges[edge] for edge in self._edges.tolist()], dtype=np.int64)

    def _edge(self, node: Any, word: Any) -> Any:
        return node * len(self._numbers) + word

    def _numbered(self, chunk: str) -> list[int]:
        return [self._numbers.get(word, -1) for word in words_in(chunk)]

    def of(self, chunks: list[str], owners: Columns) -> tuple[Columns, Columns]:
        """The column of every occurrence of an n-gram, and the text that it stands in."""
        found = list(map(self._kept.__getitem__, chunks))
        owners = np.repeat(owners, list(map(len, found)))
        words = np.fromiter(chain.from_iterable(found), np.int64, len(owners))
        nodes = words
        columns, places = [], []
        for size in range(1, self._sizes[1] + 1):
            if size > 1:
                nodes = self._next(nodes[:-1], words[size - 1 :])
                nodes[owners[: len(nodes)] != owners[size - 1 :]] = -1
            if size >= self._sizes[0]:
                # -1 is the last of the columns, which is none
                at = self._columns[nodes]
                known = np.flatnonzero(at >= 0)
                columns.append(at[known])
                places.append(owners[known])
        return np.concatenate(columns), np.concatenate(places)

    def _next(self, nodes: Columns, words: Columns) -> Columns:
        """The nodes that the words lead to, -1 for none."""
        ends = np.full(len(nodes), -1)
        known = np.flatnonzero((nodes >= 0) & (words >= 0))
        if not len(self._edges) or not len(known):
            return ends
        wanted = self._edge(nodes[known], words[known])
        at = np.minimum(np.searchsorted(self._edges, wanted), len(self._edges) - 1)
        there = self._edges[at] == wanted
        ends[known[there]] = self._ends[at[there]]
        return ends


class _CharColumns:
    """The columns of the character n-grams of chunks."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._kept = Kept(self._columns)

    def _columns(self, chunk: str) -> Columns:
        known = map(self._vocabulary.columns.get, char_ngrams(chunk, self._vocabulary.sizes))
        return np.array([column for column in known if column is not None], dtype=np.int64)

    def of(self, chunks: list[str], owners: Columns) -> tuple[Columns, Columns]:
        """The column of every occurrence of an n-gram, and the text that it stands in."""
        found = list(map(self._kept.__getitem__, chunks))
        return np.concatenate(found), np.repeat(owners, list(map(len, found)))
