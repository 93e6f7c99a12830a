"""What formats have in common: masks made from what a file draws, checked; and an object's own pixels.

A reader's functions raise Unreadable for an element that cannot be used; the reader turns it into a FileProblem.
"""

import json
from collections.abc import Iterator, Mapping
from math import isfinite
from typing import Any

import numpy as np

from server.domain import rings
from server.domain.masks import check_rle
from server.domain.outlines import Part, outline
from server.domain.rings import Ring
from server.domain.runs import Window, read_window, tight, window_of_runs, write_window
from server.errors import InvalidRLE
from server.formats.layout import split_named
from server.formats.objects import DatasetImage, DatasetObject, FileProblem
from server.formats.source import Unreadable

MAX_PIXELS = 100_000_000
MAX_SIDE = 65_535
_MOST_CORNERS = 200_000
_CIRCLE_CORNERS = 180
_BESIDE = 1.0  # pixels a drawing may stand out without a word: roundings, and corners counted from the pixel's centre


class Canvas:
    """The picture that a file draws on; `notes` are what had to be bent to fit, as (found, expected)."""

    def __init__(self, width: Any, height: Any) -> None:
        """Raises Unreadable for a size no picture has."""
        whole = all(isinstance(side, int) and not isinstance(side, bool) for side in (width, height))
        if not whole or not (
            0 < width <= MAX_SIDE and 0 < height <= MAX_SIDE and width * height <= MAX_PIXELS
        ):
            raise Unreadable(
                f"the size {short(width)} x {short(height)}",
                f"whole numbers, at most {MAX_PIXELS} pixels in all",
            )
        self.width, self.height = width, height
        self.notes: list[tuple[str, str]] = []

    def problems(self, file: str, where: str) -> Iterator[FileProblem]:
        """The notes since they were last asked for."""
        for found, expected in self.notes:
            yield FileProblem(file, where, found, expected, note=True)
        self.notes = []

    def ring(self, points: Any) -> Ring:
        """[[x, y], ...] or (n, 2) -> a ring. Raises Unreadable."""
        try:
            ring = np.array(points, np.float64)
        except (ValueError, TypeError, OverflowError) as error:
            raise Unreadable("a corner that is not two numbers", "x and y of each corner") from error
        if ring.ndim != 2 or ring.shape[1:] != (2,) or not 3 <= len(ring) <= _MOST_CORNERS:
            raise Unreadable(
                "an outline that is not a list of corners", "at least three corners, x and y each"
            )
        self._within(ring)
        return ring

    def _within(self, ring: Ring) -> None:
        if not np.isfinite(ring).all():
            raise Unreadable("a coordinate that is not a finite number", "coordinates in the picture")
        beyond = float(max((-ring).max(), (ring - (self.width, self.height)).max()))
        if beyond > 2 * max(self.width, self.height):
            raise Unreadable(
                f"a coordinate {beyond:.0f} pixels outside the picture",
                f"coordinates in its {self.width} x {self.height} pixels",
            )
        if beyond > _BESIDE:
            self.notes.append(
                (
                    f"an outline that stands out of the picture by {beyond:.1f} pixels, which are cut off",
                    f"coordinates in its {self.width} x {self.height} pixels",
                )
            )

    def filled(self, found: list[Ring]) -> Window:
        """What lies in an odd number of the rings. Something thinner than a pixel is drawn as a line of pixels."""
        window = tight(rings.fill(found, (self.width, self.height)))
        return window if window.mask.size else self._thin(found)

    def filled_union(self, found: list[Ring]) -> Window:
        window = tight(rings.fill_union(found, (self.width, self.height)))
        return window if window.mask.size else self._thin(found)

    def box(self, left: Any, top: Any, right: Any, bottom: Any, rotation: Any = 0) -> Window:
        """A rectangle by two of its corners, turned clockwise by degrees about its middle. Raises Unreadable."""
        x0, y0, x1, y1, turn = (number(value) for value in (left, top, right, bottom, rotation))
        ring = rings.rectangle(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
        return self.filled([self.ring(turned(ring, turn, ring.mean(axis=0)))])

    def ellipse(self, x: Any, y: Any, radius_x: Any, radius_y: Any, rotation: Any = 0) -> Window:
        """Raises Unreadable."""
        x, y, radius_x, radius_y, turn = (number(value) for value in (x, y, radius_x, radius_y, rotation))
        angle = np.linspace(0, 2 * np.pi, _CIRCLE_CORNERS, endpoint=False)
        ring = np.stack([x + radius_x * np.cos(angle), y + radius_y * np.sin(angle)], axis=1)
        return self.filled([self.ring(turned(ring, turn, np.array([x, y])))])

    def _thin(self, found: list[Ring]) -> Window:
        """The pixels under the outline, for what covers the centre of none."""
        mask = np.zeros((0, 0), bool)
        ring = np.concatenate(found)
        span = ring.max(axis=0) - ring.min(axis=0)
        inside = (ring >= 0).all(axis=1) & (ring <= (self.width, self.height)).all(axis=1)
        if not inside.any():
            return Window(mask, 0, 0)
        self.notes.append(("an object thinner than a pixel, drawn as the pixels under its outline", ""))
        steps = int(2 * span.max()) + 2
        along = np.linspace(ring, np.roll(ring, -1, axis=0), steps).reshape(-1, 2)
        pixel = np.floor(along).astype(np.int64)
        pixel = np.clip(pixel, 0, (self.width - 1, self.height - 1))
        x, y = pixel.min(axis=0).tolist()
        mask = np.zeros((int(pixel[:, 1].max()) - y + 1, int(pixel[:, 0].max()) - x + 1), bool)
        mask[pixel[:, 1] - y, pixel[:, 0] - x] = True
        return Window(mask, x, y)

    def rle(self, segmentation: Any) -> Window:
        """A compressed or uncompressed COCO RLE. Raises Unreadable."""
        counts = segmentation.get("counts") if isinstance(segmentation, Mapping) else None
        if isinstance(counts, list):
            if segmentation.get("size") != [self.height, self.width]:
                raise Unreadable(
                    f"a mask of size {short(segmentation.get('size'))}", f"[{self.height}, {self.width}]"
                )
            return window_of_runs(self.runs(counts, self.width * self.height), self.width, self.height)
        try:
            return read_window(
                check_rle(segmentation, self.width, self.height)["counts"], self.width, self.height
            )
        except InvalidRLE as error:
            raise Unreadable(
                error.message.rstrip("."), "a run-length encoding as pycocotools makes it"
            ) from error

    @staticmethod
    def runs(counts: list[Any], pixels: int) -> np.ndarray:
        """Runs, int64, that are sound. Raises Unreadable."""
        if not all(type(run) is int and 0 <= run <= pixels for run in counts) or sum(counts) != pixels:
            raise Unreadable(
                "runs that do not add up to the pixels", f"whole numbers that add up to {pixels}"
            )
        return np.array(counts, np.int64)

    def object(
        self,
        label: str,
        window: Window,
        attributes: Mapping[str, Any] | None = None,
        details: Mapping[str, Any] | None = None,
    ) -> DatasetObject:
        """Raises Unreadable when the mask has no pixel in the picture."""
        window = tight(window)
        counts = write_window(window, self.width, self.height)
        window = read_window(counts, self.width, self.height) if self._stands_out(window) else window
        if not window.mask.size:
            raise Unreadable("an object without a pixel in the picture", "one that covers at least one pixel")
        rows, columns = window.mask.shape
        area = int(np.count_nonzero(window.mask))
        box = [window.x, window.y, columns, rows]
        return DatasetObject(label, counts, area, box, dict(attributes or {}), dict(details or {}))

    def _stands_out(self, window: Window) -> bool:
        rows, columns = window.mask.shape
        across, down = window.x + columns > self.width, window.y + rows > self.height
        return window.x < 0 or window.y < 0 or across or down


def pixels(each: DatasetObject, image: DatasetImage) -> Window:
    """The object's mask, in its box."""
    return tight(read_window(each.counts, image.width, image.height))


def parts(each: DatasetObject, image: DatasetImage) -> list[Part]:
    return outline(pixels(each, image))


def split_of(path: str) -> str | None:
    """The part of the dataset that a file's folders tell."""
    return split_named(path.split("/")[:-1])


def without(each: DatasetObject, *kinds: str) -> Iterator[tuple[str, str]]:
    """The losses of a format that cannot carry these kinds: of "attributes", "score", "prompts"."""
    if "attributes" in kinds and each.attributes:
        yield "attributes", f"no place for {', '.join(sorted(each.attributes))}"
    if "score" in kinds and each.details.get("predicted_iou") is not None:
        yield "score", "no place for the predicted IoU"
    if "prompts" in kinds and each.details.get("prompts"):
        yield "prompts", "no place for the prompts that made it"


def turned(ring: Ring, degrees: float, about: np.ndarray) -> Ring:
    """Clockwise as one sees it."""
    if degrees == 0:
        return ring
    cos, sin = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return (ring - about) @ np.array([[cos, sin], [-sin, cos]]) + about


def number(value: Any) -> float:
    """A finite number, also one written as text. Raises Unreadable."""
    try:
        result = (
            float(value) if isinstance(value, int | float | str) and not isinstance(value, bool) else None
        )
    except (ValueError, OverflowError):
        result = None
    if result is None or not isfinite(result):
        raise Unreadable(f"{short(value)} where a number should be", "a finite number")
    return result


def text(value: Any, what: str) -> str:
    """Raises Unreadable."""
    if not isinstance(value, str) or not value.strip():
        raise Unreadable(f"{what} {short(value)}", f"{what} as text")
    return value


def attributes(value: Any) -> dict[str, Any]:
    """Texts, numbers and flags by name; what is none of them as JSON text."""
    if not isinstance(value, Mapping):
        return {}
    return {
        str(name): each
        if isinstance(each, str | bool | int | float)
        else json.dumps(each, ensure_ascii=False)
        for name, each in value.items()
        if each is not None
    }


def counted(count: int, one: str, several: str | None = None) -> str:
    """ "1 hole", "2 holes"."""
    return f"{count} {one if count == 1 else several or f'{one}s'}"


def short(value: Any) -> str:
    """A value as a problem shows it."""
    return repr(value)[:60]
