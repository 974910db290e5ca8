"""Statements per CPU-second of each installed model, and of its peers, in one run on the same rows.

    python docs/benchmarks/speed.py [--peer ENCODER_FOLDER] > docs/benchmarks/speed.md

One thread. Peers: VADER, and with --peer sentence-transformers on torch with the encoder that the folder holds.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[name] = "1"

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "training"))


def rate(work: Callable[[list[str]], object], texts: list[str]) -> float:
    """Texts per second of processor time, after a warm-up."""
    work(texts[:8])
    started = time.process_time()
    work(texts)
    return len(texts) / (time.process_time() - started)


def wall(command: list[str]) -> float:
    """The fastest of five runs of a command, in seconds."""
    best = float("inf")
    for _ in range(5):
        started = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        best = min(best, time.perf_counter() - started)
    return best


def processor() -> str:
    """What decides most about the speed of the quantised encoders, where Linux tells it."""
    told = Path("/proc/cpuinfo")
    if not told.exists():
        return ""
    has = "with" if "vnni" in told.read_text(encoding="utf-8") else "without"
    return f"On a processor {has} VNNI, instructions for sums of bytes, which only the quantised encoders use."


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peer", action="append", default=[], metavar="NAME=FOLDER", help="an encoder for torch")
    parser.add_argument("--rows", type=int, default=600)
    options = parser.parse_args()
    from stancekit import load_model, shipped_models
    from stancekit.artifact import model_folder
    from stancekit.scoring import StanceModel
    from stancetrain.fixtures import read_fixtures

    fixtures = read_fixtures(kinds=["documents"], splits=["validation"])
    texts = [f.row.text for f in fixtures][: options.rows]
    rows: dict[str, float] = {}
    for name in shipped_models():
        model = load_model(name)
        for part in (model,) if isinstance(model, StanceModel) else (model.first, model.second):
            if part.encoder is not None:
                part.encoder.session.workers = 1
        rows[f"stancekit `{name}`"] = rate(model.predict_proba, texts)
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    analyser = SentimentIntensityAnalyzer()
    rows["VADER"] = rate(lambda batch: [analyser.polarity_scores(text) for text in batch], texts)
    for peer in options.peer:
        label, _, folder = peer.partition("=")
        import torch
        from sentence_transformers import SentenceTransformer

        torch.set_num_threads(1)
        network = SentenceTransformer(folder, device="cpu")
        rows[f"sentence-transformers on torch, {label}"] = rate(network.encode, texts)
    print("# Speed\n\n    python docs/benchmarks/speed.py --rows 150 --peer mpnet=FOLDER > docs/benchmarks/speed.md\n")
    kernel = "with" if find_spec("stancekit_fast") else "without"
    print(f"{len(texts)} sentences of validation documents, one thread, one run, {kernel} stancekit-fast.")
    print(f"Ratios count, not seconds. {processor()}\n")
    print("| what | statements per CPU-second |\n| --- | --- |")
    for label, value in rows.items():
        print(f"| {label} | {value:,.{0 if value > 100 else 1}f} |")
    print("\n## Start-up and size\n\n| what | |\n| --- | --- |")
    print(f"| `import stancekit` | {wall([sys.executable, '-c', 'import stancekit']):.2f} s with Python's own start |")
    with tempfile.TemporaryDirectory() as folder:
        small = Path(folder) / "ten.csv"
        lines = (ROOT / "fixtures" / "demo" / "statements.csv").read_text(encoding="utf-8").splitlines()[:11]
        small.write_text("\n".join(lines) + "\n", encoding="utf-8")
        for name in shipped_models():
            out = str(Path(folder) / "out.csv")
            command = [
                sys.executable,
                "-m",
                "stancekit",
                "predict",
                str(small),
                "-o",
                out,
                "--overwrite",
                "--model",
                name,
            ]
            print(f"| `stancekit predict` on ten rows, `{name}`, cold start | {wall(command):.2f} s |")
    for name in shipped_models():
        size = sum(path.stat().st_size for path in model_folder(name).iterdir()) / 1e6
        print(f"| folder of `{name}` | {size:.1f} MB |")


if __name__ == "__main__":
    main()
