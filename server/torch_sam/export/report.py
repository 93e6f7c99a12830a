"""The comparison of an export with PyTorch as one HTML file that needs nothing else."""

import base64
import html
import io
from collections.abc import Sequence

import numpy as np
from PIL import Image

from server.domain.frames import InputFrame
from server.domain.masks import full_size_mask
from server.domain.types import Prompt
from server.torch_sam.export.verify import BINS, Answer, Pair, Verification

_SIDE_PX = 320  # of the pictures
_MASK_COLOUR = np.array([30, 130, 255])
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
text { fill: currentColor; font-size: 11px }
.bad { color: #d02050 } .good { color: #108040 }
"""


def write_report(
    title: str, verdict: str, passed: bool, facts: Sequence[tuple[str, str]], verification: Verification
) -> str:
    """HTML: the verdict, `facts` (name, value), sizes and speeds as given there, the histogram, the masks."""
    rows = "".join(
        f"<tr><th>{html.escape(name)}</th><td>{html.escape(value)}</td></tr>" for name, value in facts
    )
    figures = "".join(_figure(pair) for pair in verification.pairs)
    speeds = _speeds(verification)
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{html.escape(title)}</title>'
        f"<style>{_STYLE}</style><h1>{html.escape(title)}</h1>"
        f'<p class="{"good" if passed else "bad"}"><strong>{html.escape(verdict)}</strong></p>'
        f"<h2>What was made</h2><table>{rows}</table><h2>Speed on this machine</h2>{speeds}"
        f"<h2>How far the logits are apart</h2>{_histogram(verification)}"
        f"<h2>Masks side by side</h2><p>Each prompt's best-rated mask. On the right, red is what only one of them "
        f"covers.</p>{figures}</html>\n"
    )


def _speeds(verification: Verification) -> str:
    rows = "".join(
        f'<tr><th>{name}</th><td class="n">{side.encode_s:.2f} s</td>'
        f'<td class="n">{1000 * side.decode_s:.0f} ms</td></tr>'
        for name, side in (
            ("PyTorch", verification.torch),
            ("ONNX, as the server runs it", verification.onnx),
        )
    )
    return f"<table><tr><th></th><th>encode an image</th><th>decode a prompt</th></tr>{rows}</table>"


def _histogram(verification: Verification) -> str:
    """Bars over the absolute differences, on a logarithmic axis."""
    counts = verification.histogram()
    width, height = 700, 170
    step, tallest = width / len(counts), max(1, counts.max())
    bars = "".join(
        f'<rect x="{i * step:.1f}" y="{height - count / tallest * height:.1f}" width="{step - 1:.1f}" '
        f'height="{count / tallest * height:.1f}"><title>{count:,} logits</title></rect>'
        for i, count in enumerate(counts)
    )
    ticks = "".join(
        f'<text x="{(power - BINS[0]) / (BINS[-1] - BINS[0]) * width:.0f}" y="{height + 16}">1e{power:.0f}</text>'
        for power in np.arange(BINS[0], BINS[-1])
    )
    label = "Histogram of the absolute differences of all mask logits"
    return f'<svg viewBox="0 0 {width} {height + 24}" role="img" aria-label="{label}">{bars}{ticks}</svg>'


def _figure(pair: Pair) -> str:
    frame = InputFrame(pair.trial.rgb.shape[1], pair.trial.rgb.shape[0])
    one, other = (full_size_mask(side.logits[pair.shown], frame) for side in (pair.torch, pair.onnx))
    panels = (
        (f"PyTorch, predicted IoU {_rating(pair.torch, pair)}", _over(pair.trial.rgb, one, _MASK_COLOUR)),
        (f"ONNX, predicted IoU {_rating(pair.onnx, pair)}", _over(pair.trial.rgb, other, _MASK_COLOUR)),
        (
            f"mask IoU {pair.mask_iou[pair.shown]:.4f}",
            _over(_faded(pair.trial.rgb), one ^ other, _ONLY_ONE_COLOUR),
        ),
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


def _over(rgb: np.ndarray, mask: np.ndarray, colour: np.ndarray) -> Image.Image:
    """The picture with the mask's pixels tinted, small."""
    tinted = np.where(mask[..., None], rgb * 0.4 + colour * 0.6, rgb).astype(np.uint8)
    image = Image.fromarray(tinted)
    image.thumbnail((_SIDE_PX, _SIDE_PX))
    return image


def _faded(rgb: np.ndarray) -> np.ndarray:
    """The picture in light greys, on which the colour of a difference stands out."""
    return np.repeat(200 + rgb.mean(axis=-1, keepdims=True) * 0.2, 3, axis=-1)


def _data_url(image: Image.Image) -> str:
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return "data:image/png;base64," + base64.b64encode(out.getvalue()).decode("ascii")
