"""How images are divided for a training, and how long it goes on: what estimates and the training itself agree on."""

from collections.abc import Iterable
from math import ceil
from typing import Literal, NamedTuple, get_args

What = Literal["choice", "tokens", "decoder", "lora"]
WHATS: tuple[What, ...] = get_args(What)
Part = Literal["training", "held_out"]

LEAST_IMAGES = 5
LEAST_AREA = 0.0005  # of an object, in parts of its image: what is smaller is a few low-res pixels
_HELD_OUT, MOST_HELD_OUT = 0.25, 60
_VALIDATION, _MOST_VALIDATION = 0.15, 20  # of those that are not held out
_PASSES = 5  # over all images that are trained on
_LEAST_EPISODES, _MOST_EPISODES = 150, 3000


class Shares(NamedTuple):
    """Numbers of images: to train on, to choose the best weights by, and to judge the result by. Of more images that
    people hold out than judge in good time, some are not used."""

    training: int
    validation: int
    held_out: int


def part_of(split: str | None) -> Part | None:
    """What an image is for that people have put into "train", "val" or "test"."""
    return None if split is None else "training" if split == "train" else "held_out"


def shares(parts: Iterable[Part | None]) -> Shares:
    """Of images for which people have chosen these parts. None to train on where all are held out."""
    chosen = list(parts)
    held_out, free = chosen.count("held_out"), chosen.count(None)
    if not held_out and not free:  # no choice is meant where a dataset came without another part
        free = len(chosen)
    more = min(ceil(_HELD_OUT * free), max(0, MOST_HELD_OUT - held_out))
    learning = len(chosen) - held_out - more
    validation = min(_MOST_VALIDATION, ceil(_VALIDATION * learning))
    return Shares(learning - validation, validation, min(MOST_HELD_OUT, held_out + more))


def episodes(training_images: int) -> int:
    """How often one of the images is trained on."""
    return min(max(_LEAST_EPISODES, _PASSES * training_images), _MOST_EPISODES)
