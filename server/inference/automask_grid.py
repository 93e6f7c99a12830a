"""Where automatic masks click, and which of their boxes are the same object. Pure.

Follows `amg.py` of the reference code (Kirillov et al. 2023, appendix B).
"""

from collections.abc import Sequence
from math import ceil

import numpy as np

from .automask_types import Crop

_EDGE_TOLERANCE = 20  # pixels within which a box counts as cut off by its crop


def point_grid(points_per_side: int) -> np.ndarray:
    """(n * n, 2) x, y in (0, 1), evenly over the unit square, row by row."""
    line = (np.arange(points_per_side) + 0.5) / points_per_side
    return np.stack(np.meshgrid(line, line), axis=-1).reshape(-1, 2)


def crops(width: int, height: int, layers: int, overlap_ratio: float) -> list[tuple[Crop, int]]:
    """Every crop with its layer: the whole image is layer 0, layer i has 2^i by 2^i crops."""
    found: list[tuple[Crop, int]] = [((0, 0, width, height), 0)]
    for layer in range(1, layers + 1):
        side = 2**layer
        overlap = int(overlap_ratio * min(width, height) * (2 / side))
        wide, high = (ceil((overlap * (side - 1) + length) / side) for length in (width, height))
        for left in (int((wide - overlap) * each) for each in range(side)):
            for top in (int((high - overlap) * each) for each in range(side)):
                crop = left, top, min(wide, width - left), min(high, height - top)
                if crop[2] > 0 and crop[3] > 0:
                    found.append((crop, layer))
    return found


def is_cut_off(box: np.ndarray, crop: Crop, width: int, height: int) -> bool:
    """Whether a box x0, y0, x1, y1 of the image frame ends at an edge of its crop that is none of the image's."""
    left, top, wide, high = crop
    edges = np.array([left, top, left + wide, top + high], float)
    outer = np.array([0, 0, width, height], float)
    at_crop = np.abs(box - edges) <= _EDGE_TOLERANCE
    return bool((at_crop & (np.abs(box - outer) > _EDGE_TOLERANCE)).any())


def box_ious(box: np.ndarray, others: np.ndarray) -> np.ndarray:
    """x0, y0, x1, y1 against (n, 4) -> (n,)."""
    low, high = np.maximum(box[:2], others[:, :2]), np.minimum(box[2:], others[:, 2:])
    shared = np.prod(np.maximum(high - low, 0), axis=1)
    areas = np.prod(others[:, 2:] - others[:, :2], axis=1)
    both = np.prod(box[2:] - box[:2]) + areas - shared
    return shared / np.maximum(both, 1e-9)


def without_duplicates(boxes: np.ndarray, scores: Sequence[float], most_iou: float) -> list[int]:
    """Indices of boxes (n, 4) kept, best score first: none overlaps a better one by more than most_iou."""
    kept: list[int] = []
    for index in np.argsort(-np.asarray(scores, float), kind="stable"):
        if not kept or box_ious(boxes[index], boxes[kept]).max() <= most_iou:
            kept.append(int(index))
    return kept
