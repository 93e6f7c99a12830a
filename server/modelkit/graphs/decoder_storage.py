"""In how many bits each of a decoder's weights travels, where every new visitor fetches it.

Chosen by what rounding a weight does to logits near zero, where masks have their edges, and by its size: the MLPs are
half of all and mind least. docs/measurements.md has the figures.
"""

from .onnx_builder import LARGE

_BITS = (  # the first that is part of a weight's name counts
    ("output_upscaling.3", 16),
    ("output_upscaling.0", 12),
    ("query_projection", 12),
    ("image_to_token", 12),
    (".cross_attn_token_to_image.out_proj", 12),
    (".hypernetworks.2", 12),
    (".mlp.", 9),
    (".iou_prediction_head.", 8),
)
_ELSE = 10
_SMALL = 256  # elements; fewer stay float32


def packed(name: str, count: int) -> int:
    """`Storage` that takes 60 % of what float16 takes once it is compressed, for about the same masks."""
    if count < LARGE:
        return 32 if count < _SMALL or name == "fourier_matrix" else 16
    return next((bits for part, bits in _BITS if part in name), _ELSE)
