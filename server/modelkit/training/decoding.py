"""The decoder that is trained: a segmenter's prompt encoder and mask decoder in PyTorch."""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any, TypeVar

import numpy as np
import torch
from torch import Generator, Tensor, nn

from ..graphs.decoder_blocks import OBJECT_TOKEN
from ..torch_sam.sam import Prompts, Sam
from ..torch_sam.sizes import SAM, SAM2
from .examples import Embedded, Example
from .interactive import Recipe, interact
from .rehearsal import Rehearsal

T = TypeVar("T", Embedded, Prompts)


class Decoder(nn.Module):
    """`weights` under their public names, as `own_weights.read_weights` gives them."""

    def __init__(self, weights: Mapping[str, np.ndarray]) -> None:
        super().__init__()
        self.sam = Sam(nn.Identity(), SAM2 if OBJECT_TOKEN in weights else SAM)
        Decoder.load(self, weights)

    def load(self, weights: Mapping[str, np.ndarray]) -> None:
        """Take these in the place of its own."""
        self.sam.load_state_dict(
            {name: torch.from_numpy(array) for name, array in weights.items()}, strict=True
        )

    def forward(self, image: Embedded, said: Prompts) -> tuple[Tensor, Tensor]:
        """float32 on the decoder's own device, wherever the image and the prompts are."""
        image, said = on(self.device, image), on(self.device, said)
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.device.type == "cuda"):
            logits, iou = self.sam.decode_all(image.tokens, said, image.fine)
        return logits.float(), iou.float()

    @property
    def device(self) -> torch.device:
        return next(self.parameters()).device

    def learn(
        self, example: Example, generator: Generator, recipe: Recipe, rehearsal: Rehearsal
    ) -> Iterator[float]:
        """The loss of each update that is to be made: the gradients are there when it is yielded."""
        rehearsal.learn(self, example, example.embedded, generator)
        for step in interact(self, example, generator, *recipe):
            step.loss.backward()
            yield float(step.loss.detach())

    def memory(self) -> dict[str, Any]:
        """What it has gathered to learn from, for `remember` when training goes on."""
        return {}

    def remember(self, memory: Mapping[str, Any]) -> None:
        """Go on with what `memory` gave; nothing is given of what was never gathered."""

    def weights(self) -> dict[str, np.ndarray]:
        """All that may have been trained, as `load` takes it."""
        return self.decoder_weights()

    def decoder_weights(self) -> dict[str, np.ndarray]:
        """Under their public names."""
        return {name: copied(tensor) for name, tensor in self.sam.state_dict().items()}


def unchanging(decoder: Decoder) -> Decoder:
    """As it is now, without an encoder."""
    return Decoder(decoder.decoder_weights()).to(decoder.device).eval().requires_grad_(False)


def copied(tensor: Tensor) -> np.ndarray:
    return tensor.detach().cpu().numpy().copy()


def best_device() -> str:
    return "cuda" if torch.cuda.is_available() else "cpu"


def on(device: torch.device, values: T) -> T:
    """A dataclass of tensors, of tuples of them and of None, with all of them on a device."""
    return type(values)(**{each.name: _moved(getattr(values, each.name), device) for each in fields(values)})


def _moved(value: Tensor | tuple[Tensor, ...] | None, device: torch.device) -> Any:
    if value is None:
        return None
    return tuple(each.to(device) for each in value) if isinstance(value, tuple) else value.to(device)
