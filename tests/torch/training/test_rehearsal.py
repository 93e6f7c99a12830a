"""What is held to the answers before the training."""

from copy import deepcopy

import pytest
import torch
from torch import Generator, Tensor, nn

from server.modelkit.torch_sam.sam import Prompts
from server.modelkit.training.examples import Embedded, Example
from server.modelkit.training.rehearsal import Rehearsal


class Plain(nn.Module):
    """Answers every prompt with one logit and one IoU, and keeps the points that were said."""

    def __init__(self) -> None:
        super().__init__()
        self.logit, self.iou = nn.Parameter(torch.tensor(1.0)), nn.Parameter(torch.tensor(0.5))
        self.said: list[Prompts] = []

    def forward(self, _: Embedded, said: Prompts) -> tuple[Tensor, Tensor]:
        self.said.append(said)
        count = len(said.points[0])
        return self.logit.expand(count, 4, 256, 256), self.iou.expand(count, 4)


def example(beside: Tensor) -> Example:
    inside = torch.zeros(256, 256)
    inside[:128] = 1
    target = 1 - beside.float()
    return Example(Embedded(torch.zeros(1, 256, 64, 64)), target[None], inside, beside)


@pytest.fixture
def right_half():
    beside = torch.zeros(256, 256, dtype=torch.bool)
    beside[:128, 128:] = True
    return example(beside)


def test_nothing_is_held_until_something_changes(right_half):
    decoder = Plain()
    loss = Rehearsal(deepcopy(decoder)).loss(decoder, right_half, right_half.embedded, Generator())
    assert loss.item() == pytest.approx(0, abs=1e-6)


def test_what_changed_is_pulled_back(right_half):
    decoder = Plain()
    rehearsal = Rehearsal(deepcopy(decoder))
    with torch.no_grad():
        decoder.logit += 2
        decoder.iou -= 0.3
    loss = rehearsal.loss(decoder, right_half, right_half.embedded, Generator())
    old, now = torch.tensor(1.0).sigmoid(), torch.tensor(3.0).sigmoid()
    kl = old * (old / now).log() + (1 - old) * ((1 - old) / (1 - now)).log()
    assert loss.item() == pytest.approx(20 * kl.item() + 0.3**2, rel=1e-4)
    loss.backward()
    assert decoder.logit.grad > 0  # down again
    assert decoder.iou.grad < 0  # up again


def test_clicks_are_beside_the_objects(right_half):
    decoder = Plain()
    Rehearsal(deepcopy(decoder)).learn(decoder, right_half, right_half.embedded, Generator().manual_seed(1))
    points, labels = decoder.said[0].points
    assert (points[..., 0] >= 511).all()
    assert (points[..., 1] < 512).all()
    assert (labels == 1).all()


def test_where_objects_fill_the_image_there_is_nothing_to_hold():
    decoder = Plain()
    filled = example(torch.zeros(256, 256, dtype=torch.bool))
    assert Rehearsal(deepcopy(decoder)).loss(decoder, filled, filled.embedded, Generator()) is None
