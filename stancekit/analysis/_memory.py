"""Whom an article has named so far, and whom *she*, *the ministry* or *its delegate* then mean."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import islice

from stancekit.analysis import _actor_words as words
from stancekit.analysis._actors import OFFICIAL, ORGANISATION, Actor
from stancekit.analysis.article import Entity, Mention

_REACH = 12
"""How many actors back a pronoun may point."""
_OF_A_STATE = {"island", "kingdom", "republic", "country", "nation", "capital"}
_OF_AN_ORGANISATION = {"bloc", "alliance", "organization", "organisation", "commission", "union", "bank", "agency"}
_DATELINE_LENGTH = 60


def home(text: str, mentions: Sequence[Mention], title: Sequence[Mention] = ()) -> Entity | None:
    """The state that a ministry without a name belongs to: the dateline's, the title's first, the one named most."""
    states = [each for each in mentions if each.entity is not None and each.entity.kind == "state"]
    dateline = text[:_DATELINE_LENGTH].split("--")[0].split("—")[0].split("\n")[0]
    for each in states:
        if each.end <= len(dateline) and dateline[: each.start].strip() == "" and each.text.isupper():
            return each.entity
    for each in title:
        if each.entity is not None and each.entity.kind == "state":
            return each.entity
    counts = Counter(each.entity for each in states)
    return counts.most_common(1)[0][0] if counts else None


class Memory:
    """People by their names, and actors in the order in which sentences had them."""

    def __init__(self, home: Entity | None, document: Actor | None, organisations: Sequence[Entity]) -> None:
        self._organisations = organisations
        self._home = document.entity if document is not None and document.entity is not None else home
        self._document = document
        self._people: dict[str, Actor] = {}
        self._by_role: dict[str, Actor] = {}
        self._introduced: list[Actor] = []
        self._actors: list[Actor] = []

    def introduce(self, person: Actor) -> None:
        """Keeps the fullest name of a person and what the article says of it."""
        if person.needs == "acquaintance":
            return
        self._introduced.append(person)
        known = self._person(person)
        best = person if known is None else _merged(known, person)
        for part in _parts(best.name):
            self._people[part] = best
        self._by_role.update(dict.fromkeys(best.role, best))

    @property
    def home(self) -> Entity | None:
        """The state that a ministry without a name belongs to."""
        return self._home

    @property
    def last(self) -> Actor | None:
        """The actor of the sentence before, or of the last that has one."""
        return self._actors[-1] if self._actors else None

    def remember(self, actor: Actor) -> None:
        self._actors.append(actor)

    def resolve(self, actor: Actor, first_person: Actor | None, place: Entity | None = None) -> Actor | None:
        """The actor with its fullest name and its entity; None for a pronoun that points nowhere."""
        if actor.head in {"i", "we", "you"}:
            return first_person or self._document
        if self._document is not None and actor.name.lower() in words.BOTH_SIDES:
            return self._document
        if actor.needs == "author":
            return self._latest(lambda each: True)
        if first_person is not None and actor.name.split()[0].lower() in {"my", "our"}:
            return first_person
        if actor.needs == "acquaintance" and self._person(actor) is None:
            return None if first_person else replace(actor, person=False, needs="")
        if actor.named:
            return self._known(actor, place)
        if actor.needs == "antecedent":
            return self._antecedent(actor, place)
        return self._with_state(actor, place)

    def _known(self, actor: Actor, place: Entity | None) -> Actor:
        known = self._person(actor)
        best = actor if known is None else replace(_merged(known, actor), start=actor.start, end=actor.end)
        return self._with_state(best, place)

    def _person(self, actor: Actor) -> Actor | None:
        return next((self._people[part] for part in reversed(_parts(actor.name)) if part in self._people), None)

    def _antecedent(self, actor: Actor, place: Entity | None) -> Actor | None:
        if actor.head in {"he", "she"}:
            return self._latest(lambda each: each.person and not _differ(each.female, actor.female)) or self._met(actor)
        if actor.head == "it":
            return self._latest(lambda each: not each.person and not each.plural)
        if actor.head == "they":
            return self._latest(lambda each: each.plural) or self._document
        found = self._latest(lambda each: _is_called(each, actor.head)) or self._by_role.get(actor.head)
        if found is not None:
            return found
        if (organisation := self._organisation(actor)) is not None:
            return replace(actor, entity=organisation, actor_type=ORGANISATION, needs="")
        if actor.actor_type == OFFICIAL:
            return self._with_state(replace(actor, needs="state"), place)
        return actor

    def _met(self, pronoun: Actor) -> Actor | None:
        """The last person named before a pronoun, in whatever part of a sentence, whom the text calls so."""
        before = bisect_left(self._introduced, pronoun.start, key=lambda each: each.start)
        nearest = reversed(self._introduced[max(0, before - _REACH) : before])
        return next((self._known(each, None) for each in nearest if each.female is pronoun.female), None)

    def _organisation(self, actor: Actor) -> Entity | None:
        """The one with the noun in its full name: *the Fund* is the International Monetary Fund."""
        if actor.head == "secretary-general":
            return next(iter(self._organisations), None)
        return next((each for each in self._organisations if actor.head in each.name.lower().split()), None)

    def _with_state(self, actor: Actor, place: Entity | None) -> Actor:
        if actor.entity is not None or not actor.needs:
            return actor
        if actor.needs == "possessor":
            owner = self._latest(lambda each: each.entity is not None or each.actor_type != OFFICIAL)
            entity = None if owner is None else owner.entity
        else:
            entity = place or self._home or next((each.entity for each in self._recent() if each.entity), None)
        return replace(actor, entity=entity, needs="")

    def _recent(self) -> Iterator[Actor]:
        return islice(reversed(self._actors), _REACH)

    def _latest(self, fits: Callable[[Actor], bool]) -> Actor | None:
        return next((actor for actor in self._recent() if fits(actor)), None)


def _differ(one: bool | None, other: bool | None) -> bool:
    return one is not None and other is not None and one != other


def _is_called(actor: Actor, noun: str) -> bool:
    if actor.head == noun or noun in actor.role:
        return True
    kind = actor.entity.kind if actor.entity is not None else ""
    if kind == "organisation" and actor.entity is not None and noun in actor.entity.name.lower().split():
        return True
    return (noun in _OF_A_STATE and kind == "state" and not actor.person) or (
        noun in _OF_AN_ORGANISATION and kind == "organisation"
    )


def _merged(known: Actor, new: Actor) -> Actor:
    longer = new if len(_parts(new.name)) > len(_parts(known.name)) else known
    return replace(
        longer,
        entity=known.entity or new.entity,
        actor_type=known.actor_type or new.actor_type,
        female=known.female if known.female is not None else new.female,
        needs="" if known.entity or new.entity else known.needs or new.needs.replace("acquaintance", ""),
        role=known.role | new.role,
    )


def _parts(name: str) -> list[str]:
    """The words of a personal name without titles and initials."""
    plain = (part.strip(".,").lower() for part in name.split() if part.strip(".") not in words.TITLES)
    return [part for part in plain if len(part) > 1 and part not in words.PARTICLES]
