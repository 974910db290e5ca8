"""The numbers of ``evaluate``, checked by hand or against their definitions."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from stancekit.errors import InputError
from stancekit.report.evaluation import (
    SELECTED_SHARES,
    evaluate,
    evaluate_file,
    expected_calibration_error,
)

CLASSES = ("concern", "endorsement", "neutrality")
TRUTH = ["concern", "concern", "endorsement", "neutrality"]
SHARES = [[0.8, 0.1, 0.1], [0.2, 0.7, 0.1], [0.1, 0.6, 0.3], [0.2, 0.2, 0.6]]


class FixedModel:
    """Answers from a table."""

    classes = CLASSES
    name, version, sha256 = "fixed", "1", "0" * 64

    def predict_proba(self, texts: list[str]) -> np.ndarray:
        return np.array([SHARES[int(text)] for text in texts])


def test_scores_by_hand():
    one = evaluate(CLASSES, TRUTH, SHARES)
    assert one.n == 4
    assert one.accuracy == 0.75
    assert one.confusion == ((1, 1, 0), (0, 1, 0), (0, 0, 1))
    assert one.classes["concern"].precision == 1.0
    assert one.classes["concern"].recall == 0.5
    assert one.classes["concern"].support == 2
    assert one.classes["endorsement"].f1 == pytest.approx(2 / 3)
    assert one.macro_f1 == pytest.approx((2 / 3 + 2 / 3 + 1) / 3)
    assert one.log_loss == pytest.approx(-np.log([0.8, 0.2, 0.6, 0.6]).mean())
    assert one.calibration_error == pytest.approx((0.2 + 0.7 + 0.4 + 0.4) / 4)
    assert one.coverage is None
    assert one.groups == {}


def test_macro_f1_is_that_of_the_classes_that_occur():
    assert evaluate(CLASSES, ["concern"], [[0.9, 0.05, 0.05]]).macro_f1 == 1.0


def test_groups_are_scored_as_if_alone():
    whole = evaluate(CLASSES, TRUTH, SHARES, [2001, 2002, 2001, 2002])
    assert list(whole.groups) == ["2001", "2002"]
    assert whole.groups["2001"] == evaluate(CLASSES, TRUTH[::2], SHARES[::2])
    assert whole.accuracy == 0.75


def test_coverage_leaves_the_scores_alone():
    one = evaluate(CLASSES, TRUTH, SHARES, min_confidence=0.7)
    assert one.accuracy == 0.75
    assert one.coverage is not None
    assert (one.coverage.coverage, one.coverage.accuracy) == (0.5, 0.5)
    nothing = evaluate(CLASSES, TRUTH, SHARES, min_confidence=0.99).coverage
    assert nothing is not None
    assert (nothing.coverage, nothing.accuracy, nothing.macro_f1) == (0.0, None, None)


def test_a_true_label_without_probability_costs_much_but_not_infinitely():
    assert np.isfinite(evaluate(CLASSES, ["concern"], [[0.0, 1.0, 0.0]]).log_loss)


def test_calibration_error_has_bins_of_equal_mass():
    confidences = np.array([0.5] * 5 + [0.9] * 5)
    correct = np.array([True] * 5 + [False] * 5)
    assert expected_calibration_error(confidences, correct, bins=2) == pytest.approx(0.5 * 0.5 + 0.5 * 0.9)
    assert expected_calibration_error(confidences, correct, bins=1) == pytest.approx(0.2)


@given(arrays(np.float64, st.integers(1, 40), elements=st.floats(0, 1)), st.integers(0, 2**32 - 1))
@settings(max_examples=50, deadline=None)
def test_calibration_error_is_a_share(confidences: np.ndarray, seed: int):
    correct = np.random.default_rng(seed).random(len(confidences)) < 0.5
    assert 0 <= expected_calibration_error(confidences, correct) <= 1


def test_as_dict_is_json_and_as_text_is_aligned():
    one = evaluate(CLASSES, TRUTH, SHARES, ["a", "b", "a", "b"], min_confidence=0.7)
    again = json.loads(json.dumps(one.as_dict()))
    assert again["classes"]["concern"]["recall"] == 0.5
    assert again["groups"]["a"]["n"] == 2
    for table in one.as_text().split("\n\n")[1:]:
        assert len({len(line) for line in table.splitlines()}) == 1


@pytest.mark.parametrize(
    ("truth", "shares", "groups", "message"),
    [
        ([], np.zeros((0, 3)), None, "no rows"),
        (["concern"], [[0.5, 0.5]], None, r"shape \(1, 3\), got \(1, 2\)"),
        (["concern"], [[1, 0, 0]], [1, 2], "expected 1 groups, one a row, got 2"),
        (["x"] * 7, [[1, 0, 0]] * 7, None, r"'x' \(rows 1, 2, 3, 4, 5 and 2 more\); it knows 'concern'"),
    ],
)
def test_unusable_arguments(truth: list[str], shares: object, groups: object, message: str):
    with pytest.raises(InputError, match=message):
        evaluate(CLASSES, truth, shares, groups)


def test_file(tmp_path: Path):
    path = tmp_path / "in.jsonl"
    rows = [{"text": str(i), "gold": label, "year": 2000 + i % 2} for i, label in enumerate(TRUTH)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    one = evaluate_file(path, model=FixedModel(), label_column="gold", by="year")
    assert one == evaluate(CLASSES, TRUTH, SHARES, [2000, 2001, 2000, 2001])


def test_file_without_rows(tmp_path: Path):
    (tmp_path / "in.csv").write_text("text,label\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"in\.csv: has no rows to evaluate"):
        evaluate_file(tmp_path / "in.csv", model=FixedModel())


def test_the_evaluation_holds_the_curve():
    one = evaluate(CLASSES, TRUTH, SHARES)
    assert one.selective[0].accuracy.value == one.accuracy
    assert all(point.coverage >= share for point, share in zip(one.selective, SELECTED_SHARES, strict=True))
    assert "most confident" in one.as_text()
