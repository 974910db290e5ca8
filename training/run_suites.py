"""Run the behavioural suites on installed models and print a table.

python training/run_suites.py [--model NAME|DIR ...]
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from stancekit import load_model, shipped_models
from stancetrain.console import run
from stancetrain.fixtures import FIXTURES
from stancetrain.suites import Rate, run_suites


def table(rates: dict[str, dict[str, Rate]]) -> list[str]:
    """A Markdown table: one suite a row, one model a column."""
    lines = [f"| suite | cases | passes if | {' | '.join(rates)} |", f"| --- | --- | --- |{' --- |' * len(rates)}"]
    for suite, first in next(iter(rates.values())).items():
        condition = "the label is right" if first.kind == "label" else "the label does not change"
        shares = " | ".join(f"{each[suite].share:.1%}" for each in rates.values())
        lines.append(f"| {suite} | {first.cases} | {condition} | {shares} |")
    return lines


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", action="append", help="all installed models if left out")
    parser.add_argument("--fixtures", type=Path, default=FIXTURES)
    options = parser.parse_args(argv)
    names = options.model or shipped_models()
    rates = {name: run_suites(load_model(name), options.fixtures / "suites") for name in names}
    print("\n".join(table(rates)))
    return 0


if __name__ == "__main__":
    sys.exit(run(main))
