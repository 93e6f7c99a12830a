"""The figures of one segmenter over all objects.

mIoU@k            mean over the objects of the IoU after k clicks
NoC@85, NoC@90    mean number of clicks until the IoU reached 0.85 or 0.90; an object that never did counts as the most
                  clicks that were allowed (20 in the literature: RITM, f-BRS), and is also counted as failed
first choice      mIoU@1: of the mask the page shows first; best of three: of the best of the masks offered
box               mean IoU of one prompt, the object's tight box
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import numpy as np

from ...inference.catalog import SegmenterSpec
from .measure import CURVE_CLICKS, ObjectResult

TARGETS = (0.85, 0.90)
Result = TypeVar("Result")


@dataclass(frozen=True)
class Summary:
    """`noc` and `failed` follow TARGETS."""

    objects: int
    miou: tuple[float, ...]  # after 1, 2, ... clicks
    best_of_three: float
    box: float
    noc: tuple[float, ...]
    failed: tuple[int, ...]

    def as_json(self) -> dict[str, Any]:
        figures: dict[str, Any] = {
            "objects": self.objects,
            "miou": list(self.miou),
            "one_click": self.miou[0],
            "best_of_three": self.best_of_three,
            "box": self.box,
        }
        for target, noc, failed in zip(TARGETS, self.noc, self.failed, strict=True):
            figures |= {f"noc_{target * 100:.0f}": noc, f"failed_{target * 100:.0f}": failed}
        return figures


@dataclass
class Run(Generic[Result]):
    """One segmenter's results so far; `failure`: the sentence it stopped with."""

    spec: SegmenterSpec
    results: list[Result]
    failure: str | None = None


def summarise(results: Sequence[ObjectResult], most_clicks: int) -> Summary:
    """Of at least one object."""
    needed = [[one.clicks_to(target) for one in results] for target in TARGETS]
    curve = range(1, min(CURVE_CLICKS, most_clicks) + 1)
    return Summary(
        objects=len(results),
        miou=tuple(float(np.mean([one.iou_after(k) for one in results])) for k in curve),
        best_of_three=float(np.mean([one.best_of_three for one in results])),
        box=float(np.mean([one.box for one in results])),
        noc=tuple(float(np.mean([most_clicks if n is None else n for n in each])) for each in needed),
        failed=tuple(each.count(None) for each in needed),
    )
