"""scikit-learn's estimator checks on the estimators of stancekit.

scikit-learn runs but one of its checks on an estimator whose input is text (``tags.input_tags.two_d_array`` is
false) and skips the others. Those that make no data are run here as they are; every other one that applies is
ported: the test's docstring names the check of ``sklearn.utils.estimator_checks`` that it ports.
"""

from __future__ import annotations

import pickle
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp
from sklearn.base import BaseEstimator, clone, is_classifier
from sklearn.exceptions import DataConversionWarning, NotFittedError, SkipTestWarning
from sklearn.pipeline import make_pipeline
from sklearn.utils import estimator_checks, get_tags
from sklearn.utils.class_weight import compute_class_weight
from sklearn.utils.estimator_checks import parametrize_with_checks
from sklearn.utils.validation import check_is_fitted

from stancekit.classifier import StanceClassifier
from stancekit.features.blocks import TrainableBlocks
from stancekit.features.cues import CueFeatures
from stancekit.features.ngrams import NgramFeatures

Data = tuple[list[str], np.ndarray]
Make = Callable[[], Any]


def classifier(**settings: Any) -> StanceClassifier:
    return StanceClassifier(**{"base": "ngram", "random_state": 0, "calibrate": False, **settings})


MAKERS: dict[str, Make] = {
    "StanceClassifier": classifier,
    "StanceClassifier, calibrated": lambda: StanceClassifier(base="ngram", random_state=0),
    "NgramFeatures": lambda: NgramFeatures(min_df=1),
    "CueFeatures": CueFeatures,
}
ALL = pytest.mark.parametrize("make", MAKERS.values(), ids=list(MAKERS))
CLASSIFIERS = pytest.mark.parametrize("make", list(MAKERS.values())[:2], ids=list(MAKERS)[:2])
TRANSFORMERS = pytest.mark.parametrize("make", list(MAKERS.values())[2:], ids=list(MAKERS)[2:])
STATEFUL = pytest.mark.parametrize("make", list(MAKERS.values())[:3], ids=list(MAKERS)[:3])


@pytest.fixture(scope="module")
def data(labelled: tuple[list[str], list[str]]) -> Data:
    texts, labels = labelled
    return texts, np.array(labels)


def dense(answer: Any) -> np.ndarray:
    return answer.toarray() if sp.issparse(answer) else np.asarray(answer)


def answers(estimator: Any, texts: Any) -> dict[str, np.ndarray]:
    """What every method that takes texts returns."""
    names = ("predict", "predict_proba", "decision_function", "transform", "score_samples")
    return {name: dense(getattr(estimator, name)(texts)) for name in names if hasattr(estimator, name)}


def same(one: dict[str, np.ndarray], other: dict[str, np.ndarray]) -> bool:
    return one.keys() == other.keys() and all((one[name] == other[name]).all() for name in one)


# -- scikit-learn's own ------------------------------------------------------------------------------------------

ESTIMATORS = [StanceClassifier(base="ngram"), NgramFeatures(), CueFeatures()]
WITHOUT_DATA = (
    "check_do_not_raise_errors_in_init_or_set_params",
    "check_estimator_repr",
    "check_estimator_tags_renamed",
    "check_get_params_invariance",
    "check_mixin_order",
    "check_no_attributes_set_in_init",
    "check_parameters_default_constructible",
    "check_set_params",
    "check_valid_tag_types",
)

with warnings.catch_warnings():
    # said once an estimator: the checks that follow in scikit-learn's list need numbers
    warnings.simplefilter("ignore", SkipTestWarning)
    as_scikit_learn_lists_them = parametrize_with_checks(
        ESTIMATORS, legacy=True, expected_failed_checks=lambda estimator: {}
    )


@as_scikit_learn_lists_them
def test_every_check_that_scikit_learn_runs_on_text(estimator: BaseEstimator, check: Callable[[Any], None]):
    """``check_estimator`` itself; no check is expected to fail."""
    check(estimator)


@pytest.mark.parametrize("name", WITHOUT_DATA)
@pytest.mark.parametrize("estimator", ESTIMATORS, ids=lambda estimator: type(estimator).__name__)
def test_the_checks_that_make_no_data(estimator: BaseEstimator, name: str):
    """Run as scikit-learn wrote them; its list leaves them out for text without need."""
    getattr(estimator_checks, name)(type(estimator).__name__, clone(estimator))


# -- parameters and attributes ------------------------------------------------------------------------------------


@ALL
def test_parameters_survive_fit(make: Make, data: Data):
    """check_estimators_overwrite_params"""
    estimator = make()
    before = {name: pickle.dumps(value) for name, value in estimator.get_params().items()}
    estimator.fit(*data)
    assert {name: pickle.dumps(value) for name, value in estimator.get_params().items()} == before


@ALL
def test_fit_adds_learned_attributes_only(make: Make, data: Data):
    """check_dont_overwrite_parameters"""
    estimator = make()
    before = dict(vars(estimator))
    estimator.fit(*data)
    added = vars(estimator).keys() - before.keys()
    assert all(name.endswith("_") or name.startswith("_") for name in added)
    assert {name: value for name, value in vars(estimator).items() if name in before} == before


@ALL
def test_answering_changes_nothing(make: Make, data: Data):
    """check_dict_unchanged"""
    estimator = make().fit(*data)
    before = dict(vars(estimator))
    answers(estimator, data[0])
    after = vars(estimator)
    assert after.keys() == before.keys()
    assert all(after[name] is before[name] for name in before)


@ALL
def test_fit_returns_self(make: Make, data: Data):
    """check_estimators_fit_returns_self"""
    estimator = make()
    assert estimator.fit(*data) is estimator


@ALL
def test_fit_and_score_take_y(make: Make):
    """check_fit_score_takes_y"""
    from inspect import signature

    for name in ("fit", "score", "fit_transform"):
        if (method := getattr(make(), name, None)) is not None:
            assert list(signature(method).parameters)[1] in ("y", "Y", "labels")


@ALL
def test_tags(make: Make):
    """check_valid_tag_types"""
    estimator = make()
    tags = get_tags(estimator)
    assert (tags.input_tags.string, tags.input_tags.two_d_array) == (True, False)
    assert is_classifier(estimator) == (tags.estimator_type == "classifier") == hasattr(estimator, "predict")
    assert tags.target_tags.required == is_classifier(estimator)
    assert tags.requires_fit == (type(estimator) is not CueFeatures)
    assert not tags.non_deterministic
    assert not tags.no_validation


@ALL
def test_repr(make: Make):
    """check_estimator_repr"""
    estimator = make()
    assert repr(estimator).startswith(type(estimator).__name__ + "(")
    assert repr(clone(estimator)) == repr(estimator)


@pytest.mark.parametrize(
    ("estimator", "error"),
    [
        (StanceClassifier(base="ngram", C=-1.0), "'C' parameter"),
        (StanceClassifier(base="ngram", C="1"), "'C' parameter"),
        (StanceClassifier(base="ngram", class_weight="balance"), "'class_weight' parameter"),
        (StanceClassifier(base="nowhere"), "nowhere"),
        (NgramFeatures(min_df=-1), "min_df"),
        (NgramFeatures(max_features=-1), "max_features"),
        (CueFeatures(groups=["joy"]), "groups="),
        (CueFeatures(groups="balance"), "groups="),
        (CueFeatures(groups=[]), "groups="),
    ],
    ids=repr,
)
def test_bad_parameters_are_told_by_fit(estimator: BaseEstimator, error: str, data: Data):
    """check_param_validation"""
    with pytest.raises(Exception, match=error):
        estimator.fit(*data)


# -- fitting again, fitting elsewhere ------------------------------------------------------------------------------


@ALL
def test_fitting_twice_is_fitting_once(make: Make, data: Data):
    """check_fit_idempotent"""
    estimator = make().fit(*data)
    first = answers(estimator, data[0])
    assert same(answers(estimator.fit(*data), data[0]), first)


@ALL
def test_fit_forgets_what_it_knew(make: Make, data: Data):
    """check_dont_overwrite_parameters, check_n_features_in_after_fitting: a second fit on other data"""
    texts, labels = data
    half = len(texts) // 2
    again = make().fit(texts, labels).fit(texts[:half], labels[:half])
    assert same(answers(again, texts), answers(make().fit(texts[:half], labels[:half]), texts))


@STATEFUL
def test_fit_makes_fitted(make: Make, data: Data):
    """check_fit_check_is_fitted"""
    estimator = make()
    with pytest.raises(NotFittedError):
        check_is_fitted(estimator)
    estimator.fit(*data)
    check_is_fitted(estimator)


@STATEFUL
def test_nothing_is_answered_before_fit(make: Make, data: Data):
    """check_estimators_unfitted, check_transformers_unfitted"""
    estimator = make()
    for name in ("predict", "predict_proba", "decision_function", "transform", "get_feature_names_out"):
        if hasattr(estimator, name):
            with pytest.raises(NotFittedError, match=type(estimator).__name__):
                getattr(estimator, name)(data[0])


def test_the_stateless_transformer_needs_no_fit(data: Data):
    """check_transformers_unfitted_stateless"""
    assert (CueFeatures().transform(data[0]) == CueFeatures().fit_transform(data[0])).all()


@ALL
def test_pickle_round_trip(make: Make, data: Data):
    """check_estimators_pickle"""
    estimator = make().fit(*data)
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        assert same(answers(pickle.loads(pickle.dumps(estimator, protocol)), data[0]), answers(estimator, data[0]))


@ALL
def test_the_data_are_not_written_to(make: Make, data: Data):
    """check_readonly_memmap_input"""
    texts, labels = np.array(data[0], dtype=object), data[1].copy()
    for array in (texts, labels):
        array.flags.writeable = False
    assert same(answers(make().fit(texts, labels), texts), answers(make().fit(*data), data[0]))


# -- answers do not depend on other rows --------------------------------------------------------------------------


@ALL
def test_the_order_of_the_texts(make: Make, data: Data):
    """check_methods_sample_order_invariance"""
    estimator = make().fit(*data)
    order = np.random.default_rng(0).permutation(len(data[0]))
    shuffled = answers(estimator, [data[0][i] for i in order])
    assert same(shuffled, {name: value[order] for name, value in answers(estimator, data[0]).items()})


@ALL
def test_a_subset_of_the_texts(make: Make, data: Data):
    """check_methods_subset_invariance"""
    estimator = make().fit(*data)
    alone = [answers(estimator, [text]) for text in data[0]]
    together = answers(estimator, data[0])
    assert same({name: np.concatenate([one[name] for one in alone]) for name in together}, together)


@ALL
@pytest.mark.parametrize(
    "container",
    [tuple, lambda t: np.array(t, dtype=object), np.array, pd.Series],
    ids=["tuple", "object array", "str array", "pandas"],
)
def test_texts_in_other_containers(make: Make, data: Data, container: Callable[[Any], Any]):
    """check_estimators_data_not_an_array, check_transformer_data_not_an_array, check_estimators_dtypes"""
    expected = answers(make().fit(*data), data[0])
    assert same(answers(make().fit(container(data[0]), data[1]), container(data[0])), expected)


# -- data that cannot be used --------------------------------------------------------------------------------------


@ALL
@pytest.mark.parametrize(
    "texts",
    [
        np.array([["a", "b"], ["c", "d"]]),
        np.array([[1.0, 2.0]]),
        pd.DataFrame({"text": ["a", "b"]}),
        sp.csr_matrix([[1.0, 0.0]]),
        "a lone text",
        b"bytes",
    ],
    ids=["2-D text", "2-D numbers", "data frame", "sparse", "str", "bytes"],
)
def test_only_a_flat_sequence_of_texts(make: Make, data: Data, texts: Any):
    """check_fit1d turned round, check_fit2d_predict1d, check_estimator_sparse_tag, check_complex_data"""
    estimator = make()
    with pytest.raises(ValueError, match=r"expected"):
        estimator.fit(texts, data[1])
    estimator.fit(*data)
    for name in answers(estimator, data[0]):
        with pytest.raises(ValueError, match=r"expected"):
            getattr(estimator, name)(texts)


@ALL
@pytest.mark.parametrize("bad", [None, float("nan"), float("inf"), 1, {"a": 1}], ids=str)
def test_items_that_are_no_texts(make: Make, data: Data, bad: Any):
    """check_estimators_nan_inf, check_dtype_object"""
    texts = [*data[0][:-1], bad]
    position = rf"texts\[{len(texts) - 1}\] is"
    with pytest.raises(ValueError, match=position):
        make().fit(texts, data[1])
    estimator = make().fit(*data)
    for name in answers(estimator, data[0]):
        with pytest.raises(ValueError, match=position):
            getattr(estimator, name)(texts)


@STATEFUL
def test_no_texts_cannot_be_learned_from(make: Make):
    """check_estimators_empty_data_messages"""
    with pytest.raises(ValueError, match=r"\b(0 texts|no texts)"):
        make().fit([], np.array([], dtype=str))


@STATEFUL
def test_one_text_is_enough_or_refused(make: Make):
    """check_fit2d_1sample"""
    if hasattr(make(), "predict"):
        with pytest.raises(ValueError, match="at least two classes, got one class"):
            make().fit(["We deplore it."], ["concern"])
    else:
        assert make().fit(["We deplore it."]).transform(["We deplore it."]).shape[0] == 1


@ALL
def test_answers_for_no_texts(make: Make, data: Data):
    """check_estimators_empty_data_messages: an answer for each of no texts is no error"""
    for name, value in answers(make().fit(*data), data[0]).items():
        empty = dense(getattr(make().fit(*data), name)([]))
        assert empty.shape == (0, *value.shape[1:])


# -- classifiers ---------------------------------------------------------------------------------------------------


@CLASSIFIERS
def test_it_learns(make: Make, data: Data):
    """check_classifiers_train"""
    texts, labels = data
    fitted = make().fit(texts, labels)
    assert fitted.classes_.tolist() == sorted(set(labels.tolist()))
    assert fitted.predict(texts).shape == (len(texts),)
    assert fitted.score(texts, labels) > 0.9
    with pytest.raises(ValueError, match="inconsistent numbers of samples"):
        make().fit(texts, labels[:-1])


@CLASSIFIERS
def test_decision_probabilities_and_labels_agree(make: Make, data: Data):
    """check_classifiers_train: argmax of decision_function and of predict_proba are predict; rows sum to 1"""
    texts, labels = data
    for truth in (labels, labels == "concern"):
        fitted = make().fit(texts, truth)
        shares, logits = fitted.predict_proba(texts), fitted.decision_function(texts)
        assert shares.shape == (len(texts), len(fitted.classes_))
        np.testing.assert_allclose(shares.sum(axis=1), 1.0)
        assert ((shares >= 0) & (shares <= 1)).all()
        best = (logits > 0).astype(int) if logits.ndim == 1 else logits.argmax(axis=1)
        assert (shares.argmax(axis=1) == best).all()
        assert (fitted.classes_[best] == fitted.predict(texts)).all()


@CLASSIFIERS
def test_decision_and_probability_rank_alike(make: Make, data: Data):
    """check_decision_proba_consistency"""
    texts, labels = data
    fitted = make().fit(texts, labels == "concern")
    order = np.argsort(fitted.decision_function(texts), kind="stable")
    assert (np.diff(fitted.predict_proba(texts)[order, 1]) >= 0).all()


@CLASSIFIERS
@pytest.mark.parametrize(
    "names",
    [
        np.array(["one", "three", "two"]),
        np.array(["one", "three", "two"], dtype=object),
        np.array([0, 1, 2]),
        np.array([-7, 0, 7], dtype=np.int8),
        np.array([1.0, 2.0, 5.0]),
    ],
    ids=["str", "object", "int", "int8", "float"],
)
def test_labels_of_every_type(make: Make, data: Data, names: np.ndarray):
    """check_classifiers_classes, check_estimators_dtypes"""
    texts, labels = data
    truth = names[np.unique(labels, return_inverse=True)[1]]
    fitted = make().fit(texts, truth)
    assert (fitted.classes_ == np.unique(truth)).all()
    assert fitted.predict(texts).tolist() == truth.tolist()
    assert fitted.classes_.dtype.kind == ("U" if names.dtype.kind == "O" else names.dtype.kind)


@CLASSIFIERS
def test_one_label(make: Make, data: Data):
    """check_classifiers_one_label, check_classifiers_one_label_sample_weights"""
    texts, labels = data
    for weights in (None, [1.0] * len(texts)):
        with pytest.raises(ValueError, match="at least two classes, got one class: 'concern'"):
            make().fit(texts, ["concern"] * len(labels), sample_weight=weights)


@CLASSIFIERS
def test_a_column_of_labels_warns(make: Make, data: Data):
    """check_supervised_y_2d"""
    texts, labels = data
    expected = answers(make().fit(texts, labels), texts)
    with pytest.warns(DataConversionWarning, match="column-vector y was passed"):
        fitted = make().fit(texts, labels[:, np.newaxis])
    assert same(answers(fitted, texts), expected)


@CLASSIFIERS
@pytest.mark.parametrize("bad", [float("nan"), None])
def test_labels_that_are_missing(make: Make, data: Data, bad: Any):
    """check_supervised_y_no_nan"""
    with pytest.raises(ValueError, match="missing"):
        make().fit(data[0], [*[0.0, 1.0] * (len(data[0]) // 2 - 1), 0.0, bad])


@CLASSIFIERS
def test_no_labels(make: Make, data: Data):
    """check_requires_y_none"""
    with pytest.raises(ValueError, match=r"missing|1d array"):
        make().fit(data[0], None)


@CLASSIFIERS
def test_a_regression_target(make: Make, data: Data):
    """check_classifiers_regression_target"""
    with pytest.raises(ValueError, match="Unknown label type: continuous"):
        make().fit(data[0], np.linspace(0, 1, len(data[0])))


@CLASSIFIERS
def test_several_labels_a_text(make: Make, data: Data):
    """check_classifiers_multilabel_representation_invariance, check_classifier_multioutput: not supported"""
    assert not get_tags(make()).classifier_tags.multi_label
    assert not get_tags(make()).target_tags.multi_output
    with pytest.raises(ValueError, match="1d array"):
        make().fit(data[0], np.eye(3, dtype=int)[np.arange(len(data[0])) % 3])


def test_a_heavy_class_is_chosen(data: Data):
    """check_class_weight_classifiers"""
    texts, labels = data
    fitted = classifier(class_weight={"concern": 1e4, "endorsement": 1e-4, "neutrality": 1e-4}, C=0.01)
    assert (fitted.fit(texts, labels).predict(texts) == "concern").mean() > 0.87


def test_balanced_class_weight(data: Data):
    """check_class_weight_balanced_linear_classifier"""
    keep = [i for i, label in enumerate(data[1]) if label != "concern" or i < 12]
    texts, labels = [data[0][i] for i in keep], data[1][keep]
    classes = np.unique(labels)
    explicit = dict(zip(classes, compute_class_weight("balanced", classes=classes, y=labels), strict=True))
    assert len(set(explicit.values())) > 1
    balanced = classifier(class_weight="balanced").fit(texts, labels)
    np.testing.assert_allclose(
        balanced.model_.head.coef, classifier(class_weight=explicit).fit(texts, labels).model_.head.coef, atol=1e-6
    )
    plain = classifier(class_weight=None).fit(texts, labels)
    assert np.abs(balanced.model_.head.coef - plain.model_.head.coef).max() > 1e-3


def test_balanced_class_weight_helps_the_rare_class(data: Data):
    """check_class_weight_balanced_classifiers"""
    keep = [i for i, label in enumerate(data[1]) if label != "concern" or i < 8]
    texts, labels = [data[0][i] for i in keep], data[1][keep]
    shares = {
        weight: classifier(class_weight=weight, C=0.1).fit(texts, labels).predict_proba(data[0])[:, 0].mean()
        for weight in (None, "balanced")
    }
    assert shares["balanced"] > shares[None]


# -- sample weights ------------------------------------------------------------------------------------------------


@CLASSIFIERS
@pytest.mark.parametrize(
    "container", [list, tuple, pd.Series, np.float32, np.int64], ids=["list", "tuple", "pandas", "float32", "int64"]
)
def test_sample_weights_in_other_containers(make: Make, data: Data, container: Callable[[Any], Any]):
    """check_sample_weights_list, check_sample_weights_pandas_series, check_sample_weights_not_an_array"""
    weights = np.arange(1, len(data[0]) + 1) % 3 + 1
    expected = answers(make().fit(*data, sample_weight=weights.astype(float)), data[0])
    assert same(answers(make().fit(*data, sample_weight=container(weights)), data[0]), expected)


@CLASSIFIERS
def test_sample_weights_of_one(make: Make, data: Data):
    """check_sample_weight_equivalence_on_dense_data: weights of one are no weights"""
    one = make().fit(*data, sample_weight=np.ones(len(data[0])))
    none = make().fit(*data)
    np.testing.assert_allclose(one.predict_proba(data[0]), none.predict_proba(data[0]), atol=1e-9)


@CLASSIFIERS
def test_sample_weights_are_not_overwritten(make: Make, data: Data):
    """check_sample_weights_not_overwritten"""
    weights = np.arange(len(data[0]), dtype=float) + 1
    before = weights.copy()
    make().fit(*data, sample_weight=weights)
    assert (weights == before).all()


@CLASSIFIERS
def test_sample_weights_of_another_shape(make: Make, data: Data):
    """check_sample_weights_shape"""
    with pytest.raises(ValueError, match="1d array"):
        make().fit(*data, sample_weight=np.ones((len(data[0]), 2)))
    with pytest.raises(ValueError, match="inconsistent numbers of samples"):
        make().fit(*data, sample_weight=np.ones(len(data[0]) - 1))


@CLASSIFIERS
def test_sample_weights_of_zero_alone(make: Make, data: Data):
    """check_all_zero_sample_weights_error"""
    with pytest.raises(ValueError, match=r"sample_weight must be .* one at least above 0"):
        make().fit(*data, sample_weight=np.zeros(len(data[0])))


@pytest.mark.parametrize("class_weight", [None, {"concern": 2.0, "endorsement": 1.0, "neutrality": 0.5}])
def test_a_weight_of_zero_is_a_text_left_out(data: Data, class_weight: Any):
    """check_sample_weight_equivalence_on_sparse_data

    On features that are computed, not learned: document frequencies and the calibration's folds count texts,
    as those of TfidfVectorizer and CalibratedClassifierCV do, whatever the texts weigh.
    """
    texts, labels = data
    base = TrainableBlocks((CueFeatures(),), (None,))
    zero = [0.0 if i % 4 == 1 else 1.0 for i in range(len(texts))]
    kept = [i for i, weight in enumerate(zero) if weight]
    weighted = classifier(base=base, class_weight=class_weight).fit(texts, labels, sample_weight=zero)
    removed = classifier(base=base, class_weight=class_weight).fit([texts[i] for i in kept], labels[kept])
    np.testing.assert_allclose(weighted.predict_proba(texts), removed.predict_proba(texts), atol=1e-4)
    np.testing.assert_allclose(weighted.predict_proba([""]), removed.predict_proba([""]))


@pytest.mark.parametrize("class_weight", [None, {"concern": 2.0, "endorsement": 1.0, "neutrality": 0.5}])
def test_a_weight_of_two_is_a_text_given_twice(data: Data, class_weight: Any):
    """check_sample_weight_equivalence_on_dense_data"""
    texts, labels = data
    base = TrainableBlocks((CueFeatures(),), (None,))
    weights = [2.0 if i % 3 == 1 else 1.0 for i in range(len(texts))]
    twice = [i for i, weight in enumerate(weights) for _ in range(int(weight))]
    weighted = classifier(base=base, class_weight=class_weight).fit(texts, labels, sample_weight=weights)
    repeated = classifier(base=base, class_weight=class_weight).fit([texts[i] for i in twice], labels[twice])
    np.testing.assert_allclose(weighted.predict_proba(texts), repeated.predict_proba(texts), atol=1e-4)


# -- transformers ----------------------------------------------------------------------------------------------------


@TRANSFORMERS
def test_fit_transform_is_fit_and_transform(make: Make, data: Data):
    """check_transformer_general"""
    texts, labels = data
    expected = dense(make().fit(texts, labels).transform(texts))
    assert expected.shape[0] == len(texts)
    np.testing.assert_allclose(dense(make().fit_transform(texts, labels)), expected, atol=1e-12)
    np.testing.assert_allclose(dense(make().fit_transform(texts)), expected, atol=1e-12)
    assert (dense(make().fit(texts).transform(texts)) == expected).all()


@TRANSFORMERS
def test_in_a_pipeline_nothing_changes(make: Make, data: Data):
    """check_pipeline_consistency"""
    pipeline = make_pipeline(make()).fit(*data)
    assert (dense(pipeline.transform(data[0])) == dense(make().fit(*data).transform(data[0]))).all()


@TRANSFORMERS
def test_a_name_for_every_column(make: Make, data: Data):
    """check_transformer_get_feature_names_out"""
    fitted = make().fit(*data)
    names = fitted.get_feature_names_out()
    assert isinstance(names, np.ndarray)
    assert names.dtype == object
    assert all(isinstance(name, str) for name in names)
    assert len(set(names)) == len(names) == fitted.transform(data[0]).shape[1]
    assert (fitted.get_feature_names_out(["text"]) == names).all()


@TRANSFORMERS
def test_float64_is_what_comes_out(make: Make, data: Data):
    """check_transformer_preserve_dtypes"""
    assert make().fit_transform(data[0]).dtype == np.float64


@pytest.mark.parametrize("container", ["pandas", "polars"])
def test_output_as_a_frame(data: Data, container: str):
    """check_set_output_transform, check_set_output_transform_pandas, check_set_output_transform_polars"""
    features = CueFeatures().set_output(transform=container)
    frame = features.fit(data[0]).transform(data[0])
    assert type(frame).__module__.startswith(container)
    assert list(frame.columns) == features.get_feature_names_out().tolist()
    assert (frame.to_numpy() == CueFeatures().transform(data[0])).all()


def test_sparse_output_is_no_frame(data: Data):
    """check_set_output_transform_pandas: scikit-learn says itself that sparse matrices are none"""
    with pytest.raises(ValueError, match="sparse"):
        NgramFeatures().set_output(transform="pandas").fit_transform(data[0])
