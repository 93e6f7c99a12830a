"""MobileSAM's image encoder in PyTorch, from an ONNX file of it: for comparison where the checkpoint is not at hand."""

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import onnx
import torch
from google.protobuf.message import DecodeError

from ..graphs.encoder_weights import recover_encoder_weights
from .build import build_encoder
from .sizes import ARCHITECTURES
from .tiny_vit import ConvNorm, TinyViTEncoder


def tiny_vit_encoder(path: Path) -> TinyViTEncoder | None:
    """In evaluation mode; None when the file holds another network, or is none of ONNX's. Raises OSError."""
    try:
        weights = recover_encoder_weights(onnx.load(str(path)))
    except DecodeError:  # onnxruntime's own format, for one
        weights = None
    return None if weights is None else tiny_vit_from(weights)


def tiny_vit_from(weights: Mapping[str, np.ndarray]) -> TinyViTEncoder:
    """In evaluation mode, from weights as `recover_encoder_weights` gives them.

    A convolution whose norm was folded away gets one that only adds the bias. The classifier's weights, which are in
    every checkpoint and nobody runs, stay as torch makes them.
    """
    encoder = build_encoder(ARCHITECTURES["vit_t"].encoder).eval().requires_grad_(False)
    assert isinstance(encoder, TinyViTEncoder)
    found = dict(weights)
    for name, module in encoder.named_modules():
        if isinstance(module, ConvNorm):
            found[f"{name}.c.weight"] = found.pop(f"{name}.weight")
            found[f"{name}.bn.bias"] = found.pop(f"{name}.bias")
            found[f"{name}.bn.running_var"] = np.full(module.bn.num_features, 1 - module.bn.eps, np.float32)
        elif isinstance(module, torch.nn.Linear) and f"{name}.weight" in found:
            found[f"{name}.weight"] = found[f"{name}.weight"].T  # (in, out) in the graph
    state = {name: torch.from_numpy(np.array(array)) for name, array in found.items()}
    encoder.load_state_dict({**encoder.state_dict(), **state}, strict=True)
    return encoder


def eager(encoder: TinyViTEncoder, pixels: np.ndarray) -> Callable[[], torch.Tensor]:
    """What encodes pixels (1, 3, 1024, 1024) once each time it is called."""
    values = torch.from_numpy(pixels)

    def work() -> torch.Tensor:
        with torch.inference_mode():
            return encoder(values)

    return work
