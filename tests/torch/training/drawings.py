"""Drawings to learn from: shapes of distinct colours that lie over each other on a striped ground, with their masks."""

from dataclasses import dataclass
from math import pi

import numpy as np
from PIL import Image, ImageDraw

SIDE = 32  # pixels
_FINER = 4  # sub-pixels a side, of which a mask's edge is made
_SHAPES = (1, 4)  # from, to below
_APART = 80  # of 255: how far any two colours are in the channel in which they differ most
_LEAST = 0.05  # of the image: objects of which less is left are nobody's to click on
_NOISE = 5.0  # of 255


@dataclass(frozen=True)
class Drawing:
    """uint8 (32, 32, 3), and for each object how much of each pixel is its visible part, float32 (n, 32, 32)."""

    rgb: np.ndarray
    covers: np.ndarray


def draw(random: np.random.Generator) -> Drawing:
    """Never the same twice; at least one object."""
    count = int(random.integers(*_SHAPES))
    ground, *colours = _colours(random, count + 1)
    rgb, covers = _striped(random, ground), np.zeros((0, SIDE, SIDE), np.float32)
    for colour in colours:
        cover = _cover(_outline(random))
        rgb += cover[..., None] * (_striped(random, colour) - rgb)
        covers = np.concatenate([covers * (1 - cover), cover[None]])
    rgb += _NOISE * random.standard_normal(rgb.shape, np.float32)
    large = (covers >= 0.5).mean((1, 2)) >= _LEAST
    return Drawing(rgb.clip(0, 255).astype(np.uint8), covers[large])


def _colours(random: np.random.Generator, count: int) -> list[np.ndarray]:
    chosen: list[np.ndarray] = []
    while len(chosen) < count:
        colour = random.uniform(0, 255, 3).astype(np.float32)
        if all(np.abs(colour - other).max() > _APART for other in chosen):
            chosen.append(colour)
    return chosen


def _striped(random: np.random.Generator, colour: np.ndarray) -> np.ndarray:
    """float32 (32, 32, 3)."""
    y, x = np.mgrid[:SIDE, :SIDE].astype(np.float32) / SIDE
    turn, phase = random.uniform(0, 2 * pi, 2)
    wave = np.sin(2 * pi * random.uniform(3, 12) * (x * np.cos(turn) + y * np.sin(turn)) + phase)
    return colour + wave[..., None] * random.uniform(-20, 20, 3).astype(np.float32)


def _outline(random: np.random.Generator) -> np.ndarray:
    """Corners (n, 2) of an ellipse, a rectangle or a triangle, turned and stretched, in pixels."""
    radii = (np.ones(40), np.full(4, 1.15), np.full(3, 1.3))[random.integers(3)]
    angle = np.linspace(0, 2 * pi, len(radii), endpoint=False)
    x, y = radii * np.cos(angle), radii * np.sin(angle) * random.uniform(0.7, 1)
    size, turn = SIDE * random.uniform(0.2, 0.35), random.uniform(0, 2 * pi)
    turned = np.stack([x * np.cos(turn) - y * np.sin(turn), x * np.sin(turn) + y * np.cos(turn)], 1)
    return size * turned + SIDE * random.uniform(0.2, 0.8, 2)


def _cover(outline: np.ndarray) -> np.ndarray:
    """float32 (32, 32) in [0, 1]."""
    finer = Image.new("L", (SIDE * _FINER, SIDE * _FINER))
    ImageDraw.Draw(finer).polygon([tuple(corner) for corner in _FINER * outline], fill=255)
    return np.asarray(finer.reduce(_FINER), np.float32) / 255
