"""What the decoder answers to a prompt, as masks of the whole image, and as logits that a later prompt refines."""

from base64 import b64decode, b64encode
from dataclasses import asdict, dataclass
from json import dumps, loads
from typing import Any

import numpy as np

from ...domain import logits_codec, masks
from ...domain.compression import inflate
from ...domain.frames import InputFrame
from ...domain.prompts import decoder_inputs
from ...domain.selection import default_token, rate
from ...domain.types import Prompt
from ...errors import InvalidLogits
from ...inference.decoder import DecoderOutput, Prepared
from ..annotations.mask_schema import RLE
from ..segmenters.service import MaskDecoder

_LOGITS_BYTES = 70_000  # packed logits of one mask: 256 x 256 int8 and a header

Mask = dict[str, Any]  # what there is of a candidate before it is remembered


@dataclass(frozen=True)
class Remembered:
    """A candidate's logits (h,w) f32, low-res frame, and what they belong to. `bbox`: x, y, width, height of its mask,
    image frame."""

    image_id: str
    segmenter: str
    weights: str
    logits: np.ndarray
    frame: InputFrame
    bbox: tuple[float, ...]

    def as_text(self) -> str:
        """For another process."""
        about = {**vars(self), "frame": asdict(self.frame), "shape": self.logits.shape}
        return dumps({**about, "logits": b64encode(self.logits.astype("<f4").tobytes()).decode()})

    @classmethod
    def of_text(cls, text: str) -> "Remembered":
        """What `as_text` wrote."""
        about = loads(text)
        logits = np.frombuffer(b64decode(about["logits"]), "<f4").reshape(about.pop("shape")).copy()
        lies = {name: about["frame"][name] for name in ("image_width", "image_height", "resize", "x", "y")}
        frame, bbox = InputFrame(**lies), tuple(about["bbox"])
        return cls(**{**about, "logits": logits, "frame": frame, "bbox": bbox})


@dataclass(frozen=True)
class Seen:
    """`best`: index into masks of the one to take when nobody chooses."""

    output: DecoderOutput
    masks: list[Mask]
    best: int
    frame: InputFrame


def decode(
    decoder: MaskDecoder,
    prepared: Prepared,
    prompt: Prompt,
    frame: InputFrame,
    feedback: np.ndarray | None,
) -> DecoderOutput:
    coords, labels = decoder_inputs(prompt, frame)
    mask_input = None if feedback is None else masks.mask_input_from_logits(feedback)
    return decoder.decode(prepared, coords, labels, frame, mask_input)


def made_masks(
    prompt: Prompt,
    output: DecoderOutput,
    tokens: tuple[int, ...],
    frame: InputFrame,
    size: tuple[int, int],
    feedback: np.ndarray | None,
) -> tuple[list[Mask], int]:
    """The masks of the candidates of these tokens, and which of them is taken when nobody chooses."""
    rated = rate(prompt, output.low_res_logits, output.predicted_iou, frame, feedback)
    candidates = []
    for token in tokens:
        rle = masks.encode_rle(masks.mask_in_image(output.low_res_logits[token], frame, *size))
        candidates.append(
            {
                "token": token,
                "rle": RLE(list(rle["size"]), rle["counts"]),
                "predicted_iou": round(float(output.predicted_iou[token]), 6),
                "stability_score": round(float(rated.stability[token]), 6),
                "area": masks.rle_area(rle),
                "bbox": masks.rle_bbox(rle),
            }
        )
    return candidates, tokens.index(default_token(prompt, rated, frame.resize))


def unpack_feedback(data: Any, frame: InputFrame) -> np.ndarray | None:
    """Logits (h,w) f32 from the bytes a client sends; None for None. Raises InvalidLogits."""
    if data is None:
        return None
    if not isinstance(data, bytes):
        raise InvalidLogits("mask_input must be bytes, or null.")
    logits = logits_codec.unpack(inflate(data, _LOGITS_BYTES))  # (k,h,w)
    expected = (1, 4 * frame.token_rows, 4 * frame.token_columns)
    if logits.shape != expected:
        raise InvalidLogits(
            f"mask_input must hold logits of shape {list(expected)}, not {list(logits.shape)}."
        )
    return logits[0]
