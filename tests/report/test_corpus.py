from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from stancekit.errors import InputError
from stancekit.report.corpus import Cell, Corpus, Quote, find_columns, read_corpus, signed

HEADER = ("text", "stance", "stance_confidence", "stance_reason", "country", "date")


def read(path: Path, period: str = "year", **options: str) -> Corpus:
    return read_corpus(path, find_columns(path, **options), period=period)


@pytest.fixture
def predicted(write: Callable[..., Path]) -> Path:
    return write(
        HEADER,
        ("a", "concern", 0.9, "", "Peru", "2023-07-26"),
        ("b", "endorsement", 0.8, "truncated", "Peru", "2023-08-01"),
        ("c", "abstain", 0.4, "low_confidence", "Oman", "2021"),
        ("", "abstain", 0.5, "empty", "", ""),
        ("d", "concern", 0.7, "", "Oman", "2023"),
    )


def test_everything_is_counted(predicted: Path):
    corpus = read(predicted, by="country", time="date")
    assert corpus.whole.labels == {"concern": 2, "endorsement": 1}
    assert corpus.whole.abstained == {"low_confidence": 1, "empty": 1}
    assert (corpus.whole.n, corpus.whole.answered) == (5, 3)
    assert {name: cell.n for name, cell in corpus.groups.items()} == {"Peru": 2, "Oman": 2, "": 1}
    assert {name: cell.n for name, cell in corpus.periods.items()} == {"2023": 3, "2021": 1}
    assert corpus.groups_in_time["Oman", "2023"].labels == {"concern": 1}
    assert (corpus.undated, corpus.truncated) == (1, 1)


def test_without_columns_there_is_the_whole_alone(predicted: Path):
    corpus = read(predicted)
    assert (corpus.groups, corpus.periods, corpus.pairs, corpus.undated) == ({}, {}, {}, 0)


def test_shares_are_of_the_rows_answered():
    cell = Cell()
    for label in ("concern", "concern", "endorsement", "abstain"):
        cell.add(label, "", Quote(1, label, 0.5))
    assert cell.share("concern").value == pytest.approx(2 / 3)
    assert cell.net("endorsement", "concern") == pytest.approx(-1 / 3)
    assert Cell().net("endorsement", "concern") == 0


def test_the_surest_statements_are_kept_each_text_once():
    cell = Cell()
    for row, (text, confidence) in enumerate([("a", 0.5), ("b", 0.9), ("b", 0.9), ("c", 0.7), ("d", 0.8), ("e", 0.7)]):
        cell.add("concern", "", Quote(row, text, confidence))
    assert [quote.text for quote in cell.quotes["concern"]] == ["b", "d", "c"]


def test_pairs_of_predictions_have_the_stance_of_the_row(write: Callable[..., Path]):
    path = write(
        ("text", "stance", "actor", "target"),
        ("a", "concern", "Peru", "the tariff"),
        ("b", "abstain", "Peru", "the tariff"),
        ("c", "endorsement", "", "the tariff"),
    )
    corpus = read(path)
    assert corpus.pairs["Peru", "the tariff"].labels == {"concern": 1}
    assert corpus.pairs["Peru", "the tariff"].abstained == {"": 1}
    assert len(corpus.pairs) == 1
    assert corpus.whole.n == 3


def test_an_analysis_has_a_row_a_target_and_each_statement_counts_once(write: Callable[..., Path]):
    header = ("id", "start", "text", "stance", "probability", "actor_name", "target_name", "target_stance")
    path = write(
        header,
        ("x", 0, "a", "concern", 0.9, "Peru", "Oman", "neutrality"),
        ("x", 0, "a", "concern", 0.9, "Peru", "Mali", "concern"),
        ("y", 0, "b", "endorsement", 0.8, "Peru", "Oman", "endorsement"),
    )
    corpus = read(path)
    assert corpus.whole.labels == {"concern": 1, "endorsement": 1}
    assert corpus.pairs["Peru", "Oman"].labels == {"neutrality": 1, "endorsement": 1}
    assert corpus.pairs["Peru", "Mali"].labels == {"concern": 1}
    assert corpus.whole.quotes["concern"][0].confidence == 0.9


def test_json_lines(tmp_path: Path):
    path = tmp_path / "in.jsonl"
    row = {"text": "a", "stance": "concern", "stance_confidence": 0.9, "stance_reason": None, "year": 2021}
    path.write_text(json.dumps(row) + "\n", encoding="utf-8")
    corpus = read(path, time="year")
    assert corpus.periods["2021"].labels == {"concern": 1}
    assert corpus.whole.quotes["concern"] == [Quote(1, "a", 0.9)]


@pytest.mark.parametrize(
    ("row", "options", "message"),
    [
        (("a", "", 0.9, "", "", "2021"), {}, r"in\.csv: row 2: column 'stance' is empty; expected a label"),
        (("a", "concern", "high", "", "", ""), {}, r"in\.csv: row 2: column 'stance_confidence': 'high' is no conf"),
        (("a", "concern", "1.5", "", "", ""), {}, r"'1\.5' is no confidence between 0 and 1"),
        (("a", "concern", "nan", "", "", ""), {}, r"'nan' is no confidence"),
        (("a", "concern", 1, "", "", "May"), {"time": "date"}, r"in\.csv: row 2: column 'date': 'May' is no date"),
        (("a", "concern", 1, "", "", ""), {"by": "land"}, r"in\.csv: header: no column 'land'|no column 'land'"),
        (("a", "concern", 1, "", "", ""), {"prefix": "s"}, r"no column 's'"),
        (("a", "concern", 1, "", "", ""), {"text_column": "words"}, r"no column 'words'"),
    ],
)
def test_what_cannot_be_read_is_named(
    write: Callable[..., Path], row: tuple[object, ...], options: dict[str, str], message: str
):
    path = write(HEADER, ("a", "concern", 0.9, "", "", "2021"), row)
    with pytest.raises(InputError, match=message):
        read(path, **options)


def test_nothing_to_read(write: Callable[..., Path], tmp_path: Path):
    with pytest.raises(InputError, match=r"in\.csv: has no rows to report"):
        read(write(HEADER))
    with pytest.raises(InputError, match="no such file"):
        read(tmp_path / "nowhere.csv")
    with pytest.raises(InputError, match="cannot be read twice; give a file"):
        find_columns("-")
    with pytest.raises(InputError, match="no such period: 'week'; take year, month, day"):
        read(write(HEADER, ("a", "concern", 1, "", "", "")), period="week")


@pytest.mark.parametrize(("net", "text"), [(0.333, "+0.33"), (-0.5, "\N{MINUS SIGN}0.50"), (-0.001, "0")])
def test_a_net_stance_in_print(net: float, text: str):
    assert signed(net) == text
