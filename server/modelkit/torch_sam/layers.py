"""The small layers more than one part of SAM is made of."""

import torch
from torch import Tensor, nn
from torch.nn import functional

NORM2D_EPSILON = 1e-6


class LayerNorm2d(nn.LayerNorm):
    """LayerNorm over the channels of (B, C, H, W), for each pixel alone (`common.py` of the reference code)."""

    def __init__(self, channels: int) -> None:
        super().__init__(channels, eps=NORM2D_EPSILON)

    def forward(self, input: Tensor) -> Tensor:
        """(B, C, H, W) -> (B, C, H, W)."""
        return super().forward(input.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)


class Mlp(nn.Module):
    """Two linear layers, `lin1` and `lin2`, with an activation between them."""

    def __init__(self, width: int, hidden: int, activation: nn.Module) -> None:
        super().__init__()
        self.lin1 = nn.Linear(width, hidden)
        self.lin2 = nn.Linear(hidden, width)
        self.activation = activation

    def forward(self, x: Tensor) -> Tensor:
        """(.., width) -> (.., width)."""
        return self.lin2(self.activation(self.lin1(x)))


def neck(width: int, channels: int) -> nn.Sequential:
    """What ends both image encoders: (B, width, h, w) -> (B, channels, h, w), normalised for every token."""
    return nn.Sequential(
        nn.Conv2d(width, channels, kernel_size=1, bias=False),
        LayerNorm2d(channels),
        nn.Conv2d(channels, channels, kernel_size=3, padding=1, bias=False),
        LayerNorm2d(channels),
    )


def split_windows(x: Tensor, side: int) -> Tensor:
    """(B, H, W, C) -> (B * windows, side, side, C), zeros appended at the bottom and the right to fit."""
    batch, height, width, channels = x.shape
    x = functional.pad(x, (0, 0, 0, -width % side, 0, -height % side))
    rows, columns = x.shape[1] // side, x.shape[2] // side
    x = x.reshape(batch, rows, side, columns, side, channels)
    return x.transpose(2, 3).reshape(-1, side, side, channels)


def join_windows(windows: Tensor, height: int, width: int) -> Tensor:
    """(B * windows, side, side, C) -> (B, H, W, C): what `split_windows` took apart, without the zeros."""
    side, channels = windows.shape[1], windows.shape[3]
    rows, columns = -(-height // side), -(-width // side)
    x = windows.reshape(-1, rows, columns, side, side, channels).transpose(2, 3)
    return x.reshape(-1, rows * side, columns * side, channels)[:, :height, :width]


def attend(
    query: Tensor, key: Tensor, value: Tensor, bias: Tensor | None = None, scale: float | None = None
) -> Tensor:
    """softmax(scale q k^T + bias) v over (.., heads, tokens, width); scale is 1 / sqrt(width) unless given."""
    scores = (query * (query.shape[-1] ** -0.5 if scale is None else scale)) @ key.transpose(-2, -1)
    if bias is not None:
        scores = scores + bias
    return torch.softmax(scores, dim=-1) @ value  # scores (.., heads, queries, keys)
