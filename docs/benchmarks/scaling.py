"""Core-hours by model and corpus, worked out from docs/benchmarks/speed.md into the tables of docs/scaling.md.

python docs/benchmarks/scaling.py --write     # after speed.md was measured again
python docs/benchmarks/scaling.py --memory    # peak memory of a process that labels, model by model
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SPEED = ROOT / "docs" / "benchmarks" / "speed.md"
PAGE = ROOT / "docs" / "scaling.md"
BEGIN, END = "<!-- made by docs/benchmarks/scaling.py -->", "<!-- end -->"

CORPORA = {"a million": 1e6, "ten million": 1e7, "a hundred million": 1e8, "a billion": 1e9}
SHARES = (0.3, 0.5, 0.7, 0.9)
PEAK = """
import resource, sys
from stancekit import load_model
model = load_model(sys.argv[1])
for _ in range(2):
    model.classify([f"We deplore the {i} delays of the talks." for i in range(512)])
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def rates() -> dict[str, float]:
    """Statements per CPU-second by model, the quickest first."""
    found = re.findall(r"^\| stancekit `(.+?)` \| ([\d,.]+) \|$", SPEED.read_text(encoding="utf-8"), re.MULTILINE)
    return dict(sorted(((name, float(rate.replace(",", ""))) for name, rate in found), key=lambda pair: -pair[1]))


def table(head: list[str], rows: list[list[str]]) -> list[str]:
    """A Markdown table."""
    return ["| " + " | ".join(cells) + " |" for cells in (head, ["---"] * len(head), *rows)]


def hours(rate: float) -> list[str]:
    """Core-hours for each corpus."""
    return [
        f"{rows / rate / 3600:,.1f}" if rows / rate < 36_000 else f"{rows / rate / 3600:,.0f}"
        for rows in CORPORA.values()
    ]


def two_figures(number: float) -> str:
    """A number as precise as a rate measured in one run."""
    return f"{float(f'{number:.2g}'):,.0f}"


def tables() -> str:
    """Both tables, as they stand in docs/scaling.md."""
    measured = rates()
    rows = [[f"`{name}`", two_figures(rate * 3600), *hours(rate)] for name, rate in measured.items()]
    lines = table(["model", "statements per core-hour", *CORPORA], rows)
    lines += [
        "",
        "A cascade of your own student and `encoder`, by the share of statements that the student decides:",
        "",
    ]
    rows = []
    for share in SHARES:
        rate = 1 / (1 / measured["ngram"] + (1 - share) / measured["encoder"])
        rows.append([f"{share:.0%}", two_figures(rate * 3600), *hours(rate)])
    lines += table(["decided by the student", "statements per core-hour", *CORPORA], rows)
    return "\n".join(lines)


def page() -> str:
    """docs/scaling.md with its tables made anew."""
    before, rest = PAGE.read_text(encoding="utf-8").split(BEGIN)
    return f"{before}{BEGIN}\n\n{tables()}\n\n{END}{rest.split(END)[1]}"


def main() -> None:
    """Print or write the tables, or measure memory."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="into docs/scaling.md")
    parser.add_argument("--memory", action="store_true")
    options = parser.parse_args()
    if options.memory:
        for name in rates():
            done = subprocess.run([sys.executable, "-c", PEAK, name], check=True, capture_output=True, text=True)
            print(f"{name}: {int(done.stdout) / 1024:.0f} MB")
    elif options.write:
        PAGE.write_text(page(), encoding="utf-8")
    else:
        print(tables())


if __name__ == "__main__":
    main()
