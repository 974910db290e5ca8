"""The cue lexicon, the word classes and the feature table as numbers, for the compiled kernel.

The kernel holds the reading alone; every list of words and every weight comes from here. Names in the tuples below
stand in the order in which ``fast/src/cues.h`` has them.
"""

# ruff: noqa: SIM905 - lists of words are read and edited as prose, not as columns of quotation marks
from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stancekit.features import _cue_scan as scan
from stancekit.features import _cue_words as lists
from stancekit.features._cue_lexicon import END, Entry, cue_trie, load_lexicon
from stancekit.features._cue_reading import LENGTHS, NO_OBJECTION, SIDES
from stancekit.features._cue_table import FEATURE_TABLE, SUM_CAP, feature_index
from stancekit.features._cue_tokens import (
    BEFORE_IS,
    BEFORE_SENTENCE,
    LONGEST_ABBREVIATION,
    MENTION,
    NAME,
    TOKEN,
    Facts,
    cue_openings,
    facts_of,
)
from stancekit.features._cue_words import COUNTED_AS, FUNCTION_WORDS, KNOWN_OPENINGS, WORD_CLASS, Word
from stancekit.features._kernel import SEED, decoded, encoded, kernel, normalised

Floats = NDArray[np.float64]


def _of_classes(*kinds: Word) -> frozenset[str]:
    return frozenset(word for word, kind in WORD_CLASS.items() if kind in kinds)


_FIRST_PERSON = (Word.FIRST_SINGULAR, Word.FIRST_PLURAL, Word.FIRST_POSSESSIVE)

# The first four are told by the word's form, which the kernel sees in ASCII words of no list.
_FORMS: tuple[Callable[[str], bool], ...] = (
    lambda word: word.endswith("ed"),
    lambda word: "years" in scan.content_counts(word),
    lambda word: "numbers" in scan.content_counts(word),
    lambda word: "link" in scan.content_counts(word),
    lambda word: word.endswith("ing"),
)
_SETS: tuple[frozenset[str], ...] = (
    *(frozenset([word]) for word in (NAME, MENTION, "not", "no", "nor", "but", "whether", "have")),
    *(frozenset([word]) for word in ("?", "!", "concerned", ".")),
    _of_classes(*scan.READ_INSIDE_PHRASES),
    _of_classes(Word.BE),
    _of_classes(*scan.BEFORE_NOUN) | scan.NOUN_PREPOSITIONS,
    _of_classes(*scan.VERB_SUBJECTS) | scan.BEFORE_VERB | {NAME},
    _of_classes(*_FIRST_PERSON),
    lists.INTENSIFIERS,
    scan.RARELY_VERBS,
    scan.AFTER_CONCERNED,
    scan.SUBJECT_PRONOUNS,
    lists.NAME_LINKS,
    lists.RESOLUTION_OPENINGS,
    lists.QUESTION_OPENINGS,
    SIDES,
    scan.NOT_ONLY,
    scan.NO_DOUBT,
    scan.BEGINS_CLAUSE,
    scan.SENTENCE_BREAK,
    scan.BUT_FOR,
    scan.PAST_BE,
    scan.PRESENT_BE,
    frozenset(["yet", "rather"]),
)
# Those that damp come first, in the order in which a cue gets them, so that weights are equal to the last bit.
_CONTEXTS = tuple(
    "conceded after_contrast relative conditional under_concern under_endorsement before_contrast hedged obliged "
    "future embedded negated doubly_negated opening first_person actor pronoun impersonal no_subject passive quoted "
    "reported verb present past noun quality phrase weak strong intensified question main combated".split()
)
_COLUMNS = tuple(
    "years numbers link commas question exclamation i we our institutions pronouns impersonal negators contrast "
    "concession condition cannot counterfactual hedge obligation future first_person_obligation first_person_future "
    "saying saying_last past_be present_be passive quotation evaluative_it wrong_combated call_all_sides call_stop "
    "call_outcome score_endorsement score_concern score_neutral margin no_cue no_stance mixed only_endorsement "
    "only_concern first_endorsement first_concern last_endorsement last_concern strongest_endorsement "
    "strongest_concern strong_endorsement_only strong_concern_only weak_only early_stance short medium long very_long "
    "opens_first_person opens_name opens_resolution sides_speak question_real no_objection".split()
)
_LIMITS = (
    scan.NEGATION_REACH,
    scan.MODAL_REACH,
    scan.COMBAT_REACH,
    scan.CALL_REACH,
    LONGEST_ABBREVIATION,
    *(limit for limit, _ in LENGTHS),
    int(SUM_CAP),
)
_KINDS = ("sum", "flag", "score")
_ENTRY_GROUPS: tuple[frozenset[str], ...] = (
    frozenset(["call"]),
    frozenset(["balance"]),
    frozenset(["demand"]),
    scan.COMBATABLE,
)

_FUNCTION, _CUE, _BEFORE_IS, _ASK = (1 << bit for bit in range(14, 18))
_ASKED = frozenset(["cannot", "let's"])
"""Words of no apostrophe, or of a possessive's ending, that are contractions all the same."""


_WORD_RECORD = np.dtype([("sets", "u8"), *((name, "i4") for name in ("facts", "kind", "root", "from", "to", "unused"))])


class CompiledCues:
    """The cue features of texts, read by the kernel."""

    def __init__(self, module: Any) -> None:
        self._kernel = module
        trie = _Trie()
        self._numbers = {word: number for number, word in enumerate(_vocabulary(trie.words))}
        self._tables = module.cues(
            encoded(self._numbers), *self._word_tables(trie), *trie.tables(self._numbers), *self._feature_tables(), SEED
        )

    def matrix(self, texts: Sequence[str]) -> Floats:
        """All features, shape (n, n_features)."""
        return self._read(texts, b"", 0).reshape(len(texts), len(FEATURE_TABLE))

    def scores(self, texts: Sequence[str], weights: Floats) -> Floats:
        """All features times weights of shape (n_features, k): shape (n, k)."""
        n_classes = weights.shape[1]
        return self._read(texts, weights.tobytes(), n_classes).reshape(len(texts), n_classes)

    def _read(self, texts: Sequence[str], weights: bytes, n_classes: int) -> Floats:
        plain = normalised(texts)
        shouted = bytes(map(str.isupper, plain))
        return np.frombuffer(
            self._kernel.read_cues(self._tables, encoded(plain), shouted, self._chunk, weights, n_classes)
        )

    def _chunk(self, raw: bytes, shouted: int) -> bytes:
        """What the kernel asks about a chunk beyond ASCII or with a contraction: its tokens with their facts."""
        tokens = TOKEN.findall(decoded(raw))
        numbers = [len(tokens)]
        for token in tokens:
            facts, words = facts_of(token.lower() if shouted else token)
            numbers += [facts, len(words)]
            for word in words:
                known = self._numbers.get(word, -1)
                numbers += [known, 0 if known >= 0 else _sets_of(word)]
        return _int32(numbers)

    def _word_tables(self, trie: _Trie) -> tuple[bytes | int, ...]:
        """A record for each word, and the columns that they point to."""
        index = feature_index()
        counted: list[int] = []
        records = np.zeros(len(self._numbers), _WORD_RECORD)
        for word, number in self._numbers.items():
            names = [COUNTED_AS[word]] if word in COUNTED_AS else []
            names += [] if word in WORD_CLASS else scan.content_counts(word)
            start = len(counted)
            counted += [index[name] for name in names]
            kind, root = WORD_CLASS.get(word, 0), trie.roots.get(word, -1)
            records[number] = (_sets_of(word), _facts_of_word(word), kind, root, start, len(counted), 0)
        return records.tobytes(), _int32(counted), len(counted)

    def _feature_tables(self) -> tuple[bytes | int, ...]:
        index = feature_index()
        contexts = [
            index.get(f"{polarity}_{name}", -1) for polarity in ("endorsement", "concern") for name in _CONTEXTS
        ]
        return (
            _int32(index[name] for name in _COLUMNS),
            _int32(contexts),
            np.array([scan.DAMPING.get(name, 1.0) for name in _CONTEXTS]).tobytes(),
            _int32(_LIMITS),
            bytes(_KINDS.index(feature.kind) for feature in FEATURE_TABLE),
            len(FEATURE_TABLE),
            self._numbers[NAME],
            self._numbers[MENTION],
            sum(1 << _CONTEXTS.index(name) for name in scan.NOT_MAIN),
        )


def compiled_cues() -> CompiledCues | None:
    """The cues as the kernel reads them, or None where there is no kernel."""
    module = kernel()
    return None if module is None else _compiled(module)


@cache
def _compiled(module: Any) -> CompiledCues:
    return CompiledCues(module)


def _vocabulary(of_cues: Iterable[str]) -> list[str]:
    """Every word that some list holds."""
    words = {*of_cues, *WORD_CLASS, *COUNTED_AS, *KNOWN_OPENINGS, *lists.DATE_WORDS, *lists.MONEY, *lists.PERCENT} | {
        *BEFORE_SENTENCE,
        *BEFORE_IS,
        *_ASKED,
        "the",
    }.union(*_SETS)
    # lists of neighbours hold "", which stands for none
    return sorted(words - {""})


def _facts_of_word(word: str) -> int:
    """Facts that a lower-case word has as a token or as a token's stem, and what else the kernel asks of it."""
    if word in (NAME, MENTION):
        return 0
    asked = Facts.THE | Facts.CLASSED | Facts.DATED | Facts.KNOWN | Facts.OPENING | Facts.YIELDING | Facts.STOP
    facts = facts_of(word)[0] & (asked | Facts.OPENS)
    facts |= _FUNCTION if word in FUNCTION_WORDS else 0
    facts |= _CUE if cue_openings().get(word) else 0
    facts |= _BEFORE_IS if word in BEFORE_IS else 0
    return facts | (_ASK if word in _ASKED else 0)


@cache
def _masks() -> dict[str, int]:
    masks: dict[str, int] = {}
    for bit, words in enumerate(_SETS, start=len(_FORMS)):
        for word in words:
            masks[word] = masks.get(word, 0) | 1 << bit
    return masks


def _sets_of(word: str) -> int:
    by_form = sum(1 << bit for bit, holds in enumerate(_FORMS) if holds(word))
    return by_form | _masks().get(word, 0)


class _Trie:
    """The trie of cues with its nodes numbered."""

    def __init__(self) -> None:
        self._entries = {entry: number for number, entry in enumerate(load_lexicon())}
        self._edges: list[tuple[int, str, int]] = []
        self._readings: list[int] = []
        self.roots = {word: self._number(node) for word, node in cue_trie().items()}
        self.words = {word for _, word, _ in self._edges} | self.roots.keys()

    def _number(self, node: dict[str, Any]) -> int:
        number = len(self._readings) // 2
        reading = node.get(END)
        self._readings += [-1, -1] if reading is None else map(self._entry, (reading.as_verb, reading.as_other))
        for word, deeper in node.items():
            if word != END:
                self._edges.append((number, word, self._number(deeper)))
        return number

    def _entry(self, entry: Entry | None) -> int:
        return -1 if entry is None else self._entries[entry]

    def tables(self, numbers: dict[str, int]) -> tuple[bytes | int, ...]:
        """Edges, readings and entries, each with how many there are."""
        edges = [number for start, word, end in self._edges for number in (start, numbers[word], end)]
        entries = [number for entry in self._entries for number in _entry_numbers(entry)]
        return (
            _int32(edges),
            len(self._edges),
            _int32(self._readings),
            len(self._readings) // 2,
            _int32(entries),
            len(self._entries),
        )


def _entry_numbers(entry: Entry) -> tuple[int, ...]:
    flags = (
        *(entry.pos == pos for pos in ("verb", "noun", "adjective")),
        *(entry.group in groups for groups in _ENTRY_GROUPS),
        entry.entry in lists.NEGATING_ENTRIES,
        entry.entry in NO_OBJECTION,
        entry.entry.startswith("it is "),
    )
    form = _CONTEXTS.index(scan.FORMS[entry.pos])
    column = feature_index()[f"lex_{entry.group}"]
    return entry.polarity, entry.strength, form, column, sum(1 << bit for bit, holds in enumerate(flags) if holds)


def _int32(numbers: Iterable[int]) -> bytes:
    return np.fromiter(numbers, np.int32).tobytes()
