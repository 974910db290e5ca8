"""Peak memory of `stancekit predict` on a long file against a short one: it must be flat.

    python docs/benchmarks/memory.py [--rows 5000000] [--short 100000] [--model ngram] [--suffix .csv]

Statements of the fixtures, numbered, so that few repeat. The peak is that of the whole process tree, as the system
counts it for children that have ended.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

from kill_resume import write_rows


def peak(source: Path, output: Path, model: str) -> float:
    """The peak of one run in MB (10**6 bytes)."""
    command = [sys.executable, "-m", "stancekit", "predict", str(source), "-o", str(output), "--model", model]
    child = os.posix_spawn(sys.executable, [*command, "--workers", "1", "--quiet"], dict(os.environ))
    _, status, usage = os.wait4(child, 0)
    if status:
        raise SystemExit(f"the run failed: {status}")
    return usage.ru_maxrss * 1024 / 1e6


def main() -> None:
    """Print both peaks and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=5_000_000)
    parser.add_argument("--short", type=int, default=100_000)
    parser.add_argument("--model", default="ngram")
    parser.add_argument("--suffix", default=".csv", help="of the output: .csv, .csv.gz or .csv.zst")
    options = parser.parse_args()
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for rows in (options.short, options.rows):
            source, output = Path(folder) / f"{rows}.csv", Path(folder) / f"out{rows}{options.suffix}"
            write_rows(source, rows)
            found.append(peak(source, output, options.model))
            print(f"{rows:,} rows: {found[-1]:.0f} MB", flush=True)
    print(f"ratio {found[1] / found[0]:.3f}")


if __name__ == "__main__":
    main()
