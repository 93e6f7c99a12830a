"""What an export is tried on and calibrated with: two drawn pictures, or a person's own, each with a few prompts."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageOps

from ...domain.types import Prompt
from ...errors import UnsupportedImage

MOST_PICTURES = 64  # that a calibration uses; it is a run of the encoder for each
_LONGEST_SIDE = 1536  # of a picture in memory: the encoder sees 1024


@dataclass(frozen=True)
class Trial:
    """One picture, uint8 (H, W, 3), and what is asked about it, in its image frame."""

    name: str
    rgb: np.ndarray
    prompts: tuple[Prompt, ...]


def drawn() -> list[Trial]:
    """A wide and a tall picture of discs and bars on gradients, the same everywhere."""
    wide = _gradient(900, 600, (40, 90, 150), (210, 190, 150))
    pen = ImageDraw.Draw(wide)
    pen.ellipse((240, 140, 560, 460), fill=(220, 60, 40))
    pen.ellipse((610, 330, 790, 510), fill=(240, 220, 60))
    pen.rectangle((100, 480, 640, 520), fill=(250, 250, 250))
    tall = _gradient(480, 720, (235, 235, 225), (70, 110, 80))
    pen = ImageDraw.Draw(tall)
    pen.polygon([(240, 60), (420, 330), (60, 330)], fill=(60, 70, 170))
    pen.rectangle((140, 330, 340, 640), fill=(190, 120, 70))
    pen.rectangle((205, 480, 275, 640), fill=(60, 40, 30))
    return [
        Trial(
            "drawn, wide",
            np.asarray(wide),
            (
                Prompt(points=((400.0, 300.0, 1),)),
                Prompt(points=((400.0, 300.0, 1), (700.0, 420.0, 1), (300.0, 500.0, 0))),
                Prompt(box=(610.0, 330.0, 790.0, 510.0)),
            ),
        ),
        Trial(
            "drawn, tall",
            np.asarray(tall),
            (
                Prompt(points=((240.0, 220.0, 1),)),
                Prompt(points=((240.0, 560.0, 1),), box=(140.0, 330.0, 340.0, 640.0)),
            ),
        ),
    ]


def photograph(path: Path) -> Trial:
    """A person's picture, upright, with clicks where something often is. Raises UnsupportedImage."""
    try:
        with Image.open(path) as opened:
            opened.draft("RGB", (_LONGEST_SIDE, _LONGEST_SIDE))
            picture = ImageOps.exif_transpose(opened).convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise UnsupportedImage(f"{path} cannot be read as an image.") from error
    picture.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
    rgb = np.asarray(picture)
    height, width = rgb.shape[:2]
    middle = (width / 2, height / 2, 1)
    return Trial(
        path.name,
        rgb,
        (
            Prompt(points=(middle,)),
            Prompt(points=((width / 4, height / 2, 1),)),
            Prompt(points=((width * 3 / 4, height / 2, 1), (width / 2, height / 8, 0))),
            Prompt(box=(width / 4, height / 4, width * 3 / 4, height * 3 / 4)),
        ),
    )


def picture_files(paths: Sequence[Path]) -> list[Path]:
    """The files, and those in the folders that look like pictures by name; evenly chosen where there are too many.

    Raises UnsupportedImage when there are none.
    """
    Image.init()
    found = []
    for path in paths:
        inside = sorted(path.rglob("*")) if path.is_dir() else [path]
        found += [one for one in inside if one == path or one.suffix.lower() in Image.EXTENSION]
    if not found:
        raise UnsupportedImage(f"There are no images in {', '.join(map(str, paths))}.")
    return [
        found[index] for index in np.linspace(0, len(found) - 1, min(len(found), MOST_PICTURES)).astype(int)
    ]


def _gradient(width: int, height: int, top: tuple, bottom: tuple) -> Image.Image:
    share = np.linspace(0, 1, height)[:, None, None]
    row = np.asarray(top) * (1 - share) + np.asarray(bottom) * share  # (H, 1, 3)
    return Image.fromarray(np.broadcast_to(row, (height, width, 3)).astype(np.uint8))
