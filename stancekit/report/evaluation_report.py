"""The report of ``stancekit evaluate --report``: a page, its figures, and the numbers behind them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from stancekit.batch.output import AnyPath
from stancekit.report import evaluation_figures as figures
from stancekit.report.curves import CoveragePoint, ReliabilityBin, at_coverage, reliability, selective_accuracy
from stancekit.report.evaluation import expected_calibration_error
from stancekit.report.figures import Picture
from stancekit.report.folder import check_folder, write_folder
from stancekit.report.intervals import (
    DRAWS,
    FEWEST_UNITS,
    Counts,
    Estimate,
    confusion_counts,
    estimate,
    resampled_confusions,
    scores,
)
from stancekit.report.labelled import LabelledRows
from stancekit.report.palette import in_order

PAGE = "index.html"
NUMBERS = "evaluation.json"

_COVERAGES = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5)
_CELLS, _MISTAKES_A_CELL = 8, 5

Scores = dict[str, Estimate]


@dataclass(frozen=True)
class GroupScores:
    """How well one group's rows are labelled; ``scores`` has ``accuracy`` and ``macro-F1``."""

    n: int
    scores: Scores


@dataclass(frozen=True)
class Mistake:
    """A row labelled wrongly; ``row`` counts from 1."""

    row: int
    text: str
    confidence: float
    group: str | None


@dataclass(frozen=True)
class MistakeCell:
    """The most confident mistakes of one kind, and how many there are in all."""

    true: str
    predicted: str
    n: int
    mistakes: tuple[Mistake, ...]


@dataclass(frozen=True)
class EvaluationReport:
    """Everything that the report shows.

    Attributes
    ----------
    source, model : str
        What was labelled, and by which model.
    n : int
        Rows.
    unit : str
        What was resampled for the intervals: ``documents`` or ``rows``.
    n_units : int
    labels : tuple of str
    overall : dict of str to Estimate
        ``accuracy`` and ``macro-F1``.
    classes : dict of str to dict
        ``precision``, ``recall`` and ``F1`` of each label.
    support : dict of str to int
        Rows that truly have the label.
    confusion : tuple of tuple of int
        Rows by true label, columns by predicted label, in the order of ``labels``.
    groups : dict of str to GroupScores
    calibration_error : float
    reliability : tuple of ReliabilityBin
    curve : tuple of CoveragePoint
        Accuracy of the most confident rows, at every threshold.
    errors : tuple of MistakeCell
    """

    source: str
    model: str
    n: int
    unit: str
    n_units: int
    labels: tuple[str, ...]
    overall: Scores
    classes: dict[str, Scores]
    support: dict[str, int]
    confusion: tuple[tuple[int, ...], ...]
    groups: dict[str, GroupScores]
    calibration_error: float
    reliability: tuple[ReliabilityBin, ...]
    curve: tuple[CoveragePoint, ...]
    errors: tuple[MistakeCell, ...]

    @property
    def coverage(self) -> tuple[CoveragePoint, ...]:
        """The curve at round shares of rows answered."""
        return tuple(at_coverage(list(self.curve), share) for share in _COVERAGES)

    def files(self) -> dict[str, bytes]:
        """The page, its figures as SVG and PNG, and the numbers as JSON, by file name.

        Raises
        ------
        MissingExtraError
            If matplotlib or Jinja2 is not installed.
        """
        from stancekit.report.pages import render

        pictures = self._pictures()
        numbers = {key: value for key, value in asdict(self).items() if key not in ("errors", "curve")}
        numbers["coverage"] = [asdict(point) for point in self.coverage]
        page = render(
            "evaluation.html",
            self.labels,
            report=self,
            pictures={each.name: each for each in pictures},
            draws=DRAWS,
            fewest=FEWEST_UNITS,
        )
        return {
            **{name: content for each in pictures for name, content in each.files.items()},
            NUMBERS: json.dumps(numbers, indent=2, ensure_ascii=False).encode("utf-8") + b"\n",
            PAGE: page.encode("utf-8"),
        }

    def _pictures(self) -> list[Picture]:
        drawn = [
            figures.confusion_picture(self.labels, np.array(self.confusion)),
            figures.classes_picture(self.classes),
            figures.reliability_picture(self.reliability),
            figures.coverage_picture(self.curve, self.overall["accuracy"].value),
        ]
        if self.groups:
            drawn.append(figures.groups_picture({name: group.scores for name, group in self.groups.items()}))
        return drawn


def evaluation_report(rows: LabelledRows, source: str) -> EvaluationReport:
    """Score rows with intervals, and pick the mistakes to read.

    Parameters
    ----------
    rows : LabelledRows
        From :func:`stancekit.report.labelled.read_labelled`; with ``documents``, these are resampled.
    source : str
        What the page calls the data.
    """
    labels = in_order(rows.names)
    # columns in the order in which the page shows the labels
    column = np.array([labels.index(name) for name in rows.names])
    true, predicted = column[rows.true], column[rows.predicted]
    confidences, correct = rows.probabilities.max(axis=1), true == predicted
    confusion = confusion_counts(true, predicted, len(labels))
    overall, classes = _with_intervals(labels, confusion, _resampled(rows, true, predicted, labels))
    return EvaluationReport(
        source=source,
        model=rows.model,
        n=len(true),
        unit="rows" if rows.documents is None else "documents",
        n_units=len(true) if rows.documents is None else len(set(rows.documents)),
        labels=tuple(labels),
        overall=overall,
        classes=classes,
        support=dict(zip(labels, confusion.sum(axis=1).tolist(), strict=True)),
        confusion=tuple(tuple(row) for row in confusion.tolist()),
        groups=_groups(rows, true, predicted, labels),
        calibration_error=expected_calibration_error(confidences, correct),
        reliability=tuple(reliability(confidences, correct)),
        curve=tuple(selective_accuracy(confidences, correct)),
        errors=_errors(rows, labels, true, predicted),
    )


def write_evaluation_report(rows: LabelledRows, folder: AnyPath, *, source: str, overwrite: bool = False) -> None:
    """Write the report's files into a folder.

    Raises
    ------
    MissingExtraError
        If matplotlib or Jinja2 is not installed.
    OutputError
        If the folder holds something and ``overwrite`` is False, or cannot be written.
    """
    check_folder(folder, overwrite=overwrite)
    write_folder(folder, evaluation_report(rows, source).files())


def _resampled(
    rows: LabelledRows, true: Any, predicted: Any, labels: Sequence[str], chosen: Any = slice(None)
) -> Counts | None:
    documents = None if rows.documents is None else np.array(rows.documents)[chosen]
    return resampled_confusions(true[chosen], predicted[chosen], len(labels), documents)


def _with_intervals(
    labels: Sequence[str], confusion: Counts, resampled: Counts | None
) -> tuple[Scores, dict[str, Scores]]:
    found = scores(confusion)
    samples = None if resampled is None else scores(resampled)

    def of(key: str, *index: int) -> Estimate:
        drawn = None if samples is None else np.moveaxis(samples[key], 0, -1)[index]
        return estimate(float(found[key][index]), drawn)

    overall = {"accuracy": of("accuracy"), "macro-F1": of("macro_f1")}
    classes = {
        name: {"precision": of("precision", i), "recall": of("recall", i), "F1": of("f1", i)}
        for i, name in enumerate(labels)
    }
    return overall, classes


def _groups(rows: LabelledRows, true: Any, predicted: Any, labels: Sequence[str]) -> dict[str, GroupScores]:
    if rows.groups is None:
        return {}
    groups = np.array(rows.groups)
    found = {}
    for name in np.unique(groups):
        chosen = groups == name
        confusion = confusion_counts(true[chosen], predicted[chosen], len(labels))
        overall, _ = _with_intervals(labels, confusion, _resampled(rows, true, predicted, labels, chosen))
        found[str(name)] = GroupScores(int(chosen.sum()), overall)
    return found


def _errors(rows: LabelledRows, labels: Sequence[str], true: Any, predicted: Any) -> tuple[MistakeCell, ...]:
    """The fullest cells beside the diagonal, each with its most confident rows."""
    confidences = rows.probabilities.max(axis=1)
    cells: dict[tuple[int, int], list[int]] = {}
    for i in np.flatnonzero(true != predicted)[np.argsort(-confidences[true != predicted], kind="stable")].tolist():
        cells.setdefault((int(true[i]), int(predicted[i])), []).append(i)
    fullest = sorted(cells.items(), key=lambda item: (-len(item[1]), item[0]))[:_CELLS]
    return tuple(
        MistakeCell(
            labels[t],
            labels[p],
            len(found),
            tuple(
                Mistake(i + 1, rows.texts[i], float(confidences[i]), rows.groups[i] if rows.groups else None)
                for i in found[:_MISTAKES_A_CELL]
            ),
        )
        for (t, p), found in fullest
    )
