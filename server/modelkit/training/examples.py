"""Images of a training set as the decoder trains on them: dequantised embeddings, and masks in the low-res frame."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from math import isqrt

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from ...domain.frames import INPUT_SIDE, LOW_RES_SIDE, InputFrame, Resize
from ...domain.masks import decode_rle, rle_area
from ...inference.training_plan import LEAST_AREA
from ...inference.training_set import TrainingImage, TrainingObject, TrainingSet
from ..torch_sam.mask_decoder import Fine

_SEEN = 0.5
_CELL = INPUT_SIDE // LOW_RES_SIDE
_TENSORS = ("image_tokens", "half_features", "full_features")


@dataclass(frozen=True)
class Embedded:
    """An image's embedding: tokens (1, 256, 64, 64), and SAM 2's finer (1, 64, 128, 128) and (1, 32, 256, 256)."""

    tokens: Tensor
    fine: Fine | None = None


@dataclass(frozen=True)
class Example:
    """One image with some of its objects.

    targets  (B, 256, 256) in [0, 1]: how much of each low-res pixel is the object
    inside   (256, 256) in [0, 1]: how much of it is the image and not padding
    beside   bool (256, 256): inside, and on no object that could be chosen
    rgb      uint8 (h, w, 3), where the set has pixels
    """

    embedded: Embedded
    targets: Tensor
    inside: Tensor
    beside: Tensor
    rgb: np.ndarray | None = None


class Examples:
    """The images of a set, opened one by one: what is in memory does not grow with their number."""

    def __init__(
        self,
        source: TrainingSet,
        resize: Resize,
        labels: Collection[str] | None = None,
        least_area: float = LEAST_AREA,
    ) -> None:
        """Only objects of these labels, and of at least this part of their image."""
        self._source = source
        self._resize: Resize = resize
        self._objects = {
            image.name: tuple(
                one
                for one in image.objects
                if (labels is None or one.label in labels) and _area(image, one) >= least_area
            )
            for image in source.images
        }
        self.images = tuple(image for image in source.images if self._objects[image.name])

    def objects(self, image: TrainingImage) -> tuple[TrainingObject, ...]:
        return self._objects[image.name]

    def open(self, image: TrainingImage, objects: tuple[TrainingObject, ...] | None = None) -> Example:
        """With these of its objects, all when left out, as far as the decoder can see them: too thin a one has no
        low-res pixel. Raises InvalidDataset."""
        frame = InputFrame(image.width, image.height, self._resize)
        chosen = self.objects(image) if objects is None else objects
        targets = torch.stack([low_res_cover(mask_of(image, one), frame) for one in chosen])
        targets = targets[targets.amax((1, 2)) >= _SEEN]
        inside = low_res_cover(np.ones((image.height, image.width), bool), frame)
        taught = np.logical_or.reduce([mask_of(image, one) for one in self.objects(image)])
        beside = (inside >= _SEEN) & (low_res_cover(taught, frame) == 0)
        read = embedded(self._source.embedding(image).tensors)
        rgb = None if image.pixels is None else self._source.rgb(image)
        return Example(read, targets, inside, beside, rgb)


def embedded(tensors: Mapping[str, np.ndarray]) -> Embedded:
    """An embedding's tensors (grid * grid, channels) as PyTorch's networks take them."""
    tokens, *finer = (_map(tensors[name]) for name in _TENSORS if name in tensors)
    return Embedded(tokens, (finer[0], finer[1]) if finer else None)


def _map(rows: np.ndarray) -> Tensor:
    side = isqrt(len(rows))
    return torch.from_numpy(rows).T.reshape(1, -1, side, side)


def _area(image: TrainingImage, one: TrainingObject) -> float:
    pixels = rle_area({"size": [image.height, image.width], "counts": one.counts})
    return pixels / (image.width * image.height)


def mask_of(image: TrainingImage, one: TrainingObject) -> np.ndarray:
    """bool (H, W)."""
    return decode_rle({"size": [image.height, image.width], "counts": one.counts})


def low_res_cover(mask: np.ndarray, frame: InputFrame) -> Tensor:
    """bool (H, W) of the image -> (256, 256) in [0, 1]: how much of each low-res pixel it covers."""
    scaled = Image.fromarray(mask.astype(np.float32)).resize(
        (frame.width, frame.height), Image.Resampling.BOX
    )
    padded = np.zeros((INPUT_SIDE, INPUT_SIDE), np.float32)
    padded[: frame.height, : frame.width] = np.asarray(scaled)
    cells = padded.reshape(LOW_RES_SIDE, _CELL, LOW_RES_SIDE, _CELL).mean((1, 3))
    return torch.from_numpy(cells)
