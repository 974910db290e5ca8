"""Write the official names and the territories of the gazetteer, from ISO 3166 and the Unicode CLDR.

Type: pip install pycountry babel; python training/make_gazetteer.py
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

DATA = Path(__file__).parents[1] / "stancekit" / "analysis" / "data"
NO_PLAIN_NAME = re.compile(r"[(),]| - |\bSAR\b")
AMBIGUOUS = frozenset({"Congo", "Georgia", "Jersey", "Martinique"})
"""Names that mean several things: the table of states says when they mean a state."""


def main() -> None:
    """Write ``official_names.tsv``."""
    import pycountry
    from babel import Locale

    with (DATA / "states.tsv").open(encoding="utf-8", newline="") as stream:
        ours = {row["iso3"]: row["name"] for row in csv.DictReader(stream, delimiter="\t") if not row["to"]}
    lines = table(pycountry.countries, Locale("en").territories, ours)
    (DATA / "official_names.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def table(countries: Iterable[Any], territories: Mapping[str, str], ours: Mapping[str, str]) -> list[str]:
    """The lines of the table: by code the name of ours, or else the common one, and the others."""
    lines = ["iso3\tname\tnames"]
    for country in sorted(countries, key=lambda each: each.alpha_3):
        common = territories[country.alpha_2].replace("\u2019", "'")
        name = ours.get(country.alpha_3) or common.replace("St.", "Saint").replace(" & ", " and ")
        found = [common, country.name, getattr(country, "common_name", ""), getattr(country, "official_name", "")]
        others = sorted({each for each in found if each and usable(each)} - {name})
        lines.append(f"{country.alpha_3}\t{name}\t{'|'.join(others)}")
    return lines


def usable(name: str) -> bool:
    """Whether texts write a name so: not inverted, without remarks, and of one state only."""
    return not NO_PLAIN_NAME.search(name) and name not in AMBIGUOUS


if __name__ == "__main__":
    main()
