"""Objects of many images that come in any order, kept on disk until their image's turn."""

import json
import tempfile
from array import array
from collections import defaultdict
from collections.abc import Hashable
from dataclasses import astuple
from types import TracebackType

from ..objects import DatasetObject


class Spool:
    """A temporary file, and where in it each image's objects lie: eight bytes an object in memory."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115  closed in __exit__
        self._places: dict[Hashable, array[int]] = defaultdict(lambda: array("q"))
        self._end = 0

    def __enter__(self) -> "Spool":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def add(self, image: Hashable, each: DatasetObject) -> None:
        line = json.dumps(astuple(each)).encode() + b"\n"
        self._places[image].append(self._end)
        self._file.write(line)
        self._end += len(line)

    def take(self, image: Hashable) -> list[DatasetObject]:
        """The image's objects, in the order they were added, once."""
        found = []
        for place in self._places.pop(image, ()):
            self._file.seek(place)
            found.append(DatasetObject(*json.loads(self._file.readline())))
        return found
