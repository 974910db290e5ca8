"""The compiled kernel of stancekit: n-grams and cues read in C from the tables that stancekit makes.

Nothing here is called by users: ``stancekit`` finds the kernel and gives the same answers without it.
"""

from stancekit_fast._kernel import cues, ngrams, read_cues, score_ngrams

__all__ = ["INTERFACE", "cues", "ngrams", "read_cues", "score_ngrams"]

INTERFACE = 1
"""Which tables the kernel reads and how; stancekit uses it only if this is the number that it expects."""
