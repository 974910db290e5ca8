from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from stancekit.errors import OutputError
from stancekit.report.evaluation import evaluate_rows
from stancekit.report.evaluation_report import NUMBERS, PAGE, evaluation_report, write_evaluation_report
from stancekit.report.labelled import LabelledRows

from .conftest import ATTACK
from .test_pages import Tags


def test_the_numbers_are_those_of_evaluate(rows: LabelledRows):
    report, one = evaluation_report(rows, "x"), evaluate_rows(rows)
    assert report.overall["accuracy"].value == pytest.approx(one.accuracy)
    assert report.overall["macro-F1"].value == pytest.approx(one.macro_f1)
    assert report.calibration_error == pytest.approx(one.calibration_error)
    for name, scores in report.classes.items():
        assert scores["F1"].value == pytest.approx(one.classes[name].f1)
        assert scores["recall"].value == pytest.approx(one.classes[name].recall)
        assert report.support[name] == one.classes[name].support
    for name, group in report.groups.items():
        assert group.scores["macro-F1"].value == pytest.approx(one.groups[name].macro_f1)
        assert group.n == one.groups[name].n


def test_rows_of_the_confusion_are_in_the_order_of_the_page(rows: LabelledRows):
    report, one = evaluation_report(rows, "x"), evaluate_rows(rows)
    assert report.labels == ("endorsement", "concern", "neutrality")
    i, j = (list(one.classes).index(name) for name in ("endorsement", "neutrality"))
    assert report.confusion[0][2] == one.confusion[i][j]


def test_intervals_hold_their_values(rows: LabelledRows):
    report = evaluation_report(rows, "x")
    assert (report.unit, report.n_units) == ("documents", 12)
    for scores in (report.overall, *report.classes.values()):
        for estimate in scores.values():
            assert estimate.low is not None
            assert estimate.high is not None
            assert estimate.low <= estimate.value <= estimate.high
            assert estimate.low < estimate.high


def test_without_documents_rows_are_resampled(rows: LabelledRows):
    report = evaluation_report(replace(rows, documents=None, groups=None), "x")
    assert (report.unit, report.n_units, report.groups) == ("rows", 60, {})
    assert "--document-column" in report.files()[PAGE].decode()


def test_a_small_group_gets_no_interval(rows: LabelledRows):
    report = evaluation_report(replace(rows, groups=["few"] * 5 + ["many"] * 55), "x")
    assert report.groups["few"].scores["accuracy"].low is None
    assert report.groups["many"].scores["accuracy"].low is not None
    assert "none where a group has fewer than 10 documents" in report.files()[PAGE].decode()


def test_errors_are_the_most_confident_of_each_kind(rows: LabelledRows):
    report = evaluation_report(rows, "x")
    assert sum(cell.n for cell in report.errors) == 8
    assert [cell.n for cell in report.errors] == sorted((cell.n for cell in report.errors), reverse=True)
    for cell in report.errors:
        confidences = [mistake.confidence for mistake in cell.mistakes]
        assert len(confidences) == min(cell.n, 5)
        assert confidences == sorted(confidences, reverse=True)
        for mistake in cell.mistakes:
            assert rows.truth[mistake.row - 1] == cell.true
            assert rows.texts[mistake.row - 1] == mistake.text
            assert cell.predicted != cell.true


def test_a_model_without_a_fault(rows: LabelledRows):
    perfect = replace(rows, probabilities=np.eye(3)[rows.true] * 0.9 + 0.1 / 3)
    report = evaluation_report(perfect, "x")
    assert report.errors == ()
    assert "No row was labelled wrongly." in report.files()[PAGE].decode()


def test_labels_of_ones_own(rows: LabelledRows):
    labels = ("against", "for", "unclear & open")
    own = replace(rows, classes=labels, truth=[labels[i] for i in rows.true])
    page = evaluation_report(own, "x").files()[PAGE].decode()
    assert "unclear &amp; open" in page


def test_the_files(rows: LabelledRows):
    report = evaluation_report(rows, "x")
    files = report.files()
    figures = ["classes", "confusion", "coverage", "groups", "reliability"]
    assert sorted(files) == sorted([*(f"{name}.{kind}" for name in figures for kind in ("png", "svg")), NUMBERS, PAGE])
    numbers = json.loads(files[NUMBERS])
    assert numbers["overall"]["accuracy"]["value"] == report.overall["accuracy"].value
    assert [point["coverage"] for point in numbers["coverage"]] == pytest.approx([1, 0.9, 0.8, 0.7, 0.6, 0.5], abs=0.02)
    assert files == evaluation_report(rows, "x").files()


def test_the_page_shows_every_figure_with_words_and_holds_no_markup_of_the_file(rows: LabelledRows):
    page = evaluation_report(rows, ATTACK).files()[PAGE].decode()
    tags = Tags(page)
    images = [attributes for tag, attributes in tags.found if tag == "img"]
    assert len(images) == 5
    assert all(str(image["src"]).startswith("data:image/svg+xml;base64,") and image["alt"] for image in images)
    assert not [tag for tag, attributes in tags.found if tag in ("script", "link", "iframe") or "onerror" in attributes]
    assert "<script>alert" in tags.text
    assert "http" not in page.replace("http-equiv", "")


def test_writing(rows: LabelledRows, tmp_path: Path):
    write_evaluation_report(rows, tmp_path / "out", source="x")
    with pytest.raises(OutputError, match="is not empty"):
        write_evaluation_report(rows, tmp_path / "out", source="x")
    write_evaluation_report(rows, tmp_path / "out", source="y", overwrite=True)
    assert "<title>Evaluation on y</title>" in (tmp_path / "out" / PAGE).read_text(encoding="utf-8")
