"""Recovers SAM's decoder weights, under their public names, from an exported reference-interface ONNX decoder.

Exporters keep most names and lose the rest: a Linear becomes an anonymous MatMul weight followed by an Add with the
named bias; LayerNorm2d becomes an anonymous Mul and Add; the learnt tokens are folded into one Expand.
"""

import numpy as np
import onnx
from onnx import numpy_helper

from server.errors import UnsupportedSegmenter

_NORM2D_BY_CHANNELS = {
    4: "prompt_encoder.mask_downscaling.1",
    16: "prompt_encoder.mask_downscaling.4",
    64: "mask_decoder.output_upscaling.1",
}
DECODER_PARAMETERS = 137  # tensors of prompt_encoder.* and mask_decoder.* in every public SAM checkpoint


def recover_decoder_weights(model: onnx.ModelProto) -> dict[str, np.ndarray]:
    """Weights of `prompt_encoder.*` and `mask_decoder.*` as float32 arrays in PyTorch's layout (Linear: out x in).

    Raises UnsupportedSegmenter when the graph is not SAM's decoder in the reference interface.
    """
    arrays = {tensor.name: numpy_helper.to_array(tensor) for tensor in model.graph.initializer}
    weights = {name.removeprefix("model."): array for name, array in arrays.items() if "::" not in name}
    consumers: dict[str, list[onnx.NodeProto]] = {}
    for node in model.graph.node:
        for name in node.input:
            consumers.setdefault(name, []).append(node)
    for name, array in arrays.items():
        if "::" not in name:
            continue
        node = consumers[name][0]
        if node.op_type == "MatMul":
            bias = _bias_added_to(node.output[0], consumers, arrays)
            weights[bias.removesuffix(".bias") + ".weight"] = array.T
        elif array.ndim == 3 and array.shape[1:] == (1, 1) and array.shape[0] in _NORM2D_BY_CHANNELS:
            part = "weight" if node.op_type == "Mul" else "bias"
            weights[f"{_NORM2D_BY_CHANNELS[array.shape[0]]}.{part}"] = array.reshape(-1)
        elif array.shape == (1, 256, 1, 1):
            weights["prompt_encoder.no_mask_embed.weight"] = array.reshape(1, 256)
        elif array.shape == (1, 5, 256):
            weights["mask_decoder.iou_token.weight"] = array[0, :1]
            weights["mask_decoder.mask_tokens.weight"] = array[0, 1:]
    if len(weights) != DECODER_PARAMETERS:
        raise UnsupportedSegmenter(
            f"{len(weights)} of SAM's {DECODER_PARAMETERS} decoder tensors were recognised in this graph",
        )
    return {name: np.ascontiguousarray(array, np.float32) for name, array in sorted(weights.items())}


def _bias_added_to(output: str, consumers: dict, arrays: dict) -> str:
    for node in consumers.get(output, []):
        if node.op_type == "Add":
            for name in node.input:
                if name in arrays and name.endswith(".bias"):
                    return name
    raise UnsupportedSegmenter("a matrix product without a named bias: not SAM's decoder as usually exported")
