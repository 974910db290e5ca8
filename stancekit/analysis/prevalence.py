"""Shares of the labels in a corpus, with intervals that know that predictions err."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from stancekit.analysis._cells import WHOLE, Cell, Corpus, Key
from stancekit.analysis._design_based import DESIGN_BASED, Labelled, alone, coefficients, share_and_variance
from stancekit.analysis._quantification import adjusted_count, error_rates, expectation_maximisation, resampled
from stancekit.analysis.shares import Prevalence, Share
from stancekit.batch.source import listed, near_match
from stancekit.errors import InputError
from stancekit.intervals import score_interval, t_quantile
from stancekit.labels import LABELS

Floats = NDArray[np.float64]

DEFAULT_METHOD = "dsl"
METHODS = (*DESIGN_BASED, "adjusted-count", "sld", "naive")
DEFAULT_LEVEL = 0.95
SMALLEST_SAMPLE = 10
"""Fewer labelled rows than this give no interval."""

_LABEL_SHIFT = (
    "assumes label shift: statements of one label look alike in the labelled rows (or in training) and in every "
    "group; nothing in the data can show that they do not"
)
ASSUMPTIONS = {
    "adjusted-count": _LABEL_SHIFT,
    "sld": _LABEL_SHIFT + ", and probabilities that are calibrated; no interval can be given",
    "naive": "counts the most probable labels as if they were right; the errors of the model bias it",
}
"""What each method takes for granted; the others need only that the labelled rows were drawn by chance."""


def prevalence(
    probabilities: ArrayLike,
    labelled: Sequence[int] | NDArray[np.intp] = (),
    labels: Sequence[Any] = (),
    *,
    classes: Sequence[Any] = LABELS,
    sampling_probability: ArrayLike | None = None,
    groups: Sequence[Any] | None = None,
    method: str = DEFAULT_METHOD,
    level: float = DEFAULT_LEVEL,
    training_shares: ArrayLike | None = None,
) -> Prevalence:
    """The shares of the labels in a corpus, from its predictions and a sample of labelled rows.

    Parameters
    ----------
    probabilities : array-like of shape (n, k)
        Of all rows, those that the model abstained on too.
    labelled : sequence of int of length m
        Which rows were labelled by hand, from 0. They must have been drawn by chance.
    labels : sequence of length m
        Their labels.
    classes : sequence of length k
        The labels, in the order of the columns of ``probabilities``.
    sampling_probability : array-like of shape (m,), optional
        With which probability each labelled row was drawn; equal for all if left out.
    groups : sequence of length n, optional
        Estimate for the rows of each value, too.
    method : {"dsl", "ppi", "difference", "classical", "adjusted-count", "sld", "naive"}, default="dsl"
        Design-based supervised learning (Egami et al. 2023), power-tuned and plain prediction-powered inference
        (Angelopoulos et al. 2023), labels alone; or, under the assumption of label shift, adjusted count
        (Forman 2008) and expectation maximisation (Saerens et al. 2002), which needs no labels; or the share of
        predicted labels as it is.
    level : float, default=0.95
        Of the confidence intervals.
    training_shares : array-like of shape (k,), optional
        The shares of the classes where the model was trained; for ``sld`` only.

    Returns
    -------
    Prevalence

    Raises
    ------
    InputError
        If shapes, labels or options do not fit, or the method needs labels and there are none.

    Examples
    --------
    >>> from stancekit import prevalence
    >>> shares = [[0.8, 0.1, 0.1], [0.1, 0.2, 0.7]] * 50
    >>> found = prevalence(shares, range(20), ["concern", "neutrality"] * 10)
    >>> [(each.label, round(each.share, 2)) for each in found.shares]
    [('concern', 0.5), ('endorsement', 0.0), ('neutrality', 0.5)]
    """
    names = [str(name) for name in classes]
    table = np.asarray(probabilities, dtype=np.float64)
    if table.ndim != 2 or table.shape[1] != len(names) or not len(table):
        raise InputError(f"expected probabilities of shape (n, {len(names)}), one row at least, got {table.shape}")
    if groups is not None and len(groups) != len(table):
        raise InputError(f"expected {len(table)} groups, one a row, got {len(groups)}")
    keys = None if groups is None else [(str(group), "") for group in groups]
    corpus = Corpus(len(names), keep=method == "sld")
    corpus.add(table, keys)
    places = np.asarray(labelled, dtype=np.intp)
    if len(places) and not 0 <= places.min() <= places.max() < len(table):
        raise InputError(f"labelled holds {places.max()}; the rows are numbered from 0 to {len(table) - 1}")
    sample = labelled_rows(names, table[places], labels, sampling_probability)
    sample_keys = None if keys is None else [keys[place] for place in places]
    return estimate(corpus, sample, sample_keys, names, method=method, level=level, training_shares=training_shares)


def labelled_rows(
    names: Sequence[str], shares: Floats, labels: Sequence[Any], sampling_probability: ArrayLike | None
) -> Labelled:
    """The labelled rows as the estimators take them.

    Raises
    ------
    InputError
        If lengths differ, a label is not a class, or a sampling probability is none.
    """
    if len(labels) != len(shares):
        raise InputError(f"{len(shares)} labelled rows but {len(labels)} labels; give one label a row")
    number = {name: i for i, name in enumerate(names)}
    unknown = [str(label) for label in labels if str(label) not in number]
    if unknown:
        raise InputError(f"label {unknown[0]!r} is not one of {listed(names)}{near_match(unknown[0], names)}")
    truth = np.zeros(shares.shape)
    truth[np.arange(len(labels)), [number[str(label)] for label in labels]] = 1
    if sampling_probability is None:
        return Labelled(shares, truth, np.zeros(len(labels)), np.ones(len(labels)))
    drawn = np.asarray(sampling_probability, dtype=np.float64)
    if drawn.shape != (len(labels),) or not ((drawn > 0) & (drawn <= 1)).all():
        raise InputError("sampling_probability must hold one number a labelled row, above 0 and at most 1")
    return Labelled(shares, truth, drawn, 1 / drawn)


def estimate(
    corpus: Corpus,
    sample: Labelled,
    sample_keys: Sequence[Key] | None,
    names: Sequence[str],
    *,
    method: str = DEFAULT_METHOD,
    level: float = DEFAULT_LEVEL,
    training_shares: ArrayLike | None = None,
) -> Prevalence:
    """The shares in every cell of a corpus; :func:`prevalence` on arrays and files comes down to this.

    Raises
    ------
    InputError
        As there.
    """
    check_options(method, level)
    if method not in ("sld", "naive") and not len(sample.truth):
        raise InputError(f"method {method!r} needs labelled rows, and there are none; give some, or use 'sld'")
    results: dict[Key, _Result]
    if method in DESIGN_BASED:
        results = _design_based(corpus, sample, sample_keys, method, level)
    elif method == "adjusted-count":
        results = _adjusted(corpus, sample, level)
    elif method == "sld":
        prior = _checked_prior(training_shares, len(names))
        results = {
            key: _Result(expectation_maximisation(np.concatenate(cell.shares).astype(np.float64), prior))
            for key, cell in corpus.cells.items()
        }
    else:
        results = {key: _Result(cell.naive) for key, cell in corpus.cells.items()}
    shares = [share for key in corpus.ordered() for share in results[key].shares(key, corpus.cells[key], names)]
    notes = [ASSUMPTIONS[method]] if method in ASSUMPTIONS else []
    return Prevalence(method, level, tuple(shares), tuple(notes))


def check_options(method: str, level: float) -> None:
    """Raise :class:`InputError` unless there is such a method and such a level."""
    if method not in METHODS:
        raise InputError(f"no method {method!r}{near_match(method, METHODS)}; methods: {listed(METHODS)}")
    if not 0.5 <= level < 1:
        raise InputError(f"the level of an interval lies between 0.5 and 1 (such as 0.95), got {level:g}")


@dataclass(frozen=True)
class _Result:
    """Estimates of all classes in one cell; arrays of shape (k,)."""

    share: Floats | None
    low: Floats | None = None
    high: Floats | None = None
    labelled: int = 0
    note: str = ""

    def shares(self, key: Key, cell: Cell, names: Sequence[str]) -> list[Share]:
        return [
            Share(
                *key,
                name,
                _at(self.share, i),
                _at(self.low, i),
                _at(self.high, i),
                float(cell.naive[i]),
                cell.rows,
                self.labelled,
                self.note,
            )
            for i, name in enumerate(names)
        ]


def _design_based(
    corpus: Corpus, sample: Labelled, sample_keys: Sequence[Key] | None, method: str, level: float
) -> dict[Key, _Result]:
    slopes = coefficients(method, sample, corpus.cells[WHOLE])
    results = {}
    for key, cell in corpus.cells.items():
        rows = rows_of(key, sample, sample_keys)
        n = int(rows.sum())
        if not n:
            results[key] = _Result(None, note="no labelled row, so no estimate")
            continue
        share, variance = share_and_variance(sample.part(rows), slopes[rows], cell.centre)
        share = np.clip(share, 0, 1)
        if n < SMALLEST_SAMPLE:
            note = f"fewer than {SMALLEST_SAMPLE} labelled rows, so no interval, and the share is rough"
            results[key] = _Result(share, labelled=n, note=note)
            continue
        with np.errstate(divide="ignore"):
            sizes = alone(share, n) / variance
        critical = t_quantile(level, n - 1)
        ends = np.array([score_interval(float(s), float(size), critical) for s, size in zip(share, sizes, strict=True)])
        results[key] = _Result(share, ends[:, 0], ends[:, 1], n)
    return results


def _adjusted(corpus: Corpus, sample: Labelled, level: float) -> dict[Key, _Result]:
    guesses = np.eye(sample.shares.shape[1])[sample.shares.argmax(axis=1)]
    weights = sample.weights / sample.weights.mean()
    called = error_rates(sample.truth, guesses, weights)
    drawn = error_rates(sample.truth, guesses, resampled(weights))
    results = {}
    for key, cell in corpus.cells.items():
        low, high = np.quantile(adjusted_count(cell.naive, drawn), [0.5 - level / 2, 0.5 + level / 2], axis=0)
        results[key] = _Result(adjusted_count(cell.naive, called), low, high, len(guesses))
    return results


def rows_of(key: Key, sample: Labelled, sample_keys: Sequence[Key] | None) -> NDArray[np.bool_]:
    """Which of the labelled rows lie in a cell."""
    if key == WHOLE:
        return np.ones(len(sample.truth), dtype=bool)
    return np.array([each == key for each in sample_keys or ()], dtype=bool)


def _checked_prior(training_shares: ArrayLike | None, k: int) -> Floats:
    if training_shares is None:
        raise InputError("method 'sld' needs the shares of the labels in the model's training: training_shares=…")
    prior = np.asarray(training_shares, dtype=np.float64)
    if prior.shape != (k,) or not (prior > 0).all() or abs(prior.sum() - 1) > 1e-3:
        raise InputError(f"training_shares must hold {k} shares above 0 that sum to 1")
    return np.asarray(prior / prior.sum())


def _at(values: Floats | None, place: int) -> float | None:
    return None if values is None or not isfinite(values[place]) else float(values[place])
