"""MobileSAM's encoder in PyTorch, read back from ONNX."""

import numpy as np
import torch

from server.inference.catalog import Catalog
from server.inference.encoder import Encoder
from server.modelkit.export.pictures import drawn
from server.modelkit.torch_sam.recovered import tiny_vit_encoder
from server.paths import SEGMENTERS
from tests.torch.bundled import mobile_sam_spec


def test_it_gives_what_the_published_network_gives():
    spec = mobile_sam_spec()
    server = Encoder(spec)
    pixels = server.pixels(drawn()[0].rgb)
    encoder = tiny_vit_encoder(spec.encoder_path)
    tokens = encoder(torch.from_numpy(pixels))[0].reshape(256, -1).T.numpy()
    assert np.abs(tokens - server.run(pixels)["image_tokens"]).max() < 1e-4


def test_another_network_is_not_taken_for_one(tmp_path):
    assert tiny_vit_encoder(Catalog(SEGMENTERS).find("mobile_sam").decoder_path) is None
    of_onnxruntime = tmp_path / "encoder.ort"
    of_onnxruntime.write_bytes(b"\x1c\x00\x00\x00ORTM" + bytes(200))
    assert tiny_vit_encoder(of_onnxruntime) is None
