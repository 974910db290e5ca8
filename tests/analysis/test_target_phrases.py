from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stancekit.analysis.target_phrases import whole_phrase

TEXT = "They opposed the sale of U.S. helicopters to Pretoria and it."


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        ("sale of U.S. helicopters", "the sale of U.S. helicopters"),
        ("the sale of", "the sale"),
        ("of U.S. helicopters to", "U.S. helicopters"),
        ("the", None),
        ("to", None),
        ("it", "it"),
        ("Pretoria", "Pretoria"),
        ("Pretoria and", "Pretoria"),
        (".", None),
    ],
)
def test_phrases(span: str, expected: str | None):
    start = TEXT.rindex(span)
    found = whole_phrase(TEXT, start, start + len(span))
    assert (found and TEXT[slice(*found)]) == expected


def test_no_article_from_beyond_a_mark():
    text = "He said no. The, plan"
    assert whole_phrase(text, 17, 21) == (17, 21)


@given(st.text(alphabet="the of. it", max_size=40), st.integers(0, 40), st.integers(0, 40))
def test_a_whole_phrase_stays_as_it_is(text: str, start: int, end: int):
    found = whole_phrase(text, min(start, len(text)), min(end, len(text)))
    if found is not None:
        assert 0 <= found[0] < found[1] <= len(text)
        again = whole_phrase(text, *found)
        assert again is not None
        assert again[1] == found[1]
