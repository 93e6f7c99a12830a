"""How the tests export."""

from pathlib import Path

import export_models

ROOT = Path(__file__).resolve().parents[2]
FILES = [
    "automatic.onnx",
    "automatic_prepare.onnx",
    "automatic_upscaling.onnx",
    "decoder.onnx",
    "encoder.onnx",
    "prepare.onnx",
    "segmenter.json",
]


def export(checkpoint: Path, out: Path, *more: str, segmenter: str = "vit_t") -> int:
    words = ["--checkpoint", str(checkpoint), "--segmenter", segmenter, "--out", str(out), *more]
    return export_models.main(words)
