"""The loop: image after image, some of its objects go through the interactive steps, each of which moves the weights.

What is done is stored often; a trainer that is made again from the same folder goes on from there, to the same result
but for the order of sums.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Generator

from ...inference.training_plan import What
from ...inference.training_set import TrainingImage, TrainingObject
from .decoding import Decoder, unchanging
from .examples import Example, Examples
from .interactive import BOXES, Recipe
from .parameters import choose
from .rehearsal import Rehearsal
from .updates import Updates

CHECKPOINT = "checkpoint.pt"
_STORE_SECONDS = 15.0
SHORT = 4  # steps: on two cores, and with few images, the first clicks matter most
_CHECKS = 8  # measurements of the validation images, evenly spread
Validate = Callable[[Decoder], float]


@dataclass(frozen=True)
class Plan:
    """What is to be done; it decides everything else.

    episodes   images looked at, each for `steps` steps
    boxes      part of the images whose objects are said by a box first, not by a point
    objects    most of an image at once
    """

    what: What
    episodes: int
    seed: int = 0
    steps: int = SHORT
    boxes: float = BOXES
    objects: int = 4

    @property
    def recipe(self) -> Recipe:
        return Recipe(self.steps, self.boxes)


@dataclass(frozen=True)
class Point:
    """Of the curve, after so many episodes: mean loss of the steps since the last one, and the validation."""

    episode: int
    loss: float
    validation: float


@dataclass
class Trained:
    """How far it is. `best` are the weights with the highest validation, the first ones if nothing was better."""

    episode: int = 0
    curve: list[Point] = field(default_factory=list)
    best: dict[str, np.ndarray] = field(default_factory=dict)
    best_validation: float = -1.0
    seconds: float = 0.0  # of training


class Trainer:
    """`folder`: where checkpoints lie. Raises InvalidDataset where the set cannot be read."""

    def __init__(
        self,
        decoder: Decoder,
        examples: Examples,
        images: Sequence[TrainingImage],
        plan: Plan,
        validate: Validate,
        folder: Path,
    ) -> None:
        self._decoder, self._examples, self._images, self._plan = decoder, examples, list(images), plan
        self._validate, self._path = validate, folder / CHECKPOINT
        groups = choose(decoder, plan.what)
        self._learning = [each for group in groups for each in group.parameters]
        self._rehearsal = Rehearsal(unchanging(decoder))
        self._updates = Updates(groups)
        self._generator = Generator().manual_seed(plan.seed)
        self._order: list[int] = []
        self._recent: list[float] = []
        self.state = Trained()
        if self._path.exists():
            self._load()

    @property
    def left(self) -> int:
        """Episodes."""
        return self._plan.episodes - self.state.episode

    def run(self, stopped: Callable[[], bool]) -> Iterator[Trained]:
        """Train; yields the state after each episode until all are done or somebody stops it."""
        stored = time.monotonic()
        if not self.state.curve:
            self._check()
        while self.left > 0 and not stopped():
            began = time.monotonic()
            self._episode()
            self.state.episode += 1
            self.state.seconds += time.monotonic() - began
            if self.state.episode in self._checks():
                self._check()
            if time.monotonic() - stored > _STORE_SECONDS:
                self.store()
                stored = time.monotonic()
            yield self.state
        self.store()

    def store(self) -> None:
        """By one rename. Raises OSError."""
        data = {
            "plan": asdict(self._plan),
            "state": asdict(self.state),
            "learning": [each.detach() for each in self._learning],
            "updates": self._updates.state(),
            "memory": self._decoder.memory(),
            "generator": self._generator.get_state(),
            "order": self._order,
            "recent": self._recent,
        }
        beside = self._path.with_suffix(".new")
        torch.save(data, beside)
        beside.replace(self._path)

    def _load(self) -> None:
        """What was stored for the same plan; anything else is begun anew."""
        data: dict[str, Any] = torch.load(self._path, map_location="cpu", weights_only=False)
        if data["plan"] != asdict(self._plan):
            return
        state = data["state"]
        self.state = Trained(**{**state, "curve": [Point(**each) for each in state["curve"]]})
        with torch.no_grad():
            for each, stored in zip(self._learning, data["learning"], strict=True):
                each.copy_(stored)
        self._updates.load(data["updates"])
        self._decoder.remember(data.get("memory", {}))
        self._generator.set_state(data["generator"])
        self._order, self._recent = data["order"], data["recent"]

    def _checks(self) -> set[int]:
        return {max(1, round(self._plan.episodes * n / _CHECKS)) for n in range(1, _CHECKS + 1)}

    def _check(self) -> None:
        self._decoder.eval()
        validation = self._validate(self._decoder)
        loss = float(np.mean(self._recent)) if self._recent else float("nan")
        self._recent = []
        self.state.curve.append(Point(self.state.episode, loss, validation))
        if validation > self.state.best_validation:
            self.state.best_validation, self.state.best = validation, self._decoder.weights()

    def _episode(self) -> None:
        example = self._next()
        if not len(example.targets):
            return
        for loss in self._decoder.learn(example, self._generator, self._plan.recipe, self._rehearsal):
            self._recent.append(loss)
            self._updates.make(self.state.episode / self._plan.episodes)

    def _next(self) -> Example:
        """All images in some order, and again; of an image's objects some."""
        if not self._order:
            self._order = torch.randperm(len(self._images), generator=self._generator).tolist()
        image = self._images[self._order.pop()]
        return self._examples.open(image, self._some(self._examples.objects(image)))

    def _some(self, objects: tuple[TrainingObject, ...]) -> tuple[TrainingObject, ...]:
        chosen = torch.randperm(len(objects), generator=self._generator)[: self._plan.objects]
        return tuple(objects[int(each)] for each in chosen)
