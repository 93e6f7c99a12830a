"""The mask decoder: a prepared image and a prompt to four masks of logits. The same two graphs as in the browser."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ..domain.frames import LOW_RES_SIDE, InputFrame
from .catalog import SegmenterSpec
from .sessions import Session

_NO_MASK = np.zeros((1, 1, LOW_RES_SIDE, LOW_RES_SIDE), np.float32)

Prepared = dict[
    str, np.ndarray
]  # what decoder.onnx takes of an image, 10 MB (SAM 2: 22 MB); see decoder_graph.py


@dataclass(frozen=True)
class DecoderOutput:
    """Tokens in order: 0 the single-mask token, 1-3 the candidates."""

    low_res_logits: np.ndarray  # (4, 4 token_rows, 4 token_columns) float32
    predicted_iou: np.ndarray  # (4,) float32


class Decoder:
    """One segmenter's decoder; `threads` of onnxruntime for one prompt. Thread-safe."""

    def __init__(self, spec: SegmenterSpec, threads: int = 1) -> None:
        self._prepare = Session(spec.prepare_path, threads)
        self._decode = Session(spec.decoder_path, threads)

    def prepare(self, tensors: Mapping[str, np.ndarray]) -> Prepared:
        """An embedding's tensors -> what every prompt on that image needs. Raises DecodingFailed."""
        names = self._prepare.outputs
        return dict(zip(names, self._prepare.run(names, tensors), strict=True))

    def decode(
        self,
        prepared: Prepared,
        coords: np.ndarray,
        labels: np.ndarray,
        frame: InputFrame,
        mask_input: np.ndarray | None = None,
    ) -> DecoderOutput:
        """Prompt as `prompts.decoder_inputs` makes it; mask_input (1, 1, 256, 256) logits. Raises DecodingFailed."""
        feeds = {
            **prepared,
            "point_coords": coords,
            "point_labels": labels,
            "mask_input": _NO_MASK if mask_input is None else mask_input,
            "has_mask_input": np.array([mask_input is not None], np.float32),
            "token_extent": np.array([frame.token_rows, frame.token_columns], np.int32),
        }
        logits, iou = self._decode.run(("low_res_logits", "iou_predictions"), feeds)
        return DecoderOutput(logits, iou)
