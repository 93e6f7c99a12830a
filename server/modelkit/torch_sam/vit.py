"""SAM's plain vision transformer image encoder: windowed attention, a few global blocks, relative positions.

Li et al. 2022, "Exploring plain vision transformer backbones for object detection"; `image_encoder.py` of the reference
code. Parameter names are the public checkpoints'.
"""

import torch
from torch import Tensor, nn

from .layers import Mlp, attend, join_windows, neck, split_windows
from .sizes import ViTSizes

NORM_EPSILON = 1e-6


class ViTEncoder(nn.Module):
    """Pixels to image tokens. `sizes` says all of its shape."""

    def __init__(self, sizes: ViTSizes) -> None:
        super().__init__()
        grid = sizes.image_side // sizes.patch_side
        self.patch_embed = PatchEmbed(sizes)
        self.pos_embed = nn.Parameter(torch.zeros(1, grid, grid, sizes.width))
        self.blocks = nn.ModuleList(
            Block(sizes, grid, window=0 if index in sizes.global_blocks else sizes.window)
            for index in range(sizes.depth)
        )
        self.neck = neck(sizes.width, sizes.out_channels)

    def forward(self, pixels: Tensor) -> Tensor:
        """(B, 3, S, S) normalised pixels of the input frame -> (B, out_channels, S / 16, S / 16)."""
        x = self.patch_embed(pixels) + self.pos_embed  # (B, h, w, C)
        for block in self.blocks:
            x = block(x)
        return self.neck(x.permute(0, 3, 1, 2))


class PatchEmbed(nn.Module):
    """Each patch of 16x16 pixels through one linear map, written as a convolution."""

    def __init__(self, sizes: ViTSizes) -> None:
        super().__init__()
        self.proj = nn.Conv2d(3, sizes.width, kernel_size=sizes.patch_side, stride=sizes.patch_side)

    def forward(self, pixels: Tensor) -> Tensor:
        """(B, 3, S, S) -> (B, h, w, C)."""
        return self.proj(pixels).permute(0, 2, 3, 1)


class Block(nn.Module):
    """Attention and an MLP, each behind a LayerNorm and with a residual; `window` 0 attends to the whole image."""

    def __init__(self, sizes: ViTSizes, grid: int, window: int) -> None:
        super().__init__()
        self.window = window
        self.norm1 = nn.LayerNorm(sizes.width, eps=NORM_EPSILON)
        self.attn = Attention(sizes.width, sizes.heads, side=window or grid)
        self.norm2 = nn.LayerNorm(sizes.width, eps=NORM_EPSILON)
        self.mlp = Mlp(sizes.width, sizes.width * sizes.mlp_ratio, nn.GELU())

    def forward(self, x: Tensor) -> Tensor:
        """(B, h, w, C) -> (B, h, w, C)."""
        height, width = x.shape[1:3]
        attended = self.norm1(x)
        if self.window:  # zeros that fill the last windows up are attended to as well, as in the reference
            windows = self.attn(split_windows(attended, self.window))
            attended = join_windows(windows, height, width)
        else:
            attended = self.attn(attended)
        x = x + attended
        return x + self.mlp(self.norm2(x))


class Attention(nn.Module):
    """Multi-head attention within squares of `side` x `side` tokens, with decomposed relative positions.

    A score is q k / sqrt(c), and what q says of the key's distance in rows, and in columns. The two additions are made
    part of the one product: behind its key a token carries its row and column as unit vectors, behind its query what
    the query says of every row and column. So the scores, a gigabyte for the whole image in ViT-H, are there once.
    """

    distance: Tensor
    places: Tensor

    def __init__(self, width: int, heads: int, side: int) -> None:
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width)
        self.proj = nn.Linear(width, width)
        self.rel_pos_h = nn.Parameter(torch.zeros(2 * side - 1, width // heads))
        self.rel_pos_w = nn.Parameter(torch.zeros(2 * side - 1, width // heads))
        steps = torch.arange(side, device="cpu")  # real also where the module is built on the meta device
        distance = steps[:, None] - steps[None, :] + side - 1  # (side, side) rows of the two tables
        unit = torch.eye(side, device="cpu")
        places = torch.cat([unit.repeat_interleave(side, 0), unit.repeat(side, 1)], dim=1)  # (side^2, 2 side)
        self.register_buffer("distance", distance, persistent=False)
        self.register_buffer("places", places, persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        """(B, side, side, C) -> (B, side, side, C)."""
        batch, height, width, channels = x.shape
        qkv = self.qkv(x).reshape(batch, height * width, 3, self.heads, channels // self.heads)
        query, key, value = qkv.permute(2, 0, 3, 1, 4).unbind(0)  # each (B, heads, side^2, c)
        said = self._said_of_places(query.unflatten(2, (height, width)))
        scale = query.shape[-1] ** -0.5
        places = self.places.expand(batch, self.heads, -1, -1)
        out = attend(torch.cat([query * scale, said], -1), torch.cat([key, places], -1), value, scale=1.0)
        return self.proj(out.transpose(1, 2).reshape(batch, height, width, channels))

    def _said_of_places(self, query: Tensor) -> Tensor:
        """(B, heads, y, x, c) -> what each says of every row and column of keys, (B, heads, side^2, 2 side)."""
        rows = self.rel_pos_h[self.distance].transpose(1, 2)  # (y, c, key y)
        columns = self.rel_pos_w[self.distance].transpose(1, 2)  # (x, c, key x)
        by_row = query @ rows  # a product for each y: (B, heads, y, x, key y)
        by_column = (query.transpose(2, 3) @ columns).transpose(2, 3)  # (B, heads, y, x, key x)
        return torch.cat([by_row, by_column], dim=-1).flatten(2, 3)
