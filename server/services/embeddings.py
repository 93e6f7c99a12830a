"""Embeddings: encode each image once however many ask, keep what came out, hand it to browsers and to
predictions.

A job per (image, segmenter, weights); its result is a blob and then a row, so a killed process leaves neither
or both (or a blob nobody knows, swept at the next start). Knows nothing of HTTP or sockets.
"""

import statistics
import time
from collections import deque
from collections.abc import Callable
from typing import Any, Protocol

import numpy as np
from sqlalchemy.exc import IntegrityError

from server.config import Settings
from server.domain import embedding_codec
from server.domain.embedding_codec import Embedding
from server.errors import EmbeddingTimeout, ImageNotFound, InvalidEmbedding, Unavailable
from server.inference.catalog import Catalog, SegmenterSpec
from server.inference.encoder import Encoder
from server.jobs.base import Job, JobKey, JobQueue, JobStatus, Urgency
from server.jobs.pools import Pools
from server.jobs.sharing import SingleFlight
from server.services.byte_cache import ByteCache
from server.services.compression import STORED, Damaged, compress, expand, recode
from server.services.notifier import Notifier
from server.services.pixels import load_rgb
from server.storage import embeddings as rows
from server.storage import images
from server.storage.blobs import BlobStore
from server.storage.engine import Database
from server.storage.tables import Embedding as Row
from server.storage.tables import Image

_RECODED_BYTES = 32_000_000  # codings other than the stored one, of about 1 MB each
_RECENT = 9


class ImageEncoder(Protocol):
    """What `Encoder` is to this file."""

    def encode(self, rgb: np.ndarray) -> dict[str, np.ndarray]: ...


class Embeddings:
    """One per process. `make_encoder(spec, threads)` is replaced in tests."""

    def __init__(
        self,
        settings: Settings,
        catalog: Catalog,
        db: Database,
        blobs: BlobStore,
        pools: Pools,
        queue: JobQueue,
        notifier: Notifier,
        make_encoder: Any = Encoder,
    ) -> None:
        self._settings, self._db, self._blobs, self._pools, self._notifier = (
            settings,
            db,
            blobs,
            pools,
            notifier,
        )
        self._catalog = catalog
        self._make_encoder = make_encoder
        self._encoders: dict[str, ImageEncoder] = {}
        self._queue = queue
        self._queue.listen(self._tell)
        self._shared = SingleFlight()
        self.on_forget: list[Callable[[str], None]] = []  # told the id of each image that is deleted
        self._recoded: ByteCache[bytes] = ByteCache(_RECODED_BYTES, len)
        with db.read() as session:
            weights = self.spec().weights
            latest = rows.recent_seconds(session, settings.segmenter, weights, _RECENT)
        self._recent_seconds: deque[float] = deque(reversed(latest), maxlen=_RECENT)

    def spec(self, segmenter: str | None = None) -> SegmenterSpec:
        """The segmenter of this name, or the configured one. Raises SegmenterNotFound."""
        return self._catalog.find(segmenter or self._settings.segmenter)

    @property
    def encoder_seconds(self) -> float | None:
        """Median of the recent encodings; None before the first."""
        return statistics.median(self._recent_seconds) if self._recent_seconds else None

    def describe(self, image: Image, segmenter: str | None = None) -> dict[str, Any]:
        """The image's "embedding" object of the API."""
        return self.describe_all([image], segmenter)[image.id]

    def describe_all(self, pictures: list[Image], segmenter: str | None = None) -> dict[str, dict[str, Any]]:
        """The same for many images at once, by image id."""
        spec = self.spec(segmenter)
        with self._db.read() as session:
            done = rows.of_images(session, [image.id for image in pictures], spec.id, spec.weights)
        return {image.id: self._object(_key(image.id, spec), done.get(image.id)) for image in pictures}

    def ensure(self, image: Image, segmenter: str | None = None, *, ahead: bool = False) -> dict[str, Any]:
        """Have the image encoded unless it is, or is about to be; tries a failed one again. The "embedding"
        object. `ahead`: before anybody needs it, and after whatever somebody does.
        """
        spec = self.spec(segmenter)
        if self.find(image, segmenter) is None:
            self._submit(image, spec, ahead)
        return self.describe(image, segmenter)

    def find(self, image: Image, segmenter: str | None = None) -> Row | None:
        """The row of a finished embedding."""
        spec = self.spec(segmenter)
        with self._db.read() as session:
            return rows.find(session, image.id, spec.id, spec.weights)

    def wait(self, image: Image, timeout: float | None, segmenter: str | None = None) -> Row:
        """The finished embedding's row, encoding the image if need be.

        Raises EmbeddingTimeout after `timeout` seconds (None: never), the encoding's own error, ImageNotFound
        when the image is deleted meanwhile, Unavailable when the server stops.
        """
        row = self.find(image, segmenter)
        if row is not None:
            return row
        spec = self.spec(segmenter)
        key = _key(image.id, spec)
        if self._queue.status(key).state != "failed":
            self._submit(image, spec)
        status = self._queue.wait(key, timeout)
        row = self.find(image, segmenter)
        if row is not None:
            return row
        if status.error is not None:
            raise status.error
        if status.state != "none":
            raise EmbeddingTimeout()
        with self._db.read() as session:
            if images.find(session, image.id) is None:
                raise ImageNotFound()
        raise Unavailable("The server is stopping.")

    def load(self, row: Row) -> Embedding | None:
        """The dequantised embedding, 4 MB; None when its blob is lost or damaged: then `wait` anew."""
        try:
            return self._pools.compute(_load, self._blobs, row.blob_key)
        except (FileNotFoundError, Damaged):
            self._forget_row(row)
            return None

    def content(self, row: Row, coding: str) -> bytes | None:
        """The container in a content coding (see `compression`); None when its blob is lost or damaged."""
        key = (*_row_key(row), coding)
        data = self._recoded.get(key)
        if data is None:
            try:
                data = self._shared.run(
                    ("content", key), lambda: self._pools.compute(_read, self._blobs, row.blob_key, coding)
                )
            except (FileNotFoundError, Damaged):
                self._forget_row(row)
                return None
            if coding != STORED:
                self._recoded.put(key, data)
        return data

    def forget(self, image_id: str) -> None:
        """The image is deleted: stop working on it and empty the caches. Its rows and blobs go with it."""
        self._queue.cancel(lambda key: key[0] == image_id)
        self._recoded.drop_where(lambda key: isinstance(key, tuple) and key[0] == image_id)
        for listener in self.on_forget:
            listener(image_id)

    def _submit(self, image: Image, spec: SegmenterSpec, ahead: bool = False) -> None:
        urgency = Urgency.AHEAD if ahead else Urgency.WANTED
        self._queue.submit(_key(image.id, spec), lambda job: self._encode(job, image, spec), urgency)

    def _encode(self, job: Job, image: Image, spec: SegmenterSpec) -> None:
        started = time.perf_counter()
        try:
            rgb = self._pools.compute(load_rgb, self._blobs.path(image.display_key))
        except FileNotFoundError:
            raise ImageNotFound("The file of this image is missing from the data folder.") from None
        tensors = self._pools.encode(self._run_encoder, spec, rgb)
        size = (image.width, image.height)
        data = self._pools.compute(_pack, tensors, spec, size)
        if job.cancelled:
            return
        seconds = time.perf_counter() - started
        key = f"embeddings/{image.id[:2]}/{image.id}/{spec.id}-{spec.weights[:12]}.semb.{STORED}"
        self._pools.compute(self._blobs.put, key, data)
        row = Row(
            image_id=image.id,
            segmenter=spec.id,
            weights=spec.weights,
            blob_key=key,
            bytes=len(data),
            seconds=seconds,
        )
        if job.cancelled or not self._save(row):
            self._pools.compute(self._blobs.delete, [key])
            return
        self._recent_seconds.append(seconds)

    def _run_encoder(self, spec: SegmenterSpec, rgb: np.ndarray) -> dict[str, np.ndarray]:
        """In the encode pool, one at a time: no lock needed."""
        encoder = self._encoders.get(spec.weights)
        if encoder is None:
            encoder = self._encoders[spec.weights] = self._make_encoder(spec, self._settings.encode_threads)
        return encoder.encode(rgb)

    def _save(self, row: Row) -> bool:
        """False when the image was deleted meanwhile."""
        try:
            with self._db.write() as session:
                rows.save(session, row)
        except IntegrityError:
            return False
        return True

    def _forget_row(self, row: Row) -> None:
        with self._db.write() as session:
            rows.remove(session, row.image_id, row.segmenter, row.weights)

    def _object(self, key: JobKey, row: Row | None, status: JobStatus | None = None) -> dict[str, Any]:
        image_id, segmenter, weights = key
        status = status or self._queue.status(key)
        return {
            "segmenter": segmenter,
            "weights": weights,
            "state": "ready" if row is not None else status.state,
            "position": status.position if row is None else None,
            "seconds_left": self._seconds_left(status) if row is None else None,
            "bytes": row.bytes if row is not None else None,
            "url": f"/api/images/{image_id}/embedding?segmenter={segmenter}&weights={weights}",
            "error": status.error.answer()["error"] if row is None and status.error is not None else None,
        }

    def _seconds_left(self, status: JobStatus) -> float | None:
        one = self.encoder_seconds
        if one is None or status.state not in ("queued", "running"):
            return None
        under_way = self._queue.seconds_running if status.seconds_running is None else status.seconds_running
        left = max(0.0, one - (under_way or 0.0))
        return round(left + one * (status.position or 0), 2)

    def _tell(self, key: JobKey, status: JobStatus) -> None:
        image_id, segmenter, weights = key
        row = None
        event = "embedding:failed" if status.state == "failed" else "embedding:progress"
        if status.state == "none":
            with self._db.read() as session:
                row = rows.find(session, image_id, segmenter, weights)
            event = "embedding:ready" if row is not None else event
        self._notifier.send(event, image_id, self._object(key, row, status))


def _key(image_id: str, spec: SegmenterSpec) -> JobKey:
    return (image_id, spec.id, spec.weights)


def _row_key(row: Row) -> tuple[str, ...]:
    return (row.image_id, row.segmenter, row.weights, row.created_at.isoformat())


def _pack(tensors: dict[str, np.ndarray], spec: SegmenterSpec, size: tuple[int, int]) -> bytes:
    return compress(embedding_codec.encode(tensors, spec.id, spec.weights, size), STORED)


def _load(blobs: BlobStore, key: str) -> Embedding:
    try:
        return embedding_codec.decode(expand(blobs.read(key)))
    except InvalidEmbedding as error:
        raise Damaged(key) from error


def _read(blobs: BlobStore, key: str, coding: str) -> bytes:
    return recode(blobs.read(key), coding)
