"""Labels to look at again: those that a model finds unlikely, and equal texts with different labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from stancekit.artifact import DEFAULT_MODEL
from stancekit.batch.columns import DEFAULT_TEXT_COLUMN
from stancekit.batch.csv_output import write_csv
from stancekit.batch.output import AnyPath, check_output
from stancekit.batch.rows import open_rows
from stancekit.batch.run import load
from stancekit.batch.source import listed
from stancekit.coding.columns import LABEL_COLUMN
from stancekit.errors import InputError
from stancekit.extras import needs_extra
from stancekit.text import normalise

UNLIKELY, DUPLICATE = "unlikely label", "equal text, other label"
_SHOWN, _TEXT_WIDTH = 20, 70


@dataclass(frozen=True)
class Finding:
    """A label to look at again.

    Attributes
    ----------
    row : int
        From 1.
    text, label : str
    suggested : str
        The model's label, or that of the other row.
    quality : float
        The probability that the model gives to the label; the lower, the more doubtful.
    reason : str
    """

    row: int
    text: str
    label: str
    suggested: str
    quality: float
    reason: str


@dataclass(frozen=True)
class Audit:
    """What an audit found.

    Attributes
    ----------
    rows : int
    findings : tuple of Finding
        The most doubtful first.
    """

    rows: int
    findings: tuple[Finding, ...]

    def as_dict(self) -> dict[str, Any]:
        """The fields by name, ready for JSON."""
        return asdict(self)

    def as_text(self) -> str:
        """The findings for a reader, the tail of a long list counted."""
        counts = [
            f"{sum(found.reason == reason for found in self.findings)} of {reason}" for reason in (UNLIKELY, DUPLICATE)
        ]
        lines = [f"{self.rows:,} rows; to look at again: {', '.join(counts)}"]
        for found in self.findings[:_SHOWN]:
            text = found.text if len(found.text) <= _TEXT_WIDTH else found.text[: _TEXT_WIDTH - 1] + "…"
            lines.append(f"  row {found.row}: {found.label}, or {found.suggested}? ({found.quality:.2f}) {text}")
        if len(self.findings) > _SHOWN:
            lines.append(f"  and {len(self.findings) - _SHOWN} more; -o writes them all")
        return "\n".join(lines)


def audit(texts: Sequence[str], labels: Sequence[str], probabilities: ArrayLike, classes: Sequence[str]) -> Audit:
    """Find labels to look at again.

    Parameters
    ----------
    texts, labels : sequence of str, length n
    probabilities : array-like of shape (n, k)
        From a model that did not learn from these labels.
    classes : sequence of str, length k

    Raises
    ------
    InputError
        If lengths differ or a label is not a class.
    MissingExtraError
        If cleanlab is not installed.

    Notes
    -----
    Unlikely labels are those that confident learning (Northcutt, Jiang & Chuang 2021) finds, by cleanlab.
    """
    shares = np.asarray(probabilities, dtype=np.float64)
    names = list(classes)
    if not texts or not len(texts) == len(labels) == len(shares):
        raise InputError(
            f"{len(texts)} texts, {len(labels)} labels, {len(shares)} rows of probabilities; give one each"
        )
    unknown = [(i, label) for i, label in enumerate(labels, start=1) if label not in names]
    if unknown:
        row, label = unknown[0]
        raise InputError(f"row {row}: label {label!r} is not one that the model knows: {listed(names)}")
    codes = np.array([names.index(label) for label in labels])
    qualities = np.take_along_axis(shares, codes[:, None], axis=1)[:, 0]
    suggestions = _unlikely(codes, shares, names)
    findings = [
        Finding(i + 1, texts[i], labels[i], suggested, float(qualities[i]), UNLIKELY)
        for i, suggested in suggestions.items()
    ]
    findings += [
        Finding(i + 1, texts[i], labels[i], other, float(qualities[i]), DUPLICATE)
        for i, other in _conflicts(texts, labels).items()
        if i not in suggestions
    ]
    return Audit(len(texts), tuple(sorted(findings, key=lambda found: (found.quality, found.row))))


def audit_file(
    path: AnyPath,
    output: AnyPath | None = None,
    *,
    model: AnyPath | None = None,
    folds: int | None = None,
    text_column: str = DEFAULT_TEXT_COLUMN,
    label_column: str = LABEL_COLUMN,
    seed: int = 0,
    overwrite: bool = False,
) -> Audit:
    """Audit the labels of a file.

    Parameters
    ----------
    path : path
    output : path, optional
        Write the findings there, as CSV.
    model : str or path, optional
        Whose probabilities; the default model if left out.
    folds : int, optional
        Train heads on the file's own labels instead, over the features of ``model``, each on all but one fold; for
        labels that the model does not know, or that it was trained on.
    text_column, label_column : str
    seed : int, default=0
        Of the folds.
    overwrite : bool, default=False

    Raises
    ------
    InputError
        If the file is malformed or lacks a column, or the model does not know a label.
    OutputError
        If the output exists or cannot be written.
    MissingExtraError
        If cleanlab is not installed.
    """
    if output is not None:
        check_output(output, [path], overwrite=overwrite)
    texts: list[str] = []
    labels: list[str] = []
    with open_rows(path, [text_column, label_column]) as (source, rows):
        for _, (text, label) in rows:
            texts.append(text)
            labels.append(label.strip())
        if not texts:
            raise source.error("has no rows to audit")
        try:
            if folds is None:
                predictor = load(model)
                classes = [str(name) for name in predictor.classes]
                shares = predictor.predict_proba(texts)
            else:
                classes, shares = _out_of_fold(texts, labels, model or DEFAULT_MODEL, folds, seed)
            found = audit(texts, labels, shares, classes)
        except InputError as error:
            raise source.error(f"column {label_column!r}: {error}") from error
    if output is not None:
        names = ["row", text_column, label_column, "suggested", "quality", "reason"]
        write_csv(output, names, (list(asdict(finding).values()) for finding in found.findings))
    return found


def _unlikely(codes: NDArray[np.intp], shares: NDArray[np.float64], names: Sequence[str]) -> dict[int, str]:
    with needs_extra("audit"):
        from cleanlab.filter import find_label_issues
    # cleanlab wants every class to occur.
    present = np.unique(codes)
    if len(present) < 2:
        return {}
    narrowed = shares[:, present] / shares[:, present].sum(axis=1, keepdims=True)
    places = find_label_issues(
        np.searchsorted(present, codes), narrowed, return_indices_ranked_by="self_confidence", n_jobs=1
    )
    return {int(i): names[present[narrowed[i].argmax()]] for i in places}


def _conflicts(texts: Sequence[str], labels: Sequence[str]) -> dict[int, str]:
    groups: dict[str, list[int]] = {}
    for i, text in enumerate(texts):
        groups.setdefault(" ".join(normalise(text).casefold().split()), []).append(i)
    found = {}
    for places in groups.values():
        for i in places:
            others = [labels[j] for j in places if labels[j] != labels[i]]
            if others:
                found[i] = others[0]
    return found


def _out_of_fold(
    texts: list[str], labels: list[str], base: AnyPath, folds: int, seed: int
) -> tuple[list[str], NDArray[np.float64]]:
    from sklearn.model_selection import StratifiedKFold, cross_val_predict

    from stancekit.classifier import StanceClassifier

    classes, counts = np.unique(labels, return_counts=True)
    if not 2 <= folds <= counts.min():
        rarest = classes[counts.argmin()]
        raise InputError(f"{folds} folds need as many rows of every label; {str(rarest)!r} has {counts.min()}")
    splitter = StratifiedKFold(folds, shuffle=True, random_state=seed)
    classifier = StanceClassifier(base=str(base), random_state=seed)
    shares = cross_val_predict(classifier, texts, labels, cv=splitter, method="predict_proba")
    return classes.tolist(), np.asarray(shares, dtype=np.float64)
