"""Who holds the position in each sentence of an article."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from stancekit.analysis import _actor_words as words
from stancekit.analysis import _frames as frames
from stancekit.analysis._actors import EXPERT, OFFICIAL, ORGANISATION, PARTY, Actor, may_open_a_name, read
from stancekit.analysis._candidates import Candidate, Clauses, of_actor, phrases
from stancekit.analysis._choice import best, shipped_weights
from stancekit.analysis._memory import Memory, home
from stancekit.analysis._tokens import QUOTATION, Pieces, Token, tokens
from stancekit.analysis._turns import Turns
from stancekit.analysis.article import OFFICIAL_TYPES, Entity, Mention
from stancekit.analysis.gazetteer import Gazetteer
from stancekit.analysis.quotations import quotations

Bounds = tuple[int, int]
Choose = Callable[[int, Sequence[Candidate]], Candidate]
"""Where a sentence begins, and its candidates, to the one that is its actor."""


@dataclass(frozen=True)
class Speaker:
    """Who takes the position in a sentence.

    Attributes
    ----------
    name : str
        The fullest that the article has.
    start, end : int or None
        The mention in the sentence, or in an earlier one, that names it; None for the document's speaker.
    entity : Entity or None
        The state or organisation that it speaks for.
    actor_type : str
        As in the codebook; empty where it cannot be told.
    """

    name: str
    start: int | None
    end: int | None
    entity: Entity | None
    actor_type: str


def speakers(
    text: str,
    bounds: Sequence[Bounds],
    mentions: Sequence[Mention],
    speaker: str = "",
    gazetteer: Gazetteer | None = None,
    *,
    title: str = "",
    on: date | None = None,
    choose: Choose | None = None,
) -> list[Speaker | None]:
    """For each sentence who holds the position in it, whether or not it holds one.

    Rules find the candidates of a sentence, and a linear model chooses one of them, or nobody
    (``docs/decisions/0018-sentences-and-speakers.md``). A joint actor (*the two sides*) has no entity; its name
    holds both states.

    Parameters
    ----------
    text : str
    bounds : sequence of (int, int)
        The sentences, as :func:`stancekit.analysis.sentences.sentences` gives them.
    mentions : sequence of Mention
        What the gazetteer found in `text`, in order.
    speaker : str, optional
        Who speaks in the document, such as ``Foreign Ministry of Chile``.
    gazetteer : Gazetteer, optional
        Says for whom `speaker` speaks. The default one if not given.
    title : str, optional
        The first state in it is the one whose ministries the text names without saying so, unless a dateline does.
    on : datetime.date, optional
        Decides which state an old name in `speaker` or `title` means.
    choose : callable, optional
        Chooses in the place of the package's model, which training does.

    Returns
    -------
    list of Speaker or None
        One for each sentence.
    """
    gazetteer = gazetteer or Gazetteer.default()
    document = document_speaker(speaker, gazetteer, on)
    return _Article(text, bounds, mentions, document, gazetteer.mentions(title, on), choose).speakers()


def document_speaker(speaker: str, gazetteer: Gazetteer, on: date | None = None) -> Speaker | None:
    """The speaker whom the document itself names; None if it names none."""
    if not speaker.strip():
        return None
    entities = {mention.entity: None for mention in gazetteer.mentions(speaker, on) if mention.entity is not None}
    entity = gazetteer.entity(speaker, on) or (next(iter(entities)) if len(entities) == 1 else None)
    bare = {word.strip(",.").lower() for word in speaker.split()}
    if bare & words.EXPERTS and not bare & words.OFFICIALS:
        return Speaker(speaker, None, None, None, EXPERT)
    if entity is not None and entity.kind == "organisation":
        return Speaker(speaker, None, None, entity, ORGANISATION)
    if entity is None and bare & (words.PARTIES - words.OFFICIALS):
        return Speaker(speaker, None, None, None, PARTY)
    return Speaker(speaker, None, None, entity, OFFICIAL if entity or bare & words.OFFICIALS else "")


def actor_entities(speaker: Speaker | None, gazetteer: Gazetteer, on: date | None = None) -> tuple[Entity, ...]:
    """The entity that an actor speaks for; of an official one that is several at once, all that its name has."""
    if speaker is None:
        return ()
    if speaker.entity is not None or speaker.actor_type not in OFFICIAL_TYPES:
        return () if speaker.entity is None else (speaker.entity,)
    named = (each.entity for each in gazetteer.mentions(speaker.name, on))
    found = tuple(dict.fromkeys(entity for entity in named if entity is not None))
    return found if len(found) > 1 else ()


@dataclass(frozen=True)
class _Sentence:
    start: int
    end: int
    tokens: list[Token]
    quotations: range
    """Which of the article's quotations touch it."""

    @property
    def wholly_quoted(self) -> bool:
        return all(token.text == QUOTATION or not token.text[0].isalnum() for token in self.tokens)


class _Article:
    """The state of one pass over an article."""

    def __init__(
        self,
        text: str,
        bounds: Sequence[Bounds],
        mentions: Sequence[Mention],
        document: Speaker | None,
        title: Sequence[Mention],
        choose: Choose | None = None,
    ) -> None:
        self._choose = choose or _best
        self._text = text
        self._document = _as_actor(document) if document is not None else None
        quoted = quotations(text)
        self._mentions = mentions
        self._named = named = Pieces([(each.start, each.end) for each in mentions])
        marks = Pieces(quoted)
        self._sentences = [
            _Sentence(
                start,
                end,
                tokens(text, start, end, [mentions[i] for i in named.within(start, end)], [quoted[i] for i in inside]),
                inside,
            )
            for start, end in bounds
            for inside in [marks.within(start, end)]
        ]
        if self._document is None:
            self._document = _joint([sentence.tokens for sentence in self._sentences])
        self._memory = Memory(home(text, mentions, title), self._document, _organisations(mentions))
        for sentence in self._sentences:
            self._introduce(sentence.tokens)

    def _introduce(self, sentence: Sequence[Token]) -> None:
        """Meets the people whom the sentence names, whatever their part in it."""
        at = 0
        while at < len(sentence):
            phrase = read(sentence, at, self._text) if may_open_a_name(sentence, at) else None
            if phrase is not None and phrase.actor.named:
                self._memory.introduce(phrase.actor)
                at = phrase.after
            else:
                at += 1

    def speakers(self) -> list[Speaker | None]:
        turns = Turns(self._document, self._of_label)
        found: list[Actor | None] = []
        sources: dict[int, Actor] = {}
        for sentence in self._sentences:
            turns.enter(self._text, sentence.start, sentence.end)
            actor = self._actor(sentence, turns)
            if actor is not None:
                self._memory.remember(actor)
                sources.update(dict.fromkeys(sentence.quotations, actor))
            found.append(actor)
        return [as_speaker(actor) for actor in self._of_quotations(found, sources)]

    def _actor(self, sentence: _Sentence, turns: Turns) -> Actor | None:
        if sentence.wholly_quoted:
            return None
        candidates = list(self._candidates(turns.without_label(sentence.tokens), turns))
        return self._choose(sentence.start, candidates).actor

    def _candidates(self, sentence: Sequence[Token], turns: Turns) -> Iterator[Candidate]:
        """Nobody, the document's speaker or the actor of the sentence before, and all whom the sentence names."""
        clauses = Clauses(sentence, self._text)
        before = self._memory.last
        yield Candidate(None, clauses.about("nobody"))
        if turns.speaker is not None:
            yield Candidate(turns.speaker, clauses.about("the document"))
        elif before is not None and not turns.question:
            yield Candidate(before, clauses.about("the actor before"))
        place = frames.place(sentence)
        subject: Actor | None = None
        for at, phrase in phrases(sentence, self._text):
            actor = self._resolved(phrase.actor, subject, turns.speaker, place)
            if actor is None or not clauses.names_an_actor(at):
                continue
            if subject is None and clauses.subject is not None and clauses.subject.start == phrase.actor.start:
                subject = actor
            whose = of_actor(phrase.actor, actor, before, turns.speaker, self._memory.home)
            yield Candidate(actor, (*clauses.around(at, phrase), *whose))

    def _resolved(
        self, actor: Actor, subject: Actor | None, first_person: Actor | None, place: Entity | None
    ) -> Actor | None:
        """Whom a phrase means, whose *he* or *its* can point to the subject of its sentence."""
        if subject is not None and actor.head in {"he", "she"} and subject.person:
            return subject
        if subject is not None and actor.needs == "possessor" and subject.entity is not None:
            actor = replace(actor, entity=subject.entity, needs="")
        return self._memory.resolve(actor, first_person, place)

    def _of_label(self, start: int, end: int) -> Actor | None:
        label = tokens(self._text, start, end, [self._mentions[i] for i in self._named.within(start, end)], [])
        phrase = read(label, 0, self._text)
        return None if phrase is None else self._memory.resolve(phrase.actor, None)

    def _of_quotations(self, found: Sequence[Actor | None], sources: dict[int, Actor]) -> Iterator[Actor | None]:
        """Gives every sentence of a quotation, and one that only goes on quoting, to the source."""
        before: Actor | None = None
        for sentence, actor in zip(self._sentences, found, strict=True):
            if actor is None and sentence.wholly_quoted and sentence.quotations:
                actor = sources.get(sentence.quotations[0]) or before
            before = actor
            yield actor


def _joint(article: Sequence[Sequence[Token]]) -> Actor | None:
    """The two whose sides a communiqué tells apart: *the Greek side*, *the Polish side*."""
    sides: dict[str, None] = {}
    for sentence in article:
        for token, following in pairwise(sentence):
            if following.word == "side" and token.mention is not None and token.mention.entity is not None:
                sides.setdefault(token.mention.entity.name)
    return Actor(" and ".join(sides), -1, -1, actor_type=OFFICIAL, plural=True) if len(sides) == 2 else None


def _organisations(mentions: Sequence[Mention]) -> list[Entity]:
    entities = (each.entity for each in mentions if each.entity is not None and each.entity.kind == "organisation")
    return list(dict.fromkeys(entities))


def _best(start: int, candidates: Sequence[Candidate]) -> Candidate:
    return best(candidates, shipped_weights())


def _as_actor(speaker: Speaker) -> Actor:
    return Actor(speaker.name, -1, -1, speaker.entity, speaker.actor_type, plural=True)


def as_speaker(actor: Actor | None) -> Speaker | None:
    """An actor as users see it."""
    if actor is None:
        return None
    if actor.start < 0:
        return Speaker(actor.name, None, None, actor.entity, actor.actor_type)
    return Speaker(actor.name, actor.start, actor.end, actor.entity, actor.actor_type)
