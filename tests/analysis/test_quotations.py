from __future__ import annotations

import pytest

from stancekit.analysis.quotations import quotations

from .conftest import calls


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
def test_work_is_linear(piece: str):
    assert calls(lambda: quotations(piece * 40_000)) < 6 * calls(lambda: quotations(piece * 10_000))
