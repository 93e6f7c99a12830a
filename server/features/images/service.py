"""The images there are: list them, find them."""

from ...domain.policy import Actor
from ...errors import ImageNotFound, ProjectNotFound
from ...storage.engine import Database
from ...storage.rows import images as rows
from ...storage.rows import project_images
from ...storage.rows.finding import found_project
from ...storage.rows.layers import common, sight_of
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
            return [image for _, image in found], project_images.total(session, common(DEFAULT_PROJECT))

    def annotation_counts(self, actor: Actor, image_ids: list[str]) -> dict[str, int]:
        """How many annotations the actor sees on images in the default project; none for who has no role there."""
        with self._db.read() as session:
            try:
                sight = sight_of(session, actor, found_project(session, DEFAULT_PROJECT))
            except ProjectNotFound:
                return {}
            return project_images.annotation_counts(session, sight, image_ids)


def _found(row: Image | None) -> Image:
    if row is None:
        raise ImageNotFound()
    return row
