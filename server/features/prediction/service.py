"""Masks for prompts, computed here: for programs as full-size RLE, for browsers that cannot decode as logits.

Knows nothing of HTTP or sockets. Coordinates are image-frame pixels; logits are over the low-res frame.
"""

import re
import time
from collections.abc import Collection, Hashable, Mapping
from dataclasses import replace
from functools import partial
from secrets import token_hex
from typing import Any

from ...config import Settings
from ...contract import parse
from ...domain import logits_codec, masks
from ...domain.compression import deflate
from ...domain.policy import MACHINE, Actor
from ...domain.prompts import parse_prompt
from ...domain.selection import Ratings, offered_tokens, rate
from ...domain.types import Prompt
from ...domain.windows import Window
from ...errors import BadRequest, DecodingFailed, PredictionExpired
from ...inference.catalog import SegmenterSpec
from ...inference.decoder import Prepared
from ...runtime import greenlets
from ...runtime.afterwards import afterwards
from ...runtime.byte_cache import ByteCache
from ...runtime.peers import Peers
from ...runtime.pools import Pools
from ...runtime.sharing import SingleFlight, Turn
from ...runtime.turns import client
from ...storage.tables import Embedding as Row
from ...storage.tables import Image
from ..embeddings.service import Embeddings
from ..segmenters.service import MaskDecoder, Segmenters, unit
from . import schema
from .answers import Remembered, Seen, decode, made_masks, unpack_feedback
from .schema import AUTO
from .windows import asked_window, needed_window

_PREPARED_BYTES = 160_000_000  # images made ready for the decoder, 10 MB each, SAM 2's 22 MB
_REMEMBERED_BYTES = 64_000_000  # logits of recent candidates, at most 262 kB each, for mask_from
_MASK_ID = re.compile(r"[0-9a-f]{16}-\d", re.ASCII)


class Prediction:
    """One per process."""

    def __init__(
        self,
        settings: Settings,
        segmenters: Segmenters,
        embeddings: Embeddings,
        pools: Pools,
        peers: Peers | None = None,
    ) -> None:
        self._segmenters, self._embeddings, self._pools = segmenters, embeddings, pools
        self._timeout = settings.predict_timeout_s
        self._shared = SingleFlight()
        self._prepared: ByteCache[Prepared] = ByteCache(
            _PREPARED_BYTES,
            lambda prepared: sum(array.nbytes for array in prepared.values()),
            "prepared embeddings",
        )
        embeddings.on_forget.append(self.forget)
        self._remembered: ByteCache[Remembered] = ByteCache(
            _REMEMBERED_BYTES, lambda entry: entry.logits.nbytes
        )
        self._elsewhere = (peers or Peers()).asking("masks", self._offer)

    def predict(self, image: Image, data: Mapping[str, Any], actor: Actor = MACHINE) -> schema.Prediction:
        """Candidates with full-size RLE; data: see schema.Prompt. `actor`: for whom a window is encoded.

        Raises InvalidPrompt, BadRequest, PredictionExpired, SegmenterNotFound, and what `Embeddings.wait` and
        `Pools.decode` raise.
        """
        asked = parse(schema.Prompt, data, BadRequest)
        spec = self._segmenters.find(asked.segmenter)
        prompt = parse_prompt({"points": asked.points, "box": asked.box}, image.width, image.height)
        prompt = replace(prompt, has_mask=asked.mask_from is not None)
        if asked.window not in (None, AUTO):
            asked_window(asked.window, prompt, image)
        return self._shared.run(  # among a client's own: nobody waits until it is another's turn
            (client.get()[:2], image.id, unit(spec), prompt, asked.mask_from, asked.all, asked.window),
            lambda: self._predict(image, spec, prompt, asked, actor),
        )

    def _predict(
        self, image: Image, spec: SegmenterSpec, prompt: Prompt, asked: schema.Prompt, actor: Actor
    ) -> schema.Prediction:
        clock = _Clock()
        before = None if asked.mask_from is None else self._recall(asked.mask_from, image, spec)
        tokens = (0, 1, 2, 3) if asked.all else tuple(offered_tokens(prompt))

        def look(window: Window | None) -> Seen:
            return self._look(image, spec, prompt, before, tokens, window, clock, actor)

        seen: Seen | None = None
        if asked.window != AUTO:
            window = None if asked.window is None else asked_window(asked.window, prompt, image)
        elif before is not None or prompt.box is not None:
            window = needed_window(prompt, None if before is None else before.bbox, image)
        else:  # points do not tell how large the object is: what the whole image shows there does
            seen = look(None)
            window = needed_window(prompt, seen.masks[seen.best]["bbox"], image)
        if seen is None or window is not None:
            seen = look(window)
        prediction = token_hex(8)
        candidates = []
        for mask in seen.masks:
            mask_id = f"{prediction}-{mask['token']}"
            logits = seen.output.low_res_logits[mask["token"]].copy()  # a view would keep all four alive
            kept = Remembered(image.id, spec.id, spec.weights, logits, seen.frame, tuple(mask["bbox"]))
            self._remembered.put(mask_id, kept, owner=client.get())
            candidates.append(schema.Candidate(**mask, mask_id=mask_id))
        key = None if window is None else window.key
        return schema.Prediction(candidates, seen.best, prediction, spec.id, spec.weights, key, clock.read())

    def _look(
        self,
        image: Image,
        spec: SegmenterSpec,
        prompt: Prompt,
        before: Remembered | None,
        tokens: tuple[int, ...],
        window: Window | None,
        clock: "_Clock",
        actor: Actor,
    ) -> Seen:
        """What the decoder answers in a window, or in the whole image."""
        prepared, decoder = self._prepare(image, spec, window, actor)
        frame = spec.frame(image.width, image.height, window)
        feedback = None
        if before is not None:
            same = before.frame == frame
            feedback = before.logits if same else masks.logits_in_frame(before.logits, before.frame, frame)

        def compute() -> Seen:
            clock.lap("wait")
            output = decode(decoder, prepared, prompt, frame, feedback)
            clock.lap("decode")
            made = made_masks(prompt, output, tokens, frame, (image.width, image.height), feedback)
            clock.lap("masks")
            return Seen(output, *made, frame)

        return self._pools.decode(compute)

    def predict_logits(
        self, image: Image, asked: schema.PredictRequest, turn: Turn, actor: Actor = MACHINE
    ) -> schema.PredictLogits:
        """All four masks as compressed 8-bit logits, over the window that is asked for or the whole image.

        `mask_input`: deflated `logits_codec` bytes of one mask, as sent by this very method, or None. `turn`:
        the client's place; raises Superseded when it has been taken before the decoding began. `actor`: for whom a
        window is encoded.
        """
        clock = _Clock()
        prompt = parse_prompt({"points": asked.points, "box": asked.box}, image.width, image.height)
        spec = self._segmenters.find(asked.segmenter)
        window = None if asked.window is None else asked_window(asked.window, prompt, image)
        frame = spec.frame(image.width, image.height, window)
        feedback = unpack_feedback(asked.mask_input, frame)
        prepared, decoder = self._prepare(image, spec, window, actor)
        turn.check()

        prompt = replace(prompt, has_mask=feedback is not None)

        def compute() -> tuple[tuple[int, ...], bytes, Ratings]:
            turn.check()
            clock.lap("wait")
            output = decode(decoder, prepared, prompt, frame, feedback)
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
            self._prepare(image, spec, None, MACHINE)

    def forget(self, image_ids: Collection[str]) -> None:
        """These images are removed."""
        self._prepared.drop_where(lambda key: isinstance(key, tuple) and key[0] in image_ids)

    def _prepare(
        self, image: Image, spec: SegmenterSpec, window: Window | None, actor: Actor
    ) -> tuple[Prepared, MaskDecoder]:
        """What every prompt on the image or its window needs, and the decoder it was made for; requests that arrive
        together wait for one loading.
        """
        part = "" if window is None else window.key
        key = (image.id, unit(spec), part)
        prepared = self._prepared.get(key)
        for _ in range(2):  # the second time when a damaged embedding had to be recreated
            if prepared is None:
                row = self._embeddings.wait(image, spec, self._timeout, window=part, actor=actor)
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

    def _recall(self, mask_id: str, image: Image, spec: SegmenterSpec) -> Remembered:
        entry = self._remembered.get(mask_id)
        if entry is None and self._elsewhere is not None and _MASK_ID.fullmatch(mask_id):
            text = self._elsewhere.ask(mask_id)  # the last prompt may have gone to another process
            entry = None if text is None else Remembered.of_text(text)
        if entry is None or (entry.segmenter == spec.id and entry.weights != spec.weights):
            raise PredictionExpired()
        if entry.image_id != image.id:
            raise BadRequest("mask_from names a mask of another image.")
        if entry.segmenter != spec.id:
            raise BadRequest(f"mask_from names a mask of another segmenter, {entry.segmenter}.")
        return entry

    def _offer(self, mask_id: str) -> str | None:
        entry = self._remembered.get(mask_id)
        return None if entry is None else entry.as_text()


class _Clock:
    """Milliseconds of each step."""

    def __init__(self) -> None:
        self._start = self._last = time.perf_counter()
        self._laps: dict[str, float] = {}

    def lap(self, name: str) -> None:
        now = time.perf_counter()
        self._laps[name] = self._laps.get(name, 0.0) + now - self._last
        self._last = now

    def read(self) -> dict[str, float]:
        laps = {**self._laps, "total": self._last - self._start}
        return {name: round(1000 * seconds, 2) for name, seconds in laps.items()}
