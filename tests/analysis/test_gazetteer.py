"""Names of states and organisations: which is meant, where it stands, when it was so."""

from __future__ import annotations

from datetime import date

import pytest

from stancekit.analysis.gazetteer import Gazetteer


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.default()


def names(gazetteer: Gazetteer, text: str, on: date | None = None) -> list[tuple[str, str | None]]:
    return [(found.text, found.entity and found.entity.name) for found in gazetteer.mentions(text, on)]


def test_offsets_and_order(gazetteer: Gazetteer):
    text = "The U.S. envoy met the Peruvians\u2019 minister in N\u2019Djamena; the\nUnited\nNations watched."
    found = gazetteer.mentions(text)
    assert [text[each.start : each.end] for each in found] == [each.text for each in found]
    assert [each.text for each in found] == ["U.S.", "Peruvians", "N\u2019Djamena", "United\nNations"]
    assert [each.entity.iso3 for each in found] == ["USA", "PER", "TCD", ""]


@pytest.mark.parametrize(
    ("name", "on", "expected"),
    [
        ("Burma", None, "BUMM"),
        ("Burma", date(1975, 1, 1), "BUMM"),
        ("Burma", date(2020, 1, 1), "MMR"),
        ("Moscow", None, "RUS"),
        ("Moscow", date(1991, 12, 25), "SUHH"),
        ("the Kremlin", date(1991, 12, 26), "RUS"),
        ("USSR", date(2020, 1, 1), "SUHH"),
    ],
)
def test_dates_decide(gazetteer: Gazetteer, name: str, on: date | None, expected: str):
    assert gazetteer.entity(name, on).iso3 == expected
