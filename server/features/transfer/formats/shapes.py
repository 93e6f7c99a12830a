"""What formats have in common: masks made from what a file draws, checked; and an object's own pixels.

A reader's functions raise Unreadable for an element that cannot be used; the reader turns it into a FileProblem.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from ....domain import rings
from ....domain.masks import check_rle
from ....domain.outlines import Part, outline
from ....domain.rings import Ring
from ....domain.runs import Window, clip, read_window, tight, window_of_runs, write_window
from ....errors import InvalidRLE
from .layout import split_named
from .objects import DatasetImage, DatasetObject, FileProblem
from .source import Unreadable
from .values import counted, number, short, whole

MAX_PIXELS = 100_000_000
MAX_SIDE = 65_535
_MOST_CORNERS = 200_000
_CIRCLE_CORNERS = 180
_BESIDE = 1.0  # pixels a drawing may stand out without a word: roundings, and corners counted from the pixel's centre


class Canvas:
    """The image that a file draws on; `notes` are what was adjusted to fit, as (found, expected)."""

    def __init__(self, width: Any, height: Any) -> None:
        """Raises Unreadable for a size no image has."""
        try:
            self.width, self.height = whole(width), whole(height)
        except Unreadable:
            self.width = self.height = 0
        longest = max(self.width, self.height)
        if min(self.width, self.height) < 1 or longest > MAX_SIDE or self.width * self.height > MAX_PIXELS:
            raise Unreadable(
                f"the size {short(width)} x {short(height)}",
                f"whole numbers, at most {MAX_PIXELS} pixels in all",
            )
        self.notes: list[tuple[str, str]] = []

    def problems(self, file: str, where: str) -> Iterator[FileProblem]:
        """The notes since they were last asked for."""
        for found, expected in self.notes:
            yield FileProblem(file, where, found, expected, note=True)
        self.notes = []

    def refused(self, problem: Unreadable, file: str, where: str) -> FileProblem:
        """What keeps an element out; what was adjusted of it no longer matters."""
        self.notes = []
        return FileProblem.of(problem, file, where)

    def ring(self, points: Any) -> Ring:
        """[[x, y], ...] or (n, 2) -> a ring. Raises Unreadable."""
        try:
            ring = np.array(points, np.float64)
        except (ValueError, TypeError, OverflowError) as error:
            raise Unreadable("a corner that is not two numbers", "x and y of each corner") from error
        if ring.size == 0 or (ring.shape[1:] == (2,) and len(ring) < 3):
            raise Unreadable(
                f"an outline of {counted(len(ring), 'corner')}, which covers no area",
                "at least three corners",
                True,
            )
        if ring.ndim != 2 or ring.shape[1] != 2 or len(ring) > _MOST_CORNERS:
            raise Unreadable("an outline that is not a list of corners", "x and y of each corner")
        self._within(ring)
        return ring

    def _within(self, ring: Ring) -> None:
        if not np.isfinite(ring).all():
            raise Unreadable("a coordinate that is not a finite number", "coordinates in the image")
        beyond = float(max((-ring).max(), (ring - (self.width, self.height)).max()))
        if beyond > 2 * max(self.width, self.height):
            raise Unreadable(
                f"a coordinate {beyond:.7g} pixels outside the image",
                f"coordinates in its {self.width} x {self.height} pixels",
            )
        if beyond > _BESIDE:
            self.notes.append(
                (
                    f"an outline that reaches out of the image by {beyond:.1f} pixels, which are cut off",
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
        middle = np.array([x0 / 2 + x1 / 2, y0 / 2 + y1 / 2])
        return self.filled([self.ring(turned(ring, turn, middle))])

    def ellipse(self, x: Any, y: Any, radius_x: Any, radius_y: Any, rotation: Any = 0) -> Window:
        """Raises Unreadable."""
        x, y, radius_x, radius_y, turn = (number(value) for value in (x, y, radius_x, radius_y, rotation))
        angle = np.linspace(0, 2 * np.pi, _CIRCLE_CORNERS, endpoint=False)
        with np.errstate(over="ignore"):  # `ring` refuses what comes of it
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
        given = segmentation if isinstance(segmentation, Mapping) else {}
        counts, size = given.get("counts"), given.get("size")
        if not isinstance(size, list) or [whole(side) for side in size] != [self.height, self.width]:
            raise Unreadable(f"a mask of size {short(size)}", f"[{self.height}, {self.width}]")
        if isinstance(counts, list):
            runs = self.runs(counts, self.width * self.height)
            return painted(window_of_runs(runs, self.width, self.height))
        try:
            sound = check_rle({"size": [self.height, self.width], "counts": counts}, self.width, self.height)
        except InvalidRLE as error:
            expected = "a run-length encoding as pycocotools makes it"
            raise Unreadable(error.message.rstrip("."), expected) from error
        return painted(read_window(sound["counts"], self.width, self.height))

    @staticmethod
    def runs(counts: list[Any], pixels: int) -> np.ndarray:
        """Runs, int64, that are sound. Raises Unreadable."""
        try:
            runs = np.array(counts, np.float64)  # exact up to 2**53, more than there are pixels
        except (ValueError, TypeError, OverflowError):
            runs = np.full(1, np.nan)
        sound = runs.ndim == 1 and ((runs >= 0) & (runs <= pixels) & (runs == np.floor(runs))).all()
        if not sound or runs.sum() != pixels:
            raise Unreadable(
                "runs that do not add up to the pixels", f"whole numbers that add up to {pixels}"
            )
        return runs.astype(np.int64)

    def within(self, window: Window) -> Window:
        """The part of a mask that lies in the image, without margins. Raises Unreadable when there is none."""
        window = tight(clip(window, self.width, self.height))
        if not window.mask.size:
            raise Unreadable("an object without a pixel in the image", "one that covers at least one pixel")
        return window

    def scores(self, **given: Any) -> dict[str, float]:
        """Those that are numbers; others are noted and left out, as nobody can sort by them."""
        found = {}
        for name, value in given.items():
            try:
                found |= {} if value is None else {name: number(value)}
            except Unreadable:
                self.notes.append((f"the score {short(value)}, left out", "a number"))
        return found

    def object(
        self,
        label: str,
        window: Window,
        attributes: Mapping[str, Any] | None = None,
        details: Mapping[str, Any] | None = None,
    ) -> DatasetObject:
        """Raises Unreadable when the mask has no pixel in the image."""
        window = self.within(window)
        rows, columns = window.mask.shape
        area = int(np.count_nonzero(window.mask))
        counts = write_window(window, self.width, self.height)
        box = [window.x, window.y, columns, rows]
        return DatasetObject(label, counts, area, box, dict(attributes or {}), dict(details or {}))


def painted(window: Window) -> Window:
    """A mask that a file gives pixel by pixel. Raises Unreadable, to be noted, for one without any."""
    if not window.mask.any():
        raise Unreadable("a mask without a pixel", "one that covers at least one pixel", note=True)
    return window


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
        yield "attributes", f"no field for {', '.join(sorted(each.attributes))}"
    if "score" in kinds and each.details.get("predicted_iou") is not None:
        yield "score", "the format has no field for the predicted IoU"
    if "prompts" in kinds and each.details.get("prompts"):
        yield "prompts", "the format has no field for its prompts"


def turned(ring: Ring, degrees: float, about: np.ndarray) -> Ring:
    """Clockwise as one sees it."""
    if degrees == 0:
        return ring
    cos, sin = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    with np.errstate(over="ignore", invalid="ignore"):  # `Canvas.ring` refuses what comes of it
        return (ring - about) @ np.array([[cos, sin], [-sin, cos]]) + about
