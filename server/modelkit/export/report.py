"""The comparison of an export with PyTorch as one HTML file that needs nothing else."""

import html
from pathlib import Path

import numpy as np

from ...domain.frames import InputFrame
from ...domain.masks import full_size_mask
from ...domain.types import Prompt
from ..html_report import data_url, marked, outlined, page
from ..html_report import verdict as said
from .options import Options
from .verify import BINS, Answer, Pair, Verification


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
    return page(
        title,
        f"{said(verdict, passed)}<h2>What was made</h2><table>{rows}</table>"
        f"<h2>Size and speed</h2>{_sizes(options.checkpoint, folder)}{_speeds(verification)}"
        f"<h2>How far the logits are apart</h2>{_histogram(verification)}"
        f"<h2>Masks side by side</h2><p>Each prompt's best-rated mask, outlined in white; a green dot is a click on "
        f"the object, a red one a click beside it. "
        f"On the right, red is what only one of them covers.</p>{figures}",
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
        (f"PyTorch, predicted IoU {_rating(pair.torch, pair)}", outlined(pair.trial.rgb, one, pair.prompt)),
        (f"ONNX, predicted IoU {_rating(pair.onnx, pair)}", outlined(pair.trial.rgb, other, pair.prompt)),
        (f"mask IoU {pair.mask_iou[pair.shown]:.4f}", marked(pair.trial.rgb, one ^ other)),
    )
    images = "".join(
        f'<div><img alt="" src="{data_url(pixels)}"><span>{html.escape(text)}</span></div>'
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
