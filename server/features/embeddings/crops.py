"""The pixels that are encoded: all of an image, or a window of it."""

import numpy as np

from ...domain.windows import find_window
from ...runtime.byte_cache import ByteCache
from ...storage.tables import Image
from ..pictures.files import ImageFiles

_DECODED_BYTES = 64_000_000  # of images whose windows are looked into: 21 megapixels


class Crops:
    """Whoever looks into one window looks into others soon: the last images stay decoded, which takes as long as a
    third of the encoding."""

    def __init__(self, files: ImageFiles) -> None:
        self._files = files
        self._decoded: ByteCache[np.ndarray] = ByteCache(_DECODED_BYTES, lambda rgb: rgb.nbytes)

    def rgb(self, image: Image, window: str) -> np.ndarray:
        """uint8 (H,W,3); `window`: the key of one, or "" for the whole image. Raises InvalidImage, ImageFileLost."""
        if not window:
            return self._files.rgb(image)
        rgb = self._decoded.get(image.display_key)
        if rgb is None:
            rgb = self._files.rgb(image)
            self._decoded.put(image.display_key, rgb)
        x, y, width, height = find_window(window, image.width, image.height).bbox
        return rgb[y : y + height, x : x + width]

    def forget(self) -> None:
        """Images were removed."""
        self._decoded.drop_where(lambda key: True)
