"""Reading and writing images whose pixels are numbers: 8 or 16 bits of grey, or a palette."""

import io

import numpy as np
from PIL import Image, UnidentifiedImageError

from server.formats.shapes import Canvas
from server.formats.source import Source, Unreadable

_LARGEST = 256 << 20  # bytes
_NUMBERS = ("1", "L", "P", "I", "I;16")


def palette(count: int = 256) -> list[int]:
    """VOC's colours, red green blue in turn: the bits of the number, dealt to the three in turn from the top."""
    colors = []
    for number in range(count):
        channels = [0, 0, 0]
        for bit in range(24):
            if number >> bit & 1:
                channels[bit % 3] |= 1 << (7 - bit // 3)
        colors += channels
    return colors


def write_png(numbers: np.ndarray, colors: list[int] | None = None) -> bytes:
    """(H, W) uint16 -> PNG: with colours 8 bits and a palette, else 16 bits of grey."""
    file = io.BytesIO()
    if colors is None:
        Image.fromarray(numbers).save(file, "PNG")
    else:
        image = Image.fromarray(numbers.astype(np.uint8))
        image.putpalette(colors)
        image.save(file, "PNG")
    return file.getvalue()


def read_numbers(source: Source, path: str) -> np.ndarray:
    """(H, W) of whole numbers. Raises Unreadable for pictures of colours, and for what is no picture."""
    with source.reading(path) as file:
        data = io.BytesIO(file.read(_LARGEST))
    try:
        with Image.open(data, formats=["PNG", "BMP", "TIFF"]) as image:
            Canvas(*image.size)
            if image.mode not in _NUMBERS:
                raise Unreadable(f"a picture of colours ({image.mode})", "a palette, or 8 or 16 bits of grey")
            return np.asarray(image).astype(np.int64)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise Unreadable("a file that cannot be read as a picture", "a PNG of numbers") from error
