"""What a segmenter makes of held-out objects: clicks as `samphire eval` makes them, the box, and the boundary."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from math import hypot
from typing import Any

import numpy as np

from ...domain.masks import full_size_mask
from ...domain.types import Prompt
from ...inference.training_set import TrainingImage, TrainingObject
from ...modelkit.training.examples import mask_of
from ..evaluation.clicks import Clicker
from ..evaluation.distance import squared_distances
from ..evaluation.measure import ObjectResult, Scene, ask, measure_object
from ..evaluation.summary import Summary, summarise
from ..evaluation.truth import Truth
from .subjects import Subject

CLICKS = 10  # most on an object: those that need more count as so many
FIRST = 3  # clicks that decide which weights are kept
_BOUNDARY = 0.02  # of the image's diagonal: Cheng et al. 2021, Boundary IoU


@dataclass(frozen=True)
class Measured:
    """One object. `boundary`: boundary IoU of the mask of the first click."""

    result: ObjectResult
    boundary: float


@dataclass(frozen=True)
class Figures:
    """Means over the objects, of which `summary` has more."""

    summary: Summary
    boundary: float

    def as_json(self) -> dict[str, Any]:
        return {**self.summary.as_json(), "boundary": self.boundary}


Objects = Callable[[TrainingImage], Sequence[TrainingObject]]


def measure(subject: Subject, images: Sequence[TrainingImage], objects: Objects) -> Iterator[Measured]:
    """Every object, image by image. Raises InvalidDataset, EncodingFailed, DecodingFailed."""
    for image, one, scene in _scenes(subject, images, objects):
        truth = _truth(image, one)
        result = measure_object(scene, image.name, truth, CLICKS)
        answer = ask(scene, Prompt((result.clicks[0],)))
        mask = full_size_mask(answer.low_res_logits[answer.shown], scene.frame)
        yield Measured(result, boundary_iou(mask, truth.mask))


def first_clicks(
    subject: Subject, images: Sequence[TrainingImage], objects: Objects
) -> Iterator[ObjectResult]:
    """Every object with its first clicks only, which takes a third of the time."""
    for image, one, scene in _scenes(subject, images, objects):
        yield measure_object(scene, image.name, _truth(image, one), FIRST)


def after_some_clicks(results: Iterable[ObjectResult]) -> float:
    """Mean of the mean IoUs after one click and after three: what is to grow."""
    return float(np.mean([(each.iou_after(1) + each.iou_after(FIRST)) / 2 for each in results]))


def agreement(
    one: Subject, other: Subject, images: Sequence[TrainingImage], objects: Objects, most: int
) -> Iterator[float]:
    """The IoU of both masks of the same token, for a click on each of at most so many objects."""
    pairs = zip(_scenes(one, images, objects), _scenes(other, images, objects), strict=True)
    for (image, each, scene), (_, _, beside) in islice(pairs, most):
        mask, truth = np.zeros((image.height, image.width), bool), _truth(image, each)
        point = Clicker(truth).next(mask)
        assert point is not None
        answer, told = ask(scene, Prompt((point,))), ask(beside, Prompt((point,)))
        masks = [full_size_mask(each.low_res_logits[answer.shown], scene.frame) for each in (answer, told)]
        union = np.count_nonzero(masks[0] | masks[1])
        yield np.count_nonzero(masks[0] & masks[1]) / union if union else 1.0


def figures(measured: Sequence[Measured]) -> Figures:
    """Of at least one object."""
    results = [each.result for each in measured]
    return Figures(summarise(results, CLICKS), float(np.mean([each.boundary for each in measured])))


def boundary_iou(mask: np.ndarray, truth: np.ndarray) -> float:
    """Intersection over union of what lies near each mask's own edge (Cheng et al. 2021)."""
    near = (_BOUNDARY * hypot(*mask.shape)) ** 2
    one, other = (each & (squared_distances(each) <= near) for each in (mask, truth))
    return np.count_nonzero(one & other) / max(np.count_nonzero(one | other), 1)


def _scenes(
    subject: Subject, images: Sequence[TrainingImage], objects: Objects
) -> Iterator[tuple[TrainingImage, TrainingObject, Scene]]:
    for image in images:
        scene = subject.scene(image)
        for one in objects(image):
            yield image, one, scene


def _truth(image: TrainingImage, one: TrainingObject) -> Truth:
    return Truth(one.name, mask_of(image, one), None, "training set", one.label)
