"""Where in a sentence its subject stands: rules over its tokens, each with a name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice, pairwise

from stancekit.analysis import _actor_words as words
from stancekit.analysis._actors import Actor, Phrase, read
from stancekit.analysis._phrases import is_verb
from stancekit.analysis._tokens import Token
from stancekit.analysis.article import Entity

_LONGEST_DATELINE = 9
_MOST_CLAUSES = 30


def closes(sentence: Sequence[Token], at: int) -> bool:
    """Whether a reporting clause ends behind its verb: *…, the official said on Monday*."""
    if at >= len(sentence):
        return True
    token = sentence[at]
    return not token.text[0].isalnum() or token.word in words.AFTER_SAYING


def subject(sentence: Sequence[Token], text: str, *, strict: bool = False) -> Actor | None:
    """The subject of the first clause that an actor is the subject of.

    Parameters
    ----------
    strict : bool
        Take only the subject of a verb of saying or of taking a stand: in a text in the first person a sentence
        about others is its speaker's.
    """
    for number, at in enumerate(islice(_beginnings(sentence), _MOST_CLAUSES)):
        phrase = read(sentence, at, text)
        if phrase is not None and _is_subject(sentence, phrase, strict=strict, first=number == 0):
            return _behind_vague(sentence, phrase, text) or phrase.actor
    return None


def beginning(sentence: Sequence[Token]) -> int:
    """Where a sentence begins, its dateline and adverbs left out."""
    at = _behind_dateline(sentence)
    while at < len(sentence) and (sentence[at].word in words.ADVERBS or not sentence[at].text[0].isalnum()):
        at += 1
    return at


def _beginnings(sentence: Sequence[Token]) -> Iterator[int]:
    """Where the subject can begin: behind what opens the sentence, then behind each comma."""
    at = beginning(sentence)
    if at < len(sentence) and sentence[at].word not in words.OPENERS:
        yield at
    elif (inside := _behind_place(sentence, at)) is not None:
        yield inside
    for comma in range(at, len(sentence) - 1):
        if sentence[comma].text in {",", ";", ":", "—", "--"}:
            behind = comma + 1
            while behind < len(sentence) and (
                sentence[behind].word in words.CONJUNCTIONS or sentence[behind].word in words.ADVERBS
            ):
                behind += 1
            yield behind
    if at < len(sentence) and sentence[at].word in words.OPENERS:
        yield from (inside for inside in range(at + 1, len(sentence)) if _may_open_clause(sentence[inside]))


def _behind_vague(sentence: Sequence[Token], phrase: Phrase, text: str) -> Actor | None:
    """*Diplomats said Paris wanted …*: whose position the vague source passes on."""
    if phrase.actor.head not in words.VAGUE or phrase.after + 1 >= len(sentence):
        return None
    at = phrase.after + 1 + (sentence[phrase.after + 1].word == "that")
    inner = read(sentence, at, text)
    if inner is None or inner.after >= len(sentence):
        return None
    verb = _verb_of(sentence, inner.after)
    return inner.actor if verb is not None and takes_a_stand(sentence, verb) else None


def _may_open_clause(token: Token) -> bool:
    return token.word in {"he", "she", "they", "it", "we", "i", "the"} or token.mention is not None


def place(sentence: Sequence[Token]) -> Entity | None:
    """The state of the place with which a sentence begins: *In London the Ministry of Food said*."""
    at = _behind_dateline(sentence)
    if at + 1 < len(sentence) and sentence[at].word in {"in", "at", "from"}:
        mention = sentence[at + 1].mention
        return None if mention is None else mention.entity
    return None


def turns_to_speaker(sentence: Sequence[Token]) -> bool:
    """Whether a clause behind another's is in the first person: *…, which we accept*."""
    return any(
        token.word in {"we", "i"} and (before.text == "," or before.word in {"which", "and", "but", "though"})
        for before, token in pairwise(sentence)
    )


def _behind_dateline(sentence: Sequence[Token]) -> int:
    for at, token in enumerate(sentence[:_LONGEST_DATELINE]):
        if token.text in words.DASHES and (at == 0 or sentence[0].text.isupper()):
            return at + 1
    return 0


def _behind_place(sentence: Sequence[Token], at: int) -> int | None:
    """*In London the Ministry of Food*: behind the place, if no comma is."""
    if at + 2 < len(sentence) and sentence[at].word in {"in", "at"}:
        behind = at + 2
        if sentence[at + 1].mention is not None or sentence[at + 1].text[0].isupper():
            follows = sentence[behind]
            if follows.word in words.DETERMINERS or follows.text[0].isupper() or follows.mention is not None:
                return behind
    return None


def _is_subject(sentence: Sequence[Token], phrase: Phrase, *, strict: bool, first: bool) -> bool:
    verb = _verb_of(sentence, phrase.after) if first else phrase.after
    if verb is None or verb >= len(sentence) or not is_verb(sentence, verb):
        return False
    if phrase.actor.needs == "author" and sentence[verb].word in words.BEING:
        return False
    if phrase.actor.head == "it":
        return takes_a_stand(sentence, verb)
    if strict and phrase.actor.head != "side":
        return (
            verb == phrase.after
            and phrase.actor.name.split()[0].lower() not in words.NOBODY
            and takes_a_stand(sentence, verb)
        )
    return True


def _verb_of(sentence: Sequence[Token], at: int) -> int | None:
    """The verb behind a subject, past its relative clauses and other insertions."""
    for position in range(at, len(sentence)):
        if is_verb(sentence, position):
            return position
    return None


def takes_a_stand(sentence: Sequence[Token], verb: int) -> bool:
    """Whether the verb, or the one that its auxiliary leads to, says or takes a position."""
    for position in range(verb, min(verb + 5, len(sentence))):
        word = sentence[position].word
        if word in words.SAYING or word in words.TAKING_A_STAND or word in words.STANDING or _is_going_on(word):
            return True
        if word not in words.NOTHING_BUT_BEING and word not in words.ADVERBS and word not in words.AUXILIARIES:
            return False
    return False


def _is_going_on(word: str) -> bool:
    """*is studying*, *is considering*."""
    stem = word.removesuffix("ing")
    return stem != word and any(base in words.SAYING or base in words.TAKING_A_STAND for base in (stem, stem + "e"))
