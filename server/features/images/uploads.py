"""From a stream of bytes to a stored image: verified, de-duplicated, written whole or not at all."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from typing import IO
from weakref import WeakValueDictionary

from sqlalchemy.orm import Session

from ...config import Settings
from ...domain.outside.file_names import picture_name, picture_path
from ...domain.policy import MACHINE, Actor
from ...errors import Conflict, InvalidImage, TooLarge
from ...runtime.afterwards import afterwards
from ...runtime.fair import FairPlaces, Sender
from ...runtime.pools import Pools
from ...storage.blobs import BlobStore
from ...storage.engine import Database
from ...storage.rows import images as rows
from ...storage.rows import project_images
from ...storage.rows.finding import found_project
from ...storage.tables import DEFAULT_PROJECT, Image, identity_of
from ...storage.unit_of_work import UnitOfWork, UnitsOfWork
from ..pictures.bounds import Limits
from ..pictures.files import EXTENSIONS, ImageFiles, new_image
from ..pictures.pixels import Copies
from ..pictures.reader import PictureReader

_CHUNK_BYTES = 1 << 20

_HERE = Sender("this machine")  # imports in the background, and commands that somebody gave
Clean = Callable[[str | None, str], str]


@dataclass(frozen=True)
class Received:
    """A file that came in, and is not stored yet."""

    path: Path
    sha256: str
    bytes: int


class Uploads:
    """Takes pictures in. The same bytes are one image, however often and however simultaneously they come; in a team,
    one in each project."""

    def __init__(
        self, settings: Settings, db: Database, blobs: BlobStore, pools: Pools, unit_of_work: UnitsOfWork
    ) -> None:
        self._max_bytes, self._is_team = settings.max_upload_bytes, settings.is_team
        self.reader = PictureReader(Limits(settings.max_pixels, settings.max_side))
        self._db, self._unit_of_work = db, unit_of_work
        self._blobs, self._files = blobs, ImageFiles(blobs, pools)
        self._pools = pools
        self._same_bytes: WeakValueDictionary[str, FairPlaces] = WeakValueDictionary()

    def add(
        self,
        actor: Actor,
        stream: IO[bytes],
        name: str | None,
        project_id: str = DEFAULT_PROJECT,
        with_folders: bool = False,
        sender: Sender = _HERE,
    ) -> tuple[Image, bool]:
        """Store a picture in a project; the image, and whether it is new there. `with_folders`: those in its name
        are part of it.

        Raises ProjectNotFound, InvalidImage, UnsupportedImage, TooLarge, or Unavailable when the sender goes away, and
        then leaves no row and no blob."""
        with self.receive(stream) as received:
            return self.keep(actor, received, name, project_id, with_folders, sender)

    @contextmanager
    def receive(self, stream: IO[bytes]) -> Iterator[Received]:
        """The bytes of a stream in a file of their own, which is gone at the end. Raises TooLarge, InvalidImage,
        StorageFull."""
        self._db.check_room()
        with self._blobs.incoming() as path:
            yield Received(path, *self._pools.compute(self._receive, stream, path))

    @contextmanager
    def fetch(self, key: str) -> Iterator[Received]:
        """As `receive`, of what a browser put into the store itself; it is gone from there at the end. Raises
        FileNotFoundError, too."""
        self._db.check_room()
        with ExitStack() as lent:
            path = self._pools.store(lambda: lent.enter_context(self._blobs.uploaded(key, self._max_bytes)))
            yield Received(path, *self._pools.compute(self._look_at, path))

    def check_size(self, size: int) -> None:
        """Raises TooLarge, InvalidImage for an empty file."""
        if size > self._max_bytes:
            raise TooLarge(
                f"This file exceeds the limit of {self._max_bytes / 1e6:g} MB.",
                hint="Use a smaller file, or start Samphire with a larger --max-upload-mb.",
            )
        if size <= 0:
            raise InvalidImage("This file is empty.", hint="Choose another file.")

    def keep(
        self,
        actor: Actor,
        received: Received,
        name: str | None,
        project_id: str,
        with_folders: bool = False,
        sender: Sender = _HERE,
    ) -> tuple[Image, bool]:
        """The second half of `add`. Of the same bytes, what came first is first."""
        identity = identity_of(received.sha256, self._scope(project_id))
        with self._same_bytes.setdefault(identity, FairPlaces(1, 1)).place(sender):
            return self._keep(actor, received, name, project_id, with_folders, sender)

    def close(self) -> None:
        """Read no more pictures."""
        self.reader.close()

    def _keep(
        self,
        actor: Actor,
        received: Received,
        name: str | None,
        project_id: str,
        with_folders: bool,
        sender: Sender,
    ) -> tuple[Image, bool]:
        clean = picture_path if with_folders else picture_name
        with self._db.read() as session:
            there = self._same(session, received.sha256, project_id)
        if there is not None:
            self._mend(there, received.path)
        known = self._put(actor, received.sha256, project_id, name, clean)
        if known is not None:
            return known
        copies = self.reader.copies(received.path, sender, visitors=actor.visit is not None)
        image = self._write(received, project_id, picture_name(name, EXTENSIONS[copies.format]), copies)
        if self._store(actor, image, project_id, clean(name, EXTENSIONS[copies.format])) is not None:
            return image, True
        return self._put_again(actor, image, project_id, name, clean)

    def _mend(self, image: Image, path: Path) -> None:
        """Also where the image is deleted for good meanwhile: then nothing of it comes back."""
        self._files.mend(image, path)
        with self._db.read() as session:
            is_there = rows.find(session, image.id) is not None
        if not is_there:
            self._delete(image)

    def stage(self, received: Received, name: str, project_id: str) -> Image:
        """Store a picture that is not in the project yet: `place` puts it there, `drop` forgets it.

        Raises InvalidImage, UnsupportedImage or TooLarge, and then leaves no row and no blob."""
        with self._db.read() as session:
            known = self._same(session, received.sha256, project_id)
        if known is not None:
            return known
        copies = self.reader.copies(received.path, _HERE)
        image = self._write(received, project_id, picture_name(name, EXTENSIONS[copies.format]), copies)
        stored = self._store(MACHINE, image)
        if stored is None:  # another upload of the same bytes was faster
            return self.stage(received, name, project_id)
        return stored

    @staticmethod
    def place(session: Session, project_id: str, image_id: str, name: str) -> bool:
        """Have a staged picture in a project; whether it is new there, which the caller tells. Raises Conflict."""
        image = rows.find(session, image_id)
        if image is None:
            raise _deleted_meanwhile()
        return project_images.put(session, project_id, image.id, picture_path(name, EXTENSIONS[image.format]))

    def drop(self, image_ids: Sequence[str]) -> None:
        """Forget those of these, a few hundred at most, that no project has."""
        with self._db.write(reserved=True) as session:
            keys: set[str] = set()
            for image in rows.unused(session, len(image_ids), image_ids):
                keys |= {image.original_key, image.display_key, image.thumbnail_key}
                session.delete(image)
        with afterwards("deleting files of a refused dataset"):
            self._blobs.delete(keys)

    def _scope(self, project_id: str) -> str:
        """Projects of one person share images; in a team, what is in one must not show in another."""
        return project_id if self._is_team else ""

    def _same(self, session: Session, sha256: str, project_id: str) -> Image | None:
        return rows.find_same(session, sha256, project_id, self._scope(project_id))

    def _receive(self, stream: IO[bytes], target: Path) -> tuple[str, int]:
        digest, size = hashlib.sha256(), 0
        with target.open("wb") as file:
            while chunk := stream.read(_CHUNK_BYTES):
                size += len(chunk)
                self.check_size(size)
                digest.update(chunk)
                file.write(chunk)
        self.check_size(size)
        return digest.hexdigest(), size

    def _look_at(self, path: Path) -> tuple[str, int]:
        self.check_size(path.stat().st_size)
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest(), path.stat().st_size

    def _put(
        self, actor: Actor, sha256: str, project_id: str, name: str | None, clean: Clean
    ) -> tuple[Image, bool] | None:
        """Have a picture that is here already in the project as well; None when it is not here."""
        with self._unit_of_work(actor) as work:
            found_project(work.session, project_id)
            image = self._same(work.session, sha256, project_id)
            if image is None:
                return None
            return image, _put(work, project_id, image.id, clean(name, EXTENSIONS[image.format]))

    def _put_again(
        self, actor: Actor, image: Image, project_id: str, name: str | None, clean: Clean
    ) -> tuple[Image, bool]:
        """Another upload of the same bytes was faster."""
        known = self._put(actor, image.sha256, project_id, name, clean)
        if known is None:
            raise _deleted_meanwhile()
        return known

    def _write(self, received: Received, project_id: str, name: str, copies: Copies) -> Image:
        """The blobs, and what will be the row."""
        identity = identity_of(received.sha256, self._scope(project_id))
        image = new_image(token_hex(8), identity, received.bytes, name, copies)
        try:
            self._files.write(image, received.path, copies)
        except BaseException:
            self._delete(image)
            raise
        return image

    def _store(
        self, actor: Actor, image: Image, project_id: str | None = None, name: str = ""
    ) -> Image | None:
        """The rows that make the blobs count; without them the blobs go again. None: the picture came meanwhile."""
        stored = False
        try:
            with self._unit_of_work(actor) as work:
                session = work.session
                if project_id is not None:
                    found_project(session, project_id)
                if rows.find_identical(session, image.identity) is not None:
                    return None
                session.add(image)
                session.flush()
                if project_id is not None:
                    _put(work, project_id, image.id, name)
            stored = True
            return image
        finally:
            if not stored:
                self._delete(image)

    def _delete(self, image: Image) -> None:
        self._blobs.delete({image.original_key, image.display_key, image.thumbnail_key})


def _put(work: UnitOfWork, project_id: str, image_id: str, name: str) -> bool:
    """Have a picture in a project; whether it is new there."""
    new = project_images.put(work.session, project_id, image_id, name)
    if new:
        work.tell("images:added", project_id, {"images": [image_id]})
    return new


def _deleted_meanwhile() -> Conflict:
    return Conflict("This image was deleted while it was uploading.", hint="Upload it again.")
