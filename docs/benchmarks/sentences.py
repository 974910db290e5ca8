"""Sentence splitters side by side on the written documents.

    python docs/benchmarks/sentences.py --write

The sentences of each document of the training and validation splits are joined by spaces and split again. A sentence is
right if both its bounds are; F1 over all documents. Needs the extra `articles`, and `pysbd` to compare with. --write
puts the table into decision 18.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import accumulate
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[2] / "training"))

from stancekit.analysis.sentences import sentences
from stancetrain.fixtures import FIXTURES, read_fixtures

PAGE = Path(__file__).resolve().parents[1] / "decisions" / "0018-sentences-and-speakers.md"
BEGIN, END = "<!-- made by docs/benchmarks/sentences.py -->", "<!-- end -->"
Bounds = list[tuple[int, int]]


def documents() -> Iterator[tuple[str, Bounds]]:
    """Texts with the bounds of their sentences."""
    found: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for fixture in read_fixtures(FIXTURES, labelled=False):
        if fixture.row.doc is not None and fixture.split in ("train", "validation"):
            found[fixture.row.doc].append((fixture.row.n or 0, fixture.row.text))
    for rows in found.values():
        texts = [" ".join(text.split()) for _, text in sorted(rows)]
        starts = accumulate((len(text) + 1 for text in texts[:-1]), initial=0)
        yield " ".join(texts), [(start, start + len(text)) for start, text in zip(starts, texts, strict=True)]


def placed(text: str, parts: list[str]) -> Bounds:
    """Where the parts stand in a text, white space at their ends left out."""
    bounds, start = [], 0
    for part in filter(None, map(str.strip, parts)):
        start = text.index(part, start)
        bounds.append((start, start + len(part)))
        start += len(part)
    return bounds


def splitters() -> dict[str, Callable[[str], Bounds]]:
    """Each way to split."""
    import pysbd
    import sentencex

    segmenter = pysbd.Segmenter(language="en", clean=False)
    return {
        "a plain regular expression": lambda text: placed(text, re.split(r"(?<=[.!?])\s+(?=[A-Z])", text)),
        "`pysbd`": lambda text: placed(text, segmenter.segment(text)),
        "`sentencex`": lambda text: placed(text, list(sentencex.segment("en", text))),
        "`sentencex` as used here": sentences,
    }


def main() -> None:
    """Print the table; with --write, put it into the decision."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    gold = list(documents())
    n = sum(len(bounds) for _, bounds in gold)
    lines = [f"| {n:,} sentences of {len(gold)} documents | F1 |", "| --- | --- |"]
    for name, split in splitters().items():
        found = [split(text) for text, _ in gold]
        right = sum(len(set(ours) & set(bounds)) for ours, (_, bounds) in zip(found, gold, strict=True))
        lines.append(f"| {name} | {2 * right / (n + sum(map(len, found))):.3f} |")
    table = "\n".join(lines)
    print(table)
    if options.write:
        before, rest = PAGE.read_text(encoding="utf-8").split(BEGIN)
        PAGE.write_text(f"{before}{BEGIN}\n\n{table}\n\n{END}{rest.split(END)[1]}", encoding="utf-8")


if __name__ == "__main__":
    main()
