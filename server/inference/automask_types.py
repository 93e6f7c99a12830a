"""What goes into automatic masks and what comes out."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol, TypeVar

import numpy as np

from ..domain.frames import InputFrame
from ..domain.masks import STABILITY_OFFSET
from ..domain.runs import Window
from .decoder import Prepared

Crop = tuple[int, int, int, int]
"""x, y, width, height of a part of the image, image-frame pixels."""

Logits = Callable[[np.ndarray, int, int], None]
"""Hears of a mask before the threshold: float32 (h, w), and x, y of its top left pixel in the image frame."""

X = TypeVar("X")
Y = TypeVar("Y")


class Each(Protocol):
    """Like `map`: results in order. May compute several at once, and decides where."""

    def __call__(self, compute: Callable[[X], Y], inputs: Sequence[X], /) -> Iterable[Y]: ...


@dataclass(frozen=True)
class AutomaskSettings:
    """The reference's parameters by their names, with its defaults. Sides, areas: image-frame pixels."""

    points_per_side: int = 32
    pred_iou_thresh: float = 0.88
    stability_score_thresh: float = 0.95
    stability_score_offset: float = STABILITY_OFFSET
    box_nms_thresh: float = 0.7
    crop_n_layers: int = 0
    crop_nms_thresh: float = 0.7
    crop_overlap_ratio: float = 512 / 1500
    crop_n_points_downscale_factor: int = 1
    min_mask_region_area: int = 0
    fast: bool = False


class AutomaticMask(NamedTuple):
    """One object, as SA-1B records it."""

    window: Window  # its pixels in the image frame
    predicted_iou: float
    stability_score: float
    point: tuple[float, float]  # x, y that was clicked, image frame
    crop_box: Crop  # that it was seen in

    @property
    def area(self) -> int:
        return int(np.count_nonzero(self.window.mask))

    @property
    def bbox(self) -> tuple[int, int, int, int]:
        """x, y, width, height around its pixels."""
        rows, columns = self.window.mask.shape
        return self.window.x, self.window.y, columns, rows


class View(NamedTuple):
    """A crop as the decoder takes it: what `AutomaticDecoder.prepare` made of its embedding, and how it lies there."""

    prepared: Prepared
    frame: InputFrame


class Stopped(Exception):
    """`stopped` said so."""
