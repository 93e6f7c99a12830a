"""Embeddings: encode each image once however many ask, and windows of it, keep what came out, hand it to browsers and
predictions.

A job per image, encoder and window; its result is a blob and then a row, so a killed process leaves neither or both (or
a blob nobody knows, which the janitor finds), and the next one does the job. The row takes the place of those that no
installed segmenter decodes any more. Of windows an image keeps a limited number. Knows nothing of HTTP or sockets.
"""

import time
from collections.abc import Callable, Collection

from sqlalchemy.exc import IntegrityError

from ...contract import to_json
from ...domain.compression import STORED, Damaged, recode
from ...domain.embedding_codec import Embedding
from ...domain.policy import MACHINE, Actor
from ...errors import EmbeddingTimeout, EncodingFailed, ImageNotFound, Unavailable
from ...inference.catalog import SegmenterSpec
from ...runtime.afterwards import afterwards
from ...runtime.bus import Bus
from ...runtime.byte_cache import ByteCache
from ...runtime.pools import Pools
from ...runtime.queue.base import GOING, Job, JobQueue, JobStatus, Urgency
from ...runtime.queue.handlers import Handler, Lane, Running
from ...runtime.sharing import SingleFlight
from ...storage.blobs import BlobStore
from ...storage.engine import Database
from ...storage.rows import embeddings as rows
from ...storage.rows import images
from ...storage.tables import Embedding as Row
from ...storage.tables import Image, now
from ..accounts.limits import ALONE, Limits
from ..pictures.files import ImageFiles
from ..segmenters.service import Segmenters
from . import containers, schema
from .close_ups import CloseUps
from .crops import Crops
from .described import described
from .encoder_seconds import EncoderSeconds
from .jobs import ENCODE, encode_job, encodes

_RECODED_BYTES = 32_000_000  # codings other than the stored one, of 1 to 4 MB each
_MOST_WINDOWS = 32  # of an image and a segmenter, 0.7 MB each; the longest unused goes first
_USED_SECONDS = 60.0  # how exactly it is known when a window was used


class Embeddings:
    """One per process. The caller looks up the spec, whose `encoding` says which embeddings it decodes: all that have
    the same share them. `window`: the key of one that the image has, or "" for the whole image."""

    def __init__(
        self,
        segmenters: Segmenters,
        db: Database,
        blobs: BlobStore,
        pools: Pools,
        queue: JobQueue,
        bus: Bus,
        limits: Limits = ALONE,
    ) -> None:
        self._segmenters, self._db, self._blobs, self._pools = segmenters, db, blobs, pools
        self._crops = Crops(ImageFiles(blobs, pools))
        self._bus = bus
        self._queue, self._close_ups = queue, CloseUps(queue, limits)
        self._queue.listen(self._tell, lambda job: job.kind == ENCODE and bus.is_watched(job.args["image"]))
        self.handler = Handler(self._encode, Lane(ENCODE), failure=EncodingFailed)
        self._shared = SingleFlight()
        self._seconds = EncoderSeconds(db)
        self.on_forget: list[Callable[[Collection[str]], None]] = []  # told the ids of what `forget` is told
        self._recoded: ByteCache[bytes] = ByteCache(_RECODED_BYTES, len, "embedding codings")

    def encoder_seconds(self, spec: SegmenterSpec) -> float | None:
        """Median of its encoder's recent encodings on this machine; None before the first."""
        return self._seconds.median(spec.encoding)

    def describe(self, image: Image, spec: SegmenterSpec, window: str = "") -> schema.Embedding:
        """As the API tells of it."""
        job = encode_job(image.id, self._segmenters.maker_for(spec), window=window)
        return self._object(job, self.find(image, spec, window))

    def describe_all(self, pictures: list[Image], spec: SegmenterSpec) -> dict[str, schema.Embedding]:
        """The same for many whole images at once, by image id."""
        with self._db.read() as session:
            done = rows.of_images(session, [image.id for image in pictures], spec.encoding)
        maker = self._segmenters.maker_for(spec)
        return {image.id: self._object(encode_job(image.id, maker), done.get(image.id)) for image in pictures}

    def ensure(
        self,
        image: Image,
        spec: SegmenterSpec,
        urgency: Urgency = Urgency.WANTED,
        window: str = "",
        actor: Actor = MACHINE,
    ) -> schema.Embedding:
        """Have the image encoded for the actor unless it is, or is about to be; tries a failed one again. Whoever looks
        into one window has left the one before. Raises TooManyCloseUps."""
        row = self.find(image, spec, window)
        job = encode_job(image.id, self._segmenters.maker_for(spec), urgency, window)
        status = self._submit_for(actor, job) if row is None else None
        if window:
            self._close_ups.look(job)
        return self._object(job, row, status)

    def leave(self, image_id: str) -> None:
        """Nobody looks at the image any more: others are encoded first."""
        self._queue.ease(lambda job: encodes(job, image_id))

    def find(self, image: Image, spec: SegmenterSpec, window: str = "") -> Row | None:
        """The row of a finished embedding."""
        with self._db.read() as session:
            return rows.find(session, image.id, spec.encoding, window)

    def wait(
        self,
        image: Image,
        spec: SegmenterSpec,
        timeout: float | None,
        urgency: Urgency = Urgency.WANTED,
        window: str = "",
        actor: Actor = MACHINE,
    ) -> Row:
        """The finished embedding's row, encoding the image for the actor if need be.

        Raises TooManyCloseUps, EmbeddingTimeout after `timeout` seconds (None: never), the encoding's own error,
        ImageNotFound when the image is deleted meanwhile, SegmenterNotFound when the segmenter is replaced meanwhile,
        Unavailable when the server stops.
        """
        row = self.find(image, spec, window)
        if row is not None:
            return row
        job = encode_job(image.id, self._segmenters.maker_for(spec), urgency, window)
        if window:
            self._close_ups.look(job)
        for _ in range(2):  # the second time when it was given up meanwhile, with another place of the image
            failure = self._queue.status(job.key).error
            if failure is None or isinstance(failure, Unavailable):  # the disk may have room again
                self._submit_for(actor, job)
            status = self._queue.wait(job.key, timeout)
            row = self.find(image, spec, window)
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

    def load(self, row: Row, spec: SegmenterSpec) -> Embedding | None:
        """The dequantised embedding, 4 to 17 MB, for just this segmenter; None when its blob is lost, damaged or
        another's: then `wait` anew."""
        self._note_use(row)
        try:
            return self._pools.compute(containers.unpack, self._stored(row), spec)
        except (FileNotFoundError, Damaged):
            self._forget_row(row)
            return None

    def content(self, row: Row, coding: str) -> bytes | None:
        """The container in a content coding (see `compression`); None when its blob is lost or damaged."""
        self._note_use(row)
        key = (*containers.key_of(row), coding)
        data = self._recoded.get(key)
        if data is None:
            try:
                data = self._shared.run(
                    ("content", key),
                    lambda: self._pools.compute(recode, self._stored(row), coding),
                )
            except (FileNotFoundError, Damaged):
                self._forget_row(row)
                return None
            if coding != STORED:
                self._recoded.put(key, data)
        return data

    def forget(self, image_ids: Collection[str]) -> None:
        """These images are removed: stop working on them and empty the caches. Rows and blobs stay with the images."""
        self._queue.cancel(lambda job: job.kind == ENCODE and job.args["image"] in image_ids)
        self._recoded.drop_where(lambda key: isinstance(key, tuple) and key[0] in image_ids)
        self._crops.forget()
        for listener in self.on_forget:
            listener(image_ids)

    def remove_outdated(self, image_id: str, spec: SegmenterSpec) -> None:
        """Forget what is filed under the segmenter and neither it nor another one decodes any more."""
        with self._db.write(reserved=True) as session:
            in_use = self._segmenters.encodings() | {spec.encoding}  # which may just have been replaced
            keys = rows.remove_outdated(session, image_id, spec.id, in_use)
        self._delete(keys)

    def _stored(self, row: Row) -> bytes:
        """Raises FileNotFoundError."""
        return self._pools.store(containers.read, self._blobs, row.blob_key)

    def _submit_for(self, actor: Actor, job: Job) -> JobStatus:
        state = self._queue.status(job.key).state
        if state not in GOING and ("window" in job.args or state == "failed"):
            self._close_ups.admit(actor)
        return self._queue.submit(job)

    def _note_use(self, row: Row) -> None:
        if row.window and (now() - row.used_at).total_seconds() > _USED_SECONDS:
            with afterwards("noting that a window is used"), self._db.write() as session:
                rows.note_use(session, row, now())

    def _encode(self, running: Running) -> None:
        """The handler."""
        args, window = running.job.args, running.job.args.get("window", "")
        spec = self._segmenters.find_maker(args["segmenter"], args["weights"])
        with self._db.read() as session:
            image = images.find(session, args["image"])
            done = rows.find(session, args["image"], spec.encoding, window)
        if image is None or done is not None:
            return
        self._db.check_room()
        encoder = self._segmenters.encoder(spec)
        started = time.perf_counter()
        rgb = self._crops.rgb(image, window)
        tensors = self._pools.encode(encoder.encode, rgb)
        data = self._pools.compute(containers.pack, tensors, spec, (rgb.shape[1], rgb.shape[0]))
        if running.cancelled:
            return
        seconds = time.perf_counter() - started
        key = containers.new_key(image.id, spec, window)
        row = Row(
            image_id=image.id,
            segmenter=spec.id,
            weights=spec.encoding,
            window=window,
            blob_key=key,
            bytes=len(data),
            seconds=seconds,
        )
        outdated: list[str] | None = None
        try:
            self._pools.store(self._blobs.put, key, data)
            if not running.cancelled:
                outdated = self._save(row, spec, image.display_key)
        finally:
            self._delete([key] if outdated is None else outdated)
        if outdated is not None:
            self._seconds.add(spec.encoding, seconds)

    def _delete(self, keys: list[str]) -> None:
        with afterwards("deleting files of older embeddings"):
            self._pools.store(self._blobs.delete, keys)

    def _save(self, row: Row, spec: SegmenterSpec, display_key: str) -> list[str] | None:
        """The keys of blobs in whose place this one comes; None when the image was deleted or changed meanwhile, or
        another process was faster. Outdated windows go with the whole image's embedding, which alone is renewed. Raises
        SegmenterNotFound."""
        try:
            with self._db.write() as session:  # before its turn others may have stored what is newer
                self._segmenters.check_current(spec)
                in_use = self._segmenters.encodings() | {row.weights}
                image = images.find(session, row.image_id)
                if image is None or image.display_key != display_key:
                    return None
                if rows.find(session, row.image_id, row.weights, row.window) is not None:
                    return None
                rows.save(session, row)
                if not row.window:
                    return rows.remove_outdated(session, row.image_id, row.segmenter, in_use)
                return rows.remove_windows(session, row.image_id, row.segmenter, _MOST_WINDOWS)
        except IntegrityError:
            return None

    def _forget_row(self, row: Row) -> None:
        with self._db.write(reserved=True) as session:
            rows.remove(session, row)
        self._delete([row.blob_key])

    def _object(self, job: Job, row: Row | None, status: JobStatus | None = None) -> schema.Embedding:
        status = status or self._queue.status(job.key)
        return described(job, row, status, self._seconds_left(job, status))

    def _seconds_left(self, job: Job, status: JobStatus) -> float | None:
        one = self._seconds.median(job.args["weights"])
        if one is None or status.state not in ("queued", "running"):
            return None
        under_way = status.seconds_running or self._queue.seconds_running(ENCODE) or 0.0
        left = max(0.0, one - under_way)
        return round(left + one * (status.position or 0), 2)

    def _tell(self, job: Job, status: JobStatus) -> None:
        if job.kind != ENCODE or not self._bus.concerns(job.args["image"]):
            return
        image_id = job.args["image"]
        row = None
        event = "embedding:failed" if status.state == "failed" else "embedding:progress"
        if status.state == "none":
            with self._db.read() as session:
                row = rows.find(session, image_id, job.args["weights"], job.args.get("window", ""))
            event = "embedding:ready" if row is not None else event
        self._bus.send(event, image_id, to_json(self._object(job, row, status)))
