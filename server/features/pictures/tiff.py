"""TIFF files that Pillow cannot hold: samples deeper than 8 bits, signed, floating, or of many bands.

libtiff, which Pillow brings, can unpack all of them; only Pillow's images have no room for what comes out. So the file
is given to it under another directory, which says that its bytes are the pixels of an 8-bit grey image; what belongs to
the samples (byte order, predictor, bands) is done here.
"""

import io
import math
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from PIL import Image
from PIL.TiffImagePlugin import ImageFileDirectory_v2

from ...domain.picture_size import tiff_directory

WHITE_IS_ZERO, BLACK_IS_ZERO, RGB = 0, 1, 2
_WIDTH, _HEIGHT, _BITS, _COMPRESSION, _PHOTOMETRIC, _ORIENTATION = 256, 257, 258, 259, 262, 274
_STRIPS, _SAMPLES, _ROWS, _STRIP_BYTES, _PLANAR, _PREDICTOR = 273, 277, 278, 279, 284, 317
_TILE_WIDTH, _TILE_HEIGHT, _TILES, _TILE_BYTES, _EXTRA, _FORMAT, _NO_DATA = (
    322,
    323,
    324,
    325,
    338,
    339,
    42113,
)
_KINDS = {1: "u", 2: "i", 3: "f", 4: "u"}
_BY_STRIPS_OF_BYTES = (1, 5, 8, 32773, 32946, 34925, 50000)  # none, LZW, Deflate, PackBits, LZMA, Zstandard
_WITH_PREDICTORS = (5, 8, 32946, 34925, 50000)
_TRANSPARENCY = (1, 2)  # of extra samples


@dataclass(frozen=True)
class DeepTiff:
    """What the first directory of a file says. `no_data`: the value of samples that are none; `alpha`: the band of
    transparency."""

    path: Path
    order: Literal["<", ">"]
    tags: ImageFileDirectory_v2
    width: int
    height: int
    bands: int
    dtype: np.dtype[Any]

    @property
    def photometric(self) -> int:
        return _number(self.tags, _PHOTOMETRIC, BLACK_IS_ZERO)

    @property
    def orientation(self) -> int:
        return _number(self.tags, _ORIENTATION, 1)

    @property
    def no_data(self) -> float | None:
        try:
            return float(self.tags.get(_NO_DATA, "").strip("\0 "))
        except (ValueError, AttributeError):
            return None

    @property
    def alpha(self) -> int | None:
        extra = _numbers(self.tags, _EXTRA)
        return self.bands - 1 if extra and extra[-1] in _TRANSPARENCY else None

    def read(self, bands: Sequence[int]) -> np.ndarray:
        """(H, W, len(bands)) of `dtype`."""
        data = self.path.read_bytes()
        if _number(self.tags, _PLANAR, 1) == 2 and self.bands > 1:
            return np.concatenate([self._plane(data, band, 1) for band in bands], axis=2)
        return self._plane(data, 0, self.bands)[:, :, list(bands)]

    def _plane(self, data: bytes, plane: int, bands: int) -> np.ndarray:
        tiled = _TILES in self.tags
        width, height = self.width, self.height
        pixel_bytes = bands * self.dtype.itemsize
        offsets = _numbers(self.tags, _TILES if tiled else _STRIPS)
        sizes = _numbers(self.tags, _TILE_BYTES if tiled else _STRIP_BYTES)
        if tiled:
            width, piece = _number(self.tags, _TILE_WIDTH, 0), _number(self.tags, _TILE_HEIGHT, 0)
        else:
            piece = min(_number(self.tags, _ROWS, height), height)
        across = math.ceil(self.width / width)
        count = across * math.ceil(height / piece)
        part = slice(plane * count, (plane + 1) * count)
        directory = {
            _WIDTH: [across * width * pixel_bytes],
            _HEIGHT: [height],
            _BITS: [8],
            _COMPRESSION: [_number(self.tags, _COMPRESSION, 1)],
            _PHOTOMETRIC: [BLACK_IS_ZERO],
            _SAMPLES: [1],
        }
        if tiled:
            directory |= {_TILE_WIDTH: [width * pixel_bytes], _TILE_HEIGHT: [piece]}
            directory |= {_TILES: offsets[part], _TILE_BYTES: sizes[part]}
        else:
            directory |= {_ROWS: [piece], _STRIPS: offsets[part], _STRIP_BYTES: sizes[part]}
        with Image.open(io.BytesIO(_with_directory(data, self.order, directory)), formats=["TIFF"]) as image:
            rows = np.asarray(image).reshape(height, across, width * pixel_bytes)
        samples = self._samples(rows, bands).reshape(height, across * width, bands)
        return samples[:, : self.width]

    def _samples(self, rows: np.ndarray, bands: int) -> np.ndarray:
        """uint8 (H, N, bytes of a row of a piece) -> (H, N, W, bands): what a predictor took away is added again."""
        size = self.dtype.itemsize
        predicted = _number(self.tags, _COMPRESSION, 1) in _WITH_PREDICTORS
        predictor = _number(self.tags, _PREDICTOR, 1) if predicted else 1
        if predictor == 3:
            steps = rows.reshape(*rows.shape[:2], -1, bands)
            summed = np.cumsum(steps, axis=2, dtype=np.uint8).reshape(*rows.shape[:2], size, -1)
            in_order = np.ascontiguousarray(summed.swapaxes(2, 3))
            return in_order.view(self.dtype.newbyteorder(">")).reshape(*rows.shape[:2], -1, bands)
        stored = np.ascontiguousarray(rows).view(self.dtype.newbyteorder(self.order))
        samples = stored.astype(self.dtype).reshape(*rows.shape[:2], -1, bands)
        if predictor == 2:
            integers = samples.view(f"u{size}")
            np.cumsum(integers, axis=2, dtype=integers.dtype, out=integers)
        return samples


def open_deep_tiff(path: Path) -> DeepTiff | None:
    """None for what is no TIFF, and for one that Pillow holds whole. May raise anything for a damaged one."""
    with path.open("rb") as file:
        tags = tiff_directory(file)
    if tags is None:
        return None
    bits, kinds = set(_numbers(tags, _BITS) or [1]), set(_numbers(tags, _FORMAT) or [1])
    bands, photometric = _number(tags, _SAMPLES, 1), _number(tags, _PHOTOMETRIC, BLACK_IS_ZERO)
    depth, kind = max(bits), _KINDS.get(max(kinds), "")
    plain = depth == 8 and kind == "u" and bands <= (4 if photometric == RGB else 2)
    uniform = len(bits) == 1 and len(kinds) == 1 and depth in (8, 16, 32, 64) and f"{kind}{depth}" != "f8"
    packed = _number(tags, _COMPRESSION, 1) in _BY_STRIPS_OF_BYTES
    if plain or not (uniform and kind and packed and photometric in (WHITE_IS_ZERO, BLACK_IS_ZERO, RGB)):
        return None
    return DeepTiff(
        path=path,
        order="<" if tags.prefix == b"II" else ">",
        tags=tags,
        width=_number(tags, _WIDTH, 0),
        height=_number(tags, _HEIGHT, 0),
        bands=bands,
        dtype=np.dtype(f"{kind}{depth // 8}"),
    )


def _with_directory(data: bytes, order: str, tags: dict[int, list[int]]) -> bytes:
    """The file with another first directory, of numbers of 32 bits."""
    start = len(data) + len(data) % 2
    entries, lists = b"", b""
    after = start + 2 + 12 * len(tags) + 4
    for tag, values in sorted(tags.items()):
        packed = struct.pack(f"{order}{len(values)}I", *values)
        place = struct.pack(f"{order}I", after + len(lists))
        entries += struct.pack(f"{order}HHI", tag, 4, len(values)) + (packed if len(values) == 1 else place)
        lists += packed if len(values) > 1 else b""
    mark = b"II*\0" if order == "<" else b"MM\0*"
    head = mark + struct.pack(f"{order}I", start)
    directory = struct.pack(f"{order}H", len(tags)) + entries + bytes(4) + lists
    return b"".join((head, memoryview(data)[8:], bytes(len(data) % 2), directory))


def _numbers(tags: ImageFileDirectory_v2, tag: int) -> list[int]:
    value = tags.get(tag, ())
    return [int(each) for each in (value if isinstance(value, tuple) else (value,))]


def _number(tags: ImageFileDirectory_v2, tag: int, otherwise: int) -> int:
    return (_numbers(tags, tag) or [otherwise])[0]
