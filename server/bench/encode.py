"""Encoding: seconds an image, bytes of what travels, and what packing costs; computed in this process."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from server.bench import pictures
from server.bench.figures import median
from server.bench.rows import Row, Target, missing, spread
from server.bench.workbench import Workbench
from server.domain import embedding_codec
from server.errors import SegmenterNotFound
from server.inference import catalog
from server.inference.encoder import Encoder
from server.services.compression import STORED, compress

_EMBEDDING_TARGET = Target("<=", 900_000)


def measure(bench: Workbench) -> Iterator[Row]:
    try:
        spec = catalog.find(bench.settings.segmenter)
    except SegmenterNotFound as error:
        yield missing("encode.seconds", "Encoder", f"{error.message} {error.hint}")
        return
    encoder = Encoder(spec, bench.settings.encode_threads)
    sizes = (pictures.SMALL,) if bench.quick else (pictures.SMALL, pictures.TWELVE_MEGAPIXELS)
    named = {
        f"{width}x{height}, drawn": np.asarray(pictures.drawn((width, height))) for width, height in sizes
    }
    named |= {path.name: pictures.photograph_rgb(path) for path in bench.photographs}
    for name, rgb in named.items():
        encoder.encode(rgb)  # the first run allocates
        seconds, tensors = _timed(lambda rgb=rgb: encoder.encode(rgb), bench.times(5, 1))
        yield spread(f"encode.seconds.{name}", f"Encoder, {name}", seconds, "s")
        size = (rgb.shape[1], rgb.shape[0])

        def pack(tensors: Any = tensors, size: tuple[int, int] = size) -> bytes:
            return compress(embedding_codec.encode(tensors, spec.id, spec.weights, size), STORED)

        packing, packed = _timed(pack, bench.times(3, 1))
        note = f"8 bits a value, predicted, {STORED}; {1000 * median(packing):.0f} ms to pack"
        yield Row(
            f"encode.bytes.{name}",
            f"Embedding, {name}",
            len(packed),
            "B",
            target=_EMBEDDING_TARGET,
            note=note,
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
