from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stancekit.batch.columns import StanceColumns, fixed_names
from stancekit.errors import InputError
from stancekit.labels import LABELS
from stancekit.scoring import Decisions


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


@given(st.lists(st.floats(0, 1) | st.integers(0, 20_000).map(lambda n: n / 20_000), min_size=1))
def test_answers_are_printed_as_percent_prints_them(shares: list[float]):
    n = len(shares)
    probabilities = np.array([[share, 0.0, 1.0] for share in shares])
    decisions = Decisions(["concern"] * n, ["concern"] * n, probabilities, [0.5] * n, [None] * n, ["m"] * n)
    answers = StanceColumns.of("stance", LABELS).answers(decisions)
    assert answers == [("concern", "0.5000", "0.0000", f"{share:.4f}", "1.0000", "") for share in shares]
