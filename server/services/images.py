"""The images there are: list, find, open their copies, purge with everything that belongs to them."""

from datetime import timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from server.errors import ImageNotFound
from server.services.afterwards import afterwards
from server.storage import embeddings as embedding_rows
from server.storage import images as rows
from server.storage import project_images
from server.storage import projects as project_rows
from server.storage.blobs import BlobStore
from server.storage.engine import Database
from server.storage.tables import DEFAULT_PROJECT, Image, now

PAGE_LIMIT = 200
UNDO_DAYS = 30  # what was deleted can be had back for so long
_PURGED_AT_ONCE = 100


class Images:
    def __init__(self, db: Database, blobs: BlobStore) -> None:
        self._db = db
        self._blobs = blobs

    def get(self, image_id: str) -> Image:
        """Raises ImageNotFound, also for one that was removed from every project that had it."""
        with self._db.read() as session:
            return _found(rows.find(session, image_id) if rows.shown(session, [image_id]) else None)

    def page(self, limit: int, before: str | None = None) -> tuple[list[Image], int]:
        """Up to `limit` images of the default project, newest first, after the image `before`; and how many there
        are in all."""
        with self._db.read() as session:
            last = None if before is None else _found(rows.find(session, before))
            found = rows.page(session, DEFAULT_PROJECT, max(1, min(limit, PAGE_LIMIT)), last)
            return [image for _, image in found], project_images.total(session, DEFAULT_PROJECT)

    def annotation_counts(self, image_ids: list[str], project_id: str = DEFAULT_PROJECT) -> dict[str, int]:
        with self._db.read() as session:
            return project_images.annotation_counts(session, project_id, image_ids)

    def display_file(self, image: Image) -> Path:
        """The picture that browsers show and the encoder sees."""
        return self._file(image.display_key)

    def thumbnail_file(self, image: Image) -> Path:
        return self._file(image.thumbnail_key)

    def pixels(self, image_id: str) -> Path:
        """The file that `pixels.load_rgb` turns into what the encoder sees. Raises ImageNotFound."""
        return self.display_file(self.get(image_id))

    def purge(self) -> int:
        """Forget for good what was deleted more than 30 days ago, and pictures of no project. Returns how many."""
        moment, purged = now() - timedelta(days=UNDO_DAYS), 0
        with self._db.write(reserved=True) as session:
            for project_id in project_rows.deleted_before(session, moment):
                project_rows.remove(session, project_id)
            project_images.purge(session, moment)
        while True:
            with self._db.write(reserved=True) as session:
                unused = rows.unused(session, _PURGED_AT_ONCE)
                keys = {key for image in unused for key in _remove(session, image)}
            if not unused:
                return purged
            with afterwards("deleting files of purged images"):
                self._blobs.delete(keys)
            purged += len(unused)

    def sweep(self) -> int:
        """Remove what a killed process left behind; only while nobody else writes. Returns how many files.

        A database without images knows nothing: if it is a new one in the place of one that was lost, the
        pictures are all there is left, so they stay."""
        with self._db.read() as session:
            known = rows.blob_keys(session)
            known |= embedding_rows.blob_keys(session)
        return self._blobs.sweep(known) if known else 0

    def _file(self, key: str) -> Path:
        try:
            return self._blobs.path(key)
        except FileNotFoundError:
            raise ImageNotFound(
                "The file of this image is missing from the data folder.",
                hint="Restore the data folder from a backup, or delete the image and upload it again.",
            ) from None


def _remove(session: Session, image: Image) -> set[str]:
    """The keys of the blobs that go with it."""
    keys = {image.original_key, image.display_key, image.thumbnail_key}
    keys.update(embedding_rows.keys_of_image(session, image.id))
    session.delete(image)
    return keys


def _found(row: Image | None) -> Image:
    if row is None:
        raise ImageNotFound()
    return row
