"""kill -9 at random moments, then --resume: is the output the same as that of a run that nothing disturbed?

    python docs/benchmarks/kill_resume.py [--kills 20] [--rows 20000] [--model ngram] [--suffix .csv]

Statements of the fixtures, numbered, so that none repeats. The moments are spread over the time that the whole run
takes, and many come between two saved states (one every five seconds; here every tenth of one).
"""

from __future__ import annotations

import argparse
import csv
import random
import subprocess
import sys
import tempfile
import time
from itertools import cycle, islice
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

RUN = """
import sys
from stancekit.batch import unfinished
from stancekit.cli.main import main
unfinished.SAVE_SECONDS = 0.1
sys.exit(main(sys.argv[1:]))
"""


def write_rows(path: Path, rows: int) -> None:
    """A table of numbered statements."""
    with (ROOT / "fixtures" / "demo" / "statements.csv").open(encoding="utf-8", newline="") as stream:
        texts = [row["text"] for row in csv.DictReader(stream)]
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["id", "text"])
        writer.writerows((i, f"{text} ({i})") for i, text in enumerate(islice(cycle(texts), rows)))


def main() -> int:
    """Kill, resume, compare; 0 if all bytes are the same."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--model", default="ngram")
    parser.add_argument("--suffix", default=".csv", help="of the output: .csv, .csv.gz or .csv.zst")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    with tempfile.TemporaryDirectory() as folder:
        source, whole = Path(folder) / "in.csv", Path(folder) / f"whole{options.suffix}"
        write_rows(source, options.rows)
        command = [sys.executable, "-c", RUN, "predict", str(source), "--model", options.model, "--quiet"]
        started = time.perf_counter()
        subprocess.run([*command, "-o", str(whole)], check=True)
        seconds = time.perf_counter() - started
        same = killed = 0
        for i in range(options.kills):
            out = Path(folder) / f"out{i}{options.suffix}"
            with subprocess.Popen([*command, "-o", str(out), "--resume"]) as child:
                time.sleep(chance.uniform(0, seconds))
                killed += child.poll() is None
                child.kill()
            if not out.exists():
                subprocess.run([*command, "-o", str(out), "--resume"], check=True)
            same += out.read_bytes() == whole.read_bytes()
            out.unlink()
    print(f"{options.kills} runs, {killed} killed before their end, {same} with the same bytes")
    return 0 if same == options.kills else 1


if __name__ == "__main__":
    sys.exit(main())
