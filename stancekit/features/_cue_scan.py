"""The one pass over the words of a text that finds cues and reads the context they stand in."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any, NamedTuple

from stancekit.features._cue_lexicon import END, Entry, Reading, cue_trie
from stancekit.features._cue_tokens import MENTION, NAME
from stancekit.features._cue_words import (
    COUNTED_AS,
    DATE_WORDS,
    INTENSIFIERS,
    MONEY,
    NEGATING_ENTRIES,
    PERCENT,
    WORD_CLASS,
    Word,
)
from stancekit.features._kept import Kept

# ruff: noqa: SIM905 - lists of words are read and edited as prose, not as columns of quotation marks

NEGATION_REACH = 5
"""Words after a negator that it still negates, unless punctuation or a contrast comes first."""
MODAL_REACH = 6
COMBAT_REACH = 4
CALL_REACH = 18

DAMPING = {
    "conceded": 0.35,
    "before_contrast": 0.5,
    "after_contrast": 1.3,
    "relative": 0.7,
    "conditional": 0.6,
    "under_concern": 0.6,
    "under_endorsement": 0.6,
}
NOT_MAIN = frozenset(["conceded", "before_contrast", "relative", "conditional", "embedded", "negated", "hedged"])
SUBJECT_PRONOUNS = frozenset(["he", "she", "they", "it", "there"])
_MODALITIES = {
    Word.HEDGE: ("hedge", "hedged"),
    Word.OBLIGATION: ("obligation", "obliged"),
    Word.FUTURE: ("future", "future"),
}
COMBATABLE = frozenset(["wrong", "harm", "failure", "worry", "warn", "threaten", "criticise", "oppose"])
FORMS = {"noun": "noun", "adjective": "quality", "adverb": "quality", "phrase": "phrase", "verb": "verb"}
# A noun reading is taken after these; a verb reading otherwise.
BEFORE_NOUN = frozenset([Word.DETERMINER, Word.FIRST_POSSESSIVE])
NOUN_PREPOSITIONS = frozenset("of in with for on under from by as his her its their no".split())


RARELY_VERBS = frozenset(["back", "like", "value", "second", "free", "fault", "favour", "favor", "trust", "wish"])
BEFORE_VERB = frozenset(["to", "not", "also", "", "fully", "strongly", "firmly", "and", ","])
VERB_SUBJECTS = frozenset(
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
AFTER_CONCERNED = frozenset("about at by over that to for".split())
NOT_ONLY = frozenset("only merely just least".split())
"""After "not" they announce an addition."""
NO_DOUBT = frozenset("doubt less".split())
"""After "no" they affirm."""
BEGINS_CLAUSE = frozenset(", ; . -".split())
"""After these "yet" and "rather" contrast."""
SENTENCE_BREAK = frozenset("; .".split())
BUT_FOR = frozenset("all nothing anything choice cannot not".split())
"""After these "but" means "except"."""
PAST_BE = frozenset("was were been".split())
PRESENT_BE = frozenset("is are".split())


class FoundCue:
    """A cue while it is being read."""

    __slots__ = ("contexts", "entry", "first", "last", "polarity", "weight")

    def __init__(self, entry: Entry, first: int, last: int, contexts: list[str]) -> None:
        self.entry = entry
        self.first = first
        self.last = last
        self.contexts = contexts
        self.polarity = entry.polarity
        self.weight = float(entry.strength)


class Scan:
    """Cues of a text in order, and counts of what surrounds them.

    Parameters
    ----------
    words : sequence of str
        As :func:`words_of` gives them.
    definite : collection of int
        Positions of the words that stood after "the".

    Attributes
    ----------
    cues : list of FoundCue
    counts : dict of str to float
        By the name of the feature that they feed.
    """

    __slots__ = (
        "_clause",
        "_clause_start",
        "_combat_until",
        "_cue_end",
        "_embedded",
        "_governor",
        "_modal",
        "_modal_until",
        "_negated_until",
        "_negations",
        "_not_only",
        "_quoted",
        "_reported",
        "_subject",
        "_subject_at",
        "counts",
        "cues",
        "definite",
        "words",
    )

    def __init__(self, words: Sequence[str], definite: Collection[int] = ()) -> None:
        self.words = words
        self.definite = definite
        self.cues: list[FoundCue] = []
        self.counts: dict[str, float] = {}
        self._subject = "no_subject"
        self._subject_at = self._negated_until = self._modal_until = self._combat_until = self._cue_end = -1
        self._clause: str | None = None
        self._clause_start = self._negations = self._governor = 0
        self._modal = ""
        self._quoted = self._reported = self._embedded = self._not_only = False
        self._read()
        self._settle()

    def _add(self, name: str, amount: float = 1.0) -> None:
        self.counts[name] = self.counts.get(name, 0.0) + amount

    def _read(self) -> None:
        for i, word in enumerate(self.words):
            known = _KNOWN[word]
            if known is None:
                continue
            counted, cues, kind, handler, always, names = known
            for name in counted:
                self._add(name)
            if cues is not None and i >= self._cue_end:
                found = self._longest(cues, i)
                if found:
                    self._cue(found[0], i, found[1])
            if handler is not None and (always or i >= self._cue_end):
                handler(self, word, i, kind)
            elif names and self._subject != "first_person":
                self._subject = "actor"

    def _next(self, i: int) -> str:
        return self.words[i + 1] if i + 1 < len(self.words) else ""

    def _cue(self, entry: Entry, i: int, end: int) -> None:
        """Note a cue with what is known of its context at this point."""
        judged = self._subject == "impersonal" and entry.pos == "adjective" and i - self._subject_at < 5
        if judged or entry.entry.startswith("it is "):
            self._add("evaluative_it")
        self.cues.append(FoundCue(entry, i, end, self._contexts(entry, i)))
        self._cue_end = end
        if entry.entry in NEGATING_ENTRIES:
            self._negate(i, end - 1)
        if entry.polarity and entry.strength > 1 and entry.pos != "noun":
            self._governor = self._governor or entry.polarity

    def _contexts(self, entry: Entry, i: int) -> list[str]:
        """The contexts of a cue that begins at word ``i``, as far as they show by now."""
        word, before = self.words[i], self.words[i - 1] if i else ""
        contexts = [self._subject, FORMS[entry.pos]]
        add = contexts.append
        if self._clause:
            add(self._clause)
        if i <= self._modal_until:
            add(self._modal)
        if i <= self._negated_until:
            add("negated" if self._negations % 2 else "doubly_negated")
        if self._governor:
            add("under_concern" if self._governor < 0 else "under_endorsement")
        if self._embedded:
            add("embedded")
        if self._quoted:
            add("quoted")
        if self._reported:
            add("reported")
        if i <= self._combat_until and entry.group in COMBATABLE:
            add("combated")
        if entry.pos == "verb":
            if word.endswith("ed"):
                if WORD_CLASS.get(before) is Word.BE:
                    add("passive")
                add("past")
            elif not word.endswith("ing"):
                add("present")
        if before in INTENSIFIERS:
            add("intensified")
        if i < 4:
            add("opening")
        return contexts

    def _negate(self, i: int, last: int) -> None:
        self._negations = self._negations + 1 if i <= self._negated_until else 1
        self._negated_until = last + NEGATION_REACH

    def _open(self, clause: str, i: int) -> None:
        """Begin a clause in which neither the negation nor the verb before it governs any more."""
        self._clause, self._clause_start = clause, i
        self._negated_until = -1
        self._governor = 0

    def _comma(self, word: str, i: int, kind: Word) -> None:
        self._negated_until = self._combat_until = -1
        self._negations = self._governor = 0
        self._add("commas")
        if self._clause in ("conceded", "conditional", "relative") and i - self._clause_start > 3:
            self._clause = None
            self._subject = "no_subject"

    def _stop(self, word: str, i: int, kind: Word) -> None:
        self._negated_until = self._combat_until = self._modal_until = -1
        self._negations = self._governor = 0
        if self._clause != "after_contrast":
            self._clause = None
        self._subject = "no_subject"
        self._embedded = False
        if word == "?" or word == "!":
            self._add("question" if word == "?" else "exclamation")

    def _first_person(self, word: str, i: int, kind: Word) -> None:
        self._add("i" if kind is Word.FIRST_SINGULAR else "we" if kind is Word.FIRST_PLURAL else "our")
        if kind is not Word.FIRST_POSSESSIVE or self._subject == "no_subject":
            self._subject = "first_person"

    def _actor(self, word: str, i: int, kind: Word) -> None:
        self._add("institutions")
        if self._subject == "no_subject":
            self._subject = "actor"

    def _third_person(self, word: str, i: int, kind: Word) -> None:
        role = "pronoun" if kind is Word.PRONOUN else "impersonal"
        self._add("pronouns" if kind is Word.PRONOUN else role)
        if word in SUBJECT_PRONOUNS:
            self._subject, self._subject_at = role, i

    def _negator(self, word: str, i: int, kind: Word) -> None:
        following = self._next(i)
        if word == "not" and following in NOT_ONLY:
            self._not_only = True
        elif not (word == "no" and following in NO_DOUBT):
            self._add("negators")
            if word == "nor":
                # "neither ... nor" denies twice; it does not affirm.
                self._negations = 0
            self._negate(i, i)

    def _contrast(self, word: str, i: int, kind: Word) -> None:
        if self._not_only:
            # "not only ... but also" adds; it does not contrast.
            self._not_only = False
            return
        if not self._is_contrast(word, i):
            return
        self._add("contrast")
        if word == "but" or (i and self.words[i - 1] in SENTENCE_BREAK):
            for cue in reversed(self.cues):
                if "before_contrast" in cue.contexts or "after_contrast" in cue.contexts:
                    break
                cue.contexts.append("before_contrast")
        self._open("after_contrast", i)
        if word == "but":
            self._subject = "no_subject"

    def _is_contrast(self, word: str, i: int) -> bool:
        """Whether an ambiguous word contrasts: "yet" and "rather" only where a clause begins."""
        if word in ("yet", "rather"):
            return i == 0 or self.words[i - 1] in BEGINS_CLAUSE
        if word == "but":
            return i == 0 or self.words[i - 1] not in BUT_FOR
        return True

    def _concession(self, word: str, i: int, kind: Word) -> None:
        self._add("concession")
        self._open("conceded", i)
        self._subject = "no_subject"

    def _condition(self, word: str, i: int, kind: Word) -> None:
        if word != "whether":
            self._add("condition")
        self._clause, self._clause_start = "conditional", i
        self._subject = "no_subject"

    def _relative(self, word: str, i: int, kind: Word) -> None:
        if i:
            self._open("relative", i)

    def _that(self, word: str, i: int, kind: Word) -> None:
        self._embedded = True
        self._negated_until = -1
        self._governor = 0
        if self._reported:
            self._subject = "no_subject"

    def _modality(self, word: str, i: int, kind: Word) -> None:
        following = self._next(i)
        if following == "not":
            self._add("cannot")
        elif following == "have" and kind is not Word.FUTURE:
            self._add("counterfactual")
        counted, self._modal = _MODALITIES[kind]
        self._modal_until = i + MODAL_REACH
        self._add(counted)
        if self._subject == "first_person" and kind is not Word.HEDGE:
            self._add("first_person_" + counted)

    def _saying(self, word: str, i: int, kind: Word) -> None:
        self._add("saying")
        self._reported = True
        if i >= len(self.words) - 7:
            self._add("saying_last")

    def _combat(self, word: str, i: int, kind: Word) -> None:
        self._combat_until = i + COMBAT_REACH

    def _be(self, word: str, i: int, kind: Word) -> None:
        if word in PAST_BE:
            self._add("past_be")
        elif word in PRESENT_BE:
            self._add("present_be")
        if self._next(i).endswith("ed"):
            self._add("passive")

    def _quote(self, word: str, i: int, kind: Word) -> None:
        self._quoted = not self._quoted
        self._add("quotation")

    def _waver(self, word: str, i: int, kind: Word) -> None:
        if i <= self._negated_until:
            self._negate(i, i)

    def _longest(self, node: dict[str, Any], i: int) -> tuple[Entry, int] | None:
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
            after_be = WORD_CLASS.get(before) is Word.BE and not self.words[i].endswith(("ed", "ing"))
            entry = other if after_be or self._stands_as_noun(i, before) else verb
        else:
            entry = verb
        if entry is None or (end == i + 1 and self._is_misread(entry, i)):
            return None
        return entry, end

    def _stands_as_noun(self, i: int, before: str) -> bool:
        return i in self.definite or WORD_CLASS.get(before) in BEFORE_NOUN or before in NOUN_PREPOSITIONS

    def _is_misread(self, entry: Entry, i: int) -> bool:
        """Whether a word only looks like the cue: a noun like the verb, "the parties concerned", "like those"."""
        word, before = self.words[i], self.words[i - 1] if i else ""
        if entry.pos == "verb" and i and not word.endswith(("ed", "ing")):
            if word in RARELY_VERBS:
                return before not in BEFORE_VERB and before != NAME and WORD_CLASS.get(before) not in VERB_SUBJECTS
            return self._stands_as_noun(i, before)
        if word == "concerned":
            following = self.words[i + 1] if i + 1 < len(self.words) else ""
            if following in AFTER_CONCERNED:
                return False
            return bool(before) and WORD_CLASS.get(before) is not Word.BE and before not in INTENSIFIERS
        return False

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
                if context in DAMPING:
                    cue.weight *= DAMPING[context]
            if NOT_MAIN.isdisjoint(contexts):
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


_HANDLERS = {
    Word.NEGATOR: Scan._negator,
    Word.CONTRAST: Scan._contrast,
    Word.CONCESSION: Scan._concession,
    Word.CONDITION: Scan._condition,
    Word.HEDGE: Scan._modality,
    Word.OBLIGATION: Scan._modality,
    Word.FUTURE: Scan._modality,
    Word.RELATIVE: Scan._relative,
    Word.THAT: Scan._that,
    Word.FIRST_SINGULAR: Scan._first_person,
    Word.FIRST_PLURAL: Scan._first_person,
    Word.FIRST_POSSESSIVE: Scan._first_person,
    Word.PRONOUN: Scan._third_person,
    Word.IMPERSONAL: Scan._third_person,
    Word.ACTOR: Scan._actor,
    Word.SAYING: Scan._saying,
    Word.COMBAT: Scan._combat,
    Word.BE: Scan._be,
    Word.COMMA: Scan._comma,
    Word.STOP: Scan._stop,
    Word.QUOTE: Scan._quote,
    Word.WAVER: Scan._waver,
}
# The negation, contrast and condition of a set phrase belong to the phrase; these are read in it all the same.
READ_INSIDE_PHRASES = frozenset(
    [
        Word.COMMA,
        Word.STOP,
        Word.FIRST_SINGULAR,
        Word.FIRST_PLURAL,
        Word.FIRST_POSSESSIVE,
        Word.PRONOUN,
        Word.IMPERSONAL,
        Word.ACTOR,
        Word.SAYING,
        Word.OBLIGATION,
        Word.FUTURE,
        Word.THAT,
    ]
)


class _Known(NamedTuple):
    """What the scan asks of a word wherever it stands."""

    counted: tuple[str, ...]
    """Features that count it."""
    cues: dict[str, Any] | None
    """The cues that begin with it, as a node of the trie."""
    kind: Word
    handler: Callable[[Scan, str, int, Word], None] | None
    always: bool
    """The handler reads it inside a set phrase too."""
    names: bool
    """It stands for a name."""


def _known(word: str) -> _Known | None:
    """None for a word that the scan passes over."""
    kind = WORD_CLASS.get(word, Word.OTHER)
    counted = [COUNTED_AS[word]] if word in COUNTED_AS else []
    if word not in WORD_CLASS:
        counted += content_counts(word)
    names = word in (NAME, MENTION)
    cues, handler = cue_trie().get(word), _HANDLERS.get(kind)
    if not counted and cues is None and handler is None and not names:
        return None
    return _Known(tuple(counted), cues, kind, handler, kind in READ_INSIDE_PHRASES, names)


_KNOWN = Kept(_known)


def content_counts(word: str) -> list[str]:
    """The features that count a name, number or other word that is in no class."""
    counts = []
    if word in (NAME, MENTION):
        counts.append("names" if word == NAME else "mention")
    elif word[0].isdigit():
        is_year = len(word) == 4 and word.isdigit() and "1900" <= word <= "2100"
        counts.append("years" if is_year else "numbers")
    elif word in DATE_WORDS:
        counts.append("dates")
    elif word.startswith("http"):
        counts.append("link")
    if word in MONEY:
        counts.append("money")
    if word in PERCENT:
        counts.append("percent")
    return counts
