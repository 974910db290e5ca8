"""How far the two blind codings of the documents agree; writes the tables of docs/datasheet.md.

    python training/agreement.py [--write]

Cohen's kappa (1960) and Krippendorff's alpha for nominal data (2011) between the first two codings of every
document sentence, by genre and by the rule that the second coder named, and what became of the differences.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter, defaultdict
from pathlib import Path

from stancekit import agreement
from stancetrain.console import run
from stancetrain.fixtures import FIXTURES, read_fixtures
from stancetrain.schema import FixtureRow

SHEET = Path(__file__).resolve().parents[1] / "docs" / "datasheet.md"
SMALLEST_GROUP = 30
_PART = re.compile(r"(<!-- agreement -->\n).*?(<!-- /agreement -->)", re.DOTALL)


def figures(rows: list[FixtureRow]) -> str:
    """Share of equal labels, kappa and alpha of the first two codings."""
    found = agreement([[coding.label for coding in row.codings[:2]] for row in rows], resamples=0)
    (pair,) = found.pairs
    return f"{len(rows)} | {pair.equal:.3f} | {pair.kappa} | {found.alpha}"


def table(title: str, groups: dict[str, list[FixtureRow]]) -> list[str]:
    lines = [
        f"| {title} | sentences | equal | Cohen's kappa | Krippendorff's alpha |",
        "| --- | --- | --- | --- | --- |",
    ]
    lines += [f"| {name} | {figures(rows)} |" for name, rows in sorted(groups.items()) if len(rows) >= SMALLEST_GROUP]
    return [*lines, ""]


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fixtures", type=Path, default=FIXTURES)
    parser.add_argument("--write", action="store_true", help="put the tables into docs/datasheet.md")
    options = parser.parse_args(argv)
    rows = [f.row for f in read_fixtures(options.fixtures, kinds=["documents"], labelled=False)]
    genres, rules = defaultdict(list), defaultdict(list)
    for row in rows:
        genres[row.genre].append(row)
        if row.codings[1].rule is not None:
            rules[f"{row.codings[1].rule:02d}"].append(row)
    both = [row for row in rows if {c.codebook for c in row.codings[:2]} == {2}]
    settled = Counter(row.settled_by or "open" for row in rows)
    lines = table("documents", {"all": rows, "both codings under version 2": both})
    lines += table("genre", genres) + table("rule", rules)
    lines.append(
        "Settled: " + ", ".join(f"{how} {n:,} ({n / len(rows):.1%})" for how, n in settled.most_common()) + "."
    )
    text = "\n".join(lines)
    print(text)
    if options.write:
        sheet = SHEET.read_text(encoding="utf-8")
        SHEET.write_text(_PART.sub(lambda m: f"{m.group(1)}{text}\n{m.group(2)}", sheet), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(run(main))
