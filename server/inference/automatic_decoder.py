"""The mask decoder for automatic masks: many single clicks at once, looked at coarsely before any is upscaled, and of
that only the part where its mask lies."""

from collections.abc import Callable, Mapping
from typing import NamedTuple, Protocol

import numpy as np

from ..domain.frames import GRID, InputFrame
from .catalog import AUTOMATIC, AUTOMATIC_PREPARE, AUTOMATIC_UPSCALING, SegmenterSpec
from .decoder import Decoder, Prepared
from .sessions import Session

CANDIDATES = 3
SIDE = 4  # low-res pixels an image token is wide and high, of which a coarse look sees one
_LOOKED = ("iou_predictions", "coarse_logits", "spread", "rows", "deviation", "hyper")
_FINE = ("half", "full")  # SAM 2's


class Part(NamedTuple):
    """A rectangle of image tokens."""

    top: int
    left: int
    bottom: int  # after the last
    right: int


class Looked(NamedTuple):
    """What a coarse look at B clicks tells of their three candidates each."""

    predicted_iou: np.ndarray  # (B, 3) float32
    coarse_logits: np.ndarray  # (B, 3, token_rows, token_columns) float32
    upscale: Callable[[int, int, Part], np.ndarray]
    """Of a click's candidate the low-res logits in a part, (SIDE * its rows, SIDE * its columns) float32. Raises
    DecodingFailed. Holds 2 MB a click."""


class AutomaticDecoder(Protocol):
    def prepare(self, tensors: Mapping[str, np.ndarray]) -> Prepared: ...

    def look(self, prepared: Prepared, clicks: np.ndarray, frame: InputFrame) -> Looked:
        """Clicks (B, 2) float32 x, y in the input frame."""
        ...


def automatic_decoder(spec: SegmenterSpec) -> AutomaticDecoder:
    """The segmenter's networks for many clicks; one made before there were such decodes click by click.

    Raises SegmenterNotFound, DecodingFailed.
    """
    return ManyClicks(spec) if AUTOMATIC_UPSCALING in spec.sha256 else ClickByClick(spec)


class ManyClicks:
    """`automatic_prepare.onnx`, `automatic.onnx` and `automatic_upscaling.onnx`, one thread of onnxruntime for a call.
    Thread-safe."""

    def __init__(self, spec: SegmenterSpec) -> None:
        self._prepare, self._look, self._upscale = (
            Session(spec.path(file), 1) for file in (AUTOMATIC_PREPARE, AUTOMATIC, AUTOMATIC_UPSCALING)
        )

    def prepare(self, tensors: Mapping[str, np.ndarray]) -> Prepared:
        """An embedding's tensors -> what every click on that image needs, 28 MB. Raises DecodingFailed."""
        names = self._prepare.outputs
        return dict(zip(names, self._prepare.run(names, tensors), strict=True))

    def look(self, prepared: Prepared, clicks: np.ndarray, frame: InputFrame) -> Looked:
        """Raises DecodingFailed."""
        extent = (frame.token_rows, frame.token_columns)
        feeds = {
            **prepared,
            "points": np.asarray(clicks, np.float32),
            "token_extent": np.array(extent, np.int32),
        }
        iou, coarse, spread, rows, deviation, hyper = self._look.run(_LOOKED, feeds)

        def upscale(click: int, candidate: int, part: Part) -> np.ndarray:
            ours = {
                "spread": _cut(spread[click], extent, part)[None],
                "rows": rows[click, None],
                "deviation": _cut(deviation[click], extent, part)[None],
                "hyper": hyper[click, None, candidate, None],
            }
            own = ("upscaled_image", *(name for name in _FINE if name in prepared))
            ours.update((name, _cut(prepared[name], (GRID, GRID), part)) for name in own)
            logits = self._upscale.run(("low_res_logits",), ours)[0]
            high, wide = part.bottom - part.top, part.right - part.left
            blocks = logits.reshape(2, 2, 2, 2, high, wide)  # y1, x1, y2, x2, row, column
            return blocks.transpose(4, 0, 2, 5, 1, 3).reshape(SIDE * high, SIDE * wide)

        return Looked(iou, coarse, upscale)


def _cut(values: np.ndarray, size: tuple[int, int], part: Part) -> np.ndarray:
    """(n, rows * columns) -> (n, tokens of the part)."""
    grid = values.reshape(len(values), *size)
    return grid[:, part.top : part.bottom, part.left : part.right].reshape(len(values), -1)


class ClickByClick:
    """The same of the decoder that answers single clicks, four times as slow."""

    def __init__(self, spec: SegmenterSpec) -> None:
        self._decoder = Decoder(spec)

    def prepare(self, tensors: Mapping[str, np.ndarray]) -> Prepared:
        return self._decoder.prepare(tensors)

    def look(self, prepared: Prepared, clicks: np.ndarray, frame: InputFrame) -> Looked:
        labels = np.array([1, -1], np.float32)
        found = [
            self._decoder.decode(prepared, np.stack([click, np.zeros(2)]).astype(np.float32), labels, frame)
            for click in clicks
        ]
        logits = np.stack([output.low_res_logits[1:] for output in found])

        def upscale(click: int, candidate: int, part: Part) -> np.ndarray:
            ours = part_of(logits[click, candidate], part)
            return ours.copy()  # a view would keep all of them in memory

        iou = np.stack([output.predicted_iou[1:] for output in found])
        return Looked(iou, logits[:, :, ::SIDE, ::SIDE], upscale)


def part_of(logits: np.ndarray, part: Part) -> np.ndarray:
    """What lies in a part, a view of all low-res logits (SIDE token_rows, SIDE token_columns)."""
    top, left, bottom, right = (SIDE * edge for edge in part)
    return logits[top:bottom, left:right]
