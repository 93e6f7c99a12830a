"""What the decoder knew before is kept: clicks beside the objects that teach are answered as they were.

The images themselves hold what is not to be forgotten: everything in them but the objects that teach. The decoder that
the training began with answers clicks there, and the one in training is held to that: learning without forgetting (Li
and Hoiem 2016).
"""

import torch
from torch import Generator, Tensor
from torch.nn.functional import binary_cross_entropy_with_logits, mse_loss

from ..torch_sam.sam import Prompts
from .examples import Embedded, Example
from .interactive import TrainedDecoder
from .prompting import point_in

_POINTS = 4
_MASKS = 20.0  # parts, to one of the predicted IoUs, as in the mask loss


class Rehearsal:
    """`before`: the decoder as it was; it is not changed."""

    def __init__(self, before: TrainedDecoder) -> None:
        self._before = before

    def learn(
        self, decoder: TrainedDecoder, example: Example, embedded: Embedded, generator: Generator
    ) -> None:
        """Add the gradients of `loss`. `embedded`: the image as it is encoded now."""
        loss = self.loss(decoder, example, embedded, generator)
        if loss is not None:
            loss.backward()

    def loss(
        self, decoder: TrainedDecoder, example: Example, embedded: Embedded, generator: Generator
    ) -> Tensor | None:
        """() how far its answers to a few clicks are from those before; None where the objects fill the image."""
        if not example.beside.any():
            return None
        points = torch.stack([point_in(example.beside, generator) for _ in range(_POINTS)])
        said = Prompts((points[:, None], torch.ones(_POINTS, 1)), None, None)
        with torch.no_grad():
            old_logits, old_iou = self._before(example.embedded, said)
        logits, iou = decoder(embedded, said)
        inside = example.inside.to(logits.device)
        old = old_logits.sigmoid()
        apart = binary_cross_entropy_with_logits(logits, old, reduction="none")
        least = binary_cross_entropy_with_logits(old_logits, old, reduction="none")
        kl = ((apart - least) * inside).sum((2, 3)) / inside.sum()
        return _MASKS * kl.mean() + mse_loss(iou, old_iou)
