"""The figures of one segmenter's automatic masks: which of the objects that people drew they hold. Pure.

AR@100, AR@1000   average recall as COCO has it for proposals of no class (`COCOeval`, useCats = 0; Hosang et al. 2015):
                  over IoUs of 0.5, 0.55 to 0.95, the part of all objects that one of so many best masks of their
                  image matches. The best are those of the highest predicted IoU; in their order each takes the object
                  it fits best of those still free
recall@50         the same at an IoU of 0.5 alone, of all masks
matched IoU       mean over the objects of the IoU of the mask that fits best
small, medium, large  objects under 32 x 32 pixels of their image, under 96 x 96, and the others, as COCO divides them
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

IOUS = tuple(round(0.5 + 0.05 * step, 2) for step in range(10))
MOST_MASKS = (100, 1000)
SIZES = {"all": (0, np.inf), "small": (0, 32**2), "medium": (32**2, 96**2), "large": (96**2, np.inf)}


@dataclass(frozen=True)
class ImageResult:
    """What the automatic masks of one image have to do with its objects."""

    image: str
    objects: tuple[str, ...]  # m names
    pixels: tuple[int, ...]  # of the objects
    ious: np.ndarray  # (n, m), masks by falling predicted IoU against objects
    seconds: float  # for the masks, the image being encoded

    @property
    def best(self) -> list[float]:
        """(m,): the IoU of each object's best mask."""
        return self.ious.max(axis=0, initial=0).tolist()


@dataclass(frozen=True)
class Recall:
    """Of objects of one size; None where there are none."""

    objects: int
    ar_100: float | None
    ar_1000: float | None
    recall_50: float | None
    matched_iou: float | None


@dataclass(frozen=True)
class AutomaticSummary:
    masks: float  # of an image, mean
    seconds: float
    sizes: dict[str, Recall]  # by the names in SIZES

    def as_json(self) -> dict[str, Any]:
        sizes = {name: asdict(recall) for name, recall in self.sizes.items()}
        return {"masks_per_image": self.masks, "seconds_per_image": self.seconds, **sizes}


def summarise(results: Sequence[ImageResult]) -> AutomaticSummary:
    """Of at least one image."""
    return AutomaticSummary(
        float(np.mean([len(one.ious) for one in results])),
        float(np.mean([one.seconds for one in results])),
        {name: _recall(results, *bounds) for name, bounds in SIZES.items()},
    )


def matched(ious: np.ndarray, least: float) -> int:
    """How many of m objects the n masks of (n, m) match one to one, the first mask choosing first."""
    free = np.array(ious)
    count = 0
    for row in free:
        if row.size and row.max() >= least:
            free[:, row.argmax()] = -1
            count += 1
    return count


def _recall(results: Sequence[ImageResult], least: float, below: float) -> Recall:
    of_size = [one.ious[:, [least <= pixels < below for pixels in one.pixels]] for one in results]
    count = sum(ious.shape[1] for ious in of_size)
    if not count:
        return Recall(0, None, None, None, None)

    def share(most: int | None, iou: float) -> float:
        return sum(matched(ious[:most], iou) for ious in of_size) / count

    ar_100, ar_1000 = (float(np.mean([share(most, iou) for iou in IOUS])) for most in MOST_MASKS)
    best = sum(float(ious.max(axis=0, initial=0).sum()) for ious in of_size)
    return Recall(count, ar_100, ar_1000, share(None, IOUS[0]), best / count)
