"""Sandboxes: what visitors bring to try segmentation on, each in a project of their own, within a quota."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from ...domain.visits import Visit
from ...errors import Conflict, TooLarge
from ...storage.engine import Database
from ...storage.rows.visits import sandboxes as rows
from ..accounts.limits import Limit

MOST_IMAGES, MOST_BYTES = 10, 20_000_000  # of a visit; of one image
_MOST_OF_ALL, _BYTES_OF_ALL = 500, 2_000_000_000  # in all sandboxes of a server
_OF_LINK, _OF_ADDRESS, _SECONDS = 300, 60, 3600.0
_ELSE = "press Add to segment images without uploading them"


class Sandboxes:
    def __init__(self, db: Database) -> None:
        self._db = db
        self._coming: Counter[str] = Counter()  # images on their way, by sandbox
        self._bytes_coming = 0
        hint = f"Try again in an hour, or {_ELSE}."
        of_link = ("Visitors of this link have added as many images as they may for now.", hint)
        of_address = ("As many images as may were added from your network for now.", hint)
        self._of_link = Limit(_OF_LINK, _SECONDS, refusal=of_link)
        self._of_address = Limit(_OF_ADDRESS, _SECONDS, refusal=of_address)

    @contextmanager
    def adding(self, visit: Visit, size: int, address: str) -> Iterator[None]:
        """One more image of a visitor, of so many bytes. Raises Conflict, TooLarge or TooManyRequests beyond the
        quota."""
        if size > MOST_BYTES:
            raise TooLarge(
                f"Visitors may add images of at most {MOST_BYTES // 1_000_000} MB.",
                hint=f"Choose a smaller one, or {_ELSE}.",
            )
        self._coming[visit.project_id] += 1
        self._bytes_coming += size
        try:
            with self._db.read() as session:
                own, every = rows.filled(session, visit.project_id), rows.filled(session)
            if own.images + self._coming[visit.project_id] > MOST_IMAGES:
                raise Conflict(
                    f"Visitors may add at most {MOST_IMAGES} images.",
                    hint=f"Leave and open the link again to start over, or {_ELSE}.",
                )
            if (
                every.images + self._coming.total() > _MOST_OF_ALL
                or every.bytes + self._bytes_coming > _BYTES_OF_ALL
            ):
                raise Conflict(
                    "This server has no room for more images of visitors now.",
                    hint=f"Try again in a day, or {_ELSE}.",
                )
            with self._of_link.use(visit.link_id), self._of_address.use(address):
                yield
        finally:
            self._bytes_coming -= size
            self._coming[visit.project_id] -= 1
            if not self._coming[visit.project_id]:
                del self._coming[visit.project_id]
