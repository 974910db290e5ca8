"""Which state or organisation a target is, if it is one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from stancekit.analysis import _actor_words as words
from stancekit.analysis._actors import Actor, read
from stancekit.analysis._tokens import Pieces, Token, tokens
from stancekit.analysis.article import Entity, Mention

Bounds = tuple[int, int]


def linked(
    text: str,
    spans: Sequence[Bounds],
    bounds: Sequence[Bounds],
    mentions: Sequence[Mention],
) -> list[Entity | None]:
    """The entity of each span: of a name, or of those who govern, lead or represent it.

    *Russia*, *the Kremlin*, *the Russian government*, *Russian President Lozhkin* and afterwards *Mr. Lozhkin* are
    Russia; *sanctions on Russia*, *Russian grain* and *Russia's policy* are not. A phrase with two names, such as
    *Britain and France*, is neither.

    Parameters
    ----------
    text : str
        The article.
    spans, bounds : sequence of (int, int)
        Offsets of the spans, and of the sentences.
    mentions : sequence of Mention
        What the gazetteer finds in the text.

    Examples
    --------
    >>> from stancekit.analysis.gazetteer import Gazetteer
    >>> text = "sanctions on Peru"
    >>> mentions = Gazetteer.default().mentions(text)
    >>> [entity and entity.iso3 for entity in linked(text, [(0, 17), (13, 17)], [(0, 17)], mentions)]
    [None, 'PER']
    """
    article = _Article(text, mentions)
    persons = article.persons(bounds) if spans else {}
    return [article.entity(start, end, persons) for start, end in spans]


class _Article:
    """A text with its names, read phrase by phrase."""

    def __init__(self, text: str, mentions: Sequence[Mention]) -> None:
        self._text = text
        self._mentions = mentions
        self._places = Pieces([(mention.start, mention.end) for mention in mentions])

    def persons(self, bounds: Sequence[Bounds]) -> dict[str, Entity]:
        """For whom each person speaks, by surname, where the text says it once."""
        found: dict[str, Entity] = {}
        for start, end in bounds:
            for actor in self._actors(start, end):
                if actor.named and actor.entity is not None:
                    found.setdefault(actor.head, actor.entity)
        return found

    def entity(self, start: int, end: int, persons: Mapping[str, Entity]) -> Entity | None:
        """Of the phrase that fills the span."""
        phrase = self._tokens(start, end)
        found = read(phrase, 0, self._text)
        if found is None or found.after < len(phrase) or found.actor.head in words.POSITIONS:
            return None
        return found.actor.entity or (persons.get(found.actor.head) if found.actor.named else None)

    def _actors(self, start: int, end: int) -> Iterator[Actor]:
        phrase, at = self._tokens(start, end), 0
        while at < len(phrase):
            found = read(phrase, at, self._text)
            if found is not None:
                yield found.actor
            at = max(at + 1, found.after if found is not None else 0)

    def _tokens(self, start: int, end: int) -> list[Token]:
        inside = self._places.within(start, end)
        return tokens(self._text, start, end, self._mentions[inside.start : inside.stop], ())
