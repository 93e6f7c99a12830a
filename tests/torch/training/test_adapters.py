"""Adapters change nothing until they learn, learn alone, and become part of the weights they lie beside."""

from copy import deepcopy

import numpy as np
import pytest
import torch
from torch import Generator, Tensor, nn
from torch.nn import functional

from server.modelkit.torch_sam.build import build_encoder
from server.modelkit.torch_sam.sam import Prompts, Sam
from server.modelkit.torch_sam.sizes import DecoderSizes, TinyViTSizes, ViTSizes
from server.modelkit.training.adapters import ADAPTER, adapt, learnt, merged
from server.modelkit.training.examples import Embedded, Example
from server.modelkit.training.interactive import Recipe, interact
from server.modelkit.training.rehearsal import Rehearsal
from server.modelkit.training.through_encoder import learn_from_pixels, recomputed

SIDE = 128  # input-frame pixels
SMALL = {
    "vit": ViTSizes(32, 2, 2, (1,), image_side=SIDE, window=3, out_channels=32),
    "tiny_vit": TinyViTSizes(
        (16, 32, 32, 32), (1, 1, 1, 1), (1, 2, 2, 2), (3, 3, 3, 3), classes=1, out_channels=32
    ),
}


@pytest.fixture(params=SMALL)
def encoder(request) -> nn.Module:
    torch.manual_seed(3)
    encoder = build_encoder(SMALL[request.param]).eval()
    for parameter in encoder.parameters():
        if parameter.ndim < 4 and not parameter.any():
            nn.init.normal_(parameter, std=0.1)  # positions and biases, which begin with nothing
    return encoder


@pytest.fixture
def pixels() -> Tensor:
    return torch.randn(1, 3, SIDE, SIDE, generator=Generator().manual_seed(4))


def taught(encoder: nn.Module, pixels: Tensor, steps: int = 3) -> nn.Module:
    """With adapters that have learnt something, whatever it is."""
    adapt(encoder)
    optimizer = torch.optim.Adam([each for _, each in learnt(encoder)], lr=0.1)
    for _ in range(steps):
        optimizer.zero_grad()
        (1 - encoder(pixels)).square().mean().backward()
        optimizer.step()
    return encoder


def test_nothing_changes_at_first(encoder, pixels):
    before = encoder(pixels)
    adapt(encoder)
    assert torch.equal(encoder(pixels), before)


def test_adapters_alone_learn(encoder, pixels):
    untouched = deepcopy(encoder.state_dict())
    taught(encoder, pixels)
    assert [name for name, each in encoder.named_parameters() if each.requires_grad] == [
        name for name, _ in learnt(encoder)
    ]
    for name, value in encoder.state_dict().items():
        if ADAPTER not in name:
            assert torch.equal(value, untouched[name.replace(".linear.", ".")]), name


def test_the_merged_weights_give_what_the_adapters_gave(encoder, pixels):
    plain, before = deepcopy(encoder), encoder(pixels)
    adapted = taught(encoder, pixels)(pixels)
    changed = merged(encoder)
    plain.load_state_dict({**plain.state_dict(), **changed})
    assert (plain(pixels) - adapted).abs().max() < 1e-5
    assert (adapted - before).abs().max() > 1e-2
    assert len(changed) == sum(name.endswith(".qkv.weight") for name in plain.state_dict())


def test_blocks_computed_twice_have_the_same_gradients(encoder, pixels):
    adapt(encoder)
    learn = [each for _, each in learnt(encoder)]
    for one in learn:
        nn.init.normal_(one, std=0.1)
    once = torch.autograd.grad(encoder(pixels).square().mean(), learn)
    with recomputed(encoder):
        loss = encoder(pixels).square().mean()
    for again, one in zip(torch.autograd.grad(loss, learn), once, strict=True):
        assert torch.allclose(again, one, atol=1e-7)
    assert not any("forward" in vars(module) for module in encoder.modules())


def test_mixed_precision_gives_about_the_same(encoder, pixels):
    exact = taught(encoder, pixels)(pixels)
    with torch.autocast("cpu", torch.bfloat16), recomputed(encoder):
        mixed = encoder(pixels)
    mixed.float().square().mean().backward()
    assert (mixed - exact).abs().mean() < 0.05 * exact.abs().mean()
    assert all(each.grad is not None for _, each in learnt(encoder))


class Learning:
    """Two steps with a drawn object, by seed; the encoder has adapters, and the decoder knows nothing."""

    def __init__(self, encoder: nn.Module, pixels: Tensor) -> None:
        self.encoder = encoder
        self.sam = Sam(encoder, DecoderSizes(width=32, grid=SIDE // 16, heads=2, mlp_width=64)).eval()
        self.sam.requires_grad_(False)
        adapt(encoder)
        target = torch.zeros(1, SIDE // 4, SIDE // 4)
        target[:, 8:20, 10:26] = 1
        self.shown = pixels + 2 * functional.interpolate(target[None], scale_factor=4)
        inside = torch.ones(SIDE // 4, SIDE // 4)
        self.example = Example(Embedded(torch.empty(0)), target, inside, beside=inside < 0)

    def __call__(self, image: Embedded, said: Prompts) -> tuple[Tensor, Tensor]:
        return self.sam.decode_all(image.tokens if image.tokens.numel() else self.encoder(self.shown), said)

    def once(self, seed: int) -> float:
        """Encoding once."""
        generator = Generator().manual_seed(seed)
        with recomputed(self.encoder):
            return learn_from_pixels(
                lambda seen: Embedded(self.encoder(seen)),
                self,
                self.shown,
                self.example,
                generator,
                Recipe(2),
                Rehearsal(self),
            )

    def always(self, seed: int) -> float:
        """Encoding for every step."""
        done = [step.loss for step in interact(self, self.example, Generator().manual_seed(seed), 2)]
        torch.stack(done).mean().backward()
        return float(torch.stack(done).mean())


def test_encoding_once_gives_the_gradients_of_encoding_for_every_step(encoder, pixels):
    learning = Learning(encoder, pixels)
    grown, losses = [], []
    for learn in (learning.once, learning.always):
        encoder.zero_grad()
        losses.append(learn(5))
        grown.append([each.grad for _, each in learnt(encoder)])
    assert losses[0] == pytest.approx(losses[1], rel=1e-4)
    assert max(float(one.abs().max()) for one in grown[0]) > 0
    for once, always in zip(*grown, strict=True):
        assert torch.allclose(once, always, rtol=1e-3, atol=1e-6)


def test_they_learn_an_object_from_pixels(encoder, pixels):
    learning = Learning(encoder, pixels)

    def loss() -> float:
        return float(np.mean([learning.once(seed) for seed in range(4)]))

    before = loss()
    optimizer = torch.optim.Adam([each for _, each in learnt(encoder)], lr=3e-2)
    for seed in range(20):
        optimizer.zero_grad()
        learning.once(seed)
        optimizer.step()
    assert loss() < before - 0.02
