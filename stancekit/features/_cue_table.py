"""The closed table of cue features: name, group, kind, and what each one means."""

from __future__ import annotations

from functools import cache
from typing import Literal, NamedTuple

Kind = Literal["sum", "flag", "score"]
SUM_CAP = 20.0
"""A sum is stored as log(1 + min(sum, cap)), so that long texts do not outweigh short ones."""


class CueFeature(NamedTuple):
    """One column of the cue matrix."""

    name: str
    group: str
    kind: Kind
    description: str


_POLARITY_NAMES = {1: "endorsement", -1: "concern"}

# The groups of the lexicon -> (polarity, what their entries do).
LEXICON_GROUPS: dict[str, tuple[int, str]] = {
    "approve": (1, "approve, praise, take satisfaction"),
    "support": (1, "support, side with, uphold"),
    "thank": (1, "thank, congratulate, honour"),
    "cooperate": (1, "cooperate, deepen ties, call someone a friend"),
    "commit": (1, "commit oneself, pledge, reaffirm"),
    "accept": (1, "accept, agree"),
    "hope": (1, "hope, trust, look forward to"),
    "advocate": (1, "recommend, hold to be necessary or important"),
    "call": (0, "call on, urge, appeal to; what follows decides the polarity"),
    "merit": (1, "say that something is good, useful or successful"),
    "aid": (1, "help, assist, give relief"),
    "ideal": (1, "name a principle or a good: peace, justice, law"),
    "worry": (-1, "worry, doubt, take alarm"),
    "regret": (-1, "regret, lament, be disappointed"),
    "criticise": (-1, "criticise, blame, mock"),
    "accuse": (-1, "accuse, hold responsible, speak of breach"),
    "reject": (-1, "reject, refuse, deny"),
    "oppose": (-1, "oppose, object, protest"),
    "condemn": (-1, "condemn, denounce, abhor"),
    "demand": (-1, "demand, insist, call for an end"),
    "warn": (-1, "warn, name a danger"),
    "threaten": (-1, "threaten, announce an answer"),
    "wrong": (-1, "name a wrong: aggression, violation, oppression"),
    "punish": (-1, "punish: sanctions, expulsion, embargo"),
    "harm": (-1, "name suffering or damage"),
    "failure": (-1, "name a failure, lack, delay or difficulty"),
    "meeting": (0, "meet, visit, discuss"),
    "procedure": (0, "decide, vote, submit; texts and organs"),
    "saying": (0, "say, announce, report"),
    "withheld": (0, "give no comment, leave undecided, study"),
    "abstain": (0, "abstain, stay neutral, leave it to the parties"),
    "balance": (0, "address all sides alike"),
    "figures": (0, "give figures: trade, prices, turnout"),
    "record": (0, "record an act or a state of affairs"),
    "topic": (0, "name a subject that takes no side by itself"),
}

# How a stanced cue is used -> (feature group, description); each gives a feature for either polarity.
CONTEXTS: dict[str, tuple[str, str]] = {
    "main": ("clause", "asserted in a main clause, nothing turning or weakening it"),
    "relative": ("clause", "inside a relative clause (which, who)"),
    "embedded": ("clause", "inside a that-clause"),
    "under_concern": ("clause", "governed by an earlier cue of concern in the same clause"),
    "under_endorsement": ("clause", "governed by an earlier cue of endorsement in the same clause"),
    "opening": ("clause", "among the first four words"),
    "conceded": ("concession", "inside a concession (while, although, despite)"),
    "before_contrast": ("concession", "before but, however, nevertheless"),
    "after_contrast": ("concession", "after but, however, nevertheless"),
    "negated": ("negation", "turned by a negation"),
    "doubly_negated": ("negation", "under two negations that cancel out"),
    "hedged": ("modality", "under would, could, might or may"),
    "obliged": ("modality", "under should or must"),
    "future": ("modality", "under will or shall"),
    "conditional": ("modality", "inside a condition (if, unless)"),
    "first_person": ("subject", "with I, we, or a noun with my or our as the subject"),
    "actor": ("subject", "with a name, title or institution as the subject"),
    "pronoun": ("subject", "with he, she or they as the subject"),
    "impersonal": ("subject", "with it, this or there as the subject"),
    "no_subject": ("subject", "with no subject before it (resolutions, headlines, tweets)"),
    "passive": ("subject", "a participle after a form of be"),
    "quoted": ("reported", "inside quotation marks"),
    "reported": ("reported", "after a verb of saying"),
    "verb": ("form", "a verb"),
    "present": ("form", "a verb in its plain or -s form"),
    "past": ("form", "a verb in its past form or participle"),
    "noun": ("form", "a noun"),
    "quality": ("form", "an adjective or adverb"),
    "phrase": ("form", "a set phrase"),
    "weak": ("form", "of strength 1"),
    "strong": ("form", "of strength 3"),
    "intensified": ("form", "after an intensifier (deeply, fully)"),
    "question": ("form", "in a text that ends in a question mark"),
}

_OTHERS: tuple[CueFeature, ...] = (
    CueFeature("score_endorsement", "balance", "score", "weighted strength of endorsement, squashed to 0..1"),
    CueFeature("score_concern", "balance", "score", "weighted strength of concern, squashed to 0..1"),
    CueFeature("score_neutral", "balance", "score", "weighted strength of neutral cues, squashed to 0..1"),
    CueFeature("margin", "balance", "score", "endorsement minus concern over their sum, -1..1"),
    CueFeature("only_endorsement", "balance", "flag", "cues of endorsement and none of concern"),
    CueFeature("only_concern", "balance", "flag", "cues of concern and none of endorsement"),
    CueFeature("mixed", "balance", "flag", "cues of both"),
    CueFeature("no_stance", "balance", "flag", "no cue of endorsement or concern"),
    CueFeature("no_cue", "balance", "flag", "no cue at all"),
    CueFeature("first_endorsement", "balance", "flag", "the first stanced cue endorses"),
    CueFeature("first_concern", "balance", "flag", "the first stanced cue voices concern"),
    CueFeature("last_endorsement", "balance", "flag", "the last stanced cue endorses"),
    CueFeature("last_concern", "balance", "flag", "the last stanced cue voices concern"),
    CueFeature("strongest_endorsement", "balance", "flag", "the weightiest stanced cue endorses"),
    CueFeature("strongest_concern", "balance", "flag", "the weightiest stanced cue voices concern"),
    CueFeature("strong_endorsement_only", "balance", "flag", "a strong endorsement and no strong concern"),
    CueFeature("strong_concern_only", "balance", "flag", "a strong concern and no strong endorsement"),
    CueFeature("weak_only", "balance", "flag", "stanced cues, all of them of strength 1"),
    CueFeature("early_stance", "balance", "flag", "the first stanced cue is among the first six words"),
    CueFeature("negators", "negation", "sum", "negating words outside set phrases"),
    CueFeature("no_objection", "negation", "flag", "says that nothing is objected to"),
    CueFeature("concession", "concession", "flag", "a concession (while, although, despite)"),
    CueFeature("contrast", "concession", "flag", "a contrast (but, however, nevertheless)"),
    CueFeature("hedge", "modality", "sum", "would, could, might, may"),
    CueFeature("obligation", "modality", "sum", "should, must, ought to"),
    CueFeature("first_person_obligation", "modality", "flag", "we or I under should, must, need to"),
    CueFeature("future", "modality", "sum", "will, shall"),
    CueFeature("first_person_future", "modality", "flag", "I or we, then will or shall"),
    CueFeature("condition", "modality", "flag", "if, unless, provided that"),
    CueFeature("we", "subject", "sum", "we, us"),
    CueFeature("i", "subject", "sum", "I, me"),
    CueFeature("our", "subject", "sum", "my, our"),
    CueFeature("opens_first_person", "subject", "flag", "the text opens with I, we, my or our"),
    CueFeature("opens_name", "subject", "flag", "the text opens with a name"),
    CueFeature("opens_resolution", "subject", "flag", "the text opens as a paragraph of a resolution does"),
    CueFeature("names", "subject", "sum", "names, whatever they are"),
    CueFeature("institutions", "subject", "sum", "governments, ministers, councils, parties"),
    CueFeature("sides_speak", "subject", "flag", "both or all sides are the subject"),
    CueFeature("pronouns", "subject", "sum", "he, she, they"),
    CueFeature("impersonal", "subject", "sum", "it, this, there"),
    CueFeature("passive", "subject", "sum", "a form of be before a participle in -ed"),
    CueFeature("saying", "reported", "sum", "verbs of saying"),
    CueFeature("saying_last", "reported", "flag", "a verb of saying among the last six words"),
    CueFeature("quotation", "reported", "flag", "quotation marks"),
    CueFeature("call_outcome", "calls", "flag", "a call for an outcome that is favoured"),
    CueFeature("call_stop", "calls", "flag", "a call to stop, withdraw, lift or comply"),
    CueFeature("call_all_sides", "calls", "flag", "a call on all sides alike"),
    CueFeature("wrong_combated", "calls", "sum", "a wrong or harm named as the thing fought, prevented or ended"),
    CueFeature("numbers", "facts", "sum", "numbers in figures"),
    CueFeature("years", "facts", "sum", "years in figures"),
    CueFeature("dates", "facts", "sum", "months, days of the week, today"),
    CueFeature("percent", "facts", "flag", "a percentage"),
    CueFeature("money", "facts", "flag", "a sum of money"),
    CueFeature("past_be", "facts", "sum", "was, were, had been"),
    CueFeature("present_be", "facts", "sum", "is, are"),
    CueFeature("number_words", "facts", "sum", "numbers in words and vague quantities (several, about)"),
    CueFeature("time_words", "facts", "sum", "spans of time (year, last, ago)"),
    CueFeature("between", "facts", "sum", "between"),
    CueFeature("alternatives", "facts", "sum", "whether, or, either"),
    CueFeature("opinion", "opinion", "sum", "believe, think, consider, in our view"),
    CueFeature("desire", "opinion", "sum", "like, want, wish, ask"),
    CueFeature("emphasis", "opinion", "sum", "words that drive a point home (only, nothing, single, still)"),
    CueFeature("totality", "opinion", "sum", "all, every, always, full"),
    CueFeature("comparison", "opinion", "sum", "more, less, too, enough, better"),
    CueFeature("evaluative_it", "opinion", "flag", "it is, it would be, then a cue that judges"),
    CueFeature("cannot", "negation", "sum", "can, could, must or will negated"),
    CueFeature("counterfactual", "modality", "flag", "should, would, could or might have"),
    CueFeature("question", "form", "flag", "a question mark"),
    CueFeature("question_real", "form", "flag", "a question that opens with an interrogative and has no stanced cue"),
    CueFeature("exclamation", "form", "flag", "an exclamation mark"),
    CueFeature("mention", "form", "flag", "a hashtag or mention"),
    CueFeature("link", "form", "flag", "a web address"),
    CueFeature("short", "form", "flag", "at most twelve words"),
    CueFeature("medium", "form", "flag", "13 to 22 words"),
    CueFeature("long", "form", "flag", "23 to 35 words"),
    CueFeature("very_long", "form", "flag", "over 35 words"),
    CueFeature("commas", "form", "sum", "commas, dashes and brackets"),
)


def _table() -> tuple[CueFeature, ...]:
    signs = {1: "endorsement", -1: "concern", 0: "neutral"}
    lexical = [
        CueFeature(f"lex_{group}", "lexicon", "sum", f"{signs[sign]}: {description}")
        for group, (sign, description) in LEXICON_GROUPS.items()
    ]
    contextual = [
        CueFeature(f"{polarity}_{context}", group, "sum", f"cues of {polarity} {description}")
        for context, (group, description) in CONTEXTS.items()
        for polarity in _POLARITY_NAMES.values()
    ]
    return (*lexical, *contextual, *_OTHERS)


FEATURE_TABLE: tuple[CueFeature, ...] = _table()
"""Every feature, in the order of the columns."""

FEATURE_NAMES: tuple[str, ...] = tuple(feature.name for feature in FEATURE_TABLE)


@cache
def feature_index() -> dict[str, int]:
    """Column of each feature."""
    return {name: column for column, name in enumerate(FEATURE_NAMES)}


FEATURE_GROUPS: tuple[str, ...] = tuple(dict.fromkeys(feature.group for feature in FEATURE_TABLE))
"""The groups that ``CueFeatures(groups=...)`` accepts."""
