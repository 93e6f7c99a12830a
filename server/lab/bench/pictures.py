"""The pictures that are measured: the one the program draws, at any size, and photographs from files."""

import io
from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from ...features.pictures.sample import draw_sample

SMALL = (1072, 603)
LARGE = (4500, 3000)
TWELVE_MEGAPIXELS = (4000, 3000)
SMALL_OF_SAME_SHAPE = (1000, 750)


def name_of(size: tuple[int, int]) -> str:
    return f"{size[0]}x{size[1]}.jpg"


@cache
def _sample() -> Image.Image:
    return Image.open(io.BytesIO(draw_sample())).convert("RGB")


def drawn(size: tuple[int, int]) -> Image.Image:
    """The program's own picture, cut to the shape asked for and scaled to (width, height)."""
    return ImageOps.fit(_sample(), size, Image.Resampling.BICUBIC)


def drawn_jpeg(size: tuple[int, int]) -> bytes:
    """The same as a camera would store it."""
    file = io.BytesIO()
    drawn(size).save(file, "JPEG", quality=90)
    return file.getvalue()


def photograph_rgb(path: Path) -> np.ndarray:
    """uint8 (H, W, 3), upright."""
    with Image.open(path) as image:
        return np.asarray(ImageOps.exif_transpose(image).convert("RGB"))
