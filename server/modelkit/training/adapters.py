"""Low-rank adapters in an image encoder's attention (Hu et al. 2022, "LoRA"): beside each projection to queries, keys
and values lie two narrow matrices, whose product is added to it.

Nothing changes at first, and nothing else learns. What was learnt is part of the weights that `merged` gives: the
encoder that is written has the nodes it had.
"""

from collections.abc import Iterator

import torch
from torch import Generator, Tensor, nn
from torch.nn import functional

from ..torch_sam import tiny_vit, vit

RANK = 8  # of queries, keys and values together
ADAPTER = ".qkv.low_rank."  # in the names of their parameters, and in no others


class LowRank(nn.Module):
    def __init__(self, width: int, out: int, rank: int, generator: Generator) -> None:
        super().__init__()
        self.down = nn.Parameter(torch.randn(rank, width, generator=generator) * width**-0.5)
        self.up = nn.Parameter(torch.zeros(out, rank))

    def forward(self, x: Tensor) -> Tensor:
        """(.., width) -> (.., out)."""
        return functional.linear(functional.linear(x, self.down), self.up)


class AdaptedLinear(nn.Module):
    """In bfloat16 too the small change counts: it is added to what the weights make, not to the weights."""

    def __init__(self, linear: nn.Linear, rank: int, generator: Generator) -> None:
        super().__init__()
        self.linear = linear
        self.low_rank = LowRank(linear.in_features, linear.out_features, rank, generator)

    def forward(self, x: Tensor) -> Tensor:
        """(.., in) -> (.., out)."""
        return self.linear(x) + self.low_rank(x)

    def merged(self) -> Tensor:
        """The weight (out, in) that alone gives the same."""
        return (self.linear.weight + self.low_rank.up @ self.low_rank.down).detach()


def adapt(encoder: nn.Module, rank: int = RANK) -> None:
    """Put adapters, the same ones each time, into every attention of an encoder on the CPU, and freeze all else."""
    generator = Generator().manual_seed(0)
    encoder.requires_grad_(False).eval()  # BatchNorm goes on with what it measured
    for module in list(encoder.modules()):
        if isinstance(module, (vit.Attention, tiny_vit.Attention)):
            setattr(module, "qkv", AdaptedLinear(module.qkv, rank, generator))  # noqa: B010 - no longer an nn.Linear


def learnt(encoder: nn.Module) -> Iterator[tuple[str, nn.Parameter]]:
    """Names and numbers of all adapters."""
    return ((name, each) for name, each in encoder.named_parameters() if ADAPTER in name)


def merged(encoder: nn.Module) -> dict[str, Tensor]:
    """The weights that adapters change, with what these have learnt, by the names they have without adapters."""
    return {
        f"{name}.weight": module.merged()
        for name, module in encoder.named_modules()
        if isinstance(module, AdaptedLinear)
    }
