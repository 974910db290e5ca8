"""The diplomatic cue lexicon: reading the table, inflecting its lemmas, and the trie that finds them."""

from __future__ import annotations

# ruff: noqa: SIM905 - lists of words are read and edited as prose, not as columns of quotation marks
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

POLARITIES = {"+": 1, "-": -1, "0": 0}
PARTS_OF_SPEECH = ("verb", "noun", "adjective", "adverb", "phrase")
END = ""
"""Key of a trie node that holds the entry ending there; no token is empty."""

# Verbs that double their last consonant although their ending alone does not tell (stress decides).
_DOUBLING = frozenset(
    "commit abet rebut deter incur infer confer refer prefer transfer compel expel repel dispel propel regret permit "
    "admit submit transmit remit omit emit acquit rebel patrol control excel cancel travel quarrel model channel label "
    "ban bar beg stop drop plan ship trap step set cut hit hurt put sit get win run let plot rig slam stem strip "
    "shop lag nag wed bomb-dim dim trim rob drag hug scan tap top slip grip equip".split()
)
_IRREGULAR: dict[str, tuple[str, ...]] = {
    "be": ("am", "is", "are", "was", "were", "been", "being"),
    "have": ("has", "had", "having"),
    "do": ("does", "did", "done", "doing"),
    "go": ("goes", "went", "gone", "going"),
    "say": ("says", "said", "saying"),
    "pay": ("pays", "paid", "paying"),
    "lay": ("lays", "laid", "laying"),
    "lie": ("lies", "lay", "lain", "lied", "lying"),
    "die": ("dies", "died", "dying"),
    "flee": ("flees", "fled", "fleeing"),
    "free": ("frees", "freed", "freeing"),
    "see": ("sees", "saw", "seen", "seeing"),
    "agree": ("agrees", "agreed", "agreeing"),
    "disagree": ("disagrees", "disagreed", "disagreeing"),
    "decree": ("decrees", "decreed", "decreeing"),
    "guarantee": ("guarantees", "guaranteed", "guaranteeing"),
}
# Present stem -> (past, participle); the -s and -ing forms are regular.
_STRONG: dict[str, tuple[str, ...]] = {
    "stand": ("stood",),
    "uphold": ("upheld",),
    "hold": ("held",),
    "withdraw": ("withdrew", "withdrawn"),
    "undertake": ("undertook", "undertaken"),
    "take": ("took", "taken"),
    "forsake": ("forsook", "forsaken"),
    "give": ("gave", "given"),
    "forgive": ("forgave", "forgiven"),
    "make": ("made",),
    "meet": ("met",),
    "tell": ("told",),
    "speak": ("spoke", "spoken"),
    "send": ("sent",),
    "spend": ("spent",),
    "lend": ("lent",),
    "bring": ("brought",),
    "buy": ("bought",),
    "sell": ("sold",),
    "seek": ("sought",),
    "fight": ("fought",),
    "think": ("thought",),
    "keep": ("kept",),
    "feel": ("felt",),
    "leave": ("left",),
    "lose": ("lost",),
    "find": ("found",),
    "build": ("built",),
    "rebuild": ("rebuilt",),
    "get": ("got", "gotten"),
    "set": (),
    "put": (),
    "cut": (),
    "hit": (),
    "let": (),
    "cost": (),
    "read": (),
    "run": ("ran",),
    "come": ("came",),
    "become": ("became", "become"),
    "overcome": ("overcame",),
    "fall": ("fell", "fallen"),
    "rise": ("rose", "risen"),
    "grow": ("grew", "grown"),
    "draw": ("drew", "drawn"),
    "throw": ("threw", "thrown"),
    "break": ("broke", "broken"),
    "begin": ("began", "begun"),
    "write": ("wrote", "written"),
    "strive": ("strove", "striven", "strived"),
    "bear": ("bore", "borne"),
    "fly": ("flew", "flown"),
    "win": ("won",),
    "shoot": ("shot",),
    "strike": ("struck", "stricken"),
    "bind": ("bound",),
    "owe": ("owed",),
    "teach": ("taught",),
    "bleed": ("bled",),
    "feed": ("fed",),
    "hurt": (),
    "lead": ("led",),
    "mislead": ("misled",),
    "sow": ("sowed", "sown"),
    "spin": ("spun",),
    "spurn": ("spurned",),
    "vow": ("vowed",),
    "show": ("showed", "shown"),
    "know": ("knew", "known"),
    "add": ("added",),
}
_NO_ADVERB = frozenset(["hard", "late", "short", "good"])
"""Adjectives whose -ly form is another word ("hardly") or none."""
_VOWELS = frozenset("aeiou")


@dataclass(frozen=True)
class Entry:
    """One line of the lexicon."""

    entry: str
    pos: str
    group: str
    polarity: int
    strength: int


def _with_ing(verb: str) -> str:
    if verb.endswith("e") and not verb.endswith(("ee", "oe", "ye")):
        return verb[:-1] + "ing"
    return (verb + verb[-1] if verb in _DOUBLING else verb) + "ing"


def _with_ed(verb: str) -> str:
    if verb.endswith("e"):
        return verb + "d"
    if verb.endswith("y") and verb[-2] not in _VOWELS:
        return verb[:-1] + "ied"
    return (verb + verb[-1] if verb in _DOUBLING else verb) + "ed"


def plural(word: str) -> str:
    """The -s form of a noun or verb."""
    if word.endswith("y") and word[-2] not in _VOWELS:
        return word[:-1] + "ies"
    return word + ("es" if word.endswith(("s", "x", "z", "ch", "sh")) else "s")


def _adverb(adjective: str) -> str:
    if adjective.endswith("y"):
        return adjective[:-1] + "ily"
    if adjective.endswith("ic"):
        return adjective + "ally"
    if adjective.endswith("le"):
        return adjective[:-1] + "y"
    return adjective + "ly"


def _spellings(word: str) -> set[str]:
    """The word and its American spelling."""
    american = word
    for british, other in (("is", "iz"), ("ys", "yz")):
        for ending in ("e", "ed", "es", "ing"):
            if len(word) > 6 and word.endswith(british + ending) and not word.endswith(_ONLY_ISE):
                american = word[: -len(british + ending)] + other + ending
    if len(word) > 5:
        american = american.replace("avour", "avor").replace("onour", "onor").replace("eighbour", "eighbor")
        american = american.replace("deavour", "deavor").replace("umour", "umor").replace("efence", "efense")
    if american.endswith(("elled", "elling")):
        american = american.replace("elled", "eled").replace("elling", "eling")
    return {word, american}


# Words whose -ise, -ised, -ises or -ising is not the suffix.
_ONLY_ISE = tuple(
    stem + ending
    for stem in ("prais", "promis", "pris", "rais", "advis", "supervis", "exercis", "surpris", "compromis", "chastis")
    for ending in ("e", "ed", "es", "ing")
)


def verb_forms(verb: str) -> set[str]:
    """Every form of a verb, in both spellings.

    Examples
    --------
    >>> sorted(verb_forms("criticise"))[:4]
    ['criticise', 'criticised', 'criticises', 'criticising']
    >>> sorted(verb_forms("withdraw"))
    ['withdraw', 'withdrawing', 'withdrawn', 'withdraws', 'withdrew']
    """
    if verb in _IRREGULAR:
        forms = {verb, *_IRREGULAR[verb]}
    elif verb in _STRONG:
        forms = {verb, plural(verb), _with_ing(verb), *_STRONG[verb]}
    else:
        forms = {verb, plural(verb), _with_ing(verb), _with_ed(verb)}
    return {spelling for form in forms for spelling in _spellings(form)}


def _forms(entry: Entry) -> Iterator[tuple[str, str]]:
    """Yield (surface form, part of speech) of an entry."""
    word = entry.entry
    if entry.pos == "phrase":
        phrases: set[tuple[str, ...]] = {()}
        for choices in (verb_forms(w[:-1]) if w.endswith("~") else _spellings(w) for w in word.split()):
            phrases = {(*phrase, form) for phrase in phrases for form in choices}
        yield from ((" ".join(phrase), "phrase") for phrase in phrases)
    elif entry.pos == "verb":
        # The first part of a compound verb (co-sponsor) stays as it is.
        head, _, tail = word.rpartition("-")
        yield from (((f"{head}-{form}" if head else form), "verb") for form in verb_forms(tail))
    else:
        for spelling in _spellings(word):
            yield spelling, entry.pos
            if entry.pos == "noun":
                yield plural(spelling), "noun"
            if entry.pos == "adjective" and not spelling.endswith("ly") and word not in _NO_ADVERB:
                yield _adverb(spelling), "adverb"


@cache
def load_lexicon() -> tuple[Entry, ...]:
    """The entries of ``lexicon.tsv`` in file order, read once."""
    lines = files("stancekit.features").joinpath("lexicon.tsv").read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if not line.startswith("#"))
    return tuple(Entry(word, pos, group, POLARITIES[sign], int(strength)) for word, pos, group, sign, strength in rows)


@dataclass(frozen=True)
class Reading:
    """What a surface form can be: as a verb and as anything else."""

    as_verb: Entry | None
    as_other: Entry | None


@cache
def cue_trie() -> dict[str, Any]:
    """All surface forms as nested dictionaries, token by token; END leads to a :class:`Reading`."""
    from stancekit.features._cue_tokens import tokens_of

    root: dict[str, Any] = {}
    readings: dict[tuple[str, ...], dict[bool, Entry]] = {}
    for entry in load_lexicon():
        for form, pos in _forms(entry):
            # An entry that stands earlier in the file wins; so does a lemma over a derived form.
            readings.setdefault(tuple(tokens_of(form)), {}).setdefault(pos == "verb", entry)
    for tokens, found in readings.items():
        node = root
        for token in tokens:
            node = node.setdefault(token, {})
        node[END] = Reading(found.get(True), found.get(False))
    return root
