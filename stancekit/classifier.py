"""StanceClassifier: the scikit-learn estimator over the stored-array core."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_consistent_length, check_is_fitted, column_or_1d

from stancekit.analysis.explanation import Explanation, explain
from stancekit.artifact import DEFAULT_MODEL, load_model, save_model
from stancekit.calibration import check_min_confidence, fit_temperature
from stancekit.errors import InputError, TargetsNotSupported
from stancekit.features.blocks import TrainableBlocks, blocks_for
from stancekit.scoring import LinearHead, Prediction, StanceModel
from stancekit.text import as_texts

CALIBRATION_FOLDS = 5


class StanceClassifier(ClassifierMixin, BaseEstimator):
    """Label statements by a linear classifier over stance features, with calibrated probabilities.

    Parameters
    ----------
    base : str, path or TrainableBlocks, default="ngram"
        Which features: ``ngram`` learns word and character n-grams from the texts given to ``fit`` and adds
        the diplomatic cues; a model folder takes the features of that model; ``TrainableBlocks`` joins
        transformers of one's own choice.
    C : float, default=1.0
        Inverse strength of the L2 penalty.
    class_weight : "balanced", dict or None, default="balanced"
        As in :class:`sklearn.linear_model.LogisticRegression`.
    calibrate : bool, default=True
        Fit a temperature on cross-validated logits, so that probabilities are honest.
    random_state : int, RandomState instance or None, default=None
        Shuffles the folds of the calibration.

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,)
        The labels, sorted.
    model_ : StanceModel
        What was learned, as prediction uses it and ``save`` stores it.

    Examples
    --------
    >>> from stancekit import StanceClassifier
    >>> clf = StanceClassifier.from_pretrained("ngram")
    >>> clf.predict(["We deplore the blockade and demand that it end."]).tolist()
    ['concern']
    """

    def __init__(
        self,
        base: str | Path | TrainableBlocks = DEFAULT_MODEL,
        C: float = 1.0,
        class_weight: str | dict[Any, float] | None = "balanced",
        calibrate: bool = True,
        random_state: int | np.random.RandomState | None = None,
    ) -> None:
        self.base = base
        self.C = C
        self.class_weight = class_weight
        self.calibrate = calibrate
        self.random_state = random_state

    @classmethod
    def from_pretrained(cls, name: str | Path = DEFAULT_MODEL) -> StanceClassifier:
        """The classifier with a trained model: a shipped one by name, or a folder.

        Raises
        ------
        ModelError
            If there is no such model, or its files are incomplete or altered.
        """
        classifier = cls(base=name)
        classifier._set_model(load_model(name))
        return classifier

    def fit(
        self,
        texts: Iterable[str],
        labels: ArrayLike,
        targets: Iterable[str] | None = None,
        sample_weight: ArrayLike | None = None,
    ) -> StanceClassifier:
        """Train a fresh head on any label set.

        Parameters
        ----------
        texts : sequence of str, shape (n,)
        labels : array-like of shape (n,)
        targets : sequence of str, optional
            Not supported by this kind of model.
        sample_weight : array-like of shape (n,), optional

        Raises
        ------
        InputError
            If the texts are not a sequence of str, or lengths differ, or there is one class only.
        TargetsNotSupported
            If targets are given.
        """
        _no_targets(targets)
        checked = as_texts(texts)
        truth, weights = self._checked_labels(checked, labels, sample_weight)
        found, codes = np.unique(truth, return_inverse=True)
        classes = found.tolist()
        if len(classes) < 2:
            raise InputError(f"StanceClassifier needs labels of at least two classes, got one class: {classes[0]!r}")
        blocks = blocks_for(self.base)
        head = self._fit_head(clone(blocks), checked, classes, codes, weights)
        model = StanceModel("custom", "0", head[0], head[1])
        if self.calibrate:
            temperature = self._cross_validated_temperature(blocks, checked, classes, codes, weights)
            model = _with_temperature(model, temperature)
        self._set_model(model)
        return self

    def fit_calibration(self, texts: Iterable[str], labels: ArrayLike) -> StanceClassifier:
        """Fit the temperature again, on texts that ``fit`` did not see.

        Raises
        ------
        InputError
            If a label is not one of ``classes_``.
        """
        check_is_fitted(self)
        checked = as_texts(texts)
        truth, _ = self._checked_labels(checked, labels, None)
        unknown = sorted(set(truth.tolist()) - set(self.classes_.tolist()), key=str)
        if unknown:
            raise InputError(f"labels {unknown} are not among the classes of the model: {self.classes_.tolist()}")
        logits = self.model_.decision_function(checked)
        self._set_model(_with_temperature(self.model_, fit_temperature(logits, np.searchsorted(self.classes_, truth))))
        return self

    def decision_function(self, texts: Iterable[str]) -> NDArray[np.float64]:
        """Logits before calibration: shape (n, n_classes), or (n,) for two classes as scikit-learn has it."""
        check_is_fitted(self)
        logits = self.model_.decision_function(as_texts(texts))
        return logits[:, 1] - logits[:, 0] if len(self.classes_) == 2 else logits

    def predict_proba(self, texts: Iterable[str], targets: Iterable[str] | None = None) -> NDArray[np.float64]:
        """Calibrated probabilities, float64 of shape (n, n_classes), columns as ``classes_``.

        A blank text gets the shares of the classes in training.
        """
        check_is_fitted(self)
        _no_targets(targets)
        return self.model_.predict_proba(as_texts(texts))

    def predict(self, texts: Iterable[str], targets: Iterable[str] | None = None) -> NDArray[Any]:
        """The most probable label of each text, shape (n,); never abstains."""
        probabilities = self.predict_proba(texts, targets)
        return np.asarray(self.classes_[probabilities.argmax(axis=1)])

    def classify(self, texts: Iterable[str], min_confidence: float | None = None) -> list[Prediction]:
        """One frozen :class:`Prediction` a text, abstaining where the model should not answer.

        Parameters
        ----------
        texts : sequence of str
        min_confidence : float between 0 and 1, optional
            Abstain below this probability.
        """
        check_is_fitted(self)
        check_min_confidence(min_confidence)
        return self.model_.classify(as_texts(texts), min_confidence)

    def explain(self, text: str) -> Explanation:
        """Which words and features moved the label of one text, and how much."""
        check_is_fitted(self)
        return explain(self.model_, text)

    def save(self, folder: str | Path, *, overwrite: bool = False) -> None:
        """Write the model as a folder that ``from_pretrained`` loads; no pickle.

        Raises
        ------
        OutputError
            If the folder exists and ``overwrite`` is False.
        """
        check_is_fitted(self)
        save_model(self.model_, folder, overwrite=overwrite)

    def _set_model(self, model: StanceModel) -> None:
        self.model_ = model
        self.classes_ = np.array(model.classes)

    def _checked_labels(
        self, texts: list[str], labels: ArrayLike, sample_weight: ArrayLike | None
    ) -> tuple[NDArray[Any], NDArray[np.float64] | None]:
        try:
            _no_missing_label(labels)
            truth = column_or_1d(labels, warn=True)
            check_consistent_length(texts, truth)
            check_classification_targets(truth)
            if not texts:
                raise ValueError("got no texts; 0 samples cannot be fitted")
            if sample_weight is None:
                return truth, None
            weights = column_or_1d(sample_weight, dtype=np.float64)
            check_consistent_length(texts, weights)
            if not np.isfinite(weights).all() or weights.min() < 0 or not weights.any():
                raise ValueError("sample_weight must be finite and not negative, and one at least above 0")
        except (TypeError, ValueError) as error:
            raise InputError(f"StanceClassifier: {error}") from error
        return truth, weights

    def _fit_head(
        self,
        blocks: TrainableBlocks,
        texts: list[str],
        classes: list[Any],
        codes: NDArray[np.intp],
        weights: NDArray[np.float64] | None,
    ) -> tuple[tuple[Any, ...], LinearHead]:
        class_weight = self._class_weight_by_code(classes)
        features = blocks.fit_transform(texts)
        regression = LogisticRegression(C=self.C, class_weight=class_weight, max_iter=2000, tol=1e-5)
        regression.fit(features, codes, sample_weight=weights)
        coef, intercept = regression.coef_, regression.intercept_
        if len(classes) == 2:
            coef, intercept = np.vstack([-coef, coef]) / 2, np.concatenate([-intercept, intercept]) / 2
        counts = np.bincount(codes, weights=weights, minlength=len(classes))
        # stored as float32: rounding now makes a saved model answer exactly as the fitted one
        stored = blocks.unscaled(coef.T).astype(np.float32).astype(np.float64)
        head = LinearHead(tuple(classes), stored, intercept, counts / counts.sum())
        return blocks.stored_blocks(), head

    def _class_weight_by_code(self, classes: list[Any]) -> Any:
        weight = self.class_weight
        if not isinstance(weight, dict):
            return weight
        unknown = sorted(set(weight) - set(classes), key=str)
        if unknown and set(classes) - set(weight):
            raise InputError(f"class_weight names {unknown}, which are not among the classes {classes}")
        return {code: weight.get(label, 1.0) for code, label in enumerate(classes)}

    def _cross_validated_temperature(
        self,
        blocks: TrainableBlocks,
        texts: list[str],
        classes: list[Any],
        codes: NDArray[np.intp],
        weights: NDArray[np.float64] | None,
    ) -> float:
        folds = min(CALIBRATION_FOLDS, int(np.bincount(codes).min()))
        if folds < 2:
            return 1.0
        logits = np.empty((len(texts), len(classes)))
        splitter = StratifiedKFold(folds, shuffle=True, random_state=self.random_state)
        for inside, outside in splitter.split(codes, codes):
            part = None if weights is None else weights[inside]
            fitted, head = self._fit_head(clone(blocks), [texts[i] for i in inside], classes, codes[inside], part)
            logits[outside] = StanceModel("", "0", fitted, head).decision_function([texts[i] for i in outside])
        return fit_temperature(logits, codes)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.two_d_array = False
        return tags


def _with_temperature(model: StanceModel, temperature: float) -> StanceModel:
    from dataclasses import replace

    return replace(model, head=replace(model.head, temperature=temperature))


def _no_missing_label(labels: ArrayLike) -> None:
    # before NumPy makes the word 'nan' of it
    for position, label in enumerate(np.asarray(labels, dtype=object).ravel().tolist()):
        if label is None or str(label) == "<NA>" or (isinstance(label, float) and label != label):
            raise ValueError(f"labels[{position}] is missing ({label}); label the text or leave it out")


def _no_targets(targets: Iterable[str] | None) -> None:
    if targets is not None:
        raise TargetsNotSupported(
            "this model reads statements only; leave out targets, or use a model with a target head"
        )
