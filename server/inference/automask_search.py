"""The clicks of one crop, and the masks they find.

The masks are the reference's, the work is not:

- Clicks are looked at coarsely, at one logit an image token. What is confident there is taken in the order of its
  predicted IoU, and only a candidate that no better mask already stands for is decoded in full: most clicks on one
  object end in the same mask.
- `fast` begins with a coarse grid, and clicks between its points only where the smallest mask of none lies.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from ..domain.frames import GRID, INPUT_SIDE
from ..domain.masks import MASK_THRESHOLD, full_size_logits
from ..domain.runs import Window, tight
from .automask_grid import box_ious, is_cut_off, point_grid
from .automask_regions import without_small_regions
from .automask_types import AutomaskSettings, AutomaticMask, Crop, Each, Logits, View
from .automatic_decoder import CANDIDATES, AutomaticDecoder

_TOKEN_SIDE = INPUT_SIDE // GRID  # input-frame pixels
_CLICKS_AT_ONCE = 8  # of one call: more are no faster, and are stopped later
_CALLS_AT_ONCE = 2
_DECODED_AT_ONCE = 16
_LOOKING = 0.6  # of the time of a grid, decoding is the rest
_SAME = 0.85  # IoU of coarse masks from which they are the same object
_SAME_FAILED = 0.9  # of coarse masks: when so many like each other are not stable, the others are not tried
_FAILURES = 12
_COARSE_ERROR, _COARSE_PART = (
    1.0,
    0.02,
)  # of an area in image tokens: its square roots, its parts; at least one
_NEARLY = 0.04  # of predicted IoU or stability
_SECOND_CHANCES, _CHANCES = 2, 4  # rounds of `fast` in which so many clicks try to do better
_FAST_STEPS = (4, 2, 1)  # `fast` clicks on each n-th row and column, then between them


class _Candidates(NamedTuple):
    """Confident ones, and as far as the coarse look tells stable ones."""

    click: np.ndarray  # (n, 2) x, y in the input frame
    place: np.ndarray  # (n, 2) the same in the image frame
    token: np.ndarray  # (n,) 0-2
    predicted_iou: np.ndarray  # (n,)
    coarse: np.ndarray  # (n, P) bool


class _Decoded(NamedTuple):
    """One candidate in full."""

    window: Window  # its pixels in the image frame
    stability: float
    low_res_logits: np.ndarray

    @property
    def box(self) -> np.ndarray:
        """(4,) x0, y0, x1, y1 in the image frame."""
        rows, columns = self.window.mask.shape
        return np.array([self.window.x, self.window.y, self.window.x + columns, self.window.y + rows], float)


class _Looked(NamedTuple):
    candidates: _Candidates
    nearly: np.ndarray  # (m, P) bool, coarse masks that are almost good enough
    seen: np.ndarray  # (P,) bool, where a click would find the same again


class Search:
    """One crop's clicks."""

    def __init__(
        self,
        decoder: AutomaticDecoder,
        view: View,
        crop: Crop,
        size: tuple[int, int],
        settings: AutomaskSettings,
        each: Each,
        advance: Callable[[float], None],
        logits: Logits | None = None,
    ) -> None:
        self._decoder, self._view, self._crop, self._size = decoder, view, crop, size
        self._settings, self._each, self._advance = settings, each, advance
        self._logits = logits
        self._boxes: list[np.ndarray] = []  # of the masks so far
        self._coarse: list[np.ndarray] = []
        self._seen = np.zeros(view.frame.token_rows * view.frame.token_columns, bool)  # `fast`: looked at
        self._nearly: list[np.ndarray] = []  # `fast`: coarse masks that were almost good enough

    def run(self, side: int) -> Iterator[list[AutomaticMask]]:
        """The masks of a grid of side x side clicks, as they are found."""
        grid = point_grid(side)
        if not self._settings.fast:
            yield from self._masks(grid, 0, 1)
            return
        rows, columns = np.divmod(np.arange(len(grid)), side)
        left = np.ones(len(grid), bool)
        rounds = len(_FAST_STEPS) + _SECOND_CHANCES
        for number in range(rounds):
            if number < len(_FAST_STEPS):
                step = _FAST_STEPS[number]
                now = (
                    (rows % step == step // 2)
                    & (columns % step == step // 2)
                    & left
                    & ~self._seen[self._tokens(grid)]
                )
            else:
                now = self._inside_nearly(grid, left)
            left &= ~now
            yield from self._masks(grid[now], number / rounds, (number + 1) / rounds)

    def _inside_nearly(self, grid: np.ndarray, left: np.ndarray) -> np.ndarray:
        """Some of the clicks left, in each of the masks that were almost good enough: another may find it better."""
        chosen = np.zeros(len(grid), bool)
        tokens, done = self._tokens(grid), list(self._coarse)
        for coarse in self._nearly:
            if done and _ious(coarse, np.array(done)).max() >= _SAME:
                continue
            done.append(coarse)
            inside = np.flatnonzero(left & coarse[tokens])
            chosen[
                inside[(np.arange(1, 1 + _CHANCES) * len(inside)) // (1 + _CHANCES)]
                if len(inside)
                else inside
            ] = True
        self._nearly = []
        return chosen

    def _masks(self, grid: np.ndarray, begin: float, end: float) -> Iterator[list[AutomaticMask]]:
        """Of these clicks (n, 2), parts of the crop's sides. `begin`, `end`: the part of all the work that it is."""
        middle = begin + _LOOKING * (end - begin)
        candidates = self._look(grid, begin, middle)
        count = len(candidates.token)
        waiting, failures = np.ones(count, bool), np.zeros(count, int)
        for coarse in self._coarse:
            waiting &= _ious(coarse, candidates.coarse) < _SAME
        order = np.argsort(-candidates.predicted_iou, kind="stable")
        while waiting.any():
            self._advance(middle + (end - middle) * (1 - waiting.mean()))
            chosen = self._best(candidates, order[waiting[order]])
            waiting[chosen] = False
            found = []
            for index, decoded in zip(chosen, self._decode_all(candidates, chosen), strict=True):
                like = _ious(candidates.coarse[index], candidates.coarse)
                if decoded.stability < self._settings.stability_score_thresh:
                    failures += like >= _SAME_FAILED
                    self._nearly.append(candidates.coarse[index])
                elif self._is_new(decoded.box):
                    self._boxes.append(decoded.box)
                    self._coarse.append(candidates.coarse[index])
                    waiting &= like < _SAME
                    found.append(self._finish(candidates, index, decoded))
            waiting &= failures < _FAILURES
            if found:
                yield found

    def _look(self, grid: np.ndarray, begin: float, end: float) -> _Candidates:
        calls = [grid[start : start + _CLICKS_AT_ONCE] for start in range(0, len(grid), _CLICKS_AT_ONCE)]
        nothing = np.zeros((0, 2))
        found = [
            _Candidates(nothing, nothing, np.zeros(0, int), np.zeros(0), np.zeros((0, self._seen.size), bool))
        ]
        for done in range(0, len(calls), _CALLS_AT_ONCE):
            self._advance(begin + (end - begin) * done / len(calls))
            for looked in self._each(self._confident, calls[done : done + _CALLS_AT_ONCE]):
                found.append(looked.candidates)
                self._nearly += list(looked.nearly)
                self._seen |= looked.seen
        return _Candidates(*(np.concatenate(part) for part in zip(*found, strict=True)))

    def _confident(self, grid: np.ndarray) -> _Looked:
        """Of some clicks."""
        settings, frame = self._settings, self._view.frame
        within = grid * self._crop[2:]
        clicks = frame.to_input(within)
        predicted_iou, coarse = self._decoder.look(self._view.prepared, clicks, frame)
        coarse = coarse.reshape(len(grid), CANDIDATES, -1)
        masks = coarse > MASK_THRESHOLD
        sure, possible = (
            np.count_nonzero(coarse > MASK_THRESHOLD + at, axis=2)
            for at in (settings.stability_score_offset, -settings.stability_score_offset)
        )
        error = np.maximum(1, np.maximum(_COARSE_ERROR * np.sqrt(possible), _COARSE_PART * possible))
        stability = (sure + error) / np.maximum(possible, 1)
        lacking = np.maximum(
            settings.pred_iou_thresh - predicted_iou, settings.stability_score_thresh - stability
        )
        click, token = np.nonzero(lacking <= 0)
        return _Looked(
            _Candidates(
                clicks[click],
                within[click] + self._crop[:2],
                token,
                predicted_iou[click, token],
                masks[click, token],
            ),
            nearly=masks[(lacking > 0) & (lacking <= _NEARLY)],
            seen=np.any(_smallest(masks), axis=0),
        )

    def _best(self, candidates: _Candidates, waiting: np.ndarray) -> list[int]:
        """The next to decode, of which none is another's duplicate."""
        chosen: list[int] = []
        for index in waiting[: 4 * _DECODED_AT_ONCE]:
            like = _ious(candidates.coarse[index], candidates.coarse[chosen])
            if not (like >= _SAME).any():
                chosen.append(int(index))
                if len(chosen) == _DECODED_AT_ONCE:
                    break
        return chosen

    def _decode_all(self, candidates: _Candidates, chosen: list[int]) -> list[_Decoded]:
        half = (len(chosen) + _CALLS_AT_ONCE - 1) // _CALLS_AT_ONCE
        calls = [(candidates, chosen[start : start + half]) for start in range(0, len(chosen), half)]
        return [decoded for several in self._each(self._decode, calls) for decoded in several]

    def _decode(self, call: tuple[_Candidates, list[int]]) -> list[_Decoded]:
        candidates, indices = call
        every = self._decoder.decode_many(self._view.prepared, candidates.click[indices], self._view.frame)
        return [
            self._full_size(logits) for logits in every[np.arange(len(indices)), candidates.token[indices]]
        ]

    def _full_size(self, logits: np.ndarray) -> _Decoded:
        offset = self._settings.stability_score_offset
        values, x, y = full_size_logits(logits, self._view.frame, MASK_THRESHOLD - offset)
        sure, possible = (np.count_nonzero(values > MASK_THRESHOLD + at) for at in (offset, -offset))
        window = Window(values > MASK_THRESHOLD, x + self._crop[0], y + self._crop[1])
        return _Decoded(tight(window), sure / max(possible, 1), logits)

    def _is_new(self, box: np.ndarray) -> bool:
        """Whether a mask is one more: whole, and no better one has its box."""
        if not box.any() or is_cut_off(box, self._crop, *self._size):
            return False
        return not self._boxes or box_ious(box, np.array(self._boxes)).max() <= self._settings.box_nms_thresh

    def _finish(self, candidates: _Candidates, index: int, decoded: _Decoded) -> AutomaticMask:
        window = decoded.window
        if self._logits:
            low = MASK_THRESHOLD - self._settings.stability_score_offset
            values, left, top = full_size_logits(decoded.low_res_logits, self._view.frame, low)
            self._logits(values, left + self._crop[0], top + self._crop[1])
        if self._settings.min_mask_region_area:
            window = without_small_regions(window, self._settings.min_mask_region_area)
        x, y = map(float, candidates.place[index])
        return AutomaticMask(
            window, float(candidates.predicted_iou[index]), decoded.stability, (x, y), self._crop
        )

    def _tokens(self, grid: np.ndarray) -> np.ndarray:
        """(n,) the image token that each click lies in."""
        column, row = (self._view.frame.to_input(grid * self._crop[2:]) // _TOKEN_SIDE).astype(int).T
        return row * self._view.frame.token_columns + column


def _smallest(masks: np.ndarray) -> np.ndarray:
    """(B, 3, P) -> the smallest of each three that is not empty (B, P)."""
    areas = masks.sum(axis=2)
    return masks[np.arange(len(masks)), np.where(areas, areas, masks.shape[2]).argmin(axis=1)]


def _ious(mask: np.ndarray, others: np.ndarray) -> np.ndarray:
    """bool (P,) against (n, P) -> (n,); 0 where both are empty."""
    shared = others[:, mask].sum(axis=1)
    both = others.sum(axis=1) + mask.sum() - shared
    return shared / np.maximum(both, 1)
