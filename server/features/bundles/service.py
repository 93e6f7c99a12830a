"""Puts a bundle together: images of a project with their embeddings and objects, its labels, a segmenter's decoder."""

import time
from collections.abc import Sequence
from functools import partial
from pathlib import PurePosixPath

from ...contract import to_json
from ...domain.policy import Actor
from ...domain.times import timestamp
from ...domain.visits import Visit
from ...errors import BadRequest, Forbidden, Unavailable
from ...inference.catalog import SegmenterSpec
from ...storage.blobs import BlobStore
from ...storage.engine import Database
from ...storage.rows.finding import found_place
from ...storage.tables import Embedding as Row
from ...storage.tables import Image, ProjectImage
from ..annotations.service import Annotations
from ..embeddings.schema import Embedding
from ..embeddings.service import Embeddings
from ..images.schema import Image as ImageJson
from ..pictures.files import ImageFiles
from ..pictures.rendering import parse_rendering, version_of
from ..projects.labels import Labels
from ..projects.service import Projects
from ..segmenters.schema import Network, Segmenter
from .page import ENGLISH, Content, Read, Words

MOST_IMAGES = 50
_PATIENCE_SECONDS = 30.0  # for all images that were not encoded before


class Bundles:
    def __init__(
        self,
        db: Database,
        blobs: BlobStore,
        image_files: ImageFiles,
        embeddings: Embeddings,
        annotations: Annotations,
        labels: Labels,
        projects: Projects,
    ) -> None:
        self._db, self._blobs, self._image_files = db, blobs, image_files
        self._embeddings, self._annotations = embeddings, annotations
        self._labels, self._projects = labels, projects

    def content(
        self,
        actor: Actor,
        project_id: str,
        image_ids: Sequence[str],
        spec: SegmenterSpec | None = None,
        objects: bool = False,
        words: Words = ENGLISH,
    ) -> Content:
        """With the objects that the actor works with, if `objects`. Images that are not encoded yet are.

        Raises ProjectNotFound, ImageNotFound, BadRequest; EmbeddingTimeout after
        half a minute, of which all that was done is kept; Unavailable, ImageFileLost and what encoding fails with."""
        if not 1 <= len(image_ids) <= MOST_IMAGES:
            raise BadRequest(f"A bundle has 1 to {MOST_IMAGES} images.", hint="Choose fewer images.")
        spec = spec or self._projects.segmenter(project_id)
        with self._db.read() as session:
            places = [found_place(session, project_id, image_id) for image_id in image_ids]
        files: dict[str, Read] = {
            "decoder/prepare.onnx": spec.prepare_path.read_bytes,
            "decoder/decoder.onnx": spec.decoder_path.read_bytes,
        }
        images, until = [], time.monotonic() + _PATIENCE_SECONDS
        for number, (place, image) in enumerate(places, 1):
            described, read = self._image(number, place, image, spec, until)
            images.append(described)
            files |= read
        labels = [to_json(each) for each in self._labels.of_project(project_id).labels]
        drawn = [
            each
            for image_id in (image_ids if objects else ())
            for each in self._annotations.of_image(actor, image_id, project_id)
        ]
        title = self._projects.find(project_id).name if len(images) > 1 else images[0].name
        return Content(title, images, labels, drawn, _segmenter(spec), files, words)

    def embedded(self, actor: Actor, base: str) -> Content:
        """The image of a visitor's link with what is on it, as a page in a frame has it; its files are below `base`.

        Raises ProjectNotFound, ImageNotFound."""
        visit = _visit_of(actor)
        spec = self._projects.segmenter(visit.project_id)
        with self._db.read() as session:
            place, image = found_place(session, visit.project_id, visit.image_id or "")
        described = _described(place, image, spec, f"{base}/image", f"{base}/embedding")
        labels = [to_json(each) for each in self._labels.of_project(visit.project_id).labels]
        drawn = self._annotations.of_image(actor, image.id, visit.project_id)
        segmenter = _segmenter(spec, f"{base}/decoder")
        role = "annotator" if visit.kind == "try" else "viewer"
        return Content(place.name, [described], labels, drawn, segmenter, {}, role=role)

    def encoded(self, actor: Actor) -> Row:
        """The embedding of the image of a visitor's link, once it is there. Raises as `content`."""
        visit = _visit_of(actor)
        with self._db.read() as session:
            _, image = found_place(session, visit.project_id, visit.image_id or "")
        spec = self._projects.segmenter(visit.project_id)
        return self._embeddings.wait(image, spec, _PATIENCE_SECONDS)

    def _image(
        self, number: int, place: ProjectImage, image: Image, spec: SegmenterSpec, until: float
    ) -> tuple[ImageJson, dict[str, Read]]:
        """As the page has it, and its files: itself, and its embedding."""
        row = self._embeddings.wait(image, spec, max(0.0, until - time.monotonic()))
        container = self._embeddings.content(row, "identity")
        if container is None:
            raise Unavailable(
                f"The image {place.name!r} has to be encoded again.", hint="Try again in a minute."
            )
        key = self._image_files.display(image)
        name = f"images/{number}{PurePosixPath(key).suffix}"
        described = _described(place, image, spec, name, f"{image.id}.embedding")
        return described, {name: partial(_read, self._blobs, key), f"{image.id}.embedding": lambda: container}


def _visit_of(actor: Actor) -> Visit:
    if actor.visit is None:
        raise Forbidden("Only visitors may do this.")
    return actor.visit


def _described(
    place: ProjectImage, image: Image, spec: SegmenterSpec, file: str, embedding: str
) -> ImageJson:
    return ImageJson(
        id=image.id,
        name=place.name,
        width=image.width,
        height=image.height,
        bytes=image.bytes,
        format=image.format,
        sha256=image.sha256,
        created_at=timestamp(image.created_at),
        rendering=None,
        version=version_of(parse_rendering(image.rendering)),
        file_url=file,
        thumbnail_url="",
        annotation_count=0,
        embedding=Embedding(spec.id, spec.weights, "ready", None, None, None, embedding, None),
    )


def _read(blobs: BlobStore, key: str) -> bytes:
    with blobs.open(key) as file:
        return file.read()


def _segmenter(spec: SegmenterSpec, base: str = "decoder") -> Segmenter:
    prepare, decoder = (
        Network(f"{base}/{path.name}", path.stat().st_size) for path in (spec.prepare_path, spec.decoder_path)
    )
    return Segmenter(
        id=spec.id,
        title=spec.title,
        weights=spec.weights,
        licence=spec.licence,
        resize=spec.resize,
        prepare=prepare,
        decoder=decoder,
        encoder_bytes=spec.encoder_bytes,
        encoder_seconds=None,
        quality=None,
        default=True,
    )
