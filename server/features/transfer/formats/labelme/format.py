"""LabelMe's JSON, one beside each image: polygons, rectangles, circles, masks.

Written are polygons where one does, several of one group for several parts, and a mask where there are holes. LabelMe
merges shapes of one label and group into one object, and so does the reader.
"""

import base64
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from PIL import Image

from .....domain.outlines import lean_outline
from .. import shapes
from ..objects import DatasetImage, DatasetLabel, DatasetObject, Format, Piece
from .file import read, recognises

_VERSION = "5.5.0"


def write(labels: Sequence[DatasetLabel], images: Iterable[DatasetImage]) -> Iterator[Piece]:
    for image in images:
        stem = image.file_name.rpartition(".")[0] or image.file_name
        path = "/".join(filter(None, (image.split, f"{stem}.json")))
        written = (
            shape for number, each in enumerate(image.objects) for shape in _shapes(image, each, number)
        )
        data = {
            "version": _VERSION,
            "flags": {},
            "shapes": list(written),
            "imagePath": image.file_name.rpartition("/")[2],
            "imageData": None,
            "imageHeight": image.height,
            "imageWidth": image.width,
        }
        yield path, json.dumps(data, ensure_ascii=False, indent=1, allow_nan=False).encode()


def losses(image: DatasetImage, each: DatasetObject) -> Iterator[tuple[str, str]]:
    hidden = sorted(_said(each).get("attributes", {}))
    if hidden:
        yield "attributes", f"LabelMe keeps but does not show {', '.join(hidden)}"
    yield from shapes.without(each, "prompts")


def _shapes(image: DatasetImage, each: DatasetObject, number: int) -> Iterator[dict[str, Any]]:
    window = shapes.pixels(each, image)
    found = lean_outline(window)
    common = {"label": each.label, **_said(each)}
    if any(part.holes for part in found):
        yield {
            **common,
            "points": [
                [window.x, window.y],
                [window.x + window.mask.shape[1] - 1, window.y + window.mask.shape[0] - 1],
            ],
            "group_id": None,
            "shape_type": "mask",
            "mask": _png(window.mask),
        }
        return
    for part in found:
        yield {
            **common,
            "points": part.outer.tolist(),
            "group_id": number if len(found) > 1 else None,
            "shape_type": "polygon",
            "mask": None,
        }


def _said(each: DatasetObject) -> dict[str, Any]:
    """LabelMe's flags are true or false; it keeps what else stands beside them, without showing it."""
    others = dict(each.attributes)
    description = others.pop("description") if isinstance(others.get("description"), str) else ""
    flags = {name: others.pop(name) for name, value in each.attributes.items() if isinstance(value, bool)}
    score = each.details.get("predicted_iou")
    return {
        "description": description,
        "flags": flags,
        **({"attributes": others} if others else {}),
        **({} if score is None else {"score": score}),
    }


def _png(mask: np.ndarray) -> str:
    file = io.BytesIO()
    Image.fromarray(mask).save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode("ascii")


FORMAT = Format(
    "LabelMe JSON",
    "application/zip",
    "zip",
    write,
    read,
    losses,
    recognises,
    several=True,
    pictures="",
)
