"""What reading one picture may cost: pixels, processor time, memory. Checked before anything is decoded."""

import mmap
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ...domain.visits import MOST_PIXELS
from ...errors import InvalidImage, TooLarge, VisitorImageTooLarge

Allow = Callable[[float], None]  # told seconds of processor time

# A progressive JPEG has about ten scans, and each costs a pass over all pixels: files of a megabyte can hold thousands.
_MOST_SCANS = 100
_MARKER = re.compile(rb"\xff+[^\x00\xff\xd0-\xd7]")  # but for restarts, and 0xff among the coded numbers
_WITHOUT_LENGTH = (0x01, 0xD8)
_SCAN, _END = 0xDA, 0xD9


@dataclass(frozen=True)
class Limits:
    """What is accepted: pixels in all, and pixels of the longer side. `visitors`: of whoever came by a link, so no more
    than they may add."""

    pixels: int
    side: int
    visitors: bool = False


def seconds_for(pixels: int) -> float:
    """Processor time enough for the slowest honest file on a slow machine: 100 million pixels take 1 to 15 s here."""
    return 10 + pixels / 2_000_000


def memory_for(pixels: int) -> int:
    """Bytes of address space: a picture is held up to five times while it is converted."""
    return 1_000_000_000 + 32 * pixels


def check_size(width: int, height: int, limits: Limits) -> None:
    """Raises InvalidImage, TooLarge."""
    if width < 1 or height < 1:
        raise InvalidImage("This image has no pixels.")
    if limits.visitors and width * height > MOST_PIXELS:
        raise VisitorImageTooLarge()
    if max(width, height) > limits.side:
        raise TooLarge(
            f"This image is {width} x {height} pixels; the longest side can be {limits.side}.",
            hint="Make it smaller, or start Samphire with a larger --max-side.",
        )
    if width * height > limits.pixels:
        raise TooLarge(
            f"This image has {width * height / 1e6:.1f} million pixels; "
            f"at most {limits.pixels / 1e6:.1f} million are accepted.",
            hint="Make it smaller, or start Samphire with a larger --max-pixels.",
        )


def check_scans(path: Path) -> None:
    """Raises TooLarge for a JPEG of more scans than any program writes."""
    if _count_scans(path, _MOST_SCANS + 1) > _MOST_SCANS:
        raise TooLarge(
            f"This JPEG has more than {_MOST_SCANS} scans, so reading it would take too long.",
            hint="Save it again in an image editor and upload the new file.",
        )


def _count_scans(path: Path, most: int) -> int:
    """Of the first image in a JPEG file, which may hold others in its segments and behind it."""
    count = 0
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        place = 0
        while count < most and (found := _MARKER.search(data, place)):
            marker, place = data[found.end() - 1], found.end()
            if marker == _END:
                break
            count += marker == _SCAN
            if marker not in _WITHOUT_LENGTH:
                place += int.from_bytes(data[place : place + 2], "big")
    return count
