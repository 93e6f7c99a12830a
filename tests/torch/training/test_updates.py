"""How far an update moves the weights."""

import pytest
import torch
from torch.nn import Parameter

from server.modelkit.training.parameters import Group
from server.modelkit.training.updates import Updates

RATE, WARM_UP = 0.1, 20


def moved(updates: Updates, weight: Parameter, done: float) -> float:
    """AdamW moves a weight whose gradient stays the same by the learning rate."""
    before = weight.detach().clone()
    weight.grad = torch.full_like(weight, 0.5)
    updates.make(done)
    return float((before - weight.detach()).abs().max())


def test_the_rate_rises_and_then_falls_to_nothing():
    weight = Parameter(torch.zeros(1))
    updates = Updates([Group(RATE, [weight])])
    rising = [moved(updates, weight, 0) for _ in range(WARM_UP + 2)]
    expected = [RATE * min(1, n / WARM_UP) for n in range(1, WARM_UP + 3)]
    assert rising == pytest.approx(expected, rel=1e-3)
    assert [moved(updates, weight, done) for done in (0.5, 1)] == pytest.approx([RATE / 2, 0], abs=1e-5)


def test_each_group_moves_at_its_own_rate():
    fast, slow = Parameter(torch.zeros(1)), Parameter(torch.zeros(1))
    updates = Updates([Group(RATE, [fast]), Group(RATE / 10, [slow])])
    for weight in (fast, slow):
        weight.grad = torch.full_like(weight, 0.5)
    updates.make(0)
    assert fast.item() == pytest.approx(10 * slow.item(), rel=1e-3)


def test_one_large_gradient_moves_no_further_than_a_small_one():
    weights = [Parameter(torch.zeros(1)) for _ in range(2)]
    for weight, last in zip(weights, (1.0, 1e6), strict=True):
        updates = Updates([Group(RATE, [weight])])
        for gradient in (1.0, last):
            weight.grad = torch.tensor([gradient])
            updates.make(0)
    assert weights[1].item() == pytest.approx(weights[0].item())


def test_what_was_stored_goes_on_as_if_it_had_not_stopped():
    weight, other = Parameter(torch.zeros(1)), Parameter(torch.zeros(1))
    updates, resumed = Updates([Group(RATE, [weight])]), Updates([Group(RATE, [other])])
    moved(updates, weight, 0)
    resumed.load(updates.state())
    assert moved(resumed, other, 0.1) == pytest.approx(moved(updates, weight, 0.1))
    assert weight.grad is None
