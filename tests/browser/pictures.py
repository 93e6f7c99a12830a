"""Pictures drawn for the tests: clear objects at known places, in any size and EXIF orientation."""

import io
from dataclasses import dataclass

import numpy as np
from PIL import Image

ORIENTATION = 0x0112  # EXIF tag
# What a camera held so stores: the upright picture, turned by the inverse of what the tag asks for.
STORED = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


@dataclass(frozen=True)
class Ellipse:
    """Centre and radii in image pixels, and a colour."""

    x: float
    y: float
    rx: float
    ry: float
    color: tuple[int, int, int]

    @property
    def centre(self) -> tuple[float, float]:
        return self.x, self.y

    @property
    def box(self) -> list[float]:
        """x0, y0, x1, y1"""
        return [self.x - self.rx, self.y - self.ry, self.x + self.rx, self.y + self.ry]

    def mask(self, width: int, height: int) -> np.ndarray:
        """bool (height, width)"""
        y, x = np.mgrid[:height, :width] + 0.5
        return ((x - self.x) / self.rx) ** 2 + ((y - self.y) / self.ry) ** 2 <= 1


@dataclass(frozen=True)
class Picture:
    name: str
    width: int
    height: int
    data: bytes
    objects: tuple[Ellipse, ...]

    def mask(self, index: int = 0) -> np.ndarray:
        return self.objects[index].mask(self.width, self.height)


def pixels(width: int, height: int, objects, seed: int) -> np.ndarray:
    """uint8 (height, width, 3): shaded ellipses on a dark, slightly grained ground."""
    grain = np.random.default_rng(seed).integers(0, 18, (height, width, 1))
    shade = np.linspace(34, 62, height)[:, None, None]
    image = np.broadcast_to(grain + shade, (height, width, 3)).copy()
    for each in objects:
        image[each.mask(width, height)] = each.color
    return np.clip(image + grain / 2, 0, 255).astype(np.uint8)


def still_life(seed: int = 0) -> Picture:
    """900 x 600 with three objects well apart; another seed is another file."""
    objects = (
        Ellipse(230, 210, 120, 90, (228, 138, 52)),
        Ellipse(610, 190, 84, 104, (70, 168, 190)),
        Ellipse(560, 440, 150, 72, (206, 196, 90)),
    )
    return picture(f"still-life-{seed}.png", 900, 600, objects, seed)


def one_object(width: int, height: int, seed: int = 0, orientation: int | None = None) -> Picture:
    """One bright object left of and above the middle. With an EXIF orientation it is a JPEG, stored turned."""
    rx, ry = max(0.6, width * 0.17), max(0.6, height * 0.14)
    objects = (Ellipse(width * 0.36, height * 0.3, rx, ry, (240, 170, 60)),)
    name = f"object-{width}x{height}" + (f"-exif{orientation}.jpg" if orientation else ".png")
    return picture(name, width, height, objects, seed, orientation)


def picture(name, width, height, objects, seed, orientation: int | None = None) -> Picture:
    image = Image.fromarray(pixels(width, height, objects, seed))
    file = io.BytesIO()
    if orientation is None:
        image.save(file, "PNG")
    else:
        turn = STORED[orientation]
        exif = Image.Exif()
        exif[ORIENTATION] = orientation
        (image if turn is None else image.transpose(turn)).save(file, "JPEG", quality=95, exif=exif)
    return Picture(name, width, height, file.getvalue(), tuple(objects))
