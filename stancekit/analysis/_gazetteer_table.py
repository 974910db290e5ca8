"""The tables of names: read from the package, or from a user's file."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from os import PathLike, fspath

from stancekit.analysis.article import Entity
from stancekit.errors import InputError

KINDS = ("state", "organisation", "person", "group", "topic")
REQUIRED, OPTIONAL = ("name", "kind", "aliases"), ("iso3", "from", "to")
OWN, DEMONYM, CAPITAL, METONYM = range(4)
_COLUMNS = {"names": OWN, "demonyms": DEMONYM, "capitals": CAPITAL, "metonyms": METONYM}


@dataclass(frozen=True)
class Bearer:
    """An entity under one of its names.

    Attributes
    ----------
    entity : Entity
    relation : int
        What the name is to it; the lower, the closer.
    since, until : datetime.date or None
        From when, and until when (that day excluded), it bore the name.
    dated : bool
        Whether the dates are those of the name and not of the entity: then the name means nothing else at
        other times.
    """

    entity: Entity
    relation: int = OWN
    since: date | None = None
    until: date | None = None
    dated: bool = False

    def bore_it(self, on: date) -> bool:
        """Whether the name was the entity's on that day."""
        return (self.since is None or self.since <= on) and (self.until is None or on < self.until)


Named = tuple[str, Bearer]


def shipped() -> Iterator[Named]:
    """The names of the package's own tables."""
    official = {row["iso3"]: row for row in _rows("official_names.tsv")}
    for row in _rows("states.tsv"):
        known = official.pop(row["iso3"], None) if row["iso3"] and not row["to"] else None
        row["names"] = "|".join(filter(None, [row["names"], known["names"] if known else ""]))
        yield from _named(row, "state")
    for row in official.values():
        yield from _named(row, "state")
    for row in _rows("organisations.tsv"):
        yield from _named(row, "organisation")


def not_names() -> list[str]:
    """Phrases that hold the name of a state and mean something else."""
    return [row["phrase"] for row in _rows("not_names.tsv")]


def _rows(file: str) -> Iterator[dict[str, str]]:
    lines = (files("stancekit.analysis") / "data" / file).read_text(encoding="utf-8").splitlines()
    return csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)


def _named(row: dict[str, str], kind: str) -> Iterator[Named]:
    entity = Entity(row["name"], kind, row.get("iso3") or "", _code(row.get("cow")), _code(row.get("gw")))
    since, until = _date(row.get("from")), _date(row.get("to"))
    yield entity.name, Bearer(entity, OWN, since, until)
    for column, relation in _COLUMNS.items():
        for written in filter(None, (row.get(column) or "").split("|")):
            name, dated, period = written.partition("@")
            first, last = map(_date, period.split("/")) if dated else (since, until)
            for form in _forms(name, relation):
                yield form, Bearer(entity, relation, first, last, bool(dated))


def _forms(name: str, relation: int) -> Iterable[str]:
    plural = relation == DEMONYM and not name.endswith(("-", "s", "se", "sh", "ch", "x", "z", "men"))
    return (name, name + "s") if plural else (name,)


def _date(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None


def _code(written: str | None) -> int | None:
    return int(written) if written else None


# -- a user's file ---------------------------------------------------------------------------------------------------


def from_csv(path: str | PathLike[str], codes: dict[str, Entity]) -> list[Named]:
    """The names of a user's CSV, in its order; ``codes`` gives the states' numbers.

    Raises
    ------
    InputError
        If the file cannot be read, lacks a column, or a row is wrong; names file, row and column.
    """
    file = fspath(path)
    try:
        with open(path, encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream, strict=True)
            _check_header(file, reader.fieldnames or ())
            return [each for row in reader for each in _UserRow(file, reader.line_num, row, codes).named()]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"the gazetteer {file} cannot be read as CSV in UTF-8: {error}") from error


def _check_header(file: str, names: Iterable[str]) -> None:
    found = list(names)
    missing = [name for name in REQUIRED if name not in found]
    if missing:
        raise InputError(
            f"the gazetteer {file} has no column {missing[0]!r}; it needs {', '.join(REQUIRED)} and may have "
            f"{', '.join(OPTIONAL)}"
        )
    unknown = [name for name in found if name not in REQUIRED + OPTIONAL]
    if unknown:
        raise InputError(
            f"the gazetteer {file} has a column {unknown[0]!r}, which means nothing; it may have "
            f"{', '.join(REQUIRED + OPTIONAL)}"
        )


@dataclass(frozen=True)
class _UserRow:
    file: str
    line: int
    row: dict[str, str]
    codes: dict[str, Entity]

    def named(self) -> Iterator[Named]:
        if None in self.row or None in self.row.values():
            raise InputError(f"{self.file}, line {self.line}: more or fewer fields than the header has")
        name, kind, iso3 = self._field("name"), self._field("kind"), self._field("iso3")
        if not name:
            raise self._error("name", "is empty; give each entity a name")
        if kind not in KINDS:
            raise self._error("kind", f"is {kind!r}; write one of {', '.join(KINDS)}")
        if iso3 and iso3 not in self.codes:
            raise self._error("iso3", f"is {iso3!r}, no ISO 3166-1 alpha-3 or 3166-3 code; such as PER or SUHH")
        state = self.codes.get(iso3)
        entity = Entity(name, kind, iso3, state.cow if state else None, state.gw if state else None)
        since, until = self._date("from"), self._date("to")
        if since and until and until <= since:
            raise self._error("to", f"is {until}, not after {since} in column 'from'")
        for alias in dict.fromkeys([name, *map(str.strip, self._field("aliases").split("|"))]):
            if alias:
                yield alias, Bearer(entity, OWN, since, until, dated=bool(since or until))

    def _field(self, column: str) -> str:
        return self.row.get(column, "").strip()

    def _date(self, column: str) -> date | None:
        try:
            return _date(self._field(column))
        except ValueError:
            raise self._error(column, f"is {self._field(column)!r}; write dates as 1991-12-26") from None

    def _error(self, column: str, what: str) -> InputError:
        return InputError(f"{self.file}, line {self.line}, column {column!r} {what}")
