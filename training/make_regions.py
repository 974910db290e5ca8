"""Write the region of every state, by the United Nations' M49 with the Americas in two.

Type: pip install country_converter "pandas<3"; python training/make_regions.py
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from stancetrain.regions import TABLE

FORMER = {
    "Africa": ("AIDJ", "DYBJ", "HVBF", "RHZW", "ZRCD"),
    "Asia": ("BUMM", "SKIN", "TPTL", "VDVN", "YDYE"),
    "Europe": ("BYAA", "CSHH", "CSXX", "DDDE", "SUHH", "YUCS"),
    "Latin America and the Caribbean": ("ANHH", "PZPA"),
    "Oceania": ("GEHH", "NHVU", "PCHH"),
}
"""Codes of ISO 3166-3, which the library does not know."""


def main() -> None:
    """Write the table."""
    import country_converter

    data = country_converter.CountryConverter().data
    TABLE.write_text("\n".join(table(data[["ISO3", "continent", "UNregion"]].to_dict("records"))) + "\n", "utf-8")


def table(rows: Iterable[Mapping[str, str]]) -> list[str]:
    """The lines of the table."""
    regions = {code: region for region, codes in FORMER.items() for code in codes}
    for row in rows:
        if row["continent"] in ("Africa", "Asia", "Europe", "Oceania"):
            regions[row["ISO3"]] = row["continent"]
        elif row["continent"] == "America":
            northern = row["UNregion"] == "Northern America"
            regions[row["ISO3"]] = "Northern America" if northern else "Latin America and the Caribbean"
    return ["iso3\tregion", *(f"{code}\t{region}" for code, region in sorted(regions.items()))]


if __name__ == "__main__":
    main()
