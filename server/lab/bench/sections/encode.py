"""Encoding, of every installed segmenter: seconds an image, bytes of what travels, and how it compares with others."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from ....domain import embedding_codec
from ....domain.compression import STORED, compress
from ....errors import SamphireError
from ....inference.catalog import SegmenterSpec, open_catalog
from ....inference.encoder import Encoder
from .. import encoders, pictures
from ..figures import median
from ..rows import Missing, Row, Target, missing, spread
from ..workbench import Workbench

_ONE_MAP, _THREE_MAPS = Target("<=", 900_000), Target("<=", 4_500_000)


def measure(bench: Workbench) -> Iterator[Row]:
    specs = open_catalog(bench.settings.data_path).installed()
    if not specs:
        raise Missing("No segmenter is installed: run `samphire doctor`.")
    for spec in specs:
        try:
            yield from _pictures(bench, spec)
            yield from encoders.compare(bench, spec)
        except SamphireError as error:  # the next one may be sound
            yield missing(f"encode.failed.{spec.id}", f"{spec.title}, the rest of it", error.message)


def _pictures(bench: Workbench, spec: SegmenterSpec) -> Iterator[Row]:
    """Seconds and bytes of each picture, computed in this process."""
    encoder = Encoder(spec, bench.settings.encode_threads)
    sizes = (pictures.SMALL,) if bench.quick else (pictures.SMALL, pictures.TWELVE_MEGAPIXELS)
    named = {
        f"{width}x{height}, drawn": np.asarray(pictures.drawn((width, height))) for width, height in sizes
    }
    named |= {path.name: pictures.photograph_rgb(path) for path in bench.photographs}
    for name, rgb in named.items():
        encoder.encode(rgb)  # the first run allocates
        seconds, tensors = _timed(lambda rgb=rgb: encoder.encode(rgb), bench.times(5, 1))
        yield spread(f"encode.seconds.{spec.id}.{name}", f"{spec.title}, {name}", seconds, "s")
        size = (rgb.shape[1], rgb.shape[0])

        def pack(tensors: Any = tensors, size: tuple[int, int] = size) -> bytes:
            return compress(embedding_codec.encode(tensors, spec.id, spec.weights, size), STORED)

        packing, packed = _timed(pack, bench.times(3, 1))
        yield Row(
            f"encode.bytes.{spec.id}.{name}",
            f"{spec.title}, embedding, {name}",
            len(packed),
            "B",
            target=_ONE_MAP if len(tensors) == 1 else _THREE_MAPS,
            note=f"8 bits a value, predicted, {STORED}; {1000 * median(packing):.0f} ms to pack",
        )


def _timed(work: Callable[[], Any], times: int) -> tuple[list[float], Any]:
    """Seconds of each of `times` runs, and what the last one returned."""
    seconds: list[float] = []
    result = None
    for _ in range(times):
        start = time.perf_counter()
        result = work()
        seconds.append(time.perf_counter() - start)
    return seconds, result
