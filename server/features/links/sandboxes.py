"""Sandboxes: what visitors bring to try segmentation on, each in a project of their own, within a quota."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager

from ...domain.policy import Actor
from ...domain.visits import MOST_BYTES, MOST_IMAGES, Visit
from ...errors import SandboxesFull, SandboxFull, TooManyImages, VisitorImageTooLarge
from ...runtime.afterwards import afterwards
from ...runtime.pools import Pools
from ...storage.blobs import BlobStore
from ...storage.engine import Database
from ...storage.rows import images
from ...storage.rows.finding import found_place
from ...storage.rows.visits import sandboxes as rows
from ...storage.unit_of_work import UnitsOfWork
from ..accounts.limits import ALONE, Limits

MOST_BODY_BYTES = MOST_BYTES + 100_000  # of a request with an image
_MOST_OF_ALL, _BYTES_OF_ALL = 500, 4_000_000_000  # in all sandboxes of a server
_OF_LINK, _OF_ADDRESS, _SECONDS = 300, 60, 3600.0


class Sandboxes:
    """`forget` is given the ids of images that are gone."""

    def __init__(
        self,
        db: Database,
        unit_of_work: UnitsOfWork,
        blobs: BlobStore,
        pools: Pools,
        forget: Callable[[Collection[str]], None],
        limits: Limits = ALONE,
    ) -> None:
        self._db, self._unit_of_work = db, unit_of_work
        self._blobs, self._pools, self._forget = blobs, pools, forget
        self._coming: Counter[str] = Counter()  # images on their way, by sandbox
        self._bytes_coming = 0
        self._of_link = limits.of("visitors' images by link", _OF_LINK, _SECONDS, TooManyImages)
        self._of_address = limits.of("visitors' images", _OF_ADDRESS, _SECONDS, TooManyImages)

    @contextmanager
    def adding(self, visit: Visit, size: int, address: str) -> Iterator[None]:
        """One more image of a visitor, in a request of so many bytes, before the first of them is read. Raises
        VisitorImageTooLarge, SandboxFull, SandboxesFull or TooManyImages beyond the quota."""
        if size > MOST_BODY_BYTES:
            raise VisitorImageTooLarge()
        coming = size + rows.EMBEDDING_BYTES
        self._coming[visit.project_id] += 1
        self._bytes_coming += coming
        try:
            with self._db.read() as session:
                own, every = rows.filled(session, visit.project_id), rows.filled(session)
            if own.images + self._coming[visit.project_id] > MOST_IMAGES:
                raise SandboxFull()
            if (
                every.images + self._coming.total() > _MOST_OF_ALL
                or every.bytes + self._bytes_coming > _BYTES_OF_ALL
            ):
                raise SandboxesFull()
            with self._of_link.use(visit.link_id), self._of_address.use(address):
                yield
        finally:
            self._bytes_coming -= coming
            self._coming[visit.project_id] -= 1
            if not self._coming[visit.project_id]:
                del self._coming[visit.project_id]

    def check_room(self, actor: Actor, project_id: str, image_id: str) -> None:
        """After an image was added: only now is known how much room it takes, which may be many times that of its
        file, and what came in at other processes meanwhile. Raises SandboxesFull or SandboxFull where that is too much,
        and then the image is gone."""
        with self._db.read() as session:
            own, every = rows.filled(session, project_id), rows.filled(session)
        if own.images > MOST_IMAGES:
            self.remove(actor, project_id, image_id)
            raise SandboxFull()
        if every.images > _MOST_OF_ALL or every.bytes > _BYTES_OF_ALL:
            self.remove(actor, project_id, image_id)
            raise SandboxesFull()

    def remove(self, actor: Actor, project_id: str, image_id: str) -> None:
        """A visitor's own image, at once and for good. Raises ProjectNotFound, ImageNotFound."""
        with self._unit_of_work(actor, reserved=True) as work:
            session = work.session
            place, _ = found_place(session, project_id, image_id)
            session.delete(place)
            session.flush()
            keys = {
                key
                for image in images.unused(session, 1, [image_id])
                for key in images.remove(session, image)
            }
            work.tell("images:removed", project_id, {"images": [image_id]})
        with afterwards("deleting files of a visitor's image"):
            self._forget([image_id])
            self._pools.store(self._blobs.delete, keys)
