"""What goes into automatic masks and what comes out."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol, TypeVar

import numpy as np

from ..domain.frames import InputFrame
from ..domain.masks import STABILITY_OFFSET
from ..domain.runs import Window, read_window, tight, write_window
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


@dataclass(frozen=True)
class AutomaticMask:
    """One object, as SA-1B records it. Its pixels are run-length encoded, since a run keeps thousands of them."""

    size: tuple[int, int]  # width, height of the image
    rle_counts: str
    area: int
    bbox: Crop  # around its pixels
    predicted_iou: float
    stability_score: float
    point: tuple[float, float]  # x, y that was clicked, image frame
    crop_box: Crop  # that it was seen in

    @classmethod
    def of(
        cls,
        window: Window,
        size: tuple[int, int],
        predicted_iou: float,
        stability_score: float,
        point: tuple[float, float],
        crop_box: Crop,
    ) -> "AutomaticMask":
        """`window`: its pixels in the image frame."""
        window = tight(window)
        rows, columns = window.mask.shape
        area, bbox = int(np.count_nonzero(window.mask)), (window.x, window.y, columns, rows)
        counts = write_window(window, *size)
        return cls(size, counts, area, bbox, predicted_iou, stability_score, point, crop_box)

    @property
    def window(self) -> Window:
        """Its pixels in the image frame, read anew each time."""
        return read_window(self.rle_counts, *self.size)


class View(NamedTuple):
    """A crop as the decoder takes it: what `AutomaticDecoder.prepare` made of its embedding, and how it lies there."""

    prepared: Prepared
    frame: InputFrame


class Stopped(Exception):
    """`stopped` said so."""
