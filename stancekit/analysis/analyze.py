"""Articles to statements: who takes which stance toward what."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date as Date
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stancekit.analysis.article import Analysis, Entity, Evidence, Mention, Statement, TargetStance
from stancekit.analysis.gazetteer import Gazetteer
from stancekit.analysis.linking import linked
from stancekit.analysis.sentences import sentences
from stancekit.analysis.speakers import Speaker, actor_entities, speakers
from stancekit.analysis.target_phrases import names_apart, whole_phrase
from stancekit.analysis.wording import carrying, is_courtesy
from stancekit.batch.run import load
from stancekit.details import TargetSpan
from stancekit.errors import InputError, ModelError
from stancekit.labels import LABELS, NEUTRAL_TYPES, Stance
from stancekit.report.periods import period_of
from stancekit.scoring import Model

NO_POSITION = 0.7
"""A sentence is a statement where it is less probable than this that it takes no position (see decision 19)."""

LEAST_SHARE = 0.1
"""What a sentence leaves to each stance toward its targets at least, so that a sure target head has the last word."""

_NEUTRAL, _NONE = Stance.NEUTRALITY.value, NEUTRAL_TYPES[0]

AnyPath = str | os.PathLike[str]


@dataclass(frozen=True)
class Article:
    """A text to analyse and what is known of it.

    Attributes
    ----------
    text : str
    id, title : str
    speaker : str
        Who speaks where the text does not say, such as ``Foreign Ministry of Chile``.
    date : datetime.date or None
        Decides which state a name such as *Moscow* meant, and the period that the article counts in.
    """

    text: str
    id: str = ""
    title: str = ""
    speaker: str = ""
    date: Date | None = None


@dataclass(frozen=True)
class _Sentence:
    """A sentence that is a statement: where it stands, and what the model and the rules say of it."""

    start: int
    end: int
    shares: NDArray[np.float64]
    neutral_type: str
    speaker: Speaker | None
    spans: tuple[tuple[int, int], ...]


def analyze(
    text: str,
    *,
    speaker: str = "",
    date: Date | str | None = None,
    id: str = "",
    title: str = "",
    model: Any = "encoder",
    gazetteer: Gazetteer | AnyPath | None = None,
) -> Analysis:
    """Find the statements of an article, and of each its actor, its targets and the stance toward each.

    Parameters
    ----------
    text : str
        The article, whole; offsets in the result refer to it.
    speaker : str, optional
        Who speaks where the text does not say, such as ``Foreign Ministry of Chile``.
    date : datetime.date or str, optional
        Of the article, a str in ISO 8601.
    id, title : str, optional
    model : str, path, StanceModel or StanceClassifier, default="encoder"
        One that finds targets: ``encoder`` or ``cascade`` (which asks the encoder).
    gazetteer : Gazetteer or path, optional
        The package's own if left out; of a CSV, its names beside the package's own.

    Returns
    -------
    Analysis

    Raises
    ------
    InputError
        If ``text`` is not a str, the date is none, or the gazetteer cannot be read.
    MissingExtraError
        If the extra ``articles`` is not installed.
    ModelError
        If there is no such model, or it finds no targets.
    """
    article = Article(text, id, title, speaker, as_date(date))
    (analysis,) = analyze_many([article], model=model, gazetteer=gazetteer)
    return analysis


def analyze_many(
    articles: Iterable[Article | str], *, model: Any = "encoder", gazetteer: Gazetteer | AnyPath | None = None
) -> Iterator[Analysis]:
    """Analyse articles one after the other; model and gazetteer are loaded once.

    Parameters
    ----------
    articles : iterable of Article or str
    model, gazetteer
        As in :func:`analyze`.

    Yields
    ------
    Analysis
        In the order of the articles.

    Raises
    ------
    InputError, MissingExtraError, ModelError
        As :func:`analyze`; those of the model and the gazetteer before the first article is read.
    """
    reader = _reader(model)
    names = _gazetteer(gazetteer)
    return (_analyzed(each if isinstance(each, Article) else Article(each), reader, names) for each in articles)


def as_date(date: Date | str | None) -> Date | None:
    """A date from what a user gives: ISO 8601, with or without a time; None where there is none.

    Raises
    ------
    InputError
        If it is no date, or no whole one.

    Examples
    --------
    >>> as_date("1994-05-17T10:00")
    datetime.date(1994, 5, 17)
    """
    if isinstance(date, datetime):
        return date.date()
    if date is None or isinstance(date, Date):
        return date
    if not date.strip():
        return None
    try:
        return Date.fromisoformat(period_of(date, "day"))
    except ValueError as error:
        raise InputError(f"{date!r} is no date; write it as 2024-03-20") from error


def _reader(model: Any) -> Model:
    reader: Any = load(model)
    if sorted(map(str, reader.classes)) != list(LABELS):
        raise ModelError(f"the model {reader.name!r} has labels of its own; analyse with one of the codebook's")
    reader.details([])
    found: Model = reader
    return found


def _gazetteer(gazetteer: Gazetteer | AnyPath | None) -> Gazetteer:
    if isinstance(gazetteer, Gazetteer):
        return gazetteer
    return Gazetteer.default() if gazetteer is None else Gazetteer.default().extended(gazetteer)


def _analyzed(article: Article, reader: Model, gazetteer: Gazetteer) -> Analysis:
    if not isinstance(article.text, str):
        raise InputError(f"expected the text of an article, got a {type(article.text).__name__}")
    text = article.text
    bounds = sentences(text)
    mentions = gazetteer.mentions(text, on=article.date)
    who = speakers(text, bounds, mentions, article.speaker, gazetteer, title=article.title, on=article.date)
    found = list(_statements(text, bounds, mentions, who, reader))
    spans = [span for sentence in found for span in sentence.spans]
    entities = dict(zip(spans, linked(text, spans, bounds, mentions), strict=True))
    stances = _toward(text, found, reader)
    statements = tuple(
        _statement(text, each, reader.classes, stances, entities, actor_entities(each.speaker, gazetteer, article.date))
        for each in found
    )
    model = f"{reader.name} {reader.version}"
    return Analysis(text, statements, len(bounds), article.id, article.title, article.speaker, article.date, model)


# -- statements ------------------------------------------------------------------------------------------------------


def _statements(
    text: str,
    bounds: Sequence[tuple[int, int]],
    mentions: Sequence[Mention],
    who: Sequence[Speaker | None],
    reader: Model,
) -> Iterator[_Sentence]:
    neutral = reader.classes.index(_NEUTRAL)
    details = reader.details([text[start:end] for start, end in bounds])
    for (start, end), speaker, each in zip(bounds, who, details, strict=True):
        shares = each.probabilities.copy()
        nothing = shares[neutral] * each.neutral_types[_NONE]
        if nothing >= NO_POSITION:
            continue
        # that it takes a position is settled by now
        shares[neutral] -= nothing
        types = {name: share for name, share in each.neutral_types.items() if name != _NONE}
        neutral_type = max(types, key=lambda name: types[name]) if shares.argmax() == neutral else ""
        spans = _spans(text, start, end, each.spans, mentions, speaker)
        yield _Sentence(start, end, shares / shares.sum(), neutral_type, speaker, spans)


def _spans(
    text: str,
    start: int,
    end: int,
    found: Sequence[TargetSpan],
    mentions: Sequence[Mention],
    speaker: Speaker | None,
) -> tuple[tuple[int, int], ...]:
    """The targets of a sentence as whole phrases, in order and none twice; the actor's own name is none."""
    spans: list[tuple[int, int]] = []
    for span in found:
        phrase = whole_phrase(text[start:end], span.start, span.end)
        if phrase is not None and (not spans or start + phrase[0] >= spans[-1][1]):
            first, last = start + phrase[0], start + phrase[1]
            inside = [each for each in mentions if first <= each.start and each.end <= last]
            spans += names_apart(text, (first, last), inside)
    return tuple(span for span in spans if not _names(speaker, span))


def _names(speaker: Speaker | None, span: tuple[int, int]) -> bool:
    """Whether a span lies in the mention of the one who takes the position."""
    if speaker is None or speaker.start is None or speaker.end is None:
        return False
    return speaker.start <= span[0] and span[1] <= speaker.end


def _statement(
    text: str,
    sentence: _Sentence,
    classes: Sequence[str],
    stances: dict[tuple[int, int], tuple[str, float]],
    entities: dict[tuple[int, int], Entity | None],
    actors: tuple[Entity, ...],
) -> Statement:
    start, end, who = sentence.start, sentence.end, sentence.speaker
    words = text[start:end]
    stance, probability = _most_probable(classes, sentence.shares)
    return Statement(
        start,
        end,
        words,
        stance,
        probability,
        sentence.neutral_type,
        stance == Stance.ENDORSEMENT.value and is_courtesy(words),
        who.name if who is not None else "",
        who.entity if who is not None else None,
        who.actor_type if who is not None else "",
        tuple(TargetStance(text[a:b], a, b, entities[a, b], *stances[a, b]) for a, b in sentence.spans),
        tuple(Evidence(cue.text, start + cue.start, start + cue.end) for cue in carrying(words, stance)),
        actors if len(actors) > 1 else (),
    )


def _toward(text: str, found: Sequence[_Sentence], reader: Model) -> dict[tuple[int, int], tuple[str, float]]:
    """Stance and its probability toward each target, by the target's place.

    The target head reads text and target; its answer and the sentence's are multiplied as two experts' opinions are
    (a product of experts, Hinton 2002), for most targets share the stance of their sentence. Where the target head is
    nearly certain, it stands.
    """
    places = [(each, span) for each in found for span in each.spans]
    if not places:
        return {}
    texts = [text[each.start : each.end] for each, _ in places]
    heads = reader.predict_proba(texts, [text[start:end] for _, (start, end) in places])
    both = heads * np.maximum([each.shares for each, _ in places], LEAST_SHARE)
    both /= both.sum(axis=1, keepdims=True)
    return {span: _most_probable(reader.classes, row) for (_, span), row in zip(places, both, strict=True)}


def _most_probable(classes: Sequence[str], shares: NDArray[np.float64]) -> tuple[str, float]:
    column = int(shares.argmax())
    return str(classes[column]), float(shares[column])
