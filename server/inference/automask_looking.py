"""Looking at clicks coarsely, and upscaling of what they find the part where a mask lies."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from ..domain.frames import GRID, INPUT_SIDE
from ..domain.masks import MASK_THRESHOLD
from .automask_types import AutomaskSettings, Crop, View
from .automatic_decoder import CANDIDATES, AutomaticDecoder, Looked, Part

TOKEN_SIDE = INPUT_SIDE // GRID  # input-frame pixels
CLICKS_AT_ONCE = 8  # of one call: more are no faster, and are stopped later
_COARSE_ERROR = 1.0  # of an area in image tokens: its square roots; at least one
_COARSE_PART = 0.02  # its parts
_NEARLY = 0.04  # of predicted IoU or stability
_FAR = 3.0  # coarse logits so much below what stability counts, and those beside them, are outside
_NEAR = 2  # image tokens around a click: the coarse look does not see what is thin
_SMALL = 1 / 8  # of the image tokens


class Upscaled(NamedTuple):
    """A candidate's low-res logits, where its mask lies."""

    part: Part
    logits: np.ndarray


class Candidates(NamedTuple):
    """Confident ones, and as far as the coarse look tells stable ones."""

    click: np.ndarray  # (n, 2) x, y in the input frame
    place: np.ndarray  # (n, 2) the same in the image frame
    token: np.ndarray  # (n,) 0-2
    predicted_iou: np.ndarray  # (n,)
    stability: np.ndarray  # (n,) as coarse as that
    coarse: np.ndarray  # (n, P) bool
    upscaled: np.ndarray  # (n,) Upscaled, or None where that is large


class Seen(NamedTuple):
    candidates: Candidates
    nearly: np.ndarray  # (m, P) bool, coarse masks that are almost good enough
    seen: np.ndarray  # (P,) bool, where a click would find the same again


class Looking:
    """At one crop."""

    def __init__(self, decoder: AutomaticDecoder, view: View, crop: Crop, settings: AutomaskSettings) -> None:
        self._decoder, self._view, self._crop, self._settings = decoder, view, crop, settings
        self.tokens: int = view.frame.token_rows * view.frame.token_columns

    def confident(self, grid: np.ndarray) -> Seen:
        """Of some clicks (n, 2), parts of the crop's sides."""
        settings, frame = self._settings, self._view.frame
        within = grid * self._crop[2:]
        clicks = frame.to_input(within)
        looked = self._decoder.look(self._view.prepared, clicks, frame)
        predicted_iou, coarse = looked.predicted_iou, looked.coarse_logits.reshape(len(grid), CANDIDATES, -1)
        masks = coarse > MASK_THRESHOLD
        sure, possible = (
            np.count_nonzero(coarse > MASK_THRESHOLD + at, axis=2)
            for at in (settings.stability_score_offset, -settings.stability_score_offset)
        )
        error = np.maximum(1, np.maximum(_COARSE_ERROR * np.sqrt(possible), _COARSE_PART * possible))
        stability = sure / np.maximum(possible, 1)
        doubtless = (sure + error) / np.maximum(possible, 1)
        lacking = np.maximum(
            settings.pred_iou_thresh - predicted_iou, settings.stability_score_thresh - doubtless
        )
        click, token = np.nonzero(lacking <= 0)
        upscaled = np.empty(len(click), object)
        for number, which in enumerate(zip(click.tolist(), token.tolist(), strict=True)):
            upscaled[number] = self._upscaled(looked, which, clicks[which[0]], _SMALL * self.tokens)
        return Seen(
            Candidates(
                clicks[click],
                within[click] + self._crop[:2],
                token,
                predicted_iou[click, token],
                stability[click, token],
                masks[click, token],
                upscaled,
            ),
            nearly=masks[(lacking > 0) & (lacking <= _NEARLY)],
            seen=np.any(_smallest(masks), axis=0),
        )

    def again(self, candidates: Candidates, indices: list[int]) -> Iterator[Upscaled]:
        """Of these candidates, in order, whatever their size."""
        for start in range(0, len(indices), CLICKS_AT_ONCE):
            now = indices[start : start + CLICKS_AT_ONCE]
            looked = self._decoder.look(self._view.prepared, candidates.click[now], self._view.frame)
            for number, token in enumerate(candidates.token[now].tolist()):
                click = candidates.click[now[number]]
                upscaled = self._upscaled(looked, (number, token), click, self.tokens)
                assert upscaled is not None
                yield upscaled

    def _upscaled(
        self, looked: Looked, which: tuple[int, int], click: np.ndarray, most: float
    ) -> Upscaled | None:
        """None where its mask lies in more image tokens than `most`. The part grows until it ends beyond the mask."""
        outside = MASK_THRESHOLD - self._settings.stability_score_offset
        part = _part(looked.coarse_logits[which] > outside - _FAR, click)
        high, wide = looked.coarse_logits.shape[2:]
        while (part.bottom - part.top) * (part.right - part.left) <= most:
            logits = looked.upscale(*which, part)
            step = max(part.bottom - part.top, part.right - part.left)
            wider = Part(
                max(0, part.top - step * bool((logits[0] > outside).any())),
                max(0, part.left - step * bool((logits[:, 0] > outside).any())),
                min(high, part.bottom + step * bool((logits[-1] > outside).any())),
                min(wide, part.right + step * bool((logits[:, -1] > outside).any())),
            )
            if wider == part:
                return Upscaled(part, logits)
            part = wider
        return None


def _part(near: np.ndarray, click: np.ndarray) -> Part:
    """Around the image tokens (rows, columns) where a coarse look sees some of a mask, and the click."""
    column, row = (click // TOKEN_SIDE).astype(int)
    rows, columns = (
        np.append(np.flatnonzero(near.any(axis=axis)), [at - _NEAR + 1, at + _NEAR - 1])
        for axis, at in ((1, row), (0, column))
    )
    high, wide = near.shape
    return Part(
        max(0, int(rows.min()) - 1),
        max(0, int(columns.min()) - 1),
        min(high, int(rows.max()) + 2),
        min(wide, int(columns.max()) + 2),
    )


def _smallest(masks: np.ndarray) -> np.ndarray:
    """(B, 3, P) -> the smallest of each three that is not empty (B, P)."""
    areas = masks.sum(axis=2)
    return masks[np.arange(len(masks)), np.where(areas, areas, masks.shape[2]).argmin(axis=1)]
