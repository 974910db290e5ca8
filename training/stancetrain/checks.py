"""What is wrong with the fixtures, or might be: duplicates, formulas, leaks, overlaps with real text."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
from sklearn.compose import make_column_transformer
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.model_selection import GroupKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from stancekit.text import normalise
from stancetrain.fixtures import Fixture

NEAR_DUPLICATE = 0.6
"""Jaccard similarity of word 3-grams from which two texts are near-duplicates."""
OVERLAP_WORDS = 12
OPENING_WORDS = 4
PHRASE_WORDS = 6

_WORD = re.compile(r"\w+")
_MARKS = ",;:()\"'!?-"


def words_of(text: str) -> list[str]:
    return _WORD.findall(normalise(text).lower())


def runs(words: Sequence[str], size: int) -> Iterator[tuple[str, ...]]:
    return (tuple(words[i : i + size]) for i in range(len(words) - size + 1))


def place(fixture: Fixture) -> str:
    return f"{fixture.path.name}, line {fixture.line} ({fixture.row.id})"


def repeated_ids(fixtures: Sequence[Fixture]) -> list[str]:
    first: dict[str, Fixture] = {}
    problems = []
    for fixture in fixtures:
        if fixture.row.id in first:
            problems.append(f"{place(fixture)}: the id stands already in {place(first[fixture.row.id])}")
        first.setdefault(fixture.row.id, fixture)
    return problems


def duplicates(fixtures: Sequence[Fixture]) -> list[str]:
    """Rows whose words are all the same as another row's."""
    first: dict[tuple[str, ...], Fixture] = {}
    problems = []
    for fixture in fixtures:
        key = tuple(words_of(fixture.row.text))
        if key in first:
            problems.append(f"{place(fixture)}: the same text as {place(first[key])}")
        first.setdefault(key, fixture)
    return problems


def near_duplicates(fixtures: Sequence[Fixture], *, across_splits_only: bool) -> list[str]:
    """Pairs that share most of their word 3-grams (Jaccard similarity, Broder 1997)."""
    vectorizer = CountVectorizer(ngram_range=(3, 3), binary=True, token_pattern=r"(?u)\b\w+\b", dtype=np.int32)
    shingles = vectorizer.fit_transform(normalise(f.row.text) for f in fixtures)
    sizes = np.asarray(shingles.sum(axis=1)).ravel()
    shared = (shingles @ shingles.T).tocoo()
    upper = shared.row < shared.col
    left, right, common = shared.row[upper], shared.col[upper], shared.data[upper]
    similarity = common / (sizes[left] + sizes[right] - common)
    problems = []
    for i, j, s in zip(left, right, similarity, strict=True):
        a, b = fixtures[i], fixtures[j]
        if s >= NEAR_DUPLICATE and not (across_splits_only and a.split == b.split):
            problems.append(f"{place(b)}: near-duplicate of {place(a)} ({s:.2f}; splits {a.split} and {b.split})")
    return problems


def overused(fixtures: Sequence[Fixture], size: int, most_documents: int, *, openings: bool) -> list[tuple[str, int]]:
    """Openings or phrases that stand in more documents than a reader would expect, most frequent first."""
    homes: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for fixture in fixtures:
        words = words_of(fixture.row.text)
        found = [tuple(words[:size])] if openings else runs(words, size)
        for run in found:
            if len(run) == size:
                homes[run].add(fixture.row.group)
    often = [(" ".join(run), len(groups)) for run, groups in homes.items() if len(groups) > most_documents]
    return sorted(often, key=lambda item: (-item[1], item[0]))


def leakage(fixtures: Sequence[Fixture]) -> float:
    """Macro-F1 of a classifier that sees everything but the words, cross-validated by document.

    It sees length, genre, country, year and punctuation. A high score would mean that the labels can be
    told from how the fixtures were made.
    """
    rows = [f.row for f in fixtures]
    table = np.array(
        [
            [r.genre, r.speaker or r.country_focus or "", len(r.text), len(r.text.split()), r.year or 0, r.year is None]
            + [r.text.count(mark) for mark in _MARKS]
            for r in rows
        ],
        dtype=object,
    )
    numbers = list(range(2, table.shape[1]))
    encode = make_column_transformer(
        (OneHotEncoder(handle_unknown="ignore", min_frequency=20), [0, 1]), (StandardScaler(), numbers)
    )
    model = make_pipeline(encode, LogisticRegression(class_weight="balanced", max_iter=2000))
    truth = [r.label for r in rows]
    guesses = cross_val_predict(model, table, truth, groups=[r.group for r in rows], cv=GroupKFold(5))
    return float(f1_score(truth, guesses, average="macro"))


def overlaps(texts: Sequence[tuple[str, str]], real_texts: Sequence[str], allowed: Sequence[str]) -> list[str]:
    """Texts, given with their places, that share twelve words in a row with real text, but for the set phrases."""
    set_phrases = [" ".join(words_of(phrase)) for phrase in allowed]
    real = {run for text in real_texts for run in runs(words_of(text), OVERLAP_WORDS)}
    problems = []
    for where, text in texts:
        for run in runs(words_of(text), OVERLAP_WORDS):
            joined = " ".join(run)
            if run in real and not any(joined in phrase for phrase in set_phrases):
                problems.append(f"{where}: shares {joined!r} with the real text")
                break
    return problems


def suite_overlaps(fixtures: Sequence[Fixture], cases: Sequence[str]) -> list[str]:
    """Rows whose words are those of a case of the behavioural suites, which training must not see."""
    suites = {tuple(words_of(case)) for case in cases}
    return [f"{place(f)}: stands in a behavioural suite" for f in fixtures if tuple(words_of(f.row.text)) in suites]


def label_shares(fixtures: Sequence[Fixture]) -> Counter[str]:
    return Counter(f.row.label for f in fixtures if f.row.label is not None)
