"""A file of predictions, read once and counted: what a report on a corpus shows."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial

from stancekit.batch.columns import DEFAULT_PREFIX, DEFAULT_TEXT_COLUMN, fixed_names
from stancekit.batch.output import AnyPath
from stancekit.batch.rows import column_names, open_rows
from stancekit.batch.source import Source
from stancekit.errors import InputError
from stancekit.labels import ABSTAIN, Reason
from stancekit.report.intervals import Estimate, wilson
from stancekit.report.periods import PERIODS, period_of

_TELLING = 3
"""How many statements are kept of each cell and label."""


@dataclass(frozen=True)
class Quote:
    """A statement to show; ``row`` counts from 1, ``confidence`` is None where the file has none."""

    row: int
    text: str
    confidence: float | None


@dataclass
class Cell:
    """The rows of one group, period, pair of actor and target, or of the whole.

    Attributes
    ----------
    labels : Counter of str
        Rows answered, by label.
    abstained : Counter of str
        Rows not answered, by reason.
    quotes : dict of str to list of Quote
        The most confident statements of each label, the surest first.
    """

    labels: Counter[str] = field(default_factory=Counter)
    abstained: Counter[str] = field(default_factory=Counter)
    quotes: dict[str, list[Quote]] = field(default_factory=dict)

    @property
    def answered(self) -> int:
        """Rows with a label."""
        return self.labels.total()

    @property
    def n(self) -> int:
        """Rows."""
        return self.answered + self.abstained.total()

    def share(self, label: str) -> Estimate:
        """The label's share of the rows answered, with Wilson's interval."""
        return wilson(self.labels[label], self.answered)

    def net(self, positive: str, negative: str) -> float:
        """How far one label outweighs another: the difference of their shares of the rows answered."""
        return (self.labels[positive] - self.labels[negative]) / self.answered if self.answered else 0.0

    def add(self, label: str, reason: str, quote: Quote) -> None:
        """Count one row."""
        if label == ABSTAIN:
            self.abstained[reason] += 1
            return
        self.labels[label] += 1
        kept = self.quotes.setdefault(label, [])
        if len(kept) == _TELLING and (quote.confidence or 0.0) <= (kept[-1].confidence or 0.0):
            return
        if all(quote.text != other.text for other in kept):
            kept.append(quote)
            kept.sort(key=lambda each: (-(each.confidence or 0.0), each.row))
            del kept[_TELLING:]


@dataclass
class Corpus:
    """The counts of one file.

    Attributes
    ----------
    whole : Cell
    groups, periods : dict of str to Cell
        Empty where no column was named.
    groups_in_time : dict of (str, str) to Cell
        By group and period.
    pairs : dict of (str, str) to Cell
        By actor and target, where the file has both; of a target that has a stance of its own, that stance.
    undated : int
        Rows whose date is empty.
    truncated : int
        Rows that were labelled from their beginning only.
    """

    whole: Cell = field(default_factory=Cell)
    groups: defaultdict[str, Cell] = field(default_factory=partial(defaultdict, Cell))
    periods: defaultdict[str, Cell] = field(default_factory=partial(defaultdict, Cell))
    groups_in_time: defaultdict[tuple[str, str], Cell] = field(default_factory=partial(defaultdict, Cell))
    pairs: defaultdict[tuple[str, str], Cell] = field(default_factory=partial(defaultdict, Cell))
    undated: int = 0
    truncated: int = 0


@dataclass(frozen=True)
class CorpusColumns:
    """Which column of a file holds what; None for what it has not.

    Attributes
    ----------
    text, label : str
    confidence, reason : str or None
    by, time : str or None
        As the user named them.
    actor, target : str or None
    target_label : str or None
        The stance toward the target, where it differs from the statement's.
    statement : tuple of str
        Columns that tell one statement from the next where it has a row for each of its targets.
    """

    text: str
    label: str
    confidence: str | None = None
    reason: str | None = None
    by: str | None = None
    time: str | None = None
    actor: str | None = None
    target: str | None = None
    target_label: str | None = None
    statement: tuple[str, ...] = ()

    @property
    def wanted(self) -> list[str]:
        """The columns to read, each once; the text first."""
        named = (self.label, self.confidence, self.reason, self.by, self.time, self.actor, self.target)
        every = [self.text, *named, self.target_label, *self.statement]
        return list(dict.fromkeys(name for name in every if name is not None))


def find_columns(
    path: AnyPath,
    *,
    text_column: str = DEFAULT_TEXT_COLUMN,
    prefix: str = DEFAULT_PREFIX,
    by: str | None = None,
    time: str | None = None,
) -> CorpusColumns:
    """Which columns a file of ``stancekit predict`` or ``stancekit analyze`` has.

    Raises
    ------
    InputError
        If the file is missing or malformed, or lacks a column that is needed.
    """
    label, confidence, reason = fixed_names(prefix)
    names = column_names(path)

    def first(*wanted: str) -> str | None:
        return next((name for name in wanted if name in names), None)

    analysed = first("target_stance") is not None
    actor, target = first("actor_name", "actor"), first("target_name", "target")
    both = actor is not None and target is not None
    found = CorpusColumns(
        text=text_column,
        label=label,
        confidence=first(confidence, "probability"),
        reason=first(reason),
        by=by,
        time=time,
        actor=actor if both else None,
        target=target if both else None,
        target_label="target_stance" if both and analysed else None,
        statement=("id", "start") if analysed else (),
    )
    with open_rows(path, found.wanted):
        return found


def read_corpus(path: AnyPath, columns: CorpusColumns, *, period: str = "year") -> Corpus:
    """Read a file and count, in memory that grows with the groups, periods and pairs but not with the rows.

    Raises
    ------
    InputError
        If a row has no label, a confidence that is none, or a date that is none; names row and column.
    """
    if period not in PERIODS:
        raise InputError(f"no such period: {period!r}; take {', '.join(PERIODS)}")
    corpus = Corpus()
    last: tuple[str, ...] | None = None
    wanted = columns.wanted
    with open_rows(path, wanted) as (source, rows):
        for number, row in rows:
            read = _Row(source, number, dict(zip(wanted, row, strict=True)), columns)
            statement = read.statement
            if statement is None or statement != last:
                _count(corpus, read, columns, period)
            last = statement
            if read.pair is not None:
                corpus.pairs[read.pair].add(read.target_label, read.reason, read.quote)
        if not corpus.whole.n:
            raise source.error("has no rows to report")
    return corpus


@dataclass(frozen=True)
class _Row:
    """One row, its values checked as they are asked for."""

    source: Source
    row: int
    values: Mapping[str, str]
    columns: CorpusColumns

    @property
    def label(self) -> str:
        return self._filled(self.columns.label)

    @property
    def target_label(self) -> str:
        return self._filled(self.columns.target_label or self.columns.label)

    @property
    def reason(self) -> str:
        return self.values[self.columns.reason] if self.columns.reason else ""

    @property
    def quote(self) -> Quote:
        return Quote(self.row, self.values[self.columns.text], self._confidence())

    @property
    def statement(self) -> tuple[str, ...] | None:
        return tuple(self.values[name] for name in self.columns.statement) or None

    @property
    def pair(self) -> tuple[str, str] | None:
        if self.columns.actor is None or self.columns.target is None:
            return None
        actor, target = self.values[self.columns.actor], self.values[self.columns.target]
        return (actor, target) if actor and target else None

    def period(self, period: str) -> str | None:
        name = self.columns.time
        if name is None or not self.values[name].strip():
            return None
        try:
            return period_of(self.values[name], period)
        except ValueError as error:
            raise self.source.error(f"column {name!r}: {error}", row=self.row) from error

    def _filled(self, name: str) -> str:
        if not self.values[name]:
            raise self.source.error(f"column {name!r} is empty; expected a label, or {ABSTAIN!r}", row=self.row)
        return self.values[name]

    def _confidence(self) -> float | None:
        name = self.columns.confidence
        if name is None:
            return None
        try:
            confidence = float(self.values[name])
        except ValueError:
            confidence = -1.0
        if not 0 <= confidence <= 1:
            problem = f"column {name!r}: {self.values[name]!r} is no confidence between 0 and 1"
            raise self.source.error(problem, row=self.row)
        return confidence


def _count(corpus: Corpus, row: _Row, columns: CorpusColumns, period: str) -> None:
    when = row.period(period)
    cells = [corpus.whole]
    if columns.by is not None:
        group = row.values[columns.by]
        cells.append(corpus.groups[group])
        if when is not None:
            cells.append(corpus.groups_in_time[group, when])
    if when is not None:
        cells.append(corpus.periods[when])
    elif columns.time is not None:
        corpus.undated += 1
    label, reason, quote = row.label, row.reason, row.quote
    corpus.truncated += reason == Reason.TRUNCATED.value
    for cell in cells:
        cell.add(label, reason, quote)


def signed(net: float) -> str:
    """A net stance as it is printed."""
    return f"{net:+.2f}".replace("-", "\N{MINUS SIGN}") if round(net, 2) else "0"
