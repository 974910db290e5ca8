from __future__ import annotations

import pytest

from stancekit.batch.columns import StanceColumns, fixed_names
from stancekit.errors import InputError
from stancekit.labels import LABELS
from stancekit.scoring import Prediction


def test_names_of_the_codebook_labels_come_in_the_codebook_order():
    assert StanceColumns.of("stance", LABELS).names == (
        "stance",
        "stance_confidence",
        "stance_endorsement",
        "stance_concern",
        "stance_neutrality",
        "stance_reason",
    )


def test_names_of_other_labels_come_in_the_order_of_the_model():
    assert StanceColumns.of("s", ("b", "a")).names == ("s", "s_confidence", "s_b", "s_a", "s_reason")


def test_fixed_names_are_among_the_names():
    assert set(fixed_names("p")) <= set(StanceColumns.of("p", LABELS).names)


@pytest.mark.parametrize("label", ["confidence", "reason"])
def test_a_label_that_collides_with_a_fixed_column_is_refused(label: str):
    with pytest.raises(InputError, match=f"stance_{label}"):
        StanceColumns.of("stance", (label, "other"))


def test_answer_has_four_decimals_and_an_empty_reason():
    shares = {"concern": 0.5, "endorsement": 0.30005, "neutrality": 0.19995}
    answer = StanceColumns.of("stance", LABELS).answer(Prediction("concern", "concern", shares, 0.5, None))
    assert answer == ("concern", "0.5000", f"{0.30005:.4f}", "0.5000", f"{0.19995:.4f}", "")
