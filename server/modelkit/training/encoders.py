"""A segmenter's image encoder in PyTorch, from its installed network; and that network again with other weights.

Of two kinds of networks all weights can be read: TinyViT as `graphs/encoder_graph.py` builds it, those of products on
bytes as exact as these bytes are, and what `samphire export` makes of a checkpoint in floats. segmenter.json says so.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np
import onnx
import torch
from google.protobuf.message import DecodeError
from onnx import ModelProto, NodeProto, TensorProto, numpy_helper
from torch import Tensor, nn

from ...errors import UnsupportedSegmenter
from ...inference.catalog import SegmenterSpec
from ..export.encoder_graph import save, to_half
from ..graphs.encoder_graph import build_encoder as build_tiny_vit
from ..graphs.encoder_quantization import ByteWeight
from ..graphs.encoder_weights import linear_weights, parts, recover_encoder_weights
from ..torch_sam.build import build_encoder
from ..torch_sam.recovered import tiny_vit_from
from ..torch_sam.sizes import ViTSizes

Weights = dict[str, np.ndarray]


class Network(Protocol):
    def encoder(self) -> nn.Module:
        """With its weights, in evaluation mode."""
        ...

    def write(self, path: Path, changed: Mapping[str, Tensor]) -> None:
        """The network with these weights of linear layers in the place of its own. Raises OSError."""
        ...


def open_network(spec: SegmenterSpec) -> Network:
    """Raises UnsupportedSegmenter for any other network, OSError."""
    try:
        model = onnx.load(str(spec.encoder_path))
        weights = recover_encoder_weights(model)
        if weights is not None:
            return _TinyViT(model, weights, {})
        return _TinyViT(model, *_read_tiny_vit(model)) if model.graph.name == "tiny_vit" else _ViT(model)
    except (DecodeError, LookupError, ValueError):
        raise UnsupportedSegmenter(
            f"The weights of {spec.title}'s encoder can't be read back from {spec.encoder_file}.",
            hint="Start from MobileSAM, or from a SAM ViT-B, ViT-L or ViT-H exported without --quantize.",
        ) from None


class _TinyViT:
    """`weights` as `recover_encoder_weights` gives them; `quantized`: products that run on bytes."""

    def __init__(self, model: ModelProto, weights: Weights, quantized: Mapping[str, ByteWeight]) -> None:
        self._metadata = {one.key: one.value for one in model.metadata_props}
        self._weights, self._quantized = weights, quantized

    def encoder(self) -> nn.Module:
        return tiny_vit_from(self._weights)

    def write(self, path: Path, changed: Mapping[str, Tensor]) -> None:
        """What changed is in floats: bytes would round away most of what was learnt."""
        new = {name: np.ascontiguousarray(each.cpu().numpy().T) for name, each in changed.items()}
        kept = {name: each for name, each in self._quantized.items() if f"{name}.weight" not in new}
        model = build_tiny_vit({**self._weights, **new}, kept, self._metadata)
        path.write_bytes(model.SerializeToString(deterministic=True))


def _read_tiny_vit(model: ModelProto) -> tuple[Weights, dict[str, ByteWeight]]:
    """What `graphs/encoder_graph.py` was given. Raises LookupError."""
    arrays = {each.name: numpy_helper.to_array(each) for each in model.graph.initializer}
    made, users = _by_name(model)
    products = [node for node in model.graph.node if node.op_type == "MatMulInteger"]
    weights: Weights = {}
    quantized = {}
    for part in parts():
        if part.kind == "table":
            weights[part.name] = arrays[part.name]
            continue
        weight = arrays.get(f"{part.name}.weight")
        if weight is None:  # anonymous, but in the order in which they run
            node = products.pop(0)
            rounding = made[node.input[0]]  # DynamicQuantizeLinear
            step = arrays[users[rounding.output[1]][0].input[1]]
            by_row = made[rounding.input[0]].op_type == "Div" if rounding.input[0] in made else False
            quantized[part.name] = ByteWeight(arrays[node.input[1]], step, by_row)
            weight = arrays[node.input[1]] * step
        if part.kind == "conv" and weight.ndim == 2:  # of one pixel each: a product
            weight = weight.T[:, :, None, None]
        if part.biased:
            weights[f"{part.name}.bias"] = arrays[f"{part.name}.bias"]
        weights[f"{part.name}.weight"] = weight
        if part.name.endswith(".qkv"):
            bias = weights[f"{part.name}.bias"]
            ones = {f"{part.name}.weight": np.ones_like(weight), f"{part.name}.bias": np.ones_like(bias)}
            scaled, scale = linear_weights(ones, part.name)
            weights[f"{part.name}.weight"], weights[f"{part.name}.bias"] = weight / scaled, bias / scale
    return weights, quantized


class _Stored(NamedTuple):
    """Where a weight lies in the graph."""

    tensor: TensorProto
    transposed: bool


class _ViT:
    """A plain vision transformer, as `samphire export` writes it. Raises LookupError for anything else."""

    def __init__(self, model: ModelProto) -> None:
        self._model, self._stored = model, _stored(model)
        weights = {name: _array(each) for name, each in self._stored.items()}
        self._sizes = _sizes(weights)
        self._weights = {name: torch.from_numpy(array) for name, array in weights.items()}
        wanted = build_encoder(self._sizes).state_dict()
        if {name: each.shape for name, each in wanted.items()} != {
            name: self._weights[name].shape for name in wanted
        }:
            raise LookupError

    def encoder(self) -> nn.Module:
        encoder = build_encoder(self._sizes)
        encoder.load_state_dict({name: self._weights[name] for name in encoder.state_dict()})
        return encoder.eval().requires_grad_(False)

    def write(self, path: Path, changed: Mapping[str, Tensor]) -> None:
        for name, weight in changed.items():
            tensor, transposed = self._stored[name]
            array = np.ascontiguousarray(weight.cpu().numpy().T if transposed else weight.cpu().numpy())
            half = tensor.data_type == TensorProto.FLOAT16
            tensor.CopyFrom(numpy_helper.from_array(to_half(array) if half else array, tensor.name))
        save(self._model, path)


def _stored(model: ModelProto) -> dict[str, _Stored]:
    """Initialisers by the names of parameters. The weight of a product, which lost its name, is called as the bias that
    is added next."""
    _, users = _by_name(model)
    found = {}
    for tensor in model.graph.initializer:
        name, transposed = tensor.name, False
        for cast in users.get(name, []):
            if cast.op_type == "Cast":
                name = cast.output[0]
        for product in users.get(name, []):
            if product.op_type == "MatMul" and product.input[1] == name:
                after = [each for each in users.get(product.output[0], []) if each.op_type == "Add"]
                biases = [each for add in after for each in add.input if each.endswith(".bias")]
                if biases:
                    name, transposed = biases[0].removesuffix(".bias") + ".weight", True
                    break
        found[name] = _Stored(tensor, transposed)
    return found


def _array(stored: _Stored) -> np.ndarray:
    array = numpy_helper.to_array(stored.tensor)
    if stored.tensor.data_type == TensorProto.FLOAT16:
        array = array.astype(np.float32)
    return np.array(array.T if stored.transposed else array)


def _sizes(weights: Mapping[str, np.ndarray]) -> ViTSizes:
    """Raises LookupError."""
    _, grid, _, width = weights["pos_embed"].shape
    depth = sum(name.endswith(".attn.rel_pos_h") for name in weights)
    tables = [weights[f"blocks.{block}.attn.rel_pos_h"] for block in range(depth)]
    sides = [(len(table) + 1) // 2 for table in tables]  # of what a block attends to
    patch = weights["patch_embed.proj.weight"].shape[-1]
    return ViTSizes(
        width,
        depth,
        width // tables[0].shape[1],
        tuple(block for block, side in enumerate(sides) if side == grid),
        image_side=grid * patch,
        patch_side=patch,
        window=min(sides),
        mlp_ratio=len(weights["blocks.0.mlp.lin1.weight"]) // width,
        out_channels=len(weights["neck.0.weight"]),
    )


def _by_name(model: ModelProto) -> tuple[dict[str, NodeProto], dict[str, list[NodeProto]]]:
    """The node that makes each value, and those that use it."""
    made = {name: node for node in model.graph.node for name in node.output}
    users: dict[str, list[NodeProto]] = {}
    for node in model.graph.node:
        for name in node.input:
            users.setdefault(name, []).append(node)
    return made, users
