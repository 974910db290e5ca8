"""The fixtures' schema, splits and reading."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import datasets
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stancekit.errors import InputError
from stancetrain.examples import kept
from stancetrain.fixtures import (
    KINDS,
    SPLITS,
    Fixture,
    as_dataset,
    fixtures_sha256,
    read_fixtures,
    read_rows,
    split_of,
    write_rows,
)
from stancetrain.schema import DATASET_FEATURES, FixtureRow
from stancetrain.weights import row_weights

Make = Callable[..., dict[str, Any]]


def coding(label: str, confidence: int | None) -> dict[str, Any]:
    return {
        "coder": "c",
        "codebook": 2,
        "label": label,
        "confidence": confidence,
        "neutral_type": None,
        "rule": None,
    }


# -- schema ----------------------------------------------------------------------------------------------------------

BAD = {
    "a label that is none": ({"label": "praise"}, "label"),
    "no label but settled": ({"label": None}, "row"),
    "a label but not settled": ({"settled_by": None}, "row"),
    "set aside but labelled": ({"settled_by": "set aside"}, "row"),
    "an unknown field": ({"mood": "good"}, "mood"),
    "a number for a text": ({"text": 3}, "text"),
    "an empty text": ({"text": ""}, "text"),
    "space before": ({"text": " We welcome the accord."}, "text"),
    "space after": ({"text": "We welcome the accord.\n"}, "text"),
    "a text for a number": ({"n": "1"}, "n"),
    "n without doc": ({"doc": None}, "row"),
    "doc without n": ({"n": None}, "row"),
    "n of 0": ({"n": 0}, "n"),
    "an id with a space": ({"id": "d 1"}, "id"),
    "an unknown genre": ({"genre": "poem"}, "genre"),
    "a year long ago": ({"year": 1815}, "year"),
    "a rule that is not there": ({"rule": 99}, "rule"),
    "a neutral type of no neutral": ({"neutral_type": "balanced"}, "row"),
    "no coding": ({"codings": []}, "codings"),
    "a confidence of 4": ({"codings": [coding("endorsement", 4)]}, "codings.0.confidence"),
    "an unknown coding": ({"codings": [coding("praise", 3)]}, "codings.0.label"),
    "a span that is elsewhere": (
        {"targets": [{"text": "the accord", "start": 0, "end": 10, "label": "endorsement"}]},
        "row",
    ),
    "half a span": ({"targets": [{"text": "the accord", "start": 11, "end": None, "label": "concern"}]}, "targets.0"),
    "a target without label": ({"targets": [{"text": "it", "start": None, "end": None}]}, "targets.0.label"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_row_is_told_with_file_line_and_field(tmp_path: Path, record: Make, write: Any, case: str):
    changes, field = BAD[case]
    path = write(tmp_path / "bad.jsonl", [record(), {**record(), **changes}])
    with pytest.raises(InputError, match=f"^{re.escape(str(path))}, line 2, field '{field}': "):
        list(read_rows(path))


@pytest.mark.parametrize("field", ["id", "text", "label", "codings", "settled_by", "targets"])
def test_a_missing_field(tmp_path: Path, record: Make, write: Any, field: str):
    row = record()
    del row[field]
    with pytest.raises(InputError, match=f"line 1, field '{field}': Field required"):
        list(read_rows(write(tmp_path / "bad.jsonl", [row])))


@pytest.mark.parametrize("raw", [b"{", b"\n", b"[]", b'"text"', b"{}x", b"\xff\xfe"])
def test_a_line_that_is_no_row(tmp_path: Path, record: Make, raw: bytes):
    path = tmp_path / "bad.jsonl"
    path.write_bytes(json.dumps(record()).encode() + b"\n" + raw + b"\n")
    with pytest.raises(InputError, match=rf"{re.escape(str(path))}, line 2, field 'row': "):
        list(read_rows(path))


def test_good_rows(tmp_path: Path, record: Make, write: Any):
    rows = [
        record(),
        record(id="d-002", n=2, label=None, settled_by="set aside", codings=[coding("concern", 1)]),
        record(id="s", doc=None, n=None, label="neutrality", neutral_type="balanced", settled_by="writer"),
        record(id="p:1", doc=None, n=None, pair="p", text="One\ntwo \u2014 three", targets=[]),
    ]
    path = write(tmp_path / "good.jsonl", rows)
    found = list(read_rows(path))
    assert [number for number, _ in found] == [1, 2, 3, 4]
    assert [row.as_record() for _, row in found] == rows
    write_rows(tmp_path / "again.jsonl", [row for _, row in found])
    assert (tmp_path / "again.jsonl").read_bytes() == path.read_bytes()


def test_the_group_is_the_document_the_pair_or_the_row(record: Make):
    for changes, group in (
        ({}, "d"),
        ({"doc": None, "n": None, "pair": "p"}, "p"),
        ({"doc": None, "n": None}, "d-001"),
    ):
        assert FixtureRow.model_validate(record(**changes)).group == group


@pytest.mark.parametrize(
    ("codings", "expected"),
    [
        ([("endorsement", 3)], 3),
        ([("endorsement", 3), ("endorsement", 2)], 2),
        ([("endorsement", 3), ("concern", 1)], 3),
        ([("concern", 1)], None),
        ([("endorsement", None)], None),
        ([("endorsement", None), ("endorsement", 1)], 1),
    ],
)
def test_the_confidence_is_the_lowest_of_the_codings_that_chose_the_label(
    record: Make, codings: list[tuple[str, int | None]], expected: int | None
):
    row = FixtureRow.model_validate(record(codings=[coding(*given_) for given_ in codings]))
    assert row.confidence == expected


# -- splits ----------------------------------------------------------------------------------------------------------

SPLIT_OF = {
    "ne-01": "validation",
    "ne-02": "train",
    "ne-14": "test",
    "ne-15": "calibration",
    "un-00": "validation",
    "un-10": "test",
    "un-0001": "train",
    "un-0012": "calibration",
    "": "validation",
    "\u00e9t\u00e9": "train",
}


@pytest.mark.parametrize("name", SPLIT_OF)
def test_names_never_move(name: str):
    """Recorded once; whoever changes the hash or the bounds moves rows between splits."""
    assert split_of(name) == SPLIT_OF[name]


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_every_name_has_one_split(name: str):
    assert split_of(name) in SPLITS
    assert split_of(name) == split_of(name)


def test_the_splits_have_their_shares():
    names = [f"name-{i}" for i in range(20_000)]
    shares = {split: sum(split_of(name) == split for name in names) / len(names) for split in SPLITS}
    assert shares["train"] == pytest.approx(0.76, abs=0.01)
    assert shares["validation"] == pytest.approx(0.14, abs=0.01)
    assert shares["calibration"] == pytest.approx(0.05, abs=0.01)
    assert shares["test"] == pytest.approx(0.05, abs=0.01)


def test_a_document_stays_together():
    splits: dict[str, set[str]] = {}
    for fixture in read_fixtures(labelled=False):
        splits.setdefault(fixture.row.group, set()).add(fixture.split)
    assert all(len(found) == 1 for found in splits.values())


@given(st.floats(0, 1), st.floats(0, 1), st.lists(st.text("abc0123456789", min_size=1), max_size=30))
def test_a_larger_share_holds_every_smaller_one(one: float, other: float, names: list[str]):
    class Row:
        def __init__(self, group: str) -> None:
            self.group = group

    small, large = sorted((one, other))
    fixtures = [Fixture(Row(name), "documents", Path(), 1) for name in names]
    assert {f.row.group for f in fixtures if kept(f, small)} <= {f.row.group for f in fixtures if kept(f, large)}
    assert all(kept(f, 1.0) for f in fixtures)
    assert not any(kept(f, 0.0) for f in fixtures)


def test_shares_cut_across_splits():
    """A half of the rows is about a half of every split."""
    fixtures = read_fixtures(labelled=False)
    for split in ("train", "validation"):
        rows = [f for f in fixtures if f.split == split]
        assert sum(kept(f, 0.5) for f in rows) / len(rows) == pytest.approx(0.5, abs=0.12)


# -- reading ---------------------------------------------------------------------------------------------------------


def test_the_projects_own_fixtures():
    fixtures = read_fixtures(labelled=False)
    assert {f.kind for f in fixtures} == set(KINDS)
    assert {f.split for f in fixtures} == set(SPLITS)
    assert len(fixtures) > 8_000
    labelled = read_fixtures()
    assert {f.row.label for f in labelled} == {"concern", "endorsement", "neutrality"}
    assert [f for f in fixtures if f.row.label is not None] == labelled


def test_kinds_and_splits(fixtures_folder: Path):
    everything = read_fixtures(fixtures_folder)
    assert len(everything) == 11 * 6 + 4 * 6
    assert len(read_fixtures(fixtures_folder, labelled=False)) == len(everything) + 1
    for kind in KINDS:
        assert read_fixtures(fixtures_folder, kinds=[kind]) == [f for f in everything if f.kind == kind]
    for split in SPLITS:
        assert read_fixtures(fixtures_folder, splits=[split]) == [f for f in everything if f.split == split]


def test_a_row_knows_where_it_was_read(fixtures_folder: Path):
    fixture = read_fixtures(fixtures_folder, kinds=["statements"])[2]
    line = fixture.path.read_text(encoding="utf-8").splitlines()[fixture.line - 1]
    assert json.loads(line)["id"] == fixture.row.id


def test_a_missing_folder(tmp_path: Path):
    with pytest.raises(InputError, match=r"documents: no \.jsonl files; give the fixtures folder"):
        read_fixtures(tmp_path)


def test_a_bad_row_of_a_folder(own_fixtures: Path):
    with (own_fixtures / "statements" / "more.jsonl").open("w", encoding="utf-8") as stream:
        stream.write('{"id": "x"}\n')
    with pytest.raises(InputError, match=r"more\.jsonl, line 1, field "):
        read_fixtures(own_fixtures)


def test_as_a_dataset(fixtures_folder: Path):
    fixtures = read_fixtures(fixtures_folder, labelled=False)
    dataset = as_dataset(fixtures)
    assert isinstance(dataset, datasets.Dataset)
    assert dataset.features == DATASET_FEATURES
    assert dataset["id"][:] == [f.row.id for f in fixtures]
    assert dataset["split"][:] == [f.split for f in fixtures]
    assert dataset["kind"][:] == [f.kind for f in fixtures]
    assert dataset[0]["codings"] == [c.model_dump() for c in fixtures[0].row.codings]
    assert dataset[0]["targets"] == [t.model_dump() for t in fixtures[0].row.targets]
    assert dataset[len(fixtures) - 1]["doc"] is None
    assert as_dataset([]).features == DATASET_FEATURES


def test_the_schema_and_the_dataset_have_the_same_fields():
    assert set(DATASET_FEATURES) == set(FixtureRow.model_fields) | {"kind", "split"}


def test_the_hash_is_of_names_and_bytes(own_fixtures: Path):
    before = fixtures_sha256(own_fixtures)
    assert fixtures_sha256(own_fixtures) == before
    (own_fixtures / "provenance.json").unlink()
    assert fixtures_sha256(own_fixtures) == before
    path = own_fixtures / "documents" / "all.jsonl"
    path.rename(path.with_name("other.jsonl"))
    renamed = fixtures_sha256(own_fixtures)
    assert renamed != before
    with path.with_name("other.jsonl").open("ab") as stream:
        stream.write(b"\n")
    assert fixtures_sha256(own_fixtures) != renamed


def test_row_weights(record: Make):
    def fixture(kind: str, confidence: int | None) -> Fixture:
        row = FixtureRow.model_validate(record(codings=[coding("endorsement", confidence)]))
        return Fixture(row, kind, Path(), 1)

    rows = [fixture("documents", c) for c in (1, 2, 3, None)] + [fixture("statements", c) for c in (1, None)]
    assert row_weights(rows, 0.25, (0.5, 1.0, 2.0)).tolist() == [0.5, 1.0, 2.0, 2.0, 0.125, 0.5]
    assert row_weights([], 1.0, (1, 1, 1)).shape == (0,)
