"""A process of its own: the automatic masks of one photograph by one segmenter, timed, and what memory it came to."""

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from ....inference.automask import AutomaskSettings, AutomaticMask, Crop, View, automatic_masks
from ....inference.automatic_decoder import automatic_decoder
from ....inference.catalog import SegmenterSpec, read_spec
from ....inference.encoder import Encoder
from .. import pictures
from .encoder_memory import resident_bytes

THREADS = 2


def run(spec: SegmenterSpec, rgb: np.ndarray, settings: AutomaskSettings) -> dict[str, Any]:
    """{"seconds", "first", "masks"}: with encoding, until the end and until the first mask; None for no mask."""
    encoder, decoder = Encoder(spec), automatic_decoder(spec)
    height, width = rgb.shape[:2]

    def view(crop: Crop) -> View:
        x, y, wide, high = crop
        tensors = encoder.encode(np.ascontiguousarray(rgb[y : y + high, x : x + wide]))
        return View(decoder.prepare(tensors), spec.frame(wide, high))

    view((0, 0, width, height))  # the first run allocates
    first: list[float] = []
    start = time.perf_counter()

    def found(_masks: list[AutomaticMask]) -> None:
        first.append(time.perf_counter() - start)

    with ThreadPoolExecutor(THREADS) as threads:
        masks = automatic_masks(decoder, view, (width, height), settings, each=threads.map, found=found)
    seconds = time.perf_counter() - start
    return {"seconds": seconds, "first": first[0] if first else None, "masks": len(masks)}


def run_reference(rgb: np.ndarray) -> dict[str, Any]:
    """The same by the reference's algorithm and MobileSAM's weights in PyTorch. Raises ImportError without it."""
    from ....modelkit.torch_sam.automatic import mobile_sam_masks

    start = time.perf_counter()
    masks = mobile_sam_masks(rgb, THREADS)
    return {"seconds": time.perf_counter() - start, "first": None, "masks": len(masks)}


def main(way: str, folder: str, photograph: str) -> None:
    """`way`: reference, fast or torch; `photograph`: a path, or nothing for the drawn picture."""
    path = Path(photograph) if photograph else None
    rgb = pictures.photograph_rgb(path) if path else np.asarray(pictures.drawn(pictures.SMALL))
    before = resident_bytes("VmRSS")
    if way == "torch":
        made = run_reference(rgb)
    else:
        made = run(read_spec(Path(folder)), rgb, AutomaskSettings(fast=way == "fast"))
    print(json.dumps({**made, "bytes": resident_bytes("VmHWM") - before}))


if __name__ == "__main__":
    main(*sys.argv[1:])
