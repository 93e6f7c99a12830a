"""A SAM whose encoder is a vision transformer of two small blocks: it knows nothing, but is there in a moment."""

from pathlib import Path

import numpy as np
import torch
from torch import nn

from server.inference.catalog import READABLE, SegmenterSpec, open_catalog, read_spec
from server.modelkit.export.encoder_graph import write_encoder
from server.modelkit.graphs.build_segmenter import complete_segmenter, describe
from server.modelkit.graphs.own_weights import read_weights
from server.modelkit.torch_sam.build import build_encoder
from server.modelkit.torch_sam.sizes import ViTSizes

TINY = "tiny"


def tiny_encoder() -> nn.Module:
    torch.manual_seed(5)
    encoder = build_encoder(ViTSizes(32, 2, 1, (1,)))
    for parameter in encoder.parameters():
        if parameter.ndim < 4:
            nn.init.normal_(parameter, std=0.1)  # no two are alike, as in a trained one
    return encoder.eval().requires_grad_(False)


def write_tiny_encoder(encoder: nn.Module, path: Path, storage: str = "fp32") -> None:
    write_encoder(encoder, path, storage, {}, lambda *_: None)


def install_tiny(data: Path) -> SegmenterSpec:
    """In a data folder, with MobileSAM's decoder."""
    folder = data / "segmenters" / TINY
    folder.mkdir(parents=True)
    write_tiny_encoder(tiny_encoder(), folder / "encoder.onnx")
    weights = read_weights(open_catalog(data).find("mobile_sam"))
    described = describe(TINY, "Tiny", "Apache-2.0")
    described["encoder"]["weights"] = READABLE
    complete_segmenter(folder, described, weights)
    return read_spec(folder)


def same(one: dict[str, np.ndarray], other: dict[str, np.ndarray]) -> bool:
    return one.keys() == other.keys() and all(np.array_equal(one[name], other[name]) for name in one)
