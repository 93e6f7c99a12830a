"""Which SAMs there are, as data: the sizes `build.py` builds and what is public about each. Knows no torch."""

from dataclasses import dataclass

from ...errors import UnsupportedSegmenter, unknown


@dataclass(frozen=True)
class ViTSizes:
    """A plain vision transformer encoder, see `vit.py`."""

    width: int
    depth: int
    heads: int
    global_blocks: tuple[int, ...]  # indices of the blocks that attend to the whole image
    image_side: int = 1024
    patch_side: int = 16
    window: int = 14
    mlp_ratio: int = 4
    out_channels: int = 256


@dataclass(frozen=True)
class TinyViTSizes:
    """A TinyViT encoder as MobileSAM has it, see `tiny_vit.py`; one entry for each of its four stages."""

    widths: tuple[int, ...] = (64, 128, 160, 320)
    depths: tuple[int, ...] = (2, 2, 6, 2)
    heads: tuple[int, ...] = (2, 4, 5, 10)
    windows: tuple[int, ...] = (7, 7, 14, 7)
    strides: tuple[int, ...] = (2, 2, 1)  # between the stages; the last keeps the 64x64 grid
    mlp_ratio: int = 4
    expansion: int = 4
    classes: int = 1000  # of a classifier nobody runs; its weights are in every public file
    out_channels: int = 256


@dataclass(frozen=True)
class DecoderSizes:
    """Prompt encoder and mask decoder. All public SAMs have these; SAM 2 has an output token more (its score of whether
    the object is there at all is not asked for), predicted IoUs through a sigmoid, and finer features on the way up."""

    width: int = 256
    grid: int = 64  # image tokens a side: each is 16 input-frame pixels, and 4 low-res ones
    heads: int = 8
    mlp_width: int = 2048
    is_sam2: bool = False


SAM, SAM2 = DecoderSizes(), DecoderSizes(is_sam2=True)


@dataclass(frozen=True)
class Architecture:
    """One SAM: its encoder's sizes; prompt encoder and mask decoder are the same in all."""

    name: str  # what --segmenter takes
    segmenter: str  # the id its export gets when none is given
    title: str
    licence: str
    encoder: ViTSizes | TinyViTSizes


ARCHITECTURES = {
    one.name: one
    for one in (
        Architecture("vit_b", "sam_vit_b", "SAM ViT-B", "Apache-2.0", ViTSizes(768, 12, 12, (2, 5, 8, 11))),
        Architecture(
            "vit_l", "sam_vit_l", "SAM ViT-L", "Apache-2.0", ViTSizes(1024, 24, 16, (5, 11, 17, 23))
        ),
        Architecture(
            "vit_h", "sam_vit_h", "SAM ViT-H", "Apache-2.0", ViTSizes(1280, 32, 16, (7, 15, 23, 31))
        ),
        Architecture("vit_t", "mobile_sam_vit_t", "MobileSAM ViT-T", "Apache-2.0", TinyViTSizes()),
    )
}


def architecture(name: str) -> Architecture:
    """Raises UnsupportedSegmenter, which lists the names there are."""
    if name not in ARCHITECTURES:
        raise UnsupportedSegmenter(unknown("SAM", name, ARCHITECTURES))
    return ARCHITECTURES[name]
