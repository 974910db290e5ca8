"""False concern by region: whose region it is, and that rates and shifts are those of the predictions."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import false_concern
import make_regions
import numpy as np
import pytest

from stancekit.analysis._gazetteer_table import shipped
from stancekit.report.intervals import Estimate, wilson
from stancetrain.fixtures import FIXTURES
from stancetrain.regions import ORGANISATIONS, SEVERAL, UNKNOWN, actor_region, region_of, regions
from stancetrain.schema import FixtureRow

UNINHABITED = {"ATA", "BVT", "HMD", "SGS"}
"""Antarctica and islands that nobody speaks for."""

PAGE = Path(__file__).resolve().parents[2] / "docs" / "benchmarks" / "false_concern.md"


class Suspicious:
    """Sees concern where a text holds one of its words."""

    classes = ("concern", "endorsement", "neutrality")

    def __init__(self, **words: float) -> None:
        self.words = words

    def predict_proba(self, texts: Sequence[str]) -> np.ndarray:
        shares = [sum(share for word, share in self.words.items() if word in text) for text in texts]
        return np.array([[share, (1 - share) * 0.6, (1 - share) * 0.4] for share in shares])


@pytest.fixture
def row(record):
    return lambda **changes: FixtureRow.model_validate(record(**changes))


# -- regions -----------------------------------------------------------------------------------------------------------


def test_every_state_of_the_gazetteer_has_a_region():
    codes = {bearer.entity.iso3 for _, bearer in shipped() if bearer.entity.iso3}
    assert codes - set(regions()) == UNINHABITED
    assert len(set(regions().values())) == 6


@pytest.mark.parametrize(
    ("phrase", "region"),
    [
        ("the Peruvian government", "Latin America and the Caribbean"),
        ("White House", "Northern America"),
        ("Ethiopia and Ghana", "Africa"),
        ("France and Japan", SEVERAL),
        ("the European Commission", ORGANISATIONS),
        ("Mr. Costigan", UNKNOWN),
    ],
)
def test_the_region_of_a_phrase(phrase: str, region: str):
    assert region_of(phrase) == region


def test_a_state_that_is_no_more():
    assert region_of("the Soviet Union", date(1975, 8, 1)) == "Europe"


def test_the_actor_comes_before_the_speaker_and_the_speaker_before_the_country(row):
    assert actor_region(row(actor="Kenya", speaker="Japan", country_focus="Peru")) == "Africa"
    assert actor_region(row(actor="the minister", speaker="Japan", country_focus="Peru")) == "Asia"
    assert actor_region(row(actor=None, speaker=None)) == "Latin America and the Caribbean"
    assert actor_region(row(actor=None, speaker=None, country_focus=None)) == UNKNOWN


def test_the_table_of_regions():
    rows = [
        {"ISO3": "PER", "continent": "America", "UNregion": "South America"},
        {"ISO3": "CAN", "continent": "America", "UNregion": "Northern America"},
        {"ISO3": "FJI", "continent": "Oceania", "UNregion": "Melanesia"},
        {"ISO3": "ATA", "continent": "Antarctica", "UNregion": "Antarctica"},
    ]
    lines = make_regions.table(rows)
    assert lines[0] == "iso3\tregion"
    assert {"PER\tLatin America and the Caribbean", "CAN\tNorthern America", "FJI\tOceania", "SUHH\tEurope"} <= set(
        lines
    )
    assert not any(line.startswith("ATA") for line in lines)


# -- rates -------------------------------------------------------------------------------------------------------------


def test_rates_are_of_statements_without_concern(row):
    rows = [
        row(id="a", actor="Kenya", text="A grave day.", label="neutrality", neutral_type="none", targets=[]),
        row(id="b", actor="Kenya", text="A good day.", targets=[]),
        row(id="c", actor="Japan", text="We met.", targets=[]),
    ]
    found = false_concern.false_concern(Suspicious(grave=0.9), {"all": rows, "Africa": rows[:2], "Asia": rows[2:]})
    assert found == {"all": wilson(1, 3), "Africa": wilson(1, 2), "Asia": wilson(0, 1)}


def test_only_the_test_split_and_no_concern(fixtures_folder: Path):
    groups = false_concern.without_concern(fixtures_folder)
    assert list(groups) == ["all", "Latin America and the Caribbean"]
    assert len(groups["all"]) == 8
    assert all(each.label != "concern" for each in groups["all"])


def test_a_region_stands_apart_if_its_interval_leaves_out_the_value():
    rates = {"all": Estimate(0.5, 0.4, 0.6), "Asia": Estimate(0.2, 0.1, 0.3), "Europe": Estimate(0.45, 0.3, 0.6)}
    assert false_concern.apart(rates, 0.5) == ["Asia"]
    assert false_concern.verdict({"one": ["Asia"], "two": []}) == "one: Asia; two: none."


# -- swaps -------------------------------------------------------------------------------------------------------------


def test_shifts_are_from_the_mean_of_the_sentence():
    model = Suspicious(Chad=0.2, war=0.3)
    countries, sentences = ["Chad", "Mali", "Peru", "Japan"], ["We met in {country}.", "The war in {country}."]
    found = false_concern.swap_shifts(model, countries, sentences)
    assert {name: one.value for name, one in found.items()} == {
        "Africa": pytest.approx(0.05),
        "Asia": pytest.approx(-0.05),
        "Latin America and the Caribbean": pytest.approx(-0.05),
    }


# -- the page ----------------------------------------------------------------------------------------------------------


def test_the_page_has_the_rows_of_the_fixtures():
    page = PAGE.read_text(encoding="utf-8")
    for name, rows in false_concern.without_concern(FIXTURES).items():
        assert f"| {name} | {len({row.doc for row in rows})} | {len(rows)} | " in page
    countries = json.loads((FIXTURES / "suites" / "swaps.json").read_text(encoding="utf-8"))["countries"]
    for name, places in false_concern.countries_by_region(countries).items():
        assert f"| {name} | {len(places)} | " in page
