"""How long to train: as often as has proved enough, within the minutes there are, by the pace that was measured."""

import time

from torch import Generator

from ...inference.training_plan import What, episodes
from ...inference.training_set import TrainingImage
from .decoding import Decoder, unchanging
from .examples import Examples
from .interactive import Recipe
from .parameters import choose
from .rehearsal import Rehearsal
from .trainer import SHORT, Plan

_TRIALS = 2


def plan_for(
    decoder: Decoder,
    examples: Examples,
    images: tuple[TrainingImage, ...],
    what: What,
    seed: int,
    minutes: float | None,
) -> Plan:
    """`minutes`: most of training, or None. Measures the pace on the images themselves, learning nothing."""
    count = episodes(len(images))
    if minutes is not None:
        choose(decoder, what)
        count = max(1, min(count, int(60 * minutes / pace(decoder, examples, images, what))))
    return Plan(what, count, seed)


def pace(decoder: Decoder, examples: Examples, images: tuple[TrainingImage, ...], what: What) -> float:
    """Seconds an episode."""
    generator, rehearsal = Generator().manual_seed(0), Rehearsal(unchanging(decoder))
    began = time.monotonic()
    for image in images[:_TRIALS]:
        chosen = examples.objects(image)[: Plan.objects]
        example = examples.open(image, chosen)
        if len(example.targets):
            list(decoder.learn(example, generator, Recipe(SHORT), rehearsal))  # gradients, and no updates
        decoder.zero_grad()
        decoder.remember({})
    return (time.monotonic() - began) / min(_TRIALS, len(images))
