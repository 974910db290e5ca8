"""Whose turn it is to speak in a press conference, a debate or a speech."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from stancekit.analysis import _actor_words as words
from stancekit.analysis._actors import Actor
from stancekit.analysis._tokens import Token

_QUESTION = re.compile(r"\**(?:Q|QUESTION|Question|Reporter|REPORTER|Journalist)(?: \d+)?[.:](?=\s)")
_ANSWER = re.compile(r"\**(?:A|ANSWER|Answer)[.:](?=\s)")
_LABEL = re.compile(r"(?P<who>[A-Z][^:!?\"“”\n]{1,100}?)(?::|\. [–—-]+)(?=\s)")
_LONGEST_LABEL = 12


class Turns:
    """Goes from sentence to sentence with whoever speaks.

    Attributes
    ----------
    speaker : Actor or None
        Who says *I* and *we*.
    question : bool
        Whether a journalist asks.
    """

    def __init__(self, document: Actor | None, read_label: Callable[[int, int], Actor | None]) -> None:
        self._document = document
        self._read_label = read_label
        self._label_ends = 0
        self._answers: Actor | None = document
        self.speaker = document
        self.question = False

    def enter(self, text: str, start: int, end: int) -> None:
        """Takes notice of the label, if any, with which a sentence begins."""
        self._label_ends = start
        if found := _QUESTION.match(text, start, end):
            self.question, self.speaker = True, None
        elif found := _ANSWER.match(text, start, end):
            self.question, self.speaker = False, self._answers
        elif found := _label(text, start, end):
            self.question, self.speaker = False, self._named(*found.span("who"))
        else:
            return
        self._label_ends = found.end()

    def without_label(self, sentence: Sequence[Token]) -> list[Token]:
        return [token for token in sentence if token.start >= self._label_ends]

    def _named(self, start: int, end: int) -> Actor | None:
        actor = self._read_label(start, end)
        if actor is None:
            return self._document
        if self._document is not None:
            entity = actor.entity or self._document.entity
            actor = replace(actor, entity=entity, actor_type=actor.actor_type or self._document.actor_type, needs="")
        self._answers = actor
        return actor


def _label(text: str, start: int, end: int) -> re.Match[str] | None:
    """*SPOKESPERSON:*, *Mr. Suvannarat, Director-General of …:*: names and titles, no sentence."""
    found = _LABEL.match(text, start, end)
    return found if found is not None and _looks_like_label(found["who"]) else None


def _looks_like_label(label: str) -> bool:
    plain = [word.strip(".,()") for word in label.split()]
    if len(plain) > _LONGEST_LABEL or any(word in words.NEVER_A_NOUN for word in plain):
        return False
    return all(not word or word[0].isupper() or word in words.IN_LABELS for word in plain)
