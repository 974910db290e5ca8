"""evaluate_articles.py and evaluate_targets.py: agreement with articles and pairs coded by hand."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import evaluate_articles
import evaluate_targets
import numpy as np
import pytest

from stancekit.analysis.article import Analysis, Entity, Statement, TargetStance
from stancekit.analysis.gazetteer import Gazetteer
from stancekit.errors import InputError
from stancetrain.articles import Actor, GoldArticle, GoldStatement, GoldTarget, Ratio, read_gold, same_actor, score
from stancetrain.documents import code_of, read_documents
from stancetrain.fixtures import split_of, write_rows
from stancetrain.schema import FixtureRow
from stancetrain.spans import matched

TEXT = "Peru welcomed the treaty with Chile. Rain fell. The ministry declined to comment."
PERU, CHILE = Entity("Peru", iso3="PER"), Entity("Chile", iso3="CHL")
RECORD = {
    "id": "a",
    "title": "T",
    "genre": "news",
    "speaker": None,
    "date": "1994-05-17",
    "writer": "w",
    "text": TEXT,
    "statements": [
        {
            "start": 0,
            "end": 36,
            "label": "endorsement",
            "neutral_type": None,
            "actor": "Peru",
            "actor_code": "PER",
            "actor_type": "official",
            "targets": [
                {"text": "the treaty with Chile", "start": 14, "end": 35, "label": "endorsement", "code": ""},
                {"text": "Chile", "start": 30, "end": 35, "label": "neutrality", "code": "CHL"},
            ],
            "codings": [],
        },
        {
            "start": 48,
            "end": 81,
            "label": "neutrality",
            "neutral_type": "withheld",
            "actor": None,
            "actor_code": "",
            "actor_type": None,
            "targets": [],
        },
    ],
}


def target(start: int, end: int, stance: str, entity: Entity | None = None) -> TargetStance:
    return TargetStance(TEXT[start:end], start, end, entity, stance, 0.9)


FIRST = Statement(
    *(0, 36, TEXT[:36], "endorsement", 0.9),
    actor="Peru",
    actor_entity=PERU,
    actor_type="official",
    targets=(target(18, 35, "endorsement"), target(30, 35, "neutrality", CHILE)),
)
SECOND = Statement(48, 81, TEXT[48:], "neutrality", 0.9, neutral_type="withheld")


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    path = tmp_path / "gold.jsonl"
    path.write_text(json.dumps(RECORD) + "\n\n", encoding="utf-8")
    return path


def scored(gold: Path, *statements: Statement):
    return score(read_gold(gold), [Analysis(TEXT, statements, 3)])


def test_reading(gold: Path):
    (article,) = read_gold(gold)
    assert (article.id, article.speaker, article.date, len(article.statements)) == ("a", "", "1994-05-17", 2)
    assert article.statements[0].targets[1] == GoldTarget("Chile", 30, 35, "neutrality", "CHL")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "line 1: is no JSON object"),
        ('{"id": "a"}', "line 1: is no coded article"),
        (json.dumps(RECORD).replace('"start": 14', '"start": 13'), "does not stand at 13"),
        ("", "has no articles"),
    ],
)
def test_what_is_no_gold(tmp_path: Path, line: str, message: str):
    (tmp_path / "gold.jsonl").write_text(line + "\n", encoding="utf-8")
    with pytest.raises(InputError, match=message):
        read_gold(tmp_path / "gold.jsonl")
    with pytest.raises(InputError, match="cannot be read"):
        read_gold(tmp_path / "nowhere.jsonl")


def test_all_right(gold: Path):
    found = scored(gold, FIRST, SECOND)
    assert {name: ratio.f1 for name, ratio in found.f1.items()} == dict.fromkeys(
        ["statement", "statement and stance", "actor", "target", "target and stance", "triple"], 1.0
    )
    assert found.errors == []
    assert all(hits == n for hits, n in found.given.values())


def test_nothing_found(gold: Path):
    found = scored(gold)
    assert found.f1["statement"] == Ratio(0, 2, 0)
    assert found.f1["triple"] == Ratio(0, 2, 0)
    assert [each["error"] for each in found.errors] == ["statement missed"] * 2


def test_each_part_of_a_triple_counts(gold: Path):
    wrong_actor = scored(gold, replace(FIRST, actor_entity=CHILE), SECOND)
    assert (wrong_actor.f1["actor"], wrong_actor.f1["triple"]) == (Ratio(1, 2, 2), Ratio(0, 2, 2))
    assert wrong_actor.f1["target and stance"] == Ratio(2, 2, 2)
    turned = replace(FIRST, targets=(target(14, 35, "concern"), FIRST.targets[1]))
    wrong_stance = scored(gold, turned, SECOND)
    assert (wrong_stance.f1["target"], wrong_stance.f1["triple"]) == (Ratio(2, 2, 2), Ratio(1, 2, 2))
    assert wrong_stance.given["stance, given the target"] == (1, 2)
    too_short = scored(gold, replace(FIRST, targets=(target(18, 24, "endorsement"),)), SECOND)
    assert too_short.f1["target"] == Ratio(0, 2, 1)
    assert {each["error"] for each in too_short.errors} == {"target missed", "target too many"}


def test_statements_beside_and_with_another_stance(gold: Path):
    other = Statement(37, 47, TEXT[37:47], "concern", 0.6)
    found = scored(gold, replace(FIRST, stance="concern"), other, SECOND)
    assert found.f1["statement"] == Ratio(2, 2, 3)
    assert found.f1["statement and stance"] == Ratio(1, 2, 3)
    assert sorted(each["error"] for each in found.errors) == ["no statement", "stance"]


def test_links_are_checked(gold: Path):
    unlinked = replace(FIRST, targets=(FIRST.targets[0], target(30, 35, "neutrality")))
    assert scored(gold, unlinked, SECOND).given["link, given the target"] == (1, 2)


def test_matching_is_one_to_one_and_takes_the_closest():
    def spans(*bounds: tuple[int, int]) -> list[GoldTarget]:
        return [GoldTarget("", *each, "") for each in bounds]

    pairs = matched(spans((0, 10), (20, 30)), spans((0, 6), (0, 9), (21, 40)))
    assert [(gold.start, gold.end, found.start, found.end) for gold, found in pairs] == [(0, 10, 0, 9)]
    assert matched(spans((0, 10)), spans((0, 5))) != []
    assert matched(spans((0, 10)), spans((0, 4))) == []


@pytest.mark.parametrize(
    ("actor", "code", "name", "entity", "expected"),
    [
        ("the Peruvian minister", "PER", "anything", PERU, True),
        ("the Peruvian minister", "PER", "the Peruvian minister", None, False),
        ("the United Nations", "United Nations", "UN", Entity("United Nations", "organisation"), True),
        ("a state without a code", "Lebane", "Lebane", Entity("Lebane"), True),
        (None, "", "", None, True),
        (None, "", "Peru", PERU, False),
        ("Dr. Ana Quenaya", "", "Ana Quenaya", None, True),
        ("Ana Quenaya, an economist", "", "Mr. Ostrem", None, False),
        ("Keo Samnang", "", "Keo Samnang", PERU, False),
        ("the Liberal Party", "", "Liberal Party", Entity("Liberal Party", "group", "PER"), True),
        ("the Liberal Party", "", "", None, False),
    ],
)
def test_the_same_actor(actor: str | None, code: str, name: str, entity: Entity | None, expected: bool):
    gold = GoldStatement(0, 1, "concern", None, actor, code)
    assert same_actor(gold, name, () if entity is None else (entity,)) is expected


@pytest.mark.parametrize(
    ("name", "entity", "expected"),
    [
        ("Peru", PERU, True),
        ("Delegation of Peru", None, True),
        ("Foreign Minister Ana Quenaya", CHILE, True),
        ("Chile", CHILE, False),
    ],
)
def test_an_actor_without_a_code_in_a_document(name: str, entity: Entity | None, expected: bool):
    gold = GoldStatement(
        *(0, 1, "concern", None, "Ana Quenaya", "", "official"), document=Actor("Delegation of Peru", "PER")
    )
    assert same_actor(gold, name, () if entity is None else (entity,)) is expected


@pytest.mark.parametrize(("joint", "expected"), [((CHILE, PERU), True), ((PERU,), False), ((), False)])
def test_several_actors_are_the_same_if_all_are(joint: tuple[Entity, ...], expected: bool):
    gold = GoldStatement(0, 1, "concern", None, "Peru and Chile", "PER;CHL")
    assert same_actor(gold, "both", joint) is expected


def test_ratios():
    assert Ratio(1, 2, 4).precision == 0.25
    assert Ratio(1, 2, 4).recall == 0.5
    assert Ratio(1, 2, 4).f1 == pytest.approx(1 / 3)
    assert (Ratio(0, 0, 0).f1, Ratio(0, 0, 3).f1) == (1.0, 0.0)
    assert Ratio(1, 2, 3) + Ratio(1, 1, 1) == Ratio(2, 3, 4)


def test_the_script(gold: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    def analyses(articles, model):
        (article,) = articles
        assert (article.id, article.speaker, str(article.date), model) == ("a", "", "1994-05-17", "some")
        yield Analysis(TEXT, (FIRST, replace(SECOND, stance="concern")), 3, model="toy 1")

    monkeypatch.setattr(evaluate_articles, "analyze_many", analyses)
    assert evaluate_articles.main([str(gold), "--model", "some", "--errors", "--by-genre"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("model toy 1; 1 articles of 13 words in ")
    assert "## news (1 articles)" in out
    assert "## stance (1)\n\na: gold neutrality | found concern 0.90\n    The ministry declined" in out
    assert evaluate_articles.main([str(gold), "--model", "some", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["articles"], found["f1"]["triple"]["f1"], found["f1"]["statement and stance"]["hits"]) == (1, 1.0, 1)
    assert found["given"]["stance, given the statement"] == {"share": 0.5, "n": 2}


def test_actors_alone(gold: Path, capsys: pytest.CaptureFixture[str]):
    assert evaluate_articles.main([str(gold), "--actors-only", "--errors"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("1 articles of 13 words without a model\n")
    assert "## actor too many (1)\n\na: gold - []  | found The ministry [PER]\n    The ministry declined" in out
    assert evaluate_articles.main([str(gold), "--actors-only", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["model"], found["f1"]["actor"]["hits"], found["f1"]["actor"]["gold"]) == (None, 1, 2)
    assert found["given"]["official actor linked, given that"] == {"share": 1.0, "n": 1}


# -- documents -------------------------------------------------------------------------------------------------------


def row(n: int, text: str, label: str = "concern", doc: str = "d", **fields: Any) -> FixtureRow:
    coding = {"coder": "c", "codebook": 2, "label": label, "confidence": 3}
    values = {
        **{"id": f"{doc}.{n}", "doc": doc, "n": n, "text": text, "label": label, "neutral_type": None, "actor": None},
        **{"actor_type": None, "targets": [], "genre": "news", "speaker": None, "country_focus": "Peru", "year": 1994},
        **{"topic": None, "phenomenon": None, "rule": None, "pair": None, "writer": "w", "codings": [coding]},
        "settled_by": "agreement",
    }
    return FixtureRow.model_validate({**values, **fields})


ROWS = [
    row(2, "It rained.", "neutrality", neutral_type="none", actor="Peru", actor_type="official"),
    row(
        *(1, "Chile deplored the delay."),
        **{"actor": "Chile", "actor_type": "official"},
        targets=[
            {"text": "the delay", "start": 15, "end": 24, "label": "concern"},
            {"text": "the talks", "start": None, "end": None, "label": "concern"},
        ],
    ),
    row(3, "The farmers of Chile objected.", actor="the farmers of Chile", actor_type="private"),
    row(4, "Ana Quispe objected.", actor="Ana Quispe", actor_type="official"),
    row(5, "Nobody listened."),
]


def documents(root: Path, rows: list[FixtureRow], *genres: str) -> list[GoldArticle]:
    (root / "documents").mkdir(parents=True)
    write_rows(root / "documents" / "some.jsonl", rows)
    return read_documents(split_of("d"), genres, Gazetteer.default(), root)


def test_documents_are_read_as_articles(tmp_path: Path):
    (article,) = documents(tmp_path, ROWS)
    assert article.text.startswith("Chile deplored the delay. It rained. The farmers")
    assert (article.title, article.speaker, article.genre, article.date) == ("Peru", "", "news", "1994-07-01")
    assert [article.text[each.start : each.end] for each in article.statements] == [ROWS[i].text for i in (1, 2, 3, 4)]
    assert [each.actor_code for each in article.statements] == ["CHL", "", "", ""]
    assert [each.document for each in article.statements] == [None, None, Actor("Peru", "PER"), None]
    assert article.statements[0].targets == (GoldTarget("the delay", 15, 24, "concern"),)


def test_documents_without_coded_actors_and_of_other_genres_are_left_out(tmp_path: Path):
    assert documents(tmp_path / "a", [row(1, "Nobody listened.")]) == []
    assert documents(tmp_path / "b", ROWS, "unsc") == []
    speech = row(1, "We object.", actor="Peru", actor_type="official", genre="unsc", speaker="Peru")
    (article,) = documents(tmp_path / "c", [speech], "unsc")
    assert (article.title, article.speaker) == ("", "Peru")


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Embassy of Chile in Lima", "CHL"),
        ("the Governments of Chile and of Peru", "CHL;PER"),
        ("Chile, Peru and the European Union", "CHL;PER;European Union"),
        ("the President of Chile", "CHL"),
        ("the minister", ""),
    ],
)
def test_codes_of_coded_names(name: str, code: str):
    assert code_of(name, Gazetteer.default()) == code


def test_no_documents_of_a_genre():
    with pytest.raises(InputError, match="no documents of debate in test"):
        evaluate_articles.main(["--documents", "test", "--genre", "debate", "--actors-only"])


# -- targets ---------------------------------------------------------------------------------------------------------


class Stub:
    """Concern for every sentence, and toward every target but the treaty."""

    name, version, sha256, classes = "stub", "1", "f" * 64, ("concern", "endorsement", "neutrality")

    def predict_proba(self, texts, targets=None):
        columns = [1 if targets is not None and targets[i] == "the treaty" else 0 for i in range(len(texts))]
        return np.eye(3)[columns]


REAL = [{"id": 1, "text": "They deplore the delay of the treaty.", "label": "concern"}, {"id": 2, "text": "It rains."}]
PAIRS = [
    {"id": 1, "target": "the delay", "label": "concern", "differs": False},
    {"id": 1, "target": "the treaty", "label": "endorsement", "differs": True},
]


def write_lines(path: Path, records: list[dict]) -> Path:
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


def test_pairs_of_sentence_and_target(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(evaluate_targets, "load_model", lambda name: Stub())
    real, pairs = write_lines(tmp_path / "r.jsonl", REAL), write_lines(tmp_path / "p.jsonl", PAIRS)
    arguments = ["--real", str(real), "--targets", str(pairs)]
    assert evaluate_targets.main([*arguments, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["target head"]["all"] == {
        **{"n": 2, "macro-F1": 1.0, "accuracy": 1.0},
        **{"F1 concern": 1.0, "F1 endorsement": 1.0, "F1 neutrality": 0.0},
    }
    for how in ("copying the true label", "copying the predicted label"):
        assert found[how]["all"]["accuracy"] == 0.5
        assert found[how]["differing"]["accuracy"] == 0.0
    assert evaluate_targets.main(arguments) == 0
    out = capsys.readouterr().out
    assert "all (2 pairs)" in out
    assert "differing (1 pairs)" in out


def test_without_the_sentences_own_labels_the_predicted_ones_are_copied(tmp_path: Path):
    real = write_lines(tmp_path / "r.jsonl", [{"id": 1, "text": REAL[0]["text"]}])
    pairs = evaluate_targets.read_pairs(real, write_lines(tmp_path / "p.jsonl", PAIRS))
    assert set(evaluate_targets.compare(Stub(), pairs)) == {"target head", "copying the predicted label"}


@pytest.mark.parametrize(
    ("real", "pairs", "message"),
    [
        (REAL, [{**PAIRS[0], "id": 3}], "line 1: no sentence 3"),
        (REAL, [{**PAIRS[0], "label": "joy"}], "line 1: 'joy' is no label"),
        (REAL, [{"id": 1, "label": "concern"}], "line 1: has no field 'target'"),
        (REAL, [], "has no pairs"),
        ([{"id": 1}], PAIRS, "line 1: has no field 'text'"),
    ],
)
def test_pairs_that_cannot_be_used(tmp_path: Path, real: list[dict], pairs: list[dict], message: str):
    with pytest.raises(InputError, match=message):
        evaluate_targets.read_pairs(write_lines(tmp_path / "r.jsonl", real), write_lines(tmp_path / "p.jsonl", pairs))


def test_files_of_pairs_that_are_none(tmp_path: Path):
    with pytest.raises(InputError, match="cannot be read"):
        evaluate_targets.read_pairs(tmp_path / "nowhere.jsonl", tmp_path / "p.jsonl")
    (tmp_path / "r.jsonl").write_text("{\n", encoding="utf-8")
    with pytest.raises(InputError, match="line 1: is no JSON object"):
        evaluate_targets.read_pairs(tmp_path / "r.jsonl", tmp_path / "p.jsonl")
