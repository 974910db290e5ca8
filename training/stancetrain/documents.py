"""The fixtures' documents as articles coded by hand, for their actors."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from itertools import accumulate, pairwise
from pathlib import Path

from stancekit.analysis.article import OFFICIAL_TYPES, Entity
from stancekit.analysis.gazetteer import Gazetteer
from stancetrain.articles import Actor, GoldArticle, GoldStatement, GoldTarget
from stancetrain.fixtures import FIXTURES, Split, read_fixtures
from stancetrain.schema import FixtureRow

_JOINING = re.compile(r"(?:,|/|(?:,\s*)?\s(?:and|or)\b)\s*(?:(?:of|from|the)\s+)*")
_AUTHOR = frozenset({"the author", "author", "the writer", "writer"})


def read_documents(
    split: Split, genres: Collection[str], gazetteer: Gazetteer, root: Path = FIXTURES
) -> list[GoldArticle]:
    """The documents of a split and of genres (all if none is given), their sentences joined by spaces.

    A sentence with a position is a statement. Documents in which no actor is coded are left out. The coders wrote
    actors as names, whose codes are those of the entities in them; *the minister*, *Ana Quispe* and *the author*
    name none. The country that a news story is about is its title, for it has none.
    """
    documents: dict[str, list[FixtureRow]] = defaultdict(list)
    for fixture in read_fixtures(root, kinds=["documents"], splits=[split], labelled=False):
        if not genres or fixture.row.genre in genres:
            documents[str(fixture.row.doc)].append(fixture.row)
    return [_article(name, rows, gazetteer) for name, rows in documents.items() if any(each.actor for each in rows)]


def code_of(name: str, gazetteer: Gazetteer, on: date | None = None) -> str:
    """The code of the first state or organisation in a name, with those that are joined to it, by semicolons.

    Examples
    --------
    >>> code_of("Embassy of Chile in Lima", Gazetteer.default()), code_of("Chile and Peru", Gazetteer.default())
    ('CHL', 'CHL;PER')
    """
    mentions = gazetteer.mentions(name, on)
    joined = mentions[:1]
    for before, each in pairwise(mentions):
        if not _JOINING.fullmatch(name[before.end : each.start]):
            break
        joined.append(each)
    return ";".join(filter(None, dict.fromkeys(_code(each.entity) for each in joined)))


def _code(entity: Entity | None) -> str:
    return "" if entity is None else entity.iso3 or entity.name


def _article(name: str, rows: Sequence[FixtureRow], gazetteer: Gazetteer) -> GoldArticle:
    rows = sorted(rows, key=lambda row: row.n or 0)
    first = rows[0]
    on = date(first.year, 7, 1) if first.year else None
    whose = first.speaker or first.country_focus or ""
    document = Actor(whose, code_of(whose, gazetteer, on))
    starts = accumulate((len(row.text) + 1 for row in rows), initial=0)
    statements = tuple(
        _statement(row, start, document, gazetteer, on)
        for row, start in zip(rows, starts, strict=False)
        if row.label is not None and row.neutral_type != "none"
    )
    return GoldArticle(
        name,
        " ".join(row.text for row in rows),
        statements,
        title="" if first.speaker else whose,
        genre=first.genre,
        speaker=first.speaker or "",
        date=on.isoformat() if on else "",
    )


def _statement(row: FixtureRow, start: int, document: Actor, gazetteer: Gazetteer, on: date | None) -> GoldStatement:
    official = row.actor_type in OFFICIAL_TYPES
    code = code_of(row.actor, gazetteer, on) if row.actor and official else ""
    targets = tuple(
        GoldTarget(each.text, start + each.start, start + each.end, each.label, _code(gazetteer.entity(each.text, on)))
        for each in row.targets
        if each.start is not None and each.end is not None
    )
    return GoldStatement(
        start,
        start + len(row.text),
        str(row.label),
        row.neutral_type,
        row.actor,
        code,
        row.actor_type,
        targets,
        document if not code and (official or row.actor in _AUTHOR) else None,
    )
