"""`python -m server.lab.evaluation.small_objects DIR...`: what windows do for small objects of large images.

The photographs of a dataset lie side by side in canvases of 4000 x 3000 pixels, none larger than a sixth of that. Each
object of at most 1 % of the canvas is clicked once in its middle and framed by its box: decoded in the whole image, in
the window that the page takes when the object fills a third of the view, and in the one that `predict` takes by
itself. With `--large` each photograph is a canvas of its own, where there should be nothing to lose.
"""

import argparse
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image

from ...config import Settings
from ...domain.frames import InputFrame
from ...domain.masks import mask_in_image, tight_box
from ...domain.types import Box, Prompt
from ...domain.windows import Window, window_of_prompt, window_of_view
from ...features.pictures.bounds import Limits
from ...inference.catalog import SegmenterSpec, open_catalog
from ...inference.decoder import Decoder
from ...inference.encoder import Encoder
from .clicks import Clicker, mask_iou
from .dataset import open_dataset, read_image
from .measure import Answer, Scene, ask
from .truth import Truth

WIDTH, HEIGHT = 4000, 3000
ACROSS, DOWN = 6, 6
SMALL = 0.01  # of the canvas
LEAST_PIXELS = 64
IN_VIEW = 3  # times the object, what is looked at
Placed = tuple[np.ndarray, int, int]  # an object's mask, and its corner in the canvas


def canvases(folder: Path, limits: Limits, large: bool) -> Iterator[tuple[np.ndarray, list[Placed]]]:
    """uint8 (HEIGHT, WIDTH, 3) and the objects on it."""
    columns, rows = (1, 1) if large else (ACROSS, DOWN)
    size = WIDTH // columns, HEIGHT // rows
    pictures = list(open_dataset(folder).pictures)
    for start in range(0, len(pictures), columns * rows):
        canvas, objects = np.full((HEIGHT, WIDTH, 3), 114, np.uint8), []
        for place, picture in enumerate(pictures[start : start + columns * rows]):
            rgb = read_image(picture.path, limits)
            height, width = rgb.shape[:2]
            scale = min(size[0] / width, size[1] / height)
            scaled = max(1, int(width * scale)), max(1, int(height * scale))
            x, y = place % columns * size[0], place // columns * size[1]
            pasted = Image.fromarray(rgb).resize(scaled, Image.Resampling.BICUBIC)
            canvas[y : y + scaled[1], x : x + scaled[0]] = np.asarray(pasted)
            for source in picture.sources:
                for truth in source.read(width, height):
                    mask = np.asarray(Image.fromarray(truth.mask).resize(scaled, Image.Resampling.NEAREST))
                    small = mask.sum() <= SMALL * WIDTH * HEIGHT
                    if mask.sum() >= LEAST_PIXELS and small != large:
                        objects.append((mask, x, y))
        yield canvas, objects


class Canvas:
    """One image, and its windows, each encoded when it is first asked."""

    def __init__(self, spec: SegmenterSpec, encoder: Encoder, decoder: Decoder, rgb: np.ndarray) -> None:
        self._spec, self._encoder, self._decoder, self._rgb = spec, encoder, decoder, rgb
        self._scenes: dict[str, Scene] = {}

    def ask(self, prompt: Prompt, window: Window | None) -> tuple[Answer, InputFrame]:
        key = "" if window is None else window.key
        if key not in self._scenes:
            x, y, width, height = (0, 0, WIDTH, HEIGHT) if window is None else window.bbox
            tensors = self._encoder.encode(self._rgb[y : y + height, x : x + width])
            frame = self._spec.frame(WIDTH, HEIGHT, window)
            self._scenes[key] = Scene(self._decoder, self._decoder.prepare(tensors), frame)
        scene = self._scenes[key]
        return ask(scene, prompt), scene.frame

    def mask(self, prompt: Prompt, window: Window | None) -> np.ndarray:
        """What is shown first, bool (HEIGHT, WIDTH)."""
        answer, frame = self.ask(prompt, window)
        return mask_in_image(answer.low_res_logits[answer.shown], frame, WIDTH, HEIGHT)


def measure(canvas: Canvas, placed: Placed) -> dict[str, float]:
    """IoUs of one object, by what was asked."""
    part, left, top = placed
    mask = np.zeros((HEIGHT, WIDTH), bool)
    mask[top : top + part.shape[0], left : left + part.shape[1]] = part
    truth = Truth("", mask, None, "")
    point = Clicker(Truth("", part, None, "")).next(np.zeros(part.shape, bool))
    assert point is not None  # a mask with a pixel has a middle
    click = Prompt(points=((point[0] + left, point[1] + top, 1),))
    box = tight_box(mask)
    framed = Prompt(box=box)
    whole = canvas.mask(click, None)
    extent = tight_box(whole) if whole.any() else (*click.points[0][:2], *click.points[0][:2])
    automatic = window_of_prompt(_joined(extent, (*click.points[0][:2], *click.points[0][:2])), WIDTH, HEIGHT)
    return {
        "click, whole image": mask_iou(whole, truth),
        "click, zoomed in": mask_iou(canvas.mask(click, window_of_view(_view(box), WIDTH, HEIGHT)), truth),
        "click, auto": mask_iou(canvas.mask(click, automatic), truth),
        "box, whole image": mask_iou(canvas.mask(framed, None), truth),
        "box, auto": mask_iou(canvas.mask(framed, window_of_prompt(box, WIDTH, HEIGHT)), truth),
    }


def _view(box: Box) -> Box:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    half = IN_VIEW * max(box[2] - box[0], box[3] - box[1]) / 2
    return x - half, y - half, x + half, y + half


def _joined(one: Box, other: Box) -> Box:
    return min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("dataset", type=Path, nargs="+")
    parser.add_argument("--segmenter", default="mobile_sam")
    parser.add_argument("--canvases", type=int, help="only so many of each dataset")
    parser.add_argument(
        "--large", action="store_true", help="one photograph a canvas, objects over 1 %% of it"
    )
    asked = parser.parse_args()
    settings = Settings()
    limits = Limits(settings.max_pixels, settings.max_side)
    spec = open_catalog(settings.data_path).find(asked.segmenter)
    encoder, decoder = Encoder(spec), Decoder(spec, threads=0)
    for folder in asked.dataset:
        found: dict[str, list[float]] = defaultdict(list)
        for number, (rgb, objects) in enumerate(canvases(folder, limits, asked.large)):
            if number == asked.canvases:
                break
            canvas = Canvas(spec, encoder, decoder, rgb)
            for placed in objects:
                for name, value in measure(canvas, placed).items():
                    found[name].append(value)
        print(f"{folder.name}, {len(found['click, auto'])} objects")
        for name, values in found.items():
            print(f"  {name:20} {np.mean(values):.3f}")


if __name__ == "__main__":
    main()
