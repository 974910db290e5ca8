from __future__ import annotations

import sys

import pytest

from stancekit.analysis.sentences import sentences
from stancekit.errors import MissingExtraError


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize(
    "parts",
    [
        ["Gen. A. B. Moreau met Dr. Silva of the U.S. Embassy at No. 10.", "They spoke for 2.5 hours."],
        ["Amb. Ito thanked Ms. Okafor and Maj. Brandt.", "Lunch followed."],
        ['"We talked.', "It was useful.", 'We shall go on," she said.', "He left."],
        ["“We talked.”", "“It was useful,” she said."],
        ["Nothing was signed.", '"That takes time," he said.', '"We have time."'],
        ["They agreed on the following:", "- a weekly flight;", "- the exchange of ten students."],
        ["The members declare:", "1. That the border is closed.", "2. That it will be opened again."],
        ["(What of the fighting in the east?)", "France condemns it."],
        ["Is it so?", "It is."],
    ],
)
def test_sentences_of_one_paragraph(parts: list[str]):
    assert cut(" ".join(parts)) == parts


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("QUITO, May 3\n\nPeru agreed.", ["QUITO, May 3", "Peru agreed."]),
        ("The Suez Canal\nThe two sides met.", ["The Suez Canal", "The two sides met."]),
        ("  \n\n Peru agreed. \n", ["Peru agreed."]),
        ("It decided:\n* to wait\n* to ask again", ["It decided:", "* to wait", "* to ask again"]),
        ("Peru and Chile have agreed on a line of\nbuoys. They will meet.",
         ["Peru and Chile have agreed on a line of\nbuoys.", "They will meet."]),
        ("", []),
        (" \n ", []),
    ],
)  # fmt: skip
def test_lines_and_paragraphs(text: str, expected: list[str]):
    assert cut(text) == expected


def test_nothing_but_white_space_is_lost():
    text = 'RIGA, 4 May -- "We listened.\n\n"We answered," said Mr. P. Kalns ("at last").\n\n1. Item one; - b\n'
    assert "".join("".join(cut(text)).split()) == "".join(text.split())


def test_without_the_extra_it_says_what_to_type(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "sentencex", None)
    with pytest.raises(MissingExtraError, match=r"stancekit\[articles\]"):
        sentences("Peru agreed.")
