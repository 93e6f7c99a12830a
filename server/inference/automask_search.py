"""The clicks of one crop, and the masks they find.

The masks are the reference's, the work is not:

- Clicks are looked at coarsely, at one logit an image token. What is confident there is taken in the order of its
  predicted IoU, and only a candidate that no better mask already stands for is decoded in full: most clicks on one
  object end in the same mask.
- `fast` begins with a coarse grid, and clicks between its points only where no small mask lies yet.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from ..domain.frames import GRID, INPUT_SIDE
from ..domain.masks import MASK_THRESHOLD, full_size_mask, of_picture
from ..domain.runs import Window, tight
from .automask_grid import box_ious, is_cut_off, point_grid
from .automask_regions import without_small_regions
from .automask_types import AutomaskSettings, AutomaticMask, Crop, Each, View
from .automatic_decoder import CANDIDATES, AutomaticDecoder

_TOKEN_SIDE = INPUT_SIDE // GRID  # input-frame pixels
_CLICKS_AT_ONCE = 8  # of one call: more are no faster, and are stopped later
_CALLS_AT_ONCE = 2
_DECODED_AT_ONCE = 16
_LOOKING = 0.6  # of the time of a grid, decoding is the rest
_SAME = 0.85  # IoU of coarse masks from which they are the same object
_SAME_FAILED, _FAILURES = (
    0.9,
    2,
)  # of coarse masks so like each other, after so many that are not stable none is tried
_COARSE_ERROR, _COARSE_PART = 1.0, 0.02  # of an area in image tokens: its square roots, its parts
_FAST_STEPS = (4, 2, 1)  # `fast` clicks on each n-th row and column, then between them
_SMALL_PART = 0.03  # of the image: a mask so small is one object, and clicks on it find it again


class _Candidates(NamedTuple):
    """Confident ones, and as far as the coarse look tells stable ones."""

    click: np.ndarray  # (n, 2) x, y in the input frame
    place: np.ndarray  # (n, 2) the same in the image frame
    token: np.ndarray  # (n,) 0-2
    predicted_iou: np.ndarray  # (n,)
    coarse: np.ndarray  # (n, P) bool


class _Decoded(NamedTuple):
    """One candidate in full."""

    logits: np.ndarray  # (4 token_rows, 4 token_columns)
    stability: float
    box: np.ndarray  # (4,) x0, y0, x1, y1 in the image frame, as exact as the logits


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
    ) -> None:
        self._decoder, self._view, self._crop, self._size = decoder, view, crop, size
        self._settings, self._each, self._advance = settings, each, advance
        self._boxes: list[np.ndarray] = []  # of the masks so far
        self._coarse: list[np.ndarray] = []

    def run(self, side: int) -> Iterator[list[AutomaticMask]]:
        """The masks of a grid of side x side clicks, as they are found."""
        grid = point_grid(side)
        if not self._settings.fast:
            yield from self._masks(grid, 0, 1)
            return
        rows, columns = np.divmod(np.arange(len(grid)), side)
        before = np.zeros(len(grid), bool)
        for number, step in enumerate(_FAST_STEPS):
            now = (rows % step == step // 2) & (columns % step == step // 2) & ~before
            before |= now
            part = number / len(_FAST_STEPS)
            yield from self._masks(grid[now & ~self._covered(grid)], part, part + 1 / len(_FAST_STEPS))

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
            masks = []
            for index, decoded in zip(chosen, self._decode_all(candidates, chosen), strict=True):
                like = _ious(candidates.coarse[index], candidates.coarse)
                if decoded.stability < self._settings.stability_score_thresh:
                    failures += like >= _SAME_FAILED
                elif self._is_new(decoded.box):
                    self._boxes.append(decoded.box)
                    self._coarse.append(candidates.coarse[index])
                    waiting &= like < _SAME
                    masks.append((index, decoded))
            waiting &= failures < _FAILURES
            finished = self._each(self._finish, [(candidates, index, decoded) for index, decoded in masks])
            if found := [mask for mask in finished if mask.area]:
                yield found

    def _look(self, grid: np.ndarray, begin: float, end: float) -> _Candidates:
        calls = [grid[start : start + _CLICKS_AT_ONCE] for start in range(0, len(grid), _CLICKS_AT_ONCE)]
        found = [self._no_candidates()]
        for done in range(0, len(calls), _CALLS_AT_ONCE):
            self._advance(begin + (end - begin) * done / len(calls))
            found += self._each(self._confident, calls[done : done + _CALLS_AT_ONCE])
        return _Candidates(*(np.concatenate(part) for part in zip(*found, strict=True)))

    def _no_candidates(self) -> _Candidates:
        tokens = self._view.frame.token_rows * self._view.frame.token_columns
        nothing = np.zeros((0, 2))
        return _Candidates(nothing, nothing, np.zeros(0, int), np.zeros(0), np.zeros((0, tokens), bool))

    def _confident(self, grid: np.ndarray) -> _Candidates:
        """Of some clicks."""
        settings, frame = self._settings, self._view.frame
        within = grid * self._crop[2:]
        clicks = frame.to_input(within)
        looked = self._decoder.look(self._view.prepared, clicks, frame)
        coarse = looked.coarse_logits.reshape(len(grid), CANDIDATES, -1)
        sure, possible = (
            np.count_nonzero(coarse > MASK_THRESHOLD + at, axis=2)
            for at in (settings.stability_score_offset, -settings.stability_score_offset)
        )
        error = np.maximum(_COARSE_ERROR * np.sqrt(possible), _COARSE_PART * possible)
        stable = sure + error >= settings.stability_score_thresh * possible
        click, token = np.nonzero((looked.predicted_iou >= settings.pred_iou_thresh) & stable)
        return _Candidates(
            clicks[click],
            within[click] + self._crop[:2],
            token,
            looked.predicted_iou[click, token],
            coarse[click, token] > MASK_THRESHOLD,
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
        frame = self._view.frame
        every = self._decoder.decode_many(self._view.prepared, candidates.click[indices], frame)
        found = []
        for logits in every[np.arange(len(indices)), candidates.token[indices]]:
            inside = of_picture(logits[None], frame)[0]
            sure, possible = (
                np.count_nonzero(inside > MASK_THRESHOLD + at)
                for at in (self._settings.stability_score_offset, -self._settings.stability_score_offset)
            )
            found.append(_Decoded(logits.copy(), sure / max(possible, 1), self._box(inside > MASK_THRESHOLD)))
        return found

    def _box(self, inside: np.ndarray) -> np.ndarray:
        """Around low-res pixels of the crop, in the image frame; of no size when there are none."""
        rows, columns = (np.flatnonzero(inside.any(axis=axis)) for axis in (1, 0))
        if not len(rows):
            return np.zeros(4)
        scale = np.array(self._crop[2:]) / inside.shape[::-1]
        corners = np.array([[columns[0], rows[0]], [columns[-1] + 1, rows[-1] + 1]])
        return (corners * scale + self._crop[:2]).reshape(-1)

    def _is_new(self, box: np.ndarray) -> bool:
        """Whether a mask is one more: whole, and no better one has its box."""
        if is_cut_off(box, self._crop, *self._size):
            return False
        return not self._boxes or box_ious(box, np.array(self._boxes)).max() <= self._settings.box_nms_thresh

    def _finish(self, mask: tuple[_Candidates, int, _Decoded]) -> AutomaticMask:
        candidates, index, decoded = mask
        full = full_size_mask(decoded.logits, self._view.frame)
        window = tight(Window(full, *self._crop[:2]))
        if self._settings.min_mask_region_area:
            window = without_small_regions(window, self._settings.min_mask_region_area)
        x, y = map(float, candidates.place[index])
        return AutomaticMask(
            window, float(candidates.predicted_iou[index]), decoded.stability, (x, y), self._crop
        )

    def _covered(self, grid: np.ndarray) -> np.ndarray:
        """(n,) whether a click would find a mask again that is there: one so small that it is one object."""
        frame = self._view.frame
        column, row = (frame.to_input(grid * self._crop[2:]) // _TOKEN_SIDE).astype(int).T
        covered = np.zeros(len(grid), bool)
        for coarse in self._coarse:
            if coarse.mean() < _SMALL_PART:
                covered |= coarse.reshape(frame.token_rows, frame.token_columns)[row, column]
        return covered


def _ious(mask: np.ndarray, others: np.ndarray) -> np.ndarray:
    """bool (P,) against (n, P) -> (n,); 0 where both are empty."""
    shared = others[:, mask].sum(axis=1)
    both = others.sum(axis=1) + mask.sum() - shared
    return shared / np.maximum(both, 1)
