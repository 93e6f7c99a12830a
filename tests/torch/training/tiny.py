"""A SAM of 0.3 million weights that learns from nothing: the decoder of the reference code at a small size, a small
encoder, and the steps and losses that fine-tune the large ones.
"""

from collections.abc import Iterator, Sequence

import numpy as np
import torch
from torch import Generator, Tensor, nn

from server.domain.selection import SMALLEST_FRACTION, Weights
from server.lab.evaluation.clicks import Clicker
from server.lab.evaluation.truth import Truth
from server.modelkit.torch_sam.sam import TRAINED_FOR_MANY, Prompts, Sam
from server.modelkit.torch_sam.sizes import DecoderSizes
from server.modelkit.torch_sam.transformer import Attention
from server.modelkit.training.examples import Embedded, Example
from server.modelkit.training.interactive import interact
from server.modelkit.training.losses import mask_iou
from server.modelkit.training.parameters import Group
from server.modelkit.training.prompting import CELL
from server.modelkit.training.updates import Updates
from tests.torch.training.drawings import SIDE, Drawing, draw

IMAGES, STEPS = 8, 2  # of an update
LEARNING_RATE = 2e-3
SIZES = DecoderSizes(width=64, grid=SIDE // 4, heads=2, mlp_width=256, is_sam2=True)
_WIDTH = 32
_MIDDLE, _SPREAD = 127.0, 64.0  # of 0-255


class TinyEncoder(nn.Module):
    """(N, 3, 32, 32) -> tokens (N, 64, 8, 8), and finer features (N, 16, 16, 16) and (N, 8, 32, 32) as SAM 2 has."""

    def __init__(self) -> None:
        super().__init__()
        self.of_pixels = _convolutions(3, _WIDTH // 4, 2, stride=1)
        self.of_pairs = _convolutions(_WIDTH // 4, _WIDTH // 2, 2)
        self.of_fours = _convolutions(_WIDTH // 2, _WIDTH, 3)
        self.of_eights = _convolutions(_WIDTH, 2 * _WIDTH, 3)
        self.back = nn.ConvTranspose2d(2 * _WIDTH, _WIDTH, kernel_size=2, stride=2)
        self.tokens = nn.Conv2d(_WIDTH, SIZES.width, kernel_size=1)
        self.half_features = nn.Conv2d(_WIDTH // 2, SIZES.width // 4, kernel_size=1)
        self.full_features = nn.Conv2d(_WIDTH // 4, SIZES.width // 8, kernel_size=1)

    def forward(self, pixels: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        full = self.of_pixels(pixels)
        half = self.of_pairs(full)
        quarter = self.of_fours(half)
        tokens = self.tokens(quarter + self.back(self.of_eights(quarter)))
        return tokens, self.half_features(half), self.full_features(full)


class TinySam:
    """A `TrainedDecoder` for what its own encoder made."""

    def __init__(self, seed: int) -> None:
        torch.manual_seed(seed)
        self.sam = Sam(TinyEncoder(), SIZES)
        for module in self.sam.mask_decoder.modules():
            if isinstance(
                module, Attention
            ):  # what is alike, a click and its place, attend to each other at first
                module.k_proj.load_state_dict(module.q_proj.state_dict())

    def encode(self, drawings: Sequence[Drawing]) -> tuple[Tensor, Tensor, Tensor]:
        """A row for each object: that of its drawing."""
        rgb = torch.from_numpy(np.stack([one.rgb for one in drawings])).permute(0, 3, 1, 2)
        counts = torch.tensor([len(one.covers) for one in drawings])
        maps = self.sam.image_encoder((rgb - _MIDDLE) / _SPREAD)
        tokens, half, full = (each.repeat_interleave(counts, 0) for each in maps)
        return tokens, half, full

    def __call__(self, image: Embedded, said: Prompts) -> tuple[Tensor, Tensor]:
        return self.sam.decode_all(image.tokens, said, image.fine)


def learn(sam: TinySam, seed: int, count: int) -> Iterator[float]:
    """So many updates, each on new drawings; yields each one's loss, the mean of its steps."""
    random, generator = np.random.default_rng(seed), Generator().manual_seed(seed)
    updates = Updates([Group(LEARNING_RATE, list(sam.sam.parameters()))])
    for number in range(count):
        drawings = [draw(random) for _ in range(IMAGES)]
        maps = sam.encode(drawings)
        read = tuple(each.detach().requires_grad_() for each in maps)
        losses = []
        for step in interact(sam, _example(drawings, read), generator, STEPS):
            step.loss.backward()
            losses.append(float(step.loss.detach()))
        torch.autograd.backward(
            maps, [each.grad for each in read]
        )  # once for all steps, as SAM's encoder learnt
        updates.make(number / count)
        yield float(np.mean(losses))


@torch.no_grad()
def after_one_click(sam: TinySam, drawings: Sequence[Drawing]) -> float:
    """Mean IoU over all objects of the mask that would be shown first, by the rule of `domain/selection.py`, for a
    click as `samphire eval` makes it."""
    example = _example(drawings, sam.encode(drawings))
    places = [_first_click(target >= 0.5) for target in example.targets.numpy()]
    points = torch.tensor(places)[:, None], torch.ones(len(places), 1)
    logits, predicted = sam(example.embedded, Prompts(points))
    logits, predicted = logits[:, TRAINED_FOR_MANY], predicted[:, TRAINED_FOR_MANY]
    inner, outer = ((logits > offset).sum((-2, -1)) for offset in (1, -1))
    size = (logits > 0).float().mean((-2, -1)).clamp(min=SMALLEST_FRACTION).log()
    shown = (predicted + inner / outer.clamp(min=1) + Weights().size * size).argmax(1)
    masks = logits[torch.arange(len(shown)), shown]
    return float(mask_iou(masks, example.targets, example.inside).mean())


def _example(drawings: Sequence[Drawing], maps: tuple[Tensor, ...]) -> Example:
    tokens, half, full = maps
    targets = torch.from_numpy(np.concatenate([one.covers for one in drawings]))
    inside = torch.ones(SIDE, SIDE)
    return Example(Embedded(tokens, (half, full)), targets, inside, beside=inside < 0)


def _first_click(mask: np.ndarray) -> tuple[float, float]:
    """x, y of the input frame, in which a pixel of the drawing has four."""
    click = Clicker(Truth("drawn", mask, None, "", "")).next(np.zeros_like(mask))
    assert click is not None
    return click[0] * CELL - 0.5, click[1] * CELL - 0.5


def _convolutions(into: int, out: int, count: int, stride: int = 2) -> nn.Sequential:
    layers: list[nn.Module] = []
    for number in range(count):
        layers += [
            nn.Conv2d(out if number else into, out, 3, 1 if number else stride, padding=1, bias=False),
            nn.GroupNorm(4, out),
            nn.GELU(),
        ]
    return nn.Sequential(*layers)
