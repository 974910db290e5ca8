"""The page of ``stancekit analyze --html``: articles with their statements marked, and who stands where."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from stancekit.labels import Stance
from stancekit.report.pages import render
from stancekit.report.periods import PERIODS

if TYPE_CHECKING:
    from stancekit.analysis.article import Analysis, Entity, Statement, TargetStance

_SIDE, _DATES = 15, 40
"""How many actors and targets the matrix shows, the commonest of each, and how many dates the time line."""

_PARAGRAPH = re.compile(r"\S(?:.*?\S)?(?=\s*\n\s*\n|\s*\Z)", re.DOTALL)

Counts = Counter[str]


@dataclass(frozen=True)
class Segment:
    """A stretch of a statement's text.

    Attributes
    ----------
    text : str
    target : TargetStance or None
        The target that it names, or is part of.
    ends_target : bool
        Whether the target's name ends here.
    evidence : bool
        Whether it carries the stance.
    """

    text: str
    target: TargetStance | None
    ends_target: bool
    evidence: bool


@dataclass(frozen=True)
class Piece:
    """A stretch of a paragraph: plain text, or a statement or what of it lies in the paragraph.

    Attributes
    ----------
    text : str
        Of a plain stretch; else empty.
    number : int
        The statement's number in its article, from 1; 0 for plain text.
    statement : Statement or None
    segments : tuple of Segment
    ends : bool
        Whether the statement ends here.
    """

    text: str
    number: int = 0
    statement: Statement | None = None
    segments: tuple[Segment, ...] = ()
    ends: bool = False


@dataclass
class Matrix:
    """How often each actor takes each stance toward each target.

    Attributes
    ----------
    actors, targets : list of str
        The commonest first.
    cells : dict of (str, str) to Counter of str
    hidden : int
        Pairs that are left out.
    """

    actors: list[str] = field(default_factory=list)
    targets: list[str] = field(default_factory=list)
    cells: dict[tuple[str, str], Counts] = field(default_factory=dict)
    hidden: int = 0


def article_html(analyses: Sequence[Analysis]) -> str:
    """A page with one or several analysed articles; complete in itself, without scripts.

    Parameters
    ----------
    analyses : sequence of Analysis

    Raises
    ------
    MissingExtraError
        If Jinja2 is not installed.

    Examples
    --------
    >>> from stancekit.analysis.article import Analysis, Statement
    >>> statement = Statement(0, 26, "Oslo welcomed the <treaty>", "endorsement", 0.93, actor="Oslo")
    >>> page = article_html([Analysis("Oslo welcomed the <treaty>.", (statement,), n_sentences=1)])
    >>> "&lt;treaty&gt;" in page
    True
    """
    over_time = timeline(analyses)
    return render(
        "article.html",
        [stance.value for stance in Stance],
        analyses=[(number, _title(each, number), each) for number, each in enumerate(analyses, start=1)],
        paragraphs=paragraphs,
        named=named,
        matrix=matrix(analyses),
        timeline=over_time,
        busiest=max((counts.total() for _, counts in over_time), default=0),
    )


def paragraphs(analysis: Analysis) -> list[list[Piece]]:
    """The article's text in paragraphs, each in pieces; together they are the text less the blank lines."""
    return [_pieces(analysis, found.start(), found.end()) for found in _PARAGRAPH.finditer(analysis.text)]


def named(entity: Entity | None, text: str) -> str:
    """The stable name where there is one, else what the text says."""
    return entity.name if entity is not None else text


def matrix(analyses: Sequence[Analysis]) -> Matrix:
    """Count stances by actor and target, statements without an actor left out."""
    cells: dict[tuple[str, str], Counts] = {}
    actors: Counts = Counter()
    targets: Counts = Counter()
    for statement in (each for analysis in analyses for each in analysis.statements):
        actor = named(statement.actor_entity, statement.actor)
        for target in statement.targets if actor else ():
            name = named(target.entity, target.text)
            cells.setdefault((actor, name), Counter())[target.stance] += 1
            actors[actor] += 1
            targets[name] += 1
    shown = Matrix(_commonest(actors), _commonest(targets))
    shown.cells = {pair: cell for pair, cell in cells.items() if pair[0] in shown.actors and pair[1] in shown.targets}
    shown.hidden = len(cells) - len(shown.cells)
    return shown


def timeline(analyses: Sequence[Analysis]) -> list[tuple[str, Counts]]:
    """Statements by stance over time, by day, or by month or year where there are too many days; oldest first."""
    dated = [analysis for analysis in analyses if analysis.date is not None]
    for length in sorted(PERIODS.values(), reverse=True):
        counts: dict[str, Counts] = {}
        for analysis in dated:
            period = str(analysis.date)[:length]
            counts.setdefault(period, Counter()).update(each.stance for each in analysis.statements)
        if len(counts) <= _DATES:
            break
    return sorted(counts.items()) if len(counts) > 1 else []


def _title(analysis: Analysis, number: int) -> str:
    return analysis.title or analysis.id or f"Article {number}"


def _commonest(counts: Counts) -> list[str]:
    return sorted(counts, key=lambda name: (-counts[name], name))[:_SIDE]


def _pieces(analysis: Analysis, start: int, end: int) -> list[Piece]:
    pieces, at = [], start
    for number, statement in enumerate(analysis.statements, start=1):
        first, last = max(statement.start, at), min(statement.end, end)
        if first >= last:
            continue
        if at < first:
            pieces.append(Piece(analysis.text[at:first]))
        segments = tuple(_segments(analysis.text, statement, first, last))
        pieces.append(Piece("", number, statement, segments, ends=last == statement.end))
        at = last
    return [*pieces, Piece(analysis.text[at:end])] if at < end else pieces


def _segments(text: str, statement: Statement, start: int, end: int) -> Iterator[Segment]:
    """Cut where a target or a piece of evidence begins or ends."""
    edges = {edge for target in statement.targets for edge in (target.start, target.end)}
    edges |= {edge for word in statement.evidence for edge in (word.start, word.end)}
    cuts = {edge for edge in edges if start < edge < end}
    for first, last in pairwise([start, *sorted(cuts), end]):
        target = next((each for each in statement.targets if each.start <= first and last <= each.end), None)
        evidence = any(each.start <= first and last <= each.end for each in statement.evidence)
        yield Segment(text[first:last], target, target is not None and target.end == last, evidence)
