"""Write docs/model-card.md from the manifests and fresh scores.

    python training/model_card.py [--real FILE.jsonl]

Scores every installed model on the documents of the test split and, with --real, on real text that is kept
outside the project (its figures are marked so). Without --real the figures on real text that the card holds
already are kept. The figures of papers (`stancekit info --cite`) go to stancekit/models/accuracy.json.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path
from typing import Any

from evaluate import on_file, on_fixtures

from stancekit import load_model, shipped_models
from stancekit.artifact import model_folder
from stancekit.citation import ACCURACY
from stancekit.report.evaluation import Evaluation
from stancekit.scoring import Model
from stancetrain.console import run
from stancetrain.fixtures import FIXTURES

CARD = Path(__file__).resolve().parents[1] / "docs" / "model-card.md"
SUITES = CARD.parent / "benchmarks" / "suites.md"
REAL = re.compile(r"<!-- real -->\n.*?<!-- /real -->\n", re.DOTALL)

HEAD = """# Model card

Written by `python training/model_card.py --real FILE.jsonl`; change that script, not this page.

## What the models do

They label a foreign-policy statement in English as `endorsement`, `concern` (disapproval in any degree) or `neutrality`, by
`fixtures/CODEBOOK.md`. The label is about the position that the text takes, not about mood, cooperation or truth.

## Intended use

Research and analysis of official statements, debates, communiqués, news and commentary: counting positions over many texts
with an error that is measured and reported, finding passages to read, pre-coding for human coders.

## Not to be used for

- scoring or profiling private persons, activists or dissidents;
- sanctions screening, visa, security or credit decisions without a person's decision on the full text;
- languages other than English; text that is not about international affairs;
- counts presented without the confusion table below: shares of predicted labels are biased;
- reading the share of `neutrality` as non-alignment: most of it is plain fact and procedure.

## Data

Written documents and statements, composed and coded by language models for this project; no real sentence was used in
training or for any choice. Real text serves only to measure; it is not redistributed. See [datasheet](datasheet.md).

"""

TAIL = """
## Known limits

- The gold labels of the fixtures and of the real text were coded by language models from the codebook; agreement between
  such coders is not agreement between people.
- Neutral text with warm or gloomy words is the hardest: facts about a programme, a trial or an offensive.
- Irony, positions that need outside knowledge, and sentences of two minds are often wrong.
- A text beyond 256 tokens is labelled from its beginning by the encoders.
- The encoders compute in small whole numbers, which processors of different kinds round differently: scores move by
  up to 0.002.
- English only ([other languages](trust.md#texts-in-other-languages)).
- Whether concern is seen where there is none more often for some regions of the world than for others:
  [measured](benchmarks/false_concern.md).

## Licences

Apache-2.0. The encoders are modified from sentence-transformers models under Apache-2.0 (see NOTICE).
"""


def size_of(name: str) -> float:
    return sum(path.stat().st_size for path in model_folder(name).iterdir()) / 1e6


def overview(models: dict[str, Model]) -> list[str]:
    lines = [
        "## The models",
        "",
        "| model | version | size (MB) | trained on | SHA-256 of the manifest |",
        "| --- | --- | --- | --- | --- |",
    ]
    for name, model in models.items():
        trained: dict[str, Any] = model.manifest.get("trained_on", {})
        rows = trained.get("rows") or trained.get("examples")
        what = f"{rows:,} examples" if rows else "two models joined"
        lines.append(f"| {name} | {model.version} | {size_of(name):.1f} | {what} | `{model.sha256[:16]}…` |")
    return [*lines, ""]


def score_table(scores: dict[str, Evaluation]) -> list[str]:
    lines = [
        "| model | macro-F1 | accuracy | F1 concern | F1 endorsement | F1 neutrality | calibration error |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for name, one in scores.items():
        per_class = " | ".join(f"{one.classes[label].f1:.3f}" for label in ("concern", "endorsement", "neutrality"))
        lines.append(
            f"| {name} | {one.macro_f1:.3f} | {one.accuracy:.3f} | {per_class} | {one.calibration_error:.3f} |"
        )
    return [*lines, ""]


def group_table(scores: dict[str, Evaluation], title: str) -> list[str]:
    groups = sorted({group for one in scores.values() for group in one.groups})
    lines = [f"| {title} | rows | {' | '.join(scores)} |", f"| --- | --- |{' --- |' * len(scores)}"]
    for group in groups:
        parts = [one.groups[group] for one in scores.values()]
        lines.append(f"| {group} | {parts[0].n} | {' | '.join(f'{part.macro_f1:.3f}' for part in parts)} |")
    return [*lines, ""]


def real_text(everything: dict[str, list[Evaluation]]) -> list[str]:
    first = {name: parts[0] for name, parts in everything.items()}
    lines = ["<!-- real -->", "## Accuracy on real text", ""]
    lines += [
        f"{next(iter(first.values())).n} real statements, outside the project and not redistributed; labels by two coders.",
        "",
    ]
    lines += score_table(first)
    for k, title in enumerate(("kind", "difficulty")):
        if all(len(parts) > k for parts in everything.values()):
            lines += [f"Macro-F1 by {title}:", ""]
            lines += group_table({name: parts[k] for name, parts in everything.items()}, title)
    return [*lines, "<!-- /real -->", ""]


def accuracy_of(model: Model, written: Evaluation, real: Evaluation) -> dict[str, Any]:
    """What a paper says of a model."""
    return {
        "version": model.version,
        "sha256": model.sha256,
        "written": {"n": written.n, "macro_f1": round(written.macro_f1, 4)},
        "real": {"n": real.n, "macro_f1": round(real.macro_f1, 4)},
    }


def behaviour() -> str:
    """The newest table of the behavioural suites."""
    table = re.search(r"^\| suite .*?(?=\n\n)", SUITES.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    assert table is not None
    head = (
        "## Behavioural suites\n\nFrom [their page](benchmarks/suites.md), made by `python training/run_suites.py`.\n\n"
    )
    targets = "Stance toward a given target, and articles: [measured](benchmarks/articles.md).\n"
    return f"{head}{table.group()}\n\n{targets}"


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fixtures", type=Path, default=FIXTURES)
    parser.add_argument("--real", type=Path)
    parser.add_argument("--out", type=Path, default=CARD)
    options = parser.parse_args(argv)
    models = {name: load_model(name) for name in shipped_models()}
    scores = {name: on_fixtures(model, options.fixtures, "test") for name, model in models.items()}
    written = [
        "## Accuracy on written documents",
        "",
        "The documents of the fixtures' test split, in no training set.",
        "",
    ]
    written += [*score_table(scores), "Macro-F1 by genre:", "", *group_table(scores, "genre")]
    if options.real:
        everything = {name: on_file(model, options.real) for name, model in models.items()}
        real = "\n".join(real_text(everything))
        figures = {name: accuracy_of(model, scores[name], everything[name][0]) for name, model in models.items()}
        ACCURACY.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    else:
        kept = REAL.search(options.out.read_text(encoding="utf-8")) if options.out.exists() else None
        real = kept.group() if kept else ""
    options.out.write_text(
        HEAD + "\n".join([*overview(models), *written]) + "\n" + real + behaviour() + TAIL, encoding="utf-8"
    )
    print(f"wrote {options.out}")
    return 0


if __name__ == "__main__":
    sys.exit(run(main))
