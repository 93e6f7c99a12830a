"""Builds a SAM from its sizes: one function for all of them."""

import torch

from .sam import Sam
from .sizes import TinyViTSizes, ViTSizes
from .tiny_vit import TinyViTEncoder
from .vit import ViTEncoder


def build_encoder(sizes: ViTSizes | TinyViTSizes) -> ViTEncoder | TinyViTEncoder:
    """An image encoder with the initial weights torch gives it."""
    return TinyViTEncoder(sizes) if isinstance(sizes, TinyViTSizes) else ViTEncoder(sizes)


def build_sam(sizes: ViTSizes | TinyViTSizes, device: torch.device | str = "cpu") -> Sam:
    """A SAM ready to run, in evaluation mode; on the device "meta" it has names and shapes only and costs nothing."""
    with torch.device(device):
        return Sam(build_encoder(sizes)).eval()
