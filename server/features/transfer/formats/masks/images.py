"""Reading and writing mask images: pixels are numbers, 8 or 16 bits of grey or a palette's, or colours."""

import io
from functools import cache
from typing import NamedTuple

import numpy as np
from PIL import Image, UnidentifiedImageError

from ..shapes import Canvas
from ..source import Source, Unreadable

Color = tuple[int, int, int]
_LARGEST = 256 << 20  # bytes
_NUMBERS = ("1", "L", "P", "I", "I;16", "I;16B")
_COLORS = ("RGB", "RGBA", "LA")


class Mask(NamedTuple):
    """`numbers`: (H, W), 0 where there is nothing; of a mask of colours 65536 red + 256 green + blue. `palette`: (n, 3)
    or None."""

    numbers: np.ndarray
    palette: np.ndarray | None = None
    numbers_are_colors: bool = False

    def color(self, number: int) -> Color | None:
        if self.numbers_are_colors:
            return number >> 16, number >> 8 & 255, number & 255
        if self.palette is None or number >= len(self.palette):
            return None
        red, green, blue = self.palette[number].tolist()
        return red, green, blue


@cache
def palette() -> list[Color]:
    """VOC's 256 colours: the bits of the number, dealt to red, green and blue in turn from the top."""
    colors = []
    for number in range(256):
        channels = [0, 0, 0]
        for bit in range(24):
            if number >> bit & 1:
                channels[bit % 3] |= 1 << (7 - bit // 3)
        colors.append((channels[0], channels[1], channels[2]))
    return colors


def write_png(numbers: np.ndarray, colors: list[Color] | None = None) -> bytes:
    """(H, W) uint16 -> PNG: with colours 8 bits and a palette, else 16 bits of grey."""
    file = io.BytesIO()
    if colors is None:
        Image.fromarray(numbers).save(file, "PNG")
    else:
        image = Image.fromarray(numbers.astype(np.uint8))
        image.putpalette([value for color in colors for value in color])
        image.save(file, "PNG")
    return file.getvalue()


def write_colors(numbers: np.ndarray, colors: list[Color]) -> bytes:
    """(H, W) uint16 -> PNG of each number's colour."""
    return write_rgb(*np.moveaxis(np.array(colors)[numbers], -1, 0))


def write_rgb(red: np.ndarray, green: np.ndarray, blue: np.ndarray) -> bytes:
    """(H, W) of 0 to 255, each -> PNG."""
    file = io.BytesIO()
    Image.fromarray(np.stack([red, green, blue], axis=-1).astype(np.uint8)).save(file, "PNG")
    return file.getvalue()


def read_mask(source: Source, path: str) -> Mask:
    """Raises Unreadable for what is no mask, and no picture."""
    with source.reading(path) as file:
        data = io.BytesIO(file.read(_LARGEST))
    try:
        with Image.open(data, formats=["PNG", "BMP", "TIFF", "GIF"]) as image:
            Canvas(*image.size)
            if image.mode in _COLORS:
                return _of_colors(image)
            if image.mode not in _NUMBERS:
                raise Unreadable(
                    f"an image of the kind {image.mode}", "grey, colours of 8 bits, or a palette"
                )
            colors = image.getpalette() if image.mode == "P" else None
            numbers = np.asarray(image).astype(np.int32)
            return Mask(numbers, None if colors is None else np.reshape(colors, (-1, 3)))
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise Unreadable("a file that cannot be read as an image", "a PNG of numbers or colours") from error


def _of_colors(image: Image.Image) -> Mask:
    """Greys may be numbers as well; what is transparent is nothing."""
    red, green, blue, alpha = np.moveaxis(np.asarray(image.convert("RGBA")), -1, 0)
    gray = np.array_equal(red, green) and np.array_equal(green, blue)
    numbers = red.astype(np.int32)
    if not gray:
        numbers = numbers << 16 | green.astype(np.int32) << 8 | blue
    numbers[alpha == 0] = 0
    return Mask(numbers, np.repeat(np.arange(256)[:, None], 3, axis=1) if gray else None, not gray)
