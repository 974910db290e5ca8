"""Target spans as whole noun phrases."""

from __future__ import annotations

# ruff: noqa: SIM905 - lists of words are read and edited as prose, not as columns of quotation marks
import re
from collections.abc import Sequence

from stancekit.analysis.article import Mention

Bounds = tuple[int, int]

_WORD = re.compile(r"\w+(?:[-.&]\w+)*")
_LONGEST_GAP = 40
"""In characters: how far before a span its article is looked for."""

_DETERMINERS = frozenset(
    "the a an its their his her our my your such these those this any no both all some every".split()
)
"""Not *that*, which more often begins a clause."""

_PREPOSITIONS = frozenset(
    "of to in on for by at with from into over between among against under behind about through since".split()
)
_NEVER_FIRST = _PREPOSITIONS | frozenset("that and or but is are was were be been not as than so how s".split())
_NEVER_LAST = _NEVER_FIRST | _DETERMINERS | frozenset("who whom which whose what has have had do does did".split())
_JOINING = frozenset({"and", "or", "nor", "the", "both", "as", "well"})
_PRONOUNS = frozenset("it them they he him she her us we you i me this that these those who".split())


def whole_phrase(text: str, start: int, end: int) -> Bounds | None:
    """The span without what cannot begin or end a noun phrase, and with its article; None if nothing is left.

    A tagger's spans miss an article here and take a preposition too many there.

    Examples
    --------
    >>> text = "They opposed the sale of helicopters to Pretoria."
    >>> text[slice(*whole_phrase(text, 17, 39))]
    'the sale of helicopters'
    >>> whole_phrase(text, 37, 39)
    """
    words = [found.span() for found in _WORD.finditer(text, start, end)]
    if len(words) == 1 and _word(text, words[0]) in _PRONOUNS:
        return words[0]
    while words and _word(text, words[-1]) in _NEVER_LAST:
        words.pop()
    while words and _word(text, words[0]) in _NEVER_FIRST - _DETERMINERS:
        words.pop(0)
    if not words:
        return None
    first, last = words[0][0], words[-1][1]
    before = [found.span() for found in _WORD.finditer(text, max(0, first - _LONGEST_GAP), first)]
    bare = _word(text, words[0]) not in _DETERMINERS
    if bare and before and _word(text, before[-1]) in _DETERMINERS and not text[before[-1][1] : first].strip():
        first = before[-1][0]
    return first, last


def names_apart(text: str, bounds: Bounds, mentions: Sequence[Mention]) -> list[Bounds]:
    """The names of a span that is nothing but names, each alone; else the span.

    Parameters
    ----------
    text : str
    bounds : (int, int)
    mentions : sequence of Mention
        The names in the span, in order.

    Examples
    --------
    >>> from stancekit.analysis.gazetteer import Gazetteer
    >>> text = "Peru, Chile and the Cook Islands"
    >>> [text[slice(*each)] for each in names_apart(text, (0, 32), Gazetteer.default().mentions(text))]
    ['Peru', 'Chile', 'the Cook Islands']
    """
    if len(mentions) < 2:
        return [bounds]
    names, position = [], bounds[0]
    for mention in mentions:
        between = _WORD.findall(text, position, mention.start)
        if not _JOINING.issuperset(word.lower() for word in between):
            return [bounds]
        article = text[position : mention.start].lower().endswith("the ")
        names.append((mention.start - len("the ") * article, mention.end))
        position = mention.end
    return names if not _WORD.search(text, position, bounds[1]) else [bounds]


def _word(text: str, bounds: Bounds) -> str:
    return text[slice(*bounds)].lower()
