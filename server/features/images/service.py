"""The images there are: list them, find them."""

from ...errors import ImageNotFound
from ...storage.engine import Database
from ...storage.rows import images as rows
from ...storage.rows import project_images
from ...storage.tables import DEFAULT_PROJECT, Image

PAGE_LIMIT = 200


class Images:
    def __init__(self, db: Database) -> None:
        self._db = db

    def get(self, image_id: str) -> Image:
        """Raises ImageNotFound, also for one that was removed from every project that had it."""
        with self._db.read() as session:
            return _found(rows.find(session, image_id) if rows.shown(session, [image_id]) else None)

    def page(self, limit: int, before: str | None = None) -> tuple[list[Image], int]:
        """Up to `limit` images of the default project, newest first, after the image `before`; and how many there
        are in all."""
        with self._db.read() as session:
            last = None if before is None else _found(rows.find_in(session, DEFAULT_PROJECT, before))
            found = rows.page(session, DEFAULT_PROJECT, max(1, min(limit, PAGE_LIMIT)), last)
            return [image for _, image in found], project_images.total(session, DEFAULT_PROJECT)

    def annotation_counts(self, image_ids: list[str], project_id: str = DEFAULT_PROJECT) -> dict[str, int]:
        with self._db.read() as session:
            return project_images.annotation_counts(session, project_id, image_ids)


def _found(row: Image | None) -> Image:
    if row is None:
        raise ImageNotFound()
    return row
