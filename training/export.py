r"""Turn a fine-tuned encoder into a model folder that needs neither torch nor transformers.

    python training/export.py --run runs/encoder --name encoder --out stancekit/models/encoder \
        --four-bit-feed-forward 3-7 --four-bit-attention 4-7 --four-bit-block 64 --embedding-block 64

The graph is exported for one text at a time (no padding, no attention mask: a text's answer cannot depend on
its neighbours), fused by ONNX Runtime's transformer optimiser and quantised in blocks: 8-bit integers, but
4-bit ones where the --four-bit options say. Layers are counted from 0; the lowest bear 4 bits worst.
Activations are 8-bit integers, scaled block by block of the row that they stand in. The head is the tuning's
own linear layer; its temperature is fitted on the calibration split. Prints the parity with torch.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm
from transformers import AutoTokenizer

from stancekit import save_model
from stancekit.features._encoder_block import EncoderBlock
from stancekit.features._encoder_session import EncoderSession
from stancekit.labels import LABELS, NEUTRAL_TYPES, SPAN_TAGS
from stancekit.scoring import LinearHead, StanceModel
from stancetrain.console import run
from stancetrain.details import detail_heads
from stancetrain.examples import statement_examples
from stancetrain.fixtures import FIXTURES, Fixture, read_fixtures
from stancetrain.onnx_export import FourBit, export_encoder
from stancetrain.recipe import Recipe
from stancetrain.shipped import calibrated
from stancetrain.tuning import HEADS, StanceNetwork, predict_logits

MAX_TOKENS = 256
PARITY_ROWS = 1500
"""Rows, evenly spaced over the fixtures, on which the export is compared with torch."""
ATTRIBUTION = {
    "encoder": "Fine-tuned from sentence-transformers/all-mpnet-base-v2 (Apache-2.0); see NOTICE.",
    "fixtures": "Trained on fixtures written for stancekit.",
}


def layers(named: str) -> list[int]:
    """The layers of ``FIRST-LAST``."""
    first, _, last = named.partition("-")
    return list(range(int(first), int(last or first) + 1))


def heads_of(folder: Path, labelled: list[Fixture]) -> dict[str, LinearHead]:
    """The tuning's own linear layers, as stored heads."""
    stances = _shares([f.row.label for f in labelled], LABELS)
    types = _shares([f.row.neutral_type for f in labelled if f.row.neutral_type], NEUTRAL_TYPES)
    # a blank text has no token, so tags need no prior
    kinds = {
        "statement": (LABELS, stances),
        "target": (LABELS, stances),
        "neutral_type": (NEUTRAL_TYPES, types),
        "span": (SPAN_TAGS, np.full(len(SPAN_TAGS), 1 / len(SPAN_TAGS))),
    }
    with np.load(folder / HEADS) as arrays:
        return {
            name: LinearHead(
                classes,
                arrays[f"{name}_coef"].T.astype(np.float64),
                arrays[f"{name}_intercept"].astype(np.float64),
                prior,
            )
            for name, (classes, prior) in kinds.items()
        }


def _shares(labels: list[str | None], classes: tuple[str, ...]) -> np.ndarray:
    counts = np.bincount([classes.index(label or "") for label in labels], minlength=len(classes))
    return counts / max(1, counts.sum())


def parity(model: StanceModel, run: Path, fixtures: list[Fixture], trained_on: list[str]) -> dict[str, float]:
    """Agreement of the exported model with the network it came from, on rows evenly spaced over the fixtures.

    Given apart for rows that it was not tuned on: there it is less sure, and a little moves a label.
    """
    chosen = fixtures[:: max(1, len(fixtures) // PARITY_ROWS)]
    network = StanceNetwork.from_folder(str(run / "encoder"), Recipe())
    network.load_heads(run / HEADS)
    tokenizer = AutoTokenizer.from_pretrained(run / "encoder")
    theirs = predict_logits(network, tokenizer, statement_examples(chosen, Recipe()), MAX_TOKENS)
    texts = [f.row.text for f in chosen]
    step = 64
    parts = [model.decision_function(texts[i : i + step]) for i in tqdm(range(0, len(texts), step), desc="parity")]
    ours = np.concatenate(parts)
    same = ours.argmax(1) == theirs.argmax(1)
    held_out = np.array([f.split not in trained_on for f in chosen])
    return {
        "rows": len(chosen),
        "same_label": round(float(same.mean()), 4),
        "rows_held_out": int(held_out.sum()),
        "same_label_held_out": round(float(same[held_out].mean()), 4),
        "mean_logit_difference": round(float(np.abs(ours - theirs).mean()), 4),
        "largest_logit_difference": round(float(np.abs(ours - theirs).max()), 3),
    }


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--run", type=Path, required=True, help="a folder that finetune.py wrote")
    parser.add_argument("--name", required=True)
    parser.add_argument("--version", default="1.0.0")
    parser.add_argument("--fixtures", type=Path, default=FIXTURES)
    parser.add_argument("--four-bit-feed-forward", type=layers, default=[], metavar="FIRST-LAST")
    parser.add_argument("--four-bit-attention", type=layers, default=[], metavar="FIRST-LAST")
    parser.add_argument("--four-bit-block", type=int, default=32, metavar="N", help="N weights of a layer a scale")
    parser.add_argument("--embedding-block", type=int, metavar="N", help="word embeddings in 4 bits, N weights a scale")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--overwrite", action="store_true")
    options = parser.parse_args(argv)
    record: dict[str, Any] = json.loads((options.run / "run.json").read_text(encoding="utf-8"))
    fixtures = read_fixtures(options.fixtures)
    with tempfile.TemporaryDirectory() as staging:
        graph = Path(staging) / "encoder.onnx"
        four_bit = FourBit(
            options.four_bit_feed_forward, options.four_bit_attention, options.four_bit_block, options.embedding_block
        )
        export_encoder(options.run / "encoder", graph, four_bit)
        session = EncoderSession(graph, options.run / "encoder" / "tokenizer.json", MAX_TOKENS)
        splits = record["recipe"]["train_on"].split("+")
        heads = heads_of(options.run, [f for f in fixtures if f.split in splits])
        block = EncoderBlock(session, heads["statement"].coef.shape[0])
        target_head = heads["target"] if record["recipe"]["target_weight"] > 0 else None
        model = StanceModel(options.name, options.version, (block,), heads["statement"], target_head=target_head)
        held_out = [f for f in fixtures if f.split == "calibration"]
        details: dict[str, Any] = {}
        if record["recipe"]["span_weight"] > 0:
            found, details = detail_heads(session, heads["neutral_type"], heads["span"], held_out)
            model = replace(model, detail_heads=found)
        model = calibrated(
            model,
            held_out,
            lambda examples: session.vectors(
                [e.text for e in examples], [e.second or "" for e in examples] if examples[0].second else None
            ),
        )
        agreement = parity(model, options.run, fixtures, splits)
        manifest = {
            "trained_on": {
                key: record[key] for key in ("encoder", "recipe", "seed", "fixtures_sha256", "examples", "versions")
            },
            "metrics": {"validation": record["scores"], "parity_with_torch": agreement, "details": details},
            "quantised": {"four_bit": asdict(four_bit)},
            "thresholds": {"min_confidence": None},
            "licence": "Apache-2.0",
            "attribution": ATTRIBUTION,
        }
        saved = save_model(replace(model, manifest=manifest), options.out, overwrite=options.overwrite)
    size = sum(path.stat().st_size for path in options.out.iterdir()) / 1e6
    print(f"{options.out}: {saved.name} {saved.version}, {size:.1f} MB, sha256 {saved.sha256}")
    print(f"parity with torch: {agreement}")
    print(f"targets and neutral types: {details}")
    return 0


if __name__ == "__main__":
    sys.exit(run(main))
