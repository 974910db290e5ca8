"""Which features a classifier learns from, joined side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, clone

from stancekit.artifact import load_model, shipped_models
from stancekit.errors import InputError
from stancekit.features._cue_block import CueBlock
from stancekit.features._cue_table import FEATURE_GROUPS, FEATURE_TABLE, feature_index
from stancekit.features.cues import CueFeatures
from stancekit.features.encoder import EncoderFeatures
from stancekit.features.ngrams import NgramFeatures
from stancekit.scoring import FeatureBlock, StanceModel

Floats = NDArray[np.float64]

CUE_WEIGHT = 0.05
"""Weight of a cue feature of unit variance beside n-gram vectors of unit length (docs/benchmarks/ngram.md)."""

ENCODER_WEIGHT = 0.1
"""Weight of an encoder's dimension of unit variance (docs/benchmarks/accuracy.md)."""


class TrainableBlocks(BaseEstimator):
    """Feature transformers whose columns are joined, each block with a weight.

    Parameters
    ----------
    transformers : tuple of estimators
        Each turns texts into a matrix.
    weights : tuple of float or None
        None leaves a block as it is; a number scales its columns to unit variance times that number.
    """

    def __init__(self, transformers: tuple[Any, ...], weights: tuple[float | None, ...]) -> None:
        self.transformers = transformers
        self.weights = weights

    def read(self, texts: list[str]) -> list[sp.csr_matrix | None]:
        """Features of the transformers that learn nothing, to be read once and used for every fit."""
        return [sp.csr_matrix(_opened(t, texts).transform(texts)) if _is_ready(t) else None for t in self.transformers]

    def fit_transform(self, texts: list[str], ready: list[sp.csr_matrix | None] | None = None) -> sp.csr_matrix:
        """Fit the transformers and return the joined features, sparse of shape (n, n_features).

        Parameters
        ----------
        texts : list of str
        ready : list of matrices or None, optional
            What ``read`` returned for these texts.
        """
        parts, factors = [], []
        for transformer, weight, known in zip(self.transformers, self.weights, self._known(ready), strict=True):
            if known is None:
                part = sp.csr_matrix(transformer.fit_transform(texts))
            else:
                part = known
                transformer.fit(texts[:1])
            factors.append(np.ones(part.shape[1]) if weight is None else weight / _spread(part))
            parts.append(part)
        self.factors_ = np.concatenate(factors)
        return sp.csr_matrix(sp.hstack(parts) @ sp.diags(self.factors_))

    def transform(self, texts: list[str], ready: list[sp.csr_matrix | None] | None = None) -> sp.csr_matrix:
        """The joined features of further texts, sparse of shape (n, n_features)."""
        parts = [
            sp.csr_matrix(transformer.transform(texts)) if known is None else known
            for transformer, known in zip(self.transformers, self._known(ready), strict=True)
        ]
        return sp.csr_matrix(sp.hstack(parts) @ sp.diags(self.factors_))

    def _known(self, ready: list[sp.csr_matrix | None] | None) -> list[sp.csr_matrix | None]:
        return [None] * len(self.transformers) if ready is None else ready

    def unscaled(self, coef: Floats) -> Floats:
        """Coefficients of shape (n_features, k) for the features before scaling."""
        return np.asarray(coef * self.factors_[:, None])

    def stored_blocks(self) -> tuple[FeatureBlock, ...]:
        """The fitted transformers as prediction uses them."""
        return tuple(_stored(transformer) for transformer in self.transformers)


def blocks_for(base: str | Path | TrainableBlocks) -> TrainableBlocks:
    """The features that a ``base`` names: ``ngram``, a shipped model, a model folder, or blocks of one's own.

    Raises
    ------
    ModelError
        If there is no such model.
    """
    if isinstance(base, TrainableBlocks):
        return base
    if str(base) == "ngram":
        return TrainableBlocks((NgramFeatures(), CueFeatures()), (None, CUE_WEIGHT))
    model = load_model(base)
    if not isinstance(model, StanceModel):
        raise InputError(f"base {str(base)!r} joins two models; use one of them: {', '.join(shipped_models())}")
    return blocks_like(model.manifest["features"], base)


def blocks_like(entries: list[Mapping[str, Any]], base: str | Path) -> TrainableBlocks:
    """Fresh transformers with the settings of a trained model's features."""
    transformers: list[Any] = []
    weights: list[float | None] = []
    for entry in entries:
        if entry["kind"] == "ngrams":
            sizes = {item["analyser"]: tuple(item["sizes"]) for item in entry["vocabularies"]}
            transformers.append(NgramFeatures(word_ngrams=sizes.get("word"), char_ngrams=sizes.get("char")))
            weights.append(None)
        elif entry["kind"] == "cues":
            transformers.append(CueFeatures(groups=_groups_of(entry["names"])))
            weights.append(CUE_WEIGHT)
        else:
            transformers.append(EncoderFeatures(base))
            weights.append(ENCODER_WEIGHT)
    return TrainableBlocks(tuple(transformers), tuple(weights))


def _groups_of(names: Sequence[str]) -> list[str] | None:
    """The groups of cue features that hold these names; None if they are all there are."""
    groups = {FEATURE_TABLE[feature_index()[name]].group for name in names}
    return None if groups == set(FEATURE_GROUPS) else [group for group in FEATURE_GROUPS if group in groups]


def _is_ready(transformer: Any) -> bool:
    return isinstance(transformer, (CueFeatures, EncoderFeatures))


def _opened(transformer: Any, texts: list[str]) -> Any:
    return clone(transformer).fit(texts[:1])


def _stored(transformer: Any) -> FeatureBlock:
    if isinstance(transformer, NgramFeatures):
        return transformer.index_
    if isinstance(transformer, EncoderFeatures):
        return transformer.block_
    return CueBlock(tuple(transformer.get_feature_names_out()))


def _spread(part: sp.csr_matrix) -> Floats:
    """Standard deviation of each column; 1 where a column is constant."""
    mean = np.asarray(part.mean(axis=0)).ravel()
    square = np.asarray(part.multiply(part).mean(axis=0)).ravel()
    deviation = np.sqrt(np.maximum(square - mean * mean, 0.0))
    return np.where(deviation > 0, deviation, 1.0)
