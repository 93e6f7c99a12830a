"""The person who prompts, simulated as SAM's training does it (Kirillov et al. 2023, appendix A, "Training algorithm").

First a point anywhere on the object or its box, with equal chance; a box's corners are off by a normal deviation of a
tenth of its side, at most 20 pixels. Later points lie anywhere where the last mask was wrong: positive where it missed
the object, negative elsewhere. Masks and errors are bool (256, 256) of the low-res frame, coordinates are of the input
frame as the prompt encoder takes them: it adds half a pixel.
"""

import torch
from torch import Generator, Tensor

CELL = 4  # input-frame pixels a side of a low-res pixel
BOX_NOISE, MOST_NOISE = 0.1, 20.0
_HALF = 0.5


def point_in(region: Tensor, generator: Generator) -> Tensor:
    """A place x, y (2,) anywhere in a region that has at least one pixel."""
    return _in_cell(*_cell_of(region, generator), generator)


def correction(mask: Tensor, truth: Tensor, generator: Generator) -> tuple[Tensor, int] | None:
    """A point where `mask` is wrong, and its label; None where it is right everywhere."""
    wrong = mask != truth
    if not wrong.any():
        return None
    x, y = _cell_of(wrong, generator)
    return _in_cell(x, y, generator), int(truth[y, x])


def noisy_box(truth: Tensor, generator: Generator) -> Tensor:
    """x0, y0, x1, y1 (4,) around a mask that has at least one pixel, inside the input frame."""
    side = CELL * len(truth)
    rows, columns = truth.any(1).nonzero(), truth.any(0).nonzero()
    low = torch.tensor([columns.min(), rows.min()]) * float(CELL)
    high = torch.tensor([columns.max() + 1, rows.max() + 1]) * float(CELL)
    spread = BOX_NOISE * (high - low).repeat(2)
    noise = (torch.randn(4, generator=generator) * spread).clamp(-MOST_NOISE, MOST_NOISE)
    moved = torch.cat([low, high]) + noise
    first, last = torch.minimum(moved[:2], moved[2:]), torch.maximum(moved[:2], moved[2:])
    return torch.cat([first, last]).clamp(0, side) - _HALF


def _cell_of(region: Tensor, generator: Generator) -> tuple[int, int]:
    cells = region.nonzero()
    y, x = cells[torch.randint(len(cells), (), generator=generator)].tolist()
    return x, y


def _in_cell(x: int, y: int, generator: Generator) -> Tensor:
    return torch.tensor([x, y]) * CELL + torch.rand(2, generator=generator) * CELL - _HALF
