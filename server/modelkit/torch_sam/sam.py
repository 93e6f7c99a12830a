"""A whole SAM in PyTorch: image encoder, prompt encoder, mask decoder, and how pictures become its input."""

from dataclasses import dataclass

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn

from ...domain.frames import INPUT_SIDE, InputFrame
from .mask_decoder import Fine, MaskDecoder
from .prompt_encoder import PromptEncoder
from .sizes import SAM, DecoderSizes

MEAN = (123.675, 116.28, 103.53)  # of RGB, 0-255
STD = (58.395, 57.12, 57.375)
TRAINED_FOR_MANY = slice(1, None)  # the masks offered for an ambiguous prompt
TRAINED_FOR_ONE = slice(0, 1)


@dataclass(frozen=True)
class Prompts:
    """What is asked about one image, B prompts at once; see `PromptEncoder.forward` for the shapes."""

    points: tuple[Tensor, Tensor] | None = None
    boxes: Tensor | None = None
    masks: Tensor | None = None


class Sam(nn.Module):
    """`sam.py` of the reference code: three parts under the names of the public checkpoints."""

    def __init__(self, image_encoder: nn.Module, sizes: DecoderSizes = SAM) -> None:
        super().__init__()
        self.image_encoder = image_encoder
        self.prompt_encoder = PromptEncoder(sizes)
        self.mask_decoder = MaskDecoder(sizes)

    def forward(self, pixels: Tensor, prompts: Prompts, *, multimask: bool) -> tuple[Tensor, Tensor]:
        """(1, 3, 1024, 1024) pixels as `input_pixels` makes them -> what `decode` gives."""
        return self.decode(self.image_encoder(pixels), prompts, multimask=multimask)

    def decode(self, embedding: Tensor, prompts: Prompts, *, multimask: bool) -> tuple[Tensor, Tensor]:
        """An image's (1, 256, 64, 64) -> logits (B, k, 256, 256), predicted IoUs (B, k); k is 3 or 1."""
        logits, iou = self.decode_all(embedding, prompts)
        offered = TRAINED_FOR_MANY if multimask else TRAINED_FOR_ONE
        return logits[:, offered], iou[:, offered]

    def decode_all(
        self, embedding: Tensor, prompts: Prompts, fine: Fine | None = None
    ) -> tuple[Tensor, Tensor]:
        """All four masks: logits (B, 4, 256, 256), predicted IoUs (B, 4). `fine` is needed of a SAM 2."""
        sparse, dense = self.prompt_encoder(prompts.points, prompts.boxes, prompts.masks)
        return self.mask_decoder(embedding, self.prompt_encoder.image_positions(), sparse, dense, fine)


def input_pixels(rgb: np.ndarray) -> Tensor:
    """uint8 (H, W, 3) -> (1, 3, 1024, 1024): long side scaled to 1024, normalised, and only then padded with zeros.

    `ResizeLongestSide.apply_image` and `Sam.preprocess` of the reference code.
    """
    frame = InputFrame(rgb.shape[1], rgb.shape[0])
    scaled = Image.fromarray(rgb).resize((frame.width, frame.height), Image.Resampling.BILINEAR)
    normal = (torch.from_numpy(np.array(scaled, np.float32)) - torch.tensor(MEAN)) / torch.tensor(STD)
    pixels = torch.zeros(1, 3, INPUT_SIDE, INPUT_SIDE)
    pixels[0, :, : frame.height, : frame.width] = normal.permute(2, 0, 1)
    return pixels
