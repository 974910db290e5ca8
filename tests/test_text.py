"""Text in every container, and one spelling for what differs in typography alone."""

from __future__ import annotations

import unicodedata

import datasets
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from stancekit import text as text_module
from stancekit.errors import InputError
from stancekit.text import TYPOGRAPHY, as_texts, normalise

TEXTS = ["We welcome it.", "", "Ils s'inquiètent."]

SEQUENCES = {
    "list": list,
    "tuple": tuple,
    "NumPy object array": lambda texts: np.array(texts, dtype=object),
    "NumPy str array": lambda texts: np.array(texts, dtype=str),
    "NumPy strided view": lambda texts: np.array([t for text in texts for t in (text, "x")], dtype=str)[::2],
    "pandas Series": pd.Series,
    "pandas object Series": lambda texts: pd.Series(texts, dtype=object),
    "pandas string Series": lambda texts: pd.Series(texts, dtype="string"),
    "pandas categorical Series": lambda texts: pd.Series(texts, dtype="category"),
    "pandas Series with another index": lambda texts: pd.Series(texts, index=[7, 3, 5]),
    "pandas Index": pd.Index,
    "polars Series": lambda texts: pl.Series("text", texts),
    "Arrow array": pa.array,
    "Arrow chunked array": lambda texts: pa.chunked_array([texts[:1], texts[1:]]),
    "datasets column": lambda texts: datasets.Dataset.from_dict({"text": texts})["text"],
    "datasets column, read": lambda texts: datasets.Dataset.from_dict({"text": texts})[:]["text"],
    "generator": lambda texts: (text for text in texts),
}


@pytest.mark.parametrize("kind", SEQUENCES)
def test_every_sequence_becomes_a_list_of_str(kind: str):
    found = as_texts(SEQUENCES[kind](TEXTS))
    assert type(found) is list
    assert found == TEXTS
    assert all(isinstance(item, str) for item in found)


@pytest.mark.parametrize("kind", [kind for kind in SEQUENCES if kind != "pandas Series with another index"])
def test_no_texts_at_all(kind: str):
    make = SEQUENCES[kind]
    if kind == "Arrow chunked array":
        assert as_texts(pa.chunked_array([], type=pa.string())) == []
    elif kind == "polars Series":
        assert as_texts(pl.Series("text", [], dtype=pl.String)) == []
    else:
        assert as_texts(make([])) == []


def test_the_list_is_the_callers_own_no_longer():
    texts = list(TEXTS)
    as_texts(texts).append("more")
    assert texts == TEXTS


@pytest.mark.parametrize("lone", ["We welcome it.", "", np.str_("We welcome it."), b"We welcome it."])
def test_a_lone_text(lone: object):
    with pytest.raises(InputError, match=r"got a single one; wrap it in a list: \[text\]"):
        as_texts(lone)


FRAME = {"text": ["a", "b"], "label": ["x", "y"]}


@pytest.mark.parametrize(
    ("table", "shape"),
    [
        (np.array([["a", "b"]]), r"\(1, 2\)"),
        (pd.DataFrame(FRAME), r"\(2, 2\)"),
        (pl.DataFrame(FRAME), r"\(2, 2\)"),
        (pa.table(FRAME), r"\(2, 2\)"),
        (datasets.Dataset.from_dict(FRAME), r"\(2, 2\)"),
    ],
    ids=["NumPy", "pandas", "polars", "Arrow", "datasets"],
)
def test_a_table_is_not_a_column(table: object, shape: str):
    with pytest.raises(InputError, match=rf"shape \(n,\), got shape {shape}; pass one column"):
        as_texts(table)


@pytest.mark.parametrize("array", [np.array("a"), np.full((1, 1, 1), "a")], ids=["0-D", "3-D"])
def test_other_shapes(array: np.ndarray):
    with pytest.raises(InputError, match=r"expected texts of shape \(n,\), got shape"):
        as_texts(array)


@pytest.mark.parametrize(
    ("other", "what"), [(None, "None"), (3, "a int"), ({"text": ["a"]}, "a dict"), ({"a", "b"}, "a set")]
)
def test_not_a_sequence(other: object, what: str):
    """A dict would be labelled by its keys, and a set has no order to give the answers in."""
    with pytest.raises(InputError, match=rf"expected a sequence of texts, got .*{what}"):
        as_texts(other)


NOT_TEXTS = {
    "None": (["a", None], "missing (None)"),
    "NaN": (["a", float("nan")], "a float"),
    "int": (["a", 1], "a int"),
    "bytes": (["a", b"b"], "a bytes"),
    "nested list": (["a", ["b"]], "a list"),
    "NumPy object array": (np.array(["a", None], dtype=object), "missing (None)"),
    "NumPy numbers": (np.array([1.0, 2.0]), "a float"),
    "pandas None": (pd.Series(["a", None], dtype=object), "missing (None)"),
    "pandas NaN": (pd.Series(["a", None]), "a float"),
    "pandas NA": (pd.Series(["a", None], dtype="string"), "a NAType"),
    "polars null": (pl.Series(["a", None]), "missing (None)"),
    "Arrow null": (pa.array(["a", None]), "missing (None)"),
    "Arrow chunked null": (pa.chunked_array([["a"], [None]]), "missing (None)"),
    "datasets None": (datasets.Dataset.from_dict({"text": ["a", None]})["text"], "missing (None)"),
}


@pytest.mark.parametrize("case", NOT_TEXTS)
def test_an_item_that_is_no_text_is_named_by_its_position(case: str):
    texts, what = NOT_TEXTS[case]
    first = 0 if case == "NumPy numbers" else 1
    with pytest.raises(InputError) as caught:
        as_texts(texts)
    assert str(caught.value) == f"texts[{first}] is {what}, not a str; fill missing texts with '' and convert the rest"


def test_subclasses_of_str_are_texts():
    class Marked(str):
        __slots__ = ()

    assert as_texts([Marked("a")]) == ["a"]


# -- normalise ---------------------------------------------------------------------------------------------------

ANY_TEXT = st.text(st.characters(), max_size=40)
MARKS = [chr(code) for code in range(0x110000) if unicodedata.combining(chr(code))]
MARKED_TEXT = st.lists(
    st.one_of(
        st.tuples(st.sampled_from([*MARKS, "\u0f73", "\u0f75", "\u0f81", "\uff9e"]), st.integers(1, 70)),
        st.tuples(st.sampled_from(["a", "\u1ebf", "\u00a8", "\u30cf", "\u1100", "\u1161", " "]), st.just(1)),
    ).map(lambda pair: pair[0] * pair[1]),
    max_size=5,
).map("".join)


def plain(text: str) -> str:
    """What ``normalise`` says it does, but for long runs of marks."""
    folded = unicodedata.normalize("NFKC", text.translate(TYPOGRAPHY)).translate(TYPOGRAPHY)
    return " ".join(folded.split())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        (" \t\n\u3000", ""),
        ("  two\u00a0 words\r\n", "two words"),
        ("\u201cdeep\u201d \u00abconcern\u00bb", '"deep" "concern"'),
        ("the minister\u2019s \u2018view\u2019", "the minister's 'view'"),
        ("war\u2014and peace", "war - and peace"),
        ("1990\u20131995", "1990 - 1995"),
        ("non\u2011aligned", "non-aligned"),
        ("co\u00adoperate\u200b", "cooperate"),
        ("\ufb01rm", "firm"),
        ("\uff37\uff45", "We"),
        ("cafe\u0301", "caf\u00e9"),
        ("\ufe58", "-"),
    ],
)
def test_one_spelling(text: str, expected: str):
    assert normalise(text) == expected


@given(st.one_of(ANY_TEXT, MARKED_TEXT))
@example("\u0344" * 30)
@example("\u00a8" + "\u0301" * 30)
@example("\u1ebf" + "\u0327" * 30)
@example("\u0f73" * 40)
@example("\ud800\udfff")
def test_normalising_twice_is_normalising_once(text: str):
    once = normalise(text)
    assert normalise(once) == once


def test_every_character_alone():
    characters = [chr(code) for code in range(0x110000)]
    assert [c for c in characters if normalise(c) != plain(c)] == []
    assert [c for c in characters if normalise(normalise(c)) != normalise(c)] == []


@given(ANY_TEXT)
def test_equals_the_plain_way(text: str):
    """Texts of at most 40 characters drawn from all of Unicode; a run of over thirty marks is out of reach."""
    marks = sum(bool(unicodedata.combining(c)) for c in unicodedata.normalize("NFKD", text))
    if marks <= 30:
        assert normalise(text) == plain(text)


@given(st.one_of(ANY_TEXT, MARKED_TEXT))
def test_nothing_that_differs_in_typography_alone_is_left(text: str):
    found = normalise(text)
    assert not set(found) & {chr(code) for code in TYPOGRAPHY}
    assert found == " ".join(found.split())
    assert unicodedata.is_normalized("NFKC", found)


@given(ANY_TEXT, st.sampled_from(["\u200b", "\u00ad", "\ufeff", "\u2060"]), st.integers(0, 40))
def test_invisible_characters_change_nothing(text: str, invisible: str, where: int):
    assert normalise(text[:where] + invisible + text[where:]) == normalise(text)


@given(MARKED_TEXT)
def test_no_run_of_marks_is_long(text: str):
    run = longest = 0
    for character in normalise(text):
        run = run + 1 if unicodedata.combining(character) else 0
        longest = max(longest, run)
    assert longest <= 30


def test_thirty_marks_are_kept():
    assert normalise("x" + "\u0327" * 30) == "x" + "\u0327" * 30
    assert normalise("x" + "\u0327" * 31 + "y") == "x" + "\u0327" * 30 + "y"


@pytest.mark.parametrize("mark", ["\u0301", "\u0344", "\u0f73", "\u0f81", "\uff9e", "\u0f71\u0f72", "\u3099\u0301"])
def test_unicodedata_never_sees_a_long_run_of_marks(mark: str, monkeypatch: pytest.MonkeyPatch):
    """NFKC sorts marks by insertion, in quadratic time; what it is given to sort must stay short."""
    seen: list[str] = []

    class Watched:
        combining = staticmethod(unicodedata.combining)

        @staticmethod
        def normalize(form: str, text: str) -> str:
            seen.append(text)
            return unicodedata.normalize(form, text)

    monkeypatch.setattr(text_module, "unicodedata", Watched)
    normalise("a" + mark * 5_000 + "b")
    assert len(seen) == 1
    assert len(seen[0]) <= 32
    assert seen[0][0] == "a"
    assert seen[0][-1] == "b"


@pytest.mark.parametrize("length", [100, 10_000])
def test_each_character_is_looked_at_a_fixed_number_of_times(length: int, monkeypatch: pytest.MonkeyPatch):
    calls = 0

    class Counted:
        normalize = staticmethod(unicodedata.normalize)

        @staticmethod
        def combining(character: str) -> int:
            nonlocal calls
            calls += 1
            return unicodedata.combining(character)

    monkeypatch.setattr(text_module, "unicodedata", Counted)
    normalise(("e\u0301" * 50)[:100] * (length // 100))
    assert calls <= 2 * length


def test_ascii_takes_the_short_way(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(text_module, "unicodedata", None)
    assert normalise("  Plain   text\n") == "Plain text"
