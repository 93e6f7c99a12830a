"""Each loss against values and gradients worked out by hand."""

from math import log

import pytest
import torch
from torch import Tensor

from server.modelkit.training.losses import (
    dice_loss,
    focal_loss,
    iou_loss,
    mask_iou,
    mask_loss,
)

P = 0.8  # of these logits
SURE = log(P / (1 - P))


def one_row(*values: float) -> Tensor:
    """(1, n) in float64, with gradients."""
    return torch.tensor([values], dtype=torch.float64, requires_grad=True)


def constant(*values: float) -> Tensor:
    return torch.tensor([values], dtype=torch.float64)


def gradient(loss: Tensor, logits: Tensor) -> list[float]:
    return torch.autograd.grad(loss, logits)[0].flatten().tolist()


def test_focal_loss_of_a_pixel_of_the_object():
    logits = one_row(SURE)
    loss = focal_loss(logits, constant(1), constant(1))
    assert loss.item() == pytest.approx(0.25 * (1 - P) ** 2 * -log(P))
    by_hand = 0.25 * ((1 - P) ** 2 * 2 * P * log(P) - (1 - P) ** 3)
    assert gradient(loss, logits) == pytest.approx([by_hand])


def test_focal_loss_of_a_pixel_of_the_background():
    logits = one_row(SURE)
    loss = focal_loss(logits, constant(0), constant(1))
    assert loss.item() == pytest.approx(0.75 * P**2 * -log(1 - P))
    by_hand = 0.75 * (P**3 - 2 * P**2 * (1 - P) * log(1 - P))
    assert gradient(loss, logits) == pytest.approx([by_hand])


def test_focal_loss_is_the_mean_of_what_is_inside():
    logits, target = one_row(SURE, SURE, 50.0), constant(1, 0, 0)
    loss = focal_loss(logits, target, constant(1, 1, 0))
    of_each = [focal_loss(one_row(SURE), constant(truth), constant(1)).item() for truth in (1, 0)]
    assert loss.item() == pytest.approx(sum(of_each) / 2)
    assert gradient(loss, logits)[2] == 0


def test_dice_loss():
    logits = one_row(SURE, SURE)
    loss = dice_loss(logits, constant(1, 0), constant(1, 1))
    above, below = 2 * P + 1, 2 * P + 1 + 1
    assert loss.item() == pytest.approx(1 - above / below)
    slope = P * (1 - P)  # of the sigmoid
    by_hand = [-slope * (2 * truth * below - above) / below**2 for truth in (1, 0)]
    assert gradient(loss, logits) == pytest.approx(by_hand)


def test_dice_loss_does_not_see_the_padding():
    logits = one_row(SURE, 50.0)
    loss = dice_loss(logits, constant(1, 1), constant(1, 0))
    assert loss.item() == pytest.approx(1 - (2 * P + 1) / (P + 2))
    assert gradient(loss, logits)[1] == 0


def test_dice_loss_of_nothing_predicted_and_nothing_there_is_nothing():
    assert dice_loss(one_row(-100.0), constant(0), constant(1)).item() == pytest.approx(0, abs=1e-9)


def test_a_mask_costs_twenty_parts_of_focal_loss_and_one_of_dice_loss():
    logits, target, inside = one_row(SURE, -0.3, 2.0), constant(1, 0.25, 0), constant(1, 1, 0.5)
    both = 20 * focal_loss(logits, target, inside) + dice_loss(logits, target, inside)
    assert mask_loss(logits, target, inside).item() == pytest.approx(both.item())


def test_the_right_mask_costs_next_to_nothing_and_the_opposite_much():
    truth = torch.zeros(256, 256)
    truth[40:90, 30:120] = 1
    sure = 40 * truth - 20
    assert mask_loss(sure, truth, torch.ones(256, 256)) < 1e-4
    assert mask_loss(-sure, truth, torch.ones(256, 256)) > 100


@pytest.mark.parametrize("loss", [focal_loss, dice_loss, mask_loss])
def test_gradients_are_those_of_finite_differences(loss):
    generator = torch.Generator().manual_seed(3)
    logits = torch.randn(2, 3, 4, 5, dtype=torch.float64, generator=generator).mul(2).requires_grad_()
    target = torch.rand(2, 1, 4, 5, dtype=torch.float64, generator=generator)
    inside = torch.rand(4, 5, dtype=torch.float64, generator=generator)
    assert loss(logits, target, inside).shape == (2, 3)
    assert torch.autograd.gradcheck(lambda logits: loss(logits, target, inside), [logits])


def test_the_error_of_predicted_ious_is_squared_and_teaches_the_prediction_alone():
    predicted = torch.tensor([0.9, 0.2], requires_grad=True)
    actual = torch.tensor([0.5, 0.5], requires_grad=True)
    loss = iou_loss(predicted, actual)
    assert loss.tolist() == pytest.approx([0.16, 0.09])
    loss.sum().backward()
    assert predicted.grad is not None
    assert predicted.grad.tolist() == pytest.approx([0.8, -0.6])
    assert actual.grad is None


def test_iou_is_of_logits_above_zero_and_of_pixels_that_are_half_the_objects():
    logits = torch.tensor([[[1.0, 0.0, 3.0, -2.0]], [[-1.0, -1.0, -1.0, 9.0]]])  # of two masks
    target, inside = torch.tensor([[0.5, 1.0, 0.49, 0.0]]), torch.tensor([[1.0, 1.0, 1.0, 0.0]])
    assert mask_iou(logits, target, inside).tolist() == pytest.approx([1 / 3, 0])


def test_iou_of_two_empty_masks_is_nothing():
    assert mask_iou(-torch.ones(2, 2), torch.zeros(2, 2), torch.ones(2, 2)).item() == 0
