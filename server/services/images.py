"""The images there are: list, find, open their copies, delete with everything that belongs to them."""

from pathlib import Path

from server.errors import ImageNotFound
from server.storage import embeddings as embedding_rows
from server.storage import images as rows
from server.storage.blobs import BlobStore
from server.storage.engine import Database
from server.storage.tables import Image

PAGE_LIMIT = 200


class Images:
    def __init__(self, db: Database, blobs: BlobStore) -> None:
        self._db = db
        self._blobs = blobs

    def get(self, image_id: str) -> Image:
        """Raises ImageNotFound."""
        with self._db.read() as session:
            return _found(rows.find(session, image_id))

    def page(self, limit: int, before: str | None = None) -> tuple[list[Image], int]:
        """Up to `limit` images, newest first, after the image `before`; and how many there are in all."""
        with self._db.read() as session:
            last = None if before is None else _found(rows.find(session, before))
            return rows.page(session, max(1, min(limit, PAGE_LIMIT)), last), rows.total(session)

    def annotation_counts(self, image_ids: list[str]) -> dict[str, int]:
        with self._db.read() as session:
            return rows.annotation_counts(session, image_ids)

    def display_file(self, image: Image) -> Path:
        """The picture that browsers show and the encoder sees."""
        return self._file(image.display_key)

    def thumbnail_file(self, image: Image) -> Path:
        return self._file(image.thumbnail_key)

    def pixels(self, image_id: str) -> Path:
        """The file that `pixels.load_rgb` turns into what the encoder sees. Raises ImageNotFound."""
        return self.display_file(self.get(image_id))

    def delete(self, image_id: str) -> None:
        """Remove the image, its annotations and its embeddings. Raises ImageNotFound."""
        with self._db.write() as session:
            image = _found(rows.find(session, image_id))
            keys = {image.original_key, image.display_key, image.thumbnail_key}
            keys.update(embedding_rows.keys_of_image(session, image_id))
            session.delete(image)
        self._blobs.delete(keys)

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


def _found(image: Image | None) -> Image:
    if image is None:
        raise ImageNotFound()
    return image
