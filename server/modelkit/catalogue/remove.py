"""`samphire segmenters remove ID`: takes an installed segmenter away. What it made stays: annotations name it."""

import argparse
import os

from ...config import Settings
from ...errors import Conflict, SegmenterNotFound
from ...inference.catalog import DEFAULT
from ...paths import SEGMENTERS
from .landing import checked_id, segmenters_folder, take_away, workplace


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("id", metavar="ID", help="Which one.")


def run(settings: Settings, arguments: argparse.Namespace) -> int:
    segmenter = checked_id(arguments.id)
    folder = segmenters_folder(settings) / segmenter
    if not os.path.lexists(folder):
        if (SEGMENTERS / segmenter).is_dir():
            raise Conflict(
                f"{segmenter} comes with Samphire and cannot be removed.", hint="It can simply stay."
            )
        known = sorted(path.name for path in segmenters_folder(settings).glob("[a-z0-9]*") if path.is_dir())
        raise SegmenterNotFound(
            f"There is no segmenter {segmenter!r} in {segmenters_folder(settings)}.",
            hint=f"There: {', '.join(known) or 'none'}.",
        )
    if segmenter == settings.segmenter:
        raise Conflict(
            f"{segmenter} is the segmenter Samphire is set to start with (SAMPHIRE_SEGMENTER).",
            hint=f"Set another first, such as {DEFAULT}.",
        )
    with workplace(settings) as place:
        take_away(folder, place)
    print(f"{segmenter} was removed from {folder.parent}. Annotations it made stay as they are.")
    return 0
