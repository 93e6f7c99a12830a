"""MobileSAM's TinyViT image encoder: convolutions first, then attention in small windows, in the end on 64x64.

Wu et al. 2022, "TinyViT"; Zhang et al. 2023, "Faster Segment Anything"; `tiny_vit_sam.py` of MobileSAM's code.
Parameter names are the public checkpoint's, those of the classifier it was distilled with included.
"""

from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from .layers import attend, join_windows, neck, split_windows
from .sizes import TinyViTSizes


class TinyViTEncoder(nn.Module):
    """Pixels to image tokens. `sizes` says all of its shape."""

    def __init__(self, sizes: TinyViTSizes) -> None:
        super().__init__()
        self.patch_embed = PatchEmbed(sizes.widths[0])
        outs = [*pairwise(sizes.widths), (sizes.widths[-1], None)]
        strides = [*sizes.strides, 0]
        self.layers = nn.ModuleList()
        for stage, ((width, out), stride) in enumerate(zip(outs, strides, strict=True)):
            blocks: list[nn.Module] = [
                TransformerBlock(width, sizes.heads[stage], sizes.windows[stage], sizes.mlp_ratio)
                if stage
                else ConvBlock(width, width * sizes.expansion)
                for _ in range(sizes.depths[stage])
            ]
            self.layers.append(Stage(blocks, None if out is None else Downsample(width, out, stride)))
        self.norm_head = nn.LayerNorm(sizes.widths[-1])
        self.head = nn.Linear(sizes.widths[-1], sizes.classes)
        self.neck = neck(sizes.widths[-1], sizes.out_channels)

    def forward(self, pixels: Tensor) -> Tensor:
        """(B, 3, S, S) normalised pixels of the input frame -> (B, out_channels, S / 16, S / 16)."""
        x = self.patch_embed(pixels)
        for layer in self.layers:
            x = layer(x)
        return self.neck(x)


class ConvNorm(nn.Module):
    """A convolution without a bias, and BatchNorm."""

    def __init__(
        self, channels: int, out: int, side: int = 1, stride: int = 1, *, depthwise: bool = False
    ) -> None:
        super().__init__()
        groups = channels if depthwise else 1
        self.c = nn.Conv2d(channels, out, side, stride, padding=side // 2, groups=groups, bias=False)
        self.bn = nn.BatchNorm2d(out)

    def forward(self, x: Tensor) -> Tensor:
        """(B, channels, H, W) -> (B, out, H / stride, W / stride)."""
        return self.bn(self.c(x))


class PatchEmbed(nn.Module):
    """Two convolutions of stride 2."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.seq = nn.Sequential(ConvNorm(3, width // 2, 3, 2), nn.GELU(), ConvNorm(width // 2, width, 3, 2))

    def forward(self, pixels: Tensor) -> Tensor:
        """(B, 3, S, S) -> (B, width, S / 4, S / 4)."""
        return self.seq(pixels)


class Stage(nn.Module):
    """Blocks, and the way to the next stage's width unless it is the last; (B, C, H, W) -> (B, out, h, w)."""

    def __init__(self, blocks: list[nn.Module], downsample: nn.Module | None) -> None:
        super().__init__()
        self.blocks = nn.Sequential(*blocks)
        self.downsample = nn.Identity() if downsample is None else downsample

    def forward(self, x: Tensor) -> Tensor:
        return self.downsample(self.blocks(x))


class ConvBlock(nn.Module):
    """An inverted bottleneck (MBConv): widen, convolve each channel, narrow; with a residual."""

    def __init__(self, width: int, hidden: int) -> None:
        super().__init__()
        self.conv1 = ConvNorm(width, hidden)
        self.conv2 = ConvNorm(hidden, hidden, 3, depthwise=True)
        self.conv3 = ConvNorm(hidden, width)
        self.activation = nn.GELU()

    def forward(self, x: Tensor) -> Tensor:
        """(B, width, H, W) -> the same shape."""
        hidden = self.activation(self.conv2(self.activation(self.conv1(x))))
        return self.activation(x + self.conv3(hidden))


class Downsample(nn.Module):
    """To another width, at half the sides when `stride` is 2 (PatchMerging)."""

    def __init__(self, width: int, out: int, stride: int) -> None:
        super().__init__()
        self.conv1 = ConvNorm(width, out)
        self.conv2 = ConvNorm(out, out, 3, stride, depthwise=True)
        self.conv3 = ConvNorm(out, out)
        self.activation = nn.GELU()

    def forward(self, x: Tensor) -> Tensor:
        """(B, width, H, W) -> (B, out, H / stride, W / stride)."""
        return self.conv3(self.activation(self.conv2(self.activation(self.conv1(x)))))


class TransformerBlock(nn.Module):
    """Attention in windows, a depthwise convolution between neighbours, an MLP."""

    def __init__(self, width: int, heads: int, window: int, mlp_ratio: int) -> None:
        super().__init__()
        self.window = window
        self.attn = Attention(width, heads, window)
        self.local_conv = ConvNorm(width, width, 3, depthwise=True)
        self.mlp = NormMlp(width, width * mlp_ratio)

    def forward(self, x: Tensor) -> Tensor:
        """(B, C, H, W) -> the same shape."""
        tokens = x.permute(0, 2, 3, 1)  # (B, H, W, C)
        height, width = tokens.shape[1:3]
        windows = split_windows(tokens, self.window)
        attended = self.attn(windows.flatten(1, 2)).reshape(windows.shape)
        tokens = tokens + join_windows(attended, height, width)
        x = self.local_conv(tokens.permute(0, 3, 1, 2))
        tokens = x.permute(0, 2, 3, 1)
        return (tokens + self.mlp(tokens)).permute(0, 3, 1, 2)


class Attention(nn.Module):
    """Multi-head attention of a window's tokens, with a learnt bias for each distance in rows and columns."""

    distance: Tensor

    def __init__(self, width: int, heads: int, window: int) -> None:
        super().__init__()
        self.heads = heads
        self.norm = nn.LayerNorm(width)
        self.qkv = nn.Linear(width, 3 * width)  # its rows: for each head its queries, keys and values
        self.proj = nn.Linear(width, width)
        self.attention_biases = nn.Parameter(torch.zeros(heads, window * window))
        place = torch.arange(window * window, device="cpu")  # real also where built on the meta device
        rows = (place[:, None] // window - place[None, :] // window).abs()
        columns = (place[:, None] % window - place[None, :] % window).abs()
        self.register_buffer("distance", rows * window + columns, persistent=False)  # (tokens, tokens)

    def forward(self, x: Tensor) -> Tensor:
        """(windows, tokens, C) -> the same shape."""
        windows, tokens, width = x.shape
        qkv = self.qkv(self.norm(x)).reshape(windows, tokens, self.heads, 3, width // self.heads)
        query, key, value = qkv.permute(3, 0, 2, 1, 4).unbind(0)  # each (windows, heads, tokens, c)
        out = attend(query, key, value, self.attention_biases[:, self.distance])
        return self.proj(out.transpose(1, 2).reshape(windows, tokens, width))


class NormMlp(nn.Module):
    """LayerNorm and an MLP, under MobileSAM's names."""

    def __init__(self, width: int, hidden: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.fc1 = nn.Linear(width, hidden)
        self.fc2 = nn.Linear(hidden, width)
        self.activation = nn.GELU()

    def forward(self, x: Tensor) -> Tensor:
        """(.., width) -> (.., width)."""
        return self.fc2(self.activation(self.fc1(self.norm(x))))


def fold_norms(module: nn.Module) -> None:
    """Replace every ConvNorm inside by the one convolution it amounts to in evaluation, in place."""
    for name, child in module.named_children():
        if isinstance(child, ConvNorm):
            setattr(module, name, fuse_conv_bn_eval(child.c, child.bn))
        else:
            fold_norms(child)
