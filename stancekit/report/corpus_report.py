"""The report of ``stancekit report``: what a file of predictions holds, on one page."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePath
from typing import TypeVar

from stancekit.batch.columns import DEFAULT_PREFIX, DEFAULT_TEXT_COLUMN
from stancekit.batch.output import AnyPath, check_output, whole_file
from stancekit.errors import InputError
from stancekit.labels import Reason, Stance
from stancekit.report import corpus_figures as figures
from stancekit.report.corpus import Cell, Corpus, CorpusColumns, find_columns, read_corpus, signed
from stancekit.report.figures import Picture
from stancekit.report.folder import check_folder, write_folder
from stancekit.report.pages import render
from stancekit.report.palette import in_order
from stancekit.report.periods import span

_GROUPS, _PANELS, _QUOTED, _SIDE, _PAIRS = 30, 9, 12, 12, 12
"""How many are shown, the largest of each: groups, their panels, groups quoted from, actors and targets, pairs."""

_LONGEST_TIME = 1000
"""Periods; more are a mistake in a date, or the wrong period."""

_WHY = {
    Reason.EMPTY: "there is nothing to read",
    Reason.LOW_CONFIDENCE: "the model was less sure than was asked for",
    Reason.OUT_OF_DOMAIN: "the text is unlike those that the model was made for",
    Reason.TARGET_NOT_MENTIONED: "the text does not mention the target",
}

Pair = tuple[str, str]
_Name = TypeVar("_Name", str, Pair)


@dataclass(frozen=True)
class CorpusReport:
    """Everything that the page shows.

    Attributes
    ----------
    title : str
    columns : CorpusColumns
    corpus : Corpus
    """

    title: str
    columns: CorpusColumns
    corpus: Corpus

    @cached_property
    def labels(self) -> list[str]:
        """The codebook's labels, or all that occur in the file if one of them is not the codebook's."""
        cells = [self.corpus.whole, *self.corpus.pairs.values()]
        found = {label for cell in cells for label in cell.labels}
        codebook = [stance.value for stance in Stance]
        return codebook if found <= set(codebook) else in_order(sorted(found))

    @cached_property
    def groups(self) -> dict[str, Cell]:
        """The largest groups, the largest first."""
        return _largest(self.corpus.groups, _GROUPS)

    @cached_property
    def periods(self) -> list[str]:
        """Every period from the first to the last, those without rows among them."""
        return span(min(self.corpus.periods), max(self.corpus.periods)) if self.corpus.periods else []

    @cached_property
    def actors(self) -> list[str]:
        """The actors with most rows."""
        return _names(self.corpus.pairs, 0)

    @cached_property
    def targets(self) -> list[str]:
        """The targets toward which these actors have most rows."""
        actors = set(self.actors)
        return _names({pair: cell for pair, cell in self.corpus.pairs.items() if pair[0] in actors}, 1)

    @cached_property
    def pairs(self) -> dict[Pair, Cell]:
        """The pairs of actor and target with most rows."""
        return _largest(self.corpus.pairs, _PAIRS)

    @property
    def telling(self) -> list[tuple[str, Cell]]:
        """The cells whose statements are shown, with their headings."""
        groups = [
            (f"{self.columns.by}: {name or '(empty)'}", self.groups[name]) for name in list(self.groups)[:_QUOTED]
        ]
        pairs = [(f"{actor} → {target}", cell) for (actor, target), cell in self.pairs.items()]
        return [("All", self.corpus.whole), *groups, *pairs]

    @property
    def abstained(self) -> list[tuple[str, int, str]]:
        """Reason, rows and explanation, the commonest first."""
        counts = self.corpus.whole.abstained.most_common()
        why = {str(reason): text for reason, text in _WHY.items()}
        return [(reason or "not given", n, why.get(reason, "")) for reason, n in counts]

    def pictures(self) -> dict[str, Picture]:
        """The figures by name.

        Raises
        ------
        MissingExtraError
            If matplotlib is not installed.
        """
        labels, periods, groups = self.labels, self.periods, self.groups
        drawn = []
        if len(periods) > 1:
            drawn.append(figures.time_picture(labels, periods, self.corpus.periods))
        if groups:
            drawn.append(figures.groups_picture(labels, groups))
        if len(periods) > 1 and len(groups) > 1:
            shown = list(groups)[:_PANELS]
            drawn.append(figures.groups_in_time_picture(labels, shown, periods, self.corpus.groups_in_time))
        if self.corpus.pairs and _has_net(labels):
            drawn.append(figures.pairs_picture(self.actors, self.targets, self.corpus.pairs))
        return {each.name: each for each in drawn}

    def html(self, pictures: Mapping[str, Picture]) -> str:
        """The page, complete in itself.

        Raises
        ------
        MissingExtraError
            If Jinja2 is not installed.
        """
        return render(
            "corpus.html",
            self.labels,
            report=self,
            pictures=pictures,
            positive=Stance.ENDORSEMENT.value,
            negative=Stance.CONCERN.value,
            signed=signed,
            has_net=_has_net(self.labels),
        )


def corpus_report(
    input: AnyPath,
    *,
    by: str | None = None,
    time: str | None = None,
    period: str = "year",
    text_column: str = DEFAULT_TEXT_COLUMN,
    prefix: str = DEFAULT_PREFIX,
    title: str | None = None,
) -> CorpusReport:
    """Read and count a file of predictions.

    Parameters
    ----------
    input : path
        A file that ``stancekit predict`` or ``stancekit analyze`` wrote.
    by : str, optional
        A column whose values are shown apart.
    time : str, optional
        A column of dates (``2023-07-26``, ``2023-07`` or ``2023``).
    period : str, default="year"
        ``year``, ``month`` or ``day``: what dates are cut to.
    text_column : str, default="text"
    prefix : str, default="stance"
        How the names of the stance columns begin.
    title : str, optional
        The page's; the name of the file if left out.

    Raises
    ------
    InputError
        If the file is missing or malformed, lacks a column, or has a value that cannot be read.
    """
    columns = find_columns(input, text_column=text_column, prefix=prefix, by=by, time=time)
    corpus = read_corpus(input, columns, period=period)
    name = PurePath(input).name
    report = CorpusReport(title or f"Stances in {name}", columns, corpus)
    if len(report.periods) > _LONGEST_TIME:
        ends = f"from {report.periods[0]} to {report.periods[-1]}"
        raise InputError(
            f"{os.fspath(input)}: column {time!r} runs {ends}; correct the date, or take a longer period (--period)"
        )
    return report


def report_file(
    input: AnyPath,
    output: AnyPath,
    *,
    by: str | None = None,
    time: str | None = None,
    period: str = "year",
    text_column: str = DEFAULT_TEXT_COLUMN,
    prefix: str = DEFAULT_PREFIX,
    title: str | None = None,
    figures: AnyPath | None = None,
    overwrite: bool = False,
) -> None:
    """Write a report on a file of predictions, as one HTML page.

    Parameters
    ----------
    input : path
        A file that ``stancekit predict`` or ``stancekit analyze`` wrote.
    output : path
        The page.
    by, time, period, text_column, prefix, title
        As in :func:`stancekit.report.corpus_report.corpus_report`.
    figures : path, optional
        A folder for the figures as SVG and PNG.
    overwrite : bool, default=False
        Replace files that exist.

    Raises
    ------
    InputError
        If the input is missing or malformed, lacks a column, or has a value that cannot be read.
    MissingExtraError
        If matplotlib or Jinja2 is not installed.
    OutputError
        If an output exists, is the input, or cannot be written.
    """
    check_output(output, [input], overwrite=overwrite)
    if figures is not None:
        check_folder(figures, overwrite=overwrite)
    report = corpus_report(input, by=by, time=time, period=period, text_column=text_column, prefix=prefix, title=title)
    pictures = report.pictures()
    page = report.html(pictures)
    if figures is not None:
        write_folder(figures, {name: data for each in pictures.values() for name, data in each.files.items()})
    with whole_file(output) as stream:
        stream.write(page.encode("utf-8"))


def _largest(cells: Mapping[_Name, Cell], limit: int) -> dict[_Name, Cell]:
    ordered = sorted(cells.items(), key=lambda item: (-item[1].n, item[0]))
    return dict(ordered[:limit])


def _names(pairs: Mapping[Pair, Cell], side: int) -> list[str]:
    """The actors (side 0) or targets (side 1) of the pairs, those with most rows first."""
    sizes: Counter[str] = Counter()
    for pair, cell in pairs.items():
        sizes[pair[side]] += cell.n
    return sorted(sizes, key=lambda name: (-sizes[name], name))[:_SIDE]


def _has_net(labels: list[str]) -> bool:
    return {Stance.ENDORSEMENT.value, Stance.CONCERN.value} <= set(labels)
