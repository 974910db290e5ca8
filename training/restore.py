"""Turn a shipped encoder back into a folder that finetune.py can start from.

    python training/restore.py --model encoder-large --base runs/encoders/mpnet --out runs/encoder-large

Its weights and heads are those of the model, up to their quantisation; configuration and tokeniser are the base's.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np

from stancekit.artifact import ENCODER, load_model, model_folder
from stancekit.errors import InputError
from stancekit.scoring import StanceModel
from stancetrain.console import run
from stancetrain.onnx_restore import restore_encoder
from stancetrain.tuning import HEADS


def heads_of(model: StanceModel) -> dict[str, np.ndarray]:
    """Its linear heads as fine-tuning stores them; a head that it lacks begins with zeros."""
    heads = {"statement": model.head, "target": model.target_head}
    if model.detail_heads is not None:
        heads |= {"neutral_type": model.detail_heads.neutral_type, "span": model.detail_heads.span}
    arrays = {}
    for name, head in heads.items():
        known = head is not None
        arrays[f"{name}_coef"] = head.coef.T if known else np.zeros_like(model.head.coef.T)
        arrays[f"{name}_intercept"] = head.intercept if known else np.zeros_like(model.head.intercept)
    return {name: array.astype(np.float32) for name, array in arrays.items()}


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True, help="a shipped model's name, or a model folder")
    parser.add_argument("--base", type=Path, required=True, help="the Hugging Face folder that it was tuned from")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args(argv)
    if options.out.exists():
        raise InputError(f"{options.out} exists; give another --out")
    graph = model_folder(options.model) / ENCODER
    if not graph.is_file():
        raise InputError(f"the model {options.model!r} has no encoder")
    restore_encoder(graph, options.base, options.out)
    np.savez(options.out / HEADS, **heads_of(load_model(options.model)))
    print(f"{options.out}: the encoder of {options.model}")
    return 0


if __name__ == "__main__":
    sys.exit(run(main))
