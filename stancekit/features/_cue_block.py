"""The cue features as a block of a trained model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stancekit.errors import ModelError
from stancekit.features._cue_kernel import compiled_cues
from stancekit.features._cue_reading import cue_matrix, sparse_rows
from stancekit.features._cue_table import feature_index

Floats = NDArray[np.float64]
Scorer = Callable[[Sequence[str]], Floats]


@dataclass(frozen=True)
class CueBlock:
    """Some or all of the cue features, read without scikit-learn.

    Attributes
    ----------
    names : tuple of str
        In the order of the columns.
    """

    names: tuple[str, ...]

    @classmethod
    def named(cls, names: tuple[str, ...]) -> CueBlock:
        """The block with these columns.

        Raises
        ------
        ModelError
            If this version of stancekit does not compute one of them.
        """
        unknown = sorted(set(names) - feature_index().keys())
        if unknown:
            raise ModelError(f"the model uses cue features that this stancekit does not know: {', '.join(unknown[:5])}")
        return cls(names)

    @property
    def kind(self) -> str:
        """The name of this kind of block in a model's manifest."""
        return "cues"

    @property
    def n_features(self) -> int:
        """How many cue features the block has."""
        return len(self.names)

    @property
    def feature_names(self) -> list[str]:
        """Names such as ``cue:worry_main``."""
        return [f"cue:{name}" for name in self.names]

    def matrix(self, texts: Sequence[str]) -> Floats:
        """The features, shape (n, n_features)."""
        index = feature_index()
        return cue_matrix(texts)[:, [index[name] for name in self.names]]

    def rows(self, text: str) -> tuple[NDArray[np.intp], Floats]:
        """Columns and values of the features of one text that are not zero."""
        values = self.matrix([text])[0]
        columns = np.flatnonzero(values)
        return columns, values[columns]

    def scorer(self, weights: Floats) -> Scorer:
        """A function from n texts to features times these weights of shape (n_features, k): shape (n, k)."""
        index = feature_index()
        every = np.zeros((len(index), weights.shape[1]))
        every[[index[name] for name in self.names]] = weights

        def scores(texts: Sequence[str]) -> Floats:
            compiled = compiled_cues()
            if compiled is not None:
                return compiled.scores(texts, every)
            places, columns, values = sparse_rows(texts)
            products = values[:, None] * every[columns]
            # bincount adds up in order, so that a row's sum does not depend on what stands beside it
            return np.column_stack([np.bincount(places, each, len(texts)) for each in products.T])

        return scores

    def truncated(self, texts: Sequence[str]) -> NDArray[np.bool_]:
        """Never: cues are read in texts of any length."""
        return np.zeros(len(texts), dtype=bool)
