"""The tracks of CVAT's XML for videos: shapes frame by frame, where the frames are images called `frame_000012`."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from xml.etree.ElementTree import Element

from .. import values
from ..matching import Match
from ..objects import DatasetImage, DatasetObject, FileProblem, Read
from ..shapes import Canvas
from ..source import Source, Unreadable
from ..streams.spool import Spool

TRACK = "track"
"""The attribute, a number, that tells which shapes of several frames are the same object."""
Draw = Callable[[Element, Element, Canvas], DatasetObject]


class Tracks:
    """Of one file. `draw(track, shape, canvas)` makes the object of a shape; it raises Unreadable."""

    def __init__(self, source: Source, path: str, spool: Spool, draw: Draw) -> None:
        self._source, self._path, self._spool, self._draw = source, path, spool, draw
        self._frames: dict[int, tuple[Match, Canvas]] = {}
        self._count, self._line = 0, 0  # of tracks, of the first
        self.size: tuple[str | None, str | None] = (None, None)  # of the video, as the file has it

    def add(self, track: Element, line: int) -> Iterator[FileProblem]:
        self._count, self._line = self._count + 1, self._line or line
        for number, shape in enumerate(track, start=1):
            where = f"track {track.get('id') or self._count} (line {line}), {shape.tag[:40]} {number}"
            try:
                if values.truth(shape.get("outside")):
                    continue  # not to be seen in that frame
                frame = values.whole(shape.get("frame"))
                canvas = self._canvas(frame)
                each = self._draw(track, shape, canvas)
                self._spool.add(frame, each)
                yield from canvas.problems(self._path, where)
            except Unreadable as problem:
                yield FileProblem.of(problem, self._path, where)

    def images(self) -> Iterator[Read]:
        """The frames with their objects; one problem when none of them is there."""
        if self._count and not any(match.picture for match, _ in self._frames.values()):
            found = f"{values.counted(self._count, 'track')} of a video without its frames"
            yield FileProblem(self._path, f"line {self._line}", found, "images called frame_000000 and so on")
            return
        for frame in sorted(self._frames):
            match, canvas = self._frames[frame]
            objects = self._spool.take(frame)
            yield DatasetImage("", match.name, canvas.width, canvas.height, "", objects, None, match)

    def _canvas(self, frame: int) -> Canvas:
        """Raises Unreadable."""
        if frame not in self._frames:
            name = f"frame_{frame:06d}"
            match = self._source.match_stem(self._path, name)
            size = self._source.size(match.picture) if match.picture else None
            match = match if match.picture else replace(match, name=name)
            self._frames[frame] = match, Canvas(*(size or self.size))
        canvas = self._frames[frame][1]
        canvas.notes = []
        return canvas
