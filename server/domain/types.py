"""The values that pass between layers."""

from dataclasses import dataclass

Point = tuple[float, float, int]  # x, y in image-frame pixels; 1 include, 0 exclude
Box = tuple[float, float, float, float]  # x0, y0, x1, y1 in image-frame pixels


@dataclass(frozen=True)
class Prompt:
    """What the person says: points in the order made, at most one box, and whether a coarse mask comes with them."""

    points: tuple[Point, ...] = ()
    box: Box | None = None
    has_mask: bool = False
