from __future__ import annotations

import time

import pytest

from stancekit.analysis.quotations import quotations


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('He said "no".', ['"no"']),
        ("“We listened,” she said, “and left.”", ["“We listened,”", "“and left.”"]),
        ("«Non», dit-il.", ["«Non»"]),
        ('"One. Two. Three," he said.', ['"One. Two. Three,"']),
        ('"One.\n\n"Two," he said.', ['"One.\n\n"Two,"']),
        ('"Never closed.\n\nHe left.', ['"Never closed.']),
        ('He said: "Never closed ', ['"Never closed']),
        ("'We shall go,' he said. The members' vote isn't the workers'.", ["'We shall go,'"]),
        ("‘It’s late,’ she said.", ["‘It’s late,’"]),
        ("\"He told us 'wait.' We did.\"", ["\"He told us 'wait.' We did.\""]),
        ("A stray ” mark.", []),
        ("", []),
    ],
)
def test_quotations(text: str, expected: list[str]):
    assert [text[start:end] for start, end in quotations(text)] == expected


@pytest.mark.parametrize("piece", ["'a", '"', "'a' ", "“", "'a b"])
def test_time_is_linear(piece: str):
    start = time.perf_counter()
    quotations(piece * 100_000)
    assert time.perf_counter() - start < 2
