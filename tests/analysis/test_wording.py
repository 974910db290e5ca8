from __future__ import annotations

import pytest

from stancekit.analysis.wording import carrying, is_courtesy


@pytest.mark.parametrize(
    ("sentence", "stance", "words"),
    [
        ("While we welcome the talks, we deplore the shelling.", "concern", ["deplore"]),
        ("While we deplore the shelling, we welcome the talks.", "endorsement", ["welcome"]),
        ("The ministry declined to comment on the letters.", "neutrality", ["declined to comment"]),
        ("The talks resume in May.", "neutrality", []),
    ],
)
def test_words_that_carry_a_stance(sentence: str, stance: str, words: list[str]):
    found = carrying(sentence, stance)
    assert [cue.text for cue in found] == words
    assert all(sentence[cue.start : cue.end] == cue.text for cue in found)


def test_a_negated_word_carries_the_opposite():
    assert [cue.text for cue in carrying("They do not support the plan.", "concern")] == ["support"]
    assert carrying("They do not support the plan.", "endorsement") == []


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("He congratulated her on her election.", True),
        ("We wish to thank the Rapporteur for his patience.", True),
        ("We are grateful to the mediator.", True),
        ("We thank the Rapporteur and fully support the text.", False),
        ("Thanks to the mission the port is open.", False),
        ("She did not congratulate him.", False),
        ("He backed the plan.", False),
    ],
)
def test_courtesy(sentence: str, expected: bool):
    assert is_courtesy(sentence) is expected
