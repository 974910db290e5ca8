"""A tuned encoder as one ONNX file: exported for one text, fused, quantised."""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.matmul_nbits_quantizer import MatMulNBitsQuantizer
from onnxruntime.transformers.fusion_options import FusionOptions
from onnxruntime.transformers.optimizer import optimize_model
from torch import Tensor, nn
from transformers import AutoModel

from stancekit.features._encoder_session import STATES, VECTOR

OPSET = 20
EIGHT_BIT_BLOCK = 128
"""How many 8-bit weights share one scale."""
SMALLEST_VOCABULARY = 1000
"""Word embeddings have more rows than this, all other embeddings fewer."""
MATRICES = {"attention": 4, "feed_forward": 2}
"""Weight matrices of a layer: query, key, value and output; in and out."""
INT8_ACTIVATIONS = 4
"""MatMulNBits's accuracy level at which activations, too, are 8-bit integers, scaled block by block."""


@dataclass(frozen=True)
class FourBit:
    """Which weights are stored in 4 bits; all others are in 8.

    Attributes
    ----------
    feed_forward, attention : collection of int
        The layers, from 0, whose weights of that kind are.
    block : int
        How many of them share one scale.
    embedding_block : int or None
        The same for the word embeddings; None leaves those in 8 bits.
    """

    feed_forward: Collection[int] = ()
    attention: Collection[int] = ()
    block: int = 32
    embedding_block: int | None = None


class _OneText(nn.Module):
    """States of one unpadded text and their mean: every token counts, so there is no mask."""

    def __init__(self, encoder: nn.Module) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, input_ids: Tensor, token_type_ids: Tensor | None = None) -> tuple[Tensor, Tensor]:
        inputs = {"input_ids": input_ids, "attention_mask": torch.ones_like(input_ids)}
        if token_type_ids is not None:
            inputs["token_type_ids"] = token_type_ids
        states = self.encoder(**inputs).last_hidden_state
        return states.mean(1), states


def export_encoder(encoder: Path, out: Path, four_bit: FourBit) -> None:
    """Write ``out``, an ONNX graph from ``input_ids`` (1, length) to a vector and states, of a Hugging Face folder."""
    backbone = AutoModel.from_pretrained(encoder, add_pooling_layer=False).eval()
    config = backbone.config
    with tempfile.TemporaryDirectory() as folder:
        plain, fused = Path(folder) / "plain.onnx", Path(folder) / "fused.onnx"
        _export(backbone, getattr(config, "type_vocab_size", 0) > 1, plain)
        options = FusionOptions("bert")
        options.enable_embed_layer_norm = False
        optimised = optimize_model(
            str(plain),
            model_type="bert",
            num_heads=config.num_attention_heads,
            hidden_size=config.hidden_size,
            optimization_options=options,
            opt_level=1,
        )
        model = optimised.model
        groups = _weight_groups(model)
        few = [name for layer, name in groups["feed_forward"] if layer in four_bit.feed_forward]
        few += [name for layer, name in groups["attention"] if layer in four_bit.attention]
        rest = [name for kind in ("feed_forward", "attention") for _, name in groups[kind] if name not in few]
        if few:
            model = _in_blocks(model, "MatMul", few, bits=4, block=four_bit.block)
        if rest:
            model = _in_blocks(model, "MatMul", rest, bits=8, block=EIGHT_BIT_BLOCK)
        if four_bit.embedding_block and groups["embeddings"]:
            model = _in_blocks(model, "Gather", groups["embeddings"], bits=4, block=four_bit.embedding_block)
        if four_bit.embedding_block or not groups["embeddings"]:
            onnx.save(model, out)
        else:
            onnx.save(model, fused)
            quantize_dynamic(fused, out, weight_type=QuantType.QInt8, nodes_to_quantize=groups["embeddings"])


def _export(backbone: nn.Module, uses_types: bool, out: Path) -> None:
    example = torch.tensor([[5, 6, 7, 8, 9, 10, 11]])
    names = ("input_ids", "token_type_ids") if uses_types else ("input_ids",)
    inputs = (example, torch.zeros_like(example))[: len(names)]
    length = torch.export.Dim("length", min=2, max=510)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the exporter's notes on names of axes
        program = torch.onnx.export(
            _OneText(backbone),
            inputs,
            dynamo=True,
            input_names=list(names),
            output_names=[VECTOR, STATES],
            dynamic_shapes=tuple({1: length} for _ in names),
            opset_version=OPSET,
            external_data=False,
            verbose=False,
        )
    program.save(out)


def _weight_groups(model: onnx.ModelProto) -> dict[str, list]:
    """Names of the nodes that use stored weight matrices, by where they stand; those of layers with their layer."""
    stored = {tensor.name: list(tensor.dims) for tensor in model.graph.initializer}
    groups: dict[str, list] = {"feed_forward": [], "attention": [], "embeddings": []}
    for node in model.graph.node:
        shapes = [stored[name] for name in node.input if name in stored and len(stored[name]) == 2]
        if node.op_type == "MatMul" and shapes:
            if shapes[0][0] == shapes[0][1]:
                groups["attention"].append((len(groups["attention"]) // MATRICES["attention"], node.name))
            else:
                groups["feed_forward"].append((len(groups["feed_forward"]) // MATRICES["feed_forward"], node.name))
        elif node.op_type == "Gather" and shapes and shapes[0][0] > SMALLEST_VOCABULARY:
            groups["embeddings"].append(node.name)
    return groups


def _in_blocks(model: onnx.ModelProto, kind: str, names: list[str], *, bits: int, block: int) -> onnx.ModelProto:
    """Store the weights of the named nodes as integers with one scale a block of them."""
    quantiser = MatMulNBitsQuantizer(
        model,
        bits=bits,
        block_size=block,
        is_symmetric=True,
        accuracy_level=INT8_ACTIVATIONS,
        nodes_to_exclude=[node.name for node in model.graph.node if node.op_type == kind and node.name not in names],
        op_types_to_quantize=(kind,),
        quant_axes=(("MatMul", 0), ("Gather", 1)),
    )
    quantiser.process()
    return quantiser.model.model
