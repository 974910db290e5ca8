"""The way back: a shipped encoder's graph as a Hugging Face folder that fine-tuning can start from."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import NodeProto, numpy_helper
from torch import nn
from transformers import AutoModel, AutoTokenizer

from stancekit.errors import InputError

PREFIX = "encoder."
"""How the exporter names what belongs to the backbone."""


def restore_encoder(graph: Path, base: Path, out: Path) -> None:
    """Write ``out``, the backbone that ``graph`` was exported from, up to its quantisation.

    Parameters
    ----------
    graph : Path
        An ``encoder.onnx`` that :func:`stancetrain.onnx_export.export_encoder` wrote.
    base : Path
        The Hugging Face folder that the encoder was tuned from: its configuration and tokeniser.
    out : Path

    Raises
    ------
    InputError
        If the graph does not hold all weights of the base's architecture.
    """
    backbone = AutoModel.from_pretrained(base, add_pooling_layer=False)
    weights = _weights(onnx.load(graph), backbone.encoder.layer[0])
    layers = 1 + max(int(name.split(".layer.")[1].split(".")[0]) for name in weights if ".layer." in name)
    del backbone.encoder.layer[layers:]
    backbone.config.num_hidden_layers = layers
    expected = {name for name, _ in backbone.named_parameters()}
    if missing := sorted(expected - set(weights)):
        raise InputError(f"{graph}: not an export of the architecture of {base}; it lacks {', '.join(missing[:3])}")
    backbone.load_state_dict({name: torch.from_numpy(weights[name]) for name in expected}, strict=False)
    backbone.save_pretrained(out)
    AutoTokenizer.from_pretrained(base).save_pretrained(out)


def _weights(model: onnx.ModelProto, layer: nn.Module) -> dict[str, np.ndarray]:
    linear = {name: part for name, part in layer.named_modules() if isinstance(part, nn.Linear)}
    names = {
        square: [name for name, part in linear.items() if (part.in_features == part.out_features) == square]
        for square in (True, False)
    }
    stored = {tensor.name: tensor for tensor in model.graph.initializer}
    weights = {
        name.removeprefix(PREFIX): numpy_helper.to_array(tensor).astype(np.float32)
        for name, tensor in stored.items()
        if name.startswith(PREFIX) and not name.endswith(("_Q4", "_Q8", "_scales"))
    }
    matrices: dict[bool, list[np.ndarray]] = {True: [], False: []}
    for node in model.graph.node:
        if node.op_type == "MatMulNBits":
            matrix = _matrix(node, *(numpy_helper.to_array(stored[name]) for name in node.input[1:3]))
            matrices[matrix.shape[0] == matrix.shape[1]].append(matrix)
        elif node.op_type == "GatherBlockQuantized":
            table, scales = node.input[0], numpy_helper.to_array(stored[node.input[2]])
            codes = numpy_helper.to_array(stored[table]).astype(np.float32)
            blocks = codes.reshape(*scales.shape, -1) * scales[..., None]
            weights[table.removeprefix(PREFIX).removesuffix("_Q4")] = blocks.reshape(codes.shape)
    # the graph runs through the layers in order, and in each through the linear parts as they are declared
    for square, found in matrices.items():
        for place, matrix in enumerate(found):
            depth, which = divmod(place, len(names[square]))
            weights[f"encoder.layer.{depth}.{names[square][which]}.weight"] = matrix
    return weights


def _matrix(node: NodeProto, codes: np.ndarray, scales: np.ndarray) -> np.ndarray:
    """Weights of shape (outputs, inputs) of a MatMulNBits node, symmetric in blocks along the inputs."""
    settings = {attribute.name: attribute.i for attribute in node.attribute}
    if settings["bits"] == 4:
        codes = np.stack([codes & 15, codes >> 4], axis=-1).reshape(*codes.shape[:-1], -1)
    middle = 1 << (settings["bits"] - 1)
    blocks = (codes.astype(np.float32) - middle) * scales.reshape(*codes.shape[:2], 1)
    return blocks.reshape(settings["N"], -1)[:, : settings["K"]].copy()
