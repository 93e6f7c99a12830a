"""What is minimised: focal and dice loss of a mask, 20 to 1, and the squared error of its predicted IoU.

Kirillov et al. 2023, section 3 and appendix A ("Making the model ambiguity-aware", "Losses"). Masks are (.., H, W);
every function gives one number for each, so that the mask with the lowest loss of several can be trained alone.
Where `inside` (.., H, W) is zero, as in the padding of an image, nothing counts.
"""

import torch
from torch import Tensor
from torch.nn import functional

FOCAL_TO_DICE = 20.0
ALPHA, GAMMA = 0.25, 2.0  # Lin et al. 2017: of a positive pixel, and of how little certain ones count


def mask_loss(logits: Tensor, target: Tensor, inside: Tensor) -> Tensor:
    """20 parts of focal loss and one of dice loss: logits (.., H, W), target (.., H, W) in [0, 1] -> (..)."""
    return FOCAL_TO_DICE * focal_loss(logits, target, inside) + dice_loss(logits, target, inside)


def focal_loss(logits: Tensor, target: Tensor, inside: Tensor) -> Tensor:
    """Lin et al. 2017, mean over the pixels inside."""
    cross_entropy = functional.binary_cross_entropy_with_logits(
        logits, target.expand_as(logits), reduction="none"
    )
    probability = logits.sigmoid()
    miss = probability + target - 2 * probability * target  # 1 - p_t
    weight = ALPHA * target + (1 - ALPHA) * (1 - target)
    return _mean(weight * miss**GAMMA * cross_entropy, inside)


def dice_loss(logits: Tensor, target: Tensor, inside: Tensor) -> Tensor:
    """1 - 2 |P T| / (|P| + |T|) of probabilities P, with one pixel added above and below (Milletari et al. 2016)."""
    probability = logits.sigmoid() * inside
    both = (probability * target).sum((-2, -1))
    either = probability.sum((-2, -1)) + (target * inside).sum((-2, -1))
    return 1 - (2 * both + 1) / (either + 1)


def iou_loss(predicted: Tensor, actual: Tensor) -> Tensor:
    """The squared error, weight 1. `actual` is a measurement: nothing learns through it."""
    return (predicted - actual.detach()) ** 2


@torch.no_grad()
def mask_iou(logits: Tensor, target: Tensor, inside: Tensor) -> Tensor:
    """Intersection over union of what is above a logit of zero and of a target of half or more (..); 0 for nothing."""
    mask, truth = (logits > 0) & (inside > 0), (target >= 0.5) & (inside > 0)
    union = (mask | truth).sum((-2, -1))
    return (mask & truth).sum((-2, -1)) / union.clamp(min=1)


def _mean(values: Tensor, inside: Tensor) -> Tensor:
    return (values * inside).sum((-2, -1)) / inside.sum((-2, -1)).clamp(min=1)
