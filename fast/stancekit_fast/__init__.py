"""The compiled kernel of stancekit: n-grams, cues and the look of a text read in C by the tables of stancekit.

Nothing here is called by users: ``stancekit`` finds the kernel and gives the same answers without it.
"""

from stancekit_fast._kernel import cues, ngrams, read_cues, read_profiles, score_ngrams

__all__ = ["INTERFACE", "cues", "ngrams", "read_cues", "read_profiles", "score_ngrams"]

INTERFACE = 2
"""Which tables the kernel reads and how; stancekit uses it only if this is the number that it expects."""
