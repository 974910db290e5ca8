"""Reading the noun phrase that names an actor: who it is, for whom it speaks, of which type."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from stancekit.analysis import _actor_words as words
from stancekit.analysis._phrases import end_of_phrase, is_plural, is_role, is_verb
from stancekit.analysis._tokens import QUOTATION, Token
from stancekit.analysis.article import Entity

OFFICIAL = "official"
ORGANISATION = "international organisation"
PARTY = "party or group"
EXPERT = "expert or media"
PRIVATE = "private"

PEOPLE = ("ers", "ors", "ists", "men", "women", "people", "ians", "ants", "ees")
"""How nouns for people end in the plural."""
_HONORIFICS = frozenset({"Mr", "Mrs", "Ms"})


@dataclass(frozen=True)
class Actor:
    """Whoever a noun phrase names.

    Attributes
    ----------
    name : str
    start, end : int
        Of the phrase that names it, in the article.
    entity : Entity or None
        The state or organisation that it speaks for.
    actor_type : str
    head : str
        The noun that says what it is, in lower case; of a bare name, the name.
    person : bool
    named : bool
        Whether it bears a personal name.
    plural : bool
    female : bool or None
        None where the text does not say.
    role : frozenset of str
        The nouns by which a person can be called, such as *minister*.
    needs : str
        What `entity` still waits for: ``possessor`` (*its delegate*), ``state`` (*the Foreign Ministry*), ``author``
        (*the note*), ``antecedent`` (*she*, *the official*), ``acquaintance`` (a lone surname), or nothing.
    """

    name: str
    start: int
    end: int
    entity: Entity | None = None
    actor_type: str = ""
    head: str = ""
    person: bool = False
    named: bool = False
    plural: bool = False
    female: bool | None = None
    needs: str = ""
    role: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Phrase:
    """An actor and the index of the token behind the phrase, its apposition included."""

    actor: Actor
    after: int


def read(tokens: Sequence[Token], at: int, text: str) -> Phrase | None:
    """The actor whose phrase begins at a token; None if none does."""
    if at >= len(tokens) or tokens[at].text == QUOTATION:
        return None
    if tokens[at].word in words.PRONOUNS:
        return _pronoun(tokens[at], at)
    if _cannot_open(tokens[at]) or _is_conjunction(tokens, at):
        return None
    after = end_of_phrase(tokens, at)
    actor = _described(tokens[at:after], text)
    if actor is None:
        return None
    return _with_apposition(tokens, Phrase(actor, after), text)


def _is_conjunction(tokens: Sequence[Token], at: int) -> bool:
    """*that several partners*, not *that ministry*."""
    if tokens[at].word != "that" or at + 1 >= len(tokens):
        return False
    return tokens[at + 1].word in words.DETERMINERS or is_plural(tokens[at + 1])


def _cannot_open(token: Token) -> bool:
    if token.mention is not None or token.word in words.DETERMINERS or token.text[0].isupper():
        return False
    return token.word in words.RELATIVES or (token.word in words.VERBS and not is_role(token.word))


def may_open_a_name(tokens: Sequence[Token], at: int) -> bool:
    """Whether a phrase that may hold a personal name begins at the token."""
    token = tokens[at]
    if not token.text[0].isalnum() or token.word in words.PREPOSITIONS or (at and _in_one_phrase(tokens, at)):
        return False
    return token.text[0].isupper() or token.word in words.DETERMINERS or is_role(token.word)


def _in_one_phrase(tokens: Sequence[Token], at: int) -> bool:
    before = tokens[at - 1]
    return before.mention is not None or before.text in {"'s", "’s"} or before.is_name_like


def _pronoun(token: Token, at: int) -> Phrase:
    word = token.word
    return Phrase(
        Actor(
            token.text,
            token.start,
            token.end,
            head=word,
            person=word in {"he", "she", "i"},
            plural=word in {"they", "we"},
            female={"she": True, "he": False}.get(word),
            needs="antecedent",
        ),
        at + 1,
    )


def _described(phrase: Sequence[Token], text: str) -> Actor | None:
    """The actor of a phrase without its apposition."""
    if not phrase:
        return None
    core = _core(phrase)
    named = _person(phrase, text)
    if named is not None:
        return named
    head = _head(core)
    if head is None:
        return None
    whole = _whole(phrase, text)
    entity, needs = _speaks_for(phrase, core, head)
    if head.mention is not None:
        kind = _type_of_entity(head.mention.entity)
        return replace(whole, entity=entity, actor_type=kind, head=head.word, plural=_coordinated(phrase))
    word = head.word
    actor_type = _type_of_head(phrase, core, head, entity)
    if not actor_type:
        return replace(whole, head=word, person=True, named=True, needs="acquaintance") if _lone_name(phrase) else None
    if actor_type in {PARTY, EXPERT, PRIVATE}:
        entity, needs = None, ("antecedent" if _is_definite(phrase, core) else "")
    elif _is_definite(phrase, core) and entity is None and needs != "author":
        needs = "antecedent"
    elif word in words.SPOKESPEOPLE and len(core) == len(phrase) == 2 and entity is None:
        needs = "possessor"
    elif any(token.word in words.OF_A_PART for token in core):
        needs = ""
    return replace(
        whole,
        entity=entity,
        actor_type=actor_type,
        head=word,
        needs=needs,
        person=_is_person_noun(word),
        plural=is_plural(head) or _coordinated(phrase),
        female=_gender(phrase),
    )


def _lone_name(phrase: Sequence[Token]) -> bool:
    return len(phrase) == 1 and _part_of_name(phrase[0])


def _coordinated(phrase: Sequence[Token]) -> bool:
    return any(token.word == "and" for token in phrase)


def _whole(phrase: Sequence[Token], text: str) -> Actor:
    start, end = phrase[0].start, phrase[-1].end
    return Actor(text[start:end], start, end)


def _core(phrase: Sequence[Token]) -> Sequence[Token]:
    """The phrase up to its first preposition or *and*: its head is the last word."""
    for position, token in enumerate(phrase):
        if position and (token.word in words.PREPOSITIONS or token.word == "and"):
            return phrase[:position]
    return phrase


def _head(core: Sequence[Token]) -> Token | None:
    after_possessor = core
    for position, token in enumerate(core):
        if token.text in {"'s", "’s"}:
            after_possessor = core[position + 1 :]
    nouns = [token for token in after_possessor if token.text[0].isalnum() and token.word not in words.DETERMINERS]
    if nouns and nouns[-1].mention is None and nouns[-1].text.islower() and not _is_actor_noun(nouns[-1].word):
        # *the ministry responsible for water*
        return next((token for token in reversed(nouns) if is_role(token.word)), nouns[-1])
    return nouns[-1] if nouns else None


def _is_actor_noun(word: str) -> bool:
    return is_role(word) or word in words.POSITIONS or word.endswith(PEOPLE)


def _type_of_head(phrase: Sequence[Token], core: Sequence[Token], head: Token, entity: Entity | None) -> str:
    word = head.word
    names_party = any(token.word in words.OF_A_PARTY for token in core)
    if word in words.STANDING_FOR and (stands_for := _type_stood_for(phrase[len(core) :])):
        return stands_for
    if word in words.OFFICIALS or word in words.POSITIONS:
        if names_party and word not in {"government", "minister"}:
            return PARTY
        return ORGANISATION if entity is not None and entity.kind == "organisation" else OFFICIAL
    if word in words.PARTIES:
        return PARTY
    if word in words.EXPERTS:
        return EXPERT
    if word in words.PRIVATE or (head.text[0].islower() and word.endswith(PEOPLE)):
        return PRIVATE
    if word.endswith("ists") or any(token.text in words.NAMES_OF_BODIES for token in core):
        return PARTY
    return ""


def _type_stood_for(behind: Sequence[Token]) -> str:
    """The type of whom a spokesman or a member is one of; empty for an official body."""
    for token in behind:
        if token.word in words.OFFICIALS:
            return ""
        for vocabulary, actor_type in ((words.PARTIES, PARTY), (words.PRIVATE, PRIVATE), (words.EXPERTS, EXPERT)):
            if token.word in vocabulary:
                return actor_type
        if token.text[0].islower() and token.word.endswith(PEOPLE):
            return PRIVATE
    return ""


def _type_of_entity(entity: Entity | None) -> str:
    if entity is None:
        return ""
    return {"state": OFFICIAL, "organisation": ORGANISATION, "person": OFFICIAL, "group": PARTY}.get(entity.kind, "")


def _is_person_noun(word: str) -> bool:
    return (
        word.endswith(("man", "woman", "person", "er", "or", "ist", "ian", "ent", "ant", "eur", "ary"))
        and word not in {"parliament", "government", "department", "newspaper", "chamber", "power", "paper"}
    ) or word in {
        "official",
        "delegate",
        "diplomat",
        "envoy",
        "general",
        "admiral",
        "analyst",
        "aide",
        "mp",
        "judge",
        "king",
        "queen",
        "prince",
        "lawyer",
        "archbishop",
        "head",
        "imam",
        "colonel",
        "captain",
        "chief",
        "expert",
        "premier",
        "bishop",
    }


def _gender(phrase: Sequence[Token]) -> bool | None:
    for token in phrase:
        plain = token.text.rstrip(".")
        if plain in words.FEMALE or token.word in words.FEMALE:
            return True
        if plain in words.MALE or token.word in words.MALE:
            return False
    return None


def _is_definite(phrase: Sequence[Token], core: Sequence[Token]) -> bool:
    """*The official*, *the ministry*: a phrase that only points back."""
    plain = [token for token in core if token.word not in words.DETERMINERS]
    return len(core) == len(phrase) and phrase[0].word in {"the", "this", "that", "these", "those"} and len(plain) == 1


def _speaks_for(phrase: Sequence[Token], core: Sequence[Token], head: Token) -> tuple[Entity | None, str]:
    """The state or organisation in the phrase that its head speaks for, and what is missing for it."""
    inside = [token.mention.entity for token in core if token.mention is not None and token.mention.entity is not None]
    if (_coordinated(phrase) or any(token.text == "," for token in phrase)) and head.mention is not None:
        others = {token.mention.entity for token in phrase if token.mention is not None}
        if len(others) > 1:
            return None, ""
    if inside:
        return inside[0], ""
    if core[0].word in {"its", "his", "her", "their"}:
        return None, "possessor"
    if head.word in words.POSITIONS and not (len(phrase) > len(core) and phrase[len(core)].word == "from"):
        return None, "author"
    behind = {token.mention.entity: None for token in phrase[len(core) :] if token.mention and token.mention.entity}
    if len(behind) == 1 or (behind and head.word not in words.NO_STATE_OF_THEIR_OWN):
        return next(iter(behind)), ""
    return None, "" if head.word in words.NO_STATE_OF_THEIR_OWN or behind else "state"


def _person(phrase: Sequence[Token], text: str) -> Actor | None:
    """A personal name with the titles and the nationality before it: *Russian President Sergei Lozhkin*."""
    first = next((at for at, token in enumerate(phrase) if _opens_name(phrase, at)), None)
    if first is None or any(token.word in words.PREPOSITIONS for token in phrase[:first]):
        return None
    first = _behind_titles(phrase, first)
    last = first
    while last < len(phrase) and (_part_of_name(phrase[last]) or _particle_inside(phrase, last)):
        last += 1
    titles = phrase[:first]
    if not _fits_as_titles(titles) or (last - first < 2 and not any(_is_title(token) for token in titles)):
        return None
    if last < len(phrase) and not (phrase[last].word in words.PREPOSITIONS or phrase[last].word == "and"):
        return None
    entity, needs = _entity_of_titles(titles, phrase[last:])
    is_official = any(
        token.text.rstrip(".") in words.OFFICIAL_TITLES or token.word in words.OFFICIALS for token in titles
    )
    named = [token for token in titles if _is_title(token) and token.text.rstrip(".") not in _HONORIFICS]
    start = named[0].start if named and named[-1] is titles[-1] else phrase[first].start
    actor_type = _type_of_person(titles, entity) if is_official or titles else ""
    of_no_state = actor_type in {PARTY, EXPERT, PRIVATE}
    return Actor(
        text[start : phrase[last - 1].end],
        phrase[0].start,
        phrase[last - 1].end,
        None if of_no_state else entity,
        actor_type,
        head=phrase[last - 1].word,
        person=True,
        named=True,
        role=_roles(titles),
        female=_gender(titles),
        needs=needs if is_official and not of_no_state else "",
    )


def _roles(titles: Sequence[Token]) -> frozenset[str]:
    return frozenset(token.word for token in titles if is_role(token.word))


def _behind_titles(phrase: Sequence[Token], first: int) -> int:
    """*Fisheries Minister Guy Hoareau*: the name begins behind the last title of the capitalised words."""
    at = behind = first
    while at < len(phrase) and phrase[at].is_name_like:
        at += 1
        if at < len(phrase) and _is_title(phrase[at - 1]) and _part_of_name(phrase[at]):
            behind = at
    return behind


def _type_of_person(titles: Sequence[Token], entity: Entity | None) -> str:
    if any(token.word in words.OF_A_PARTY for token in titles) and not any(
        token.word in {"minister", "president"} for token in titles
    ):
        return PARTY
    for token in reversed(titles):
        if token.text.rstrip(".") in words.OFFICIAL_TITLES or token.word in words.OFFICIALS:
            return ORGANISATION if entity is not None and entity.kind == "organisation" else OFFICIAL
        for vocabulary, actor_type in ((words.EXPERTS, EXPERT), (words.PARTIES, PARTY), (words.PRIVATE, PRIVATE)):
            if token.word in vocabulary:
                return actor_type
    return ""


def _entity_of_titles(titles: Sequence[Token], behind: Sequence[Token]) -> tuple[Entity | None, str]:
    for token in titles:
        if token.mention is not None and token.mention.entity is not None:
            return token.mention.entity, ""
    if titles and titles[0].word in {"its", "his", "her", "their"}:
        return None, "possessor"
    for token in behind:
        if token.mention is not None and token.mention.entity is not None:
            return token.mention.entity, ""
    return None, "state"


def _is_title(token: Token) -> bool:
    return token.text.rstrip(".") in words.TITLES


def _opens_name(phrase: Sequence[Token], at: int) -> bool:
    token = phrase[at]
    if not _part_of_name(token) or _is_title(token):
        return False
    return at == 0 or phrase[at - 1].text not in {"'s", "’s"} or not token.text[0].islower()


def _part_of_name(token: Token) -> bool:
    return (
        (token.is_name_like or _has_article(token))
        and token.text.rstrip(".") not in words.NOT_A_NAME
        and token.text not in words.NAMES_OF_BODIES
        and token.text not in words.DAYS
    )


def _has_article(token: Token) -> bool:
    """*al-Mayahi*."""
    first, _, rest = token.text.partition("-")
    return first in words.PARTICLES and rest[:1].isupper()


def _particle_inside(phrase: Sequence[Token], at: int) -> bool:
    return phrase[at].word in words.PARTICLES and at + 1 < len(phrase) and phrase[at + 1].text[0].isupper()


def _fits_as_titles(titles: Sequence[Token]) -> bool:
    return bool(titles and (_is_title(titles[-1]) or is_role(titles[-1].word))) or all(
        token.mention is not None
        or _is_title(token)
        or token.text in {"'s", "’s"}
        or token.text[0].islower()
        or token.word in words.DETERMINERS
        or token.text.rstrip(".") in words.NOT_A_NAME
        for token in titles
    )


def _with_apposition(tokens: Sequence[Token], phrase: Phrase, text: str) -> Phrase:
    """Joins *NAME, the Dutch minister,* and *the Dutch minister, NAME,* to one actor."""
    at = phrase.after
    actor = phrase.actor
    if at >= len(tokens) or tokens[at].text != "," or (actor.needs == "antecedent" and not actor.person):
        return phrase
    start = at + 1
    while start < len(tokens) and (tokens[start].word.isdigit() or tokens[start].text == ","):
        start += 1
    if start >= len(tokens) or tokens[start].text == QUOTATION:
        return phrase
    if tokens[start].word == "who" and start + 1 < len(tokens) and tokens[start + 1].word in words.LEADING:
        start += 2
    after = end_of_phrase(tokens, start)
    other = _described(tokens[start:after], text)
    if other is None or ((after < len(tokens) and is_verb(tokens, after)) and tokens[after - 1].text != ","):
        return phrase
    if actor.needs == "acquaintance" and not other.person and other.actor_type in {PARTY, EXPERT, PRIVATE}:
        return Phrase(replace(actor, actor_type=other.actor_type, person=False, named=False, needs=""), after)
    joined = _joined(actor, other)
    return phrase if joined is None else Phrase(joined, after + (after < len(tokens) and tokens[after].text == ","))


def _joined(first: Actor, second: Actor) -> Actor | None:
    """One actor of a name and a role; None if they are not of one person."""
    if first.person == second.person is False:
        return None
    name, role = (first, second) if first.named else (second, first)
    if not name.named or role.named or (role.entity is not None and role.head == role.entity.name.lower()):
        return None
    if not (role.person or role.head in words.OFFICIALS) or role.plural:
        return None
    return replace(
        name,
        start=first.start,
        role=name.role | {role.head},
        entity=role.entity or name.entity,
        actor_type=role.actor_type or name.actor_type,
        female=name.female if name.female is not None else role.female,
        needs=""
        if role.entity or name.entity
        else ("state" if role.actor_type == OFFICIAL and role.needs == "antecedent" else role.needs),
    )
