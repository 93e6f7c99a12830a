"""Makes an installable segmenter folder from an encoder and a reference-interface decoder. Needs onnx and numpy.

Runs when the package is built, not when it serves.
"""

import hashlib
import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnx

from server.inference.decoder_graph import build_decoder, build_prepare
from server.inference.reference_weights import recover_decoder_weights

MOBILE_SAM: dict[str, Any] = {
    "id": "mobile_sam",
    "title": "MobileSAM",
    "licence": "Apache-2.0",
    "preprocessing": {
        "resize": "longest side to 1024, bilinear",
        "mean": [123.675, 116.28, 103.53],
        "std": [58.395, 57.12, 57.375],
        "padding": "zeros, right and bottom, after normalisation",
    },
}


def build_mobile_sam(encoder_path: Path, reference_decoder_path: Path, out_dir: Path) -> None:
    """Write encoder.onnx, prepare.onnx, decoder.onnx and segmenter.json of MobileSAM into the folder out_dir.

    Raises UnsupportedSegmenter when the decoder is not SAM's, OSError when a file cannot be read or written.
    """
    weights = recover_decoder_weights(onnx.load(str(reference_decoder_path)))
    digest = _weights_digest(encoder_path, weights)
    out_dir.mkdir(parents=True, exist_ok=True)
    metadata = {"segmenter": MOBILE_SAM["id"], "licence": MOBILE_SAM["licence"], "weights": digest}
    shutil.copyfile(encoder_path, out_dir / "encoder.onnx")
    for name, build in (("prepare.onnx", build_prepare), ("decoder.onnx", build_decoder)):
        data = build(weights, half_storage=True, metadata=metadata).SerializeToString(deterministic=True)
        (out_dir / name).write_bytes(data)
    files = {}
    for path in sorted(out_dir.glob("*.onnx")):
        data = path.read_bytes()
        files[path.name] = {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    description = json.dumps({**MOBILE_SAM, "weights": digest, "files": files}, indent=2)
    (out_dir / "segmenter.json").write_text(description + "\n", "utf-8")


def _weights_digest(encoder_path: Path, weights: Mapping[str, np.ndarray]) -> str:
    """One hash for the unit of encoder and decoder, independent of how the decoder's graph is laid out."""
    digest = hashlib.sha256(hashlib.sha256(encoder_path.read_bytes()).digest())
    for name, array in sorted(weights.items()):
        digest.update(name.encode() + array.astype("<f4").tobytes())
    return digest.hexdigest()
