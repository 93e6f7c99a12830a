"""Pictures whose objects are known to the pixel, for a scripted annotator: drawn here, or photographs of a dataset."""

import io
import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from ..evaluation.dataset import open_dataset
from ..evaluation.truth import Truth

_SIZE = (1200, 800)
_COLUMNS, _ROWS = 3, 2  # one object in each part of the picture: none hides another
_SUPERSAMPLED = 3


@dataclass(frozen=True)
class Scene:
    """`file`: the encoded picture; `objects`: in the frame of the upright picture."""

    name: str
    file: bytes
    objects: tuple[Truth, ...]


def drawn_scenes(count: int) -> Iterator[Scene]:
    """Shaded shapes on a mottled ground, the same every time."""
    for number in range(count):
        yield _drawn(number)


def photographed_scenes(folder: Path, count: int) -> Iterator[Scene]:
    """The first photographs of a dataset that have objects. Raises InvalidDataset."""
    for picture in open_dataset(folder).first(count).pictures:
        file = picture.path.read_bytes()
        with Image.open(io.BytesIO(file)) as image:
            width, height = image.size
        objects = tuple(truth for source in picture.sources for truth in source.read(width, height))
        yield Scene(picture.path.name, file, objects)


def _drawn(number: int) -> Scene:
    chance = random.Random(number)
    noise = np.random.default_rng(number)
    pixels = _ground(noise)
    objects = []
    width, height = _SIZE
    for cell in range(_COLUMNS * _ROWS):
        x = (cell % _COLUMNS + 0.5) * width / _COLUMNS
        y = (cell // _COLUMNS + 0.5) * height / _ROWS
        mask = _shape(chance, x, y, 0.38 * min(width / _COLUMNS, height / _ROWS))
        color = np.array([chance.choice((30, 70, 180, 225)) for _ in range(3)], np.float32)
        shade = np.linspace(1.12, 0.82, height, dtype=np.float32)[:, None, None]
        share = mask.astype(np.float32)[..., None]
        pixels = pixels * (1 - share) + color * shade * share
        objects.append(Truth(f"{number}-{cell}", mask >= 0.5, None, "drawn"))
    pixels += noise.normal(0, 4, pixels.shape)
    out = io.BytesIO()
    Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8)).save(out, "JPEG", quality=92)
    return Scene(f"scene-{number:02d}.jpg", out.getvalue(), tuple(objects))


def _ground(noise: np.random.Generator) -> np.ndarray:
    """float32 (H, W, 3): soft patches of two colours."""
    width, height = _SIZE
    coarse = Image.fromarray(noise.normal(0, 1, (height // 80, width // 80)).astype(np.float32))
    patches = np.asarray(coarse.resize(_SIZE, Image.Resampling.BICUBIC))[..., None]
    return np.array([126, 130, 118], np.float32) + patches * np.array([14, 10, 16], np.float32)


def _shape(chance: random.Random, x: float, y: float, radius: float) -> np.ndarray:
    """float32 (H, W), 0 to 1: a blob, or a polygon of few corners, about (x, y)."""
    corners = chance.choice((4, 5, 6, 60))
    turn = chance.uniform(0, 2 * math.pi)
    lobes, depth = chance.randint(2, 5), chance.uniform(0.05, 0.2)
    points = []
    for i in range(corners):
        angle = turn + 2 * math.pi * i / corners
        reach = radius * (1 - depth + depth * math.sin(lobes * angle))
        points.append(
            (_SUPERSAMPLED * (x + reach * math.cos(angle)), _SUPERSAMPLED * (y + reach * math.sin(angle)))
        )
    canvas = Image.new("L", (_SIZE[0] * _SUPERSAMPLED, _SIZE[1] * _SUPERSAMPLED))
    ImageDraw.Draw(canvas).polygon(points, fill=255)
    soft = canvas.resize(_SIZE, Image.Resampling.BOX).filter(ImageFilter.GaussianBlur(0.7))
    return np.asarray(soft, np.float32) / 255
