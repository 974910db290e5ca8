"""How well a model labels: the numbers of ``stancekit evaluate``, computed with scikit-learn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from stancekit.batch.columns import DEFAULT_TEXT_COLUMN
from stancekit.batch.output import AnyPath
from stancekit.batch.run import Predictor
from stancekit.calibration import check_min_confidence
from stancekit.errors import InputError
from stancekit.report.curves import CALIBRATION_BINS, CoveragePoint, at_coverage, reliability, selective_accuracy
from stancekit.report.labelled import DEFAULT_LABEL_COLUMN, LabelledRows, check_labels, read_labelled
from stancekit.report.table import aligned

SELECTED_SHARES = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1)
"""The shares of most confident rows on which accuracy is reported."""

_SMALLEST = np.finfo(np.float64).tiny

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class ClassScore:
    """Precision, recall and F1 of one class, and how many rows truly have it."""

    precision: float
    recall: float
    f1: float
    support: int


@dataclass(frozen=True)
class Coverage:
    """What remains when the model may abstain.

    Attributes
    ----------
    min_confidence : float
    coverage : float
        Share of rows answered.
    accuracy, macro_f1 : float or None
        On the rows answered; None if there are none.
    """

    min_confidence: float
    coverage: float
    accuracy: float | None
    macro_f1: float | None


@dataclass(frozen=True)
class Evaluation:
    """Scores of raw labels: the most probable one, whatever the thresholds.

    Attributes
    ----------
    n : int
        Rows.
    macro_f1 : float
        Mean F1 of the classes that occur in the truth or the predictions.
    accuracy : float
    log_loss : float
        Mean negative log probability of the true label (in nats).
    calibration_error : float
        Expected calibration error of the most probable label, in ten bins of equal mass.
    classes : dict of str to ClassScore
    confusion : tuple of tuple of int
        Rows by true class, columns by predicted class, both in the order of ``classes``.
    selective : tuple of CoveragePoint
        Accuracy on the most confident rows, all of them first, then fewer and fewer.
    coverage : Coverage or None
        Where a minimum confidence was asked for.
    groups : dict of str to Evaluation
        The same for each group, where groups were given.
    """

    n: int
    macro_f1: float
    accuracy: float
    log_loss: float
    calibration_error: float
    classes: dict[str, ClassScore]
    confusion: tuple[tuple[int, ...], ...]
    selective: tuple[CoveragePoint, ...]
    coverage: Coverage | None = None
    groups: dict[str, Evaluation] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """The fields by name, ready for JSON."""
        return asdict(self)

    def as_text(self) -> str:
        """Aligned tables for a reader."""
        parts = [self._headline(), self._class_table(), self._confusion_table()]
        if self.groups:
            parts.append(self.group_table())
        return "\n\n".join(parts)

    def _headline(self) -> str:
        at = dict(zip(SELECTED_SHARES, (one.accuracy.value for one in self.selective), strict=True))
        lines = [
            f"rows               {self.n:,}",
            f"macro-F1           {self.macro_f1:.3f}",
            f"accuracy           {self.accuracy:.3f}",
            f"log loss           {self.log_loss:.3f}",
            f"calibration error  {self.calibration_error:.3f}",
            f"most confident     accuracy {at[0.8]:.3f} on 80 % of the rows, {at[0.5]:.3f} on 50 %",
        ]
        if self.coverage is not None:
            kept = self.coverage
            lines.append(f"coverage           {kept.coverage:.3f} at confidence {kept.min_confidence:g} or more")
            if kept.accuracy is not None and kept.macro_f1 is not None:
                lines.append(f"  of these         accuracy {kept.accuracy:.3f}, macro-F1 {kept.macro_f1:.3f}")
        return "\n".join(lines)

    def _class_table(self) -> str:
        rows = [
            (name, f"{score.precision:.3f}", f"{score.recall:.3f}", f"{score.f1:.3f}", f"{score.support:,}")
            for name, score in self.classes.items()
        ]
        return aligned(("label", "precision", "recall", "F1", "rows"), rows)

    def _confusion_table(self) -> str:
        rows = [(name, *(f"{n:,}" for n in counts)) for name, counts in zip(self.classes, self.confusion, strict=True)]
        return aligned(("true \\ predicted", *self.classes), rows)

    def group_table(self) -> str:
        """The groups' scores, aligned for a reader."""
        rows = [
            (name, f"{one.n:,}", f"{one.macro_f1:.3f}", f"{one.accuracy:.3f}", f"{one.calibration_error:.3f}")
            for name, one in self.groups.items()
        ]
        return aligned(("group", "rows", "macro-F1", "accuracy", "calibration error"), rows)


def evaluate(
    classes: Sequence[Any],
    truth: Sequence[Any],
    probabilities: ArrayLike,
    groups: Sequence[Any] | None = None,
    *,
    min_confidence: float | None = None,
) -> Evaluation:
    """Compare probabilities with true labels.

    Parameters
    ----------
    classes : sequence of length k
        The labels, in the order of the columns of ``probabilities``.
    truth : sequence of length n
    probabilities : array-like of shape (n, k)
    groups : sequence of length n, optional
        Score the rows of each value apart, too.
    min_confidence : float, optional
        Report the share of rows at or above it, and the scores on them.

    Raises
    ------
    InputError
        If there are no rows, the shapes do not agree, or ``truth`` holds a label that is not a class.
    """
    names = [str(name) for name in classes]
    labels = [str(label) for label in truth]
    shares = np.asarray(probabilities, dtype=np.float64)
    check_min_confidence(min_confidence)
    if not labels:
        raise InputError("there are no rows to evaluate")
    if shares.shape != (len(labels), len(names)):
        raise InputError(f"expected probabilities of shape {(len(labels), len(names))}, got {shares.shape}")
    if groups is not None and len(groups) != len(labels):
        raise InputError(f"expected {len(labels)} groups, one a row, got {len(groups)}")
    check_labels(names, labels)
    true = np.array([names.index(label) for label in labels])
    whole = _scores(names, true, shares, min_confidence)
    if groups is None:
        return whole
    membership = np.array([str(group) for group in groups])
    parts = {
        str(group): _scores(names, true[membership == group], shares[membership == group], min_confidence)
        for group in np.unique(membership)
    }
    return Evaluation(**{**vars(whole), "groups": parts})


def evaluate_file(
    path: AnyPath,
    *,
    model: Predictor | AnyPath | None = None,
    text_column: str = DEFAULT_TEXT_COLUMN,
    label_column: str = DEFAULT_LABEL_COLUMN,
    by: str | None = None,
    min_confidence: float | None = None,
) -> Evaluation:
    """Evaluate a model on a labelled CSV or JSONL file.

    Parameters
    ----------
    path : path
    model : str, path, StanceModel or StanceClassifier, optional
        As in :func:`stancekit.predict_file`.
    text_column, label_column : str
    by : str, optional
        A column whose values are scored apart, too.
    min_confidence : float, optional
        Report the share of rows at or above it, and the scores on them.

    Raises
    ------
    InputError
        If the file is missing or malformed, lacks a column, or holds a label that the model does not know.
    """
    check_min_confidence(min_confidence)
    rows = read_labelled(path, model=model, text_column=text_column, label_column=label_column, by=by)
    return evaluate_rows(rows, min_confidence=min_confidence)


def evaluate_rows(rows: LabelledRows, *, min_confidence: float | None = None) -> Evaluation:
    """Evaluate what :func:`stancekit.report.labelled.read_labelled` gives."""
    return evaluate(rows.classes, rows.truth, rows.probabilities, rows.groups, min_confidence=min_confidence)


def expected_calibration_error(confidences: Floats, correct: NDArray[np.bool_], bins: int = CALIBRATION_BINS) -> float:
    """How far confidence is from accuracy, on average (Naeini et al. 2015).

    Over the bins of :func:`stancekit.report.curves.reliability`.

    Parameters
    ----------
    confidences : ndarray of shape (n,)
    correct : ndarray of shape (n,)
    bins : int, default=10

    Returns
    -------
    float
        Between 0 and 1.
    """
    parts = reliability(confidences, correct, bins)
    return sum(part.n * abs(part.confidence - part.accuracy.value) for part in parts) / len(confidences)


def _scores(names: list[str], true: NDArray[np.intp], shares: Floats, min_confidence: float | None) -> Evaluation:
    from sklearn.metrics import accuracy_score, confusion_matrix, precision_recall_fscore_support

    columns = range(len(names))
    predicted, confidences = shares.argmax(axis=1), shares.max(axis=1)
    curve = selective_accuracy(confidences, predicted == true)
    per_class = precision_recall_fscore_support(true, predicted, labels=columns, zero_division=0)
    of_truth = np.maximum(np.take_along_axis(shares, true[:, None], axis=1), _SMALLEST)
    return Evaluation(
        n=len(true),
        macro_f1=_macro_f1(true, predicted),
        accuracy=float(accuracy_score(true, predicted)),
        log_loss=float(-np.log(of_truth).mean()),
        calibration_error=expected_calibration_error(confidences, predicted == true),
        classes={
            name: ClassScore(float(p), float(r), float(f), int(n))
            for name, p, r, f, n in zip(names, *per_class, strict=True)
        },
        confusion=tuple(tuple(row) for row in confusion_matrix(true, predicted, labels=columns).tolist()),
        selective=tuple(at_coverage(curve, share) for share in SELECTED_SHARES),
        coverage=None if min_confidence is None else _coverage(true, predicted, confidences, min_confidence),
    )


def _coverage(true: NDArray[np.intp], predicted: NDArray[np.intp], confidences: Floats, threshold: float) -> Coverage:
    kept = confidences >= threshold
    if not kept.any():
        return Coverage(threshold, 0.0, None, None)
    accuracy = float((true[kept] == predicted[kept]).mean())
    return Coverage(threshold, float(kept.mean()), accuracy, _macro_f1(true[kept], predicted[kept]))


def _macro_f1(true: NDArray[np.intp], predicted: NDArray[np.intp]) -> float:
    from sklearn.metrics import f1_score

    return float(f1_score(true, predicted, average="macro", zero_division=0))
