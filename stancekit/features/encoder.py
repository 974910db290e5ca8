"""Vectors of a stance-tuned sentence encoder as a scikit-learn transformer."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from stancekit.artifact import load_model
from stancekit.errors import InputError
from stancekit.features._encoder_block import EncoderBlock
from stancekit.scoring import StanceModel
from stancekit.text import as_texts


class EncoderFeatures(TransformerMixin, BaseEstimator):
    """Vectors of the sentence encoder of a trained model; nothing is learned in ``fit``.

    The encoder was fine-tuned on the fixtures, so that texts of one stance lie close together.

    Parameters
    ----------
    model : str or path, default="encoder"
        A shipped model's name or a model folder whose encoder is used.

    Attributes
    ----------
    block_ : EncoderBlock
        The opened encoder.

    Examples
    --------
    >>> from stancekit import EncoderFeatures
    >>> EncoderFeatures().fit_transform(["We welcome the accord."]).shape[0]
    1
    """

    def __init__(self, model: str | Path = "encoder") -> None:
        self.model = model

    def fit(self, texts: Iterable[str], y: ArrayLike | None = None) -> EncoderFeatures:
        """Open the encoder; the texts are only checked.

        Raises
        ------
        InputError
            If the model has no encoder, or the texts are not a sequence of str.
        ModelError
            If there is no such model.
        """
        as_texts(texts)
        model = load_model(self.model)
        block = model.encoder if isinstance(model, StanceModel) else None
        if block is None:
            raise InputError(f"EncoderFeatures: the model {str(self.model)!r} has no encoder of its own")
        self.block_: EncoderBlock = block
        return self

    def transform(self, texts: Iterable[str]) -> NDArray[np.float64]:
        """The vectors of the texts, float64 of shape (n, width)."""
        check_is_fitted(self)
        return self.block_.session.vectors(as_texts(texts))

    def get_feature_names_out(self, input_features: ArrayLike | None = None) -> NDArray[np.object_]:
        """Names such as ``encoder:17``, shape (width,)."""
        check_is_fitted(self)
        return np.asarray(self.block_.feature_names, dtype=object)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.two_d_array = False
        return tags
