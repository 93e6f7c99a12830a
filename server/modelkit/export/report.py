"""The comparison of an export with PyTorch as one HTML file that needs nothing else."""

import base64
import html
import io
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from ...domain.frames import InputFrame
from ...domain.masks import full_size_mask
from ...domain.types import Prompt
from .options import Options
from .verify import BINS, Answer, Pair, Verification

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


def write_report(
    options: Options, verdict: str, passed: bool, folder: Path, verification: Verification
) -> str:
    """HTML: the verdict, what was made in `folder` and of what, sizes and speeds, the histogram, the masks."""
    title = f"{options.title} exported"
    stored = options.storage if options.quantize == "none" else f"8-bit, {options.quantize}"
    facts = (
        ("segmenter", f"{options.id} ({options.segmenter.name})"),
        ("checkpoint", options.checkpoint.name),
        ("encoder's weights", stored),
        ("threshold", f"mean mask IoU {options.least_iou:g}: {'passed' if passed else 'not passed'}"),
    )
    rows = "".join(
        f"<tr><th>{html.escape(name)}</th><td>{html.escape(value)}</td></tr>" for name, value in facts
    )
    figures = "".join(_figure(pair) for pair in verification.pairs)
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{html.escape(title)}</title>'
        f"<style>{_STYLE}</style><h1>{html.escape(title)}</h1>"
        f'<p class="{"good" if passed else "bad"}"><strong>{html.escape(verdict)}</strong></p>'
        f"<h2>What was made</h2><table>{rows}</table><h2>Size and speed</h2>{_sizes(options.checkpoint, folder)}"
        f"{_speeds(verification)}"
        f"<h2>How far the logits are apart</h2>{_histogram(verification)}"
        f"<h2>Masks side by side</h2><p>Each prompt's best-rated mask, outlined in white; a green dot is a click on "
        f"the object, a red one a click beside it. "
        f"On the right, red is what only one of them covers.</p>{figures}</html>\n"
    )


def _sizes(checkpoint: Path, folder: Path) -> str:
    """The files, and how large each is beside the checkpoint."""
    whole = checkpoint.stat().st_size
    rows = "".join(
        f'<tr><th>{html.escape(path.name)}</th><td class="n">{path.stat().st_size / 1e6:,.1f} MB</td>'
        f'<td class="n">{path.stat().st_size / whole:.0%}</td></tr>'
        for path in (checkpoint, *sorted(folder.glob("*.onnx*")))
    )
    return f"<table><tr><th></th><th>size</th><th>of the checkpoint</th></tr>{rows}</table>"


def _speeds(verification: Verification) -> str:
    reference = verification.torch
    rows = "".join(
        f'<tr><th>{name}</th><td class="n">{side.encode_s:.2f} s</td>'
        f'<td class="n">{reference.encode_s / side.encode_s:.1f}</td>'
        f'<td class="n">{1000 * side.decode_s:.0f} ms</td>'
        f'<td class="n">{reference.decode_s / side.decode_s:.1f}</td></tr>'
        for name, side in (
            ("PyTorch", reference),
            ("ONNX, as the server runs it", verification.onnx),
        )
    )
    times = "<th>times as fast</th>"
    return f"<table><tr><th></th><th>encode an image</th>{times}<th>decode a prompt</th>{times}</tr>{rows}</table>"


def _histogram(verification: Verification) -> str:
    """Bars over the absolute differences, on a logarithmic axis."""
    counts = verification.histogram()
    width, height = 700, 170
    step, tallest, whole = width / len(counts), max(1, counts.max()), max(1, counts.sum())
    bars = "".join(
        f'<rect x="{i * step:.1f}" y="{height - count / tallest * height:.1f}" width="{step - 1:.1f}" '
        f'height="{count / tallest * height:.1f}"><title>{count:,} logits, {count / whole:.1%}</title></rect>'
        for i, count in enumerate(counts)
    )
    places = {
        power: (power - BINS[0]) / (BINS[-1] - BINS[0]) * width for power in np.arange(BINS[0], BINS[-1] + 1)
    }
    ticks = "".join(
        f'<line x1="{x:.0f}" x2="{x:.0f}" y1="{height}" y2="{height + 5}"/>'
        f'<text x="{x:.0f}" y="{height + 18}" text-anchor="middle">{10.0**power:g}</text>'
        for power, x in places.items()
    )
    axis = f'<line x1="0" x2="{width}" y1="{height}" y2="{height}"/>'
    label = "absolute difference of a mask logit (a mask is where its logits are above 0)"
    named = f'<text x="{width / 2:.0f}" y="{height + 36}" text-anchor="middle">{label}</text>'
    highest = f'<text x="0" y="-4">{tallest / whole:.0%} of {whole:,} logits</text>'
    return (
        f'<svg viewBox="-30 -16 {width + 60} {height + 56}" role="img" aria-label="Histogram: {label}">'
        f"{bars}{axis}{ticks}{named}{highest}</svg>"
    )


def _figure(pair: Pair) -> str:
    frame = InputFrame(pair.trial.rgb.shape[1], pair.trial.rgb.shape[0])
    one, other = (full_size_mask(side.logits[pair.shown], frame) for side in (pair.torch, pair.onnx))
    panels = (
        (f"PyTorch, predicted IoU {_rating(pair.torch, pair)}", _outlined(pair.trial.rgb, one, pair.prompt)),
        (f"ONNX, predicted IoU {_rating(pair.onnx, pair)}", _outlined(pair.trial.rgb, other, pair.prompt)),
        (f"mask IoU {pair.mask_iou[pair.shown]:.4f}", _marked(pair.trial.rgb, one ^ other)),
    )
    images = "".join(
        f'<div><img alt="" src="{_data_url(pixels)}"><span>{html.escape(text)}</span></div>'
        for text, pixels in panels
    )
    said = f"{pair.trial.name}: {_words(pair.prompt)}; logits at most {pair.difference.max():.2g} apart"
    return f'<figure><figcaption>{html.escape(said)}</figcaption><div class="row">{images}</div></figure>'


def _rating(answer: Answer, pair: Pair) -> str:
    return f"{answer.predicted_iou[pair.shown]:.3f}"


def _words(prompt: Prompt) -> str:
    words = [f"{'+' if label else '-'}({x:.0f}, {y:.0f})" for x, y, label in prompt.points]
    if prompt.box is not None:
        words.append("box " + ", ".join(f"{side:.0f}" for side in prompt.box))
    return " ".join(words)


def _outlined(rgb: np.ndarray, mask: np.ndarray, prompt: Prompt) -> Image.Image:
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


def _marked(rgb: np.ndarray, where: np.ndarray) -> Image.Image:
    """The picture, small and in light greys, on which every pixel of `where` is seen."""
    grey = np.asarray(_small(np.repeat(200 + rgb.mean(axis=-1, keepdims=True) * 0.2, 3, axis=-1)))
    size = grey.shape[1], grey.shape[0]
    seen = np.asarray(Image.fromarray(where.astype(np.uint8) * 255).resize(size, Image.Resampling.BOX)) > 0
    return Image.fromarray(np.where(seen[..., None], _ONLY_ONE_COLOUR, grey).astype(np.uint8))


def _small(pixels: np.ndarray) -> Image.Image:
    image = Image.fromarray(pixels.astype(np.uint8))
    image.thumbnail((_SIDE_PX, _SIDE_PX))
    return image


def _data_url(image: Image.Image) -> str:
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return "data:image/png;base64," + base64.b64encode(out.getvalue()).decode("ascii")
