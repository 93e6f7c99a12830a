"""What reports have in common: one HTML file that needs nothing else, and small images with masks on them."""

import base64
import html
import io

import numpy as np
from PIL import Image, ImageDraw

from ..domain.types import Prompt

_SIDE_PX = 320  # of the pictures
_MASK_COLOUR = np.array([30, 130, 255])
_EDGE_COLOUR = np.array([255, 255, 255])
_ONLY_ONE_COLOUR = np.array([255, 40, 90])
_STYLE = """
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif }
body { max-width: 70rem; margin: 2rem auto; padding: 0 1rem }
table { border-collapse: collapse; margin: 1rem 0 }
th, td { text-align: left; padding: .25rem .9rem .25rem 0; border-bottom: 1px solid #8884 }
td.n { text-align: right; font-variant-numeric: tabular-nums }
figure { margin: 1.5rem 0 } figcaption { margin-bottom: .4rem }
.row { display: flex; flex-wrap: wrap; gap: .75rem } .row span { font-size: .85rem }
.row img { display: block; max-width: 100%; border-radius: 4px }
svg { width: 100%; max-width: 46rem; height: auto } rect { fill: #1e82ff }
text { fill: currentColor; font-size: 11px } svg line { stroke: currentColor; stroke-opacity: .5 }
.bad { color: #d02050 } .good { color: #108040 }
"""


def page(title: str, body: str) -> str:
    """The whole file; `body` is HTML."""
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{html.escape(title)}</title>'
        f"<style>{_STYLE}</style><h1>{html.escape(title)}</h1>{body}</html>\n"
    )


def verdict(text: str, good: bool) -> str:
    return f'<p class="{"good" if good else "bad"}"><strong>{html.escape(text)}</strong></p>'


def outlined(rgb: np.ndarray, mask: np.ndarray, prompt: Prompt) -> Image.Image:
    """The picture, small, with the mask tinted and outlined, and what was asked."""
    image = _small(np.where(mask[..., None], rgb * 0.4 + _MASK_COLOUR * 0.6, rgb))
    inside = np.asarray(Image.fromarray(mask).resize(image.size))
    edge = np.zeros_like(inside)
    for axis in (0, 1):
        edge |= inside & ~(np.roll(inside, 1, axis) & np.roll(inside, -1, axis))
    image = Image.fromarray(np.where(edge[..., None], _EDGE_COLOUR, np.asarray(image)).astype(np.uint8))
    pen, scale = ImageDraw.Draw(image), image.width / rgb.shape[1]
    if prompt.box is not None:
        pen.rectangle([side * scale for side in prompt.box], outline=(255, 200, 0), width=2)
    for x, y, label in prompt.points:
        colour = (20, 170, 60) if label else (220, 30, 60)
        pen.circle((x * scale, y * scale), 5, fill=colour, outline=(255, 255, 255))
    return image


def marked(rgb: np.ndarray, where: np.ndarray) -> Image.Image:
    """The picture, small and in light greys, on which every pixel of `where` is seen."""
    grey = np.asarray(_small(np.repeat(200 + rgb.mean(axis=-1, keepdims=True) * 0.2, 3, axis=-1)))
    size = grey.shape[1], grey.shape[0]
    seen = np.asarray(Image.fromarray(where.astype(np.uint8) * 255).resize(size, Image.Resampling.BOX)) > 0
    return Image.fromarray(np.where(seen[..., None], _ONLY_ONE_COLOUR, grey).astype(np.uint8))


def _small(pixels: np.ndarray) -> Image.Image:
    image = Image.fromarray(pixels.astype(np.uint8))
    image.thumbnail((_SIDE_PX, _SIDE_PX))
    return image


def data_url(image: Image.Image) -> str:
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return "data:image/png;base64," + base64.b64encode(out.getvalue()).decode("ascii")
