from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date
from itertools import product
from math import comb

import pytest

from stancekit.analysis.article import Analysis, Entity, Statement, TargetStance
from stancekit.analysis.dyads import DYAD_COLUMNS, dyads, net_stance_interval
from stancekit.errors import InputError

PERU, CHILE = Entity("Peru", iso3="PER", cow=135, gw=135), Entity("Chile", iso3="CHL", cow=155, gw=155)
OAS = Entity("Organization of American States", "organisation")


def toward(entity: Entity | None, stance: str, text: str = "it", probability: float = 0.9) -> TargetStance:
    return TargetStance(text, 0, 2, entity, stance, probability)


def said(entity: Entity | None, /, *targets: TargetStance, actor_type: str = "official", **more: object) -> Statement:
    name = entity.name if entity else ""
    made = Statement(
        0, 2, "it", "concern", 0.9, actor=name, actor_entity=entity, actor_type=actor_type, targets=targets
    )
    return replace(made, **more)  # type: ignore[arg-type]


def article(*statements: Statement, day: str | None = "1994-05-17") -> Analysis:
    return Analysis("it", statements, 1, date=date.fromisoformat(day) if day else None)


def test_counts_and_net_stance():
    stances = ["endorsement"] * 3 + ["concern"] + ["neutrality"] * 4
    (found,) = dyads([article(*(said(PERU, toward(CHILE, stance)) for stance in stances))]).dyads
    assert (found.actor, found.actor_iso3, found.target, found.target_cow) == ("Peru", "PER", "Chile", 155)
    assert (found.n, found.endorsement, found.concern, found.neutrality) == (8, 3, 1, 4)
    assert found.net == 0.25
    assert (found.low, found.high) == net_stance_interval(3, 1, 8)
    assert found.period == ""


def test_dyads_are_directed_and_have_two_ends():
    table = dyads(
        [article(said(PERU, toward(CHILE, "concern"), toward(PERU, "concern")), said(CHILE, toward(PERU, "concern")))]
    )
    assert [(each.actor, each.target) for each in table.dyads] == [("Chile", "Peru"), ("Peru", "Chile")]


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ("day", ["1994-05-17", "1994-10-01", "1995-01-02"]),
        ("month", ["1994-05", "1994-10", "1995-01"]),
        ("year", ["1994", "1994", "1995"]),
        ("session", ["1993/94", "1994/95", "1994/95"]),
    ],
)
def test_periods(by: str, expected: list[str]):
    days = ["1994-05-17", "1994-10-01", "1995-01-02"]
    table = dyads([article(said(PERU, toward(CHILE, "concern")), day=day) for day in days], by=by)
    assert [period for each in table.dyads for period in [each.period] * each.n] == expected


def test_articles_without_a_date_are_a_period_of_their_own():
    (found,) = dyads([article(said(PERU, toward(CHILE, "concern")), day=None)], by="year").dyads
    assert found.period == "(blank)"


def test_an_unknown_period_or_level():
    with pytest.raises(InputError, match="no period 'monht' \\(did you mean 'month'\\?\\)"):
        dyads([], by="monht")
    with pytest.raises(InputError, match="level must be between 0 and 1, got 95"):
        dyads([], level=95)


def test_official_actors_are_the_default():
    statements = [
        said(PERU, toward(CHILE, "concern")),
        said(OAS, toward(CHILE, "concern"), actor_type="international organisation"),
        said(None, toward(CHILE, "concern"), actor="Dr. Ana Quenaya", actor_type="expert or media"),
        said(None, toward(CHILE, "concern")),
    ]
    actors = [each.actor for each in dyads([article(*statements)]).dyads]
    assert actors == ["Organization of American States", "Peru"]
    every = [each.actor for each in dyads([article(*statements)], all_actors=True).dyads]
    assert every == ["Dr. Ana Quenaya", *actors]


def test_each_of_several_actors_counts():
    together = said(None, toward(PERU, "concern"), actor="Chile and Peru", joint_actors=(CHILE, PERU, OAS))
    actors = [each.actor for each in dyads([article(together)]).dyads]
    assert actors == ["Chile", "Organization of American States"]


def test_courtesies_can_be_left_out():
    statements = [said(PERU, toward(CHILE, "endorsement"), courtesy=True), said(PERU, toward(CHILE, "concern"))]
    assert dyads([article(*statements)]).dyads[0].net == 0
    assert dyads([article(*statements)], courtesy=False).dyads[0].net == -1


def test_targets_that_are_not_linked():
    statement = said(PERU, toward(None, "concern", "the levy"))
    assert dyads([article(statement)]).dyads == ()
    assert [each.target for each in dyads([article(statement)], all_targets=True).dyads] == ["the levy"]


def test_a_target_named_twice_counts_once_by_the_surest_side_taken():
    twice = said(
        PERU,
        toward(CHILE, "neutrality", probability=0.99),
        toward(CHILE, "concern", probability=0.6),
        toward(CHILE, "endorsement", probability=0.5),
    )
    (found,) = dyads([article(twice)]).dyads
    assert (found.n, found.concern) == (1, 1)


def test_csv_pandas_and_text():
    table = dyads([article(said(PERU, toward(CHILE, "concern")), said(OAS, toward(CHILE, "endorsement")))], by="year")
    rows = list(csv.DictReader(table.to_csv().splitlines()))
    assert list(rows[0]) == list(DYAD_COLUMNS)
    assert (rows[0]["actor_cow"], rows[1]["actor_cow"], rows[1]["net"]) == ("", "135", "-1.0000")
    frame = table.to_pandas()
    assert frame["actor_cow"].isna().tolist() == [True, False]
    assert frame["actor_cow"].dtype == "Int64"
    assert table.as_text().splitlines()[0].split()[:5] == ["actor", ">", "target", "period", "n"]
    assert table.as_text(1).endswith("\nand 1 more")
    assert len(dyads([]).to_pandas()) == 0


def test_the_interval_covers_the_truth():
    """By counting every sample of twenty: never far below 95 %, and close to it on average."""
    n, covered = 20, []
    for e, c in product(range(1, 10), range(1, 10)):
        p, q = e / 20, c / 20
        total = 0.0
        for i in range(n + 1):
            for j in range(n + 1 - i):
                low, high = net_stance_interval(i, j, n)
                if low <= p - q <= high:
                    total += comb(n, i) * comb(n - i, j) * p**i * q**j * (1 - p - q) ** (n - i - j)
        covered.append(total)
    assert min(covered) > 0.92
    assert 0.945 < sum(covered) / len(covered) < 0.97


@pytest.mark.parametrize(("e", "c", "n"), [(1, 0, 1), (0, 1, 1), (0, 0, 1), (50, 0, 50), (3, 3, 9)])
def test_the_interval_holds_the_estimate_and_keeps_its_bounds(e: int, c: int, n: int):
    low, high = net_stance_interval(e, c, n)
    assert -1 <= low <= (e - c) / n <= high <= 1
    assert low < high
