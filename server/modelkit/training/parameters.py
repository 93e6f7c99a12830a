"""What is trained of a segmenter: of its decoder little or all, or adapters in its encoder too; and how fast."""

from typing import NamedTuple

from torch import nn
from torch.nn import Parameter

from ...inference.training_plan import What
from .adapters import ADAPTER

_CHOICE = ("mask_decoder.iou_prediction_head.",)  # rates the masks: what it learns changes none of them
_TOKENS = (
    *_CHOICE,
    "mask_decoder.iou_token.",
    "mask_decoder.mask_tokens.",
    "mask_decoder.output_hypernetworks_mlps.",
)
_TRAINED: dict[What, tuple[str, ...]] = {
    "choice": _CHOICE,
    "tokens": _TOKENS,
    "decoder": ("",),
    "lora": (*_TOKENS, ADAPTER),
}
_FIXED = ("pe_layer.",)  # position features are the same in encoder, decoder and browser
_FAST, _SLOW = 3e-4, 3e-5


class Group(NamedTuple):
    """Parameters that learn at one rate."""

    rate: float
    parameters: list[Parameter]


def choose(module: nn.Module, what: What) -> list[Group]:
    """The parameters that learn; all others are frozen. What rates the masks learns fast, and so do adapters, which
    begin at nothing; what draws masks learns slowly: a few images tell which mask people mean, but not how to draw it
    better than millions did."""
    fast, slow = Group(_FAST, []), Group(_SLOW, [])
    for name, parameter in module.named_parameters():
        parameter.requires_grad_(is_trained(name, what))
        if parameter.requires_grad:
            (fast if any(part in name for part in (*_CHOICE, ADAPTER)) else slow).parameters.append(parameter)
    return [group for group in (fast, slow) if group.parameters]


def is_trained(name: str, what: What) -> bool:
    return any(part in name for part in _TRAINED[what]) and not any(part in name for part in _FIXED)
