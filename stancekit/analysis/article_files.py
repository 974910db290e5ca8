"""Articles from files: one text, a folder of texts, or a table; and what an analysis of them writes."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import date as Date
from pathlib import Path, PurePath
from typing import Any, BinaryIO

from stancekit.analysis.analyze import Article, analyze_many, as_date
from stancekit.analysis.article import Analysis, to_csv
from stancekit.analysis.dyads import ALL, DyadCounts, DyadTable
from stancekit.analysis.gazetteer import Gazetteer
from stancekit.batch.columns import DEFAULT_TEXT_COLUMN
from stancekit.batch.compression import compression_of
from stancekit.batch.formats import FORMAT_NAMES, FORMATS
from stancekit.batch.output import AnyPath, check_output, whole_file
from stancekit.batch.rows import column_names, open_rows
from stancekit.batch.source import CHUNK_BYTES, STANDARD, Source, open_source
from stancekit.errors import InputError
from stancekit.labels import Stance

TEXTS = (".txt", ".md", "")
"""Suffixes of files that hold one article; in a folder, the first alone."""

_SHOWN = 10
"""Dyads in the summary."""

Progress = Callable[[str, int, int | None], None]
"""Called after each article with what is done, how many, and of how many (None if not known)."""


@dataclass(frozen=True)
class ArticleColumns:
    """Which column of a table holds what.

    Attributes
    ----------
    text : str
    id, date, speaker, title : str or None
        None: the column of that name, if the table has one.
    """

    text: str = DEFAULT_TEXT_COLUMN
    id: str | None = None
    date: str | None = None
    speaker: str | None = None
    title: str | None = None

    def found_in(self, path: AnyPath) -> dict[str, str]:
        """The columns to read by what they hold; those that the user names, and those that are there."""
        known = column_names(path)
        columns = {"text": self.text}
        for role in ("id", "date", "speaker", "title"):
            named = getattr(self, role)
            if named is not None or role in known:
                columns[role] = named or role
        return columns


@dataclass
class AnalysisSummary:
    """What was found in some articles.

    Attributes
    ----------
    model : str
    dyads : DyadTable
        Who takes which stance toward whom.
    articles, sentences, courtesies : int
    stances : Counter of str
        Statements by stance.
    actors, linked : int
        Statements whose actor is known, and whose actor is linked to an entity.
    """

    model: str = ""
    dyads: DyadTable = field(default_factory=lambda: DyadTable(()))
    articles: int = 0
    sentences: int = 0
    courtesies: int = 0
    stances: Counter[str] = field(default_factory=Counter)
    actors: int = 0
    linked: int = 0

    @property
    def statements(self) -> int:
        """How many there are."""
        return self.stances.total()

    def add(self, analysis: Analysis) -> None:
        """Count one article."""
        self.model = analysis.model
        self.articles += 1
        self.sentences += analysis.n_sentences
        for statement in analysis.statements:
            self.stances[statement.stance] += 1
            self.courtesies += statement.courtesy
            self.actors += bool(statement.actor)
            self.linked += bool(statement.actor_entities)

    def as_text(self) -> str:
        """A few lines for a reader, with the largest dyads."""
        by_stance = ", ".join(f"{stance.value} {self.stances[stance.value]:,}" for stance in Stance)
        lines = [
            f"articles    {self.articles:,} ({self.sentences:,} sentences)",
            f"statements  {self.statements:,} ({by_stance}; courtesies {self.courtesies:,})",
            f"actors      {self.actors:,} named, {self.linked:,} linked",
            f"model       {self.model}",
        ]
        if self.dyads.dyads:
            lines += ["", self.dyads.as_text(_SHOWN)]
        return "\n".join(lines)


def read_articles(
    path: AnyPath, columns: ArticleColumns | None = None, *, encoding: str | None = None
) -> tuple[Iterator[Article], int | None]:
    """The articles of a file or folder, and how many there are where that is known.

    Parameters
    ----------
    path : path
        A text (``.txt``, ``.md``, no suffix, or ``-`` for standard input), a folder of ``.txt`` files, or a table in
        any format that :func:`stancekit.predict_file` reads.
    columns : ArticleColumns, optional
        Of a table.
    encoding : str, optional
        Of texts; UTF-8 if left out, unless the file says otherwise.

    Raises
    ------
    InputError
        If there is no such file, folder or column, a file cannot be decoded, or a date is none; names the row.
    """
    columns = columns or ArticleColumns()
    if os.fspath(path) == STANDARD:
        return iter([_whole(path, "", encoding)]), 1
    if Path(path).is_dir():
        files = sorted(file for file in Path(path).iterdir() if file.is_file() and _suffix(file) == TEXTS[0])
        if not files:
            raise InputError(f"{os.fspath(path)}: holds no {TEXTS[0]} files")
        return (_whole(file, _stem(file), encoding) for file in files), len(files)
    if _suffix(path) in FORMATS:
        return _rows(path, columns.found_in(path)), None
    if _suffix(path) not in TEXTS:
        known = ", ".join(f".{name}" for name in FORMAT_NAMES)
        raise InputError(f"{os.fspath(path)}: give a text ({TEXTS[0]}), a folder of them, or a table ({known})")
    return iter([_whole(path, _stem(path), encoding)]), 1


def analyze_file(
    input: AnyPath,
    output: AnyPath | None = None,
    *,
    html: AnyPath | None = None,
    dyads: AnyPath | None = None,
    json: bool = False,
    columns: ArticleColumns | None = None,
    speaker: str = "",
    date: Date | str | None = None,
    encoding: str | None = None,
    model: Any = "encoder",
    gazetteer: Gazetteer | AnyPath | None = None,
    by: str = ALL,
    all_actors: bool = False,
    courtesy: bool = True,
    overwrite: bool = False,
    progress: Progress | None = None,
) -> AnalysisSummary:
    """Analyse the articles of a file or folder.

    Every output appears whole or not at all. Articles are read, analysed and written one at a time; only a page is
    made of all of them at once.

    Parameters
    ----------
    input : path
        A text, a folder of ``.txt`` files or a table, as ``stancekit analyze`` takes it.
    output : path, optional
        A row for each statement and target, as CSV, or with ``json`` an article a line; ``-`` for standard output.
    html : path, optional
        A page that shows them.
    dyads : path, optional
        The dyad table, as CSV.
    json : bool, default=False
    columns : ArticleColumns, optional
        Of a table.
    speaker : str, optional
    date : datetime.date or str, optional
        For articles that have none of their own.
    encoding : str, optional
    model, gazetteer
        As in :func:`stancekit.analyze`.
    by, all_actors, courtesy
        As in :class:`stancekit.analysis.dyads.DyadCounts`.
    overwrite : bool, default=False
        Replace outputs that exist.
    progress : callable, optional

    Returns
    -------
    AnalysisSummary

    Raises
    ------
    InputError, OutputError, ModelError, MissingExtraError
        In one line, with nothing written.
    """
    own_date = as_date(date)
    articles, total = read_articles(input, columns, encoding=encoding)
    outputs = [each for each in (output, html, dyads) if each is not None]
    for number, each in enumerate(outputs):
        check_output(each, [input, *outputs[:number]], overwrite=overwrite)
    if html is not None:
        from stancekit.report.article import article_html

        article_html([])  # tells now if it cannot be made
    counts = DyadCounts(by, all_actors=all_actors, courtesy=courtesy)
    completed = (replace(each, speaker=each.speaker or speaker, date=each.date or own_date) for each in articles)
    summary, shown = AnalysisSummary(), []
    with ExitStack() as stack:
        analyses = analyze_many(completed, model=model, gazetteer=gazetteer)
        streams = {name: _opened(stack, path) for name, path in (("rows", output), ("page", html), ("dyads", dyads))}
        write = _Rows(streams["rows"], json)
        for analysis in analyses:
            write(analysis)
            counts.add(analysis)
            summary.add(analysis)
            if html is not None:
                shown.append(analysis)
            if progress is not None:
                progress("articles", summary.articles, total)
        if not summary.articles:
            raise InputError(f"{os.fspath(input)}: has no articles")
        summary.dyads = counts.table()
        if streams["page"] is not None:
            streams["page"].write(article_html(shown).encode("utf-8"))
        if streams["dyads"] is not None:
            streams["dyads"].write(summary.dyads.to_csv().encode("utf-8"))
    return summary


def _opened(stack: ExitStack, path: AnyPath | None) -> BinaryIO | None:
    return None if path is None else stack.enter_context(whole_file(path))


class _Rows:
    """Writes analyses as CSV or JSON Lines."""

    def __init__(self, stream: BinaryIO | None, json: bool) -> None:
        self._stream, self._json = stream, json
        if stream is not None and not json:
            stream.write(to_csv([]).encode("utf-8"))

    def __call__(self, analysis: Analysis) -> None:
        if self._stream is not None:
            text = analysis.to_json() + "\n" if self._json else analysis.to_csv().partition("\n")[2]
            self._stream.write(text.encode("utf-8"))


# -- reading ---------------------------------------------------------------------------------------------------------


def _whole(path: AnyPath, name: str, encoding: str | None) -> Article:
    with open_source(path, encoding) as source:
        raw = b"".join(iter(lambda: source.read(CHUNK_BYTES), b""))
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise source.error(source.undecodable(error, 0)) from error
        if not text.strip():
            raise source.error("is empty; give an article")
        return Article(text, name)


def _rows(path: AnyPath, columns: dict[str, str]) -> Iterator[Article]:
    wanted = list(dict.fromkeys(columns.values()))
    with open_rows(path, wanted) as (source, rows):
        for number, row in rows:
            values = dict(zip(wanted, row, strict=True))
            known = {role: values[column] for role, column in columns.items()}
            known.setdefault("id", str(number))
            date = _date(source, number, columns["date"], known.pop("date")) if "date" in known else None
            yield Article(**known, date=date)


def _date(source: Source, number: int, column: str, value: str) -> Date | None:
    try:
        return as_date(value)
    except InputError as error:
        raise source.error(f"column {column!r}: {error}", row=number) from error


def _suffix(path: AnyPath) -> str:
    pure = PurePath(path)
    return (pure.with_suffix("") if compression_of(pure) else pure).suffix.lower()


def _stem(path: AnyPath) -> str:
    return (
        PurePath(path).name.removesuffix(compression_of(PurePath(path)) or "").rpartition(".")[0] or PurePath(path).name
    )
