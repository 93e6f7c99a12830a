"""The image encoders are the reference's: by name and shape, by the bundled network, and by recorded outputs."""

import json
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch
from torch import Tensor

from server.inference.encoder import Encoder
from server.modelkit.export.pictures import drawn
from server.modelkit.torch_sam.build import build_encoder, build_sam
from server.modelkit.torch_sam.layers import join_windows, split_windows
from server.modelkit.torch_sam.sam import input_pixels
from server.modelkit.torch_sam.sizes import ARCHITECTURES, TinyViTSizes, ViTSizes
from server.modelkit.torch_sam.tiny_vit import ConvNorm, fold_norms
from server.modelkit.torch_sam.vit import Attention
from tests.torch.bundled import mobile_sam_spec

# tensors and parameters of the public checkpoints
PUBLIC = {
    "vit_b": (314, 93_735_728),
    "vit_l": (482, 312_343_088),
    "vit_h": (594, 641_090_864),
    "vit_t": (439, 10_140_231),
}


@pytest.mark.parametrize("name", PUBLIC)
def test_sizes_are_the_public_checkpoints(name):
    state = build_sam(ARCHITECTURES[name].encoder, "meta").state_dict()
    assert (len(state), sum(tensor.numel() for tensor in state.values())) == PUBLIC[name]


@pytest.mark.parametrize("name", PUBLIC)
def test_names_and_shapes_are_the_public_checkpoints(name, eval_data: Path):
    keys = json.loads((eval_data / "golden" / "checkpoint_keys.json").read_text("utf-8"))[name]
    state = build_sam(ARCHITECTURES[name].encoder, "meta").state_dict()
    assert {key: list(tensor.shape) for key, tensor in state.items()} == keys


def golden(eval_data: Path, file: str) -> tuple[dict, dict[str, Tensor], Tensor, np.ndarray, int]:
    """(config, weights, input, output, every how many rows and columns of it)."""
    with np.load(eval_data / "golden" / file) as found:
        weights = {name[2:]: torch.from_numpy(found[name]) for name in found if name.startswith("w/")}
        config, stride = json.loads(str(found["config"])), int(found["output_stride"])
        return config, weights, torch.from_numpy(found["input"]), found["output"], stride


def test_a_small_vit_gives_the_reference_numbers(eval_data: Path):
    config, weights, pixels, expected, stride = golden(eval_data, "vit_encoder_small.npz")
    sizes = ViTSizes(
        config["embed_dim"], config["depth"], config["num_heads"], tuple(config["global_attn_indexes"]),
        config["img_size"], config["patch_size"], config["window_size"], config["mlp_ratio"], config["out_chans"],
    )  # fmt: skip
    encoder = build_encoder(sizes).eval()
    encoder.load_state_dict(weights, strict=True)
    assert np.abs(encoder(pixels)[..., ::stride, ::stride].numpy() - expected).max() < 1e-4


def test_a_small_tiny_vit_gives_the_reference_numbers_also_with_its_norms_folded(eval_data: Path):
    config, weights, pixels, expected, stride = golden(eval_data, "tiny_vit_encoder_small.npz")
    sizes = TinyViTSizes(
        tuple(config["embed_dims"]), tuple(config["depths"]), tuple(config["num_heads"]),
        tuple(config["window_sizes"]), classes=len(weights["head.bias"]),
    )  # fmt: skip
    encoder = build_encoder(sizes).eval()
    encoder.load_state_dict(weights, strict=True)
    assert np.abs(encoder(pixels)[..., ::stride, ::stride].numpy() - expected).max() < 1e-4
    fold_norms(encoder)
    assert not any(isinstance(module, ConvNorm) for module in encoder.modules())
    assert np.abs(encoder(pixels)[..., ::stride, ::stride].numpy() - expected).max() < 1e-4


def test_windows_come_apart_and_together_again():
    tokens = torch.arange(2 * 10 * 9 * 3, dtype=torch.float32).reshape(2, 10, 9, 3)
    windows = split_windows(tokens, 7)
    assert windows.shape == (8, 7, 7, 3)
    assert torch.equal(windows[0], tokens[0, :7, :7])
    assert torch.equal(windows[1, :, :2], tokens[0, :7, 7:])
    assert windows[1, :, 2:].abs().max() == 0
    assert torch.equal(join_windows(windows, 10, 9), tokens)


def test_relative_positions_are_written_out_for_every_pair_of_tokens():
    torch.manual_seed(3)
    attention = Attention(8, heads=2, side=3)
    attention.rel_pos_h.copy_(torch.randn(5, 4))
    attention.rel_pos_w.copy_(torch.randn(5, 4))
    query = torch.randn(1, 2, 9, 4)
    bias = attention._said_of_places(query.unflatten(2, (3, 3))) @ attention.places.T  # (1, 2, 9, 9)
    for one in range(9):
        for other in range(9):
            rows, columns = one // 3 - other // 3 + 2, one % 3 - other % 3 + 2
            expected = query[0, :, one] @ (attention.rel_pos_h[rows] + attention.rel_pos_w[columns])
            assert torch.allclose(bias[0, :, one, other], expected, atol=1e-5)


def test_mobile_sam_gives_what_the_bundled_network_gives(mobile_sam):
    pixels = input_pixels(drawn()[0].rgb)
    ours = mobile_sam.image_encoder(pixels).numpy()
    session = onnxruntime.InferenceSession(str(mobile_sam_spec().encoder_path))
    (theirs,) = session.run(["output"], {"input": pixels.numpy()})
    assert np.abs(ours - theirs).max() < 1e-4


def test_pixels_are_what_the_server_makes_of_a_picture():
    rgb = drawn()[0].rgb
    server = Encoder(mobile_sam_spec()).pixels(rgb)
    assert np.abs(input_pixels(rgb).numpy() - server).max() < 1e-5
