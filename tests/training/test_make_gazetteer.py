"""The table of official names: what is taken from ISO 3166 and the CLDR, and what is not."""

from __future__ import annotations

from types import SimpleNamespace

import pycountry
import pytest
from make_gazetteer import DATA, table, usable


def country(alpha_2: str, alpha_3: str, name: str, **more: str) -> SimpleNamespace:
    return SimpleNamespace(alpha_2=alpha_2, alpha_3=alpha_3, name=name, **more)


def test_names_of_ours_come_first():
    countries = [
        country("XB", "XBB", "Beta, Republic of", official_name="Republic of Beta"),
        country("XA", "XAA", "Alpha", common_name="Alphaland"),
    ]
    lines = table(countries, {"XA": "St. Alpha", "XB": "Beta & Isles"}, {"XBB": "Beta"})
    assert lines == [
        "iso3\tname\tnames",
        "XAA\tSaint Alpha\tAlpha|Alphaland|St. Alpha",
        "XBB\tBeta\tBeta & Isles|Republic of Beta",
    ]


@pytest.mark.parametrize(
    "name", ["Korea, Republic of", "Myanmar (Burma)", "Congo", "Congo - Kinshasa", "Hong Kong SAR"]
)
def test_names_that_are_left_out(name: str):
    assert not usable(name)


def test_every_country_has_a_line():
    lines = (DATA / "official_names.tsv").read_text(encoding="utf-8").splitlines()[1:]
    assert {line.split("\t")[0] for line in lines} == {each.alpha_3 for each in pycountry.countries}
