"""What was found of a short string, kept while there is room."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")

_MOST = 1 << 15
_LONGEST = 64
"""In characters: longer strings seldom come again, and would make memory depend on the text."""


class Kept(dict[str, Found]):
    """``kept[key]`` is ``find(key)``, found once for the strings that come again and again.

    Text repeats its words. When the room is full all are forgotten; the common ones are soon back.
    """

    def __init__(self, find: Callable[[str], Found]) -> None:
        super().__init__()
        self._find = find

    def __missing__(self, key: str) -> Found:
        found = self._find(key)
        if len(key) <= _LONGEST:
            if len(self) >= _MOST:
                self.clear()
            self[key] = found
        return found
