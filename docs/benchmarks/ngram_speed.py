"""Statements per CPU-second of the `ngram` model and its peers, side by side in one run, and what they load.

    python docs/benchmarks/ngram_speed.py > docs/benchmarks/ngram_speed.md

Needs `stancekit-fast`, `vaderSentiment` and `fasttext` beside the training extra. One thread each, processor time.
Rounds take turns, so that a machine that is busy for a while is busy for all; the median of the rounds counts.
"""

from __future__ import annotations

import argparse
import csv
import os
import statistics
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stancekit.scoring import StanceModel

for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[name] = "1"

ROUNDS = 3


def seconds(work: Callable[[], object]) -> float:
    """Processor seconds of one call."""
    started = time.process_time()
    work()
    return time.process_time() - started


def scikit_learn(texts: list[str], labels: list[str]) -> Callable[[list[str]], list[str]]:
    """TfidfVectorizer and logistic regression: words and characters of the model's sizes, no cues."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline, make_union

    words = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True, token_pattern=r"(?u)\b\w+\b")
    characters = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), min_df=2, sublinear_tf=True)
    pipeline = make_pipeline(make_union(words, characters), LogisticRegression(max_iter=20))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pipeline.fit(texts, labels)

    def predict(batch: list[str]) -> list[str]:
        return pipeline.classes_[pipeline.predict_proba(batch).argmax(axis=1)].tolist()

    return predict


def vader(texts: list[str], labels: list[str]) -> Callable[[list[str]], list[str]]:
    """VADER: the compound score with its usual thresholds."""
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    analyser = SentimentIntensityAnalyzer()

    def label(score: float) -> str:
        return "endorsement" if score >= 0.05 else "concern" if score <= -0.05 else "neutrality"

    return lambda batch: [label(analyser.polarity_scores(text)["compound"]) for text in batch]


def fast_text(texts: list[str], labels: list[str]) -> Callable[[list[str]], list[str]]:
    """fastText: dim 100, wordNgrams 2, minn 3, maxn 5."""
    import fasttext

    with tempfile.TemporaryDirectory() as folder:
        lines = [f"__label__{label} {' '.join(text.split())}\n" for text, label in zip(texts, labels, strict=True)]
        path = Path(folder) / "train.txt"
        path.write_text("".join(lines), encoding="utf-8")
        model = fasttext.train_supervised(
            str(path), dim=100, wordNgrams=2, minn=3, maxn=5, bucket=50_000, epoch=1, lr=0.01, thread=1, verbose=0
        )
    return lambda batch: [found[0] for found in model.predict([" ".join(text.split()) for text in batch])[0]]


def file_to_file(predict: Callable[[list[str]], list[str]], source: Path, target: Path) -> None:
    """What a user writes around a peer: the csv module, a thousand rows at a time."""
    with (
        source.open(encoding="utf-8", newline="") as given,
        target.open("w", encoding="utf-8", newline="") as stream,
    ):
        reader, writer = csv.reader(given), csv.writer(stream)
        writer.writerow([*next(reader), "label"])
        rows = list(reader)
        for start in range(0, len(rows), 1000):
            part = rows[start : start + 1000]
            writer.writerows([*row, label] for row, label in zip(part, predict([row[1] for row in part]), strict=True))


def stancekit_model(switch: str) -> StanceModel:
    """The model with the kernel or without it, ready and with nothing of the texts kept."""
    from stancekit import load_model
    from stancekit.features._kernel import SWITCH, kernel

    os.environ[SWITCH] = switch
    if switch == "on" and kernel() is None:
        raise SystemExit("stancekit-fast is not installed: pip install ./fast")
    model = load_model("ngram")
    model.predict_proba(["We welcome it."])
    return model


def measured(texts: list[str], labels: list[str], folder: Path) -> dict[str, tuple[float, float]]:
    """Rows per processor second, file to file and in memory, of each contestant."""
    from stancekit import predict_file

    source, target = folder / "in.csv", folder / "out.csv"
    with source.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([("id", "text"), *enumerate(texts)])
    peers = {make.__doc__.split(":")[0].rstrip("."): make(texts, labels) for make in (scikit_learn, vader, fast_text)}
    files: dict[str, list[float]] = {}
    memory: dict[str, list[float]] = {}
    for _ in range(ROUNDS):
        for switch, name in (("on", "stancekit `ngram` with stancekit-fast"), ("off", "stancekit `ngram`")):
            model = stancekit_model(switch)
            work = partial(predict_file, source, target, model=model, overwrite=True)
            files.setdefault(name, []).append(seconds(work))
            memory.setdefault(name, []).append(seconds(partial(stancekit_model(switch).predict_proba, texts)))
        for name, predict in peers.items():
            files.setdefault(name, []).append(seconds(partial(file_to_file, predict, source, target)))
            memory.setdefault(name, []).append(seconds(partial(predict, texts)))
    return {
        name: (len(texts) / statistics.median(files[name]), len(texts) / statistics.median(memory[name]))
        for name in files
    }


def main() -> None:
    """Print the table."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "training"))
    from stancetrain.fixtures import read_fixtures

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, help="the first so many texts (default: all)")
    fixtures = read_fixtures()[: parser.parse_args().rows]
    texts, labels = [f.row.text for f in fixtures], [f.row.label for f in fixtures]
    with tempfile.TemporaryDirectory() as folder:
        rates = measured(texts, labels, Path(folder))
    slowest = rates["TfidfVectorizer and logistic regression"][0]
    lines = [
        "# Speed of the `ngram` model",
        "",
        "    python docs/benchmarks/ngram_speed.py > docs/benchmarks/ngram_speed.md",
        "",
        f"{len(texts):,} texts of the fixtures, each once, {statistics.mean(map(len, texts)):.0f} characters on",
        "average, in one CSV file;",
        f"the median of {ROUNDS} rounds in turns, one thread, processor time. Models are loaded before.",
        "File to file, a peer has the csv module around it and writes a label; stancekit writes six columns.",
        "scikit-learn has word and character n-grams of the same sizes and no cues.",
        "",
        "| what | rows per CPU-second, file to file | times scikit-learn | texts in memory |",
        "| --- | --- | --- | --- |",
    ]
    print(*lines, sep="\n")
    for name, (whole, bare) in rates.items():
        print(f"| {name} | {whole:,.0f} | {whole / slowest:.1f} | {bare:,.0f} |")


if __name__ == "__main__":
    main()
