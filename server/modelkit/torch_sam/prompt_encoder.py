"""SAM's prompt encoder: points, boxes and masks to what the mask decoder attends to.

Kirillov et al. 2023, appendix A; `prompt_encoder.py` of the reference code. Parameter names are the checkpoints'.
"""

from math import pi

import torch
from torch import Tensor, nn

from .layers import LayerNorm2d
from .sizes import SAM, DecoderSizes

PATCH_SIDE = 16  # input-frame pixels of an image token
_PADDING = -1


class PositionFeatures(nn.Module):
    """Random Fourier features of places in the unit square (Tancik et al. 2020)."""

    positional_encoding_gaussian_matrix: Tensor

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.register_buffer("positional_encoding_gaussian_matrix", torch.randn(2, channels // 2))

    def forward(self, places: Tensor) -> Tensor:
        """x, y in [0, 1] (.., 2) -> (.., channels)."""
        phase = 2 * pi * ((2 * places - 1) @ self.positional_encoding_gaussian_matrix)
        return torch.cat([phase.sin(), phase.cos()], dim=-1)

    def grid(self, side: int) -> Tensor:
        """Features of the centres of side x side cells, (channels, side, side)."""
        matrix = self.positional_encoding_gaussian_matrix
        centres = (torch.arange(side, dtype=matrix.dtype, device=matrix.device) + 0.5) / side
        y, x = torch.meshgrid(centres, centres, indexing="ij")
        return self(torch.stack([x, y], dim=-1)).permute(2, 0, 1)


class PromptEncoder(nn.Module):
    """Sparse tokens of points and boxes, a dense map of a mask or of its absence."""

    def __init__(self, sizes: DecoderSizes = SAM) -> None:
        super().__init__()
        self.sizes = sizes
        self.pe_layer = PositionFeatures(sizes.width)
        # negative point, positive point, a box's top left, a box's bottom right
        self.point_embeddings = nn.ModuleList(nn.Embedding(1, sizes.width) for _ in range(4))
        self.not_a_point_embed = nn.Embedding(1, sizes.width)
        self.mask_downscaling = nn.Sequential(
            nn.Conv2d(1, 4, kernel_size=2, stride=2),
            LayerNorm2d(4),
            nn.GELU(),
            nn.Conv2d(4, 16, kernel_size=2, stride=2),
            LayerNorm2d(16),
            nn.GELU(),
            nn.Conv2d(16, sizes.width, kernel_size=1),
        )
        self.no_mask_embed = nn.Embedding(1, sizes.width)

    def image_positions(self) -> Tensor:
        """Position features of the image tokens, (1, 256, 64, 64)."""
        return self.pe_layer.grid(self.sizes.grid)[None]

    def forward(
        self, points: tuple[Tensor, Tensor] | None, boxes: Tensor | None, masks: Tensor | None
    ) -> tuple[Tensor, Tensor]:
        """Prompts of one image -> sparse (B, n, 256), dense (B, 256, 64, 64).

        points  coordinates (B, n, 2) in input-frame pixels, labels (B, n): 1, 0, or -1 for padding
        boxes   (B, 4) x0, y0, x1, y1 in input-frame pixels
        masks   (B, 1, 256, 256) logits

        As the networks were trained, points without a box get one more of padding; with SAM 2 any prompt does.
        """
        batch = next((len(one) for one in ((points or (None,))[0], boxes, masks) if one is not None), 1)
        like = self.no_mask_embed.weight
        tokens = [like.new_zeros(batch, 0, self.sizes.width)]
        if points is not None:
            tokens.append(self.embed(*points))
        if boxes is not None:
            corners = torch.tensor([2, 3], device=boxes.device).expand(batch, 2)
            tokens.append(self.embed(boxes.reshape(batch, 2, 2), corners))
        if self.sizes.is_sam2 or (points is not None and boxes is None):
            tokens.append(self.embed(like.new_zeros(batch, 1, 2), like.new_full((batch, 1), _PADDING)))
        return torch.cat(tokens, dim=1), self.embed_mask(masks, batch)

    def embed(self, coords: Tensor, labels: Tensor) -> Tensor:
        """Coordinates (B, n, 2) in input-frame pixels, labels (B, n) from -1 to 3 -> tokens (B, n, 256)."""
        placed = self.pe_layer((coords + 0.5) / (PATCH_SIDE * self.sizes.grid))  # pixel centres
        learnt = [self.not_a_point_embed, *self.point_embeddings]
        kinds = torch.cat([one.get_parameter("weight") for one in learnt])  # (5, 256), row = label + 1
        is_place = (labels != _PADDING).to(placed.dtype)
        return placed * is_place[..., None] + kinds[labels.long() + 1]

    def embed_mask(self, masks: Tensor | None, batch: int) -> Tensor:
        """(B, 1, 256, 256) logits, or None -> (B, 256, 64, 64)."""
        if masks is not None:
            return self.mask_downscaling(masks)
        return self.no_mask_embed.weight[:, :, None, None].expand(batch, -1, self.sizes.grid, self.sizes.grid)
