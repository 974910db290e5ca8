"""Diplomatic cues read in context, and the feature matrix made from them (standard library and numpy only)."""

from __future__ import annotations

# ruff: noqa: SIM905 - lists of words are read and edited as prose, not as columns of quotation marks
import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stancekit.features._cue_lexicon import END, Entry, Reading, cue_trie
from stancekit.features._cue_table import CONTEXTS, FEATURE_NAMES, FEATURE_TABLE, SUM_CAP
from stancekit.features._cue_tokens import NAME, spans_of, words_of
from stancekit.features._cue_words import (
    COUNTED_AS,
    DATE_WORDS,
    INTENSIFIERS,
    MONEY,
    NEGATING_ENTRIES,
    PERCENT,
    QUESTION_OPENINGS,
    RESOLUTION_OPENINGS,
    WORD_CLASS,
    Word,
)
from stancekit.text import as_texts, normalise

_INDEX = {name: column for column, name in enumerate(FEATURE_NAMES)}

NEGATION_REACH = 5
"""Words after a negator that it still negates, unless punctuation or a contrast comes first."""
MODAL_REACH = 6
COMBAT_REACH = 4
CALL_REACH = 18

_DAMPING = {
    "conceded": 0.35,
    "before_contrast": 0.5,
    "after_contrast": 1.3,
    "relative": 0.7,
    "conditional": 0.6,
    "under_concern": 0.6,
    "under_endorsement": 0.6,
}
_NOT_MAIN = frozenset(["conceded", "before_contrast", "relative", "conditional", "embedded", "negated", "hedged"])
_SUBJECTS = {
    Word.FIRST_SINGULAR: "first_person",
    Word.FIRST_PLURAL: "first_person",
    Word.FIRST_POSSESSIVE: "first_person",
    Word.PRONOUN: "pronoun",
    Word.IMPERSONAL: "impersonal",
    Word.ACTOR: "actor",
}
_COMBATABLE = frozenset(["wrong", "harm", "failure", "worry", "warn", "threaten", "criticise", "oppose"])
_FORMS = {"noun": "noun", "adjective": "quality", "adverb": "quality", "phrase": "phrase", "verb": "verb"}
# A noun reading is taken after these; a verb reading otherwise.
_BEFORE_NOUN = frozenset([Word.DETERMINER, Word.FIRST_POSSESSIVE])
_NOUN_PREPOSITIONS = frozenset("of in with for on under from by as his her its their no".split())


_RARELY_VERBS = frozenset(["back", "like", "value", "second", "free", "fault", "favour", "favor", "trust", "wish"])
_BEFORE_VERB = frozenset(["to", "not", "also", "", "fully", "strongly", "firmly", "and", ","])
_VERB_SUBJECTS = frozenset(
    [
        Word.HEDGE,
        Word.OBLIGATION,
        Word.FUTURE,
        Word.FIRST_SINGULAR,
        Word.FIRST_PLURAL,
        Word.PRONOUN,
        Word.ACTOR,
        Word.RELATIVE,
        Word.CAUSE,
    ]
)
_AFTER_CONCERNED = frozenset("about at by over that to for".split())


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


class _Found:
    """A cue while it is being read."""

    __slots__ = ("contexts", "entry", "first", "last", "polarity", "weight")

    def __init__(self, entry: Entry, first: int, last: int, contexts: list[str]) -> None:
        self.entry = entry
        self.first = first
        self.last = last
        self.contexts = contexts
        self.polarity = entry.polarity
        self.weight = float(entry.strength)


class _Scan:
    """One pass over the words of a text: cues, and counts of what surrounds them."""

    def __init__(self, words: Sequence[str], definite: Collection[int] = ()) -> None:
        self.words = words
        self.definite = definite
        self.cues: list[_Found] = []
        self.counts: dict[str, float] = {}
        self._read()
        self._settle()

    def _add(self, name: str, amount: float = 1.0) -> None:
        self.counts[name] = self.counts.get(name, 0.0) + amount

    def _read(self) -> None:
        """Walk the words once, keeping track of clause, subject, negation, modality and quotation."""
        words, classes, counted, trie, add = self.words, WORD_CLASS, COUNTED_AS, cue_trie(), self._add
        subject = "no_subject"
        clause: str | None = None
        clause_start = 0
        negated_until = modal_until = combat_until = -1
        negations = 0
        modal = ""
        quoted = reported = embedded = not_only = False
        governor = 0
        cue_end = subject_at = -1
        for i, word in enumerate(words):
            kind = classes.get(word)
            if word in counted:
                add(counted[word])
            node = trie.get(word) if i >= cue_end else None
            if node is not None:
                found = self._longest(node, i)
                if found:
                    entry, cue_end = found
                    contexts = [subject, _FORMS[entry.pos]]
                    if clause:
                        contexts.append(clause)
                    if embedded:
                        contexts.append("embedded")
                    if quoted:
                        contexts.append("quoted")
                    if reported:
                        contexts.append("reported")
                    if i <= modal_until:
                        contexts.append(modal)
                    if i <= negated_until:
                        contexts.append("negated" if negations % 2 else "doubly_negated")
                    if i <= combat_until and entry.group in _COMBATABLE:
                        contexts.append("combated")
                    if entry.pos == "verb" and i and word.endswith("ed") and classes.get(words[i - 1]) is Word.BE:
                        contexts.append("passive")
                    if i and words[i - 1] in INTENSIFIERS:
                        contexts.append("intensified")
                    if entry.pos == "verb":
                        if word.endswith("ed"):
                            contexts.append("past")
                        elif not word.endswith("ing"):
                            contexts.append("present")
                    if i < 4:
                        contexts.append("opening")
                    if subject == "impersonal" and entry.pos == "adjective" and i - subject_at < 5:
                        add("evaluative_it")
                    if governor:
                        contexts.append("under_concern" if governor < 0 else "under_endorsement")
                    self.cues.append(_Found(entry, i, cue_end, contexts))
                    if entry.entry in NEGATING_ENTRIES:
                        negations = negations + 1 if i <= negated_until else 1
                        negated_until = cue_end - 1 + NEGATION_REACH
                    if entry.polarity and entry.strength > 1 and entry.pos != "noun" and entry.group != "call":
                        governor = governor or entry.polarity
            if kind is None:
                if word == NAME:
                    add("names")
                    if subject in ("no_subject", "pronoun", "impersonal", "actor"):
                        subject = "actor"
                elif word[0].isdigit():
                    self._number(word)
                elif word in DATE_WORDS:
                    add("dates")
                elif word[0] == "h" and word.startswith("http"):
                    add("link")
                if word in MONEY:
                    add("money")
                if word in PERCENT:
                    add("percent")
                continue
            if kind is Word.COMMA or kind is Word.STOP:
                negated_until = combat_until = -1
                negations = 0
                governor = 0
                if kind is Word.STOP:
                    clause = None if clause != "after_contrast" else clause
                    subject = "no_subject"
                    embedded = False
                    modal_until = -1
                    if word == "?" or word == "!":
                        add("question" if word == "?" else "exclamation")
                else:
                    add("commas")
                    if clause in ("conceded", "conditional", "relative") and i - clause_start > 3:
                        clause = None
                        subject = "no_subject"
            elif kind in _SUBJECTS:
                role = _SUBJECTS[kind]
                if role == "first_person":
                    add("i" if kind is Word.FIRST_SINGULAR else "we" if kind is Word.FIRST_PLURAL else "our")
                    if i == 0 or kind is not Word.FIRST_POSSESSIVE or subject == "no_subject":
                        subject = role
                elif role == "actor":
                    add("institutions")
                    if subject == "no_subject":
                        subject = role
                else:
                    add("pronouns" if role == "pronoun" else "impersonal")
                    if word not in ("his", "their", "her", "him", "them", "this"):
                        subject, subject_at = role, i
            elif i < cue_end and kind is not Word.SAYING and kind is not Word.OBLIGATION and kind is not Word.FUTURE:
                # Inside a set phrase: its negation and contrast belong to the phrase.
                continue
            elif kind is Word.NEGATOR:
                following = words[i + 1] if i + 1 < len(words) else ""
                if word == "not" and following in ("only", "merely", "just", "least"):
                    not_only = True
                    continue
                if word == "no" and following in ("doubt", "less"):
                    continue
                add("negators")
                negations = negations + 1 if i <= negated_until else 1
                negated_until = i + NEGATION_REACH
            elif kind is Word.CONTRAST:
                self._contrast(word, i, not_only)
                if not_only:
                    not_only = False
                elif self._is_contrast(word, i):
                    clause, clause_start = "after_contrast", i
                    negated_until = -1
                    governor = 0
                    subject = "no_subject" if word == "but" else subject
            elif kind is Word.CONCESSION:
                add("concession")
                clause, clause_start = "conceded", i
                subject = "no_subject"
                negated_until = -1
                governor = 0
            elif kind is Word.CONDITION:
                if word != "whether":
                    add("condition")
                clause, clause_start = "conditional", i
                subject = "no_subject"
            elif kind is Word.RELATIVE:
                if i:
                    clause, clause_start = "relative", i
                    negated_until = -1
                    governor = 0
            elif kind is Word.THAT:
                embedded = True
                negated_until = -1
                governor = 0
                subject = "no_subject" if reported else subject
            elif kind is Word.HEDGE or kind is Word.OBLIGATION or kind is Word.FUTURE:
                following = words[i + 1] if i + 1 < len(words) else ""
                if following == "not":
                    add("cannot")
                elif following == "have" and kind is not Word.FUTURE:
                    add("counterfactual")
                name = "hedged" if kind is Word.HEDGE else "obliged" if kind is Word.OBLIGATION else "future"
                add({"hedged": "hedge", "obliged": "obligation"}.get(name, name))
                modal, modal_until = name, i + MODAL_REACH
                if subject == "first_person" and kind is not Word.HEDGE:
                    add("first_person_obligation" if kind is Word.OBLIGATION else "first_person_future")
            elif kind is Word.SAYING:
                add("saying")
                reported = True
                if i >= len(words) - 7:
                    add("saying_last")
            elif kind is Word.COMBAT:
                combat_until = i + COMBAT_REACH
            elif kind is Word.BE:
                add("past_be" if word in ("was", "were", "been") else "present_be" if word in ("is", "are") else "be")
                if i + 1 < len(words) and words[i + 1].endswith("ed"):
                    add("passive")
            elif kind is Word.QUOTE:
                quoted = not quoted
                add("quotation")
            elif kind is Word.WAVER and i <= negated_until:
                negations += 1
                negated_until = i + NEGATION_REACH

    def _longest(self, node: dict, i: int) -> tuple[Entry, int] | None:  # type: ignore[type-arg]
        """The longest cue that starts at word ``i`` and the word after it."""
        words = self.words
        j, size = i + 1, len(words)
        best: Reading | None = node.get(END)
        end = j
        while j < size and (deeper := node.get(words[j])) is not None:
            node = deeper
            j += 1
            if END in node:
                best, end = node[END], j
        if best is None:
            return None
        verb, other = best.as_verb, best.as_other
        if verb is None or other is None:
            entry = verb or other
        elif end == i + 1:
            before = words[i - 1] if i else ""
            is_noun = i in self.definite or WORD_CLASS.get(before) in _BEFORE_NOUN or before in _NOUN_PREPOSITIONS
            entry = other if is_noun else verb
        else:
            entry = verb
        if entry is None or (end == i + 1 and self._is_misread(entry, i)):
            return None
        return entry, end

    def _is_misread(self, entry: Entry, i: int) -> bool:
        """Whether a word only looks like the cue: a noun like the verb, "the parties concerned", "like those"."""
        word, before = self.words[i], self.words[i - 1] if i else ""
        if entry.pos == "verb" and i and not word.endswith(("ed", "ing")):
            if word in _RARELY_VERBS:
                return before not in _BEFORE_VERB and before != NAME and WORD_CLASS.get(before) not in _VERB_SUBJECTS
            return i in self.definite or WORD_CLASS.get(before) in _BEFORE_NOUN or before in _NOUN_PREPOSITIONS
        if word == "concerned":
            following = self.words[i + 1] if i + 1 < len(self.words) else ""
            if following in _AFTER_CONCERNED:
                return False
            return bool(before) and WORD_CLASS.get(before) is not Word.BE and before not in INTENSIFIERS
        return False

    def _is_contrast(self, word: str, i: int) -> bool:
        """Whether an ambiguous word contrasts: "yet" and "rather" only where a clause begins."""
        if word in ("yet", "rather"):
            return i == 0 or self.words[i - 1] in ",;.-"
        if word == "but":
            return i == 0 or self.words[i - 1] not in ("all", "nothing", "anything", "choice", "cannot", "not")
        return True

    def _contrast(self, word: str, i: int, not_only: bool) -> None:
        if not_only or not self._is_contrast(word, i):
            return
        self._add("contrast")
        if word == "but" or (i and self.words[i - 1] in ";."):
            for cue in reversed(self.cues):
                if "before_contrast" in cue.contexts or "after_contrast" in cue.contexts:
                    break
                cue.contexts.append("before_contrast")

    def _number(self, word: str) -> None:
        is_year = len(word) == 4 and word.isdigit() and "1900" <= word <= "2100"
        self._add("years" if is_year else "numbers")

    def _settle(self) -> None:
        """Read negation and calls through, and weigh each cue."""
        asks = bool(self.counts.get("question"))
        cues = self.cues
        for place, cue in enumerate(cues):
            contexts, entry = cue.contexts, cue.entry
            if entry.group == "call":
                cue.polarity = self._call(place)
            elif "combated" in contexts and cue.polarity < 0:
                cue.polarity = 0
                self._add("wrong_combated", cue.weight)
            elif "negated" in contexts:
                cue.polarity = -1 if cue.polarity > 0 else 0
            if entry.strength == 3:
                contexts.append("strong")
            elif entry.strength == 1:
                contexts.append("weak")
            if asks:
                contexts.append("question")
            for context in contexts:
                cue.weight *= _DAMPING.get(context, 1.0)
            if _NOT_MAIN.isdisjoint(contexts):
                contexts.append("main")

    def _call(self, place: int) -> int:
        """The polarity of a call by what follows it: all sides alike, an end to something, or an outcome."""
        cues = self.cues
        start = cues[place].first
        for cue in cues[place + 1 : place + 1 + CALL_REACH]:
            if cue.first > start + CALL_REACH:
                break
            if cue.entry.group == "balance":
                self._add("call_all_sides")
                return 0
            if cue.entry.group == "demand":
                self._add("call_stop")
                return -1
        self._add("call_outcome")
        return 1


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
    for found in _Scan(words, definite).cues:
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
_LENGTHS = ((12, "short"), (22, "medium"), (35, "long"))


def _row(text: str, index: dict[str, int]) -> list[float]:
    words, _, definite = words_of(normalise(text))
    scan = _Scan(words, definite)
    row = [0.0] * len(index)
    for name, amount in scan.counts.items():
        if name in index:
            row[index[name]] += amount
    sums = {1: 0.0, -1: 0.0, 0: 0.0}
    stanced = []
    for cue in scan.cues:
        sums[cue.polarity] += cue.weight
        polarity = cue.polarity or (cue.entry.polarity if "negated" in cue.contexts else 0)
        if cue.polarity == cue.entry.polarity or cue.entry.group == "call":
            row[index["lex_" + cue.entry.group]] += cue.weight
        if polarity:
            # A negation is named by what it turns ("does not oppose" is concern_negated), the rest by what it becomes.
            name = _POLARITY[cue.entry.polarity if "negated" in cue.contexts and cue.entry.polarity else polarity]
            for context in cue.contexts:
                if context in CONTEXTS:
                    row[index[f"{name}_{context}"]] += cue.weight
        if cue.polarity:
            stanced.append(cue)
    _balance(row, index, sums, stanced, len(scan.cues))
    _opening(row, index, words, bool(stanced), scan)
    return row


def _balance(row: list[float], index: dict[str, int], sums: dict[int, float], stanced: list[_Found], cues: int) -> None:
    endorsement, concern = sums[1], sums[-1]
    row[index["score_endorsement"]] = math.tanh(endorsement / 6)
    row[index["score_concern"]] = math.tanh(concern / 6)
    row[index["score_neutral"]] = math.tanh(sums[0] / 6)
    row[index["margin"]] = (endorsement - concern) / (endorsement + concern + 1.0)
    row[index["no_cue"]] = float(not cues)
    if not stanced:
        row[index["no_stance"]] = 1.0
        return
    both = endorsement > 0 and concern > 0
    row[index["mixed" if both else "only_endorsement" if endorsement else "only_concern"]] = 1.0
    strongest = max(stanced, key=lambda cue: cue.weight)
    for place, cue in (("first", stanced[0]), ("last", stanced[-1]), ("strongest", strongest)):
        row[index[f"{place}_{_POLARITY[cue.polarity]}"]] = 1.0
    strong = {cue.polarity for cue in stanced if cue.weight >= 2.5}
    if len(strong) == 1:
        row[index[f"strong_{_POLARITY[strong.pop()]}_only"]] = 1.0
    row[index["weak_only"]] = float(all(cue.entry.strength == 1 for cue in stanced))
    row[index["early_stance"]] = float(stanced[0].first < 6)


def _opening(row: list[float], index: dict[str, int], words: list[str], has_stance: bool, scan: _Scan) -> None:
    size = len(words)
    length = next((name for limit, name in _LENGTHS if size <= limit), "very_long")
    row[index[length]] = 1.0
    if not words:
        return
    first = words[0]
    kind = WORD_CLASS.get(first)
    if kind in (Word.FIRST_SINGULAR, Word.FIRST_PLURAL, Word.FIRST_POSSESSIVE):
        row[index["opens_first_person"]] = 1.0
    row[index["opens_name"]] = float(first == NAME)
    row[index["opens_resolution"]] = float(first in RESOLUTION_OPENINGS)
    row[index["sides_speak"]] = float(any(w in ("sides", "parties", "ministers", "leaders") for w in words[:3]))
    row[index["question_real"]] = float("question" in scan.counts and first in QUESTION_OPENINGS and not has_stance)
    row[index["no_objection"]] = float(
        any(cue.entry.polarity < 0 and cue.polarity == 0 and "negated" in cue.contexts for cue in scan.cues)
        or any(cue.entry.entry in _NO_OBJECTION for cue in scan.cues)
    )


_NO_OBJECTION = frozenset(
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
    items = as_texts(texts)
    index = _INDEX
    matrix = np.empty((len(items), len(index)), dtype=np.float64)
    for position, text in enumerate(items):
        matrix[position] = _row(text, index)
    kinds = np.array([feature.kind for feature in FEATURE_TABLE])
    sums, flags = kinds == "sum", kinds == "flag"
    matrix[:, sums] = np.log1p(np.minimum(matrix[:, sums], SUM_CAP))
    matrix[:, flags] = matrix[:, flags] > 0
    return matrix
