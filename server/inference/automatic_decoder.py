"""The mask decoder for automatic masks: many single clicks at once, looked at coarsely before any is upscaled."""

from collections.abc import Mapping
from typing import NamedTuple, Protocol

import numpy as np

from ..domain.frames import InputFrame
from .catalog import AUTOMATIC, AUTOMATIC_PREPARE, SegmenterSpec
from .decoder import Decoder, Prepared
from .sessions import Session

CANDIDATES = 3
_COARSE = 4  # low-res pixels an image token, of which a coarse look sees one


class Looked(NamedTuple):
    """What a coarse look at B clicks tells of their three candidates each."""

    predicted_iou: np.ndarray  # (B, 3) float32
    coarse_logits: np.ndarray  # (B, 3, token_rows, token_columns) float32


class AutomaticDecoder(Protocol):
    """Clicks are (B, 2) float32 x, y in the input frame."""

    def prepare(self, tensors: Mapping[str, np.ndarray]) -> Prepared: ...

    def look(self, prepared: Prepared, clicks: np.ndarray, frame: InputFrame) -> Looked: ...

    def decode_many(self, prepared: Prepared, clicks: np.ndarray, frame: InputFrame) -> np.ndarray: ...


def automatic_decoder(spec: SegmenterSpec) -> AutomaticDecoder:
    """The segmenter's networks for many clicks; one made before there were such decodes click by click.

    Raises SegmenterNotFound, DecodingFailed.
    """
    return ManyClicks(spec) if AUTOMATIC in spec.sha256 else ClickByClick(spec)


class ManyClicks:
    """`automatic_prepare.onnx` and `automatic.onnx`, one thread of onnxruntime for a call. Thread-safe."""

    def __init__(self, spec: SegmenterSpec) -> None:
        self._prepare = Session(spec.path(AUTOMATIC_PREPARE), 1)
        self._decode = Session(spec.path(AUTOMATIC), 1)

    def prepare(self, tensors: Mapping[str, np.ndarray]) -> Prepared:
        """An embedding's tensors -> what every click on that image needs, 28 MB. Raises DecodingFailed."""
        names = self._prepare.outputs
        return dict(zip(names, self._prepare.run(names, tensors), strict=True))

    def look(self, prepared: Prepared, clicks: np.ndarray, frame: InputFrame) -> Looked:
        """Raises DecodingFailed."""
        feeds = self._feeds(prepared, clicks, frame, upscaled=False)
        return Looked(*self._decode.run(("iou_predictions", "coarse_logits"), feeds))

    def decode_many(self, prepared: Prepared, clicks: np.ndarray, frame: InputFrame) -> np.ndarray:
        """The candidates' logits (B, 3, 4 token_rows, 4 token_columns) float32. Raises DecodingFailed."""
        feeds = self._feeds(prepared, clicks, frame, upscaled=True)
        return self._decode.run(("low_res_logits",), feeds)[0]

    @staticmethod
    def _feeds(
        prepared: Prepared, clicks: np.ndarray, frame: InputFrame, upscaled: bool
    ) -> dict[str, np.ndarray]:
        return {
            **prepared,
            "points": np.asarray(clicks, np.float32),
            "upscaled": np.array([upscaled], np.float32),
            "token_extent": np.array([frame.token_rows, frame.token_columns], np.int32),
        }


class ClickByClick:
    """The same of the decoder that answers single clicks, four times as slow."""

    def __init__(self, spec: SegmenterSpec) -> None:
        self._decoder = Decoder(spec)

    def prepare(self, tensors: Mapping[str, np.ndarray]) -> Prepared:
        return self._decoder.prepare(tensors)

    def look(self, prepared: Prepared, clicks: np.ndarray, frame: InputFrame) -> Looked:
        iou, logits = self._all(prepared, clicks, frame)
        return Looked(iou, logits[:, :, ::_COARSE, ::_COARSE])

    def decode_many(self, prepared: Prepared, clicks: np.ndarray, frame: InputFrame) -> np.ndarray:
        return self._all(prepared, clicks, frame)[1]

    def _all(
        self, prepared: Prepared, clicks: np.ndarray, frame: InputFrame
    ) -> tuple[np.ndarray, np.ndarray]:
        labels = np.array([1, -1], np.float32)
        found = [
            self._decoder.decode(prepared, np.stack([click, np.zeros(2)]).astype(np.float32), labels, frame)
            for click in clicks
        ]
        logits = np.stack([output.low_res_logits[1:] for output in found])
        return np.stack([output.predicted_iou[1:] for output in found]), logits
