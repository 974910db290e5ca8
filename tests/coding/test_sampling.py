"""Samples: the size asked for, the probabilities promised, and sheets that come back."""

from __future__ import annotations

import csv
import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stancekit import InputError, OutputError, prevalence_file, sample_file
from stancekit.batch import predicted as predicted_module
from stancekit.coding.sampling import allocate, doubt, lean, pareto_ranks


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def fill_in(path: Path, labels: list[str], column: str = "label") -> None:
    rows = read(path)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, rows[0])
        writer.writeheader()
        writer.writerows({**row, column: labels[int(row["sampled_row"]) - 1]} for row in rows)


# -- sheets ----------------------------------------------------------------------------------------------------------


def test_a_sheet_shows_the_text_and_hides_the_model(predicted, tmp_path: Path):
    summary = sample_file(predicted.path, tmp_path / "s.csv", 40)
    rows = read(tmp_path / "s.csv")
    assert list(rows[0]) == ["sampled_row", "sampling_probability", "text", "id", "country", "date", "label"]
    assert len(rows) == len({row["sampled_row"] for row in rows}) == summary.drawn == 40
    assert {row["label"] for row in rows} == {""}
    assert {float(row["sampling_probability"]) for row in rows} == {40 / 300}
    for row in rows:
        source = predicted.rows[int(row["sampled_row"]) - 1]
        assert {name: row[name] for name in ("text", "id", "country", "date")} == {
            name: source[name] for name in ("text", "id", "country", "date")
        }
    places = [int(row["sampled_row"]) for row in rows]
    assert places != sorted(places)


def test_the_same_seed_draws_the_same_rows_whatever_the_blocks(predicted, tmp_path, monkeypatch):
    for how in ("random", "stratified", "uncertain"):
        drawn = []
        for i, size in enumerate((4096, 31, 4096)):
            monkeypatch.setattr(predicted_module, "BLOCK_ROWS", size)
            sample_file(predicted.path, tmp_path / f"{how}{i}.csv", 25, how=how, seed=3 if i < 2 else 4)
            rows = read(tmp_path / f"{how}{i}.csv")
            drawn.append({row["sampled_row"]: float(row["sampling_probability"]) for row in rows})
        assert list(drawn[0]) == list(drawn[1]) != list(drawn[2])
        assert drawn[0] == pytest.approx(drawn[1])


def test_columns_coders_and_overlap(predicted, tmp_path: Path):
    summary = sample_file(predicted.path, tmp_path / "s.csv", 21, coders=3, overlap=6, columns=["date"], bom=True)
    paths = [tmp_path / f"s-coder{i}.csv" for i in (1, 2, 3)]
    assert summary.files == tuple(map(str, paths))
    assert not (tmp_path / "s.csv").exists()
    assert all(path.read_bytes().startswith(b"\xef\xbb\xbf") for path in paths)
    sheets = [read(path) for path in paths]
    assert list(sheets[0][0]) == ["sampled_row", "sampling_probability", "coder", "text", "date", "label"]
    assert [{row["coder"] for row in rows} for rows in sheets] == [{"coder1"}, {"coder2"}, {"coder3"}]
    times = Counter(row["sampled_row"] for rows in sheets for row in rows)
    assert Counter(times.values()) == {3: 6, 1: 15}
    assert [len(rows) for rows in sheets] == [11, 11, 11]


def test_label_studio_and_argilla(predicted, tmp_path: Path):
    sample_file(predicted.path, tmp_path / "ls.json", 5, format="labelstudio")
    tasks = json.loads((tmp_path / "ls.json").read_text(encoding="utf-8"))
    assert all(set(task) == {"data"} for task in tasks)
    assert tasks[0]["data"]["text"] == predicted.rows[tasks[0]["data"]["sampled_row"] - 1]["text"]
    sample_file(predicted.path, tmp_path / "ar.json", 5, format="argilla")
    records = json.loads((tmp_path / "ar.json").read_text(encoding="utf-8"))
    assert records[0]["fields"] == {"text": predicted.rows[int(records[0]["id"]) - 1]["text"]}
    assert records[0]["metadata"]["sampling_probability"] == 5 / 300
    assert {int(record["id"]) for record in records} == {task["data"]["sampled_row"] for task in tasks}


def test_a_filled_sheet_gives_shares(predicted, tmp_path: Path):
    for how in ("random", "stratified", "uncertain"):
        path = tmp_path / f"{how}.csv"
        sample_file(predicted.path, path, 100, how=how)
        fill_in(path, predicted.labels)
        found = prevalence_file(predicted.path, path)
        truth = Counter(predicted.labels)
        assert found.notes == ()
        for share in found.shares:
            # intervals of 99.99 %, nearly: twice as wide as those of 95 %
            assert abs(share.share - truth[share.label] / 300) < (share.high - share.low)


# -- designs ---------------------------------------------------------------------------------------------------------


def test_strata_get_the_same_number(predicted, tmp_path: Path):
    summary = sample_file(predicted.path, tmp_path / "s.csv", 50, by="country")
    assert (summary.how, summary.strata) == ("stratified", {"DE": 25, "FR": 25})
    rows = read(tmp_path / "s.csv")
    assert {(row["country"], float(row["sampling_probability"])) for row in rows} == {("DE", 0.25), ("FR", 0.125)}
    assert "FR: 25" in summary.as_text()


def test_strata_are_the_predicted_labels_if_nothing_else_is_named(predicted, tmp_path: Path):
    summary = sample_file(predicted.path, tmp_path / "s.csv", 40, how="stratified")
    assert summary.strata == dict.fromkeys(["abstain", "concern", "endorsement", "neutrality"], 10)


@settings(max_examples=30)
@given(st.dictionaries(st.sampled_from("abcdefgh"), st.integers(1, 50), min_size=1), st.data())
def test_allocation(sizes: dict[str, int], data: st.DataObject):
    n = data.draw(st.integers(len(sizes), sum(sizes.values())))
    counts = allocate(sizes, n)
    assert sum(counts.values()) == n
    assert all(1 <= counts[value] <= sizes[value] for value in sizes)
    unfilled = [counts[value] for value in sizes if counts[value] < sizes[value]]
    # whoever gives less than the most is empty, but for one row of rounding
    assert not unfilled or min(unfilled) >= max(counts.values()) - 1


def test_doubtful_rows_are_drawn_more_often(predicted, tmp_path: Path):
    sample_file(predicted.path, tmp_path / "s.csv", 60, how="uncertain")
    rows = read(tmp_path / "s.csv")
    probability = {int(row["sampled_row"]): float(row["sampling_probability"]) for row in rows}
    assert len(probability) == 60
    doubts = {
        place: 1
        - sum(
            float(predicted.rows[place - 1][f"stance_{name}"]) ** 2 for name in ("concern", "endorsement", "neutrality")
        )
        for place in probability
    }
    ordered = sorted(probability, key=doubts.get)
    assert [probability[place] for place in ordered] == sorted(probability.values())
    assert min(probability.values()) >= 0.5 * 60 / 300


def test_pareto_sampling_keeps_its_probabilities():
    generator = np.random.default_rng(0)
    wanted = generator.uniform(0.2, 1.8, 40)
    wanted = np.minimum(10 * wanted / wanted.sum(), 1)
    wanted *= 10 / wanted.sum()
    times, rounds = np.zeros(40), 4000
    for _ in range(rounds):
        times[np.argsort(pareto_ranks(wanted, generator))[:10]] += 1
    error = np.sqrt(wanted * (1 - wanted) / rounds)
    assert (np.abs(times / rounds - wanted) < 4 * error + 0.005).all()


@given(st.integers(1, 50), st.lists(st.lists(st.floats(0.01, 1), min_size=3, max_size=3), min_size=1, max_size=50))
def test_no_row_is_more_than_certain(n: int, rows: list[list[float]]):
    shares = np.array(rows) / np.sum(rows, axis=1, keepdims=True)
    doubts, total = doubt(shares), len(rows)
    n = min(n, total)
    leaning = lean(n, total, float(doubts.sum()), float(doubts.max()))
    assert 0 <= leaning <= 0.5
    probabilities = n * ((1 - leaning) / total + leaning * doubts / max(doubts.sum(), 1e-300))
    assert probabilities.max() <= 1 + 1e-9


def test_a_model_that_is_always_sure_is_sampled_evenly():
    assert lean(10, 100, 0.0, 0.0) == 0.0


# -- mistakes --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("n", "options", "message"),
    [
        (301, {}, "cannot draw 301 of 300 rows"),
        (0, {}, "cannot draw 0 of 300"),
        (3, {"how": "stratified"}, "3 rows cannot be drawn from 4 strata"),
        (10, {"how": "sure"}, "no way to draw called 'sure'"),
        (10, {"how": "random", "by": "country"}, "use --how stratified"),
        (10, {"by": "county"}, "did you mean 'country'"),
        (10, {"text_column": "txt"}, "did you mean 'text'"),
        (10, {"columns": ["dat"]}, "did you mean 'date'"),
        (10, {"format": "xls"}, "no format 'xls'"),
        (10, {"format": "argilla"}, "ending in .json"),
        (10, {"coders": 0}, "1 coder or more"),
        (10, {"coders": 2, "overlap": 11}, "between 0 and the 10 rows"),
        (10, {"label_column": "country"}, "has a column 'country' already"),
    ],
)
def test_mistakes_are_told(predicted, tmp_path: Path, n: int, options: dict, message: str):
    with pytest.raises(InputError, match=message):
        sample_file(predicted.path, tmp_path / "s.csv", n, **options)
    assert list(tmp_path.iterdir()) == [predicted.path]


def test_tools_deal_rows_out_themselves(predicted, tmp_path: Path):
    with pytest.raises(InputError, match="deal rows out themselves"):
        sample_file(predicted.path, tmp_path / "s.json", 10, format="labelstudio", coders=2)


def test_a_filled_sheet_is_not_overwritten(predicted, tmp_path: Path):
    (tmp_path / "s-coder2.csv").write_text("hours of work", encoding="utf-8")
    with pytest.raises(OutputError, match=r"s-coder2\.csv: exists"):
        sample_file(predicted.path, tmp_path / "s.csv", 10, coders=2)
    assert not (tmp_path / "s-coder1.csv").exists()
