"""Everyone a sentence may give as its actor, and the features that speak for and against each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from stancekit.analysis import _actor_words as words
from stancekit.analysis import _frames as frames
from stancekit.analysis._actors import PEOPLE, Actor, Phrase, read
from stancekit.analysis._phrases import is_role, is_verb
from stancekit.analysis._tokens import QUOTATION, Token
from stancekit.analysis.article import Entity

_REACH = 25
"""How many words behind a phrase its verb is looked for."""
_INSERTION_ENDS = frozenset({",", "—", "--", ")"})
_CLOSING = "closing verb"
_BESIDE = frozenset(["that", "by", "to", "of", "in", "from", "for", "and", "but"])
_MARKS = {QUOTATION: "quotation", ",": "comma", ":": "colon", ";": "semicolon"}


@dataclass(frozen=True)
class Candidate:
    """Somebody, or nobody, and the names of the features that hold."""

    actor: Actor | None
    features: tuple[str, ...]


def phrases(sentence: Sequence[Token], text: str) -> Iterator[tuple[int, Phrase]]:
    """The phrases of a sentence that name an actor, with where they begin."""
    covered = 0
    for at in range(len(sentence)):
        phrase = read(sentence, at, text) if _may_begin(sentence, at, covered) else None
        if phrase is not None:
            yield at, phrase
            covered = max(covered, phrase.after)


def _may_begin(sentence: Sequence[Token], at: int, covered: int) -> bool:
    token = sentence[at]
    if token.text == QUOTATION or not token.text[0].isalnum():
        return False
    if 0 < at < covered:
        before = sentence[at - 1]
        return before.word in words.PREPOSITIONS or before.word in {"and", "or"} or before.text == ","
    return (
        token.mention is not None
        or (token.text[0].isupper() and token.word not in words.OPENERS)
        or token.word in words.PRONOUNS
        or token.word in words.DETERMINERS
        or is_role(token.word)
        or token.word.endswith(PEOPLE)
    )


class Clauses:
    """What stands around the phrases of one sentence."""

    def __init__(self, sentence: Sequence[Token], text: str) -> None:
        self._tokens = sentence
        self._begins = frames.beginning(sentence)
        self._verbs = [is_verb(sentence, at) for at in range(len(sentence))]
        self._verbs_before = list(accumulate(self._verbs, initial=0))
        saying = (verb and token.word in words.SAYING for verb, token in zip(self._verbs, sentence, strict=True))
        self._saying_before = list(accumulate(saying, initial=0))
        reporting = (at for at in range(len(sentence)) if self._verbs[at] and self._verb(at) == _CLOSING)
        self._last_report = max(reporting, default=0)
        self.subject = frames.subject(sentence, text)
        self._strict_subject = frames.subject(sentence, text, strict=True)

    def names_an_actor(self, at: int) -> bool:
        """Whether a phrase there can be the actor: in a sentence without a verb, who does something is rarely told."""
        return self._verbs_before[-1] > 0 or self._left(at) in {"start", "by", "according to"}

    def about(self, who: str) -> tuple[str, ...]:
        """Features of one whom the sentence need not name."""
        held = {
            "quotation": any(token.text == QUOTATION for token in self._tokens),
            "first person": any(token.word in words.FIRST_PERSON for token in self._tokens),
            "turns": frames.turns_to_speaker(self._tokens),
        }
        return (who, *(f"{who}, {name}" for name, holds in held.items() if holds))

    def around(self, at: int, phrase: Phrase) -> Iterator[str]:
        """Features of a phrase's place."""
        start = phrase.actor.start
        yield "phrase"
        yield f"behind {self._left(at)}"
        right = self._right(phrase.after)
        yield f"before {right}"
        yield f"verbs {min(self._verbs_before[at], 2)}"
        if self._saying_before[at]:
            yield "reported"
        if phrase.after < self._last_report and right != _CLOSING:
            yield "reported by somebody behind"
        if self.subject is not None and self.subject.start == start:
            yield "subject"
        if self._strict_subject is not None and self._strict_subject.start == start:
            yield "subject that takes a stand"
        first = self._tokens[at].word
        if first in words.INDEFINITE:
            yield "indefinite"
        if first in words.NOBODY:
            yield "nobody in particular"

    def _left(self, at: int) -> str:
        if at <= self._begins:
            return "start"
        before = self._tokens[at - 1]
        word = before.word
        if word == "to" and at > 1 and self._tokens[at - 2].word == "according":
            return "according to"
        if word in _BESIDE:
            return word
        if not before.text[0].isalnum():
            return _MARKS.get(before.text, "mark")
        if self._verbs[at - 1]:
            return "reporting verb" if word in words.REPORTING else "verb"
        for name, vocabulary in _WORD_CLASSES:
            if word in vocabulary:
                return name
        return "other"

    def _right(self, after: int) -> str:
        at = after
        while at < len(self._tokens) and not self._verbs[at] and self._tokens[at].word in _PASSED_OVER:
            at += 1
        if at >= len(self._tokens):
            return "end"
        token = self._tokens[at]
        if self._verbs[at]:
            return self._verb(at)
        if token.word in words.RELATIVES or token.text in {",", "—", "--", "("}:
            for later in range(at + 1, min(at + _REACH, len(self._tokens))):
                if self._verbs[later] and self._tokens[later - 1].text in _INSERTION_ENDS:
                    return f"insertion, {self._verb(later)}"
            return "relative" if token.word in words.RELATIVES else "mark"
        if token.word in words.PREPOSITIONS:
            return "preposition"
        return "other" if token.text[0].isalnum() else _MARKS.get(token.text, "mark")

    def _verb(self, at: int) -> str:
        word = self._tokens[at].word
        if word in words.REPORTING and frames.closes(self._tokens, at + 1):
            return _CLOSING
        if word in words.SAYING:
            return "saying"
        if frames.takes_a_stand(self._tokens, at):
            return "stand"
        if word in words.BEING:
            following = self._tokens[at + 1 : at + 3]
            return "passive" if any(each.word.endswith("ed") for each in following) else "being"
        return "acting"


_WORD_CLASSES = (
    ("conjunction", words.CONJUNCTIONS),
    ("relative", words.RELATIVES | {"what"}),
    ("preposition", words.PREPOSITIONS),
    ("adverb", words.ADVERBS),
)
_PASSED_OVER = words.BEFORE_SAYING | words.ADVERBS


def of_actor(
    raw: Actor, actor: Actor, before: Actor | None, document: Actor | None, home: Entity | None
) -> Iterator[str]:
    """Features of whom a phrase names: as it stands, and as resolved.

    Parameters
    ----------
    before : Actor or None
        Of the sentence before.
    document : Actor or None
        Who speaks in the first person.
    home : Entity or None
        The state whose ministries the text names without saying so.
    """
    yield f"type {actor.actor_type or 'unknown'}"
    if raw.needs:
        yield f"needs {raw.needs}"
    if raw.head in words.PRONOUNS:
        yield f"pronoun {raw.head}"
    same = before is not None and (actor.name == before.name or (actor.entity or raw) == before.entity)
    held = {
        "linked": actor.entity is not None,
        "person": actor.person,
        "named": raw.named,
        "plural": raw.plural,
        "vague": raw.head in words.VAGUE,
        "position": raw.head in words.POSITIONS,
        "side": raw.head == "side",
        "pronoun": raw.head in words.PRONOUNS,
        "mine": raw.name.split()[0].lower() in {"my", "our"},
        "as before": same,
        "as the document": document is not None and actor.entity is not None and actor.entity == document.entity,
        "at home": home is not None and actor.entity == home,
    }
    yield from (name for name, holds in held.items() if holds)
