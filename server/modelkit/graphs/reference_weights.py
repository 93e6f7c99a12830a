"""Recovers SAM's decoder weights, under their public names, from an exported reference-interface ONNX decoder.

Exporters keep most names and lose the rest: a Linear becomes an anonymous MatMul weight followed by an Add with the
named bias; LayerNorm2d becomes an anonymous Mul and Add; the learnt tokens are folded into one Expand.
"""

import numpy as np
import onnx
from onnx import numpy_helper

from ...errors import UnsupportedSegmenter
from .decoder_blocks import OBJECT_TOKEN

_NORM2D_BY_CHANNELS = {
    4: "prompt_encoder.mask_downscaling.1",
    16: "prompt_encoder.mask_downscaling.4",
    64: "mask_decoder.output_upscaling.1",
}
_PARTS = ("prompt_encoder.", "mask_decoder.")
DECODER_PARAMETERS = (
    137  # tensors of prompt_encoder.* and mask_decoder.* in every public SAM checkpoint; SAM 2: 138
)
_SAM2_NAMES = ((".mlp.layers.0.", ".mlp.lin1."), (".mlp.layers.1.", ".mlp.lin2."))  # of the same tensors


def recover_decoder_weights(model: onnx.ModelProto) -> dict[str, np.ndarray]:
    """Weights of `prompt_encoder.*` and `mask_decoder.*` as float32 arrays in PyTorch's layout (Linear: out x in).

    SAM 2's come under SAM's names, with the object token besides. Raises UnsupportedSegmenter when the graph is
    neither's decoder in the reference interface.
    """
    arrays = {tensor.name: numpy_helper.to_array(tensor) for tensor in model.graph.initializer}
    public = {name: _public(name) for name in arrays}
    weights = {known: arrays[name] for name, known in public.items() if known}
    consumers: dict[str, list[onnx.NodeProto]] = {}
    for node in model.graph.node:
        for name in node.input:
            consumers.setdefault(name, []).append(node)
    for name, array in arrays.items():
        if public[name] or name not in consumers:
            continue
        node = consumers[name][0]
        if node.op_type == "MatMul" and array.ndim == 2:
            bias = _bias_added_to(node.output[0], consumers, public)
            weights[bias.removesuffix(".bias") + ".weight"] = array.T
        elif array.ndim == 3 and array.shape[1:] == (1, 1) and array.shape[0] in _NORM2D_BY_CHANNELS:
            part = "weight" if node.op_type == "Mul" else "bias"
            weights[f"{_NORM2D_BY_CHANNELS[array.shape[0]]}.{part}"] = array.reshape(-1)
        elif array.shape == (1, 256, 1, 1):
            weights["prompt_encoder.no_mask_embed.weight"] = array.reshape(1, 256)
        elif array.shape in ((1, 5, 256), (1, 6, 256)):
            *first, iou, one, two, three, four = array[0]
            if first:
                weights[OBJECT_TOKEN] = first[0][None]
            weights["mask_decoder.iou_token.weight"] = iou[None]
            weights["mask_decoder.mask_tokens.weight"] = np.stack([one, two, three, four])
    for theirs, ours in _SAM2_NAMES:
        weights = {
            name.replace(theirs, ours) if "transformer" in name else name: a for name, a in weights.items()
        }
    expected = DECODER_PARAMETERS + (OBJECT_TOKEN in weights)
    if len(weights) != expected:
        raise UnsupportedSegmenter(
            f"{len(weights)} of the {expected} tensors of SAM's decoder were recognised in this graph."
        )
    return {name: np.ascontiguousarray(array, np.float32) for name, array in sorted(weights.items())}


def _public(name: str) -> str | None:
    """The name in a checkpoint, whatever the exporter's modules were called around it; None for a number of no name."""
    starts = [at for part in _PARTS if (at := name.find(part)) >= 0]
    return name[min(starts) :] if starts and "::" not in name else None


def _bias_added_to(output: str, consumers: dict, public: dict[str, str | None]) -> str:
    for node in consumers.get(output, []):
        if node.op_type == "Add":
            for name in node.input:
                if (known := public.get(name)) and known.endswith(".bias"):
                    return known
    raise UnsupportedSegmenter("a matrix product without a named bias: not SAM's decoder as usually exported")
