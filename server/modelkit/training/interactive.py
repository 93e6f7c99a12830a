"""SAM's interactive training: prompts that correct what the decoder said before (Kirillov et al. 2023, appendix A).

Eleven steps: a point or a box; eight points where the mask was wrong; and two steps without a new point, one anywhere
among those and one at the end, in which the decoder is to improve its mask from its own logits, which every step after
the first is given. With fewer steps, which teach the first clicks sooner, only the last one has no new point.

A lone point is ambiguous: of the three candidates the one with the lowest loss is trained, and the one with the highest
predicted IoU is fed back. Everything else trains the token that is for unambiguous prompts.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import torch
from torch import Generator, Tensor

from ..torch_sam.sam import TRAINED_FOR_MANY, TRAINED_FOR_ONE, Prompts
from .examples import Embedded, Example
from .losses import iou_loss, mask_iou, mask_loss
from .prompting import correction, noisy_box, point_in

STEPS, WITHOUT_POINT = 11, 2
BOXES = 0.5  # part of the images whose objects a box says first


class Recipe(NamedTuple):
    """Steps an object, and the part of the images whose objects a box says first."""

    steps: int = STEPS
    boxes: float = BOXES


class TrainedDecoder(Protocol):
    """What answers B prompts about an image: logits (B, 4, 256, 256), predicted IoUs (B, 4)."""

    def __call__(self, image: Embedded, said: Prompts) -> tuple[Tensor, Tensor]: ...


@dataclass(frozen=True)
class Step:
    """One step for the B objects of an example: `loss` () is to be minimised, `iou` (B,) was reached."""

    loss: Tensor
    iou: Tensor


def interact(
    decoder: TrainedDecoder,
    example: Example,
    generator: Generator,
    steps: int = STEPS,
    boxes: float = BOXES,
) -> Iterator[Step]:
    """Each step's loss is on the graph until the next one is asked for; nothing flows from one step to the next."""
    truths = example.targets >= 0.5
    box = bool(torch.rand((), generator=generator) < boxes)
    corners = torch.stack([noisy_box(truth, generator) for truth in truths]) if box else None
    points, labels = _no_points(len(truths))
    if not box:
        points, labels = _append(points, labels, [(point_in(truth, generator), 1) for truth in truths])
    silent = _silent(steps, generator)
    logits: Tensor | None = None
    for number in range(steps):
        if logits is not None and number not in silent:
            wrong = [
                correction(mask, truth, generator) or (point_in(truth, generator), 1)
                for mask, truth in zip((logits > 0).cpu() & (example.inside > 0), truths, strict=True)
            ]
            points, labels = _append(points, labels, wrong)
        said = Prompts(
            (points, labels) if points.shape[1] else None,
            corners,
            None if logits is None else logits[:, None],
        )
        step, logits = _answer(decoder, example, said, ambiguous=not box and number == 0)
        yield step


def _answer(
    decoder: TrainedDecoder, example: Example, said: Prompts, *, ambiguous: bool
) -> tuple[Step, Tensor]:
    """The step, and the logits (B, 256, 256) to feed back."""
    offered = TRAINED_FOR_MANY if ambiguous else TRAINED_FOR_ONE
    logits, predicted = decoder(example.embedded, said)
    logits, predicted = logits[:, offered], predicted[:, offered]
    target, inside = example.targets[:, None].to(logits.device), example.inside.to(logits.device)
    losses = mask_loss(logits, target, inside)  # (B, k)
    ious = mask_iou(logits, target, inside)
    loss = losses.min(1).values.mean() + iou_loss(predicted, ious).mean()
    every, likeliest = torch.arange(len(logits)), predicted.argmax(1)
    return Step(loss, ious[every, likeliest]), logits[every, likeliest].detach()


def _silent(steps: int, generator: Generator) -> set[int]:
    """The steps without a new point."""
    last = steps - 1
    if steps < STEPS:
        return {last} if steps > WITHOUT_POINT else set()
    return {int(torch.randint(1, last, (), generator=generator)), last}


def _no_points(count: int) -> tuple[Tensor, Tensor]:
    return torch.zeros(count, 0, 2), torch.zeros(count, 0)


def _append(points: Tensor, labels: Tensor, new: list[tuple[Tensor, int]]) -> tuple[Tensor, Tensor]:
    places = torch.stack([place for place, _ in new])[:, None]
    said = torch.tensor([[float(label)] for _, label in new])
    return torch.cat([points, places], 1), torch.cat([labels, said], 1)
