"""SAM's mask decoder: image tokens and prompt tokens to four masks of logits and what each one's IoU is thought to be.

Kirillov et al. 2023, appendix A; `mask_decoder.py` of the reference code. Parameter names are the checkpoints'.
"""

from itertools import pairwise

import torch
from torch import Tensor, nn

from .layers import LayerNorm2d
from .prompt_encoder import CHANNELS
from .transformer import TwoWayTransformer

MASKS = 4  # token 0 for a prompt that says it all, tokens 1-3 for one that does not


class MaskDecoder(nn.Module):
    """The two-way transformer, upscaling, and the heads that read masks and predicted IoUs off the output tokens."""

    def __init__(self) -> None:
        super().__init__()
        self.transformer = TwoWayTransformer(depth=2, width=CHANNELS, heads=8, mlp_width=2048)
        self.iou_token = nn.Embedding(1, CHANNELS)
        self.mask_tokens = nn.Embedding(MASKS, CHANNELS)
        self.output_upscaling = nn.Sequential(
            nn.ConvTranspose2d(CHANNELS, CHANNELS // 4, kernel_size=2, stride=2),
            LayerNorm2d(CHANNELS // 4),
            nn.GELU(),
            nn.ConvTranspose2d(CHANNELS // 4, CHANNELS // 8, kernel_size=2, stride=2),
            nn.GELU(),
        )
        self.output_hypernetworks_mlps = nn.ModuleList(
            Head(CHANNELS, CHANNELS, CHANNELS // 8) for _ in range(MASKS)
        )
        self.iou_prediction_head = Head(CHANNELS, CHANNELS, MASKS)

    def forward(
        self, image: Tensor, image_positions: Tensor, sparse: Tensor, dense: Tensor
    ) -> tuple[Tensor, Tensor]:
        """All four masks -> logits (B, 4, 256, 256) of the low-res frame, predicted IoUs (B, 4).

        image            (1, 256, 64, 64) one image's embedding
        image_positions  (1, 256, 64, 64)
        sparse, dense    (B, n, 256), (B, 256, 64, 64) as PromptEncoder makes them
        """
        batch, (height, width) = len(sparse), image.shape[2:]
        learnt = torch.cat([self.iou_token.weight, self.mask_tokens.weight])  # (5, C)
        prompt = torch.cat([learnt.expand(batch, -1, -1), sparse], dim=1)  # (B, 5 + n, C)
        tokens, image = self.transformer(
            (image + dense).flatten(2).transpose(1, 2),  # (B, N, C)
            image_positions.flatten(2).transpose(1, 2).expand(batch, -1, -1),
            prompt,
        )
        pixels = self.output_upscaling(
            image.transpose(1, 2).unflatten(2, (height, width))
        )  # (B, 32, 256, 256)
        mixes = torch.stack(
            [head(tokens[:, 1 + mask]) for mask, head in enumerate(self.output_hypernetworks_mlps)], dim=1
        )  # (B, 4, 32)
        logits = (mixes @ pixels.flatten(2)).unflatten(2, pixels.shape[2:])
        return logits, self.iou_prediction_head(tokens[:, 0])


class Head(nn.Module):
    """Three linear layers with ReLU between them."""

    def __init__(self, width: int, hidden: int, out: int) -> None:
        super().__init__()
        sizes = pairwise([width, hidden, hidden, out])
        self.layers = nn.ModuleList(nn.Linear(before, after) for before, after in sizes)

    def forward(self, x: Tensor) -> Tensor:
        """(B, width) -> (B, out)."""
        for layer in self.layers[:-1]:
            x = layer(x).relu()
        return self.layers[-1](x)
