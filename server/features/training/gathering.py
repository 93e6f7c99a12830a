"""Puts what a project's people have segmented into a folder, for a program that trains on it."""

import logging
import random
import time
from collections.abc import Callable, Sequence
from typing import TypeVar

from ...domain.frames import INPUT_SIDE
from ...domain.outside.ids import some_of
from ...errors import (
    Conflict,
    ImageFileLost,
    InvalidDataset,
    InvalidImage,
    NotFound,
    SamphireError,
    Unavailable,
)
from ...inference.catalog import SegmenterSpec
from ...inference.training_plan import LEAST_AREA, LEAST_IMAGES, Part, part_of, shares
from ...inference.training_set import SetWriter, TrainingObject, TrainingSet, pixels_of, read_set
from ...runtime.pools import Pools
from ...runtime.queue.base import Urgency
from ...runtime.queue.handlers import Running
from ...storage.blobs import BlobStore
from ...storage.engine import Database
from ...storage.rows import embeddings as embedding_rows
from ...storage.rows.finding import found_place
from ...storage.rows.training import examples
from ...storage.tables import Image, Training
from ..embeddings.service import Embeddings
from ..pictures.files import ImageFiles
from .folders import Folders

log = logging.getLogger(__name__)

MOST_IMAGES = 2000  # of a training: 1 MB each on the disk, up to 4 MB with their pixels
_PIXEL_BYTES = 3 * INPUT_SIDE**2  # at most
_CODING = "identity"
_LEAST_HELD_OUT = 2  # images; one alone has no standard error
T = TypeVar("T")


class Gathering:
    def __init__(
        self,
        db: Database,
        embeddings: Embeddings,
        blobs: BlobStore,
        files: ImageFiles,
        pools: Pools,
        folders: Folders,
    ) -> None:
        self._db, self._embeddings, self._pools, self._folders = db, embeddings, pools, folders
        self._blobs, self._files = blobs, files

    def gather(
        self,
        running: Running,
        training: Training,
        spec: SegmenterSpec,
        pixels: bool,
        tell: Callable[[float, float | None], None],
    ) -> tuple[int, int]:
        """How many images and objects there are in the set, which is whole or not there at all; one that has
        been trained on stays. `pixels`: it needs the images themselves, too. `tell`: is given how much is done, and
        the seconds that are left.

        Raises Conflict where there are too few, StorageFull before anything is written, Unavailable, OSError."""
        kept = self._pools.compute(self._kept, training.id, pixels)
        if kept is not None:
            return _sizes(kept)
        with self._db.read() as session:
            found = examples.images(session, training.project_id, training.label_id, LEAST_AREA)
        chosen = [image_id for image_id, _ in drawn(found, training.id)]
        self._folders.check_room(self._bytes(chosen, spec, pixels))
        writer = SetWriter(self._folders.clear_set(training.id, chosen), spec.id, spec.encoding)
        began = time.monotonic()
        for number, image_id in enumerate(chosen):
            if running.cancelled:
                return 0, 0
            seconds = time.monotonic() - began
            tell(number / len(chosen), seconds / number * (len(chosen) - number) if number else None)
            self._add(writer, training, spec, pixels, image_id)
        made = self._pools.compute(writer.close)
        check_enough([image.part for image in made.images])
        return _sizes(made)

    def _kept(self, run_id: str, pixels: bool) -> TrainingSet | None:
        """The set that has been trained on, where it is there with all that is needed."""
        if not self._folders.has_begun(run_id):
            return None
        try:
            kept = read_set(self._folders.set_path(run_id))
        except InvalidDataset:
            return None
        return None if pixels and any(image.pixels is None for image in kept.images) else kept

    def _bytes(self, chosen: list[str], spec: SegmenterSpec, pixels: bool) -> int:
        """What will be written: the set, embeddings that are missing, and an encoder where one is trained."""
        embedding = sum(each.channels * (each.grid**2 + 8) for each in spec.embedding)
        set_bytes = len(chosen) * (embedding + (_PIXEL_BYTES if pixels else 0))
        missing = count_missing(self._db, chosen, spec)
        return set_bytes + missing * embedding + (spec.encoder_bytes if pixels else 0)

    def _add(
        self, writer: SetWriter, training: Training, spec: SegmenterSpec, pixels: bool, image_id: str
    ) -> None:
        """Not an image that is gone, or that cannot be encoded."""
        with self._db.read() as session:
            try:
                place, image = found_place(session, training.project_id, image_id)
            except NotFound:
                return
            found = examples.on_image(session, training.project_id, image_id, training.label_id, LEAST_AREA)
            objects = [
                TrainingObject(f"{each.label} {number}", each.label, each.rle_counts)
                for number, each in enumerate(found, start=1)
            ]
            name, part = place.name, part_of(place.split)
        container = self._container(image, spec) if objects else None
        if container is None:
            return
        size = (image.width, image.height)
        try:
            seen = self._pixels(image, spec) if pixels else None
        except (InvalidImage, ImageFileLost) as error:
            log.warning("Training leaves out the image %s: %s", image.id, error.message)
            return
        picture = self._picture(image)
        self._pools.compute(writer.add, name, size, container, objects, picture, seen, part)

    def _pixels(self, image: Image, spec: SegmenterSpec) -> bytes:
        rgb = self._files.rgb(image)
        return self._pools.compute(pixels_of, rgb, spec.frame(image.width, image.height))

    def _picture(self, image: Image) -> bytes | None:
        """A small copy, for the report."""
        try:
            return self._pools.store(_read, self._blobs, self._files.thumbnail(image))
        except (SamphireError, FileNotFoundError) as error:
            log.warning("The report will not show the image %s: %s", image.id, error)
            return None

    def _container(self, image: Image, spec: SegmenterSpec) -> bytes | None:
        for _ in range(2):  # the second time when a damaged embedding had to be recreated
            try:
                row = self._embeddings.wait(image, spec, None, Urgency.AHEAD)
            except Unavailable:
                raise  # a full disk, a locked database: nothing is wrong with this image
            except SamphireError as error:
                log.warning("Training leaves out the image %s: %s", image.id, error.message)
                return None
            container = self._embeddings.content(row, _CODING)
            if container is not None:
                return container
        return None


def _read(blobs: BlobStore, key: str) -> bytes:
    with blobs.open(key) as file:
        return file.read()


def count_missing(db: Database, image_ids: Sequence[str], spec: SegmenterSpec) -> int:
    """How many of these images are not encoded yet."""
    with db.read() as session:
        made = [embedding_rows.of_images(session, list(some), spec.encoding) for some in some_of(image_ids)]
    return len(image_ids) - sum(map(len, made))


def _sizes(found: TrainingSet) -> tuple[int, int]:
    return len(found.images), sum(len(image.objects) for image in found.images)


def drawn(images: list[T], seed: str) -> list[T]:
    """Those that are used, in their order; the same each time for the same seed."""
    if len(images) <= MOST_IMAGES:
        return images
    kept = set(random.Random(seed).sample(range(len(images)), MOST_IMAGES))
    return [each for number, each in enumerate(images) if number in kept]


def check_enough(parts: Sequence[Part | None]) -> None:
    """`parts`: that people have chosen for the images. Raises Conflict."""
    if len(parts) < LEAST_IMAGES:
        raise Conflict(
            f"Training needs at least {LEAST_IMAGES} images with objects; there are {len(parts)}.",
            hint="Annotate more images first. Skipped, returned and flagged images don't count.",
        )
    divided = shares(parts)
    if divided.held_out < _LEAST_HELD_OUT:
        raise Conflict(
            f"Training needs at least {_LEAST_HELD_OUT} images with objects to judge the result by; "
            f"there is {divided.held_out}.",
            hint="Put more images into the val or test split, or take some out of train.",
        )
    if divided.training < 1:
        raise Conflict(
            "Too few images with objects are left to train on: the others are in the val or test split.",
            hint="Annotate more images of the train split.",
        )
