"""Encoders read back out of installed networks are those that were written, and what is written again is what was
learnt."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from server.errors import UnsupportedSegmenter
from server.inference.catalog import DEFAULT, SegmenterSpec, open_catalog
from server.inference.encoder import Encoder
from server.modelkit.export.pictures import drawn
from server.modelkit.torch_sam.sam import input_pixels
from server.modelkit.training.adapters import adapt, learnt, merged
from server.modelkit.training.encoders import Network, open_network
from server.paths import SEGMENTERS
from tests.torch.learning.tiny import tiny_encoder, write_tiny_encoder


@pytest.fixture(scope="module")
def pixels() -> torch.Tensor:
    return input_pixels(drawn()[0].rgb)


@pytest.fixture(scope="module")
def bundled() -> SegmenterSpec:
    return open_catalog(Path("none")).find(DEFAULT)


def tokens(spec: SegmenterSpec, pixels: torch.Tensor) -> np.ndarray:
    return Encoder(spec).run(pixels.numpy())["image_tokens"]


def tokens_of(encoder: torch.nn.Module, pixels: torch.Tensor) -> np.ndarray:
    with torch.inference_mode():
        return encoder(pixels)[0].flatten(1).T.numpy()


def written(
    network: Network, spec: SegmenterSpec, encoder: torch.nn.Module, folder: Path, much: float
) -> SegmenterSpec:
    """After something was learnt, whatever it is."""
    adapt(encoder)
    for _, each in learnt(encoder):
        torch.nn.init.normal_(each, std=much)
    network.write(folder / spec.encoder_file, merged(encoder))
    return replace(spec, folder=folder)


def check(network: Network, spec: SegmenterSpec, pixels: torch.Tensor, folder: Path, much: float) -> None:
    """What was written differs from what was learnt by much less than that from what was there."""
    encoder, before = network.encoder(), tokens(spec, pixels)
    assert np.abs(tokens_of(encoder, pixels) - before).mean() < 0.01 * before.std()  # some round to bytes
    again = written(network, spec, encoder, folder, much)
    learnt_now, after = tokens_of(encoder, pixels), tokens(again, pixels)
    assert np.abs(after - learnt_now).mean() < 0.05 * np.abs(after - before).mean()
    twice = tokens_of(open_network(again).encoder(), pixels)
    assert np.abs(twice - learnt_now).mean() < 0.05 * np.abs(after - before).mean()


def test_the_bundled_encoder_is_read_and_written(bundled, pixels, tmp_path):
    check(open_network(bundled), bundled, pixels, tmp_path, 0.15)


def test_unchanged_it_is_written_as_it_was(bundled, pixels, tmp_path):
    open_network(bundled).write(tmp_path / bundled.encoder_file, {})
    again = replace(bundled, folder=tmp_path)
    assert np.abs(tokens(again, pixels) - tokens(bundled, pixels)).max() < 1e-5
    assert abs(again.encoder_path.stat().st_size - bundled.encoder_path.stat().st_size) < 1000


@pytest.mark.parametrize("storage", ["fp32", "fp16"])
def test_an_exported_vit_is_read_and_written(bundled, pixels, tmp_path, storage):
    source = tiny_encoder()
    write_tiny_encoder(source, tmp_path / "encoder.onnx", storage)
    spec = replace(bundled, folder=tmp_path)
    network = open_network(spec)
    encoder = network.encoder()
    for name, value in encoder.state_dict().items():
        wanted = source.state_dict()[name]
        assert torch.equal(value, wanted) if storage == "fp32" else torch.allclose(value, wanted, atol=1e-3)
    (tmp_path / "again").mkdir()
    check(network, spec, pixels, tmp_path / "again", 0.3)


def test_an_exported_tiny_vit_is_read(exported, bundled, mobile_sam, pixels):
    encoder = open_network(replace(bundled, folder=exported)).encoder()
    wanted = tokens_of(mobile_sam.image_encoder, pixels)
    assert np.abs(tokens_of(encoder, pixels) - wanted).max() < 1e-4


def test_any_other_network_is_refused(bundled, tmp_path):
    (tmp_path / "encoder.onnx").write_bytes((SEGMENTERS / DEFAULT / "decoder.onnx").read_bytes())
    with pytest.raises(UnsupportedSegmenter, match="can't be read back"):
        open_network(replace(bundled, folder=tmp_path))
    (tmp_path / "encoder.onnx").write_bytes(b"\x1c\x00\x00\x00ORTM" + bytes(200))
    with pytest.raises(UnsupportedSegmenter, match="can't be read back"):
        open_network(replace(bundled, folder=tmp_path))
