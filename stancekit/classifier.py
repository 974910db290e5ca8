"""StanceClassifier: the scikit-learn estimator over the stored-array core."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_consistent_length, check_is_fitted, column_or_1d
from threadpoolctl import threadpool_limits

from stancekit.analysis.explanation import Explanation, explain
from stancekit.artifact import DEFAULT_MODEL, load_model, save_model
from stancekit.batch.columns import DEFAULT_PREFIX, DEFAULT_TEXT_COLUMN
from stancekit.batch.frames import answer_batch
from stancekit.calibration import ConformalScores, fit_temperature, softmax
from stancekit.errors import InputError, TargetsNotSupported
from stancekit.features.blocks import TrainableBlocks, blocks_for
from stancekit.scoring import LinearHead, Model, Prediction, StanceModel
from stancekit.text import as_texts

CALIBRATION_FOLDS = 5
MOST_STEPS, TOLERANCE = 5000, 1e-9
"""Of the solver: so strict that another machine's arithmetic moves no coefficient by 1e-5."""


@dataclass(frozen=True)
class _Rows:
    """What a head is fitted on."""

    texts: list[str]
    classes: list[Any]
    codes: NDArray[np.intp]
    weights: NDArray[np.float64] | None
    ready: list[Any]
    """Features that need no fitting, block by block (``TrainableBlocks.read``)."""

    def part(self, places: NDArray[np.intp]) -> _Rows:
        return _Rows(
            [self.texts[i] for i in places],
            self.classes,
            self.codes[places],
            None if self.weights is None else self.weights[places],
            [None if each is None else each[places] for each in self.ready],
        )


class StanceClassifier(ClassifierMixin, BaseEstimator):
    """Label statements by a linear classifier over stance features, with calibrated probabilities.

    Parameters
    ----------
    base : str, path or TrainableBlocks, default="encoder"
        Which features: ``encoder`` takes the vectors of the shipped encoder; ``ngram`` learns word and character
        n-grams from the texts given to ``fit`` and adds the diplomatic cues; a model folder takes the features
        of that model; ``TrainableBlocks`` joins transformers of one's own choice.
    C : float, default=1.0
        Inverse strength of the L2 penalty.
    class_weight : "balanced", dict or None, default="balanced"
        As in scikit-learn's ``LogisticRegression``.
    calibrate : bool, default=True
        Fit a temperature on cross-validated logits, so that probabilities are honest, and keep the cross-validated
        scores for ``predict_set``.
    random_state : int, RandomState instance or None, default=None
        Shuffles the folds of the calibration.

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,)
        The labels, sorted.
    model_ : Model
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
            Not supported in fitting; a head for targets comes with the shipped encoders.
        sample_weight : array-like of shape (n,), optional

        Raises
        ------
        InputError
            If the texts are not a sequence of str, or lengths differ, or there is one class only.
        TargetsNotSupported
            If targets are given.
        """
        if targets is not None:
            raise TargetsNotSupported("a head is fitted on statements only; leave out targets")
        checked = as_texts(texts)
        truth, weights = self._checked_labels(checked, labels, sample_weight)
        found, codes = np.unique(truth, return_inverse=True)
        classes = found.tolist()
        if len(classes) < 2:
            raise InputError(f"StanceClassifier needs labels of at least two classes, got one class: {classes[0]!r}")
        blocks = blocks_for(self.base)
        rows = _Rows(checked, classes, codes, weights, blocks.read(checked))
        model = self._fit_model(clone(blocks), rows)
        if self.calibrate:
            logits = self._cross_validated_logits(blocks, rows)
            model = model if logits is None else _calibrated(model, logits, codes)
        self._set_model(model)
        return self

    def fit_calibration(self, texts: Iterable[str], labels: ArrayLike) -> StanceClassifier:
        """Fit the temperature and the scores of ``predict_set`` again, on texts that ``fit`` did not see.

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
        model = self._own_model()
        codes = np.searchsorted(self.classes_, truth)
        self._set_model(_calibrated(model, model.decision_function(checked), codes))
        return self

    def decision_function(self, texts: Iterable[str]) -> NDArray[np.float64]:
        """Logits before calibration: shape (n, n_classes), or (n,) for two classes as scikit-learn has it."""
        check_is_fitted(self)
        logits = self.model_.decision_function(as_texts(texts))
        return logits[:, 1] - logits[:, 0] if len(self.classes_) == 2 else logits

    def predict_proba(self, texts: Iterable[str], targets: Iterable[str] | None = None) -> NDArray[np.float64]:
        """Calibrated probabilities, float64 of shape (n, n_classes), columns as ``classes_``.

        A blank text gets the shares of the classes in training.

        Parameters
        ----------
        texts : sequence of str, shape (n,)
        targets : sequence of str, shape (n,), optional
            Ask for the stance toward each target, not for that of the whole statement.

        Raises
        ------
        TargetsNotSupported
            If targets are given and the model reads statements only.
        """
        check_is_fitted(self)
        checked = as_texts(texts)
        return self.model_.predict_proba(checked, _checked_targets(checked, targets))

    def predict(self, texts: Iterable[str], targets: Iterable[str] | None = None) -> NDArray[Any]:
        """The most probable label of each text (toward its target, if given), shape (n,); never abstains."""
        probabilities = self.predict_proba(texts, targets)
        return np.asarray(self.classes_[probabilities.argmax(axis=1)])

    def classify(
        self, texts: Iterable[str], min_confidence: float | None = None, targets: Iterable[str] | None = None
    ) -> list[Prediction]:
        """One frozen :class:`Prediction` a text, abstaining where the model should not answer.

        Parameters
        ----------
        texts : sequence of str
        min_confidence : float between 0 and 1, optional
            Abstain below this probability.
        targets : sequence of str, optional
            As in ``predict_proba``; abstains with reason ``target_not_mentioned`` where a text mentions neither
            the target nor a plain alias of it (*Moscow*, *Russian*).
        """
        check_is_fitted(self)
        checked = as_texts(texts)
        return self.model_.classify(checked, min_confidence, _checked_targets(checked, targets))

    def map_batch(
        self,
        batch: Any,
        text_column: str = DEFAULT_TEXT_COLUMN,
        target_column: str | None = None,
        min_confidence: float | None = None,
        prefix: str = DEFAULT_PREFIX,
    ) -> dict[str, list[Any]]:
        """The stance columns of one batch, for ``dataset.map(classifier.map_batch, batched=True)``.

        Parameters
        ----------
        batch : dict of columns, data frame or Arrow table
        text_column, target_column, min_confidence, prefix
            As in :func:`stancekit.predict_batches`; give them with ``fn_kwargs``.

        Returns
        -------
        dict of str to list
            The new columns by name; ``datasets`` appends them.
        """
        check_is_fitted(self)
        return answer_batch(self.model_, batch, text_column, target_column, min_confidence, prefix)

    def predict_set(self, texts: Iterable[str], coverage: float = 0.9) -> NDArray[np.bool_]:
        """Which labels cannot be ruled out: a conformal set a text, bool of shape (n, n_classes).

        Of new texts like those held out in calibration, the set holds the true label in ``coverage`` of all cases,
        class by class (split conformal prediction, Vovk et al. 2005). A set of one label is a firm answer. After
        ``fit`` the scores are cross-validated, for which the promise holds in practice only; ``fit_calibration``
        on texts held back makes it exact.

        Parameters
        ----------
        texts : sequence of str, shape (n,)
        coverage : float, default=0.9
            Above 0 and below 1.

        Raises
        ------
        InputError
            If the coverage is out of range.
        ModelError
            If the model holds no scores: it was fitted with ``calibrate=False``, or saved without them.

        Examples
        --------
        >>> from stancekit import StanceClassifier
        >>> clf = StanceClassifier.from_pretrained("ngram")
        >>> clf.fit_calibration(["We deplore it.", "We welcome it.", "They met."] * 20, clf.classes_.tolist() * 20)
        StanceClassifier(base='ngram')
        >>> clf.classes_[clf.predict_set(["We deplore the blockade and demand that it end."])[0]].tolist()
        ['concern']
        """
        check_is_fitted(self)
        return self.model_.predict_set(as_texts(texts), coverage)

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
        save_model(self._own_model(), folder, overwrite=overwrite)

    def _own_model(self) -> StanceModel:
        if not isinstance(self.model_, StanceModel):
            raise InputError(f"the model {self.model_.name!r} joins two models; save or calibrate those instead")
        return self.model_

    def _set_model(self, model: Model) -> None:
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

    def _fit_regression(self, features: Any, rows: _Rows) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        class_weight = self._class_weight_by_code(rows.classes)
        return fit_regression(features, rows.codes, rows.weights, C=self.C, class_weight=class_weight)

    def _fit_model(self, blocks: TrainableBlocks, rows: _Rows) -> StanceModel:
        coef, intercept = self._fit_regression(blocks.fit_transform(rows.texts, rows.ready), rows)
        counts = np.bincount(rows.codes, weights=rows.weights, minlength=len(rows.classes))
        return stored_model(blocks, tuple(rows.classes), coef, intercept, counts / counts.sum())

    def _cross_validated_logits(self, blocks: TrainableBlocks, rows: _Rows) -> NDArray[np.float64] | None:
        """Logits of shape (n, n_classes) by models that did not see the row; None if a class has one text only."""
        folds = min(CALIBRATION_FOLDS, int(np.bincount(rows.codes).min()))
        if folds < 2:
            return None
        logits = np.empty((len(rows.texts), len(rows.classes)))
        splitter = StratifiedKFold(folds, shuffle=True, random_state=self.random_state)
        for inside, outside in splitter.split(rows.codes, rows.codes):
            fresh, known, unknown = clone(blocks), rows.part(inside), rows.part(outside)
            coef, intercept = self._fit_regression(fresh.fit_transform(known.texts, known.ready), known)
            logits[outside] = fresh.transform(unknown.texts, unknown.ready) @ coef + intercept
        return logits

    def _class_weight_by_code(self, classes: list[Any]) -> Any:
        weight = self.class_weight
        if not isinstance(weight, dict):
            return weight
        unknown = sorted(set(weight) - set(classes), key=str)
        if unknown and set(classes) - set(weight):
            raise InputError(f"class_weight names {unknown}, which are not among the classes {classes}")
        return {code: weight.get(label, 1.0) for code, label in enumerate(classes)}

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.two_d_array = False
        return tags


def _calibrated(model: StanceModel, logits: NDArray[np.float64], codes: NDArray[np.intp]) -> StanceModel:
    """The model with a temperature and conformal scores from held-out logits of shape (n, n_classes)."""
    temperature = fit_temperature(logits, codes)
    scores = ConformalScores.of(softmax(logits / temperature), codes)
    return replace(model, head=replace(model.head, temperature=temperature), conformal=scores)


def _no_missing_label(labels: ArrayLike) -> None:
    # before NumPy makes the word 'nan' of it
    for position, label in enumerate(np.asarray(labels, dtype=object).ravel().tolist()):
        if label is None or str(label) == "<NA>" or (isinstance(label, float) and label != label):
            raise ValueError(f"labels[{position}] is missing ({label}); label the text or leave it out")


def _checked_targets(texts: list[str], targets: Iterable[str] | None) -> list[str] | None:
    if targets is None:
        return None
    checked = as_texts(targets)
    if len(checked) != len(texts):
        raise InputError(f"{len(texts)} texts but {len(checked)} targets; give one target a text")
    return checked


def fit_regression(
    features: Any, codes: NDArray[np.intp], weights: NDArray[np.float64] | None, *, C: float, class_weight: Any
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Coefficients of shape (n_features, n_classes) and intercepts, one column a class for two classes too."""
    regression = LogisticRegression(C=C, class_weight=class_weight, max_iter=MOST_STEPS, tol=TOLERANCE)
    # one thread: the vectors are too short for more to pay, and sums must not depend on how they are shared out
    with threadpool_limits(1):
        regression.fit(features, codes, sample_weight=weights)
    coef, intercept = regression.coef_, regression.intercept_
    if len(intercept) == 1:
        coef, intercept = np.vstack([-coef, coef]) / 2, np.concatenate([-intercept, intercept]) / 2
    return coef.T, intercept


def stored_model(
    blocks: TrainableBlocks,
    classes: tuple[Any, ...],
    coef: NDArray[np.float64],
    intercept: NDArray[np.float64],
    prior: NDArray[np.float64],
) -> StanceModel:
    """Fitted blocks and what was fitted on them, as prediction uses them."""
    # stored as float32: rounding now makes a saved model answer exactly as the fitted one
    stored = blocks.unscaled(coef).astype(np.float32).astype(np.float64)
    return StanceModel("custom", "0", blocks.stored_blocks(), LinearHead(classes, stored, intercept, prior))
