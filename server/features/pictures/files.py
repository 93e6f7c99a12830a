"""The files of an image: its original, whole or told of, and the copies, made again of the original where they are
lost."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TypeVar

import numpy as np
from PIL.Image import Image as Picture

from ...errors import ImageFileLost, InvalidImage
from ...runtime.pools import Pools
from ...storage.blobs import BlobStore
from ...storage.tables import Image
from .bounds import Limits
from .pixels import Copies, load_rgb, load_small, make_copies
from .rendering import AS_IT_COMES, Rendering, parse_rendering, version_of

Read = TypeVar("Read")
EXTENSIONS = {
    "JPEG": "jpg",
    "PNG": "png",
    "WEBP": "webp",
    "BMP": "bmp",
    "TIFF": "tif",
    "GIF": "gif",
    "AVIF": "avif",
    "JPEG2000": "jp2",
    "HEIF": "heic",
}


def new_image(image_id: str, identity: str, size: int, name: str, copies: Copies) -> Image:
    """The row of an image whose original has `size` bytes; its keys say where `ImageFiles.write` puts its files."""
    original = f"{_folder(image_id)}/original.{EXTENSIONS[copies.format]}"
    display, thumbnail = copies_keys(image_id, original, copies, AS_IT_COMES)
    return Image(
        id=image_id,
        identity=identity,
        name=name,
        width=copies.width,
        height=copies.height,
        format=copies.format,
        bytes=size,
        original_key=original,
        display_key=display,
        display_type=copies.display_type,
        thumbnail_key=thumbnail,
    )


def copies_keys(image_id: str, original: str, copies: Copies, rendering: Rendering) -> tuple[str, str]:
    """Of the display copy, which may be the original, and of the thumbnail; others for each rendering."""
    version = version_of(rendering)
    mark = f"-{version}" if version else ""
    extension = copies.display_type.removeprefix("image/").replace("jpeg", "jpg")
    display = original if copies.display is None else f"{_folder(image_id)}/display{mark}.{extension}"
    return display, f"{_folder(image_id)}/thumbnail{mark}.jpg"


def _folder(image_id: str) -> str:
    return f"images/{image_id[:2]}/{image_id}"


class ImageFiles:
    """All its methods may be called from any thread, and raise ImageFileLost where the original is needed and not
    whole."""

    def __init__(self, blobs: BlobStore, pools: Pools) -> None:
        self._blobs, self._pools = blobs, pools

    def original(self, image: Image) -> str:
        """The key of its blob, which is whole."""
        size = self._blobs.size(image.original_key)
        if size is None:
            raise ImageFileLost(f"The file of the image {image.name!r} is missing from the data folder.")
        if size != image.bytes:
            raise ImageFileLost(
                f"The file of the image {image.name!r} is damaged: {size} of its {image.bytes} bytes are there."
            )
        return image.original_key

    def display(self, image: Image) -> str:
        """The key of the picture that browsers show and the encoder sees, which is there."""
        if image.display_key == image.original_key:
            return self.original(image)
        return self._copy(image, image.display_key)

    def thumbnail(self, image: Image) -> str:
        """Its key, which is there."""
        return self._copy(image, image.thumbnail_key)

    def rgb(self, image: Image) -> np.ndarray:
        """What the encoder sees: uint8 (H,W,3), image frame. Raises InvalidImage."""
        return self._read(image, load_rgb)

    def small(self, image: Image, size: tuple[int, int]) -> Picture:
        """What browsers show, decoded as small as it can be to be shown so large. Raises InvalidImage."""
        return self._read(image, lambda path: load_small(path, size))

    def write(self, image: Image, file: Path, copies: Copies) -> None:
        """Take over the original, after its copies."""
        self._pools.store(self._write, image, file, copies)

    def mend(self, image: Image, file: Path) -> None:
        """Take over `file`, which holds the bytes of the original, where the original is not whole; make lost copies
        again."""
        if self._blobs.size(image.original_key) != image.bytes:
            self._pools.store(self._blobs.put, image.original_key, file)
        if not all(self._blobs.size(key) for key in (image.display_key, image.thumbnail_key)):
            self._make_copies(image)

    def _copy(self, image: Image, key: str) -> str:
        if not self._blobs.size(key):
            self._make_copies(image)
        return key

    def _read(self, image: Image, load: Callable[[Path], Read]) -> Read:
        try:
            return self._load(self.display(image), load)
        except InvalidImage:
            if image.display_key == image.original_key:
                raise
            self._make_copies(image)
            return self._load(self.display(image), load)

    @contextmanager
    def local(self, key: str) -> Iterator[Path]:
        """As of a store, and nobody else waits for it. Raises FileNotFoundError."""
        with ExitStack() as lent:
            yield self._pools.store(lambda: lent.enter_context(self._blobs.local(key)))

    def _load(self, key: str, load: Callable[[Path], Read]) -> Read:
        with self.local(key) as path:
            return self._pools.compute(load, path)

    def _make_copies(self, image: Image) -> None:
        limits = Limits(image.width * image.height, max(image.width, image.height))  # it was accepted once
        rendering = parse_rendering(image.rendering)
        with self.local(self.original(image)) as path:
            copies = self._pools.compute(make_copies, path, limits, lambda seconds: None, rendering)
        self.write_copies(image.display_key, image.thumbnail_key, copies)

    def write_copies(self, display: str, thumbnail: str, copies: Copies) -> None:
        """Store them under these keys."""
        self._pools.store(self._write_copies, display, thumbnail, copies)

    def _write(self, image: Image, file: Path, copies: Copies) -> None:
        self._write_copies(image.display_key, image.thumbnail_key, copies)
        self._blobs.put(image.original_key, file)

    def _write_copies(self, display: str, thumbnail: str, copies: Copies) -> None:
        self._blobs.put(thumbnail, copies.thumbnail)
        if copies.display is not None:
            self._blobs.put(display, copies.display)
