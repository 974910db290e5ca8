"""Score the analysis of articles against articles coded by hand.

    python training/evaluate_articles.py GOLD.jsonl --model encoder [--errors] [--json]
    python training/evaluate_articles.py --documents validation --genre news --actors-only

GOLD holds an article a line with its statements, their actors and targets (see docs/articles.md). Statements are
matched one to one where they overlap by half, targets likewise within them. Of a triple, statement, linked actor,
target and the stance toward it must all be the same. With --documents, the fixtures' documents of a split are read as
articles (genre by genre, if any is named). With --actors-only, no model is asked: whose position is in the sentences
that are statements in the gold?
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from stancekit import Analysis, Article, analyze_many
from stancekit.analysis.analyze import as_date
from stancekit.analysis.gazetteer import Gazetteer
from stancekit.errors import InputError
from stancekit.report.table import aligned
from stancetrain.articles import ArticleScores, GoldArticle, read_gold, score, score_actors
from stancetrain.console import run
from stancetrain.documents import read_documents
from stancetrain.fixtures import SPLITS


def analyses_of(gold: Sequence[GoldArticle], model: Any) -> list[Analysis]:
    articles = [Article(each.text, each.id, each.title, each.speaker, as_date(each.date)) for each in gold]
    return list(analyze_many(articles, model=model))


def as_text(scores: ArticleScores) -> str:
    head = ("", "F1", "precision", "recall", "gold", "found")
    rows = [
        (name, f"{r.f1:.3f}", f"{r.precision:.3f}", f"{r.recall:.3f}", f"{r.gold:,}", f"{r.found:,}")
        for name, r in scores.f1.items()
    ]
    shares = [(name, f"{hits / n:.3f}" if n else "-", f"{n:,}") for name, (hits, n) in sorted(scores.given.items())]
    return f"{aligned(head, rows)}\n\n{aligned(('', 'share right', 'n'), shares)}"


def errors_text(scores: ArticleScores) -> str:
    by_kind: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for each in scores.errors:
        by_kind[each["error"]].append(each)
    lines = []
    for kind, errors in sorted(by_kind.items(), key=lambda item: -len(item[1])):
        lines.append(f"\n## {kind} ({len(errors)})\n")
        lines += [
            f"{e['article']}: gold {e['gold'] or '-'} | found {e['found'] or '-'}\n    {e['text']}" for e in errors
        ]
    return "\n".join(lines)


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("gold", type=Path, metavar="GOLD.jsonl", nargs="?")
    source.add_argument("--documents", choices=SPLITS, help="the fixtures' documents of this split")
    parser.add_argument("--genre", action="append", default=[], help="only documents of this genre; may be repeated")
    parser.add_argument("--model", default="encoder", help="a shipped model's name or a model folder")
    parser.add_argument("--actors-only", action="store_true", help="actors alone, without a model")
    parser.add_argument("--by-genre", action="store_true", help="also for each genre")
    parser.add_argument("--errors", action="store_true", help="list what differs")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args(argv)
    gazetteer = Gazetteer.default()
    gold = read_documents(options.documents, options.genre, gazetteer) if options.documents else read_gold(options.gold)
    if not gold:
        raise InputError(f"no documents of {', '.join(options.genre)} in {options.documents}")
    started = time.perf_counter()
    analyses = [] if options.actors_only else analyses_of(gold, options.model)
    seconds = time.perf_counter() - started

    def scored(places: Sequence[int]) -> ArticleScores:
        part = [gold[i] for i in places]
        return score_actors(part, gazetteer) if options.actors_only else score(part, [analyses[i] for i in places])

    scores = scored(range(len(gold)))
    name = analyses[0].model if analyses else None
    if options.json:
        print(json.dumps({"model": name, "articles": len(gold), **scores.as_dict()}, indent=2))
        return 0
    words = sum(len(each.text.split()) for each in gold)
    how = f"in {seconds:.1f} s with loading" if name else "without a model"
    print(f"{f'model {name}; ' if name else ''}{len(gold)} articles of {words:,} words {how}\n")
    print(as_text(scores))
    if options.by_genre:
        for genre in sorted({each.genre for each in gold}):
            places = [i for i, each in enumerate(gold) if each.genre == genre]
            print(f"\n## {genre or 'no genre'} ({len(places)} articles)\n\n{as_text(scored(places))}")
    if options.errors:
        print(errors_text(scores))
    return 0


if __name__ == "__main__":
    sys.exit(run(main))
