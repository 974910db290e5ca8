"""Names of states and organisations: which is meant, where it stands, when it was so."""

from __future__ import annotations

# ruff: noqa: SIM905 - lists of words are read and edited as prose, not as columns of quotation marks
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stancekit.analysis.gazetteer import Gazetteer

from .conftest import calls


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


@pytest.mark.parametrize(
    ("name", "year", "expected"),
    [
        ("Russia", 1962, "Soviet Union"),
        ("Russia", 1905, "Russia"),
        ("Russian", None, "Russia"),
        ("Soviets", 2020, "Soviet Union"),
        ("Congo", None, None),
        ("Congo", 1962, None),
        ("Congo", 1975, "Republic of the Congo"),
        ("Congolese", 2010, None),
        ("Kinshasa", 1975, "Zaire"),
        ("Kinshasa", 2010, "Democratic Republic of the Congo"),
        ("Bonn", 1960, "West Germany"),
        ("Bonn", 2010, None),
        ("East Berlin", 1960, "East Germany"),
        ("Prague", 1968, "Czechoslovakia"),
        ("Prague", 2000, "Czechia"),
        ("Belgrade", 1999, "Yugoslavia"),
        ("Belgrade", 2004, "Serbia and Montenegro"),
        ("Belgrade", None, "Serbia"),
        ("Cairo", 1960, "United Arab Republic"),
        ("Cairo", 1975, "Egypt"),
        ("Yemen", 1975, "North Yemen"),
        ("Yemen", None, "Yemen"),
        ("Aden", 1975, "South Yemen"),
        ("Hanoi", 1965, "North Vietnam"),
        ("Saigon", 1965, "South Vietnam"),
        ("Saigon", 2010, None),
        ("Republic of China", 1930, "China"),
        ("Republic of China", 1960, "Taiwan"),
        ("Brussels", 1980, "Belgium"),
        ("Brussels", 2010, "European Union"),
        ("WTO", 1970, "Warsaw Pact"),
        ("WTO", 2010, "World Trade Organization"),
        ("Salisbury", 1970, "Rhodesia"),
        ("Salisbury", 2018, None),
        ("Ceylon", None, "Sri Lanka"),
        ("Siam", None, "Thailand"),
        ("Persia", 1930, "Iran"),
        ("Swaziland", None, "Eswatini"),
        ("Gold Coast", 1950, "Ghana"),
        ("Upper Volta", 1990, "Upper Volta"),
        ("Dahomey", None, "Dahomey"),
        ("Tanganyika", None, "Tanganyika"),
        ("East Timor", 1999, "East Timor"),
        ("East Timor", 2010, "Timor-Leste"),
    ],
)
def test_names_in_time(gazetteer: Gazetteer, name: str, year: int | None, expected: str | None):
    found = gazetteer.entity(name, date(year, 7, 1) if year else None)
    assert (found and found.name) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("the Kremlin", "Russia"),
        ("KREMLIN\u2019S", "Russia"),
        ("Whitehall", "United Kingdom"),
        ("Downing Street", "United Kingdom"),
        ("the White House", "United States"),
        ("Foggy Bottom", "United States"),
        ("the \u00c9lys\u00e9e", "France"),
        ("Elysee", "France"),
        ("Quai d\u2019Orsay", "France"),
        ("the Blue House", "South Korea"),
        ("DPRK", "North Korea"),
        ("ROK", "South Korea"),
        ("PRC", "China"),
        ("U.K.", "United Kingdom"),
        ("UAE", "United Arab Emirates"),
        ("peruvian", "Peru"),
        ("the Swiss government", "Switzerland"),
        ("Ministry of Foreign Affairs of Chile", "Chile"),
        ("Chile\u2019s foreign ministry", "Chile"),
        ("ecowas", "Economic Community of West African States"),
        ("N.A.T.O.", "North Atlantic Treaty Organization"),
        ("Organisation of African Unity", "Organization of African Unity"),
        ("us", None),
        ("who", None),
        ("", None),
        ("the", None),
        ("Atlantis", None),
        ("the Swiss cheesemakers", None),
        ("Russia and China", None),
        ("South China Sea", None),
    ],
)
def test_a_name_alone(gazetteer: Gazetteer, name: str, expected: str | None):
    found = gazetteer.entity(name)
    assert (found and found.name) == expected


def test_all_that_a_name_means(gazetteer: Gazetteer):
    assert {each.name for each in gazetteer.entities("Moscow")} == {"Russia", "Soviet Union"}
    assert gazetteer.entities("Atlantis") == set()


# -- the longest name, and what is none ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the UN Security Council and the UN", ["UN Security Council", "UN"]),
        ("Papua New Guinea, Guinea-Bissau, Equatorial Guinea, Guinea", None),
        ("the Republic of Korea and the Democratic People's Republic of Korea", None),
        ("the South\nAfrican envoy", ["South\nAfrican"]),
        ("the South\n\nAfrican envoy", []),
        ("the United States of\n America", ["United States of\n America"]),
        ("Sino-Soviet, Anglo\u2013American, pro-Russian", ["Sino", "Soviet", "Anglo", "American", "Russian"]),
        ("Sino and Anglo", []),
        ("the South China Sea, the Indian Ocean, Latin American states", []),
        ("the Paris Agreement was signed in Paris", ["Paris"]),
        ("Russia's Security Council, the Canadian House of Commons", ["Russia", "Canadian"]),
        ("Russia and the Security Council", ["Russia", "Security Council"]),
        ("a china shop sells turkey and polish", []),
        ("Tell us who came", []),
        ("Chinatown and Franceville", []),
        ("PERU WARNS CHILE", ["PERU", "CHILE"]),
        ("US WARNS PERU", ["US", "PERU"]),
        ("PERU TELLS US WHO MAY COME", ["PERU"]),
        ("The US and the WHO", ["US", "WHO"]),
        ("C\u00f4te d'Ivoire, Cote d\u2019Ivoire, Co\u0302te d'Ivoire", None),
        ("(Peru) \u201cChile\u201d Togo's_Peru", ["Peru", "Chile", "Togo", "Peru"]),
    ],
)
def test_longest_match(gazetteer: Gazetteer, text: str, expected: list[str] | None):
    wanted = expected if expected is not None else text.replace("the ", "").replace(" and ", ", ").split(", ")
    assert [each.text for each in gazetteer.mentions(text)] == wanted


@pytest.mark.parametrize(
    "text",
    [
        "Michael Jordan came.",
        "A letter from Rashida Jordan came.",
        "Mr. Holland came.",
        "Mrs German came.",
        "Chad Smith came.",
        "Israel Katz came.",
        "Santiago Mora came.",
        "Sofia M\u00fcller came.",
        "Lord Salisbury came.",
        "George Washington came.",
        "Savannah, Georgia",
    ],
)
def test_persons_are_no_states(gazetteer: Gazetteer, text: str):
    assert gazetteer.mentions(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "In December Jordan came.",
        "Jordan Foreign Ministry officials came.",
        "Jordan Closes Border",
        "JORDAN CLOSES BORDER",
        "the Hashemite Jordan",
        "Chad, Niger and Mali",
        "Tbilisi, Georgia",
        "Israel and Jordan agreed.",
        "The President of Chad came.",
        "Secretary-General, Jordan has signed.",
        "On Tuesday Washington agreed.",
    ],
)
def test_states_beside_words_with_capitals(gazetteer: Gazetteer, text: str):
    assert gazetteer.mentions(text)
    assert all(each.entity for each in gazetteer.mentions(text))


def test_several_bearers_are_a_mention_of_nobody(gazetteer: Gazetteer):
    assert names(gazetteer, "Congo agreed.") == [("Congo", None)]


WORDS = [*"the of . - ' and US Congo South China Sea Jordan United Nations".split(), "\n", " "]


@given(st.lists(st.sampled_from(WORDS)))
def test_mentions_are_where_they_say(gazetteer: Gazetteer, words: list[str]):
    text = " ".join(words)
    end = 0
    for each in gazetteer.mentions(text):
        assert each.start >= end
        assert text[each.start : each.end] == each.text
        end = each.end


# -- work ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "part",
    [
        "United Nations Entity for Gender Equality and the Empowerment of ",
        "Democratic People's Republic of ",
        "United ",
        "U.S.",
        "U . ",
        "South ",
        "Jordan ",
        "Mr ",
        "US ",
        "A",
        "-",
        "\u00e9",
    ],
)
@pytest.mark.parametrize("filler", ["", " " * 50, "\n"])
def test_work_is_linear(gazetteer: Gazetteer, part: str, filler: str):
    repeated = (part + filler) * (10_000 // len(part + filler) + 1)
    assert calls(lambda: gazetteer.mentions(repeated * 4)) < 6 * calls(lambda: gazetteer.mentions(repeated)) + 100


@pytest.mark.parametrize(
    "text", ["United" + " " * 200_000, "US" * 100_000, "US " + "A" * 200_000, "Jordan\t" + "\t" * 200_000]
)
def test_long_runs(gazetteer: Gazetteer, text: str):
    assert calls(lambda: gazetteer.mentions(text)) < 5 * len(text)
