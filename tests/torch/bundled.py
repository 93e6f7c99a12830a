"""MobileSAM's real weights as the public checkpoint has them, recovered from the bundled ONNX files."""

from dataclasses import replace

import onnx
import torch
from torch import Tensor

from server.inference.catalog import Catalog, SegmenterSpec
from server.modelkit.graphs.reference_weights import recover_decoder_weights
from server.modelkit.torch_sam.recovered import tiny_vit_encoder
from server.paths import PUBLISHED_DECODER, PUBLISHED_ENCODER, SEGMENTERS


def mobile_sam_spec() -> SegmenterSpec:
    """With the encoder as it was published, in float32."""
    return replace(Catalog(SEGMENTERS).find("mobile_sam"), encoder_file=str(PUBLISHED_ENCODER))


def decoder_state() -> dict[str, Tensor]:
    weights = recover_decoder_weights(onnx.load(str(PUBLISHED_DECODER)))
    return {name: torch.from_numpy(array.copy()) for name, array in weights.items()}


def mobile_sam_state() -> dict[str, Tensor]:
    """Names and shapes of vit_t."""
    encoder = tiny_vit_encoder(PUBLISHED_ENCODER)
    assert encoder is not None
    return {
        f"image_encoder.{name}": tensor for name, tensor in encoder.state_dict().items()
    } | decoder_state()
