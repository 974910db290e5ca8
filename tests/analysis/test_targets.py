"""Whether a target is mentioned: as it stands, or by another of its names."""

from __future__ import annotations

import pytest

from stancekit.analysis.targets import mentioned


@pytest.mark.parametrize("target", ["Moscow", "the Kremlin", "Russia", "russia", "Russian", "the Russian government"])
@pytest.mark.parametrize("text", ["Moscow agreed.", "A Russian envoy came.", "THE KREMLIN WARNS", "Russia\u2019s port"])
def test_names_of_one_state_are_aliases(target: str, text: str):
    assert mentioned(target, text)
    assert not mentioned(target, "Ukraine and the Ukrainians agreed.")


@pytest.mark.parametrize(
    ("target", "text"),
    [
        ("the sanctions", "They deplored SANCTIONS."),
        ("An  \u201copen\u201d sea", 'The "Open" Sea; an "open" sea.'),
        ("NATO", "The North Atlantic Treaty Organization met."),
        ("the Soviet Union", "Moscow answered."),
        ("sanctions on Russian grain", "the sanctions\non Russian grain"),
        ("(the plan)", "See (the plan)."),
        ("Burma", "Yangon answered."),
        ("Ceylon", "Sri Lankan tea"),
    ],
)
def test_mentioned(target: str, text: str):
    assert mentioned(target, text)


@pytest.mark.parametrize(
    ("target", "text"),
    [
        ("the sanctions", "the sanction"),
        ("ran", "Iran"),
        ("Iran", "Iraq"),
        ("us", "American aid"),
        ("Russian aggression", "Russia waits."),
        ("Beijing", "The South China Sea is wide."),
        ("Amman", "Michael Jordan came."),
        ("the", "a port"),
        ("", "Anything."),
        ("  ", "Anything."),
        ("Peru", ""),
    ],
)
def test_not_mentioned(target: str, text: str):
    assert not mentioned(target, text)


def test_a_name_that_stands_in_the_text_is_mentioned_whatever_it_means_there():
    assert mentioned("Jordan", "Michael Jordan came.")
    assert mentioned("China", "The South China Sea is wide.")
