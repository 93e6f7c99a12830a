"""The image encoder as an ONNX graph, in two steps so that memory stays bounded.

torch exports the structure alone, from a module on the meta device; then the weights are put in one at a time, straight
from the mapped checkpoint, transposed as the graph wants them and as float16 where that is asked for. ViT-H's
2.6 GB are in memory once, whatever torch's exporter makes of them.
"""

import copy
import hashlib
import logging
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn

from ...domain.frames import INPUT_SIDE
from ..graphs.onnx_builder import OPSET
from ..torch_sam.tiny_vit import fold_norms
from .progress import Say

INPUT, OUTPUT = "input", "output"  # as server/inference/encoder.py calls them
_HALF_FROM_ELEMENTS = 4096  # smaller tensors (biases, norms) cost nothing and stay float32
_LARGEST_FILE_BYTES = 2_000_000_000  # of protobuf, the format of .onnx files, less a margin
DATA_SUFFIX = ".data"


def write_encoder(
    encoder: nn.Module, path: Path, storage: str, metadata: Mapping[str, str], say: Say
) -> None:
    """Write the encoder with its weights to `path`, and beside it to `path`.data if it has more than 2 GB.

    Input `input` (1, 3, 1024, 1024), output `output` (1, 256, 64, 64), both float32; opset 20. `storage` fp16 keeps
    large weights as float16, which a Cast widens: arithmetic is float32 either way. Raises OSError.
    """
    if any(isinstance(module, nn.BatchNorm2d) for module in encoder.modules()):
        encoder = copy.deepcopy(encoder)  # TinyViT, 24 MB
        fold_norms(encoder)
    say("exporting the encoder's structure", 0.0)
    model = export_structure(encoder)
    say(f"putting the weights in as {storage}", 0.6)
    weights = {**dict(encoder.named_parameters()), **dict(encoder.named_buffers())}
    put_weights(model, weights, storage)
    model.producer_name = "samphire"
    helper.set_model_props(model, dict(metadata))
    save(model, path)


def export_structure(encoder: nn.Module) -> onnx.ModelProto:
    """The graph with every parameter and buffer of the encoder as an input of its name, and no weights.

    Constants are folded, what is dead or there twice is gone, every value has its shape, and nothing tells of the
    machine it was made on: torch notes the paths of its sources at every node.
    """
    from onnx_ir import to_proto
    from onnxscript import optimizer

    hollow = _on_meta(encoder)
    pixels = torch.zeros(1, 3, INPUT_SIDE, INPUT_SIDE, device="meta")
    with _quietly():
        program = torch.onnx.export(
            hollow, (pixels,), dynamo=True, opset_version=OPSET, input_names=[INPUT], output_names=[OUTPUT],
            optimize=False, verbose=False,
        )  # fmt: skip
        assert program is not None
        graph = program.model.graph
        names = {*dict(hollow.named_parameters()), *dict(hollow.named_buffers())}
        for name in [name for name in graph.initializers if name in names]:
            value: Any = graph.initializers.pop(name)
            value.const_value = None
            graph.inputs.append(value)
        optimizer.optimize_ir(program.model)
    model = onnx.shape_inference.infer_shapes(to_proto(program.model), check_type=True, strict_mode=True)
    for one in (
        model,
        model.graph,
        *model.graph.node,
        *model.graph.value_info,
        *model.graph.input,
        *model.graph.output,
    ):
        del one.metadata_props[:]
    return model


def put_weights(model: onnx.ModelProto, weights: Mapping[str, Tensor], storage: str) -> None:
    """Turn the graph's weight inputs into initialisers, in place; transpositions of weights are carried out."""
    graph = model.graph
    inputs = [one for one in graph.input if one.name not in weights]
    wanted = [one.name for one in graph.input if one.name in weights]
    del graph.input[:]
    graph.input.extend(inputs)
    users: dict[str, list[onnx.NodeProto]] = {}
    for node in graph.node:
        for name in node.input:
            users.setdefault(name, []).append(node)
    carried_out: set[str] = set()
    known: dict[
        tuple, str
    ] = {}  # content -> its name: every block has the same tables of distances and places
    nodes: list[onnx.NodeProto] = []
    for name in wanted:
        array = np.asarray(weights[name].detach())
        uses = users.get(name, [])
        if len(uses) == 1 and uses[0].op_type == "Transpose":
            carried_out.add(uses[0].name)
            name, array = uses[0].output[0], array.transpose(helper.get_node_attr_value(uses[0], "perm"))
            uses = users.get(name, [])
        array = np.ascontiguousarray(array)
        content = (array.dtype, array.shape, hashlib.sha256(array.tobytes()).digest())
        if content in known:
            for node in uses:
                node.input[:] = [known[content] if one == name else one for one in node.input]
            continue
        known[content] = name
        if storage == "fp16" and array.dtype == np.float32 and array.size >= _HALF_FROM_ELEMENTS:
            stored, array = f"{name}.f16", to_half(array)
            nodes.append(helper.make_node("Cast", [stored], [name], name=stored, to=TensorProto.FLOAT))
            name = stored
        graph.initializer.append(numpy_helper.from_array(array, name))
    nodes += [node for node in graph.node if node.name not in carried_out]
    del graph.node[:]
    graph.node.extend(nodes)


def save(model: onnx.ModelProto, path: Path) -> None:
    """One file, or two where one would be larger than the format allows."""
    stored = sum(len(one.raw_data) for one in model.graph.initializer)
    if stored < _LARGEST_FILE_BYTES:
        path.write_bytes(model.SerializeToString(deterministic=True))
        return
    data = path.name + DATA_SUFFIX
    onnx.save_model(model, str(path), save_as_external_data=True, location=data, size_threshold=4096)
    path.with_name(data).chmod(path.stat().st_mode)  # onnx makes it for its owner alone


def to_half(array: np.ndarray) -> np.ndarray:
    """float32 -> float16, what is too large for it at its ends rather than infinite."""
    most = np.finfo(np.float16).max
    return np.ascontiguousarray(array.clip(-most, most), np.float16)


def _on_meta(encoder: nn.Module) -> nn.Module:
    """The same module without its numbers."""
    memo = {
        id(tensor): _hollow(tensor) for tensor in [*encoder.parameters(), *encoder.buffers()]
    }  # what deepcopy takes instead of copying
    return copy.deepcopy(encoder, memo)


def _hollow(tensor: Tensor) -> Tensor:
    empty = torch.empty_like(tensor, device="meta")
    return nn.Parameter(empty, requires_grad=False) if isinstance(tensor, nn.Parameter) else empty


@contextmanager
def _quietly() -> Iterator[None]:
    """Without what the exporter logs about packages that are not there and Python's future."""
    logger = logging.getLogger("torch.onnx")
    before = logger.level
    logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(before)
