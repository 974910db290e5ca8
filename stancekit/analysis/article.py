"""What an analysed article holds: statements, who makes them, and toward whom."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from stancekit.analysis._tables import csv_text, frame

Row = dict[str, Any]

OFFICIAL_TYPES = frozenset({"official", "international organisation"})
"""Actors that speak for a state or for an organisation of states."""


@dataclass(frozen=True)
class Entity:
    """What a name refers to, under one stable name whatever the text calls it.

    Attributes
    ----------
    name : str
        Such as ``Russia`` for *Moscow*, *the Kremlin* and *Russian*.
    kind : str
        ``state``, ``organisation``, ``person``, ``group`` or ``topic``.
    iso3 : str
        ISO 3166-1 alpha-3, or the four letters of ISO 3166-3 for a state that is gone; of a person or group,
        that of the state it belongs to. Empty where there is none.
    cow : int or None
        Correlates of War country code.
    gw : int or None
        Gleditsch-Ward state number.
    """

    name: str
    kind: str = "state"
    iso3: str = ""
    cow: int | None = None
    gw: int | None = None


@dataclass(frozen=True)
class Mention:
    """A place in the article that names somebody or something.

    Attributes
    ----------
    text : str
        As the article has it.
    start, end : int
        Offsets into the article.
    entity : Entity or None
        None where the name is not known.
    actor_type : str
        The codebook's, if this speaks; empty where it cannot be told.
    """

    text: str
    start: int
    end: int
    entity: Entity | None = None
    actor_type: str = ""


@dataclass(frozen=True)
class TargetStance:
    """The stance of a statement's actor toward one target that the statement mentions.

    Attributes
    ----------
    text : str
    start, end : int
        Offsets into the article.
    entity : Entity or None
        None for what the gazetteer does not know, such as *the sanctions*.
    stance : str
        ``endorsement``, ``concern`` or ``neutrality``.
    probability : float
        Of that stance.
    """

    text: str
    start: int
    end: int
    entity: Entity | None
    stance: str
    probability: float


@dataclass(frozen=True)
class Evidence:
    """A word or phrase that carries the stance."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Statement:
    """A sentence in which an actor takes, or declines to take, a position.

    Attributes
    ----------
    start, end : int
        Offsets into the article.
    text : str
        ``article[start:end]``.
    stance : str
        Of the whole sentence.
    probability : float
        Of that stance.
    neutral_type : str
        Of a neutral statement, ``withheld``, ``balanced`` or ``nonaligned``; else empty.
    courtesy : bool
        Whether it is formal thanks or congratulation.
    actor : str
        Who takes the position, by the fullest name that the article has; empty where unknown.
    actor_entity : Entity or None
        The state or organisation that the actor speaks for, a person of the user's gazetteer, or None.
    actor_type : str
        ``official``, ``international organisation``, ``party or group``, ``expert or media``, ``private`` or
        empty.
    targets : tuple of TargetStance
        In the order of the text.
    evidence : tuple of Evidence
        The words that speak for the stance, in the order of the text.
    joint_actors : tuple of Entity
        Of an actor that is several (*Ghana and Yugoslavia*, *the two sides*), the entities; else empty.
    """

    start: int
    end: int
    text: str
    stance: str
    probability: float
    neutral_type: str = ""
    courtesy: bool = False
    actor: str = ""
    actor_entity: Entity | None = None
    actor_type: str = ""
    targets: tuple[TargetStance, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    joint_actors: tuple[Entity, ...] = ()

    @property
    def actor_entities(self) -> tuple[Entity, ...]:
        """None, one or several entities, those that the actor speaks for."""
        return (self.actor_entity,) if self.actor_entity is not None else self.joint_actors


@dataclass(frozen=True)
class Analysis:
    """The statements of one article.

    Attributes
    ----------
    text : str
        The article, unchanged; every offset refers to it.
    statements : tuple of Statement
        In the order of the text.
    n_sentences : int
        How many sentences the article has; those without a statement are left out.
    id, title : str
        As given; empty if not.
    speaker : str
        Who speaks where the text does not say; empty if not given.
    date : datetime.date or None
    model : str
        Name and version of the model that labelled it.
    """

    text: str
    statements: tuple[Statement, ...]
    n_sentences: int
    id: str = ""
    title: str = ""
    speaker: str = ""
    date: date | None = None
    model: str = ""

    def rows(self) -> list[Row]:
        """One dict a statement and target, keys as the file's columns; a statement without a target has one row."""
        return [row for statement in self.statements for row in self._statement_rows(statement)]

    def to_csv(self) -> str:
        """The rows as CSV with a header."""
        return to_csv([self])

    def to_json(self) -> str:
        """The whole analysis as one JSON object on one line."""
        return json.dumps(self.as_dict(), ensure_ascii=False)

    def as_dict(self) -> Row:
        """The whole analysis as plain dicts and lists; the date in ISO 8601."""
        content = asdict(self)
        content["date"] = self.date.isoformat() if self.date else None
        return content

    def to_pandas(self) -> Any:
        """The rows as a pandas ``DataFrame``; codes as nullable integers.

        Raises
        ------
        MissingExtraError
            If pandas is not installed.
        """
        return frame(COLUMNS, self.rows(), _INTEGERS)

    def _statement_rows(self, statement: Statement) -> Iterator[Row]:
        head = {
            "id": self.id,
            "date": self.date.isoformat() if self.date else "",
            "start": statement.start,
            "end": statement.end,
            "text": statement.text,
            "stance": statement.stance,
            "probability": statement.probability,
            "neutral_type": statement.neutral_type,
            "courtesy": statement.courtesy,
            "actor": statement.actor,
            **_entity_columns("actor", statement.actor_entities),
            "actor_type": statement.actor_type,
        }
        tail = {"evidence": "; ".join(word.text for word in statement.evidence)}
        for target in statement.targets:
            yield {**head, **_target_columns(target), **tail}
        if not statement.targets:
            yield {**head, **_target_columns(None), **tail}


def to_csv(analyses: Iterable[Analysis]) -> str:
    """The rows of several articles as one CSV with a header."""
    return csv_text(COLUMNS, (row for analysis in analyses for row in analysis.rows()))


def _entity_columns(prefix: str, entities: Sequence[Entity]) -> Row:
    """Name and codes; of several, names and letters one after the other, and no numbers."""
    only = entities[0] if len(entities) == 1 else None
    return {
        f"{prefix}_name": "; ".join(each.name for each in entities),
        f"{prefix}_iso3": ";".join(each.iso3 for each in entities),
        f"{prefix}_cow": only.cow if only else None,
        f"{prefix}_gw": only.gw if only else None,
    }


def _target_columns(target: TargetStance | None) -> Row:
    return {
        "target": target.text if target else "",
        "target_start": target.start if target else None,
        "target_end": target.end if target else None,
        **_entity_columns("target", (target.entity,) if target and target.entity else ()),
        "target_stance": target.stance if target else "",
        "target_probability": target.probability if target else None,
    }


_SPECIMEN = Statement(0, 0, "", "", 0.0)
COLUMNS: tuple[str, ...] = tuple(Analysis("", (_SPECIMEN,), 1).rows()[0])
"""The columns of :meth:`Analysis.rows`, in order."""

_INTEGERS = ("actor_cow", "actor_gw", "target_start", "target_end", "target_cow", "target_gw")
