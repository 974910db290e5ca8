"""The words of a statement that carry its stance, and whether they are those of courtesy."""

from __future__ import annotations

import re

from stancekit.features._cue_reading import Cue, find_cues
from stancekit.labels import Stance

_POLARITY = {Stance.ENDORSEMENT.value: 1, Stance.CONCERN.value: -1, Stance.NEUTRALITY.value: 0}
_DECLINING = frozenset({"withheld", "abstain", "balance"})
"""Groups of cues by which an actor declines to take a side."""

_COURTESY = re.compile(
    r"\b(?:thank(?!s to\b)|congratulat|felicitat|gratitude|grateful|indebted|tribute|(?:best|good) wishes|"
    r"every success|wish~ (?!to\b))"
)
"""Entries of the lexicon that are formal thanks or congratulation."""


def carrying(sentence: str, stance: str) -> list[Cue]:
    """The cues of the lexicon that speak for the stance, as their context reads them.

    *Welcome* in "does not welcome" speaks for concern. For neutrality these are the words that decline a position
    and the stanced ones that a negation takes back ("does not oppose"). Weak words, such as *good*, are given where
    there is nothing stronger. The lexicon is read here, not the model:
    the words are those that a reader would point to, and the model may have gone by others.

    Examples
    --------
    >>> [cue.text for cue in carrying("While we welcome the talks, we deplore the shelling.", "concern")]
    ['deplore']
    """
    found = [cue for cue in find_cues(sentence) if cue.polarity == _POLARITY[stance] and _counts(cue)]
    return [cue for cue in found if "weak" not in cue.contexts] or found


def is_courtesy(sentence: str) -> bool:
    """Whether a sentence of approval is formal thanks or congratulation, and has no other strong word of approval.

    Examples
    --------
    >>> is_courtesy("He congratulated her on her election."), is_courtesy("We thank the chair and support the plan.")
    (True, False)
    """
    approving = [cue for cue in find_cues(sentence) if cue.polarity > 0]
    polite = [cue for cue in approving if _COURTESY.search(cue.entry)]
    return bool(polite) and not any("strong" in cue.contexts for cue in approving if cue not in polite)


def _counts(cue: Cue) -> bool:
    return bool(cue.polarity) or cue.group in _DECLINING or "negated" in cue.contexts
