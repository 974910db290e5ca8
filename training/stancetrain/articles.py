"""Articles coded by hand, and how far an analysis agrees with them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from stancekit.analysis.analyze import as_date
from stancekit.analysis.article import OFFICIAL_TYPES, Analysis, Entity, Statement, TargetStance
from stancekit.analysis.gazetteer import Gazetteer
from stancekit.analysis.sentences import sentences
from stancekit.analysis.speakers import Speaker, actor_entities, speakers
from stancekit.errors import InputError
from stancetrain.jsonl import numbered
from stancetrain.spans import matched

_WORD = re.compile(r"\w+")
_EMPTY_WORDS = frozenset({"the", "a", "an", "of", "mr", "mrs", "ms", "dr"})


class Actor(NamedTuple):
    """A name, and the codes joined by semicolons."""

    name: str
    code: str


@dataclass(frozen=True)
class GoldTarget:
    text: str
    start: int
    end: int
    label: str
    code: str = ""


@dataclass(frozen=True)
class GoldStatement:
    start: int
    end: int
    label: str
    neutral_type: str | None = None
    actor: str | None = None
    actor_code: str = ""
    actor_type: str | None = None
    targets: tuple[GoldTarget, ...] = ()
    document: Actor | None = None
    """Of an actor in a document whose words name no entity: whose document it is, which counts as well."""


@dataclass(frozen=True)
class GoldArticle:
    id: str
    text: str
    statements: tuple[GoldStatement, ...]
    title: str = ""
    genre: str = ""
    speaker: str = ""
    date: str = ""


class Span(NamedTuple):
    """A sentence and whose position is in it."""

    start: int
    end: int
    speaker: Speaker | None


class Ratio(NamedTuple):
    """Agreements among what is in the gold and what was found."""

    hits: int
    gold: int
    found: int

    @property
    def precision(self) -> float:
        return self.hits / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        return self.hits / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """Twice the agreements by all there are (1 where both have nothing)."""
        return 2 * self.hits / (self.gold + self.found) if self.gold + self.found else 1.0

    def __add__(self, other: object) -> Ratio:
        if not isinstance(other, Ratio):
            return NotImplemented
        return Ratio(*(mine + its for mine, its in zip(tuple(self), tuple(other), strict=True)))


@dataclass
class ArticleScores:
    """Agreement of analyses with the gold.

    `f1` holds what is counted in all that the gold and the analyses have; `given` holds shares of what was
    matched: hits and cases.
    """

    f1: dict[str, Ratio] = field(default_factory=dict)
    given: dict[str, tuple[int, int]] = field(default_factory=dict)
    errors: list[dict[str, Any]] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        return {
            "f1": {
                name: {"f1": each.f1, "precision": each.precision, "recall": each.recall, **each._asdict()}
                for name, each in self.f1.items()
            },
            "given": {name: {"share": hits / n if n else None, "n": n} for name, (hits, n) in self.given.items()},
        }

    def count(self, name: str, ratio: Ratio) -> None:
        self.f1[name] = self.f1.get(name, Ratio(0, 0, 0)) + ratio

    def check(self, name: str, right: bool) -> bool:
        hits, n = self.given.get(name, (0, 0))
        self.given[name] = (hits + right, n + 1)
        return right


def read_gold(path: Path) -> list[GoldArticle]:
    """The articles of a JSON Lines file.

    Raises
    ------
    InputError
        If the file is missing, or a line is no such article; names the line.
    """
    articles = []
    for number, fields in numbered(path):
        try:
            articles.append(_article(fields))
        except (ValueError, KeyError, TypeError) as error:
            raise InputError(f"{path}: line {number}: is no coded article ({error})") from error
    if not articles:
        raise InputError(f"{path}: has no articles")
    return articles


def score(gold: Sequence[GoldArticle], analyses: Sequence[Analysis]) -> ArticleScores:
    """Compare analyses with the gold of the same articles, in the same order."""
    scores = ArticleScores()
    for article, analysis in zip(gold, analyses, strict=True):
        _compare(scores, article, analysis)
    return scores


def score_actors(gold: Sequence[GoldArticle], gazetteer: Gazetteer) -> ArticleScores:
    """Compare actors alone, which needs no model: those of the sentences that are statements in the gold."""
    scores = ArticleScores()
    for article in gold:
        on = as_date(article.date)
        bounds = sentences(article.text)
        mentions = gazetteer.mentions(article.text, on)
        who = speakers(article.text, bounds, mentions, article.speaker, gazetteer, title=article.title, on=on)
        spans = [Span(*each, speaker) for each, speaker in zip(bounds, who, strict=True)]
        pairs = matched(article.statements, spans)
        right = 0
        for statement, span in pairs:
            name = span.speaker.name if span.speaker else ""
            entities = actor_entities(span.speaker, gazetteer, on)
            same = scores.check("actor, given the statement", same_actor(statement, name, entities))
            right += same
            if same and statement.actor_type in OFFICIAL_TYPES:
                scores.check("official actor linked, given that", bool(entities))
            if statement.actor_type:
                actor_type = span.speaker.actor_type if span.speaker else ""
                scores.check("type of actor, given the statement", statement.actor_type == actor_type)
            if not same:
                text = article.text[span.start : span.end]
                scores.errors.append({"article": article.id, "text": text, **_actors(statement, name, entities)})
        scores.count("actor", Ratio(right, len(article.statements), len(pairs)))
    return scores


def same_actor(gold: GoldStatement, name: str, entities: Sequence[Entity]) -> bool:
    """The same state or organisation, or all of several (``ETH;TZA``).

    Of an actor without a code, the same name; none where the gold has none.
    """
    if not gold.actor:
        return not name
    if gold.actor_code:
        return _same_codes(gold.actor_code, entities)
    if gold.document is not None:
        of_document = _same_codes(gold.document.code, entities) or name == gold.document.name
        return of_document or _same_name(gold.actor, name)
    linked = any(each.kind in ("state", "organisation") for each in entities)
    return not linked and _same_name(gold.actor, name)


# -- comparing -------------------------------------------------------------------------------------------------------


def _compare(scores: ArticleScores, article: GoldArticle, analysis: Analysis) -> None:
    pairs = matched(article.statements, analysis.statements)
    n = (len(article.statements), len(analysis.statements))
    right_stance = right_actor = spans = stances = triples = 0
    for gold, found in pairs:
        stance = scores.check("stance, given the statement", gold.label == found.stance)
        actor = scores.check("actor, given the statement", same_actor(gold, found.actor, found.actor_entities))
        if gold.actor_type:
            scores.check("type of actor, given the statement", gold.actor_type == found.actor_type)
        if stance and gold.neutral_type:
            scores.check("type of neutrality, given that", gold.neutral_type == found.neutral_type)
        right_stance += stance
        right_actor += actor
        for target, span in matched(gold.targets, found.targets):
            toward = scores.check("stance, given the target", target.label == span.stance)
            scores.check("link, given the target", _same_link(target.code, span.entity))
            spans += 1
            stances += toward
            triples += toward and actor
        scores.errors.extend(_differences(article, gold, found, stance=stance, actor=actor))
    targets = (
        sum(len(each.targets) for each in article.statements),
        sum(len(each.targets) for each in analysis.statements),
    )
    scores.count("statement", Ratio(len(pairs), *n))
    scores.count("statement and stance", Ratio(right_stance, *n))
    scores.count("actor", Ratio(right_actor, *n))
    scores.count("target", Ratio(spans, *targets))
    scores.count("target and stance", Ratio(stances, *targets))
    scores.count("triple", Ratio(triples, *targets))
    scores.errors.extend(_unmatched(article, analysis, pairs))


def _same_link(code: str, entity: Entity | None) -> bool:
    return _same_code(code, entity) if code else entity is None


def _same_codes(code: str, entities: Sequence[Entity]) -> bool:
    codes = code.split(";")
    return len(codes) == len(entities) and all(any(_same_code(c, each) for each in entities) for c in codes)


def _same_code(code: str, entity: Entity | None) -> bool:
    return entity is not None and code in (entity.iso3 or entity.name, entity.name)


def _same_name(gold: str, found: str) -> bool:
    one, other = _content(gold), _content(found)
    if not one or not other:
        return False
    return set(one) <= set(other) or set(other) <= set(one) or one[-1] == other[-1]


def _content(name: str) -> list[str]:
    return [word for word in _WORD.findall(name.casefold()) if word not in _EMPTY_WORDS]


# -- errors ----------------------------------------------------------------------------------------------------------


def _differences(
    article: GoldArticle, gold: GoldStatement, found: Statement, *, stance: bool, actor: bool
) -> Iterator[dict[str, Any]]:
    where = {"article": article.id, "text": found.text}
    if not stance:
        yield {**where, "error": "stance", "gold": gold.label, "found": f"{found.stance} {found.probability:.2f}"}
    if not actor:
        yield {**where, **_actors(gold, found.actor, found.actor_entities)}
    pairs = matched(gold.targets, found.targets)
    for target, span in pairs:
        if target.label != span.stance:
            yield {**where, "error": "target's stance", "gold": _aim(target), "found": _span(span)}
        if not _same_link(target.code, span.entity):
            yield {**where, "error": "target's link", "gold": _aim(target), "found": _span(span)}
    for target in gold.targets:
        if all(target is not each for each, _ in pairs):
            yield {**where, "error": "target missed", "gold": _aim(target), "found": ""}
    for span in found.targets:
        if all(span is not each for _, each in pairs):
            yield {**where, "error": "target too many", "gold": "", "found": _span(span)}


def _unmatched(
    article: GoldArticle, analysis: Analysis, pairs: Sequence[tuple[GoldStatement, Statement]]
) -> Iterator[dict[str, Any]]:
    for gold in article.statements:
        if all(gold is not each for each, _ in pairs):
            text = article.text[gold.start : gold.end]
            label = f"{gold.label} {gold.neutral_type or ''}".strip()
            yield {"article": article.id, "text": text, "error": "statement missed", "gold": label, "found": ""}
    for found in analysis.statements:
        if all(found is not each for _, each in pairs):
            label = f"{found.stance} {found.probability:.2f}"
            yield {"article": article.id, "text": found.text, "error": "no statement", "gold": "", "found": label}


def _actors(gold: GoldStatement, name: str, entities: Sequence[Entity]) -> dict[str, str]:
    """What differs, and of which kind it is."""
    if not gold.actor or not name:
        kind = "actor too many" if name else "actor missed"
    else:
        kind = "actor not linked" if gold.actor_code and not entities else "actor"
    gold_is = f"{_described(gold.actor, gold.actor_code)} {gold.actor_type or ''}"
    return {"error": kind, "gold": gold_is, "found": _described(name, ";".join(map(_code, entities)))}


def _described(name: str | None, code: str) -> str:
    return f"{name or '-'} [{code}]"


def _code(entity: Entity | None) -> str:
    return (entity.iso3 or entity.name) if entity is not None else ""


def _aim(target: GoldTarget) -> str:
    return f"{target.text!r} {target.label} [{target.code}]"


def _span(span: TargetStance) -> str:
    return f"{span.text!r} {span.stance} {span.probability:.2f} [{_code(span.entity)}]"


# -- reading ---------------------------------------------------------------------------------------------------------


def _article(fields: dict[str, Any]) -> GoldArticle:
    text = fields["text"]
    statements = tuple(_statement(each, text) for each in fields["statements"])
    named = {name: fields.get(name) or "" for name in ("title", "genre", "speaker", "date")}
    return GoldArticle(fields["id"], text, statements, **named)


def _statement(fields: dict[str, Any], text: str) -> GoldStatement:
    targets = tuple(
        GoldTarget(each["text"], each["start"], each["end"], each["label"], each.get("code") or "")
        for each in fields["targets"]
        if each.get("start") is not None
    )
    for each in targets:
        if text[each.start : each.end] != each.text:
            raise ValueError(f"target {each.text!r} does not stand at {each.start}")
    return GoldStatement(
        fields["start"],
        fields["end"],
        fields["label"],
        fields.get("neutral_type"),
        fields.get("actor"),
        fields.get("actor_code") or "",
        fields.get("actor_type"),
        targets,
    )
