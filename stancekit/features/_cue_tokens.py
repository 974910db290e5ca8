"""From a text to the words that cues are sought in: tokens, contractions, names folded to one mark, offsets."""

from __future__ import annotations

# ruff: noqa: SIM905 - lists of words are read and edited as prose, not as columns of quotation marks
import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from itertools import chain

from stancekit.features._cue_words import DATE_WORDS, FUNCTION_WORDS, KNOWN_OPENINGS, NAME_LINKS, WORD_CLASS
from stancekit.features._kept import Kept
from stancekit.text import TYPOGRAPHY, normalise

NAME = "<name>"
"""What every run of capitalised words is folded to: whose name it is must never matter."""
MENTION = "<mention>"
"""What hashtags and mentions are folded to."""

# One alternative per first character, so the scan never backtracks over more than a token.
TOKEN = re.compile(r"https?://\S+|[@#][\w]+|[^\W\d_]+(?:'[^\W\d_]+)*|\d+(?:[.,]\d+)*|[^\w\s]|_")

_SUFFIXES = {"'ll": "will", "'re": "are", "'ve": "have", "'d": "would", "'m": "am"}
BEFORE_IS = frozenset("it that there he she what who here where".split())
_STEMS = {"ca": "can", "wo": "will", "sha": "shall", "ai": "is"}
LONGEST_ABBREVIATION = 4
BEFORE_SENTENCE = frozenset('":.!?;(')


def _expanded(word: str) -> list[str]:
    """The words of a lower-case contraction; a possessive loses its ending."""
    if word == "cannot":
        return ["can", "not"]
    if "'" not in word:
        return [word]
    if word.endswith("n't"):
        stem = word[:-3]
        return [_STEMS.get(stem, stem), "not"] if stem else ["not"]
    if word == "let's":
        return ["let", "us"]
    stem, _, ending = word.rpartition("'")
    if ending == "s":
        return [stem, "is"] if stem in BEFORE_IS else [stem]
    if "'" + ending in _SUFFIXES and stem:
        return [stem, _SUFFIXES["'" + ending]]
    return [word]


def tokens_of(phrase: str) -> list[str]:
    """The tokens of a lexicon form, made as those of a text are."""
    return [part for token in TOKEN.findall(phrase) if token != "the" for part in _expanded(token)]


@cache
def cue_openings() -> dict[str, bool]:
    """First words of cues; True where the word alone is a cue and not only an adjective."""
    from stancekit.features._cue_lexicon import END, cue_trie

    openings = {}
    for word, node in cue_trie().items():
        reading = node.get(END)
        only_adjective = reading and not reading.as_verb and reading.as_other.pos == "adjective"
        openings[word] = bool(reading) and not only_adjective
    return openings


class Facts:
    """What the reading of names asks of a token, one bit each."""

    THE = 1 << 0
    MENTION = 1 << 1
    CAPITAL = 1 << 2
    """It has a capital and is no function word."""
    PLAIN = 1 << 3
    """It has no capital."""
    CLASSED = 1 << 4
    """It is in a word class."""
    DATED = 1 << 5
    KNOWN = 1 << 6
    """It opens sentences with a capital and names nobody."""
    OPENING = 1 << 7
    """A cue begins with it."""
    YIELDING = 1 << 8
    """A cue begins with it, yet before another capital it is part of a name."""
    SHOUTED = 1 << 9
    """It is a cue in capitals, not initials."""
    STOP = 1 << 10
    OPENS = 1 << 11
    """After it a sentence begins."""
    WORDLIKE = 1 << 12
    ABBREVIATION = 1 << 13
    """It is short enough for its full stop not to end a sentence."""


Token = tuple[int, tuple[str, ...]]
"""Facts, and the words that the token stands for."""


def facts_of(token: str) -> Token:
    """The :class:`Facts` of a token, and the words that it stands for."""
    low = token.lower()
    head, capital = token[0], token != low
    parts = tuple(_expanded(low))
    openings = cue_openings()
    stem = parts[0]
    facts = {
        Facts.THE: low == "the",
        Facts.MENTION: head in "@#" and len(token) > 1,
        Facts.CAPITAL: capital and low not in FUNCTION_WORDS,
        Facts.PLAIN: not capital,
        Facts.CLASSED: low in WORD_CLASS,
        Facts.DATED: low in DATE_WORDS,
        Facts.KNOWN: stem in KNOWN_OPENINGS,
        Facts.OPENING: stem in openings,
        Facts.YIELDING: stem in openings and (not openings[stem] or stem.endswith("ed")),
        Facts.SHOUTED: len(token) > 3 and token.isupper() and openings.get(low, False),
        Facts.STOP: token == ".",
        Facts.OPENS: head in BEFORE_SENTENCE,
        Facts.WORDLIKE: head.isalnum(),
        Facts.ABBREVIATION: len(token) <= LONGEST_ABBREVIATION,
    }
    return sum(fact for fact, holds in facts.items() if holds), parts


_SPECIAL = Facts.THE | Facts.MENTION | Facts.CAPITAL | Facts.STOP | Facts.OPENS
"""Facts that most tokens have none of."""


def _facts_in(chunk: str) -> list[Token]:
    return [facts_of(token) for token in TOKEN.findall(chunk)]


def _facts_in_shouted(chunk: str) -> list[Token]:
    return [facts_of(token.lower()) for token in TOKEN.findall(chunk)]


_FACTS, _SHOUTED_FACTS = Kept(_facts_in), Kept(_facts_in_shouted)


def words_of(text: str) -> tuple[list[str], list[int], set[int]]:
    """The words of a normalised text, for each the number of its token, and which of them stood after "the".

    Lower case; "the" is left out; contractions are written out; names, however many words they have,
    become one :data:`NAME`.
    """
    kept = _SHOUTED_FACTS if text.isupper() else _FACTS
    # no token holds white space
    facts = list(chain.from_iterable(map(kept.__getitem__, text.split())))
    words: list[str] = []
    numbers: list[int] = []
    definite: set[int] = set()
    initial = True
    last = len(facts) - 1
    for number, (flags, parts) in enumerate(facts):
        if flags & _SPECIAL:
            if flags & Facts.THE:
                definite.add(len(words))
                continue
            if flags & Facts.MENTION:
                words.append(MENTION)
                numbers.append(number)
                initial = False
                continue
            following = facts[number + 1][0] if number < last else 0
            if flags & Facts.CAPITAL and _is_name(flags, following, initial, words):
                initial = False
                place = _name_before(words)
                if place >= 0 and not _ends_sentence(words, place, facts, numbers):
                    del words[place + 1 :], numbers[place + 1 :]
                else:
                    words.append(NAME)
                    numbers.append(number)
                continue
            if flags & Facts.STOP and following & Facts.PLAIN and words and words[-1] == NAME:
                # The stop of an abbreviation ("U.S. officials"), not of a sentence.
                continue
            if flags & Facts.OPENS:
                initial = True
        words += parts
        numbers.append(number)
        if len(parts) > 1:
            numbers += [number] * (len(parts) - 1)
        if flags & Facts.WORDLIKE:
            initial = False
    return words, numbers, definite


def _is_name(flags: int, following: int, initial: bool, words: list[str]) -> bool:
    """Whether a capitalised token names someone or something."""
    before_capital = bool(following & Facts.CAPITAL)
    if flags & (Facts.CLASSED | Facts.DATED):
        # "Council" alone is a word; "Council of Ministers" and "United States" are names.
        return bool(flags & Facts.CLASSED) and (before_capital or (bool(words) and words[-1] == NAME))
    if initial:
        if flags & Facts.KNOWN:
            return False
        return not flags & Facts.OPENING or (before_capital and bool(flags & Facts.YIELDING))
    # Words shouted in a tweet are words; short ones in capitals are initials.
    return not flags & Facts.SHOUTED


def _name_before(words: list[str]) -> int:
    """The place of a name that only linking words part from the end, or -1."""
    place = len(words) - 1
    lowest = max(place - 3, -1)
    while place > lowest and words[place] in NAME_LINKS:
        place -= 1
    return place if place > lowest and words[place] == NAME else -1


def _ends_sentence(words: list[str], place: int, facts: Sequence[Token], numbers: list[int]) -> bool:
    """Whether a full stop after the name at ``place`` ends a sentence and not an abbreviation ("Mr.", "U.S.")."""
    if place + 1 >= len(words) or words[place + 1] != ".":
        return False
    return not facts[numbers[place + 1] - 1][0] & Facts.ABBREVIATION


def spans_of(text: str) -> list[tuple[int, int]]:
    """Start and end, in the text as given, of every token of its normalised form."""
    normalised, origin = _normalised_with_origin(text)
    if normalised != normalise(text):  # pragma: no cover - the two agree for every text that the tests could find
        return [(0, len(text)) for _ in TOKEN.findall(normalise(text))]
    return [(origin[m.start()][0], origin[m.end() - 1][1]) for m in TOKEN.finditer(normalised)]


# No ASCII character composes with what stands before it, so a text may be normalised cluster by cluster.
_CLUSTER = re.compile(r"[\x00-\x7f][^\x00-\x7f]*|[^\x00-\x7f]+")


def _normalised_with_origin(text: str) -> tuple[str, list[tuple[int, int]]]:
    """The normalised text, and where each of its characters stood in the given one."""
    characters: list[str] = []
    origin: list[tuple[int, int]] = []
    space_at: tuple[int, int] | None = None
    for match in _CLUSTER.finditer(text):
        start, end = match.span()
        cluster = match.group()
        folded = unicodedata.normalize("NFKC", cluster)
        whole = len(folded) != len(cluster)
        for offset, character in enumerate(folded):
            span = (start, end) if whole else (start + offset, start + offset + 1)
            for written in character.translate(TYPOGRAPHY):
                if written.isspace():
                    space_at = space_at or span
                    continue
                if space_at and characters:
                    characters.append(" ")
                    origin.append(space_at)
                space_at = None
                characters.append(written)
                origin.append(span)
    return "".join(characters), origin
