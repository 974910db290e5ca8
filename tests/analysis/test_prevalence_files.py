"""Shares from files: the same numbers as on arrays, and errors that name file, row and column."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from stancekit import LABELS, InputError, plan_file, prevalence, prevalence_file
from stancekit.batch import predicted as predicted_module

PLACES = list(range(2, 242, 4))


def shares_of(predicted) -> np.ndarray:
    return np.array([[float(row[f"stance_{name}"]) for name in LABELS] for row in predicted.rows])


def test_the_same_as_on_arrays(predicted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    # blocks that no group fits into
    monkeypatch.setattr(predicted_module, "BLOCK_ROWS", 37)
    probability = [0.2] * len(PLACES)
    sample = predicted.sample(tmp_path / "s.csv", PLACES, sampling_probability=probability)
    from_files = prevalence_file(predicted.path, sample, by="country")
    on_arrays = prevalence(
        shares_of(predicted),
        [place - 1 for place in PLACES],
        [predicted.labels[place - 1] for place in PLACES],
        sampling_probability=probability,
        groups=[row["country"] for row in predicted.rows],
    )
    assert len(from_files.shares) == len(on_arrays.shares) == 9
    for one, other in zip(from_files.shares, on_arrays.shares, strict=True):
        assert (one.group, one.label, one.rows, one.labelled) == (other.group, other.label, other.rows, other.labelled)
        assert [one.share, one.low, one.high] == pytest.approx([other.share, other.low, other.high])
    assert from_files.notes == ()


def test_order_files_and_abstentions_do_not_matter(predicted, tmp_path: Path):
    whole = prevalence_file(predicted.path, predicted.sample(tmp_path / "s.csv", PLACES[::-1]))
    halves = [predicted.sample(tmp_path / "a.csv", PLACES[30:]), predicted.sample(tmp_path / "b.csv", PLACES[:30])]
    parts = prevalence_file(predicted.path, halves)
    assert parts.shares == whole.shares
    assert whole.shares[0].rows == 300
    assert "simple random sample" in whole.notes[0]


def test_a_sample_with_its_own_probabilities(predicted, tmp_path: Path):
    """Rows drawn by other means, with the prediction's columns beside the label."""
    joined = prevalence_file(predicted.path, predicted.sample(tmp_path / "s.csv", PLACES), by="country")
    with (tmp_path / "own.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, [*predicted.rows[0], "label"])
        writer.writeheader()
        writer.writerows({**predicted.rows[p - 1], "label": predicted.labels[p - 1]} for p in PLACES)
        writer.writerow({**predicted.rows[0], "label": ""})
    own = prevalence_file(predicted.path, tmp_path / "own.csv", by="country")
    assert own.shares == joined.shares
    assert "1 row(s) have no label" in own.notes[0]


def test_periods_and_blank_groups(predicted, tmp_path: Path):
    text = (
        predicted.path.read_text(encoding="utf-8").replace("s0,DE,", "s0,,").replace("1990-05-17,Text 10.", ",Text 10.")
    )
    predicted.path.write_text(text, encoding="utf-8")
    sample = predicted.sample(tmp_path / "s.csv", PLACES)
    found = prevalence_file(predicted.path, sample, by="country", time="date", period="decade")
    cells = {(each.group, each.period): each.rows for each in found.shares}
    assert cells == {
        ("", ""): 300,
        ("DE", "1990s"): 99,
        ("FR", "1990s"): 199,
        ("FR", "(blank)"): 1,
        ("(blank)", "1990s"): 1,
    }
    assert "1990s" in found.as_text()


def test_json_lines(predicted, tmp_path: Path):
    path = tmp_path / "predicted.jsonl"
    lines = []
    for i, row in enumerate(predicted.rows):
        numbers = {name: float(value) for name, value in row.items() if value and name.startswith("stance_")}
        lines.append(json.dumps({**row, **numbers, "stance_reason": None, "id": i}))
    path.write_text("\n".join(lines), encoding="utf-8")
    sample = predicted.sample(tmp_path / "s.csv", PLACES)
    assert prevalence_file(path, sample).shares == prevalence_file(predicted.path, sample).shares


def test_training_shares_come_from_the_model(predicted, small_folder: Path):
    found = prevalence_file(predicted.path, method="sld", model=small_folder)
    expected = prevalence(shares_of(predicted), method="sld", training_shares=[1 / 3, 1 / 3, 1 / 3])
    for one, other in zip(found.shares, expected.shares, strict=True):
        assert one.share == pytest.approx(other.share, abs=1e-5)
        assert one.low is None


def test_a_plan(predicted, tmp_path: Path):
    sample = predicted.sample(tmp_path / "s.csv", PLACES)
    found = plan_file(predicted.path, sample, width=0.1, by="country")
    assert [each.group for each in found.needed] == ["", "DE", "FR"]
    assert plan_file(predicted.path, sample, width=0.2).needed[0].with_predictions < found.needed[0].with_predictions


# -- mistakes --------------------------------------------------------------------------------------------------------


def test_a_file_without_predictions(tmp_path: Path):
    (tmp_path / "in.csv").write_text("text,label\na,concern\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"in\.csv: has no columns 'stance'.*run stancekit predict"):
        prevalence_file(tmp_path / "in.csv", method="naive")


def test_standard_input_is_refused():
    with pytest.raises(InputError, match="cannot be read twice"):
        prevalence_file("-", method="naive")


def test_a_date_in_another_form(predicted):
    text = predicted.path.read_text(encoding="utf-8").replace("1995-05-17,Text 5.", "17/05/1995,Text 5.")
    predicted.path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"predicted\.csv: row 6: column 'date': '17/05/1995' is no date"):
        prevalence_file(predicted.path, method="naive", time="date")


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("high", r"row 2: column 'stance_concern' holds 'high'; expected a probability"),
        ("1.5", r"row 2: column 'stance_concern' holds '1\.5'"),
        ("nan", r"row 2: column 'stance_concern' holds 'nan'"),
        ("0.9", r"row 2: stance_concern, .* sum to 1\.6"),
    ],
)
def test_cells_that_are_no_probabilities(tmp_path: Path, value: str, message: str):
    head = "stance,stance_confidence,stance_endorsement,stance_concern,stance_neutrality,stance_reason\n"
    rows = f"concern,0.5,0.3,0.5,0.2,\nconcern,0.5,0.5,{value},0.2,\n"
    (tmp_path / "p.csv").write_text(head + rows, encoding="utf-8")
    with pytest.raises(InputError, match=message):
        prevalence_file(tmp_path / "p.csv", method="naive")


@pytest.mark.parametrize(
    ("sample", "message"),
    [
        ("sampled_row,label\n7,concern\n7,concern\n", r"s\.csv: row 2: is the same statement as .*s\.csv: row 1"),
        ("sampled_row,label\nseven,concern\n", r"row 1: 'sampled_row' is 'seven'; expected a row number"),
        ("sampled_row,label\n0,concern\n", "rows are numbered from 1"),
        ("sampled_row,label\n301,concern\n", r"row 1: was drawn from row 301, but .*predicted\.csv has 300 rows"),
        ("sampled_row,label\n7,Concern\n", r"row 1: label 'Concern' is not one of .*did you mean 'concern'"),
        ("sampled_row,label,text\n7,concern,Text 9.\n", r"row 1: its text is not that of row 7 of .*moved"),
        ("sampled_row,label,sampling_probability\n7,concern,0\n", "above 0 and at most 1"),
        ("sampled_row,label,sampling_probability\n7,concern,x\n", "expected a number"),
        ("sampled_row,stance\n7,concern\n", "no column 'label'"),
        ("id,label\n7,concern\n", "run stancekit predict"),
    ],
)
def test_samples_that_do_not_fit(predicted, tmp_path: Path, sample: str, message: str):
    (tmp_path / "s.csv").write_text(sample, encoding="utf-8")
    with pytest.raises(InputError, match=message):
        prevalence_file(predicted.path, tmp_path / "s.csv")


def test_files_that_disagree(predicted, tmp_path: Path):
    (tmp_path / "t.csv").write_text("id,label\n1,concern\n", encoding="utf-8")
    sample = predicted.sample(tmp_path / "s.csv", PLACES)
    with pytest.raises(InputError, match="some labelled files have a column 'sampled_row' and some do not"):
        prevalence_file(predicted.path, [sample, tmp_path / "t.csv"])


def test_a_model_of_other_labels(predicted):
    from stancekit import StanceClassifier

    other = StanceClassifier(base="ngram").fit(
        ["Yes.", "We agree.", "No.", "We differ."] * 2, ["yes", "yes", "no", "no"] * 2
    )
    with pytest.raises(InputError, match=r"the model labels 'no', 'yes'.*--model"):
        prevalence_file(predicted.path, method="sld", model=other)


def test_an_unknown_period(predicted):
    with pytest.raises(InputError, match="did you mean 'year'"):
        prevalence_file(predicted.path, method="naive", time="date", period="years")
