"""`samphire edges`: the edges of everything in an image, as a PNG."""

import argparse
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from PIL import Image

from ..config import Settings
from ..errors import InvalidSetting
from ..inference.automask_types import Crop, View
from .progress_line import Line


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("image", type=Path, metavar="IMAGE", help="Image file.")
    parser.add_argument(
        "--out", type=Path, required=True, metavar="FILE", help="PNG to write: edges white on black."
    )
    parser.add_argument("--segmenter", metavar="ID", help="Segmenter that makes the masks.")


def edges(settings: Settings, arguments: argparse.Namespace) -> int:
    """0. Prints what it writes, and overwrites nothing.

    Raises InvalidSetting, InvalidImage, TooLarge, SegmenterNotFound, EncodingFailed, DecodingFailed.
    """
    from ..features.pictures.bounds import Limits
    from ..inference.automatic_decoder import automatic_decoder
    from ..inference.catalog import open_catalog
    from ..inference.edge_map import edge_map
    from ..inference.encoder import Encoder
    from ..lab.evaluation.dataset import read_image

    out: Path = arguments.out
    _check(arguments.image, out)
    spec = open_catalog(settings.data_path).find(arguments.segmenter or settings.segmenter)
    rgb: np.ndarray = read_image(arguments.image, Limits(settings.max_pixels, settings.max_side))
    height, width = rgb.shape[:2]
    encoder, decoder = Encoder(spec, settings.encode_threads), automatic_decoder(spec)
    done = [0.0]
    line = Line(lambda: f"edges: {done[0]:.0%}")

    def view(_crop: Crop) -> View:
        return View(decoder.prepare(encoder.encode(rgb)), spec.frame(width, height))

    def advance(part: float) -> None:
        done[0] = part
        line.tell()

    with ThreadPoolExecutor(2) as threads:
        found = edge_map(decoder, view, (width, height), each=threads.map, progress=advance)
    line.end()
    Image.fromarray(found).save(out)
    print(f"{out}: {width} x {height} pixels")
    return 0


def _check(image: Path, out: Path) -> None:
    if not image.is_file():
        raise InvalidSetting(f"There is no file {image}.")
    if out.suffix.lower() != ".png":
        raise InvalidSetting("The edges are a PNG file.", hint="Name a file that ends in .png with --out.")
    if out.exists():
        raise InvalidSetting(f"{out} already exists.", hint="Choose another name.")
    if not out.absolute().parent.is_dir():
        raise InvalidSetting(f"There is no folder {out.absolute().parent}.", hint="Make it first.")
