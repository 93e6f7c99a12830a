"""The sample picture: a shore painted by the program itself, the same on every machine. Pure computation.

Painted as flat shapes at twice the size, then shaded and grained, so that its objects have soft edges and
surfaces like those of a photograph: sun, boat, lighthouse, rocks, pebbles, and samphire, the plant.
"""

import io
import math
from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

NAME = "shore.png"
WIDTH_PX, HEIGHT_PX = 1200, 800
_SCALE = 2
_SEED = 7
Color = tuple[int, int, int]
Point = tuple[float, float]


def draw_sample() -> bytes:
    """The picture as PNG."""
    generator = np.random.default_rng(_SEED)
    canvas = _background(generator)
    _sun(canvas)
    _headland(canvas, generator)
    _lighthouse(canvas)
    _boat(canvas)
    _rocks(canvas, generator)
    _pebbles(canvas, generator)
    _samphire(canvas, generator)
    small = canvas.resize((WIDTH_PX, HEIGHT_PX), Image.Resampling.LANCZOS)
    grain = generator.normal(0.0, 2.2, (HEIGHT_PX, WIDTH_PX, 1))
    pixels = np.clip(np.asarray(small, np.float32) + grain, 0, 255).astype(np.uint8)
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "PNG", compress_level=6)
    return out.getvalue()


def _px(*values: float) -> list[float]:
    """Picture pixels -> canvas pixels."""
    return [value * _SCALE for value in values]


def _noise(
    generator: np.random.Generator, height: int, width: int, cell_y: float, cell_x: float
) -> np.ndarray:
    """Smooth noise (height, width) around 0, features of about cell_y x cell_x pixels."""
    coarse = generator.normal(0.0, 1.0, (max(2, int(height / cell_y)), max(2, int(width / cell_x))))
    image = Image.fromarray(coarse.astype(np.float32))
    return np.asarray(image.resize((width, height), Image.Resampling.BICUBIC))


def _background(generator: np.random.Generator) -> Image.Image:
    """Sky down to 330, sea to 520, sand below; nothing in it is sharp, so it is made small and enlarged."""
    width, height = WIDTH_PX, HEIGHT_PX
    y = np.linspace(0, HEIGHT_PX, height)[:, None]
    x = np.linspace(0, WIDTH_PX, width)[None, :]
    sky = (
        _gradient(y, 0, 330, (96, 150, 205), (232, 222, 205))
        + 7 * _noise(generator, height, width, 45, 210)[..., None]
    )
    sea = (
        _gradient(y, 330, 520, (52, 104, 128), (98, 156, 158))
        + 9 * _noise(generator, height, width, 3.5, 45)[..., None]
    )
    sand = (
        _gradient(y, 500, 800, (214, 190, 148), (184, 154, 110))
        + 6 * _noise(generator, height, width, 8, 22)[..., None]
    )
    shore = 512 + 16 * np.sin(x / 170) + 5 * np.sin(x / 61 + 1)
    sea_share = np.clip((y - 330) / 1.2, 0, 1)[..., None]
    sand_share = np.clip((y - shore) / 2.5, 0, 1)[..., None]
    pixels = sky * (1 - sea_share) + sea * sea_share
    foam = np.exp(-(((y - shore + 5) / 5) ** 2))[..., None] * 70
    pixels = (pixels + foam) * (1 - sand_share) + sand * sand_share
    small = Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
    return small.resize((width * _SCALE, height * _SCALE), Image.Resampling.BICUBIC)


def _gradient(y: np.ndarray, start: float, end: float, top: Color, bottom: Color) -> np.ndarray:
    """(h,1) rows -> (h,1,3) colours."""
    share = np.clip((y - start) / (end - start), 0, 1)[..., None]
    return np.asarray(top, np.float32) * (1 - share) + np.asarray(bottom, np.float32) * share


def _paint(
    canvas: Image.Image, mask: Image.Image, light: Color, dark: Color, direction: tuple[float, float]
) -> None:
    """Fill a mask with a gradient from light to dark along a direction (dx, dy), over the mask's own box."""
    box = mask.getbbox()
    if box is None:
        return
    left, top, right, bottom = box
    y, x = np.mgrid[0 : bottom - top, 0 : right - left].astype(np.float32)
    share = direction[0] * x / max(1, right - left) + direction[1] * y / max(1, bottom - top)
    share = np.clip((share - share.min()) / max(1e-6, float(np.ptp(share))), 0, 1)[..., None]
    fill = np.asarray(light, np.float32) * (1 - share) + np.asarray(dark, np.float32) * share
    canvas.paste(Image.fromarray(fill.astype(np.uint8)), (left, top), mask.crop(box))


def _mask(canvas: Image.Image) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    mask = Image.new("L", canvas.size)
    return mask, ImageDraw.Draw(mask)


def _polygon(
    canvas: Image.Image, points: Sequence[Point], light: Color, dark: Color, direction=(1.0, 0.3)
) -> None:
    mask, draw = _mask(canvas)
    draw.polygon([(x * _SCALE, y * _SCALE) for x, y in points], fill=255)
    _paint(canvas, mask, light, dark, direction)


def _shadow(canvas: Image.Image, x: float, y: float, rx: float, ry: float, strength: float = 0.45) -> None:
    """A soft ellipse of shade on the ground."""
    mask, draw = _mask(canvas)
    draw.ellipse(_px(x - rx, y - ry, x + rx, y + ry), fill=int(255 * strength))
    margin = 12 * _SCALE
    left, top, right, bottom = (int(v) for v in _px(x - rx, y - ry, x + rx, y + ry))
    box = (left - margin, top - margin, right + margin, bottom + margin)
    soft = mask.crop(box).filter(ImageFilter.GaussianBlur(3 * _SCALE))
    canvas.paste((52, 44, 38), box, soft)


def _sun(canvas: Image.Image) -> None:
    mask, draw = _mask(canvas)
    draw.ellipse(_px(905, 62, 1005, 162), fill=255)
    glow = (
        mask.resize((WIDTH_PX // 4, HEIGHT_PX // 4)).filter(ImageFilter.GaussianBlur(14)).resize(canvas.size)
    )
    canvas.paste((255, 236, 190), (0, 0), glow.point(lambda value: value * 0.6))
    _paint(canvas, mask, (255, 246, 214), (252, 214, 130), (0.2, 1.0))


def _headland(canvas: Image.Image, generator: np.random.Generator) -> None:
    ridge = [(0.0, 238.0), (70, 222), (150, 216), (235, 232), (300, 262), (352, 300), (392, 336)]
    _polygon(canvas, [*ridge, (0, 340)], (98, 118, 92), (58, 76, 68), (0.1, 1.0))


def _lighthouse(canvas: Image.Image) -> None:
    _polygon(canvas, [(140, 222), (180, 222), (174, 96), (146, 96)], (250, 246, 238), (176, 172, 168))
    for top, bottom in ((118, 146), (176, 204)):
        slope = 6 / 126
        inset_top, inset_bottom = (222 - top) * slope, (222 - bottom) * slope
        stripe = [
            (140 + inset_top, top),
            (180 - inset_top, top),
            (180 - inset_bottom, bottom),
            (140 + inset_bottom, bottom),
        ]
        _polygon(canvas, stripe, (206, 62, 50), (134, 32, 30))
    _polygon(canvas, [(142, 96), (178, 96), (178, 90), (142, 90)], (70, 72, 76), (40, 42, 46))
    _polygon(canvas, [(149, 90), (171, 90), (171, 70), (149, 70)], (252, 236, 160), (206, 178, 96))
    _polygon(canvas, [(145, 70), (175, 70), (160, 52)], (198, 58, 46), (120, 28, 26))


def _boat(canvas: Image.Image) -> None:
    hull = [(560.0, 418.0), (780, 418), (744, 462), (598, 462)]
    mirror = [(598.0, 464.0), (744, 464), (764, 489), (578, 489)]
    mask, draw = _mask(canvas)
    draw.polygon([(x * _SCALE, y * _SCALE) for x, y in mirror], fill=70)
    canvas.paste((30, 52, 66), (0, 0), mask.filter(ImageFilter.GaussianBlur(4)))
    _polygon(canvas, [(664, 420), (668, 420), (668, 222), (664, 222)], (122, 86, 54), (84, 56, 34))
    _polygon(canvas, [(672, 404), (672, 230), (770, 400)], (252, 248, 240), (204, 200, 196), (1.0, 0.6))
    _polygon(canvas, [(660, 404), (660, 244), (586, 400)], (238, 150, 76), (196, 96, 44), (1.0, 0.8))
    _polygon(canvas, hull, (40, 84, 150), (20, 42, 86), (0.2, 1.0))
    _polygon(
        canvas, [(560, 418), (780, 418), (774, 427), (567, 427)], (246, 242, 232), (210, 204, 196), (0.0, 1.0)
    )


def _blob(
    x: float, y: float, rx: float, ry: float, generator: np.random.Generator, rough: float
) -> list[Point]:
    """A closed, slightly uneven outline around a centre."""
    phases = generator.uniform(0, 2 * math.pi, 3)
    points = []
    for step in range(72):
        angle = 2 * math.pi * step / 72
        uneven = 1 + rough * sum(
            math.sin((n + 2) * angle + phase) / (n + 1.5) for n, phase in enumerate(phases)
        )
        points.append((x + rx * uneven * math.cos(angle), y + ry * uneven * math.sin(angle)))
    return points


def _rocks(canvas: Image.Image, generator: np.random.Generator) -> None:
    for x, y, rx, ry in ((1010, 498, 96, 52), (1118, 520, 74, 44), (300, 540, 62, 34)):
        _shadow(canvas, x + 6, y + ry * 0.9, rx * 1.05, ry * 0.32)
        _polygon(canvas, _blob(x, y, rx, ry, generator, 0.1), (150, 142, 134), (66, 62, 62), (0.5, 1.0))


def _pebbles(canvas: Image.Image, generator: np.random.Generator) -> None:
    colors: list[tuple[Color, Color]] = [
        ((232, 228, 220), (158, 152, 146)),
        ((120, 130, 140), (62, 70, 80)),
        ((196, 118, 88), (120, 64, 46)),
        ((84, 100, 92), (40, 52, 48)),
        ((226, 200, 156), (150, 120, 84)),
        ((168, 92, 100), (96, 48, 58)),
    ]
    places = ((520, 690, 62), (640, 730, 46), (726, 668, 54), (842, 722, 66), (968, 676, 44), (1070, 734, 58))
    for (x, y, radius), (light, dark) in zip(places, colors, strict=True):
        _shadow(canvas, x + 5, y + radius * 0.52, radius * 1.02, radius * 0.26)
        _polygon(canvas, _blob(x, y, radius, radius * 0.62, generator, 0.05), light, dark, (0.6, 1.0))


def _samphire(canvas: Image.Image, generator: np.random.Generator) -> None:
    """Jointed green stems, branching in pairs: overlapping rounded segments."""
    _shadow(canvas, 205, 752, 120, 20)
    for lean in (-0.52, -0.3, -0.12, 0.06, 0.24, 0.46):
        _stem(canvas, generator, 205 + 90 * lean, 752, lean, 7, 17.0)


def _stem(
    canvas: Image.Image,
    generator: np.random.Generator,
    x: float,
    y: float,
    lean: float,
    joints: int,
    thick: float,
) -> None:
    length = thick * 1.75
    for joint in range(joints):
        angle = lean * (0.6 + 0.12 * joint) + generator.normal(0, 0.04)
        next_x, next_y = x + length * math.sin(angle), y - length * math.cos(angle)
        mask, draw = _mask(canvas)
        draw.line(_px(x, y, next_x, next_y), fill=255, width=int(thick * _SCALE))
        for end_x, end_y in ((x, y), (next_x, next_y)):
            radius = thick / 2
            draw.ellipse(_px(end_x - radius, end_y - radius, end_x + radius, end_y + radius), fill=255)
        shade = int(6 * joint)
        _paint(canvas, mask, (132 + shade, 176 + shade // 2, 74), (48, 98, 44), (1.0, 0.35))
        if thick > 12 and joint in (2, 4):
            for side in (-1, 1):
                _stem(canvas, generator, next_x, next_y, lean + side * 0.55, 3, thick * 0.66)
        x, y, thick, length = next_x, next_y, thick * 0.94, length * 0.96
