"""The process that pictures are decoded in: `python -m server.features.pictures.worker PIXELS SIDE`."""

import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from ...errors import InvalidImage, TooLarge
from ...runtime.worker import Answer, allow, work
from .bounds import Limits, memory_for, seconds_for
from .pixels import make_copies
from .rendering import parse_rendering


def main(pixels: int, side: int) -> None:
    limits = Limits(pixels, side)
    work(lambda task: _read(task, limits), memory_for(pixels))


def _read(task: dict[str, Any], limits: Limits) -> Answer:
    """A file's copies, or the error that says why there are none."""
    allow(seconds_for(0))
    try:
        rendering = parse_rendering(task["rendering"])
        told = asdict(
            make_copies(Path(task["path"]), replace(limits, visitors=task["visitors"]), allow, rendering)
        )
    except (InvalidImage, TooLarge) as error:
        return {"error": type(error).__name__, "message": error.message, "hint": error.hint}, []
    display, thumbnail = told.pop("display"), told.pop("thumbnail")
    return told, [thumbnail] if display is None else [thumbnail, display]


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
