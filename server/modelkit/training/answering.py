"""The decoder in training, in the place of an installed one: what measures and compares need not tell them apart."""

from collections.abc import Mapping

import numpy as np
import torch
from torch import Tensor

from ...domain.frames import InputFrame
from ...inference.decoder import DecoderOutput
from ..torch_sam.sam import Prompts
from .decoding import Decoder
from .examples import Embedded, embedded


class InTraining:
    """The decoder in training, answering like an installed one."""

    def __init__(self, decoder: Decoder) -> None:
        self._decoder = decoder

    def prepare(self, tensors: Mapping[str, np.ndarray]) -> Embedded:
        return embedded(tensors)

    @torch.inference_mode()
    def decode(
        self,
        prepared: Embedded,
        coords: np.ndarray,
        labels: np.ndarray,
        frame: InputFrame,
        mask_input: np.ndarray | None = None,
    ) -> DecoderOutput:
        real = labels >= 0  # padding is the prompt encoder's own matter
        corners = labels >= 2
        points = real & ~corners
        said = Prompts(
            points=(_batch(coords[points]), _batch(labels[points])) if points.any() else None,
            boxes=_batch(coords[corners].reshape(-1)) if corners.any() else None,
            masks=None if mask_input is None else torch.from_numpy(mask_input),
        )
        logits, iou = self._decoder(prepared, said)
        rows, columns = 4 * frame.token_rows, 4 * frame.token_columns
        return DecoderOutput(logits[0, :, :rows, :columns].cpu().numpy(), iou[0].cpu().numpy())


def _batch(values: np.ndarray) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(values, np.float32))[None]
