"""The clicks of one crop, and the masks they find.

The masks are the reference's, the work is not:

- Clicks are looked at coarsely, at one logit an image token. What is confident there is taken in the order of its
  predicted IoU, and only a candidate that no better mask already stands for is decoded in full: most clicks on one
  object end in the same mask.
- Only the part of the image where a mask lies is upscaled: at once where that is small, since looking again would
  take longer; the others when it is their turn.
- `fast` begins with a coarse grid, and clicks between its points only where the smallest mask of none lies.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from ..domain.masks import MASK_THRESHOLD, OUTSIDE, full_size_logits
from ..domain.runs import Window, tight, write_window
from .automask_grid import box_ious, is_cut_off, point_grid
from .automask_likeness import CoarseMasks
from .automask_looking import CLICKS_AT_ONCE, TOKEN_SIDE, Candidates, Looking, Upscaled
from .automask_regions import without_small_regions
from .automask_types import AutomaskSettings, AutomaticMask, Crop, Each, Logits, View
from .automatic_decoder import SIDE, AutomaticDecoder, part_of

_CALLS_AT_ONCE = 2
_DECODED_AT_ONCE = 16
_LOOKING = 0.6  # of the time of a grid, decoding is the rest
_SAME = 0.85  # IoU of coarse masks from which they are the same object
_SAME_FAILED = 0.9  # of coarse masks: when so many like each other are not stable, the others are not tried
_FAILURES = 12
_FORESEEN = 3  # `fast`: after so many, what is expected of the others counts
_SECOND_CHANCES, _CHANCES = 2, 4  # rounds of `fast` in which so many clicks try to do better
_FAST_STEPS = (4, 2, 1)  # `fast` clicks on each n-th row and column, then between them


class _Decoded(NamedTuple):
    """One candidate in full. Many wait for each other, so none has all pixels of the image at hand."""

    counts: str  # its runs in the image frame; "" where it is not stable
    area: int
    box: np.ndarray  # (4,) x0, y0, x1, y1 in the image frame
    stability: float
    low_res_logits: np.ndarray  # (4 token_rows, 4 token_columns)


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
        self._looking = Looking(decoder, view, crop, settings)
        self._view, self._crop, self._size = view, crop, size
        self._settings, self._each, self._advance = settings, each, advance
        self._logits = logits
        self._boxes: list[np.ndarray] = []  # of the masks so far
        self._coarse: list[np.ndarray] = []
        self._seen = np.zeros(self._looking.tokens, bool)  # `fast`: looked at
        self._failed: list[
            tuple[np.ndarray, float]
        ] = []  # `fast`: coarse masks, how much less stable they were
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
            if done and CoarseMasks(np.array(done)).ious(coarse).max() >= _SAME:
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
        count, coarse_masks = len(candidates.token), CoarseMasks(candidates.coarse)
        waiting, failures = np.ones(count, bool), np.zeros(count, int)
        lost = np.zeros(count)
        for coarse in self._coarse:
            waiting &= coarse_masks.ious(coarse) < _SAME
        for coarse, less in self._failed:
            like = coarse_masks.ious(coarse) >= _SAME_FAILED
            failures += like
            lost += like * less
        waiting &= self._promising(candidates, failures, lost)
        order = np.argsort(-candidates.predicted_iou, kind="stable")
        while waiting.any():
            self._advance(middle + (end - middle) * (1 - waiting.mean()))
            chosen = self._best(candidates, coarse_masks, order[waiting[order]])
            waiting[chosen] = False
            found = []
            for index, decoded in zip(chosen, self._decode_all(candidates, chosen), strict=True):
                like = coarse_masks.ious(candidates.coarse[index])
                if decoded.stability < self._settings.stability_score_thresh:
                    failures += like >= _SAME_FAILED
                    less = candidates.stability[index] - decoded.stability
                    lost += (like >= _SAME_FAILED) * less
                    if self._settings.fast:
                        self._failed.append((candidates.coarse[index], less))
                    self._nearly.append(candidates.coarse[index])
                elif self._is_new(decoded.box):
                    self._boxes.append(decoded.box)
                    self._coarse.append(candidates.coarse[index])
                    waiting &= like < _SAME
                    found.append(self._finish(candidates, index, decoded))
            waiting &= self._promising(candidates, failures, lost)
            if found:
                yield found

    def _promising(self, candidates: Candidates, failures: np.ndarray, lost: np.ndarray) -> np.ndarray:
        """(n,) bool: of which not too many like them failed; `lost`: of the coarse stability, over those."""
        promising = failures < _FAILURES
        if self._settings.fast:
            expected = candidates.stability - lost / np.maximum(failures, 1)
            promising &= (failures < _FORESEEN) | (expected >= self._settings.stability_score_thresh)
        return promising

    def _look(self, grid: np.ndarray, begin: float, end: float) -> Candidates:
        calls = [grid[start : start + CLICKS_AT_ONCE] for start in range(0, len(grid), CLICKS_AT_ONCE)]
        nothing, none = np.zeros((0, 2)), np.zeros(0)
        no_mask = np.zeros((0, self._seen.size), bool)
        found = [Candidates(nothing, nothing, np.zeros(0, int), none, none, no_mask, np.zeros(0, object))]
        for done in range(0, len(calls), _CALLS_AT_ONCE):
            self._advance(begin + (end - begin) * done / len(calls))
            for looked in self._each(self._looking.confident, calls[done : done + _CALLS_AT_ONCE]):
                found.append(looked.candidates)
                self._nearly += list(looked.nearly)
                self._seen |= looked.seen
        return Candidates(*(np.concatenate(part) for part in zip(*found, strict=True)))

    def _best(self, candidates: Candidates, coarse_masks: CoarseMasks, waiting: np.ndarray) -> list[int]:
        """The next to decode, of which none is another's duplicate."""
        chosen: list[int] = []
        for index in waiting[: 4 * _DECODED_AT_ONCE]:
            like = coarse_masks.ious(candidates.coarse[index], chosen)
            if not (like >= _SAME).any():
                chosen.append(int(index))
                if len(chosen) == _DECODED_AT_ONCE:
                    break
        return chosen

    def _decode_all(self, candidates: Candidates, chosen: list[int]) -> list[_Decoded]:
        half = (len(chosen) + _CALLS_AT_ONCE - 1) // _CALLS_AT_ONCE
        calls = [(candidates, chosen[start : start + half]) for start in range(0, len(chosen), half)]
        return [decoded for several in self._each(self._decode, calls) for decoded in several]

    def _decode(self, call: tuple[Candidates, list[int]]) -> list[_Decoded]:
        candidates, indices = call
        large = [index for index in indices if candidates.upscaled[index] is None]
        upscaled = dict(zip(large, self._looking.again(candidates, large), strict=True))
        return [self._full_size(upscaled.get(index) or candidates.upscaled[index]) for index in indices]

    def _full_size(self, upscaled: Upscaled) -> _Decoded:
        offset, frame = self._settings.stability_score_offset, self._view.frame
        logits = np.full((SIDE * frame.token_rows, SIDE * frame.token_columns), OUTSIDE, np.float32)
        part_of(logits, upscaled.part)[...] = upscaled.logits
        values, x, y = full_size_logits(logits, frame, MASK_THRESHOLD - offset)
        sure, possible = (np.count_nonzero(values > MASK_THRESHOLD + at) for at in (offset, -offset))
        stability = sure / max(possible, 1)
        if stability < self._settings.stability_score_thresh:
            return _Decoded("", 0, np.zeros(4), stability, logits)
        window = tight(Window(values > MASK_THRESHOLD, x + self._crop[0], y + self._crop[1]))
        rows, columns = window.mask.shape
        box = np.array([window.x, window.y, window.x + columns, window.y + rows], float)
        area = int(np.count_nonzero(window.mask))
        return _Decoded(write_window(window, *self._size), area, box, stability, logits)

    def _is_new(self, box: np.ndarray) -> bool:
        """Whether a mask is one more: whole, and no better one has its box."""
        if not box.any() or is_cut_off(box, self._crop, *self._size):
            return False
        return not self._boxes or box_ious(box, np.array(self._boxes)).max() <= self._settings.box_nms_thresh

    def _finish(self, candidates: Candidates, index: int, decoded: _Decoded) -> AutomaticMask:
        if self._logits:
            low = MASK_THRESHOLD - self._settings.stability_score_offset
            values, left, top = full_size_logits(decoded.low_res_logits, self._view.frame, low)
            self._logits(values, left + self._crop[0], top + self._crop[1])
        x, y = map(float, candidates.place[index])
        told = (float(candidates.predicted_iou[index]), decoded.stability, (x, y), self._crop)
        left, top, right, bottom = map(int, decoded.box)
        bbox = (left, top, right - left, bottom - top)
        mask = AutomaticMask(self._size, decoded.counts, decoded.area, bbox, *told)
        least = self._settings.min_mask_region_area
        return (
            AutomaticMask.of(without_small_regions(mask.window, least), self._size, *told) if least else mask
        )

    def _tokens(self, grid: np.ndarray) -> np.ndarray:
        """(n,) the image token that each click lies in."""
        column, row = (self._view.frame.to_input(grid * self._crop[2:]) // TOKEN_SIDE).astype(int).T
        return row * self._view.frame.token_columns + column
