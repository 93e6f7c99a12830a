"""The three coordinate frames of SAM and the way between them.

image frame    pixels of the picture: x right, y down, floats, pixel centres at .5
input frame    the 1024x1024 square the encoder sees. SAM scales the picture's longest side to it and pads the rest
               (`ResizeLongestSide`); SAM 2 squeezes the picture into all of it (`SAM2Transforms`)
low-res frame  256x256 logits over the input frame
"""

from dataclasses import dataclass, field
from math import ceil
from typing import Literal, get_args

import numpy as np

INPUT_SIDE = 1024
LOW_RES_SIDE = 256
GRID = 64  # image tokens a side, of 16 input pixels or 4 low-res pixels each

Resize = Literal["longest_side", "square"]
RESIZES: tuple[Resize, ...] = get_args(Resize)


@dataclass(frozen=True)
class InputFrame:
    """How a picture of image_width x image_height pixels lies in the input frame: an image, or the window of one whose
    corner is x, y."""

    image_width: int
    image_height: int
    resize: Resize = "longest_side"
    x: int = 0
    y: int = 0
    width: int = field(init=False)  # input pixels the picture covers
    height: int = field(init=False)

    def __post_init__(self) -> None:
        width = height = INPUT_SIDE
        if self.resize == "longest_side":
            scale = INPUT_SIDE / max(self.image_width, self.image_height)
            width = max(1, int(self.image_width * scale + 0.5))
            height = max(1, int(self.image_height * scale + 0.5))
        object.__setattr__(self, "width", width)
        object.__setattr__(self, "height", height)

    @property
    def low_res_columns(self) -> int:
        """Low-res pixels that touch the picture."""
        return ceil(self.width * LOW_RES_SIDE / INPUT_SIDE)

    @property
    def low_res_rows(self) -> int:
        return ceil(self.height * LOW_RES_SIDE / INPUT_SIDE)

    @property
    def token_columns(self) -> int:
        """Image tokens to upscale: the picture's, what its edge is interpolated with, and one token of padding.

        A fed-back mask is 256x256; beyond what was upscaled its last logits are repeated, and those of the padding
        are better repeated than the picture's (see `masks.mask_input_from_logits`).
        """
        return _tokens(self.low_res_columns)

    @property
    def token_rows(self) -> int:
        return _tokens(self.low_res_rows)

    def to_input(self, points: np.ndarray) -> np.ndarray:
        """(n, 2) x, y in the image frame -> float32 in the input frame; each axis by its own rounded ratio."""
        ratio = np.array([self.width / self.image_width, self.height / self.image_height])
        places = np.asarray(points, np.float64).reshape(-1, 2) - (self.x, self.y)
        return (places * ratio).astype(np.float32)


def _tokens(low_res_pixels: int) -> int:
    return min(GRID, ceil((low_res_pixels + 1) / 4) + 1)
