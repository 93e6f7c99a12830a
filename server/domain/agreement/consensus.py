"""One mask out of several people's: by majority, or by STAPLE, which also finds out how much each is to be trusted.

STAPLE: Warfield, Zou, Wells, "Simultaneous Truth and Performance Level Estimation (STAPLE): An Algorithm for the
Validation of Image Segmentation", IEEE TMI 23 (2004), section II with the prior of section III.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, get_args

import numpy as np

from ..runs import Window, clip, read_window, tight
from .comparing import Group
from .instances import Instance, window_iou

Method = Literal["majority", "staple"]
METHODS: tuple[Method, ...] = get_args(Method)
MOST_MASKS = 16  # of one object: what a pixel's masks are is one number of 16 bits
_MARGIN = 0.25  # of the box's longer side: how much of what nobody marked STAPLE sees
_FIRST_GUESS = 0.99999  # of either parameter
_STEADY, _MOST_ROUNDS = 1e-9, 1000
_LEAST, _MOST = 1e-12, 1 - 1e-12  # nobody is held for infallible: the next pixel could not be explained


@dataclass(frozen=True)
class Performance:
    """How well people mark, as STAPLE estimates it, each (n,): `sensitivity` p, of the true pixels that somebody
    marked; `specificity` q, of the others that they left out. `weights` (k,): how likely each kind of pixel is true."""

    sensitivity: np.ndarray
    specificity: np.ndarray
    weights: np.ndarray


class Agreed(NamedTuple):
    """An object that most people marked, and `closest`: which of theirs with its label is most like it."""

    label: str
    mask: Window
    closest: Instance
    members: Mapping[str, Instance]


def agreed(groups: Iterable[Group], people: int, method: Method, width: int, height: int) -> Iterator[Agreed]:
    """The objects that more than half of the people have; their masks are made of those who have them, so that somebody
    who overlooked an object makes it no smaller. The label is the most frequent one; of several, the one on the mask
    that is most like the common one."""
    for group in groups:
        if 2 * len(group.members) <= people:
            continue
        instances = list(group.members.values())[:MOST_MASKS]
        masks = [read_window(each.counts, width, height) for each in instances]
        mask = majority(masks) if method == "majority" else staple(masks, width, height)
        if not mask.mask.size:
            continue
        by_likeness = sorted(zip(instances, masks, strict=True), key=lambda each: -window_iou(each[1], mask))
        named = Counter(each.label for each, _ in by_likeness)  # of several, the first met is the most like
        label = named.most_common(1)[0][0]
        closest = next(each for each, _ in by_likeness if each.label == label)
        yield Agreed(label, mask, closest, group.members)


def majority(masks: Sequence[Window]) -> Window:
    """The pixels that more than half of the masks have; half is not enough."""
    x, y, votes = _votes(masks, 0)
    return tight(Window(2 * votes > len(masks), x, y))


def staple(masks: Sequence[Window], width: int, height: int) -> Window:
    """The pixels that are in the object more likely than not, of an image of this size. `masks`: MOST_MASKS at most."""
    margin = round(_MARGIN * max(max(each.mask.shape) for each in masks))
    x, y, kinds = _votes(masks, margin, as_bits=True)
    kinds, x, y = clip(Window(kinds, x, y), width, height)
    counts = np.bincount(kinds.reshape(-1), minlength=1 << len(masks))
    decisions = (np.arange(len(counts))[:, None] >> np.arange(len(masks))) & 1 == 1
    weights = estimate(decisions, counts).weights
    return tight(Window((weights >= 0.5)[kinds], x, y))


def estimate(decisions: np.ndarray, counts: np.ndarray) -> Performance:
    """Expectation maximisation over pixels of one kind at once. `decisions`: bool (k, n), what n people say of each
    kind of pixel; `counts` (k,): how many such pixels there are. The prior is the share of all marks."""
    marked = decisions.astype(float)
    prior = float(np.clip(counts @ marked.mean(axis=1) / counts.sum(), _LEAST, _MOST))
    p = q = np.full(decisions.shape[1], _FIRST_GUESS)
    for _ in range(_MOST_ROUNDS):
        weights = _likely(marked, p, q, prior)
        inside, outside = counts * weights, counts * (1 - weights)
        before = np.concatenate([p, q])
        p = np.clip(inside @ marked / max(inside.sum(), _LEAST), _LEAST, _MOST)
        q = np.clip(outside @ (1 - marked) / max(outside.sum(), _LEAST), _LEAST, _MOST)
        if np.abs(np.concatenate([p, q]) - before).max() < _STEADY:
            break
    return Performance(p, q, _likely(marked, p, q, prior))


def _likely(marked: np.ndarray, p: np.ndarray, q: np.ndarray, prior: float) -> np.ndarray:
    """(k,): the probability that each kind of pixel is the object's."""
    inside = np.log(prior) + marked @ np.log(p) + (1 - marked) @ np.log1p(-p)
    outside = np.log1p(-prior) + marked @ np.log1p(-q) + (1 - marked) @ np.log(q)
    return 1 / (1 + np.exp(np.clip(outside - inside, -700, 700)))


def _votes(masks: Sequence[Window], margin: int, as_bits: bool = False) -> tuple[int, int, np.ndarray]:
    """x, y of the top left pixel of the box around all masks, and how many have each pixel of it; as bits: which."""
    x, y = min(each.x for each in masks) - margin, min(each.y for each in masks) - margin
    right = max(each.x + each.mask.shape[1] for each in masks) + margin
    bottom = max(each.y + each.mask.shape[0] for each in masks) + margin
    votes = np.zeros((bottom - y, right - x), np.uint16)
    for number, (mask, left, top) in enumerate(masks):
        rows, columns = mask.shape
        part = votes[top - y : top - y + rows, left - x : left - x + columns]
        part += mask.astype(np.uint16) << number if as_bits else mask
    return x, y, votes
