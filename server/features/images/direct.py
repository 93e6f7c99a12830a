"""Images that browsers put into the bucket themselves: where to, for a while, and fetching them from there.

A person's have keys of their own, so nobody else can name them, and are few at a time: those of which the server is
never told are not kept for long (`BlobStore.drop_uploads`)."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from secrets import token_hex

from ...domain.policy import Actor
from ...errors import TooManyRequests, UploadNotFound
from ...runtime.pools import Pools
from ...storage.blobs import INCOMING, UPLOAD_TYPE, BlobStore
from ..accounts.limits import ALONE, Limits
from .schema import DirectUpload
from .uploads import Received, Uploads

MOST_UNFINISHED, _SECONDS = 64, 3600.0
_ID = re.compile("[0-9a-f]{32}")
_OWNER = "owner"  # of a server without accounts


def _too_many() -> TooManyRequests:
    return TooManyRequests(
        "Too many uploads to the bucket are unfinished.", hint="Send the image to this server instead."
    )


class DirectUploads:
    def __init__(self, uploads: Uploads, blobs: BlobStore, pools: Pools, limits: Limits = ALONE) -> None:
        self._uploads, self._blobs, self._pools = uploads, blobs, pools
        self._unfinished = limits.of("direct uploads", MOST_UNFINISHED, _SECONDS, _too_many)

    def offer(self, actor: Actor, size: int) -> DirectUpload:
        """Where so many bytes can be put. Raises TooLarge, InvalidImage, TooManyRequests; UploadNotFound where the
        store takes none from browsers."""
        self._uploads.check_size(size)
        upload_id = token_hex(16)
        url = self._pools.store(self._blobs.upload_url, _key(actor, upload_id), size)
        if url is None:
            raise UploadNotFound("This server takes all images itself.")
        self._unfinished.begin(_owner(actor))
        return DirectUpload(upload_id, url, UPLOAD_TYPE)

    @contextmanager
    def fetch(self, actor: Actor, upload_id: str) -> Iterator[Received]:
        """One that was put there; whatever becomes of it, it is gone at the end. Raises UploadNotFound, and as
        `Uploads.fetch`."""
        if not _ID.fullmatch(upload_id):
            raise UploadNotFound()
        try:
            with self._uploads.fetch(_key(actor, upload_id)) as received:
                self._unfinished.succeeded(_owner(actor))
                yield received
        except FileNotFoundError:
            raise UploadNotFound() from None


def _owner(actor: Actor) -> str:
    return actor.account or _OWNER


def _key(actor: Actor, upload_id: str) -> str:
    return f"{INCOMING}{_owner(actor)}/{upload_id}"
