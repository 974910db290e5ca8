"""The tables of names hold together, and a user's own is read or refused."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import date
from itertools import pairwise
from pathlib import Path

import pycountry
import pytest

from stancekit.analysis._gazetteer_table import OWN, Bearer, not_names, shipped
from stancekit.analysis.article import Entity
from stancekit.analysis.gazetteer import Gazetteer
from stancekit.errors import InputError

USER_ASSIGNED = {"XKX"}
"""Kosovo has no code of ISO 3166; this is the one that statistical offices use."""


@pytest.fixture(scope="module")
def named() -> list[tuple[str, Bearer]]:
    return list(shipped())


@pytest.fixture(scope="module")
def entities(named: list[tuple[str, Bearer]]) -> set[Entity]:
    return {bearer.entity for _, bearer in named}


# -- the package's own -----------------------------------------------------------------------------------------------


def test_every_code_is_one_of_iso_3166(entities: set[Entity]):
    present = {each.alpha_3 for each in pycountry.countries}
    gone = {each.alpha_4 for each in pycountry.historic_countries}
    used = {each.iso3 for each in entities if each.iso3}
    assert used - present - gone == USER_ASSIGNED
    assert used >= present


def test_a_code_of_a_state_that_is_gone_is_borne_by_one_that_is(named: list[tuple[str, Bearer]]):
    assert all(bearer.until for name, bearer in named if len(bearer.entity.iso3) == 4 and name == bearer.entity.name)


def test_present_states_have_their_codes_alone(named: list[tuple[str, Bearer]]):
    bearers: dict[str, set[Entity]] = defaultdict(set)
    for name, bearer in named:
        if bearer.entity.iso3 and name == bearer.entity.name and not bearer.until:
            bearers[bearer.entity.iso3].add(bearer.entity)
    assert [found for found in bearers.values() if len(found) > 1] == []


@pytest.mark.parametrize("system", ["cow", "gw"])
def test_numbers_are_shared_by_states_in_succession_only(named: list[tuple[str, Bearer]], system: str):
    spans: dict[int, list[Bearer]] = defaultdict(list)
    for name, bearer in named:
        number = getattr(bearer.entity, system)
        if number is not None and name == bearer.entity.name and not bearer.dated and bearer.relation == OWN:
            spans[number].append(bearer)
    shared = {number: each for number, each in spans.items() if len({bearer.entity for bearer in each}) > 1}
    for number, bearers in shared.items():
        ordered = sorted({(b.since or date.min, b.until or date.max, b.entity.name) for b in bearers})
        overlaps = [(a, b) for a, b in pairwise(ordered) if a[1] > b[0]]
        # Egypt was the United Arab Republic, and goes on under its own name
        assert all({a[2], b[2]} == {"Egypt", "United Arab Republic"} for a, b in overlaps), (number, overlaps)


@pytest.mark.parametrize(
    ("name", "iso3", "cow", "gw"),
    [
        ("Germany", "DEU", 255, 260),
        ("West Germany", "DEU", 260, 260),
        ("Yemen", "YEM", 679, 678),
        ("Serbia", "SRB", 345, 340),
        ("Tuvalu", "TUV", 947, 973),
        ("Kiribati", "KIR", 946, 970),
        ("Tonga", "TON", 955, 972),
        ("Nauru", "NRU", 970, 971),
        ("Vietnam", "VNM", 816, 816),
        ("South Vietnam", "", 817, 817),
        ("Soviet Union", "SUHH", 365, 365),
        ("Monaco", "MCO", 221, 221),
        ("Holy See", "VAT", None, None),
        ("Greenland", "GRL", None, None),
        ("European Union", "", None, None),
    ],
)
def test_codes(name: str, iso3: str, cow: int | None, gw: int | None):
    entity = Gazetteer.default().entity(name)
    assert (entity.name, entity.iso3, entity.cow, entity.gw) == (name, iso3, cow, gw)


def test_sizes(entities: set[Entity]):
    kinds = [each.kind for each in entities]
    assert kinds.count("organisation") > 200
    assert len([each for each in entities if each.cow is not None]) > 210
    assert set(kinds) == {"state", "organisation"}


def test_periods_begin_before_they_end(named: list[tuple[str, Bearer]]):
    assert not [name for name, each in named if each.since and each.until and each.since >= each.until]


def test_names_are_clean(named: list[tuple[str, Bearer]]):
    assert not [name for name, _ in named if name != name.strip() or re.search(r"[@|\t\u2019]| {2}", name)]


def test_names_of_entities_are_their_own(entities: set[Entity]):
    """One stable name an entity: no two share it."""
    assert len({each.name for each in entities}) == len(entities)


def test_the_other_tables_override_no_name(named: list[tuple[str, Bearer]]):
    assert {name for name, _ in named} & set(not_names()) == set()


def test_only_one_present_state_has_a_name_of_its_own(named: list[tuple[str, Bearer]]):
    """What a name means without a date is never decided by the order of the table."""
    own: dict[str, set[str]] = defaultdict(set)
    for name, bearer in named:
        if not bearer.until and bearer.relation == OWN:
            own[name].add(bearer.entity.name)
    assert {name: found for name, found in own.items() if len(found) > 1} == {
        "Congo": {"Republic of the Congo", "Democratic Republic of the Congo"}
    }


# -- a user's --------------------------------------------------------------------------------------------------------


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_a_users_names_come_before(tmp_path: Path):
    rows = (
        "name,kind,iso3,aliases,from,to\n"
        "Lena Aaltonen,person,FIN,Aaltonen|Foreign Minister Aaltonen,,\n"
        "the grain deal,topic,,grain deal,,\n"
        "Harbour League,group,,Moscow,2001-01-01,2005-01-01\n"
    )
    own = Gazetteer.default().extended(write(tmp_path / "own.csv", rows))
    text = "Foreign Minister Aaltonen told Moscow that Aaltonen and Finland back the grain deal. Grain deal!"
    found = [(each.text, each.entity.name, each.entity.kind) for each in own.mentions(text, date(2003, 1, 1))]
    assert found == [
        ("Foreign Minister Aaltonen", "Lena Aaltonen", "person"),
        ("Moscow", "Harbour League", "group"),
        ("Aaltonen", "Lena Aaltonen", "person"),
        ("Finland", "Finland", "state"),
        ("the grain deal", "the grain deal", "topic"),
        ("Grain deal", "the grain deal", "topic"),
    ]
    assert own.entity("aaltonen") == Entity("Lena Aaltonen", "person", "FIN", 375, 375)
    assert own.entity("Moscow", date(2005, 1, 1)).name == "Russia"
    assert Gazetteer.default().entity("Aaltonen") is None


def test_extended_twice(tmp_path: Path):
    one = write(tmp_path / "one.csv", "name,kind,aliases\nAlbatross Pact,organisation,AP\n")
    two = write(tmp_path / "two.csv", "\ufeffname,kind,aliases\nPetrel Pact,organisation,\n")
    both = Gazetteer.default().extended(one).extended(two)
    assert [each.entity.name for each in both.mentions("The AP and the Petrel Pact")] == [
        "Albatross Pact",
        "Petrel Pact",
    ]


HEAD = "name,kind,iso3,aliases,from,to\n"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("name,kind\nA,person\n", r"own\.csv has no column 'aliases'; it needs name, kind, aliases and may have iso3"),
        ("", r"own\.csv has no column 'name'"),
        ("name,kind,aliases,note\n", r"own\.csv has a column 'note', which means nothing"),
        (HEAD + ",person,,,,\n", r"own\.csv, line 2, column 'name' is empty"),
        (
            HEAD + "A,person,,,,\nB,planet,,,,\n",
            r"own\.csv, line 3, column 'kind' is 'planet'; write one of state",
        ),
        (HEAD + "A,person,PERU,,,\n", r"own\.csv, line 2, column 'iso3' is 'PERU', no ISO"),
        (HEAD + "A,person,,,1 May,\n", r"own\.csv, line 2, column 'from' is '1 May'; write dates as 1991-12-26"),
        (HEAD + "A,person,,,,2001-13-01\n", r"own\.csv, line 2, column 'to' is '2001-13-01'"),
        (HEAD + "A,person,,,2002-01-01,2001-01-01\n", r"own\.csv, line 2, column 'to' is 2001-01-01, not after 2002"),
        (HEAD + "A,person\n", r"own\.csv, line 2: more or fewer fields"),
        (HEAD + "A,person,,,,,,\n", r"own\.csv, line 2: more or fewer fields"),
        (HEAD + 'A,"person,,,,\n', r"own\.csv cannot be read as CSV in UTF-8"),
    ],
)
def test_a_users_mistakes(tmp_path: Path, content: str, message: str):
    with pytest.raises(InputError, match=message):
        Gazetteer.default().extended(write(tmp_path / "own.csv", content))


def test_files_that_cannot_be_read(tmp_path: Path):
    (tmp_path / "latin.csv").write_bytes(b"name,kind,aliases\nJos\xe9,person,\n")
    for name in ("latin.csv", "none.csv"):
        with pytest.raises(InputError, match=rf"{name} cannot be read as CSV in UTF-8"):
            Gazetteer.default().extended(tmp_path / name)
