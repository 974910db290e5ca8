from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from stancekit.analysis.article import Analysis, Entity, Evidence, Statement, TargetStance
from stancekit.report.article import article_html, matrix, paragraphs, timeline

from .conftest import TEXT
from .test_pages import Tags


def spoken(analysis: Analysis) -> list[str]:
    """The text of each paragraph, put together from its pieces."""
    return [
        "".join(piece.text or "".join(segment.text for segment in piece.segments) for piece in pieces)
        for pieces in paragraphs(analysis)
    ]


def test_paragraphs_are_the_text(analysis: Analysis):
    assert spoken(analysis) == TEXT.split("\n\n")


def test_segments_know_target_and_evidence(analysis: Analysis):
    piece = next(piece for piece in paragraphs(analysis)[1] if piece.number == 1)
    marked = [(s.text, s.target.text if s.target else "", s.ends_target, s.evidence) for s in piece.segments]
    assert ("congratulated", "", False, True) in marked
    assert ("the president", "the president", True, False) in marked
    assert [s.text for s in piece.segments if s.ends_target] == ["the president", "the sanctions"]


def test_evidence_within_a_target_ends_the_target_once():
    text = "We deplore the illegal siege."
    target = TargetStance("the illegal siege", 11, 28, None, "concern", 0.9)
    one = Statement(0, 29, text, "concern", 0.9, targets=(target,), evidence=(Evidence("illegal", 15, 22),))
    ((piece,),) = paragraphs(Analysis(text, (one,), 1))
    assert [(s.text, s.ends_target) for s in piece.segments if s.target] == [
        ("the ", False),
        ("illegal", False),
        (" siege", True),
    ]


@st.composite
def articles(draw: st.DrawFn) -> Analysis:
    """Any text, with statements, targets and evidence anywhere."""
    text = draw(st.text(alphabet="ab .\n\r\t<&é", max_size=60))
    spans = st.tuples(st.integers(0, len(text)), st.integers(0, len(text))).map(sorted)
    stances = st.sampled_from(["endorsement", "concern", "neutrality"])
    statements = []
    for start, end in draw(st.lists(spans, max_size=4).map(sorted)):
        targets = [
            TargetStance(text[a:b], a, b, None, draw(stances), 0.5) for a, b in draw(st.lists(spans, max_size=3))
        ]
        evidence = [Evidence(text[a:b], a, b) for a, b in draw(st.lists(spans, max_size=2))]
        statements.append(
            Statement(
                start, end, text[start:end], draw(stances), 0.5, "", targets=tuple(targets), evidence=tuple(evidence)
            )
        )
    return Analysis(text, tuple(statements), 1)


@given(articles())
def test_no_letter_is_lost_or_doubled_whatever_overlaps(analysis: Analysis):
    assert "".join("".join(spoken(analysis)).split()) == "".join(analysis.text.split())
    article_html([analysis])


def test_the_page_is_marked_without_colour_and_within_reach_of_the_keyboard(analysis: Analysis):
    tags = Tags(article_html([analysis]))
    marks = [attributes for tag, attributes in tags.found if tag == "mark"]
    ids = {attributes["id"] for _, attributes in tags.found if "id" in attributes}
    assert [mark["tabindex"] for mark in marks] == ["0", "0"]
    assert all(mark["aria-describedby"] in ids for mark in marks)
    page = article_html([analysis])
    assert page.count('<sup class="letter">C</sup></span><span class="gloss"') == 1
    assert page.count('<sub class="letter">') == 3
    for style in ("solid", "wavy", "dotted"):
        assert f"--underline: {style};" in page
    links = {str(attributes["href"])[1:] for tag, attributes in tags.found if tag == "a"}
    assert links <= ids


def test_who_stands_where_is_said(analysis: Analysis):
    text = " ".join(Tags(article_html([analysis])).text.split())
    assert "0.90; The prime minister (Lebane) → the president (Orlovia): endorsement; the sanctions: concern" in text
    assert "neutrality (withheld)" in text


def test_nothing_of_the_text_becomes_markup(analysis: Analysis):
    tags = Tags(article_html([analysis]))
    assert not [tag for tag, attributes in tags.found if tag in ("script", "img", "link") or "onerror" in attributes]
    assert "<the plan> & left" in tags.text or "<the plan>" in tags.text


def test_the_matrix_counts_linked_names(analysis: Analysis):
    unknown = replace(analysis.statements[1], actor="")
    found = matrix([analysis, replace(analysis, statements=(analysis.statements[0], unknown))])
    assert found.cells["Lebane", "Orlovia"] == Counter(endorsement=2)
    assert found.cells["Lebane", "the sanctions"] == Counter(concern=2)
    assert found.cells["The ministry", "<the plan>"] == Counter(neutrality=1)
    assert len(found.cells) == 3
    assert found.actors[0] == "Lebane"


def test_a_matrix_too_large_says_what_it_leaves_out():
    targets = tuple(TargetStance("a", 0, 1, Entity(f"target {i:02}"), "concern", 0.9) for i in range(20))
    one = Analysis("a", (Statement(0, 1, "a", "concern", 0.9, actor="Peru", targets=targets),), 1)
    assert matrix([one]).hidden == 5
    assert "5 rarer pairs are left out" in article_html([one])


def test_the_time_line_needs_two_dates_and_coarsens(analysis: Analysis):
    assert timeline([analysis, replace(analysis, date=None)]) == []
    two = [analysis, replace(analysis, date=date(2024, 5, 1))]
    assert [period for period, _ in timeline(two)] == ["2024-03-18", "2024-05-01"]
    many = [replace(analysis, date=date(2024, 1, 1) + timedelta(days=day)) for day in range(0, 300, 3)]
    assert [period for period, _ in timeline(many)][:2] == ["2024-01", "2024-02"]
    assert 'id="timeline"' in article_html(two)


def test_several_articles_are_told_apart(analysis: Analysis):
    page = article_html([analysis, replace(analysis, title="", id=""), replace(analysis, title="")])
    headings = Tags(page).text
    assert "3 articles" in headings
    assert "Article 2" in headings
    assert "a1" in headings


def test_no_statement_and_no_article():
    assert "0 statements in 1 sentence" in Tags(article_html([Analysis("Rain fell.", (), 1)])).text
    assert "No article" in Tags(article_html([])).text
