from __future__ import annotations

import pytest

from stancekit.labels import ABSTAIN, LABELS
from stancekit.report import palette
from stancekit.report.palette import Look, in_order, looks

CUSTOM = looks([f"label {i}" for i in range(6)])
EVERY = [*palette.LOOKS.values(), *CUSTOM.values()]


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_every_stance_has_a_look():
    assert set(palette.LOOKS) == {*LABELS, ABSTAIN}


@pytest.mark.parametrize("look", EVERY)
def test_marks_are_seen_on_paper_and_text_is_read_on_tints(look: Look):
    assert contrast(look.colour, palette.PAPER) >= 3
    assert contrast(palette.INK, look.tint) >= 7


def test_text_is_read_on_paper():
    for colour in (palette.INK, palette.MUTED, palette.ACCENT):
        assert contrast(colour, palette.PAPER) >= 4.5


@pytest.mark.parametrize("part", ["colour", "letter", "hatch", "marker", "line", "underline"])
def test_stances_differ_in_everything_not_in_colour_alone(part: str):
    stances = [palette.LOOKS[label] for label in LABELS]
    assert len({getattr(look, part) for look in stances}) == len(stances)


def test_labels_of_ones_own_differ_without_colour_too():
    assert len({look.marker for look in CUSTOM.values()}) == 6
    assert len({look.hatch for look in CUSTOM.values()}) == 6


def test_more_labels_than_looks_begin_again():
    assert looks([str(i) for i in range(20)])["6"].colour == looks(["6"])["6"].colour


def test_the_order_is_the_codebooks_then_the_files():
    assert in_order(["zeal", *LABELS, "apathy"]) == ["endorsement", "concern", "neutrality", "zeal", "apathy"]
