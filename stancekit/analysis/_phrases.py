"""Where noun phrases end and verbs stand, told from words and their neighbours alone."""

from __future__ import annotations

from collections.abc import Sequence

from stancekit.analysis import _actor_words as words
from stancekit.analysis._tokens import QUOTATION, Token

_LONGEST_PHRASE = 40
_NEAR = 7
_PAST_LIKE_PRESENT = frozenset({"let", "put", "set"})
_BASE_FORMS = frozenset(word for word in words.VERBS if word + "s" in words.VERBS or word + "es" in words.VERBS)


def is_verb(tokens: Sequence[Token], at: int) -> bool:
    """Whether the token there is a finite verb and not a noun that looks like one."""
    token = tokens[at]
    if token.mention or (token.text[0].isupper() and at):
        return False
    if token.word not in words.VERBS:
        return _looks_like_past(tokens, at)
    if token.word in words.NEVER_A_NOUN or not at:
        return True
    before = tokens[at - 1]
    if before.word in words.DETERMINERS or before.word in words.PREPOSITIONS or before.text in {"'s", "’s"}:
        return False
    if token.word.endswith(("s", "ed")) or token.word not in _BASE_FORMS or token.word in _PAST_LIKE_PRESENT:
        return True
    return before.word in {"i", "we", "they", "you"} or _behind_plural(tokens, at)


def _looks_like_past(tokens: Sequence[Token], at: int) -> bool:
    """*briefed the Kuwaiti side*: not *armed with*, nor *a divided country*."""
    if not tokens[at].text.isalpha() or not tokens[at].text.islower() or not 0 < at < len(tokens) - 1:
        return False
    before, following = tokens[at - 1], tokens[at + 1]
    if _is_name_of_state(before) and tokens[at].word.endswith(("ed", "s")):
        return following.word != "by" and (at == 1 or tokens[at - 2].word != "of")
    if not tokens[at].word.endswith("ed"):
        return False
    if not (before.mention is not None or is_role(before.word) or before.is_name_like):
        return False
    return following.word in words.DETERMINERS or following.mention is not None or following.word == "that"


def _is_name_of_state(token: Token) -> bool:
    """*India*, not *Indian*."""
    return token.mention is not None and token.mention.entity is not None and token.text == token.mention.entity.name


def _behind_plural(tokens: Sequence[Token], at: int) -> bool:
    """Whether the noun phrase before has a plural in it: *senators of the opposition say*."""
    for token in reversed(tokens[max(0, at - _NEAR) : at]):
        if not token.text[0].isalnum():
            return False
        if is_plural(token) or token.word == "and":
            return True
    return False


def end_of_phrase(tokens: Sequence[Token], at: int) -> int:
    position = at
    limit = min(len(tokens), at + _LONGEST_PHRASE)
    while position < limit:
        token = tokens[position]
        if token.text == "," and (end := _end_of_list(tokens, at, position)):
            position = end
            continue
        if token.text == QUOTATION or (not token.text[0].isalnum() and token.text not in {"'s", "’s", "’", "'", "&"}):
            break
        if position > at and (is_verb(tokens, position) or _ends_phrase(tokens, at, position)):
            break
        position += 1
    return position


def _end_of_list(tokens: Sequence[Token], at: int, comma: int) -> int:
    """Behind the *and* of *France, the Netherlands and Portugal*: names only; 0 for anything else."""
    for position in range(at, min(len(tokens), at + _LONGEST_PHRASE)):
        token = tokens[position]
        if position > comma and token.word in {"and", "or"}:
            return position + 1 if tokens[position - 1].mention is not None else 0
        if token.mention is None and token.text not in {",", "the", "The"}:
            return 0
    return 0


def _ends_phrase(tokens: Sequence[Token], at: int, position: int) -> bool:
    word = tokens[position].word
    if word in {"and", "or"}:
        return position + 1 >= len(tokens) or not _joins(tokens, at, position)
    if word in words.RELATIVES or word in words.ADVERBS:
        return True
    if word in {"the", "a", "an"}:
        # *in Lima the ministry*: another phrase begins
        before = tokens[position - 1].word
        return before[0].isalnum() and before not in words.BEFORE_ARTICLES
    if word in words.PREPOSITIONS:
        head = tokens[position - 1]
        bare_name = head.mention is not None and position - at <= 2 and tokens[at].word in {"the", head.word}
        following = tokens[position + 1].text if position + 1 < len(tokens) else ""
        return bare_name or following in words.DAYS
    return tokens[position].text in words.DAYS and tokens[position - 1].word not in words.DETERMINERS


def _joins(tokens: Sequence[Token], at: int, position: int) -> bool:
    following = tokens[position + 1]
    if is_verb(tokens, position + 1) and following.mention is None:
        return False
    return (
        following.mention is not None
        or following.text[0].isupper()
        or following.word in words.DETERMINERS
        or (is_role(tokens[position - 1].word) and is_role(following.word))
    )


def is_role(word: str) -> bool:
    return word in words.OFFICIALS or word in words.PARTIES or word in words.EXPERTS or word in words.PRIVATE


def is_plural(token: Token) -> bool:
    word = token.word
    return token.mention is None and (word.endswith(("s", "men")) or word in {"people", "police"}) and word != "’s"
