"""Which images teach, which choose the weights, and which judge: split by image, never by object.

What people hold out is never trained on, and what they train on never judges. Images that are alike stay together.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import chain

from ...errors import InvalidDataset
from ...inference.training_plan import LEAST_IMAGES, MOST_HELD_OUT, Part, shares
from ...inference.training_set import TrainingImage

_Groups = list[list[TrainingImage]]


@dataclass(frozen=True)
class Split:
    """`held_out` is looked at before and after, and by nothing in between."""

    training: tuple[TrainingImage, ...]
    validation: tuple[TrainingImage, ...]
    held_out: tuple[TrainingImage, ...]


def split(images: Sequence[TrainingImage], seed: int) -> Split:
    """By the hash of their names, so that what is held out stays so, but for a few, while images are added.

    Raises InvalidDataset when there are too few.
    """
    if len(images) < LEAST_IMAGES:
        raise InvalidDataset(
            f"{len(images)} images with objects are too few: training needs at least {LEAST_IMAGES}.",
            hint="Annotate more images, or train on all labels.",
        )
    rank = {image.name: sha256(f"{seed} {image.name}".encode()).digest() for image in images}
    alike: dict[int, list[TrainingImage]] = {}
    for image in sorted(images, key=lambda image: rank[image.name]):
        alike.setdefault(image.group, []).append(image)
    free, learning, held_out = _by_parts(list(alike.values()))
    wanted = shares(image.part for image in images)
    more, rest = _take(free, wanted.held_out - len(held_out))
    learning = sorted(learning + rest, key=lambda group: rank[group[0].name])
    validation, training = _take(learning, wanted.validation)
    if not training or not validation:
        raise InvalidDataset(
            "Too few images are left to train on: the others are in the val or test split.",
            hint="Annotate more images of the train split.",
        )
    judging = tuple(chain(held_out, *more))[:MOST_HELD_OUT]
    return Split(tuple(chain(*training)), tuple(chain(*validation)), judging)


def _by_parts(alike: _Groups) -> tuple[_Groups, _Groups, list[TrainingImage]]:
    """Of each group what nobody has chosen a part for, what is to be trained on, and what is held out. What is like a
    chosen image goes with it, or is held out if others of the group are."""
    if all(image.part == "training" for group in alike for image in group):
        return alike, [], []
    free: _Groups = []
    learning: _Groups = []
    held_out: list[TrainingImage] = []
    for group in alike:
        chosen: dict[Part | None, list[TrainingImage]] = {"held_out": [], "training": [], None: []}
        for image in group:
            chosen[image.part].append(image)
        if chosen["held_out"]:
            held_out += [*chosen["held_out"], *chosen[None]]
        elif chosen["training"]:
            chosen["training"] += chosen[None]
        else:
            free.append(chosen[None])
        if chosen["training"]:
            learning.append(chosen["training"])
    return free, learning, held_out


def _take(groups: _Groups, wanted: int) -> tuple[_Groups, _Groups]:
    """About so many images in whole groups, the first that fit, and the rest: at least one group if any is wanted."""
    taken: _Groups = []
    for group in groups:
        if sum(map(len, taken)) + len(group) <= wanted:
            taken.append(group)
    if wanted > 0 and not taken and groups:
        taken.append(min(groups, key=len))
    return taken, [group for group in groups if group not in taken]
