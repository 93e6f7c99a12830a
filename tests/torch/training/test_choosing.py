"""What rates the masks learns from a few objects, and nothing else changes."""

import numpy as np
import pytest
import torch
from torch import Generator

from server.inference.catalog import DEFAULT, open_catalog
from server.modelkit.graphs.own_weights import read_weights
from server.modelkit.torch_sam.sam import TRAINED_FOR_MANY, Prompts
from server.modelkit.training.choosing import Choosing
from server.modelkit.training.decoding import unchanging
from server.modelkit.training.examples import Embedded, Example
from server.modelkit.training.interactive import Recipe
from server.modelkit.training.losses import mask_iou
from server.modelkit.training.parameters import choose
from server.modelkit.training.rehearsal import Rehearsal
from server.modelkit.training.updates import Updates

ON_IT, BESIDE = (300.0, 500.0), (800.0, 500.0)


@pytest.fixture(scope="module")
def weights(tmp_path_factory):
    return read_weights(open_catalog(tmp_path_factory.mktemp("data")).find(DEFAULT))


@pytest.fixture
def decoder(weights):
    return Choosing(weights)


@pytest.fixture
def example():
    """An object in the left half, of an image that was never encoded."""
    tokens = 0.1 * torch.randn(1, 256, 64, 64, generator=Generator().manual_seed(0))
    target = torch.zeros(256, 256)
    target[100:150, 50:100] = 1
    beside = torch.zeros(256, 256, dtype=torch.bool)
    beside[:, 160:] = True
    return Example(Embedded(tokens), target[None], torch.ones(256, 256), beside)


@torch.no_grad()
def asked(decoder, example, place):
    """Logits (1, 4, 256, 256) and predicted IoUs (4,)."""
    logits, predicted = decoder(
        example.embedded, Prompts((torch.tensor([[place]]), torch.ones(1, 1)), None, None)
    )
    return logits, predicted[0]


def learn(decoder, example, looks):
    generator = Generator().manual_seed(0)
    updates, rehearsal = Updates(choose(decoder, "choice")), Rehearsal(unchanging(decoder))
    losses = []
    for look in range(looks):
        for loss in decoder.learn(example, generator, Recipe(1, 0), rehearsal):
            losses.append(loss)
            updates.make(look / looks)
    return losses


def test_ratings_follow_the_objects_and_stay_elsewhere(decoder, weights, example):
    logits, before = asked(decoder, example, ON_IT)
    reached = mask_iou(logits, example.targets[:, None], example.inside)[0]
    elsewhere = asked(decoder, example, BESIDE)[1]
    losses = learn(decoder, example, 15)
    assert len(losses) == 60
    same, after = asked(decoder, example, ON_IT)
    assert torch.equal(same, logits)
    apart = [(each - reached)[TRAINED_FOR_MANY].abs().mean() for each in (before, after)]
    assert apart[1] < 0.5 * apart[0]
    moved = (asked(decoder, example, BESIDE)[1] - elsewhere).abs().mean()
    assert moved < 0.5 * (after - before)[TRAINED_FOR_MANY].abs().mean()
    changed = {name for name, array in decoder.weights().items() if not np.array_equal(array, weights[name])}
    assert {name.split(".")[1] for name in changed} == {"iou_prediction_head"}


def test_what_was_gathered_is_kept_for_the_next_one(decoder, weights, example):
    learn(decoder, example, 2)
    memory = decoder.memory()
    assert {name: len(tokens) for name, (tokens, _) in memory.items()} == {"objects": 4, "beside": 8}
    other = Choosing(weights)
    other.remember(memory)
    assert torch.equal(other.memory()["objects"][1], memory["objects"][1])
    other.remember({})
    assert other.memory() == {}


def test_where_objects_fill_the_image_only_they_teach(decoder, example):
    filled = Example(example.embedded, example.targets, example.inside, torch.zeros_like(example.beside))
    learn(decoder, filled, 1)
    assert list(decoder.memory()) == ["objects"]
