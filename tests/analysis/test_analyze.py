from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import numpy as np
import pytest

from stancekit.analysis.analyze import Article, analyze, analyze_many, as_date
from stancekit.classifier import StanceClassifier
from stancekit.details import Details, TargetSpan
from stancekit.errors import InputError, ModelError

from .conftest import ToyReader

TEXT = (
    "LIMA, 4 May --\n\n"
    "Chile welcomed <the treaty> on Monday. The river is 90 km long.\n\n"
    "Peru condemned <the blockade>, and the ministry declined to comment on <Moscow>."
)


def test_statements(toy: ToyReader):
    analysis = analyze(TEXT, model=toy, date="1994-05-04", id="a", title="T", speaker="S")
    first, second = analysis.statements
    assert (analysis.id, analysis.title, analysis.speaker, analysis.date) == ("a", "T", "S", date(1994, 5, 4))
    assert (analysis.n_sentences, analysis.model) == (4, "toy 1")
    assert first.text == "Chile welcomed <the treaty> on Monday."
    assert (first.stance, first.neutral_type, first.courtesy) == ("endorsement", "", False)
    assert (first.actor, first.actor_type) == ("Chile", "official")
    assert first.actor_entity is not None
    assert first.actor_entity.iso3 == "CHL"
    assert second.stance == "neutrality"
    assert second.neutral_type == "withheld"
    assert [(target.text, target.stance) for target in second.targets] == [
        ("the blockade", "concern"),
        ("Moscow", "neutrality"),
    ]
    assert [target.entity and target.entity.iso3 for target in second.targets] == [None, "RUS"]
    assert [word.text for word in first.evidence] == ["welcomed"]


def test_every_offset_is_into_the_article(toy: ToyReader):
    analysis = analyze(TEXT, model=toy)
    for statement in analysis.statements:
        for part in (statement, *statement.targets, *statement.evidence):
            assert TEXT[part.start : part.end] == part.text
        assert all(statement.start <= part.start < part.end <= statement.end for part in statement.targets)


class Sure(ToyReader):
    """One answer to all texts."""

    def __init__(self, probabilities: list[float], none: float) -> None:
        rest = (1 - none) / 3
        types = {"none": none, "withheld": rest, "balanced": rest * 1.5, "nonaligned": rest * 0.5}
        self.answer = Details(np.array(probabilities), types, ())

    def details(self, texts):
        return [self.answer for _ in texts]


@pytest.mark.parametrize(
    ("probabilities", "none", "expected"),
    [
        ([0.1, 0.1, 0.8], 0.9, None),
        ([0.05, 0.2, 0.75], 0.94, None),
        ([0.05, 0.2, 0.75], 0.92, "endorsement"),
        ([0.1, 0.1, 0.8], 0.2, "neutrality"),
        ([0.6, 0.2, 0.2], 1.0, "concern"),
    ],
)
def test_which_sentences_are_statements(probabilities: list[float], none: float, expected: str | None):
    found = analyze("They met in Oslo.", model=Sure(probabilities, none)).statements
    assert [statement.stance for statement in found] == ([expected] if expected else [])


def test_the_probability_is_that_of_a_statement():
    (statement,) = analyze("They met in Oslo.", model=Sure([0.1, 0.1, 0.8], 0.5)).statements
    assert statement.probability == pytest.approx(0.4 / 0.6)
    assert statement.neutral_type == "balanced"


def test_the_stance_of_the_sentence_weighs_in_that_toward_a_target():
    class Undecided(Sure):
        def predict_proba(self, texts, targets):
            return np.array([[0.3, 0.3, 0.4] if "peace" in target else [0.05, 0.05, 0.9] for target in targets])

    def details_with(*spans: tuple[int, int]):
        model = Undecided([0.6, 0.1, 0.3], 0.5)
        model.answer = replace(model.answer, spans=tuple(TargetSpan(*span, 0.9) for span in spans))
        return model

    text = "Of peace with Oslo."
    (statement,) = analyze(text, model=details_with((3, 8), (14, 18))).statements
    assert [(target.text, target.stance) for target in statement.targets] == [
        ("peace", "concern"),
        ("Oslo", "neutrality"),
    ]
    expected = np.array([0.3, 0.3, 0.4]) * np.array([0.6, 0.1, 0.15]) / 0.85
    assert statement.targets[0].probability == pytest.approx(expected[0] / expected.sum())


def test_a_sure_target_head_has_the_last_word():
    class Certain(Sure):
        def predict_proba(self, texts, targets):
            return np.array([[0.03, 0.94, 0.03]] * len(targets))

    model = Certain([0.98, 0.01, 0.01], 0.5)
    model.answer = replace(model.answer, spans=(TargetSpan(3, 8, 0.9),))
    (statement,) = analyze("Of peace with Oslo.", model=model).statements
    assert (statement.stance, statement.targets[0].stance) == ("concern", "endorsement")


def test_the_actors_own_name_is_no_target(toy: ToyReader):
    (statement,) = analyze("<Peru> backed <Chile>.", model=toy).statements
    assert (statement.actor, [target.text for target in statement.targets]) == ("Peru", ["Chile"])


def test_several_actors_at_once(toy: ToyReader):
    analysis = analyze("Peru and Chile backed <the treaty>.", model=toy)
    (statement,) = analysis.statements
    assert statement.actor_entity is None
    assert [entity.iso3 for entity in statement.actor_entities] == ["PER", "CHL"]
    (row,) = analysis.rows()
    assert (row["actor_name"], row["actor_iso3"], row["actor_cow"]) == ("Peru; Chile", "PER;CHL", None)


def test_names_in_a_row_are_targets_of_their_own(toy: ToyReader):
    (statement,) = analyze("Oslo backed <Peru, Chile and the Cook Islands>.", model=toy).statements
    assert [target.text for target in statement.targets] == ["Peru", "Chile", "the Cook Islands"]
    assert [target.entity and target.entity.iso3 for target in statement.targets] == ["PER", "CHL", "COK"]


def test_a_courtesy_is_one_of_approval(toy: ToyReader):
    thanks, other = analyze("Peru thanked <Chile>. Peru backed <Chile>.", model=toy).statements
    assert (thanks.courtesy, other.courtesy) == (True, False)


def test_the_date_decides_which_state_is_meant(toy: ToyReader):
    codes = []
    for day in ("1975-08-01", date(2005, 8, 1)):
        (statement,) = analyze("Peru condemned <Moscow>.", model=toy, date=day).statements
        codes.append(statement.targets[0].entity and statement.targets[0].entity.iso3)
    assert codes == ["SUHH", "RUS"]


def test_names_of_the_user(toy: ToyReader, tmp_path: Path):
    names = tmp_path / "mine.csv"
    names.write_text("name,kind,aliases,iso3\nRiver Treaty,topic,the treaty,\n", encoding="utf-8")
    (statement,) = analyze("Peru backed <the treaty>.", model=toy, gazetteer=names).statements
    assert statement.targets[0].entity is not None
    assert statement.targets[0].entity.name == "River Treaty"


def test_many_are_analysed_one_at_a_time_and_alike(toy: ToyReader):
    read = []

    def articles():
        for name in "abc":
            read.append(name)
            yield Article(TEXT, name)

    found = analyze_many(articles(), model=toy)
    assert next(found) == replace(analyze(TEXT, model=toy), id="a")
    assert read == ["a"]
    assert [each.id for each in found] == ["b", "c"]
    assert [each.text for each in analyze_many(["Oslo."], model=toy)] == ["Oslo."]


@pytest.mark.parametrize("text", ["", " \n\n "])
def test_nothing_to_read(toy: ToyReader, text: str):
    analysis = analyze(text, model=toy)
    assert (analysis.statements, analysis.n_sentences) == ((), 0)


@pytest.mark.parametrize("text", [None, ["Peru backed it."], b"Peru"])
def test_what_is_no_text(toy: ToyReader, text: object):
    with pytest.raises(InputError, match="expected the text of an article"):
        analyze(text, model=toy)  # type: ignore[arg-type]


@pytest.mark.parametrize("day", ["1994", "4 May 1994", "1994-13-01", "19940504"])
def test_what_is_no_date(day: str):
    with pytest.raises(InputError, match="is no date; write it as 2024-03-20"):
        as_date(day)


def test_dates():
    assert as_date(datetime(1994, 5, 4, 10)) == as_date("1994-05-04 10:00") == as_date(date(1994, 5, 4))
    assert as_date(" ") is as_date(None) is None


def test_a_model_with_labels_of_its_own():
    own = StanceClassifier(base="ngram").fit(["Yes to it.", "No to it."] * 5, ["for", "against"] * 5)
    with pytest.raises(ModelError, match="labels of its own"):
        analyze("Peru backed it.", model=own)
