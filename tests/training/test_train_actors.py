"""train_actors.py: which candidate is whose position it is."""

from __future__ import annotations

from pathlib import Path

import pytest
import train_actors
from train_actors import Case, as_tsv, cases, fit

from stancekit.analysis._candidates import Candidate
from stancekit.analysis._choice import best, shipped_weights
from stancekit.analysis.gazetteer import Gazetteer
from stancetrain.articles import GoldArticle, GoldStatement

TEXT = "The road is closed. Chile regretted that Peru had waited."
GOLD = [
    GoldArticle(
        "a",
        TEXT,
        (
            GoldStatement(0, 19, "concern", None, "the Pope", ""),
            GoldStatement(20, len(TEXT), "concern", None, "Chile", "CHL", "official"),
        ),
    )
]


def test_the_candidate_whose_features_weigh_most_is_chosen():
    some, others = Candidate(None, ("a", "unknown")), Candidate(None, ("b", "c"))
    assert best([some, others], {"a": 1.0, "b": 0.5, "c": 0.6}) is others
    assert best([some, others], {"a": 1.0, "b": 0.5}) is some
    assert best([some, others], {}) is some


def test_cases_are_the_statements_with_a_right_candidate():
    (case,) = cases(GOLD, {}, Gazetteer.default())
    assert case.right == [False, True, False]
    assert case.features[0] == ("nobody",)
    assert {"subject", "behind start", "before stand", "linked", "type official"} <= set(case.features[1])


def test_fitting_finds_what_speaks_for_a_candidate():
    given = [Case([("first", "shared"), ("second", "shared")], [i % 5 > 0, i % 5 == 0]) for i in range(50)]
    weights = fit([*given, Case([("rare",), ("first",)], [True, False])])
    assert weights["first"] > 0.3 > 0 > weights["second"]
    assert weights["shared"] == 0.0
    assert "rare" not in weights
    assert abs(fit(given, ridge=100.0)["first"]) < weights["first"]


def test_the_script_writes_what_the_package_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(train_actors, "read_documents", lambda split, genres, gazetteer: GOLD * 6)
    output = tmp_path / "weights.tsv"
    assert train_actors.main(["--output", str(output)]) == 0
    assert "weights written to" in capsys.readouterr().out
    rows = [line.split("\t") for line in output.read_text(encoding="utf-8").splitlines()]
    assert rows[0] == ["feature", "weight"]
    assert float(dict(rows[1:])["subject"]) > 0
    assert as_tsv(shipped_weights()) == train_actors.WEIGHTS.read_text(encoding="utf-8")
