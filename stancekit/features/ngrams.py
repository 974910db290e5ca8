"""Word and character n-grams as a scikit-learn transformer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.utils.validation import check_is_fitted

from stancekit.errors import InputError
from stancekit.features._ngram_index import TOKEN_PATTERN, NgramIndex, Vocabulary, prepare
from stancekit.text import as_texts


class NgramFeatures(TransformerMixin, BaseEstimator):
    """Word and character n-grams, weighted by sublinear tf-idf.

    Words and characters are weighted and scaled to unit length apart, then joined. Text is first brought to
    one typography (``stancekit.text.normalise``) and lower case.

    Parameters
    ----------
    word_ngrams : tuple of int or None, default=(1, 2)
        Shortest and longest run of words; None leaves words out.
    char_ngrams : tuple of int or None, default=(3, 5)
        Shortest and longest run of characters inside a word; None leaves characters out.
    min_df : int, default=2
        Leave out n-grams that stand in fewer texts.
    max_features : int or None, default=None
        Keep this many of the most frequent n-grams of each kind.

    Attributes
    ----------
    index_ : NgramIndex
        The vocabularies and inverse document frequencies.

    Examples
    --------
    >>> features = NgramFeatures(word_ngrams=(1, 1), char_ngrams=None, min_df=1)
    >>> features.fit_transform(["We welcome the accord.", "We regret the delay."]).shape
    (2, 6)
    >>> features.get_feature_names_out()[:2].tolist()
    ['word:accord', 'word:delay']
    """

    def __init__(
        self,
        word_ngrams: tuple[int, int] | None = (1, 2),
        char_ngrams: tuple[int, int] | None = (3, 5),
        min_df: int = 2,
        max_features: int | None = None,
    ) -> None:
        self.word_ngrams = word_ngrams
        self.char_ngrams = char_ngrams
        self.min_df = min_df
        self.max_features = max_features

    def fit(self, texts: Iterable[str], y: ArrayLike | None = None) -> NgramFeatures:
        """Learn the vocabularies.

        Parameters
        ----------
        texts : sequence of str, shape (n,)
        y : ignored

        Raises
        ------
        InputError
            If the texts are not a sequence of str, or hold no n-gram that is frequent enough.
        """
        self.fit_transform(texts, y)
        return self

    def fit_transform(self, texts: Iterable[str], y: ArrayLike | None = None, **_: Any) -> sp.csr_matrix:
        """Learn the vocabularies and return the features, sparse of shape (n, n_features)."""
        checked = as_texts(texts)
        vectorizers = self._new_vectorizers()
        if not vectorizers:
            raise InputError("NgramFeatures: word_ngrams and char_ngrams are both None; give at least one")
        try:
            parts = [vectorizer.fit_transform(checked) for vectorizer in vectorizers.values()]
        except ValueError as error:
            raise InputError(
                f"NgramFeatures cannot learn a vocabulary from {len(checked)} texts: {error}; "
                f"give more text or a lower min_df (now {self.min_df})"
            ) from error
        self._vectorizers = vectorizers
        self.index_ = NgramIndex(
            tuple(
                Vocabulary(kind, vectorizer.ngram_range, tuple(vectorizer.get_feature_names_out()), vectorizer.idf_)
                for kind, vectorizer in vectorizers.items()
            )
        )
        return sp.hstack(parts, format="csr")

    def transform(self, texts: Iterable[str]) -> sp.csr_matrix:
        """The features of the texts, sparse float64 of shape (n, n_features)."""
        check_is_fitted(self)
        checked = as_texts(texts)
        if not checked:
            return sp.csr_matrix((0, self.index_.n_features))
        return sp.hstack([v.transform(checked) for v in self._vectorizers.values()], format="csr")

    def get_feature_names_out(self, input_features: ArrayLike | None = None) -> NDArray[np.object_]:
        """Names such as ``word:deeply concerned`` and ``char: wel``, shape (n_features,)."""
        check_is_fitted(self)
        return np.asarray(self.index_.feature_names, dtype=object)

    def _new_vectorizers(self) -> dict[str, TfidfVectorizer]:
        shared = {
            "preprocessor": prepare,
            "min_df": self.min_df,
            "max_features": self.max_features,
            "sublinear_tf": True,
        }
        vectorizers = {}
        if self.word_ngrams is not None:
            vectorizers["word"] = TfidfVectorizer(
                analyzer="word", token_pattern=TOKEN_PATTERN, ngram_range=tuple(self.word_ngrams), **shared
            )
        if self.char_ngrams is not None:
            vectorizers["char"] = TfidfVectorizer(analyzer="char_wb", ngram_range=tuple(self.char_ngrams), **shared)
        return vectorizers

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.two_d_array = False
        return tags
