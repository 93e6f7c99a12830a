"""SAM's mask decoder: image tokens and prompt tokens to four masks of logits and what each one's IoU is thought to be.

Kirillov et al. 2023, appendix A; `mask_decoder.py` of the reference code; for SAM 2 Ravi et al. 2024. Parameter names
are the checkpoints'.
"""

from itertools import pairwise

import torch
from torch import Tensor, nn

from .layers import LayerNorm2d
from .sizes import SAM, DecoderSizes
from .transformer import TwoWayTransformer

MASKS = 4  # token 0 for a prompt that says it all, tokens 1-3 for one that does not
Fine = tuple[Tensor, Tensor]  # (1, 64, 128, 128) and (1, 32, 256, 256), as SAM 2's encoder gives them


class MaskDecoder(nn.Module):
    """The two-way transformer, upscaling, and the heads that read masks and predicted IoUs off the output tokens."""

    def __init__(self, sizes: DecoderSizes = SAM) -> None:
        super().__init__()
        width = sizes.width
        self.transformer = TwoWayTransformer(2, width, sizes.heads, sizes.mlp_width)
        self.obj_score_token = nn.Embedding(1, width) if sizes.is_sam2 else None
        self.iou_token = nn.Embedding(1, width)
        self.mask_tokens = nn.Embedding(MASKS, width)
        self.output_upscaling = nn.Sequential(
            nn.ConvTranspose2d(width, width // 4, kernel_size=2, stride=2),
            LayerNorm2d(width // 4),
            nn.GELU(),
            nn.ConvTranspose2d(width // 4, width // 8, kernel_size=2, stride=2),
            nn.GELU(),
        )
        self.output_hypernetworks_mlps = nn.ModuleList(Head(width, width, width // 8) for _ in range(MASKS))
        self.iou_prediction_head = Head(width, width, MASKS)

    def forward(
        self, image: Tensor, image_positions: Tensor, sparse: Tensor, dense: Tensor, fine: Fine | None = None
    ) -> tuple[Tensor, Tensor]:
        """All four masks -> logits (B, 4, 256, 256) of the low-res frame, predicted IoUs (B, 4).

        image            (1, 256, 64, 64) one image's embedding, or (B, 256, 64, 64) each prompt's own
        image_positions  (1, 256, 64, 64)
        sparse, dense    (B, n, 256), (B, 256, 64, 64) as PromptEncoder makes them
        fine             SAM 2's finer features of the image, or of each prompt's
        """
        batch, (height, width) = len(sparse), image.shape[2:]
        learnt = torch.cat([self.iou_token.weight, self.mask_tokens.weight])  # (5, C)
        if self.obj_score_token is not None:
            learnt = torch.cat([self.obj_score_token.weight, learnt])
        prompt = torch.cat([learnt.expand(batch, -1, -1), sparse], dim=1)  # (B, 5 or 6 + n, C)
        tokens, image = self.transformer(
            (image + dense).flatten(2).transpose(1, 2),  # (B, N, C)
            image_positions.flatten(2).transpose(1, 2).expand(batch, -1, -1),
            prompt,
        )
        pixels = self._upscale(image.transpose(1, 2).unflatten(2, (height, width)), fine)
        iou, *masks = tokens[:, len(learnt) - MASKS - 1 : len(learnt)].unbind(1)
        mixes = torch.stack(
            [head(mask) for head, mask in zip(self.output_hypernetworks_mlps, masks, strict=True)], dim=1
        )  # (B, 4, 32)
        logits = (mixes @ pixels.flatten(2)).unflatten(2, pixels.shape[2:])
        predicted = self.iou_prediction_head(iou)
        return logits, predicted if self.obj_score_token is None else predicted.sigmoid()

    def _upscale(self, image: Tensor, fine: Fine | None) -> Tensor:
        """(B, 256, 64, 64) -> (B, 32, 256, 256)."""
        if fine is None:
            return self.output_upscaling(image)
        first, norm, activation, second, last = self.output_upscaling
        half = activation(norm(first(image) + fine[0]))
        return last(second(half) + fine[1])


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
