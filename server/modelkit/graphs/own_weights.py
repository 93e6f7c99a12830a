"""Reads a decoder's weights, under their public names, back out of the graphs `decoder_graph.py` built from them.

They are those of an equal network, not the same numbers: what a graph leaves out because it changes nothing (the
biases of keys, the mean of what is normalised next) comes back as zero, and what was rounded stays rounded. Needs onnx
and numpy.
"""

from collections.abc import Mapping
from math import pi
from pathlib import Path

import numpy as np
import onnx
from onnx import numpy_helper

from ...errors import UnsupportedSegmenter
from ...inference.catalog import SegmenterSpec
from .decoder_attention import SCALE
from .decoder_blocks import CHANNELS, HEAD_WIDTH, HEADS, OBJECT_TOKEN
from .decoder_graph import FIRST, SECOND, TRANSFORMER
from .decoder_upscaling import MASKS, PREFIX

Weights = dict[str, np.ndarray]
_INNER = HEADS * HEAD_WIDTH
_LINEAR, _BIAS = ".weight.t", ".bias"
_DOWN = "prompt_encoder.mask_downscaling"


def read_weights(spec: SegmenterSpec) -> Weights:
    """float32, in PyTorch's layout, as `recover_decoder_weights` gives them.

    Raises UnsupportedSegmenter for a decoder that was not built here, OSError.
    """
    prepare, decoder = _read(spec.prepare_path), _read(spec.decoder_path)
    try:
        weights = {
            **_as_they_are(decoder),
            **_prompts(prepare, decoder),
            **_first_layer(prepare, decoder),
            **_second_layer(decoder),
            **_outputs(decoder),
        }
        weights |= _mask_prompt(prepare, decoder, weights)
    except KeyError as error:
        raise UnsupportedSegmenter(
            f"The decoder of {spec.id} was not built by Samphire: it has no {error}.",
            hint="Choose MobileSAM, SAM 2 tiny, or a segmenter that `samphire export` made of a checkpoint.",
        ) from None
    return {name: np.ascontiguousarray(array, np.float32) for name, array in sorted(weights.items())}


def _read(path: Path) -> Weights:
    """All initializers by name, widened to float32 as the graph itself widens them."""
    stored = {tensor.name: numpy_helper.to_array(tensor) for tensor in onnx.load(str(path)).graph.initializer}
    return {name: _widened(name, stored) for name in stored if not name.endswith((".scale", ".below"))}


def _widened(name: str, stored: Mapping[str, np.ndarray]) -> np.ndarray:
    array = stored[name].astype(np.float32)
    if f"{name}.scale" not in stored:
        return array
    below = stored.get(f"{name}.below")
    if below is not None:
        bits = 8 * below.size // array.size
        lower = below[:, None] >> np.arange(0, 8, bits, dtype=np.uint8) & (2**bits - 1)
        array = array + lower.reshape(array.shape) / np.float32(2**bits)
    return array * stored[f"{name}.scale"].astype(np.float32)


def _as_they_are(decoder: Weights) -> Weights:
    """Linear layers, norms of tokens, convolutions of the mask prompt: all that keeps its name."""
    found = {}
    for name, array in decoder.items():
        if name.startswith(("mask_decoder.hypernetworks", PREFIX)) or not name.startswith(
            ("mask_decoder.", _DOWN)
        ):
            continue
        if name.endswith(_LINEAR):
            found[name.removesuffix(".t")] = array.T
        elif name.endswith((".weight", ".bias")):
            found[name] = array
    return found


def _prompts(prepare: Weights, decoder: Weights) -> Weights:
    nothing, *labels = decoder["label_embeddings"]
    *first, iou, one, two, three, four = decoder["output_tokens"]
    found = {
        "prompt_encoder.pe_layer.positional_encoding_gaussian_matrix": decoder["fourier_matrix"] / (2 * pi),
        "prompt_encoder.not_a_point_embed.weight": nothing[None],
        "prompt_encoder.no_mask_embed.weight": prepare["no_mask_embed"],
        "mask_decoder.iou_token.weight": iou[None],
        "mask_decoder.mask_tokens.weight": np.stack([one, two, three, four]),
    }
    if first:
        found[OBJECT_TOKEN] = first[0][None]
    for label, embedding in enumerate(labels):
        found[f"prompt_encoder.point_embeddings.{label}.weight"] = embedding[None]
    return found


def _first_layer(prepare: Weights, decoder: Weights) -> Weights:
    look, reply = f"{FIRST}.cross_attn_token_to_image", f"{FIRST}.cross_attn_image_to_token"
    return {
        f"{look}.k_proj.weight": prepare["key_projection"] / SCALE,
        f"{look}.k_proj.bias": np.zeros(_INNER),
        f"{look}.v_proj.weight": prepare["value_projection"].T,
        f"{reply}.q_proj.weight": prepare["query_projection"] / SCALE,
        f"{reply}.q_proj.bias": prepare["query_projection.column"][:, 0] / SCALE,
        **_told(decoder, reply, np.zeros(CHANNELS)),
        **_norm(decoder, f"{FIRST}.norm4"),
    }


def _second_layer(decoder: Weights) -> Weights:
    """With the last look at the image, which is like this layer's first."""
    reply, before = f"{SECOND}.cross_attn_image_to_token", _norm(decoder, f"{FIRST}.norm4")
    beta = before[f"{FIRST}.norm4.bias"]
    query = decoder[f"{reply}.q_proj.heads"].reshape(_INNER, CHANNELS) / SCALE
    found = {
        f"{reply}.q_proj.weight": query,
        f"{reply}.q_proj.bias": decoder[f"{reply}.q_proj.offset"].reshape(_INNER) / SCALE - query @ beta,
        **_told(decoder, reply, beta),
        **_norm(decoder, f"{SECOND}.norm4"),
    }
    for look in (f"{SECOND}.cross_attn_token_to_image", f"{TRANSFORMER}.final_attn_token_to_image"):
        found[f"{look}.k_proj.weight"] = decoder[f"{look}.k_proj.heads"].reshape(_INNER, CHANNELS) / SCALE
        found[f"{look}.k_proj.bias"] = np.zeros(_INNER)
        found[f"{look}.v_proj.weight"] = (
            decoder[f"{look}.v_proj.heads"].transpose(0, 2, 1).reshape(_INNER, CHANNELS)
        )
    return found


def _told(decoder: Weights, reply: str, beta: np.ndarray) -> Weights:
    out = decoder[f"{reply}.out_proj.heads"].transpose(2, 0, 1).reshape(CHANNELS, _INNER)
    return {
        f"{reply}.out_proj.weight": out,
        f"{reply}.out_proj.bias": HEADS * decoder[f"{reply}.out_proj.row"] - beta,
    }


def _norm(decoder: Weights, name: str) -> Weights:
    return {f"{name}.weight": decoder[f"{name}.gamma"], f"{name}.bias": decoder[f"{name}.beta"]}


def _outputs(decoder: Weights) -> Weights:
    found = {f"{PREFIX}.1.{part}": decoder[f"{PREFIX}.1.{part}"] for part in ("weight", "bias")}
    for layer in range(3):
        for mask in range(MASKS):
            name = f"mask_decoder.output_hypernetworks_mlps.{mask}.layers.{layer}"
            found[f"{name}.weight"] = decoder[f"mask_decoder.hypernetworks.{layer}.weight"][mask].T
            found[f"{name}.bias"] = decoder[f"mask_decoder.hypernetworks.{layer}.bias"][mask, 0]
    gamma, beta = decoder[f"{SECOND}.norm4.gamma"], decoder[f"{SECOND}.norm4.beta"]
    scaled = decoder[f"{PREFIX}.0.matrix"]
    first = np.divide(scaled, gamma[:, None], out=np.zeros_like(scaled), where=gamma[:, None] != 0)
    row = decoder[f"{PREFIX}.0.row"] - beta @ first
    found[f"{PREFIX}.0.weight"] = first.reshape(CHANNELS, 2, 2, 64).transpose(0, 3, 1, 2)
    found[f"{PREFIX}.0.bias"] = row.reshape(4, 64).mean(0)
    second = decoder[f"{PREFIX}.3.matrix"]
    found[f"{PREFIX}.3.weight"] = second.reshape(64, 2, 2, 32).transpose(0, 3, 1, 2)
    found[f"{PREFIX}.3.bias"] = decoder[f"{PREFIX}.3.row"].reshape(4, 32).mean(0)
    return found


def _mask_prompt(prepare: Weights, decoder: Weights, weights: Weights) -> Weights:
    """The last convolution. What is added to image tokens is centred, but keys were made of what is not."""
    key = SCALE * weights[f"{FIRST}.cross_attn_token_to_image.k_proj.weight"].T  # (256, 128)
    ones = key.sum(0)  # what a mean of one adds to keys
    matrix, row = decoder["mask.residual"], decoder["mask.residual.row"]  # (16, 256), (256,)
    means = (decoder["mask.keys"].T - matrix @ key) @ ones / (ones @ ones)  # (16,)
    mean = (decoder["mask.keys.column"][:, 0] - row @ key) @ ones / (ones @ ones)
    return {
        f"{_DOWN}.6.weight": (matrix + means[:, None]).T.reshape(CHANNELS, 16, 1, 1),
        f"{_DOWN}.6.bias": row + mean + prepare["no_mask_embed"][0],
    }
