"""Segmenters to install in a folder: descriptions and files, without networks in them."""

import hashlib
import json
from pathlib import Path

FILES = ("encoder.onnx", "prepare.onnx", "decoder.onnx")


def install(
    folder: Path, segmenter_id: str, weights: str = "0" * 64, files: dict[str, bytes] | None = None, **more
) -> Path:
    """A segmenter's folder, put in the place of an older one; `files` by name, `more` goes into its description."""
    files = files or {name: f"{name} {weights}".encode() for name in FILES}
    target = folder / segmenter_id
    target.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (target / name).write_bytes(data)
    described = {
        "id": segmenter_id,
        "title": segmenter_id.upper(),
        "licence": "Apache-2.0",
        "preprocessing": {
            "resize": "longest_side",
            "mean": [123.675, 116.28, 103.53],
            "std": [58.4, 57.1, 57.4],
        },
        "encoder": {"file": "encoder.onnx", "input": "input"},
        "embedding": [{"name": "image_tokens", "output": "output", "grid": 64, "channels": 256}],
        "weights": weights,
        "files": {
            name: {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
            for name, data in files.items()
        },
        **more,
    }
    part = target / "segmenter.json.part"
    part.write_text(json.dumps(described))
    part.replace(target / "segmenter.json")
    return target
