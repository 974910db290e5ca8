"""Names in a text: the longest ones first, found word by word in time linear in the text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Any, Generic, NamedTuple, TypeVar

Value = TypeVar("Value")

_WORD = re.compile(r"[^\W_]+")
# looks behind, so that a run of spaces is tried once
_TOKEN = re.compile(r"(?<!\s)\s*([^\W_]+|\S)")
_SAME = str.maketrans("\u2018\u2019\u02bc\u2010\u2011\u2013", "'''---")
_ENDS = ""
"""Key of a node that holds what ends there; no token is empty."""


class Found(NamedTuple):
    """Every name that begins at one place, the longest first."""

    start: int
    ends: list[tuple[int, Any]]


class NameTrie(Generic[Value]):
    """Names to values, by tokens; white space between tokens counts for nothing, but a blank line parts names."""

    def __init__(self) -> None:
        self._root: dict[str, Any] = {}

    def add(self, name: str, value: Value) -> None:
        """One more value under a name."""
        node = self._root
        for token in tokens(name):
            node = node.setdefault(token, {})
        node.setdefault(_ENDS, []).append(value)

    def values(self, name: str) -> list[Value]:
        """What is under exactly this name."""
        node = self._root
        for token in tokens(name):
            node = node.get(token, {})
        return list(node.get(_ENDS, ()))

    def begins(self, word: str) -> bool:
        """Whether some name begins with this word."""
        return word in self._root

    def search(self, text: str) -> Iterator[Found]:
        """Places where names begin, overlapping ones, too."""
        root = self._root
        for word in _WORD.finditer(text):
            node = root.get(word.group())
            if node is not None:
                ends = self._ends(text, node, word.end())
                if ends:
                    yield Found(word.start(), ends)

    def _ends(self, text: str, node: dict[str, Any], end: int) -> list[tuple[int, list[Value]]]:
        found = []
        while True:
            if _ENDS in node:
                found.append((end, node[_ENDS]))
            if len(node) == (_ENDS in node):
                break
            token = _TOKEN.match(text, end)
            if token is None or text.count("\n", end, token.start(1)) > 1:
                break
            after = node.get(token.group(1).translate(_SAME))
            if after is None:
                break
            node, end = after, token.end()
        return found[::-1]


def tokens(name: str) -> list[str]:
    """Words and marks, each mark alone."""
    return [token.translate(_SAME) for token in _TOKEN.findall(name)]


def spellings(name: str, *, any_case: bool = False) -> set[str]:
    """The ways to write a name: with accents, decomposed or without, and in capitals.

    Parameters
    ----------
    name : str
    any_case : bool
        Also with a capital at the beginning, as a sentence would have it.
    """
    plain = "".join(c for c in unicodedata.normalize("NFD", name) if not unicodedata.combining(c))
    found = {name, unicodedata.normalize("NFD", name)}
    if plain.lower() not in _OTHER_WORDS:
        found.add(plain)
    if any_case:
        found |= {spelling[0].upper() + spelling[1:] for spelling in found}
    if len(name) > _LONGEST_ABBREVIATION:
        found |= {spelling.upper() for spelling in found}
    return found


_LONGEST_ABBREVIATION = 3
_OTHER_WORDS = frozenset({"reunion", "male"})
"""What names would be without their accents."""
