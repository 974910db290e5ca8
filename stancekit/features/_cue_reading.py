"""Cues with their readings, and the feature matrix made from them (standard library and numpy only)."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from stancekit.features._cue_scan import FoundCue, Scan
from stancekit.features._cue_table import CONTEXTS, FEATURE_TABLE, SUM_CAP, feature_index
from stancekit.features._cue_tokens import NAME, spans_of, words_of
from stancekit.features._cue_words import QUESTION_OPENINGS, RESOLUTION_OPENINGS, WORD_CLASS, Word
from stancekit.text import as_texts, normalise

# ruff: noqa: SIM905 - lists of words are read and edited as prose, not as columns of quotation marks


@dataclass(frozen=True)
class Cue:
    """A cue found in a text, and how its context reads it.

    Attributes
    ----------
    text : str
        The cue as it stands in the text as given: ``given[start:end]``.
    start, end : int
        Its span of characters.
    entry : str
        The entry of the lexicon.
    group : str
        The group of that entry.
    polarity : int
        +1 endorsement, -1 concern, 0 neutral, after negation and calls are read through.
    weight : float
        Strength after concession, contrast and the like.
    contexts : tuple of str
        How it is used: names of ``CONTEXTS``, and ``combated``.
    """

    text: str
    start: int
    end: int
    entry: str
    group: str
    polarity: int
    weight: float
    contexts: tuple[str, ...]


def find_cues(text: str) -> list[Cue]:
    """The diplomatic cues of a text, each with its span and how its context reads it.

    Parameters
    ----------
    text : str
        The text as given; spans point into it, whatever normalising did.

    Returns
    -------
    list of Cue
        In the order of the text.

    Examples
    --------
    >>> [(cue.text, cue.group, cue.polarity) for cue in find_cues("They do not support it, nor do they condemn it.")]
    [('support', 'support', -1), ('condemn', 'condemn', 0)]
    """
    words, numbers, definite = words_of(normalise(text))
    spans = spans_of(text)
    cues = []
    for found in Scan(words, definite).cues:
        start, end = spans[numbers[found.first]][0], spans[numbers[found.last - 1]][1]
        entry = found.entry
        cues.append(
            Cue(
                text[start:end],
                start,
                end,
                entry.entry,
                entry.group,
                found.polarity,
                found.weight,
                tuple(found.contexts),
            )
        )
    return cues


_POLARITY = {1: "endorsement", -1: "concern"}
LENGTHS = ((12, "short"), (22, "medium"), (35, "long"))


@cache
def _named_contexts() -> dict[int, dict[str, str]]:
    """The feature of each polarity and context."""
    return {polarity: {context: f"{name}_{context}" for context in CONTEXTS} for polarity, name in _POLARITY.items()}


def _row(text: str) -> dict[str, float]:
    """The features of a text by name, those that are 0 left out or not."""
    words, _, definite = words_of(normalise(text))
    scan = Scan(words, definite)
    row = defaultdict(float, scan.counts)
    contexts = _named_contexts()
    sums = {1: 0.0, -1: 0.0, 0: 0.0}
    stanced = []
    for cue in scan.cues:
        weight, entry = cue.weight, cue.entry
        sums[cue.polarity] += weight
        negated = "negated" in cue.contexts
        polarity = cue.polarity or (entry.polarity if negated else 0)
        if cue.polarity == entry.polarity or entry.group == "call":
            row["lex_" + entry.group] += weight
        if polarity:
            # A negation is named by what it turns ("does not oppose" is concern_negated), the rest by what it becomes.
            named = contexts[entry.polarity if negated and entry.polarity else polarity]
            for context in cue.contexts:
                if context in named:
                    row[named[context]] += weight
        if cue.polarity:
            stanced.append(cue)
    _balance(row, sums, stanced, len(scan.cues))
    _opening(row, words, bool(stanced), scan)
    return row


def _balance(row: dict[str, float], sums: dict[int, float], stanced: list[FoundCue], cues: int) -> None:
    endorsement, concern = sums[1], sums[-1]
    row["score_endorsement"] = math.tanh(endorsement / 6)
    row["score_concern"] = math.tanh(concern / 6)
    row["score_neutral"] = math.tanh(sums[0] / 6)
    row["margin"] = (endorsement - concern) / (endorsement + concern + 1.0)
    row["no_cue"] = float(not cues)
    if not stanced:
        row["no_stance"] = 1.0
        return
    both = endorsement > 0 and concern > 0
    row["mixed" if both else "only_endorsement" if endorsement else "only_concern"] = 1.0
    strongest = max(stanced, key=lambda cue: cue.weight)
    for place, cue in (("first", stanced[0]), ("last", stanced[-1]), ("strongest", strongest)):
        row[f"{place}_{_POLARITY[cue.polarity]}"] = 1.0
    strong = {cue.polarity for cue in stanced if cue.weight >= 2.5}
    if len(strong) == 1:
        row[f"strong_{_POLARITY[strong.pop()]}_only"] = 1.0
    row["weak_only"] = float(all(cue.entry.strength == 1 for cue in stanced))
    row["early_stance"] = float(stanced[0].first < 6)


def _opening(row: dict[str, float], words: list[str], has_stance: bool, scan: Scan) -> None:
    size = len(words)
    length = next((name for limit, name in LENGTHS if size <= limit), "very_long")
    row[length] = 1.0
    if not words:
        return
    first = words[0]
    kind = WORD_CLASS.get(first)
    if kind in (Word.FIRST_SINGULAR, Word.FIRST_PLURAL, Word.FIRST_POSSESSIVE):
        row["opens_first_person"] = 1.0
    row["opens_name"] = float(first == NAME)
    row["opens_resolution"] = float(first in RESOLUTION_OPENINGS)
    row["sides_speak"] = float(not SIDES.isdisjoint(words[:3]))
    row["question_real"] = float("question" in scan.counts and first in QUESTION_OPENINGS and not has_stance)
    row["no_objection"] = float(any(map(_objects_to_nothing, scan.cues)))


def _objects_to_nothing(cue: FoundCue) -> bool:
    denied = cue.entry.polarity < 0 and cue.polarity == 0 and "negated" in cue.contexts
    return denied or cue.entry.entry in NO_OBJECTION


SIDES = frozenset(["sides", "parties", "ministers", "leaders"])
NO_OBJECTION = frozenset(
    (
        "no objection;no objections;does not oppose;do not oppose;did not oppose;no obstacle;no reason to object;"
        "not object;not opposed;no cause for alarm"
    ).split(";")
)


def cue_matrix(texts: Iterable[str]) -> NDArray[np.float64]:
    """The cue features of texts.

    Parameters
    ----------
    texts : sequence of str

    Returns
    -------
    ndarray of shape (n, n_features), float64
        Columns as in ``FEATURE_TABLE``. Flags are 0 or 1, sums are ``log(1 + min(sum, 20))``, scores lie in
        [-1, 1].

    Raises
    ------
    InputError
        For anything but a flat sequence of str.

    Examples
    --------
    >>> cue_matrix(["We welcome the accord.", "We deplore it."]).shape[0]
    2
    """
    from stancekit.features._cue_kernel import compiled_cues

    items = as_texts(texts)
    compiled = compiled_cues()
    return matrix_of(items) if compiled is None else compiled.matrix(items)


def matrix_of(texts: Sequence[str]) -> NDArray[np.float64]:
    """:func:`cue_matrix` without the kernel, of texts that were checked."""
    matrix = np.zeros((len(texts), len(FEATURE_TABLE)))
    places, columns, values = sparse_rows(texts)
    matrix[places, columns] = values
    return matrix


def sparse_rows(texts: Sequence[str]) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float64]]:
    """Text, column and value of every feature that is not zero, and of a few that are, in the order of the texts."""
    rows = [_row(text) for text in texts]
    places = np.repeat(np.arange(len(rows)), [len(row) for row in rows])
    names = chain.from_iterable(rows)
    columns = np.fromiter(map(feature_index().__getitem__, names), np.intp, len(places))
    values = np.fromiter(chain.from_iterable(row.values() for row in rows), np.float64, len(places))
    sums, flags = _IS_SUM[columns], _IS_FLAG[columns]
    values[sums] = np.log1p(np.minimum(values[sums], SUM_CAP))
    values[flags] = values[flags] > 0
    return places, columns, values


_IS_SUM, _IS_FLAG = (np.array([feature.kind == kind for feature in FEATURE_TABLE]) for kind in ("sum", "flag"))
