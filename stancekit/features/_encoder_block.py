"""The encoder's vectors as a block of a trained model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stancekit.features._encoder_session import EncoderSession

Floats = NDArray[np.float64]
Scorer = Callable[[Sequence[str]], Floats]


@dataclass(frozen=True)
class EncoderBlock:
    """Vectors of a stance-tuned encoder, of ``width`` columns."""

    session: EncoderSession
    width: int

    @property
    def kind(self) -> str:
        """The name of this kind of block in a model's manifest."""
        return "encoder"

    @property
    def n_features(self) -> int:
        """The width of the vectors."""
        return self.width

    @property
    def feature_names(self) -> list[str]:
        """Names such as ``encoder:17``."""
        return [f"encoder:{column}" for column in range(self.width)]

    def rows(self, text: str) -> tuple[NDArray[np.intp], Floats]:
        """All columns and their values for one text."""
        return np.arange(self.width), self.session.vectors([text])[0]

    def scorer(self, weights: Floats) -> Scorer:
        """A function from n texts to vectors times these weights of shape (width, k): shape (n, k)."""

        def scores(texts: Sequence[str]) -> Floats:
            # einsum without a BLAS call: a row's sum must not depend on how many rows stand beside it
            return np.asarray(np.einsum("nf,fk->nk", self.session.vectors(texts), weights, optimize=False))

        return scores

    def truncated(self, texts: Sequence[str]) -> NDArray[np.bool_]:
        """Which texts are longer than the encoder reads, shape (n,)."""
        return self.session.truncated(texts)
