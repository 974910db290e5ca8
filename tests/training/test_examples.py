"""Fixtures as examples: labels, weights, context, pairs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from stancekit.labels import LABELS, NEUTRAL_TYPES
from stancetrain.examples import Example, statement_examples, target_examples, weighted_by_class
from stancetrain.fixtures import Fixture
from stancetrain.recipe import Recipe
from stancetrain.schema import FixtureRow

Make = Callable[..., Fixture]


@pytest.fixture
def fixture(record: Callable[..., dict[str, Any]]) -> Make:
    def make(kind: str = "documents", **changes: Any) -> Fixture:
        return Fixture(FixtureRow.model_validate(record(**changes)), kind, Path("made.jsonl"), 1)

    return make


def example(label: int, weight: float = 1.0, task: str = "statement") -> Example:
    return Example("x", "text", None, label, weight, task)


def test_a_statement(fixture: Make):
    (found,) = statement_examples([fixture(text="We \u201cwelcome\u201d\u00a0it.", targets=[])], Recipe())
    assert found == Example("d-001", 'We "welcome" it.', None, LABELS.index("endorsement"), 1.0, "statement", spans=())


def test_targets_are_found_in_the_normalised_text(fixture: Make):
    text = "The  ban\u2014the \u201cban\u201d on tea\u2014hurts the ban's friends."
    target = {"text": "\u201cban\u201d on tea", "start": 13, "end": 25, "label": "concern"}
    lost = {"text": "Peru", "start": None, "end": None, "label": "concern"}
    (found,) = statement_examples([fixture(text=text, targets=[target, lost])], Recipe())
    assert found.spans is not None
    assert [found.text[start:end] for start, end in found.spans] == ['"ban" on tea']
    (statement,) = statement_examples([fixture("statements", doc=None, n=None)], Recipe())
    assert statement.spans is None


def test_types_of_neutrality_are_places_in_their_list(fixture: Make):
    rows = [fixture(label="neutrality", neutral_type=kind) for kind in (*NEUTRAL_TYPES, None)]
    assert [e.neutral_type for e in statement_examples(rows, Recipe())] == [0, 1, 2, 3, None]


def test_labels_are_places_in_the_list_of_labels(fixture: Make):
    rows = [fixture(id=label, label=label) for label in ("neutrality", "concern", "endorsement")]
    assert [LABELS[e.label] for e in statement_examples(rows, Recipe())] == ["neutrality", "concern", "endorsement"]


def test_weights(fixture: Make):
    recipe = Recipe(statement_weight=0.25, confidence_weights=(0.5, 1.0, 2.0))
    rows = [fixture(), fixture("statements", doc=None, n=None)]
    assert [e.weight for e in statement_examples(rows, recipe)] == [2.0, 0.5]


def document(fixture: Make, doc: str, count: int) -> list[Fixture]:
    return [
        fixture(id=f"{doc}-{n}", doc=doc, n=n, text=f"{doc} sentence {n}.", targets=[]) for n in range(1, count + 1)
    ]


def test_context_is_the_sentences_before(fixture: Make):
    rows = [*document(fixture, "a", 4), *document(fixture, "b", 2), fixture("statements", doc=None, n=None)]
    found = statement_examples(rows, Recipe(context=2), context=rows)
    assert [e.second for e in found] == [
        None,
        "a sentence 1.",
        "a sentence 1. a sentence 2.",
        "a sentence 2. a sentence 3.",
        None,
        "b sentence 1.",
        None,
    ]
    assert all(e.second is None for e in statement_examples(rows, Recipe(), context=rows))


def test_context_may_be_unsettled_or_missing(fixture: Make):
    rows = document(fixture, "a", 4)
    unsettled = fixture(id="a-2", doc="a", n=2, text="Unsettled \u2014 it.", targets=[], label=None, settled_by=None)
    whole = [rows[0], unsettled, *rows[2:]]
    (found,) = statement_examples([rows[2]], Recipe(context=1), context=whole)
    assert found.second == "Unsettled - it."
    (found,) = statement_examples([rows[3]], Recipe(context=3), context=[rows[0], rows[3]])
    assert found.second == "a sentence 1."


def test_pairs(fixture: Make):
    targets = [
        {"text": "the accord", "start": 11, "end": 21, "label": "endorsement"},
        {"text": "its \u201ccritics\u201d", "start": None, "end": None, "label": "concern"},
    ]
    found = target_examples([fixture(targets=targets), fixture(targets=[])], Recipe(target_weight=0.5))
    assert [(e.id, e.second, LABELS[e.label], e.weight, e.task) for e in found] == [
        ("d-001/0", "the accord", "endorsement", 0.5, "target"),
        ("d-001/1", 'its "critics"', "concern", 0.5, "target"),
    ]
    assert {e.text for e in found} == {"We welcome the accord."}


def test_classes_are_weighted_within_each_task():
    examples = [*[example(0)] * 6, *[example(1)] * 3, *[example(2)], example(1, 2.0, "target")]
    found = weighted_by_class(examples, 1.0)
    assert [e.weight for e in found[:10]] == pytest.approx([10 / 18] * 6 + [10 / 9] * 3 + [10 / 3])
    assert sum(e.weight for e in found[:10]) == pytest.approx(10)
    assert found[10].weight == pytest.approx(2.0 / 3)
    root = [e.weight for e in weighted_by_class(examples, 0.5)]
    assert root[:10] == pytest.approx(np.sqrt([e.weight for e in found[:10]]))


def test_no_power_no_weights():
    examples = [example(0), example(0), example(1, 0.5)]
    assert weighted_by_class(examples, 0) == examples
    assert weighted_by_class([], 0.5) == []
