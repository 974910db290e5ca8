"""N-grams: the index without scikit-learn equals scikit-learn's own, on all of Unicode."""

from __future__ import annotations

import pickle

import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline

from stancekit.errors import InputError
from stancekit.features._ngram_index import NgramIndex, Vocabulary, char_ngrams, prepare, word_ngrams
from stancekit.features.ngrams import NgramFeatures

TEXTS = ["We welcome the accord.", "We regret the delay.", "The accord, the accord!"]

PIECES = st.one_of(
    st.text(st.characters(), max_size=8),
    st.sampled_from(
        ["we", "We", "accord", "\u0301", "\u03a3", "\u0130", "\u00df", "\ufb01", "\u2014", "a\u200bb", "_", "\n"]
    ),
)
CORPUS = st.lists(st.lists(PIECES, max_size=6).map(" ".join), min_size=1, max_size=5)
SIZES = st.tuples(st.integers(1, 4), st.integers(0, 3)).map(lambda pair: (pair[0], pair[0] + pair[1]))


def index_matrix(index: NgramIndex, texts: list[str]) -> np.ndarray:
    matrix = np.zeros((len(texts), index.n_features))
    for row, text in enumerate(texts):
        columns, values = index.rows(text)
        assert len(set(columns.tolist())) == len(columns)
        matrix[row, columns] = values
    return matrix


def vectorizer(analyser: str, sizes: tuple[int, int]) -> TfidfVectorizer:
    """scikit-learn's, with nothing of ours but the text's preparation."""
    options = {"preprocessor": prepare, "sublinear_tf": True, "ngram_range": sizes}
    if analyser == "word":
        return TfidfVectorizer(analyzer="word", token_pattern=r"(?u)\b\w+\b", **options)
    return TfidfVectorizer(analyzer="char_wb", **options)


@pytest.mark.parametrize("analyser", ["word", "char"])
@given(corpus=CORPUS, unseen=CORPUS, sizes=SIZES)
@example(corpus=["\ud800 \udfff x", "\u0345"], unseen=["", " ", "\U0010ffff"], sizes=(1, 2))
def test_the_index_counts_as_scikit_learn_does(
    analyser: str, corpus: list[str], unseen: list[str], sizes: tuple[int, int]
):
    reference = vectorizer(analyser, sizes)
    try:
        expected = reference.fit_transform(corpus).toarray()
    except ValueError as error:
        assume("empty vocabulary" not in str(error))
        raise
    chosen = {"word_ngrams": None, "char_ngrams": None, f"{analyser}_ngrams": sizes}
    features = NgramFeatures(**chosen, min_df=1).fit(corpus)
    assert features.get_feature_names_out().tolist() == [f"{analyser}:{t}" for t in reference.get_feature_names_out()]
    np.testing.assert_allclose(index_matrix(features.index_, corpus), expected, rtol=0, atol=1e-12)
    np.testing.assert_allclose(
        index_matrix(features.index_, unseen), reference.transform(unseen).toarray(), rtol=0, atol=1e-12
    )


@settings(max_examples=40)
@given(corpus=CORPUS, unseen=CORPUS)
def test_the_index_equals_the_transformer(corpus: list[str], unseen: list[str]):
    corpus = [*corpus, "we welcome it", "we regret it"]
    features = NgramFeatures(min_df=1)
    fitted = features.fit_transform(corpus)
    # scikit-learn adds up a row's length in another order the second time
    np.testing.assert_allclose(fitted.toarray(), features.transform(corpus).toarray(), rtol=0, atol=1e-12)
    np.testing.assert_allclose(index_matrix(features.index_, corpus), fitted.toarray(), rtol=0, atol=1e-12)
    expected = features.transform(unseen).toarray()
    np.testing.assert_allclose(index_matrix(features.index_, unseen), expected, rtol=0, atol=1e-12)
    weights = np.random.default_rng(0).normal(size=(features.index_.n_features, 3))
    np.testing.assert_allclose(features.index_.scorer(weights)(unseen), expected @ weights, rtol=1e-12, atol=1e-12)


@given(st.lists(PIECES, max_size=8).map(" ".join), SIZES)
def test_grams_are_cut_as_scikit_learn_cuts_them(text: str, sizes: tuple[int, int]):
    """The sequence itself, so that counts of grams that no vocabulary holds are equal, too."""
    assert list(word_ngrams(prepare(text), sizes)) == vectorizer("word", sizes).build_analyzer()(text)
    assert list(char_ngrams(prepare(text), sizes)) == vectorizer("char", sizes).build_analyzer()(text)


def test_each_kind_has_unit_length():
    matrix = NgramFeatures(min_df=1).fit_transform(TEXTS)
    words = NgramFeatures(char_ngrams=None, min_df=1).fit(TEXTS).index_.n_features
    for part in (matrix[:, :words], matrix[:, words:]):
        np.testing.assert_allclose(np.sqrt(part.multiply(part).sum(axis=1)), 1.0)


def test_names():
    features = NgramFeatures(word_ngrams=(1, 2), char_ngrams=(3, 3), min_df=1).fit(["We welcome it."])
    names = features.get_feature_names_out()
    assert names.dtype == object
    assert names.tolist() == [
        "word:it",
        "word:we",
        "word:we welcome",
        "word:welcome",
        "word:welcome it",
        "char: it",
        "char: we",
        "char:com",
        "char:elc",
        "char:it.",
        "char:lco",
        "char:me ",
        "char:ome",
        "char:t. ",
        "char:we ",
        "char:wel",
    ]
    assert features.index_.feature_names == names.tolist()
    assert features.get_feature_names_out(["ignored"]).tolist() == names.tolist()


@pytest.mark.parametrize("left_out", ["word", "char"])
def test_one_kind_left_out(left_out: str):
    features = NgramFeatures(**{f"{left_out}_ngrams": None}, min_df=1)
    matrix = features.fit_transform(TEXTS)
    assert matrix.shape == (3, features.index_.n_features)
    assert not any(name.startswith(left_out) for name in features.get_feature_names_out())


def test_rare_grams_are_left_out():
    names = NgramFeatures(char_ngrams=None, word_ngrams=(1, 1)).fit(TEXTS).get_feature_names_out()
    assert names.tolist() == ["word:accord", "word:the", "word:we"]


def test_max_features_keeps_so_many_of_each_kind():
    index = NgramFeatures(min_df=1, max_features=4).fit(TEXTS).index_
    assert [len(vocabulary.terms) for vocabulary in index.vocabularies] == [4, 4]


def test_typography_and_case_make_no_difference():
    features = NgramFeatures(min_df=1).fit(TEXTS)
    one = features.transform(["we regret the minister's delay - again"])
    other = features.transform(["WE  regret the MINISTER\u2019s de\u00adlay \u2014 again"])
    assert (one != other).nnz == 0


def test_sparse_float64():
    matrix = NgramFeatures(min_df=1).fit(TEXTS).transform(TEXTS)
    assert sp.issparse(matrix)
    assert matrix.format == "csr"
    assert matrix.dtype == np.float64


def test_no_texts_and_blank_texts():
    features = NgramFeatures(min_df=1).fit(TEXTS)
    assert features.transform([]).shape == (0, features.index_.n_features)
    assert features.transform(["", " \n"]).nnz == 0
    columns, values = features.index_.rows("")
    assert (columns.size, values.size) == (0, 0)


def test_never_truncated():
    index = NgramFeatures(min_df=1).fit(TEXTS).index_
    assert index.truncated(["word " * 10_000, ""]).tolist() == [False, False]


def test_any_sequence_of_texts():
    expected = NgramFeatures(min_df=1).fit_transform(TEXTS)
    assert (NgramFeatures(min_df=1).fit_transform(pd.Series(TEXTS, index=[9, 8, 7])) != expected).nnz == 0


@pytest.mark.parametrize(
    ("settings_", "texts", "message"),
    [
        ({"word_ngrams": None, "char_ngrams": None}, TEXTS, "word_ngrams and char_ngrams are both None"),
        ({"min_df": 3}, ["a b", "c d"], r"cannot learn a vocabulary from 2 texts: .*lower min_df \(now 3\)"),
        ({}, [], "cannot learn a vocabulary from 0 texts"),
        ({"min_df": 1}, ["", " "], "cannot learn a vocabulary from 2 texts: empty vocabulary"),
        ({}, "We welcome it.", "wrap it in a list"),
        ({}, ["a", None], r"texts\[1\] is missing \(None\)"),
        ({}, np.array([["a", "b"]]), "pass one column"),
    ],
)
def test_errors(settings_: dict[str, object], texts: object, message: str):
    with pytest.raises(InputError, match=message):
        NgramFeatures(**settings_).fit(texts)


def test_not_fitted():
    for method in ("transform", "get_feature_names_out"):
        with pytest.raises(NotFittedError, match="NgramFeatures"):
            getattr(NgramFeatures(), method)(TEXTS)


def test_a_failed_fit_changes_nothing():
    features = NgramFeatures(min_df=1).fit(TEXTS)
    expected = features.transform(TEXTS)
    with pytest.raises(InputError):
        features.fit(["", ""])
    assert (features.transform(TEXTS) != expected).nnz == 0


def test_fitting_again_forgets_the_first_texts():
    features = NgramFeatures(min_df=1).fit(TEXTS).fit(["quite other words", "other words"])
    assert features.get_feature_names_out().tolist() == (
        NgramFeatures(min_df=1).fit(["quite other words", "other words"]).get_feature_names_out().tolist()
    )


def test_clone_and_pickle():
    features = NgramFeatures(word_ngrams=(1, 3), min_df=1).fit(TEXTS)
    copy = clone(features)
    assert copy.get_params() == features.get_params()
    assert not hasattr(copy, "index_")
    again = pickle.loads(pickle.dumps(features))
    assert (again.transform(TEXTS) != features.transform(TEXTS)).nnz == 0
    assert again.index_.rows(TEXTS[0])[1].tolist() == features.index_.rows(TEXTS[0])[1].tolist()


def test_in_a_pipeline_and_a_search(labelled: tuple[list[str], list[str]]):
    texts, labels = labelled
    pipeline = make_pipeline(NgramFeatures(min_df=1), LogisticRegression())
    assert pipeline.fit(texts, labels).score(texts, labels) == 1.0
    grid = {"ngramfeatures__char_ngrams": [None, (2, 3)], "ngramfeatures__min_df": [1, 2]}
    search = GridSearchCV(pipeline, grid, cv=2, error_score="raise").fit(texts, labels)
    assert len(search.cv_results_["params"]) == 4
    assert set(search.predict(["We welcome the talks."])) <= set(labels)


def test_a_column_finds_its_term():
    vocabulary = Vocabulary("word", (1, 1), ("accord", "delay"), np.array([1.0, 2.0]))
    assert vocabulary.columns == {"accord": 0, "delay": 1}
    columns, values = vocabulary.row("delay accord unknown")
    found = dict(zip(columns.tolist(), values.tolist(), strict=True))
    assert found == {1: pytest.approx(2 / 5**0.5), 0: pytest.approx(1 / 5**0.5)}
