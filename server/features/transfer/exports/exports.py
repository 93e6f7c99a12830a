"""Exports of projects: what will be lost is told before, files are made whole and kept a while, so that a download that
broke off goes on where it stopped."""

import hashlib
import json
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import Any

from ....errors import BadRequest, Gone, NotFound, TooManyRequests, unknown
from ....paths import VERSION
from ....runtime.fair import FairPlaces, Sender
from ....runtime.pools import Pools
from ....runtime.sharing import SingleFlight
from ....runtime.turns import client
from ....storage import revisions
from ....storage.blobs import BlobStore
from ....storage.engine import Database
from ....storage.rows import project_images
from ....storage.rows.finding import found_project
from ....storage.rows.layers import common
from ....storage.tables import Image
from ...pictures.files import ImageFiles
from ..formats import FORMATS, dataset
from ..formats.objects import DatasetImage, Format, Loss, Piece
from ..schema import Loss as LossJson
from ..schema import Losses
from .packing import PART, Picture, write_file, write_zip
from .provenance import table
from .reading import Reading, Wanted

LOSSES = 1000
_KEPT_SECONDS = 24 * 3600
_KEPT_FILES, _KEPT_SELECTIONS, _KEPT_OF_ALL = 20, 50, 500  # of a project; of all projects, of either kind
_MOST_WAITING = 4  # exports of one client
_DIGITS = 16  # of either half of a key
_IDS = ".ids"  # at the end of the name of a selection
_OURS = re.compile(rf"(?:[0-9a-f]{{{_DIGITS}}}){{2,3}}\.\w+")


class Exports:
    """`folder`: where finished files are kept for a day."""

    def __init__(self, folder: Path, db: Database, blobs: BlobStore, pools: Pools) -> None:
        self._folder, self.database, self._blobs, self._pools = folder, db, blobs, pools
        self._image_files = ImageFiles(blobs, pools)
        self._shared = SingleFlight()
        self._turns = FairPlaces(1, 1)  # one at a time: each keeps a native thread for long
        self._read: dict[str, int] = {}  # images, of each file being made

    def format(self, name: str) -> Format:
        """Raises NotFound, naming the formats there are."""
        if name not in FORMATS:
            raise NotFound(unknown("export format", name, FORMATS), hint="Choose one of these.")
        return FORMATS[name]

    def file(self, wanted: Wanted) -> tuple[Path, str]:
        """The finished file, and what names its contents: made once for as long as nothing changes.

        Raises NotFound, ProjectNotFound, ImageNotFound, TooManyRequests.
        """
        key = self.key(wanted)
        path = self._path(key, wanted)
        if not path.is_file():
            _check_few(self._turns)
        self.make(key, wanted)
        return path, key

    def kept(self, wanted: Wanted, key: str) -> tuple[Path, str]:
        """As `file`, the one that `prepare` named, whatever has changed since. Raises Gone when it is no more."""
        path = self.named(wanted, key)
        if not path.is_file():
            raise gone()
        path.touch()
        return path, key

    def select(self, project_id: str, ids: list[str]) -> str:
        """Keep for a day which images are to be exported; what names them. Raises ProjectNotFound."""
        with self.database.read() as session:
            found_project(session, project_id)
        chosen = sorted(set(ids))
        name = _digest(project_id) + _digest(chosen)
        self.database.check_room()
        self._folder.mkdir(parents=True, exist_ok=True)
        write_file(self._folder / f"{name}{_IDS}", [("", json.dumps(chosen).encode())])
        self._pools.compute(self.drop_old)
        return name

    def selected(self, project_id: str, name: str) -> frozenset[str]:
        """The images that `select` named so. Raises Gone, BadRequest for what is never such a name."""
        if not re.fullmatch(f"[0-9a-f]{{{2 * _DIGITS}}}", name):
            raise BadRequest('"selected" must be as the server gave it.')
        path = self._folder / f"{name}{_IDS}"
        if not re.fullmatch(f"{_digest(project_id)}[0-9a-f]{{{_DIGITS}}}", name) or not path.is_file():
            raise Gone("This selection is no longer available.", hint="Select the images again.")
        path.touch()
        return frozenset(json.loads(path.read_bytes()))

    def key(self, wanted: Wanted) -> str:
        """What names the file's contents: one half what was asked for, the other what there is."""
        self.format(wanted.format)
        Reading(self.database, wanted)
        with self.database.read() as session:
            revision = revisions.of_project(session, wanted.project_id)
        return _asked(wanted) + _digest([VERSION, revision])

    def _path(self, key: str, wanted: Wanted) -> Path:
        return (
            self._folder
            / f"{_digest(wanted.project_id)}{key}.{'zip' if wanted.bundle else FORMATS[wanted.format].extension}"
        )

    def named(self, wanted: Wanted, key: str) -> Path:
        """Where the file of this name is or will be. Raises Gone for a name that was never given for what is asked."""
        self.format(wanted.format)
        Reading(self.database, wanted)
        if not re.fullmatch(f"{_asked(wanted)}[0-9a-f]{{{_DIGITS}}}", key):
            raise gone()
        return self._path(key, wanted)

    def make(self, key: str, wanted: Wanted) -> None:
        """The file of this name, unless it is there; those who want it at once wait for one making."""
        path = self._path(key, wanted)
        self._shared.run(key, lambda: self._make(key, path, wanted))

    def read(self, key: str) -> int | None:
        """How many images of a file being made were read so far; None when none is being made."""
        return self._read.get(key)

    def total(self, wanted: Wanted) -> int:
        """How many images there are to be read."""
        if wanted.image_id or wanted.ids is not None:
            return len(wanted.ids or [wanted.image_id])
        with self.database.read() as session:
            return project_images.total(session, common(wanted.project_id), wanted.chosen)

    def losses(self, wanted: Wanted) -> Losses:
        """How many images and objects there are, how many lose what, and the first of them. Raises as `file`."""
        chosen = self.format(wanted.format)
        reading = Reading(self.database, wanted)
        _check_few(self._turns)
        with self._turns.place(_sender()):
            return self._pools.compute(_summary, chosen, wanted, reading)

    def each_loss(self, wanted: Wanted, reading: Reading) -> Iterator[Loss]:
        chosen = self.format(wanted.format)
        return dataset.losses(chosen, reading.images(), wanted.pictures, reading.labels)

    def parts(
        self, wanted: Wanted, tell: Callable[[int], None] = lambda images: None
    ) -> tuple[Iterator[Piece], Iterator[Picture]]:
        """The pieces of its files, and the pictures beside them; for any thread. Raises as `file`."""
        chosen = self.format(wanted.format)
        reading = Reading(self.database, wanted, tell)
        pieces = dataset.write(chosen, reading.labels, reading.images, reading.splits, wanted.pictures)
        if wanted.tabled:
            named = dataset.name_files(chosen, Reading(self.database, wanted).images(), True)
            pieces = chain(pieces, table(named))
        return pieces, self._pictures(chosen, reading, wanted)

    def _pictures(self, chosen: Format, reading: Reading, wanted: Wanted) -> Iterator[Picture]:
        """Upright, as they were annotated."""
        if not wanted.pictures:
            return
        rows: dict[str, Image] = {}

        def bare() -> Iterator[DatasetImage]:
            for image, row in reading.bare_images():
                rows[image.id] = row
                yield image

        for image in dataset.name_files(chosen, bare(), True):
            key = self._image_files.display(rows.pop(image.id))
            yield dataset.picture_path(chosen, image), partial(self._blobs.open, key)

    def _make(self, key: str, path: Path, wanted: Wanted) -> None:
        try:
            if path.is_file():
                path.touch()
                return
            self.database.check_room()
            self._folder.mkdir(parents=True, exist_ok=True)
            with self._turns.place(_sender()):
                self._read[key] = 0
                self._pools.compute(
                    self._write, path, wanted, lambda images: self._read.update({key: images})
                )
                self._pools.compute(self.drop_old)
        finally:
            self._read.pop(key, None)

    def _write(self, path: Path, wanted: Wanted, tell: Callable[[int], None]) -> None:
        pieces, pictures = self.parts(wanted, tell)
        if wanted.bundle:
            write_zip(path, pieces, pictures)
        else:
            write_file(path, pieces)

    def drop_old(self) -> None:
        """Remove files of yesterday, and the oldest of a project that has many; where all projects together have too
        many, of those that have most. Exports are made again when they are asked for, selections have to be."""
        ours = self.files()
        for selections, most in ((True, _KEPT_SELECTIONS), (False, _KEPT_FILES)):
            _drop([path for path in ours if (path.suffix == _IDS) is selections], most)

    def leftovers(self) -> list[Path]:
        """Half-made files: a killed process's, before this one makes any."""
        return [path for path in self._there() if path.suffix == PART]

    def files(self) -> list[Path]:
        """Those that are kept, finished."""
        return [path for path in self._there() if _OURS.fullmatch(path.name)]

    def _there(self) -> list[Path]:
        return list(self._folder.iterdir()) if self._folder.is_dir() else []


def _drop(paths: list[Path], most: int) -> None:
    changed: list[tuple[float, Path]] = []
    for path in paths:
        with suppress(FileNotFoundError):  # another thread was here
            changed.append((path.stat().st_mtime, path))
    of_project = Counter[str]()
    ranked: list[tuple[int, float, Path]] = []  # how many newer ones the project has, how old it is
    for modified, path in sorted(changed, reverse=True):
        project = path.name[:_DIGITS]
        ranked.append((of_project[project], time.time() - modified, path))
        of_project[project] += 1
    for number, (newer, age, path) in enumerate(sorted(ranked)):
        if newer >= most or number >= _KEPT_OF_ALL or age > _KEPT_SECONDS:
            path.unlink(missing_ok=True)


def _sender() -> Sender:
    """Whose export it is: those of one person take turns with others' as one."""
    return Sender(client.get()[:2])


def _check_few(turns: FairPlaces) -> None:
    """Raises TooManyRequests."""
    if turns.waiting(_sender().key) >= _MOST_WAITING:
        raise TooManyRequests("Several of your exports are waiting already.", hint="Wait until one is ready.")


def _asked(wanted: Wanted) -> str:
    return _digest(vars(wanted) | {"split": str(wanted.split), "chosen": str(wanted.chosen), "ids": None})


def _digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value).encode()).hexdigest()[:_DIGITS]


def gone() -> Gone:
    return Gone("This file is no longer available.", hint="Export again to recreate it.")


def _summary(chosen: Format, wanted: Wanted, reading: Reading) -> Losses:
    seen = Counter[str]()

    def images() -> Iterator[DatasetImage]:
        for image in reading.images():
            seen.update(images=1, objects=len(image.objects))
            yield image

    losses = dataset.losses(chosen, images(), wanted.pictures, reading.labels)
    first = list(islice(losses, LOSSES))
    counts = Counter(loss.kind for loss in first)
    for loss in losses:
        counts[loss.kind] += 1
    told = [LossJson(**vars(loss)) for loss in first]
    return Losses(seen["images"], seen["objects"], dict(counts), told)
