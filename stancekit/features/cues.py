"""Diplomatic cues, read in context, as a scikit-learn transformer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, TransformerMixin

from stancekit.errors import InputError
from stancekit.features._cue_reading import cue_matrix
from stancekit.features._cue_table import FEATURE_GROUPS, FEATURE_TABLE
from stancekit.text import as_texts


class CueFeatures(TransformerMixin, BaseEstimator):
    """Diplomatic cues (welcomes, deplores, takes note of) read in context.

    The context is negation, concession and main clause, modality and condition, the subject, reported speech, and
    whether a call goes to one side or to all. Names of countries and persons play no part. The transformer has no
    state: ``fit`` only checks its parameter.

    Parameters
    ----------
    groups : sequence of str or None, default=None
        Groups of features to keep, in any order; None keeps all. ``FEATURE_GROUPS`` of
        ``stancekit.features._cue_table`` lists them.

    Examples
    --------
    >>> features = CueFeatures(groups=["balance"]).fit(["We welcome the accord."])
    >>> names = features.get_feature_names_out().tolist()
    >>> row = features.transform(["While it welcomed the visit, the ministry deplored the arrests."])[0]
    >>> [name for name, value in zip(names, row) if value == 1]
    ['mixed', 'first_endorsement', 'last_concern', 'strongest_concern', 'strong_concern_only', 'early_stance']
    """

    def __init__(self, groups: Sequence[str] | None = None) -> None:
        self.groups = groups

    def fit(self, texts: Iterable[str], y: ArrayLike | None = None) -> CueFeatures:
        """Check the parameter and the texts.

        Parameters
        ----------
        texts : sequence of str
        y : ignored

        Returns
        -------
        CueFeatures

        Raises
        ------
        InputError
            If ``groups`` names no known group, or ``texts`` is not a flat sequence of str.
        """
        as_texts(texts)
        self._columns()
        return self

    def transform(self, texts: Iterable[str]) -> NDArray[np.float64]:
        """The features of texts.

        Parameters
        ----------
        texts : sequence of str

        Returns
        -------
        ndarray of shape (n, n_features), float64
        """
        return np.ascontiguousarray(cue_matrix(texts)[:, self._columns()])

    def get_feature_names_out(self, input_features: ArrayLike | None = None) -> NDArray[np.object_]:
        """Names of the columns.

        Parameters
        ----------
        input_features : ignored
            Texts have no feature names.

        Returns
        -------
        ndarray of str
        """
        return np.array([FEATURE_TABLE[column].name for column in self._columns()], dtype=object)

    def _columns(self) -> list[int]:
        known = FEATURE_GROUPS
        wanted = known if self.groups is None else self.groups
        if isinstance(wanted, str) or not len(wanted) or not set(wanted) <= set(known):
            raise InputError(f"groups={self.groups!r}: expected a list out of {', '.join(known)}; None keeps all")
        return [column for column, feature in enumerate(FEATURE_TABLE) if feature.group in wanted]

    def __sklearn_is_fitted__(self) -> bool:
        return True

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.requires_fit = False
        tags.input_tags.string = True
        tags.input_tags.two_d_array = False
        tags.input_tags.one_d_array = True
        return tags
