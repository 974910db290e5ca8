"""StanceClassifier as its users meet it: fit, answer, explain, save; alone and inside scikit-learn."""

from __future__ import annotations

import pickle
from dataclasses import replace
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from sklearn.base import clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import VotingClassifier
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, cross_val_predict, cross_val_score
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import FunctionTransformer

from stancekit import Explanation, Prediction
from stancekit.calibration import softmax
from stancekit.classifier import StanceClassifier
from stancekit.errors import InputError, ModelError, OutputError, StancekitError, TargetsNotSupported
from stancekit.features.blocks import TrainableBlocks, blocks_for
from stancekit.features.cues import CueFeatures
from stancekit.features.ngrams import NgramFeatures

Labelled = tuple[list[str], list[str]]

PROBES = ["We welcome the accord.", "We deplore the attack.", "The council met in May.", ""]
LABELS = ["concern", "endorsement", "neutrality"]


def quick(**settings: Any) -> StanceClassifier:
    """A classifier that is not calibrated: fitted once, not six times."""
    return StanceClassifier(**{"base": "ngram", "calibrate": False, **settings})


# -- answers -----------------------------------------------------------------------------------------------------


def test_fit_and_predict(small: StanceClassifier, labelled: Labelled):
    texts, labels = labelled
    assert small.classes_.tolist() == LABELS
    assert small.predict(texts).tolist() == labels
    assert small.score(texts, labels) == 1.0
    found = small.predict(PROBES)
    assert isinstance(found, np.ndarray)
    assert found.shape == (4,)
    assert found[:2].tolist() == ["endorsement", "concern"]


def test_probabilities(small: StanceClassifier):
    shares = small.predict_proba(PROBES)
    assert (shares.shape, shares.dtype) == ((4, 3), np.dtype(np.float64))
    np.testing.assert_allclose(shares.sum(axis=1), 1.0)
    assert small.classes_[shares.argmax(axis=1)].tolist() == small.predict(PROBES).tolist()


def test_probabilities_are_the_tempered_logits(small: StanceClassifier):
    logits = small.decision_function(PROBES[:3])
    assert (softmax(logits / small.model_.head.temperature) == small.predict_proba(PROBES[:3])).all()


def test_classify(small: StanceClassifier):
    answers = small.classify(PROBES)
    assert all(isinstance(answer, Prediction) for answer in answers)
    assert [answer.label for answer in answers] == [*small.predict(PROBES[:3]), "abstain"]
    assert [answer.reason for answer in answers] == [None, None, None, "empty"]
    assert [answer.label for answer in small.classify(PROBES, min_confidence=1)] == ["abstain"] * 4
    for answer, row in zip(answers, small.predict_proba(PROBES), strict=True):
        assert list(answer.probabilities.values()) == row.tolist()


def test_predict_never_abstains(small: StanceClassifier):
    assert set(small.predict(["", " ", "\n", "?"])) <= set(LABELS)


def test_a_blank_text_gets_the_shares_of_training(labelled: Labelled):
    texts, labels = labelled
    keep = [i for i, label in enumerate(labels) if label != "neutrality" or i < 6]
    classifier = quick().fit([texts[i] for i in keep], [labels[i] for i in keep])
    counts = np.unique([labels[i] for i in keep], return_counts=True)[1]
    np.testing.assert_allclose(classifier.predict_proba([" "]), [counts / counts.sum()])


def test_the_prior_is_weighted(labelled: Labelled):
    texts, labels = labelled
    weights = [3.0 if label == "concern" else 1.0 for label in labels]
    prior = quick().fit(texts, labels, sample_weight=weights).predict_proba([""])[0]
    np.testing.assert_allclose(prior, [0.6, 0.2, 0.2])


def test_explain(small: StanceClassifier):
    explanation = small.explain("We deplore the attack.")
    assert isinstance(explanation, Explanation)
    assert explanation.label == "concern"
    assert explanation.probabilities["concern"] == small.predict_proba(["We deplore the attack."])[0, 0]


@pytest.mark.parametrize("make", [tuple, np.array, pd.Series, pl.Series, pa.array, lambda t: np.array(t, dtype=object)])
def test_any_sequence_of_texts(small: StanceClassifier, labelled: Labelled, make: Any):
    assert (small.predict_proba(make(PROBES)) == small.predict_proba(PROBES)).all()
    fitted = StanceClassifier(base="ngram", random_state=0).fit(make(labelled[0]), labelled[1])
    assert (fitted.predict_proba(PROBES) == small.predict_proba(PROBES)).all()


@pytest.mark.parametrize("make", [tuple, np.array, pd.Series, pl.Series, lambda y: np.array(y, dtype=object)])
def test_any_sequence_of_labels(labelled: Labelled, make: Any):
    expected = quick().fit(*labelled)
    found = quick().fit(labelled[0], make(labelled[1]))
    assert found.classes_.tolist() == LABELS
    assert (found.predict_proba(PROBES) == expected.predict_proba(PROBES)).all()


@pytest.mark.parametrize(
    "names",
    [
        ("no", "yes"),
        (0, 1),
        (-1, 1),
        (False, True),
        ("a", "b", "c", "d"),
        (10, 20, 30, 40),
        (0, 1, 2),
    ],
)
def test_any_label_set(labelled: Labelled, names: tuple[Any, ...]):
    texts, labels = labelled
    sides = {"concern": names[0], "endorsement": names[1], "neutrality": names[2 % len(names)]}
    truth = [sides[label] for label in labels]
    if len(names) == 4:
        truth = [names[3] if "council" in text else label for text, label in zip(texts, truth, strict=True)]
    classifier = StanceClassifier(base="ngram", random_state=0).fit(texts, truth)
    assert classifier.classes_.tolist() == sorted(names)
    assert classifier.predict(texts).tolist() == truth
    assert classifier.predict_proba(texts).shape == (len(texts), len(names))
    logits = classifier.decision_function(texts)
    assert logits.shape == ((len(texts),) if len(names) == 2 else (len(texts), len(names)))
    if len(names) == 2:
        assert classifier.classes_[(logits > 0).astype(int)].tolist() == truth


def test_two_classes_are_scikit_learns_own(labelled: Labelled):
    """A logit a class, whose difference is that of binary logistic regression."""
    texts, labels = labelled[0], [label == "concern" for label in labelled[1]]
    base = TrainableBlocks((NgramFeatures(min_df=1),), (None,))
    found = quick(base=base).fit(texts, labels)
    expected = LogisticRegression(class_weight="balanced", max_iter=5000, tol=1e-9)
    features = NgramFeatures(min_df=1).fit(texts)
    expected.fit(features.transform(texts), labels)
    np.testing.assert_allclose(
        found.predict_proba(PROBES[:3]), expected.predict_proba(features.transform(PROBES[:3])), atol=1e-5
    )


# -- what fit learns ---------------------------------------------------------------------------------------------


def test_calibration_fits_a_temperature(labelled: Labelled):
    assert quick().fit(*labelled).model_.head.temperature == 1.0
    assert StanceClassifier(base="ngram", random_state=0).fit(*labelled).model_.head.temperature != 1.0


def test_calibration_needs_two_texts_a_class():
    texts = ["We deplore it.", "We deplore them.", "We welcome it."]
    classifier = StanceClassifier(base="ngram").fit(texts, ["concern", "concern", "endorsement"])
    assert classifier.model_.head.temperature == 1.0


def test_the_seed_decides_the_folds(labelled: Labelled):
    texts, labels = labelled
    texts = [f"{text} {i % 5}" for i, text in enumerate(texts)]
    one, same, other = (StanceClassifier(base="ngram", random_state=seed).fit(texts, labels) for seed in (1, 1, 2))
    assert one.model_.head.temperature == same.model_.head.temperature != other.model_.head.temperature
    assert (one.predict_proba(PROBES) == same.predict_proba(PROBES)).all()
    generator = StanceClassifier(base="ngram", random_state=np.random.RandomState(1)).fit(texts, labels)
    assert generator.model_.head.temperature > 0


def test_a_smaller_c_is_less_sure(labelled: Labelled):
    weak, strong = (quick(C=c).fit(*labelled) for c in (0.01, 10.0))
    assert weak.predict_proba(PROBES[:3]).max() < strong.predict_proba(PROBES[:3]).max()


def test_class_weight_as_a_dict(labelled: Labelled):
    plain = quick(class_weight=None).fit(*labelled).predict_proba(PROBES[:3])
    heavy = quick(class_weight={"neutrality": 50.0}).fit(*labelled).predict_proba(PROBES[:3])
    assert (heavy[:, 2] > plain[:, 2]).all()
    assert (quick(class_weight={"concern": 1.0}).fit(*labelled).predict_proba(PROBES[:3]) == plain).all()


def test_class_weight_of_a_class_that_is_not_there(labelled: Labelled):
    with pytest.raises(InputError, match=r"class_weight names \['concrn'\], which are not among the classes"):
        quick(class_weight={"concrn": 2.0}).fit(*labelled)


def test_class_weight_may_cover_more_than_is_there(labelled: Labelled):
    """As in scikit-learn: a fold need not hold every class that the whole has."""
    every = dict.fromkeys([*LABELS, "unseen"], 1.0)
    assert quick(class_weight=every).fit(*labelled).classes_.tolist() == LABELS


def test_sample_weight(labelled: Labelled):
    texts, labels = labelled
    truth = [*labels[:-3], *["concern"] * 3]
    light = quick().fit(texts, truth, sample_weight=[1.0] * (len(texts) - 3) + [1e-6] * 3)
    heavy = quick().fit(texts, truth, sample_weight=[1.0] * (len(texts) - 3) + [50.0] * 3)
    assert (heavy.predict_proba(texts[-3:])[:, 0] > light.predict_proba(texts[-3:])[:, 0]).all()


def test_fit_calibration_changes_the_temperature_only(labelled: Labelled):
    classifier = quick(C=100.0).fit(*labelled)
    before = classifier.model_
    wrong = [LABELS[(LABELS.index(label) + (i % 3 == 0)) % 3] for i, label in enumerate(labelled[1])]
    assert classifier.fit_calibration(labelled[0], wrong) is classifier
    assert classifier.model_.head.temperature > 1
    assert replace(classifier.model_.head, temperature=1.0) == before.head
    assert (classifier.predict(PROBES) == classifier.classes_[before.predict_proba(PROBES).argmax(1)]).all()


def test_fit_calibration_knows_no_other_labels(small: StanceClassifier):
    with pytest.raises(InputError, match=r"labels \['joy'\] are not among the classes of the model: \['concern'"):
        small.fit_calibration(["a", "b"], ["joy", "concern"])
    with pytest.raises(NotFittedError):
        quick().fit_calibration(["a"], ["concern"])


# -- features ----------------------------------------------------------------------------------------------------


def test_a_model_folder_as_base(small_folder: Path, labelled: Labelled):
    found = quick(base=str(small_folder)).fit(*labelled)
    assert (found.predict_proba(PROBES) == quick().fit(*labelled).predict_proba(PROBES)).all()


def test_a_base_of_some_features_keeps_to_them(labelled: Labelled, tmp_path: Path):
    blocks = (NgramFeatures(word_ngrams=(1, 1), char_ngrams=None), CueFeatures(groups=["balance"]))
    first = quick(base=TrainableBlocks(blocks, (None, None))).fit(*labelled)
    first.save(tmp_path / "model")
    second = quick(base=tmp_path / "model").fit(*labelled)
    assert [block.feature_names for block in second.model_.blocks] == [b.feature_names for b in first.model_.blocks]


@pytest.mark.parametrize("base", ["huge", "no/such/folder"])
def test_a_base_that_is_not_there(labelled: Labelled, base: str):
    with pytest.raises(ModelError, match=r"is neither a shipped model nor a folder; shipped models: .*ngram"):
        quick(base=base).fit(*labelled)


def test_blocks_of_ones_own_are_not_changed(labelled: Labelled):
    blocks = TrainableBlocks((NgramFeatures(), CueFeatures()), (None, 0.05))
    found = quick(base=blocks).fit(*labelled)
    assert not hasattr(blocks, "factors_")
    assert not hasattr(blocks.transformers[0], "index_")
    assert (found.predict_proba(PROBES) == quick().fit(*labelled).predict_proba(PROBES)).all()


def test_scaled_blocks_answer_as_the_features_they_were_fitted_on(labelled: Labelled):
    """Coefficients are stored for features before scaling; the answers must be those of the scaled ones."""
    texts, labels = labelled
    blocks = blocks_for("ngram")
    features = blocks.fit_transform(texts)
    expected = LogisticRegression(class_weight="balanced", max_iter=5000, tol=1e-9).fit(features, labels)
    found = quick().fit(texts, labels).decision_function(texts)
    np.testing.assert_allclose(found, expected.decision_function(features), atol=1e-5)


# -- pretrained, saved, pickled ----------------------------------------------------------------------------------


def test_from_pretrained_by_name():
    classifier = StanceClassifier.from_pretrained("ngram")
    assert classifier.model_.name == "ngram"
    assert classifier.get_params()["base"] == "ngram"
    assert classifier.classes_.tolist() == LABELS


def test_from_pretrained_of_a_missing_name_lists_the_shipped():
    with pytest.raises(ModelError, match=r"model 'huge' is neither .*; shipped models: .*ngram"):
        StanceClassifier.from_pretrained("huge")


def test_save_and_load(small: StanceClassifier, tmp_path: Path):
    small.save(tmp_path / "model")
    loaded = StanceClassifier.from_pretrained(tmp_path / "model")
    assert (loaded.predict_proba(PROBES) == small.predict_proba(PROBES)).all()
    assert loaded.classify(PROBES) == small.classify(PROBES)
    assert str(loaded.explain(PROBES[0])) == str(small.explain(PROBES[0]))
    with pytest.raises(OutputError, match="exists"):
        small.save(tmp_path / "model")
    small.save(str(tmp_path / "model"), overwrite=True)


def test_a_loaded_model_trains_on_other_labels(small_folder: Path, labelled: Labelled):
    classifier = StanceClassifier.from_pretrained(small_folder)
    truth = ["against" if label == "concern" else "other" for label in labelled[1]]
    assert classifier.fit(labelled[0], truth).predict(PROBES[:2]).tolist() == ["other", "against"]


@pytest.mark.parametrize("how", ["pickle", "joblib"])
def test_pickled(small: StanceClassifier, tmp_path: Path, how: str):
    if how == "pickle":
        copy = pickle.loads(pickle.dumps(small))
    else:
        joblib.dump(small, tmp_path / "model.joblib")
        copy = joblib.load(tmp_path / "model.joblib")
    assert (copy.predict_proba(PROBES) == small.predict_proba(PROBES)).all()
    assert copy.get_params() == small.get_params()


def test_a_clone_keeps_the_parameters_and_drops_the_model(small: StanceClassifier):
    copy = clone(small)
    assert copy.get_params() == small.get_params()
    assert not hasattr(copy, "model_")
    assert not hasattr(copy, "classes_")
    with pytest.raises(NotFittedError):
        copy.predict(PROBES)


# -- errors ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["predict", "predict_proba", "decision_function", "classify"])
def test_not_fitted(method: str):
    with pytest.raises(NotFittedError, match="StanceClassifier instance is not fitted yet"):
        getattr(StanceClassifier(base="ngram"), method)(PROBES)


def test_nothing_to_save_or_explain(tmp_path: Path):
    with pytest.raises(NotFittedError):
        StanceClassifier(base="ngram").save(tmp_path / "model")
    with pytest.raises(NotFittedError):
        StanceClassifier(base="ngram").explain("a")


TWO = ["We deplore it.", "We welcome it."]


@pytest.mark.parametrize(
    ("texts", "labels", "weights", "message"),
    [
        (TWO, ["concern", "concern"], None, "at least two classes, got one class: 'concern'"),
        (TWO, [1, 1], None, "at least two classes, got one class: 1"),
        (TWO, ["a", "b", "c"], None, r"inconsistent numbers of samples: \[2, 3\]"),
        (TWO, ["a"], None, r"inconsistent numbers of samples: \[2, 1\]"),
        (TWO, ["a", "b"], [1.0], r"inconsistent numbers of samples: \[2, 1\]"),
        (TWO, ["a", "b"], [[1.0, 2.0]], "1d array"),
        (TWO, ["a", "b"], [0.0, 0.0], "sample_weight must be finite"),
        (TWO, ["a", "b"], [1.0, float("nan")], "sample_weight must be finite"),
        (TWO, ["a", "b"], [1.0, -1.0], "not negative"),
        (TWO, ["a", "b"], ["x", "y"], "could not convert"),
        (TWO, [0.5, 0.7], None, "Unknown label type: continuous"),
        (TWO, [["a", "b"], ["b", "a"]], None, "1d array"),
        (TWO, ["a", None], None, r"labels\[1\] is missing \(None\); label the text or leave it out"),
        (TWO, ["a", float("nan")], None, r"labels\[1\] is missing \(nan\)"),
        (TWO, pd.Series([None, "a"]), None, r"labels\[0\] is missing \(nan\)"),
        (TWO, pd.Series(["a", None], dtype="string"), None, r"labels\[1\] is missing \(<NA>\)"),
        (TWO, pl.Series(["a", None]), None, r"labels\[1\] is missing \(None\)"),
        (TWO, np.array(["a", 1], dtype=object), None, "StanceClassifier"),
        (TWO, None, None, "StanceClassifier"),
        ([], [], None, "no texts"),
        ("We deplore it.", ["a"], None, "wrap it in a list"),
        (["a", None], ["a", "b"], None, r"texts\[1\] is missing"),
        (["", " "], ["a", "b"], None, "cannot learn a vocabulary from 2 texts"),
    ],
)
def test_what_fit_refuses(texts: Any, labels: Any, weights: Any, message: str):
    classifier = StanceClassifier(base="ngram")
    with pytest.raises(InputError, match=message) as caught:
        classifier.fit(texts, labels, sample_weight=weights)
    assert isinstance(caught.value, StancekitError)
    assert isinstance(caught.value, ValueError)
    with pytest.raises(NotFittedError):
        classifier.predict(TWO)


def test_a_failed_fit_leaves_the_model_as_it_was(labelled: Labelled):
    classifier = quick().fit(*labelled)
    expected = classifier.predict(PROBES).tolist()
    for texts, labels in ((["a", "b"], ["x", "x"]), (["", " ", "\n"], ["x", "y", "z"])):
        with pytest.raises(InputError):
            classifier.fit(texts, labels)
        assert classifier.classes_.tolist() == LABELS
        assert classifier.predict(PROBES).tolist() == expected


def test_targets_are_not_supported(small: StanceClassifier, labelled: Labelled):
    targets = ["the accord"] * len(PROBES)
    for call in (
        lambda: small.predict(PROBES, targets=targets),
        lambda: small.predict_proba(PROBES, targets=targets),
        lambda: quick().fit(*labelled, targets=["it"] * len(labelled[0])),
    ):
        with pytest.raises(TargetsNotSupported, match="leave out targets"):
            call()


@pytest.mark.parametrize("method", ["predict", "predict_proba", "decision_function", "classify"])
def test_a_lone_text(small: StanceClassifier, method: str):
    with pytest.raises(InputError, match="wrap it in a list"):
        getattr(small, method)("We welcome it.")


@pytest.mark.parametrize("text", [["We welcome it."], None, 3])
def test_explain_takes_one_text(small: StanceClassifier, text: Any):
    with pytest.raises(InputError):
        small.explain(text)


# -- inside scikit-learn -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [list, np.array, pd.Series], ids=["list", "NumPy", "pandas"])
def test_cross_val_score(labelled: Labelled, make: Any):
    scores = cross_val_score(quick(), make(labelled[0]), make(labelled[1]), cv=2, error_score="raise")
    assert scores.shape == (2,)
    assert (scores > 0.5).all()


def test_cross_val_predict(labelled: Labelled):
    shares = cross_val_predict(quick(), *labelled, cv=2, method="predict_proba")
    np.testing.assert_allclose(shares.sum(axis=1), 1.0)


def test_grid_search_over_c(labelled: Labelled):
    search = GridSearchCV(quick(), {"C": [1e-6, 1.0], "class_weight": [None, "balanced"]}, cv=2, error_score="raise")
    search.fit(*labelled)
    assert len(search.cv_results_["params"]) == 4
    assert search.best_estimator_.predict(PROBES).shape == (4,)


def test_pipeline(labelled: Labelled):
    shout = FunctionTransformer(lambda texts: [text.upper() for text in texts])
    pipeline = make_pipeline(shout, quick())
    pipeline.fit(*labelled, stanceclassifier__sample_weight=[1.0] * len(labelled[0]))
    assert pipeline.predict(PROBES[:2]).tolist() == ["endorsement", "concern"]
    assert isinstance(clone(pipeline), Pipeline)


def test_voting(labelled: Labelled):
    voters = [("weak", quick(C=0.1)), ("strong", quick(C=10.0))]
    voting = VotingClassifier(voters, voting="soft").fit(*labelled)
    expected = np.mean([quick(C=c).fit(*labelled).predict_proba(PROBES) for c in (0.1, 10.0)], axis=0)
    np.testing.assert_allclose(voting.predict_proba(PROBES), expected)


def test_calibrated_by_scikit_learn(labelled: Labelled):
    found = CalibratedClassifierCV(quick(), cv=2).fit(*labelled)
    assert found.classes_.tolist() == LABELS
    np.testing.assert_allclose(found.predict_proba(PROBES).sum(axis=1), 1.0)


# -- sets -------------------------------------------------------------------------------------------------------------


def test_sets_hold_the_sure_label_and_everything_of_a_blank_text(small: StanceClassifier):
    sets = small.predict_set(["We deplore the attack.", ""], coverage=0.8)
    assert sets.dtype == bool
    assert sets[0, small.classes_.tolist().index("concern")]
    assert sets[1].all()
    assert small.predict_set([]).shape == (0, 3)


def test_sets_need_held_out_scores(labelled: tuple[list[str], list[str]]):
    plain = StanceClassifier(base="ngram", calibrate=False).fit(*labelled)
    with pytest.raises(ModelError, match="has no held-out scores for sets; fit it with calibrate=True"):
        plain.predict_set(["We deplore it."])
    plain.fit_calibration(*labelled)
    assert plain.predict_set(["We deplore it."]).shape == (1, 3)
