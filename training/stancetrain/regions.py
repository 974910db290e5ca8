"""The region of an actor: of the state that it names, or that speaks."""

from __future__ import annotations

import csv
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from stancekit.analysis.gazetteer import Gazetteer

if TYPE_CHECKING:
    from stancetrain.schema import FixtureRow

TABLE = Path(__file__).with_name("regions.tsv")
SEVERAL, ORGANISATIONS, UNKNOWN = "several regions", "organisations", "no state named"


@cache
def regions() -> dict[str, str]:
    """Regions by ISO 3166 code; ``training/make_regions.py`` writes them."""
    with TABLE.open(encoding="utf-8", newline="") as stream:
        return {row["iso3"]: row["region"] for row in csv.DictReader(stream, delimiter="\t")}


def region_of(phrase: str, on: date | None = None) -> str:
    """The region of the states that a phrase names; if it names none, whether it names an organisation."""
    entities = [mention.entity for mention in Gazetteer.default().mentions(phrase, on) if mention.entity]
    found = {regions()[each.iso3] for each in entities if each.iso3 in regions()}
    if len(found) == 1:
        return found.pop()
    return SEVERAL if found else ORGANISATIONS if entities else UNKNOWN


def actor_region(row: FixtureRow) -> str:
    """The region of a row's coded actor; of the speaker, or the country of the story, where that names none."""
    on = date(row.year, 7, 1) if row.year else None
    for phrase in (row.actor, row.speaker, row.country_focus):
        region = region_of(phrase, on) if phrase else UNKNOWN
        if region != UNKNOWN:
            return region
    return UNKNOWN
