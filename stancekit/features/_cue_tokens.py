"""From a text to the words that cues are sought in: tokens, contractions, names folded to one mark, offsets."""

from __future__ import annotations

# ruff: noqa: SIM905 - lists of words are read and edited as prose, not as columns of quotation marks
import re
import unicodedata
from functools import cache

from stancekit.features._cue_words import DATE_WORDS, FUNCTION_WORDS, KNOWN_OPENINGS, NAME_LINKS, WORD_CLASS
from stancekit.text import TYPOGRAPHY, normalise

NAME = "<name>"
"""What every run of capitalised words is folded to: whose name it is must never matter."""
MENTION = "<mention>"
"""What hashtags and mentions are folded to."""

# One alternative per first character, so the scan never backtracks over more than a token.
TOKEN = re.compile(r"https?://\S+|[@#][\w]+|[^\W\d_]+(?:'[^\W\d_]+)*|\d+(?:[.,]\d+)*|[^\w\s]|_")

_SUFFIXES = {"'ll": "will", "'re": "are", "'ve": "have", "'d": "would", "'m": "am"}
_BEFORE_IS = frozenset("it that there he she what who here where".split())
_STEMS = {"ca": "can", "wo": "will", "sha": "shall", "ai": "is"}
_LONGEST_ABBREVIATION = 4
_OPENS = frozenset('":.!?;(')


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
        return [stem, "is"] if stem in _BEFORE_IS else [stem]
    if "'" + ending in _SUFFIXES and stem:
        return [stem, _SUFFIXES["'" + ending]]
    return [word]


def tokens_of(phrase: str) -> list[str]:
    """The tokens of a lexicon form, made as those of a text are."""
    return [part for token in TOKEN.findall(phrase) if token != "the" for part in _expanded(token)]


@cache
def _cue_openings() -> dict[str, bool]:
    """First words of cues; True where the word alone is a cue and not only an adjective."""
    from stancekit.features._cue_lexicon import END, cue_trie

    openings = {}
    for word, node in cue_trie().items():
        reading = node.get(END)
        only_adjective = reading and not reading.as_verb and reading.as_other.pos == "adjective"
        openings[word] = bool(reading) and not only_adjective
    return openings


def words_of(text: str) -> tuple[list[str], list[int], set[int]]:
    """The words of a normalised text, for each the number of its token, and which of them stood after "the".

    Lower case; "the" is left out; contractions are written out; names, however many words they have,
    become one :data:`NAME`.
    """
    tokens = TOKEN.findall(text)
    if text.isupper():
        tokens = [token.lower() for token in tokens]
    openings = _cue_openings()
    words: list[str] = []
    numbers: list[int] = []
    definite: set[int] = set()
    initial = True
    last = len(tokens) - 1
    for number, token in enumerate(tokens):
        low = token.lower()
        if low == "the":
            definite.add(len(words))
            continue
        head = token[0]
        if head in "@#" and len(token) > 1:
            words.append(MENTION)
            numbers.append(number)
            initial = False
            continue
        following = tokens[number + 1] if number < last else ""
        if token != low and low not in FUNCTION_WORDS and _is_name(token, low, following, initial, words, openings):
            initial = False
            place = _name_before(words)
            if place >= 0 and not _ends_sentence(words, place, tokens, numbers):
                del words[place + 1 :], numbers[place + 1 :]
            else:
                words.append(NAME)
                numbers.append(number)
            continue
        if token == "." and following and words and words[-1] == NAME and following == following.lower():
            # The stop of an abbreviation ("U.S. officials"), not of a sentence.
            continue
        if "'" in low or low == "cannot":
            parts = _expanded(low)
            words += parts
            numbers += [number] * len(parts)
        else:
            words.append(low)
            numbers.append(number)
        initial = head in _OPENS or (initial and not head.isalnum())
    return words, numbers, definite


def _is_name(token: str, low: str, following: str, initial: bool, words: list[str], openings: dict[str, bool]) -> bool:
    """Whether a capitalised token names someone or something."""
    next_low = following.lower()
    before_capital = following != next_low and next_low not in FUNCTION_WORDS
    if low in WORD_CLASS or low in DATE_WORDS:
        # "Council" alone is a word; "Council of Ministers" and "United States" are names.
        return low in WORD_CLASS and (before_capital or (bool(words) and words[-1] == NAME))
    if initial:
        stem = _expanded(low)[0]
        if stem in KNOWN_OPENINGS:
            return False
        return stem not in openings or (before_capital and (not openings[stem] or stem.endswith("ed")))
    # Words shouted in a tweet are words; short ones in capitals are initials.
    return not (len(token) > 3 and token.isupper() and openings.get(low, False))


def _name_before(words: list[str]) -> int:
    """The place of a name that only linking words part from the end, or -1."""
    place = len(words) - 1
    lowest = max(place - 3, -1)
    while place > lowest and words[place] in NAME_LINKS:
        place -= 1
    return place if place > lowest and words[place] == NAME else -1


def _ends_sentence(words: list[str], place: int, tokens: list[str], numbers: list[int]) -> bool:
    """Whether a full stop after the name at ``place`` ends a sentence and not an abbreviation ("Mr.", "U.S.")."""
    if place + 1 >= len(words) or words[place + 1] != ".":
        return False
    return len(tokens[numbers[place + 1] - 1]) > _LONGEST_ABBREVIATION


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
