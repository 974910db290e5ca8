"""The file for R's ``dsl``: what that package asks of its columns, checked here in Python."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from stancekit import InputError, OutputError, export_dsl, sample_file

PLACES = list(range(3, 243, 6))


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_labels_predictions_and_probabilities(predicted, tmp_path: Path):
    sample = predicted.sample(tmp_path / "s.csv", PLACES)
    assert export_dsl(predicted.path, sample, tmp_path / "dsl.csv") == 300
    rows = read(tmp_path / "dsl.csv")
    assert list(rows[0]) == [
        *("id", "country", "date"),
        *("label_concern", "label_endorsement", "label_neutrality"),
        *("predicted_concern", "predicted_endorsement", "predicted_neutrality"),
        "sampling_probability",
    ]
    for place, row in enumerate(rows, start=1):
        labels = [row[f"label_{name}"] for name in ("concern", "endorsement", "neutrality")]
        if place in PLACES:
            assert row[f"label_{predicted.labels[place - 1]}"] == "1"
            assert sorted(labels) == ["0", "0", "1"]
        else:
            assert labels == ["NA"] * 3
        assert float(row["predicted_concern"]) == float(predicted.rows[place - 1]["stance_concern"])
    assert {float(row["sampling_probability"]) for row in rows} == {len(PLACES) / 300}


@pytest.mark.parametrize("options", [{"how": "uncertain"}, {"by": "country"}])
def test_probabilities_have_the_mean_that_dsl_expects(predicted, tmp_path: Path, options: dict):
    """dsl scales the column so that its mean is the share of labelled rows; here it has that mean already."""
    sample_file(predicted.path, tmp_path / "s.csv", 60, **options)
    rows = read(tmp_path / "s.csv")
    with (tmp_path / "s.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, rows[0])
        writer.writeheader()
        writer.writerows({**row, "label": predicted.labels[int(row["sampled_row"]) - 1]} for row in rows)
    export_dsl(predicted.path, tmp_path / "s.csv", tmp_path / "dsl.csv")
    found = read(tmp_path / "dsl.csv")
    probabilities = np.array([float(row["sampling_probability"]) for row in found])
    assert probabilities.mean() == pytest.approx(60 / 300)
    assert ((probabilities > 0) & (probabilities <= 1)).all()
    drawn = {int(row["sampled_row"]): float(row["sampling_probability"]) for row in rows}
    assert {i: p for i, p in enumerate(probabilities.tolist(), start=1) if i in drawn} == drawn


def test_what_cannot_be_exported(predicted, tmp_path: Path):
    (tmp_path / "own.csv").write_text("id,label\n1,concern\n", encoding="utf-8")
    with pytest.raises(InputError, match="draw them with stancekit sample"):
        export_dsl(predicted.path, tmp_path / "own.csv", tmp_path / "dsl.csv")
    sure = predicted.sample(tmp_path / "s.csv", [1, 2], sampling_probability=[1, 1])
    with pytest.raises(InputError, match="every sampling_probability is 1"):
        export_dsl(predicted.path, sure, tmp_path / "dsl.csv")
    assert not (tmp_path / "dsl.csv").exists()
    with pytest.raises(OutputError, match="same file"):
        export_dsl(predicted.path, sure, sure, overwrite=True)
    text = predicted.path.read_text(encoding="utf-8").replace("country", "label_concern", 1)
    predicted.path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="already has a column 'label_concern'"):
        export_dsl(predicted.path, predicted.sample(tmp_path / "t.csv", PLACES), tmp_path / "dsl.csv")
