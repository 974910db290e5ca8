"""What a run over a file adds to the encoder's own work, and what a second worker brings.

    python docs/benchmarks/encoder_speed.py > docs/benchmarks/encoder_speed.md

Both are ratios of one run. The second needs two processors with nothing else to do; where they share a core, or
something else runs, it says what that machine gives.
"""

from __future__ import annotations

import argparse
import csv
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "training"))

ROUNDS = 3


def elapsed(clock: Callable[[], float], work: Callable[[], object]) -> float:
    """Seconds of one call by a clock."""
    started = clock()
    work()
    return clock() - started


def fed(session: Any, feeds: list[dict[str, Any]]) -> None:
    """The bare session: token ids in, vectors out."""
    for feed in feeds:
        session.run(["vector"], feed)


def main() -> None:
    """Print the table."""
    import onnxruntime

    from stancekit import load_model, predict_file
    from stancetrain.fixtures import read_fixtures

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="encoder")
    parser.add_argument("--rows", type=int, default=150)
    options = parser.parse_args()
    fixtures = read_fixtures(kinds=["documents"], splits=["validation"])
    texts = list(dict.fromkeys(f.row.text for f in fixtures))[: options.rows]
    model = load_model(options.model)
    encoder = model.encoder.session
    one_thread = onnxruntime.SessionOptions()
    one_thread.intra_op_num_threads = one_thread.inter_op_num_threads = 1
    bare = onnxruntime.InferenceSession(str(encoder.graph), one_thread, providers=["CPUExecutionProvider"])
    feeds = list(encoder._inputs(texts, None))
    fed(bare, feeds[:8])
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "in.csv", Path(folder) / "out.csv"
        with source.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows([("id", "text"), *enumerate(texts)])
        run = partial(predict_file, source, target, model=model, overwrite=True)
        share, gain = [], []
        for _ in range(ROUNDS):
            ids = elapsed(time.process_time, partial(fed, bare, feeds))
            share.append(ids / elapsed(time.process_time, partial(run, workers=1)))
            alone = elapsed(time.perf_counter, partial(run, workers=1))
            gain.append(alone / elapsed(time.perf_counter, partial(run, workers=2)))
    print(
        f"# Speed of `{options.model}` over a file",
        "",
        "    python docs/benchmarks/encoder_speed.py > docs/benchmarks/encoder_speed.md",
        "",
        f"{len(texts)} sentences of validation documents, each once; the median of {ROUNDS} rounds.",
        "",
        "| what | ratio |",
        "| --- | --- |",
        "| rows per CPU-second, file to file, against the bare session fed with ready token ids "
        f"| {statistics.median(share):.2f} |",
        f"| rows per second with two workers against one | {statistics.median(gain):.2f} |",
        sep="\n",
    )


if __name__ == "__main__":
    main()
