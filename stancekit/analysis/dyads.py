"""Who stands where toward whom: statements counted by actor, target and period."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from itertools import product
from math import sqrt
from statistics import NormalDist
from typing import Any, NamedTuple

from stancekit.analysis._tables import csv_text, frame
from stancekit.analysis.article import OFFICIAL_TYPES, Analysis, Entity, Statement, TargetStance
from stancekit.analysis.periods import PERIODS, period_of
from stancekit.batch.source import listed, near_match
from stancekit.errors import InputError
from stancekit.labels import Stance
from stancekit.report.table import aligned

ALL = "all"
"""The period that holds every date."""

DEFAULT_LEVEL = 0.95

_E, _C, _N = (stance.value for stance in Stance)


@dataclass(frozen=True)
class Dyad:
    """What one actor said of one target in one period.

    Attributes
    ----------
    actor, actor_iso3 : str
    actor_cow, actor_gw : int or None
    target, target_iso3 : str
    target_cow, target_gw : int or None
    period : str
        Empty if all dates are counted together, ``(blank)`` for articles without a date.
    n : int
        Statements.
    endorsement, concern, neutrality : int
        Of them, by the stance toward the target.
    net : float
        Net stance, (endorsement - concern) / n, from -1 to 1.
    low, high : float
        The ends of its interval.
    """

    actor: str
    actor_iso3: str
    actor_cow: int | None
    actor_gw: int | None
    target: str
    target_iso3: str
    target_cow: int | None
    target_gw: int | None
    period: str
    n: int
    endorsement: int
    concern: int
    neutrality: int
    net: float
    low: float
    high: float


DYAD_COLUMNS = tuple(each.name for each in fields(Dyad))
"""The columns of a dyad table."""


@dataclass(frozen=True)
class DyadTable:
    """Directed dyads by actor, target and period.

    Attributes
    ----------
    dyads : tuple of Dyad
        Sorted by actor, target and period.
    by : str
        The period.
    level : float
        Of the intervals.
    """

    dyads: tuple[Dyad, ...]
    by: str = ALL
    level: float = DEFAULT_LEVEL

    def rows(self) -> list[dict[str, Any]]:
        """One dict a dyad and period, keys as the columns of the file."""
        return [asdict(dyad) for dyad in self.dyads]

    def to_csv(self) -> str:
        """The rows as CSV with a header."""
        return csv_text(DYAD_COLUMNS, self.rows())

    def to_pandas(self) -> Any:
        """The rows as a pandas ``DataFrame``; codes as nullable integers.

        Raises
        ------
        MissingExtraError
            If pandas is not installed.
        """
        return frame(DYAD_COLUMNS, self.rows(), (name for name in DYAD_COLUMNS if name.endswith(("_cow", "_gw"))))

    def as_text(self, most: int | None = None) -> str:
        """An aligned table for a reader, the dyads with most statements first.

        Parameters
        ----------
        most : int, optional
            How many are shown.
        """
        order = sorted(self.dyads, key=lambda dyad: -dyad.n)
        with_period = self.by != ALL
        head = (
            "actor > target",
            *(("period",) if with_period else ()),
            *("n", _E, _C, _N, "net", f"{self.level:.0%} interval"),
        )
        rows = [
            (
                f"{each.actor} > {each.target}",
                *((each.period,) if with_period else ()),
                *(f"{count:,}" for count in (each.n, each.endorsement, each.concern, each.neutrality)),
                f"{each.net:+.2f}",
                f"{each.low:+.2f} to {each.high:+.2f}",
            )
            for each in order[:most]
        ]
        hidden = len(order) - len(rows)
        return aligned(head, rows) + (f"\nand {hidden:,} more" if hidden else "")


class _Key(NamedTuple):
    actor: Entity
    target: Entity
    period: str


class DyadCounts:
    """Counts statements one article at a time, in memory that grows with the dyads alone.

    Parameters
    ----------
    by : {"all", "day", "month", "quarter", "year", "decade", "session"}, default="all"
        The period; a session is that of the United Nations General Assembly, from September to August.
    all_actors : bool, default=False
        Count parties, experts, media and private persons too, where they are linked to an entity or named.
    courtesy : bool, default=True
        Count formal thanks and congratulations.
    all_targets : bool, default=False
        Count targets that the gazetteer does not know, by their own words.

    Raises
    ------
    InputError
        If there is no such period.
    """

    def __init__(
        self, by: str = ALL, *, all_actors: bool = False, courtesy: bool = True, all_targets: bool = False
    ) -> None:
        if by not in (ALL, *PERIODS):
            known = [ALL, *PERIODS]
            raise InputError(f"no period {by!r}{near_match(by, known)}; use {listed(known)}")
        self.by = by
        self._all_actors, self._courtesy, self._all_targets = all_actors, courtesy, all_targets
        self._counts: dict[_Key, Counter[str]] = {}

    def add(self, analysis: Analysis) -> None:
        """Count the statements of an article."""
        date = analysis.date.isoformat() if analysis.date is not None else ""
        period = "" if self.by == ALL else period_of(date, self.by)
        for statement in analysis.statements:
            if statement.courtesy and not self._courtesy:
                continue
            stances = self._stances(statement)
            for actor, (target, stance) in product(self._actors(statement), stances.items()):
                if target != actor:
                    self._counts.setdefault(_Key(actor, target, period), Counter())[stance] += 1

    def table(self, level: float = DEFAULT_LEVEL) -> DyadTable:
        """The dyads counted so far, with intervals at ``level``.

        Raises
        ------
        InputError
            If the level is not between 0 and 1.
        """
        if not 0 < level < 1:
            raise InputError(f"level must be between 0 and 1, got {level}")
        order = sorted(self._counts, key=lambda key: (key.actor.name, key.target.name, key.period))
        return DyadTable(tuple(_dyad(key, self._counts[key], level) for key in order), self.by, level)

    def _actors(self, statement: Statement) -> tuple[Entity, ...]:
        """Who takes the position; each of several that take it together."""
        if not self._all_actors and statement.actor_type not in OFFICIAL_TYPES:
            return ()
        if self._all_actors and statement.actor and not statement.actor_entities:
            return (Entity(statement.actor, ""),)
        return statement.actor_entities

    def _stances(self, statement: Statement) -> dict[Entity, str]:
        """One stance toward each target, however often the statement names it: the most probable that takes a side."""
        best: dict[Entity, TargetStance] = {}
        for target in statement.targets:
            entity = target.entity or (Entity(target.text, "") if self._all_targets else None)
            if entity is not None and (entity not in best or _weight(target) > _weight(best[entity])):
                best[entity] = target
        return {entity: target.stance for entity, target in best.items()}


def dyads(
    analyses: Iterable[Analysis],
    *,
    by: str = ALL,
    all_actors: bool = False,
    courtesy: bool = True,
    all_targets: bool = False,
    level: float = DEFAULT_LEVEL,
) -> DyadTable:
    """The directed dyad table of some articles: who takes which stance toward whom, how often, in which period.

    Statements count that have both an actor and a target that are known entities and are not the same. By default,
    actors are official ones: those that speak for a state or an international organisation.

    Parameters
    ----------
    analyses : iterable of Analysis
    by, all_actors, courtesy, all_targets
        As in :class:`stancekit.analysis.dyads.DyadCounts`.
    level : float, default=0.95
        Of the intervals.

    Returns
    -------
    DyadTable

    Examples
    --------
    >>> from stancekit.analysis.article import Analysis, Entity, Statement, TargetStance
    >>> target = TargetStance("Lima", 20, 24, Entity("Peru", iso3="PER"), "endorsement", 0.9)
    >>> said = Statement(0, 25, "Oslo sided with Lima.", "endorsement", 0.9, actor="Oslo",
    ...     actor_entity=Entity("Norway", iso3="NOR"), actor_type="official", targets=(target,))
    >>> [(each.actor_iso3, each.target_iso3, each.net) for each in dyads([Analysis("", (said,), 1)]).dyads]
    [('NOR', 'PER', 1.0)]
    """
    counts = DyadCounts(by, all_actors=all_actors, courtesy=courtesy, all_targets=all_targets)
    for analysis in analyses:
        counts.add(analysis)
    return counts.table(level)


def net_stance_interval(endorsement: int, concern: int, n: int, level: float = DEFAULT_LEVEL) -> tuple[float, float]:
    """An interval for (endorsement - concern) / n: two shares of one sample, the one less the other.

    The adjusted Wald interval of Bonett & Price (2012, *Journal of Educational and Behavioral Statistics* 37: 479),
    made for the discordant cells of paired data, which are such shares: one is added to each count, two to n. It
    keeps its level in small samples and is cut to [-1, 1]. Statements are taken as independent, and their labels as
    true.

    Examples
    --------
    >>> [round(end, 2) for end in net_stance_interval(8, 2, 20)]
    [-0.01, 0.56]
    """
    z = NormalDist().inv_cdf(0.5 + level / 2)
    more, less, size = endorsement + 1, concern + 1, n + 2
    middle = (more - less) / size
    half = z * sqrt(((more + less) / size - middle**2) / size)
    return max(middle - half, -1.0), min(middle + half, 1.0)


def _weight(target: TargetStance) -> tuple[bool, float]:
    return target.stance != _N, target.probability


def _dyad(key: _Key, counts: Counter[str], level: float) -> Dyad:
    n = counts.total()
    low, high = net_stance_interval(counts[_E], counts[_C], n, level)
    actor, target, period = key
    return Dyad(
        *(actor.name, actor.iso3, actor.cow, actor.gw),
        *(target.name, target.iso3, target.cow, target.gw),
        period=period,
        n=n,
        endorsement=counts[_E],
        concern=counts[_C],
        neutrality=counts[_N],
        net=(counts[_E] - counts[_C]) / n,
        low=low,
        high=high,
    )
