"""What a training did, as one HTML file to send to somebody: figures before and after, the curve, masks."""

import io
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

import numpy as np
from PIL import Image

from ...domain.mask_pictures import size_within
from ...domain.masks import full_size_mask
from ...domain.types import Prompt
from ...inference.training_set import TrainingImage, TrainingSet
from ...modelkit.html_report import data_url, outlined, page, verdict
from ..evaluation.measure import ask
from .measuring import Measured
from .subjects import Subject

_GREY_SIDE = 480
_SHOWN = 6  # objects of each kind
_CURVE_CLICKS = (1, 2, 3, 5)
_WIDTH, _HEIGHT = 640, 240


def write_report(
    result: Mapping[str, Any],
    title: str,
    base_title: str,
    subjects: tuple[Subject, Subject],
    source: TrainingSet,
    images: Sequence[TrainingImage],
    before: Sequence[Measured],
    after: Sequence[Measured],
) -> str:
    """HTML. `before` and `after` are what the two subjects made of the same objects, those of `images`. Raises
    DecodingFailed."""
    pairs = list(zip(before, after, strict=True))
    worst = sorted(pairs, key=lambda pair: pair[1].result.iou[0])[:_SHOWN]
    gained = sorted(pairs, key=lambda pair: pair[0].result.iou[0] - pair[1].result.iou[0])[:_SHOWN]
    drawer = _Drawer(subjects, source, images)
    reason, installed = result["reason"], "Installed." if result["installed"] else "Not installed."
    return page(
        f"{title}, trained from {base_title}",
        f"{verdict(f'{reason} {installed}', result['installed'])}"
        f"<h2>Training data</h2><p>{_learnt(result)}</p>"
        f"<h2>Results on held-out images</h2>{_table(result)}"
        f"<h2>Training curve</h2>{curve(result['curve'])}"
        f"<h2>Most improved</h2>{drawer.figures(gained)}"
        f"<h2>Lowest IoU</h2>{drawer.figures(worst)}",
    )


def _learnt(result: Mapping[str, Any]) -> str:
    images, objects = result["images"], result["objects"]
    minutes = result["training_seconds"] / 60
    return escape(
        f"{objects['training']} objects in {images['training']} images, trained for {minutes:.1f} minutes "
        f"({result['what']}); evaluated on {objects['held_out']} objects in {images['held_out']} other images."
    )


def _table(result: Mapping[str, Any]) -> str:
    before, after = result["before"], result["after"]
    rows = [
        (f"mean IoU, {n} click{'s' if n > 1 else ''}", before["miou"][n - 1], after["miou"][n - 1])
        for n in _CURVE_CLICKS
    ]
    rows += [
        ("best of the three candidates", before["best_of_three"], after["best_of_three"]),
        ("mean IoU, box", before["box"], after["box"]),
        ("boundary IoU, 1 click", before["boundary"], after["boundary"]),
        ("clicks to 85 %", before["noc_85"], after["noc_85"]),
        ("clicks to 90 %", before["noc_90"], after["noc_90"]),
    ]
    lines = "".join(
        f'<tr><th>{name}</th><td class="n">{then:.3f}</td><td class="n">{now:.3f}</td>'
        f'<td class="n">{now - then:+.3f}</td></tr>'
        for name, then, now in rows
    )
    return f"<table><tr><th></th><th>before</th><th>after</th><th>change</th></tr>{lines}</table>"


def curve(points: Sequence[Mapping[str, Any]]) -> str:
    """SVG of the validation's mean IoU over the episodes."""
    if len(points) < 2:
        return "<p>Training ended before the first validation.</p>"
    values = [point["validation"] for point in points]
    low, high = min(values) - 0.01, max(values) + 0.01
    last = points[-1]["step"] or 1
    places = [
        (40 + (_WIDTH - 60) * point["step"] / last, _HEIGHT - (_HEIGHT - 40) * (value - low) / (high - low))
        for point, value in zip(points, values, strict=True)
    ]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    marks = "".join(
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="#1e82ff"><title>{value:.3f}</title></circle>'
        for (x, y), value in zip(places, values, strict=True)
    )
    ends = (
        f'<text x="0" y="{places[0][1]:.0f}">{values[0]:.3f}</text>'
        f'<text x="{_WIDTH}" y="{places[-1][1] - 8:.0f}" text-anchor="end">{values[-1]:.3f}</text>'
        f'<text x="{_WIDTH / 2:.0f}" y="{_HEIGHT + 20}" text-anchor="middle">{last} training steps</text>'
    )
    return (
        f'<svg viewBox="-10 0 {_WIDTH + 20} {_HEIGHT + 30}" role="img" '
        f'aria-label="Mean IoU of the validation images">'
        f'<polyline points="{line}" fill="none" stroke="#1e82ff" stroke-width="2"/>{marks}{ends}</svg>'
    )


class _Drawer:
    """Masks of the first click, before and after."""

    def __init__(
        self,
        subjects: tuple[Subject, Subject],
        source: TrainingSet,
        images: Sequence[TrainingImage],
    ) -> None:
        self._subjects, self._source = subjects, source
        self._images = {image.name: image for image in images}

    def figures(self, pairs: Sequence[tuple[Measured, Measured]]) -> str:
        return "".join(self._figure(then, now) for then, now in pairs)

    def _figure(self, then: Measured, now: Measured) -> str:
        image = self._images[then.result.image]
        rgb = self._picture(image)
        prompt = Prompt((then.result.clicks[0],))
        panels = "".join(
            f'<div><img alt="" src="{data_url(outlined(rgb, mask, prompt))}"><span>{name} {iou:.2f}</span></div>'
            for mask, name, iou in zip(
                self._masks(image, prompt, (rgb.shape[1], rgb.shape[0])),
                ("before", "after"),
                (then.result.iou[0], now.result.iou[0]),
                strict=True,
            )
        )
        said = escape(f"{image.name}, {then.result.object}")
        return f'<figure><figcaption>{said}</figcaption><div class="row">{panels}</div></figure>'

    def _masks(self, image: TrainingImage, prompt: Prompt, size: tuple[int, int]) -> Iterator[np.ndarray]:
        for subject in self._subjects:
            scene = subject.scene(image)
            answer = ask(scene, prompt)
            mask = full_size_mask(answer.low_res_logits[answer.shown], scene.frame)
            yield np.asarray(Image.fromarray(mask).resize(size))

    def _picture(self, image: TrainingImage) -> np.ndarray:
        """A small copy, or grey where there is none."""
        if image.picture is None:
            return np.full((*size_within(image.width, image.height, _GREY_SIDE)[::-1], 3), 128, np.uint8)
        data = (self._source.folder / image.picture).read_bytes()
        return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))
