"""What is trained with adapters: a segmenter's decoder and its image encoder, from pixels to masks."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import partial

import numpy as np
import torch
from torch import Generator, Tensor, nn
from torch.utils.checkpoint import checkpoint

from ...errors import InvalidDataset
from ..torch_sam import tiny_vit, vit
from ..torch_sam.sam import input_pixels
from .adapters import adapt, learnt
from .decoding import Decoder, copied
from .examples import Embedded, Example
from .interactive import Recipe, interact
from .rehearsal import Rehearsal

_ENCODER = "encoder."  # before the names of the adapters' numbers
_BLOCKS = (vit.Block, tiny_vit.TransformerBlock, tiny_vit.ConvBlock, tiny_vit.Downsample)


class WithEncoder(Decoder):
    """`encoder`: takes what `input_pixels` makes; it gets adapters.

    Of its weights only the adapters' numbers are given and taken, under their names behind "encoder.".
    """

    def __init__(self, weights: Mapping[str, np.ndarray], encoder: nn.Module) -> None:
        super().__init__(weights)
        self.encoder = encoder
        adapt(encoder)

    def learn(
        self, example: Example, generator: Generator, recipe: Recipe, rehearsal: Rehearsal
    ) -> Iterator[float]:
        """One update for all steps: the image is encoded once."""
        if example.rgb is None:
            raise InvalidDataset("The training set has no pixels.", hint="Start a new training.")
        pixels = input_pixels(example.rgb).to(self.device)
        with recomputed(self.encoder):
            yield learn_from_pixels(self._embed, self, pixels, example, generator, recipe, rehearsal)

    @torch.inference_mode()
    def tensors(self, rgb: np.ndarray) -> dict[str, np.ndarray]:
        """Of the embedding that the encoder makes now of uint8 (H, W, 3): (4096, 256), as an installed one gives it."""
        tokens = self._embed(input_pixels(rgb).to(self.device)).tokens
        return {"image_tokens": np.ascontiguousarray(tokens[0].flatten(1).T.cpu().numpy())}

    def weights(self) -> dict[str, np.ndarray]:
        adapters = {f"{_ENCODER}{name}": copied(each) for name, each in learnt(self.encoder)}
        return {**self.decoder_weights(), **adapters}

    def load(self, weights: Mapping[str, np.ndarray]) -> None:
        super().load({name: array for name, array in weights.items() if not name.startswith(_ENCODER)})
        with torch.no_grad():
            for name, each in learnt(self.encoder):
                each.copy_(torch.from_numpy(weights[f"{_ENCODER}{name}"]))

    def _embed(self, pixels: Tensor) -> Embedded:
        return Embedded(self.encoder(pixels))


def learn_from_pixels(
    encode: Callable[[Tensor], Embedded],
    decoder: Decoder,
    pixels: Tensor,
    example: Example,
    generator: Generator,
    recipe: Recipe,
    rehearsal: Rehearsal,
) -> float:
    """Encode once, interact, and add the gradients of the steps' mean loss, which is returned, to all that learns.

    Pixels are those of `input_pixels` for the example's image, on the encoder's device; the embedding in the example is
    what it was before. Under CUDA the encoder computes in bfloat16.
    """
    with torch.autocast(pixels.device.type, torch.bfloat16, enabled=pixels.device.type == "cuda"):
        made = encode(pixels).tokens
    tokens = made.detach().float().requires_grad_()
    rehearsal.learn(decoder, example, Embedded(tokens), generator)
    losses = []
    for step in interact(decoder, replace(example, embedded=Embedded(tokens)), generator, *recipe):
        (step.loss / recipe.steps).backward()
        losses.append(float(step.loss.detach()))
    torch.autograd.backward(made, tokens.grad)
    return float(np.mean(losses))


@contextmanager
def recomputed(encoder: nn.Module) -> Iterator[None]:
    """What blocks compute inside is forgotten, and computed again when their gradients are asked for."""
    blocks = [module for module in encoder.modules() if isinstance(module, _BLOCKS)]
    for block in blocks:
        block.forward = partial(checkpoint, block.forward, use_reentrant=False)
    try:
        yield
    finally:
        for block in blocks:
            del block.forward
