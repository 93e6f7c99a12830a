"""Objects in mask pictures: one object a file, or one for each value. Reads files; knows no folders.

What a file's values mean is told by themselves, by the first line that fits; `Truth.read_as` says which:

    0 and one other value           one object
    0, 128, 255                     255 is the object, 128 undecided (GrabCut's masks)
    0, 255, few pixels of others    one object, cut at half of the brightest channel; JPEG always;
                                    not for a coloured palette, whose numbers are no brightness
    0, 1..n, 255                    n objects, 255 undecided (VOC's and DAVIS's borders)
    other values, or colours        one object for each
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from ...errors import InvalidDataset
from .truth import Truth

SUFFIXES = frozenset({".png", ".bmp", ".tif", ".tiff", ".gif", ".webp", ".jpg", ".jpeg"})
ONE, EACH_VALUE = "one object a file", "one object for each value"
TRIMAP, BORDERED = "255 the object, 128 undecided", "one object for each value, 255 undecided"
SOFT = "one object a file, soft edges or stray pixels cut at half"
_WHITE = (255, 0xFFFFFF)
_FEW = 0.1  # of the white pixels
_MOST_GREYS, _MOST_OBJECTS = 100, 1000  # more of them are a photograph's


@dataclass(frozen=True)
class MaskFile:
    """One mask picture; `where` is its name inside the dataset."""

    where: str
    path: Path

    def read(self, width: int, height: int) -> Iterator[Truth]:
        """Raises InvalidDataset, before anything is decoded when the picture has another size."""
        try:
            with Image.open(self.path) as picture:
                if picture.size != (width, height):
                    size = f"{picture.width}x{picture.height}"
                    raise InvalidDataset(f"The mask is {size} pixels, its image {width}x{height}.")
                lossy = picture.format in ("JPEG", "MPO")
                labels, brightness = _values(picture)
        except InvalidDataset:
            raise
        except Exception as error:  # decoders of hostile files raise anything
            raise InvalidDataset("This file cannot be read as an image.") from error
        yield from _objects(self.where, labels, brightness, lossy)


def _values(picture: Image.Image) -> tuple[np.ndarray, np.ndarray | None]:
    """(H, W): 0 where nothing is, else a value for each object, colours as one number.

    And the brightest channel, uint8 (H, W), of what may be an ordinary picture; None of a palette's or deep numbers.
    """
    if picture.mode == "P" and "transparency" not in picture.info:
        indices = np.asarray(picture)
        used = np.unique(indices)
        colours = np.asarray(picture.convert("RGB"))
        greys = colours[..., 0]
        if (colours == greys[..., None]).all() and len(np.unique(greys)) == len(used):
            return greys, greys  # a grey picture stored with a palette
        return indices, None
    if picture.mode in ("I", "I;16", "I;16B", "I;16L", "I;16N"):
        return np.asarray(picture).astype(np.int64), None
    if picture.mode in ("1", "L"):
        greys = np.asarray(picture.convert("L"))
        return greys, greys
    rgba = np.asarray(picture.convert("RGBA"))
    rgb = np.where(rgba[..., 3:] > 127, rgba[..., :3], 0)
    brightness = rgb.max(axis=2)
    if (rgb == brightness[..., None]).all():
        return brightness, brightness
    return rgb.astype(np.int64) @ np.array([1 << 16, 1 << 8, 1]), brightness


def _objects(where: str, labels: np.ndarray, brightness: np.ndarray | None, lossy: bool) -> Iterator[Truth]:
    values, counts = np.unique(labels, return_counts=True)
    pixels = {int(value): int(count) for value, count in zip(values, counts, strict=True) if value}
    if not pixels:
        raise InvalidDataset("The mask is empty.")
    white = sum(pixels.get(value, 0) for value in _WHITE)
    between = [value for value in pixels if value not in _WHITE]
    stray = sum(pixels[value] for value in between) < _FEW * white
    if len(pixels) == 1:
        yield Truth(where, labels != 0, None, ONE)
    elif set(pixels) == {128, 255}:
        yield Truth(where, labels == 255, labels == 128, TRIMAP)
    elif brightness is not None and (lossy or stray):
        mask = brightness > 127
        if not mask.any():
            raise InvalidDataset("The mask is empty: no pixel is brighter than half.")
        yield Truth(where, mask, None, SOFT)
    elif len(pixels) > (_MOST_GREYS if labels is brightness else _MOST_OBJECTS):
        raise InvalidDataset(f"{len(pixels)} different values: this looks like a photograph, not like masks.")
    elif 255 in pixels and between == list(range(1, len(between) + 1)):
        for value in between:
            yield Truth(f"{where}#{value}", labels == value, labels == 255, BORDERED)
    else:
        for value in pixels:
            yield Truth(f"{where}#{_name(value, labels)}", labels == value, None, EACH_VALUE)


def _name(value: int, labels: np.ndarray) -> str:
    return f"{value:06x}" if labels.max() > 65535 else str(value)
