"""`samphire auto`: masks of everything, in image files or on the images of a project."""

import argparse
import json
import os
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from ..config import Settings
from ..domain.policy import OWNER
from ..errors import InvalidSetting, SamphireError
from .commands import pictures_in
from .mask_runs import do, here, there
from .projects import find_project
from .running_server import here_or_there

_FLAGS = {  # of the automatic mask generator, with the reference's defaults
    "points_per_side": (32, "Ask at so many points a side."),
    "pred_iou_thresh": (0.88, "Least IoU that the decoder predicts."),
    "stability_score_thresh": (0.95, "Least stability score."),
    "box_nms_thresh": (0.7, "Of masks whose boxes have a greater IoU, keep the best."),
    "crop_n_layers": (0, "Cut the image into smaller crops so many times, too."),
    "min_mask_region_area": (0, "Remove smaller parts and holes, in pixels."),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", nargs="*", type=Path, metavar="IMAGE", help="Image, or folder of images.")
    parser.add_argument(
        "--out", type=Path, metavar="DIR", help="Folder for one SA-1B JSON of each image file."
    )
    parser.add_argument("--project", metavar="P", help="Name or id of a project whose images are segmented.")
    parser.add_argument(
        "--label",
        metavar="NAME",
        help="Make objects of this label, on images of the project without any. Default: make proposals.",
    )
    parser.add_argument("--segmenter", metavar="ID", help="Segmenter that makes the masks.")
    parser.add_argument("--fast", action="store_true", help="Look coarsely first, then closely.")
    for name, (default, about) in _FLAGS.items():
        flag = f"--{name.replace('_', '-')}"
        parser.add_argument(
            flag, type=type(default), default=default, metavar="N", help=f"{about} [%(default)s]"
        )


def auto(settings: Settings, arguments: argparse.Namespace) -> int:
    """0, or 1 after naming the images that could not be segmented."""
    chosen: dict[str, Any] = {name: getattr(arguments, name) for name in (*_FLAGS, "fast")}
    if arguments.project is not None and not arguments.paths and arguments.out is None:
        return _project(settings, arguments, chosen)
    if arguments.project is None and arguments.paths and arguments.out is not None:
        if arguments.label is not None:
            raise InvalidSetting("SA-1B has no labels.", hint="Leave --label out, or name a --project.")
        return _files(settings, arguments, chosen)
    raise InvalidSetting(
        "Which images are meant is not clear.", hint="Name image files and --out DIR, or --project P."
    )


def _project(settings: Settings, arguments: argparse.Namespace, chosen: dict[str, Any]) -> int:
    asked = chosen | {"label": arguments.label}
    if arguments.segmenter is not None:
        asked["segmenter"] = arguments.segmenter
    with here_or_there(settings, here, there) as (projects, runs):
        project_id = find_project(projects, arguments.project)
        done = do(
            runs,
            project_id,
            lambda: runs.start_automatic(OWNER, project_id, asked),
            lambda run: run.kind == "automatic" and (run.label is None) == (arguments.label is None),
        )
        failed = runs.report(project_id, done.id).failed
    what = "objects" if arguments.label is not None else "proposals"
    print(f"{done.objects} {what} on {done.done} images.")
    for each in failed:
        print(f"{each.image}: {each.problem}", file=sys.stderr)
    return 1 if failed else 0


def _files(settings: Settings, arguments: argparse.Namespace, chosen: dict[str, Any]) -> int:
    """What is there already is not made again, so that the same command goes on where it was interrupted."""
    from ..inference.automask_types import AutomaskSettings
    from ..inference.catalog import open_catalog

    spec = open_catalog(settings.data_path).find(arguments.segmenter or settings.segmenter)
    arguments.out.mkdir(parents=True, exist_ok=True)
    generator = _Generator(settings, spec, AutomaskSettings(**chosen))
    failures, taken = 0, set[str]()
    for path in pictures_in(arguments.paths):
        if path.stem in taken:
            print(f"{path}: another image is called {path.stem}, too.", file=sys.stderr)
            failures += 1
            continue
        taken.add(path.stem)
        target = arguments.out / f"{path.stem}.json"
        if target.exists():
            print(f"{path}: {target} is there already")
            continue
        try:
            data = generator.masks_of(path)
        except SamphireError as error:
            print(f"{path}: {error.message}", file=sys.stderr)
            failures += 1
            continue
        _write_whole(target, data)
        print(f"{path}: {len(json.loads(data)['annotations'])} masks in {target}")
    return 1 if failures else 0


class _Generator:
    """`spec`: of the segmenter; `chosen`: AutomaskSettings."""

    def __init__(self, settings: Settings, spec: Any, chosen: Any) -> None:
        """Raises SegmenterNotFound, EncodingFailed, DecodingFailed."""
        from ..features.pictures.bounds import Limits
        from ..inference.automatic_decoder import automatic_decoder
        from ..inference.encoder import Encoder

        self._spec, self._chosen = spec, chosen
        self._limits = Limits(settings.max_pixels, settings.max_side)
        self._encoder, self._decoder = Encoder(spec, settings.encode_threads), automatic_decoder(spec)
        self._threads = ThreadPoolExecutor(settings.decode_workers or os.cpu_count() or 1)

    def masks_of(self, path: Path) -> bytes:
        """A JSON as SA-1B has it. Raises InvalidImage, TooLarge, EncodingFailed, DecodingFailed."""
        from ..features.mask_runs.automatic import described
        from ..features.transfer.formats import sa1b
        from ..features.transfer.formats.objects import DatasetImage, DatasetObject
        from ..inference.automask import automatic_masks
        from ..inference.automask_types import Crop, View
        from ..lab.evaluation.dataset import read_image

        rgb: np.ndarray = read_image(path, self._limits)
        height, width = rgb.shape[:2]

        def view(crop: Crop) -> View:
            x, y, wide, high = crop
            tensors = self._encoder.encode(rgb[y : y + high, x : x + wide])
            return View(self._decoder.prepare(tensors), self._spec.frame(wide, high))

        found = automatic_masks(self._decoder, view, (width, height), self._chosen, each=self._threads.map)
        objects = []
        for each in described(found):
            x, y = each.pop("point")
            mask = (each.pop("rle_counts"), each.pop("area"), each.pop("bbox"))
            prompt = {"kind": "point", "x": x, "y": y, "label": 1}
            provenance = {"segmenter": self._spec.id, "weights": self._spec.weights}
            objects.append(DatasetObject(sa1b.LABEL, *mask, {}, {**each, "prompts": [prompt], **provenance}))
        image = DatasetImage("", path.name, width, height, "", objects)
        pieces: Iterator[tuple[str, bytes]] = sa1b.write([], [image])
        return b"".join(data for _, data in pieces)


def _write_whole(path: Path, data: bytes) -> None:
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_bytes(data)
        part.replace(path)
    finally:
        with suppress(FileNotFoundError):
            part.unlink()
