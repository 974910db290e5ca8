"""States and organisations by the names that texts give them."""

from __future__ import annotations

import re

# ruff: noqa: SIM905 - lists of words are read and edited as prose, not as columns of quotation marks
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from functools import cache, partial
from os import PathLike

from stancekit.analysis import _person_words as persons
from stancekit.analysis._gazetteer_table import OWN, Bearer, Named, from_csv, not_names, shipped
from stancekit.analysis._name_trie import NameTrie, spellings, tokens
from stancekit.analysis.article import Entity, Mention

_OF_USER = OWN - 1
"""Closer than any relation of the package's own tables."""

_BEFORE_SENTENCE = ("", *".!?:;\u201c\u201d\"'\u2018(")
"""What may stand before a sentence's first word, which says nothing by its capital."""

# they look behind, so that a run of letters or spaces is tried once
_WORD_BEFORE = re.compile(r"(?<![^\W\d_])([^\W\d_]+)\.?[ \t]+$")
_CITY_BEFORE = re.compile(r"(?<![^\W\d_])([^\W\d_]+),\s$")
_WORD_AFTER = re.compile(r"(?<![ \t])[ \t]+([^\W\d_]+)")
_WORD_REACH, _LINE_REACH = 40, 200
"""In characters: how far the words beside a name are looked for, and the line that it stands in."""

_WORDS_IN_CAPITALS = frozenset({"US", "WHO", "CAR", "ALBA", "AU", "NAM", "ROC"})
"""Abbreviations that are other words in a line of capitals."""

_ALSO_NATIONAL = frozenset({"Security Council", "General Assembly", "Human Rights Council", "House of Commons"})
"""Names of organs that several states have, too."""

_ARTICLE = re.compile(r"\A(?:the|The|THE)\s+")
_POSSESSIVE = re.compile(r"(?:['\u2019][sS]|(?<=[sS])['\u2019])\Z")
_GOVERNMENT = frozenset(
    "the of and for ' government governments authorities authority administration regime leadership leaders officials "
    "official cabinet state republic ministry ministries foreign external affairs delegation side embassy "
    "people".split()
)
"""Words that beside a state's name still mean the state."""


class Gazetteer:
    """Names, and which entity bore each of them when.

    Made by :meth:`default`, and with a user's own names by :meth:`extended`.

    Examples
    --------
    >>> gazetteer = Gazetteer.default()
    >>> [(found.text, found.entity.iso3) for found in gazetteer.mentions("Ceylon thanked the Kremlin.")]
    [('Ceylon', 'LKA'), ('Kremlin', 'RUS')]
    >>> gazetteer.entity("the Kremlin", date(1975, 8, 1)).name
    'Soviet Union'
    """

    def __init__(self, named: Sequence[Named], phrases: Sequence[str] = ()) -> None:
        self._named, self._phrases = tuple(named), tuple(phrases)
        self._trie: NameTrie[Bearer | None] = NameTrie()
        self._folded: dict[str, list[Bearer]] = {}
        for phrase in self._phrases:
            for spelling in spellings(phrase):
                self._trie.add(spelling, None)
        for name, bearer in self._named:
            self._add(name, bearer)

    @classmethod
    def default(cls) -> Gazetteer:
        """The package's own names of states, territories and international organisations; read once."""
        return _default()

    def extended(self, path: str | PathLike[str]) -> Gazetteer:
        """The same with a user's names, which come before the others.

        Parameters
        ----------
        path : str or path
            A CSV in UTF-8 with columns ``name``, ``kind`` (state, organisation, person, group or topic) and
            ``aliases`` (separated by ``|``), and optionally ``iso3``, ``from`` and ``to`` (dates in ISO 8601, the
            second excluded; outside of them the names mean nothing).

        Raises
        ------
        InputError
            If the file cannot be used; names file, row and column.
        """
        codes = {bearer.entity.iso3: bearer.entity for _, bearer in reversed(self._named) if bearer.entity.iso3}
        own = [(name, replace(bearer, relation=_OF_USER)) for name, bearer in from_csv(path, codes)]
        return Gazetteer([*self._named, *own], self._phrases)

    def mentions(self, text: str, on: date | None = None) -> list[Mention]:
        """The names in a text, the longest ones, in order and not overlapping.

        Parameters
        ----------
        text : str
        on : datetime.date, optional
            When it was written, which decides what *Moscow* or *Burma* meant; else the state that bore the name as
            its own, or the present one.

        Returns
        -------
        list of Mention
            Offsets into the text. ``entity`` is None where a name has several bearers (*Congo*).
        """
        found: list[Mention] = []
        free = 0
        for start, ends in self._trie.search(text):
            if start < free:
                continue
            for end, bearers in ends:
                mention = self._mention(text, start, end, bearers, on)
                if mention is not None or None in bearers:
                    # a phrase that only holds a name is passed over as a whole
                    free = mention.end if mention is not None else end
                    if mention is not None and not (found and _is_organ_of(found[-1], mention, text)):
                        found.append(mention)
                    break
        return found

    def entity(self, name: str, on: date | None = None) -> Entity | None:
        """What a name alone means: a name, demonym, capital, seat of government, or *the Peruvian government*.

        Case, *the* and *'s* do not matter. None where it is unknown or has several bearers.
        """
        return _only(_chosen(self._bearers(name), on))

    def entities(self, name: str) -> set[Entity]:
        """Everything that a name alone means or meant, at any time."""
        return {bearer.entity for bearer in self._bearers(name)}

    # -- names ---------------------------------------------------------------------------------------------------

    def _add(self, name: str, bearer: Bearer) -> None:
        for spelling in spellings(name, any_case=bearer.relation == _OF_USER):
            self._trie.add(spelling, bearer)
            bearers = self._folded.setdefault(_key(spelling), [])
            if bearer not in bearers:
                bearers.append(bearer)

    def _bearers(self, name: str) -> list[Bearer]:
        bare = _POSSESSIVE.sub("", _ARTICLE.sub("", name.strip(), count=1))
        exact = [bearer for bearer in self._trie.values(bare) if bearer is not None]
        folded = [] if bare.upper() in _WORDS_IN_CAPITALS else self._folded.get(_key(bare), [])
        return exact or folded or self._of_government(bare)

    def _of_government(self, phrase: str) -> list[Bearer]:
        """The bearers of the one name in a phrase whose other words only say that a government is meant."""
        found = list(self._trie.search(phrase))
        if not found:
            return []
        start, (end, bearers) = found[0].start, found[0].ends[0]
        others = tokens(phrase[:start]) + [token for token in tokens(phrase[end:]) if token not in ("s", "S")]
        if None in bearers or not others or not {token.lower() for token in others} <= _GOVERNMENT:
            return []
        return [bearer for bearer in bearers if bearer is not None]

    # -- one place -----------------------------------------------------------------------------------------------

    def _mention(
        self, text: str, start: int, end: int, bearers: list[Bearer | None], on: date | None
    ) -> Mention | None:
        if text[end - 1] in "-\u2010\u2011\u2013":
            end -= 1
        chosen = _chosen([bearer for bearer in bearers if bearer is not None], on)
        if None in bearers or not chosen:
            return None
        if chosen[0].relation != _OF_USER and (
            _of_person(text, start, end, self._trie) or _other_word(text, start, end)
        ):
            return None
        return Mention(text[start:end], start, end, _only(chosen))


@cache
def _default() -> Gazetteer:
    return Gazetteer(list(shipped()), not_names())


def _key(name: str) -> str:
    return " ".join(tokens(name)).casefold()


# -- which entity ----------------------------------------------------------------------------------------------------


def _chosen(bearers: Sequence[Bearer], on: date | None) -> list[Bearer]:
    """Those of a name's bearers that are meant: of one entity, or of several that nothing tells apart."""
    of_user = [bearer for bearer in bearers if bearer.relation == _OF_USER]
    choose = _without_date if on is None else partial(_at_date, on=on)
    return choose(of_user) or choose([bearer for bearer in bearers if bearer.relation != _OF_USER])


def _without_date(bearers: Sequence[Bearer]) -> list[Bearer]:
    """The entity that bore it as its own name comes first, then the present or latest one, then the closest."""
    return _first(
        bearers,
        lambda bearer: (
            bearer.relation > OWN or bearer.dated,
            -(bearer.until or date.max).toordinal(),
            bearer.relation,
        ),
    )


def _at_date(bearers: Sequence[Bearer], on: date) -> list[Bearer]:
    then = [bearer for bearer in bearers if bearer.bore_it(on)]
    # a state's name outlives the state, but Salisbury is no capital today
    return _first(
        then or [bearer for bearer in bearers if not bearer.dated],
        lambda bearer: (not bearer.dated, bearer.relation),
    )


def _first(bearers: Sequence[Bearer], order: Callable[[Bearer], tuple[int, ...]]) -> list[Bearer]:
    """All that come first in an order."""
    least = min(map(order, bearers), default=None)
    return [bearer for bearer in bearers if order(bearer) == least]


def _only(bearers: Sequence[Bearer]) -> Entity | None:
    found = {bearer.entity for bearer in bearers}
    return found.pop() if len(found) == 1 else None


# -- what is no such name --------------------------------------------------------------------------------------------


def _is_organ_of(state: Mention, organ: Mention, text: str) -> bool:
    """Whether this is a state's own council or assembly, named after it, and not the world's."""
    return (
        organ.text in _ALSO_NATIONAL
        and state.entity != organ.entity
        and state.entity is not None
        and state.entity.kind == "state"
        and text[state.end : organ.start] in (" ", "'s ", "\u2019s ")
    )


def _of_person(text: str, start: int, end: int, names: NameTrie[Bearer | None]) -> bool:
    """Whether the words beside a name show that it is a person's, or that of a state of the United States."""
    name, before = text[start:end], text[max(0, start - _WORD_REACH) : start]
    if not name.isalpha():
        return False
    return (
        _after_given_name(name, before, names)
        or (name in persons.ALSO_GIVEN_NAMES and _before_surname(text, end, names))
        or (name in persons.AMERICAN_STATES and _after_american_city(before))
    )


def _after_given_name(name: str, before: str, names: NameTrie[Bearer | None]) -> bool:
    word = _WORD_BEFORE.search(before)
    if word is None:
        return False
    if word.group(1) in persons.TITLES or word.group(1) in persons.GIVEN_NAMES:
        return True
    inside = before[: word.start()].rstrip()[-1:] not in _BEFORE_SENTENCE
    return name in persons.ALSO_SURNAMES and inside and _may_be_part_of_name(word.group(1), names)


def _before_surname(text: str, end: int, names: NameTrie[Bearer | None]) -> bool:
    word = _WORD_AFTER.match(text, end, end + _WORD_REACH)
    if word is None or not _may_be_part_of_name(word.group(1), names):
        return False
    after = _WORD_AFTER.match(text, word.end(), word.end() + _WORD_REACH)
    # "Jordan Closes Border" is a headline
    return not (word.group(1).endswith("s") and after is not None and after.group(1)[0].isupper())


def _after_american_city(before: str) -> bool:
    city = _CITY_BEFORE.search(before)
    return city is not None and city.group(1) in persons.CITIES_OF_AMERICAN_STATES


def _may_be_part_of_name(word: str, names: NameTrie[Bearer | None]) -> bool:
    return word[0].isupper() and not word.isupper() and word not in persons.ORDINARY and not names.begins(word)


def _other_word(text: str, start: int, end: int) -> bool:
    """Whether an abbreviation may be another word, as all of its line is in capitals."""
    if text[start:end] not in _WORDS_IN_CAPITALS:
        return False
    first = max(text.rfind("\n", 0, start) + 1, start - _LINE_REACH)
    last = text.find("\n", end, end + _LINE_REACH)
    line = text[first : end + _LINE_REACH if last < 0 else last]
    # at its beginning, US and WHO are who does something
    return line.isupper() and (line.strip() != text[start:end]) and bool(text[first:start].strip())
