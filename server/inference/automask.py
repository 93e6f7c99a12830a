"""Automatic masks: everything in an image, from a grid of clicks.

The algorithm, its parameters and defaults are those of `SamAutomaticMaskGenerator` in the reference code (Kirillov et
al. 2023, appendix B): a grid of single clicks over the image and over zoomed crops, confident and stable candidates,
and of those whose boxes overlap the most confident. `automask_search.py` says what is done with less work.
"""

from collections.abc import Callable

import numpy as np

from .automask_grid import crops, without_duplicates
from .automask_search import Search
from .automask_types import AutomaskSettings, AutomaticMask, Crop, Each, Logits, Stopped, View
from .automatic_decoder import AutomaticDecoder


def automatic_masks(
    decoder: AutomaticDecoder,
    view: Callable[[Crop], View],
    size: tuple[int, int],
    settings: AutomaskSettings,
    *,
    each: Each = map,
    found: Callable[[list[AutomaticMask]], None] = lambda masks: None,
    progress: Callable[[float], None] = lambda part: None,
    stopped: Callable[[], bool] = lambda: False,
    logits: Logits | None = None,
    most: int | None = None,
) -> list[AutomaticMask]:
    """Everything in an image of `size` (width, height).

    `view` encodes a crop, the first is the whole image. `found` hears of masks as they come, of which a later crop may
    drop some, `logits` of each before the threshold; `progress` of the part that is done, 0 to 1; `stopped` is asked
    often. `most`: twice as many are kept at a time, the most certain. Memory: see docs/measurements.md.
    Raises Stopped, DecodingFailed, and what `view` raises.
    """
    width, height = size
    parts = crops(width, height, settings.crop_n_layers, settings.crop_overlap_ratio)
    kept: list[AutomaticMask] = []
    for number, (crop, layer) in enumerate(parts):
        side = max(1, int(settings.points_per_side / settings.crop_n_points_downscale_factor**layer))

        def advance(part: float, number: int = number) -> None:
            if stopped():
                raise Stopped
            progress((number + part) / len(parts))

        advance(0)
        search = Search(decoder, view(crop), crop, size, settings, each, advance, logits)
        for masks in search.run(side):
            found(masks)
            kept += masks
            if most is not None and len(kept) > 2 * most:
                kept = sorted(kept, key=lambda mask: -mask.predicted_iou)[: 2 * most]
    if len(parts) > 1:
        boxes = np.array([_corners(mask) for mask in kept]).reshape(-1, 4)
        smaller = [1 / (mask.crop_box[2] * mask.crop_box[3]) for mask in kept]
        kept = [kept[index] for index in without_duplicates(boxes, smaller, settings.crop_nms_thresh)]
    progress(1)
    return kept


def _corners(mask: AutomaticMask) -> list[int]:
    x, y, wide, high = mask.bbox
    return [x, y, x + wide, y + high]
