"""Masks for prompts, computed here: for programs as full-size RLE, for browsers that cannot decode as logits.

Knows nothing of HTTP or sockets. Coordinates are image-frame pixels; logits are over the low-res frame.
"""

import time
from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from secrets import token_hex
from typing import Any

import numpy as np

from ...config import Settings
from ...contract import parse
from ...domain import logits_codec, masks
from ...domain.compression import deflate, inflate
from ...domain.frames import InputFrame
from ...domain.prompts import decoder_inputs, parse_prompt
from ...domain.selection import Ratings, default_token, offered_tokens, rate
from ...domain.types import Prompt
from ...errors import BadRequest, DecodingFailed, InvalidLogits, PredictionExpired
from ...inference.catalog import SegmenterSpec
from ...inference.decoder import DecoderOutput, Prepared
from ...runtime import greenlets
from ...runtime.afterwards import afterwards
from ...runtime.byte_cache import ByteCache
from ...runtime.pools import Pools
from ...runtime.sharing import SingleFlight, Turn
from ...runtime.turns import client
from ...storage.tables import Embedding as Row
from ...storage.tables import Image
from ..annotations.mask_schema import RLE
from ..embeddings.service import Embeddings
from ..segmenters.service import MaskDecoder, Segmenters, unit
from . import schema

_PREPARED_BYTES = 160_000_000  # images made ready for the decoder, 10 MB each, SAM 2's 22 MB
_REMEMBERED_BYTES = 64_000_000  # logits of recent candidates, at most 262 kB each, for mask_from
_LOGITS_BYTES = 70_000  # packed logits of one mask: 256 x 256 int8 and a header


_Mask = dict[str, Any]  # what there is of a candidate before it is remembered


@dataclass(frozen=True)
class _Remembered:
    """A candidate's logits (h,w) f32, low-res frame, and what they belong to."""

    image_id: str
    segmenter: str
    weights: str
    logits: np.ndarray


class Prediction:
    """One per process."""

    def __init__(
        self, settings: Settings, segmenters: Segmenters, embeddings: Embeddings, pools: Pools
    ) -> None:
        self._segmenters, self._embeddings, self._pools = segmenters, embeddings, pools
        self._timeout = settings.predict_timeout_s
        self._shared = SingleFlight()
        self._prepared: ByteCache[Prepared] = ByteCache(
            _PREPARED_BYTES, lambda prepared: sum(array.nbytes for array in prepared.values())
        )
        embeddings.on_forget.append(self.forget)
        self._remembered: ByteCache[_Remembered] = ByteCache(
            _REMEMBERED_BYTES, lambda entry: entry.logits.nbytes
        )

    def predict(self, image: Image, data: Mapping[str, Any]) -> schema.Prediction:
        """Candidates with full-size RLE; data: see schema.Prompt.

        Raises InvalidPrompt, BadRequest, PredictionExpired, SegmenterNotFound and what `Embeddings.wait` and
        `Pools.decode` raise.
        """
        asked = parse(schema.Prompt, data, BadRequest)
        spec = self._segmenters.find(asked.segmenter)
        prompt = parse_prompt({"points": asked.points, "box": asked.box}, image.width, image.height)
        mask_from, every = asked.mask_from, asked.all
        prompt = replace(prompt, has_mask=mask_from is not None)
        return self._shared.run(  # among a client's own: nobody waits until it is another's turn
            (client.get()[:2], image.id, unit(spec), prompt, mask_from, every),
            lambda: self._predict(image, spec, prompt, mask_from, every),
        )

    def _predict(
        self, image: Image, spec: SegmenterSpec, prompt: Prompt, mask_from: str | None, every: bool
    ) -> schema.Prediction:
        clock = _Clock()
        feedback = None if mask_from is None else self._recall(mask_from, image, spec)
        prepared, decoder = self._prepare(image, spec)
        frame = spec.frame(image.width, image.height)
        tokens = (0, 1, 2, 3) if every else tuple(offered_tokens(prompt))

        def compute() -> tuple[DecoderOutput, list[_Mask], int]:
            clock.lap("wait")
            output = _decode(decoder, prepared, prompt, frame, feedback)
            clock.lap("decode")
            made = _masks(prompt, output, tokens, frame, feedback)
            clock.lap("masks")
            return output, *made

        output, masks, best = self._pools.decode(compute)
        prediction = token_hex(8)
        candidates = []
        for mask in masks:
            mask_id = f"{prediction}-{mask['token']}"
            logits = output.low_res_logits[mask["token"]].copy()  # a view would keep all four alive
            self._remembered.put(
                mask_id, _Remembered(image.id, spec.id, spec.weights, logits), owner=client.get()
            )
            candidates.append(schema.Candidate(**mask, mask_id=mask_id))
        return schema.Prediction(candidates, best, prediction, spec.id, spec.weights, clock.read())

    def predict_logits(self, image: Image, asked: schema.PredictRequest, turn: Turn) -> schema.PredictLogits:
        """All four masks as compressed 8-bit logits.

        `mask_input`: deflated `logits_codec` bytes of one mask, as sent by this very method, or None. `turn`:
        the client's place; raises Superseded when it has been taken before the decoding began.
        """
        clock = _Clock()
        prompt = parse_prompt({"points": asked.points, "box": asked.box}, image.width, image.height)
        spec = self._segmenters.find(asked.segmenter)
        frame = spec.frame(image.width, image.height)
        feedback = _unpack_feedback(asked.mask_input, frame)
        prepared, decoder = self._prepare(image, spec)
        turn.check()

        prompt = replace(prompt, has_mask=feedback is not None)

        def compute() -> tuple[tuple[int, ...], bytes, Ratings]:
            turn.check()
            clock.lap("wait")
            output = _decode(decoder, prepared, prompt, frame, feedback)
            clock.lap("decode")
            # Rated here, since on near ties the 8-bit logits would rank the masks otherwise than the exact ones.
            rated = rate(prompt, output.low_res_logits, output.predicted_iou, frame, feedback)
            packed = deflate(logits_codec.pack(output.low_res_logits))
            clock.lap("pack")
            return output.low_res_logits.shape, packed, rated

        shape, logits, rated = self._pools.decode(compute)
        return schema.PredictLogits(
            seq=asked.seq,
            predicted_iou=[round(float(value), 6) for value in rated.predicted_iou],
            stability_score=[round(float(value), 6) for value in rated.stability],
            area_fraction=[float(value) for value in rated.area_fraction],
            agreement=[float(value) for value in rated.agreement],
            shape=list(shape),
            logits=logits,
            segmenter=spec.id,
            weights=spec.weights,
            timing_ms=clock.read(),
        )

    def make_ready(self, image: Image, spec: SegmenterSpec) -> None:
        """In the background, have in memory what the first prompt on an image needs, where it is encoded already."""
        if self._embeddings.find(image, spec) is not None:
            greenlets.spawn(self._made_ready, image, spec)

    def _made_ready(self, image: Image, spec: SegmenterSpec) -> None:
        with afterwards("making an image ready for prompts"):
            self._prepare(image, spec)

    def forget(self, image_ids: Collection[str]) -> None:
        """These images are removed."""
        self._prepared.drop_where(lambda key: isinstance(key, tuple) and key[0] in image_ids)

    def _prepare(self, image: Image, spec: SegmenterSpec) -> tuple[Prepared, MaskDecoder]:
        """What every prompt on the image needs, and the decoder it was made for; requests that arrive together
        wait for one loading.
        """
        key = (image.id, unit(spec))
        prepared = self._prepared.get(key)
        for _ in range(2):  # the second time when a damaged embedding had to be recreated
            if prepared is None:
                row = self._embeddings.wait(image, spec, self._timeout)
                prepared = self._shared.run(("prepare", key), partial(self._load, key, row, spec))
        if prepared is None:
            raise DecodingFailed("The image's embedding cannot be read back from the data folder.")
        return prepared, self._segmenters.decoder(spec)

    def _load(self, key: Hashable, row: Row, spec: SegmenterSpec) -> Prepared | None:
        embedding = self._embeddings.load(row, spec)
        if embedding is None:
            return None
        prepared = self._pools.decode(self._segmenters.decoder(spec).prepare, embedding.tensors)
        self._prepared.put(key, prepared, owner=client.get())
        return prepared

    def _recall(self, mask_id: str, image: Image, spec: SegmenterSpec) -> np.ndarray:
        entry = self._remembered.get(mask_id)
        if entry is None or (entry.segmenter == spec.id and entry.weights != spec.weights):
            raise PredictionExpired()
        if entry.image_id != image.id:
            raise BadRequest("mask_from names a mask of another image.")
        if entry.segmenter != spec.id:
            raise BadRequest(f"mask_from names a mask of another segmenter, {entry.segmenter}.")
        return entry.logits


class _Clock:
    """Milliseconds of each step."""

    def __init__(self) -> None:
        self._start = self._last = time.perf_counter()
        self._laps: dict[str, float] = {}

    def lap(self, name: str) -> None:
        now = time.perf_counter()
        self._laps[name] = now - self._last
        self._last = now

    def read(self) -> dict[str, float]:
        laps = {**self._laps, "total": self._last - self._start}
        return {name: round(1000 * seconds, 2) for name, seconds in laps.items()}


def _decode(
    decoder: MaskDecoder,
    prepared: Prepared,
    prompt: Prompt,
    frame: InputFrame,
    feedback: np.ndarray | None,
) -> DecoderOutput:
    coords, labels = decoder_inputs(prompt, frame)
    mask_input = None if feedback is None else masks.mask_input_from_logits(feedback)
    return decoder.decode(prepared, coords, labels, frame, mask_input)


def _masks(
    prompt: Prompt,
    output: DecoderOutput,
    tokens: tuple[int, ...],
    frame: InputFrame,
    feedback: np.ndarray | None,
) -> tuple[list[_Mask], int]:
    """The masks of the candidates of these tokens, and which of them is taken when nobody chooses."""
    rated = rate(prompt, output.low_res_logits, output.predicted_iou, frame, feedback)
    candidates = []
    for token in tokens:
        rle = masks.encode_rle(masks.full_size_mask(output.low_res_logits[token], frame))
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


def _unpack_feedback(data: Any, frame: InputFrame) -> np.ndarray | None:
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
