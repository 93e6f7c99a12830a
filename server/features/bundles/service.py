"""Puts a bundle together: images of a project with their embeddings and objects, its labels, a segmenter's decoder."""

import time
from collections.abc import Sequence
from functools import partial
from pathlib import PurePosixPath

from ...contract import to_json
from ...domain.policy import Actor
from ...domain.visits import Visit
from ...errors import BadRequest, Unavailable
from ...inference.catalog import DECODER, PREPARE, SegmenterSpec
from ...storage.blobs import BlobStore
from ...storage.engine import Database
from ...storage.rows.finding import found_place
from ...storage.tables import Embedding as Row
from ...storage.tables import Image, ProjectImage
from ..annotations.service import Annotations
from ..embeddings.schema import Embedding
from ..embeddings.service import Embeddings
from ..images.fields import image_fields
from ..images.schema import Image as ImageJson
from ..pictures.files import ImageFiles
from ..projects.labels import Labels
from ..projects.service import Projects
from ..segmenters.described import encoder_of, network_url, segmenter_of
from .page import ENGLISH, Content, Read, Words

MOST_IMAGES = 50
_ENCODER = "encoder/encoder.onnx"
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
        *,
        objects: bool = False,
        own_images: bool = False,
        words: Words = ENGLISH,
    ) -> Content:
        """Images of a project; `objects`: with those that the actor works with; `own_images`: with the encoder, for
        other images of whoever has the page. What is not encoded yet is encoded.

        Raises ProjectNotFound, ImageNotFound, BadRequest; EmbeddingTimeout after half a minute, of which all that was
        done is kept; Unavailable, ImageFileLost and what encoding fails with."""
        if not 1 <= len(image_ids) <= MOST_IMAGES:
            raise BadRequest(f"A bundle has 1 to {MOST_IMAGES} images.", hint="Choose fewer images.")
        spec = self._projects.segmenter(project_id)
        with self._db.read() as session:
            places = [found_place(session, project_id, image_id) for image_id in image_ids]
        files: dict[str, Read] = {
            f"decoder/{PREPARE}": spec.prepare_path.read_bytes,
            f"decoder/{DECODER}": spec.decoder_path.read_bytes,
        }
        if own_images:
            files[_ENCODER] = _encoding_in_browsers(spec).encoder_path.read_bytes
        images, until = [], time.monotonic() + _PATIENCE_SECONDS
        for number, (place, image) in enumerate(places, 1):
            described, read = self._image(number, place, image, spec, until)
            images.append(described)
            files |= read
        drawn = [
            each
            for image_id in (image_ids if objects else ())
            for each in self._annotations.of_image(actor, image_id, project_id)
        ]
        title = self._projects.find(project_id).name if len(images) > 1 else images[0].name
        return Content(
            title=title,
            images=images,
            labels=self._labels_of(project_id),
            annotations=drawn,
            segmenter=segmenter_of(spec, lambda file: f"decoder/{file}"),
            files=files,
            encoder=encoder_of(spec, _ENCODER) if own_images else None,
            words=words,
        )

    def embedded(self, visit: Visit, base: str) -> Content:
        """The image of a link with what is on it, as a page in a frame has it; its files are below `base`.

        Raises ProjectNotFound, ImageNotFound."""
        place, image, spec = self._of_visit(visit)
        described = _described(place, image, spec, f"{base}/image", f"{base}/embedding")
        visitor = Actor("visitor", visit=visit)
        return Content(
            title=place.name,
            images=[described],
            labels=self._labels_of(visit.project_id),
            annotations=self._annotations.of_image(visitor, image.id, visit.project_id),
            segmenter=segmenter_of(spec, lambda file: f"{base}/decoder/{file}"),
            files={},
            role="annotator" if visit.kind == "try" else "viewer",
        )

    def own(self, project_id: str) -> Content:
        """No image: a page for those of whoever looks at it, who encodes them. Raises ProjectNotFound, BadRequest."""
        spec = _encoding_in_browsers(self._projects.segmenter(project_id))
        return Content(
            title=self._projects.find(project_id).name,
            images=[],
            labels=self._labels_of(project_id),
            annotations=[],
            segmenter=segmenter_of(spec, partial(network_url, spec)),
            files={},
            encoder=encoder_of(spec, network_url(spec, spec.encoder_file)),
        )

    def encoded(self, visit: Visit) -> Row:
        """The embedding of a link's image, once it is there. Raises as `content`."""
        _, image, spec = self._of_visit(visit)
        return self._embeddings.wait(image, spec, _PATIENCE_SECONDS)

    def _of_visit(self, visit: Visit) -> tuple[ProjectImage, Image, SegmenterSpec]:
        spec = self._projects.segmenter(visit.project_id)
        with self._db.read() as session:
            return *found_place(session, visit.project_id, visit.image_id or ""), spec

    def _labels_of(self, project_id: str) -> list[dict[str, object]]:
        return [to_json(each) for each in self._labels.of_project(project_id).labels]

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


def _described(
    place: ProjectImage, image: Image, spec: SegmenterSpec, file: str, container: str
) -> ImageJson:
    """As the page has it; its name is the project's, and its files are where `file` and `container` say."""
    ready = Embedding(spec.id, spec.encoding, "ready", None, None, None, container, None, None)
    known = image_fields(image, 0, ready)
    return ImageJson(**known | {"name": place.name, "rendering": None, "file_url": file, "thumbnail_url": ""})


def _encoding_in_browsers(spec: SegmenterSpec) -> SegmenterSpec:
    """It. Raises BadRequest."""
    if not spec.encodes_in_browsers:
        raise BadRequest(
            f"The encoder of {spec.title} is too large for a browser ({spec.encoder_bytes / 1e6:.0f} MB).",
            hint="Choose a project with MobileSAM.",
        )
    return spec


def _read(blobs: BlobStore, key: str) -> bytes:
    with blobs.open(key) as file:
        return file.read()
