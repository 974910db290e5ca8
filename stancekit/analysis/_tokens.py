"""A sentence as the words, names and quotations that it is made of."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from stancekit.analysis.article import Mention

Bounds = tuple[int, int]

_WORD = re.compile(
    r"(?:[A-Z]\.)+(?:-?[A-Z]\.)*|(?:Mr|Mrs|Ms|Dr|Gen|Col|Maj|Capt|Adm|Amb|Sen|Rep|Lt|Prof|Gov|St|Mgr|Brig|Hon|Rev)\."
    r"|\d[\d,.]*\d|['’]s\b|\w+(?:[-&’'](?!s\b)\w+)*|--|[^\w\s]"
)
QUOTATION = "“”"
"""The text of a token that stands for a whole quotation."""


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a name that the gazetteer knows, a mark, or a whole quotation."""

    text: str
    start: int
    end: int
    mention: Mention | None = None

    @property
    def word(self) -> str:
        """In lower case, without a final point."""
        return self.text.rstrip(".").lower()

    @property
    def is_name_like(self) -> bool:
        return self.text[0].isupper() and self.mention is None


class Pieces:
    """Sorted, disjoint spans (mentions, quotations), found by place in logarithmic time."""

    def __init__(self, spans: Sequence[Bounds]) -> None:
        self._spans = spans
        self._starts = [start for start, _ in spans]

    def within(self, start: int, end: int) -> range:
        """The indices of those that touch the stretch of text."""
        first = bisect_right(self._starts, start) - 1
        if first < 0 or self._spans[first][1] <= start:
            first += 1
        return range(first, bisect_left(self._starts, end))


def tokens(text: str, start: int, end: int, mentions: Sequence[Mention], quoted: Sequence[Bounds]) -> list[Token]:
    """The tokens of a sentence; each quotation in it, or its part, is one token."""
    result: list[Token] = []
    position = start
    for left, right in quoted:
        result.extend(_words(text, position, left, mentions))
        left, right = max(left, start), min(right, end)
        if left < right:
            result.append(Token(QUOTATION, left, right))
        position = max(position, right)
    result.extend(_words(text, position, end, mentions))
    return result


def _words(text: str, start: int, end: int, mentions: Sequence[Mention]) -> Iterator[Token]:
    position = start
    for mention in mentions:
        if mention.start >= position and mention.end <= end and not _in_compound(text, mention.end):
            yield from _plain(text, position, mention.start)
            yield Token(mention.text, mention.start, mention.end, mention)
            position = mention.end
    yield from _plain(text, position, end)


def _in_compound(text: str, end: int) -> bool:
    """*Paris-based*, *Saudi-led*: says nothing of who acts."""
    return text[end : end + 1] == "-" and text[end + 1 : end + 2].isalpha()


def _plain(text: str, start: int, end: int) -> Iterator[Token]:
    for found in _WORD.finditer(text, start, end):
        yield Token(found.group(), found.start(), found.end())
