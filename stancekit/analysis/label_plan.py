"""How many rows to label for an interval of a wanted width."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

import numpy as np

from stancekit.analysis._cells import WHOLE, Corpus, Key
from stancekit.analysis._design_based import DESIGN_BASED, Labelled, alone, coefficients, share_and_variance
from stancekit.analysis.prevalence import DEFAULT_LEVEL, DEFAULT_METHOD, SMALLEST_SAMPLE, check_options, rows_of
from stancekit.analysis.shares import Needed, Plan
from stancekit.batch.source import listed
from stancekit.errors import InputError
from stancekit.intervals import t_quantile


def plan(
    corpus: Corpus,
    sample: Labelled,
    sample_keys: Sequence[Key] | None,
    *,
    width: float,
    method: str = DEFAULT_METHOD,
    level: float = DEFAULT_LEVEL,
) -> Plan:
    """How many rows to label, drawn with equal probability, for intervals of a width, in every cell of a corpus.

    The variance of a label around its prediction is taken from the labelled rows of a group where there are
    enough, else from the probabilities, which are then believed.

    Raises
    ------
    InputError
        If the width is not between 0 and 1, or the method uses no labels.
    """
    check_options(method, level)
    if not 0 < width < 1:
        raise InputError(f"a width lies between 0 and 1 (0.1 is five points either way), got {width:g}")
    if method not in DESIGN_BASED:
        raise InputError(f"method {method!r} has no labels to plan; use one of {listed(DESIGN_BASED)}")
    slopes = coefficients(method, sample, corpus.cells[WHOLE])
    per_label = (2 * t_quantile(level, 100) / width) ** 2
    needed, believed = [], False
    for key in corpus.ordered():
        cell, rows = corpus.cells[key], rows_of(key, sample, sample_keys)
        n = int(rows.sum())
        if n >= SMALLEST_SAMPLE:
            part = sample.part(rows)
            unlimited = Labelled(part.shares, part.truth, np.zeros(n), part.weights)
            share, variance = share_and_variance(unlimited, slopes[rows], cell.centre)
            around = variance * n
        else:
            believed = True
            share, around = cell.centre, cell.expected_variance
        of_labels = alone(share, max(n, SMALLEST_SAMPLE))
        counts = [_rows_needed(float(each.max()) * per_label, cell.rows) for each in (around, of_labels)]
        needed.append(Needed(*key, cell.rows, n, min(counts), counts[1]))
    notes = []
    if len(needed) > 1:
        notes.append("each group is counted for an interval of its own; the sum of the groups serves them all")
    if believed:
        notes.append(
            f"with fewer than {SMALLEST_SAMPLE} labelled rows, the probabilities are believed; "
            f"label {SMALLEST_SAMPLE} or more, and ask again"
        )
    return Plan(width, level, tuple(needed), tuple(notes))


def _rows_needed(infinite: float, rows: int) -> int:
    """Of a corpus of so many rows, where an endless one would need ``infinite``."""
    return min(max(ceil(infinite / (1 + infinite / rows)), SMALLEST_SAMPLE), rows)
