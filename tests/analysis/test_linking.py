from __future__ import annotations

import pytest

from stancekit.analysis.gazetteer import Gazetteer
from stancekit.analysis.linking import linked


def codes(text: str, *targets: str) -> list[str]:
    spans = [(text.rindex(target), text.rindex(target) + len(target)) for target in targets]
    entities = linked(text, spans, [(0, len(text))], Gazetteer.default().mentions(text))
    return [entity.iso3 or entity.name if entity is not None else "" for entity in entities]


@pytest.mark.parametrize(
    ("target", "code"),
    [
        ("Peru", "PER"),
        ("the Peruvian government", "PER"),
        ("the Peruvian foreign minister", "PER"),
        ("the President of Peru", "PER"),
        ("Lima", "PER"),
        ("the European Commission", "European Commission"),
        ("sanctions on Peru", ""),
        ("Peruvian grain", ""),
        ("Peru's policy", ""),
        ("Peru and Chile", ""),
        ("the sanctions", ""),
    ],
)
def test_whose_name_a_target_is(target: str, code: str):
    assert codes(f"He spoke of {target}.", target) == [code]


def test_a_person_is_known_from_where_the_article_introduces_him():
    text = "He wrote to Peruvian President Tomás Quenaya. The message thanked Mr. Quenaya and Mr. Ostrem."
    assert codes(text, "Mr. Quenaya", "Mr. Ostrem") == ["PER", ""]


def test_nothing_to_link():
    assert linked("", [], [], []) == []
