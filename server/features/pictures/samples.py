"""The samples of a picture as its file has them, where they are more than Pillow's 8 bits in three bands."""

from pathlib import Path

import numpy as np
from PIL import Image

from .rendering import AS_IT_COMES, Rendering, Samples, choose_bands
from .tiff import RGB, WHITE_IS_ZERO, DeepTiff

_DEEP_MODES = ("I", "F", "I;16", "I;16B", "I;16L", "I;16N")
_PHOTOMETRIC = 262  # tag of a TIFF


def samples_of_tiff(tiff: DeepTiff, rendering: Rendering) -> Samples:
    """Raises InvalidImage for bands it has not."""
    alpha = tiff.alpha
    bands = choose_bands(rendering, tiff.bands - (alpha is not None), tiff.photometric == RGB)
    values = tiff.read(bands if alpha is None else (*bands, alpha))
    return Samples(
        values=values[:, :, : len(bands)],
        one_scale=tiff.photometric == RGB,
        white_is_zero=tiff.photometric == WHITE_IS_ZERO,
        no_data=tiff.no_data,
        alpha=None if alpha is None else values[:, :, -1],
    )


def samples_of(image: Image.Image, path: Path, rendering: Rendering) -> Samples | None:
    """Of a loaded image; None where its own 8 bits are all, and are to be shown as they are. Raises InvalidImage."""
    if image.mode in _DEEP_MODES:
        grey = np.asarray(image)
        mark = image.info.get("transparency")
        return Samples(
            values=grey.astype(grey.dtype.newbyteorder("="))[:, :, None],
            white_is_zero=getattr(image, "tag_v2", {}).get(_PHOTOMETRIC) == WHITE_IS_ZERO,
            no_data=mark if isinstance(mark, int) else None,
        )
    colors = image.mode in ("RGB", "RGBA") and "transparency" not in image.info
    deep = colors and image.format == "PNG" and png_bit_depth(path) == 16
    if not deep and rendering == AS_IT_COMES:
        return None
    if deep:
        values = _deep_png(image, path)
    else:
        values = np.asarray(image if image.mode in ("L", "RGB", "RGBA") else image.convert("RGBA"))
        values = values.reshape(*values.shape[:2], -1)
    alpha = values[:, :, 3] if values.shape[2] == 4 else None
    bands = list(choose_bands(rendering, min(3, values.shape[2]), True)) if values.shape[2] > 1 else [0]
    return Samples(values=values[:, :, bands], one_scale=True, alpha=alpha)


def png_bit_depth(path: Path) -> int:
    with path.open("rb") as file:
        return file.read(25)[24]  # signature 8, chunk length 4, "IHDR" 4, width 4, height 4, bit depth


def _deep_png(image: Image.Image, path: Path) -> np.ndarray:
    """uint16 (H, W, 3 or 4). Pillow keeps the high bytes; the low ones are the high ones of the other byte order."""
    high = np.asarray(image).astype(np.uint16)
    with Image.open(path, formats=["PNG"]) as other:
        other.tile = [each._replace(args=f"{other.mode};16L") for each in other.tile]
        return (high << 8) | np.asarray(other)
