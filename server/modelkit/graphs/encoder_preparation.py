"""Makes the encoder that is fetched into the one that runs: the same network in a faster graph, once, when built."""

import onnx

from .encoder_graph import build_encoder
from .encoder_quantization import quantize
from .encoder_weights import recover_encoder_weights


def prepare_encoder(model: onnx.ModelProto, integers: bool = True) -> onnx.ModelProto:
    """TinyViT rebuilt for onnxruntime's CPU kernels; any other network comes back as it is, unchanged.

    With `integers` the large matrix products run on 8-bit integers (masks agree with float32's to a mean IoU of 0.99);
    without, everything is float32 and differs from `model` by rounding alone (1e-5). Input and output are called and
    shaped as in MobileSAM's export, one picture at a time; metadata is kept.
    """
    weights = recover_encoder_weights(model)
    if weights is None:
        return model
    metadata = {one.key: one.value for one in model.metadata_props}
    return build_encoder(weights, quantize(weights) if integers else None, metadata)
