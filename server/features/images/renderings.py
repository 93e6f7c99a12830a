"""How images are shown: the copies that browsers and encoders see are made again with other bands and another range."""

from typing import Any

from ...errors import Conflict, InvalidImage
from ...runtime.afterwards import afterwards
from ...runtime.fair import Sender
from ...runtime.notifier import Notifier
from ...storage.blobs import BlobStore
from ...storage.engine import Database
from ...storage.rows import embeddings as embedding_rows
from ...storage.rows.finding import found_place
from ..embeddings.service import Embeddings
from ..pictures.files import ImageFiles, copies_keys
from ..pictures.reader import PictureReader
from ..pictures.rendering import parse_rendering, told_rendering


class Renderings:
    def __init__(
        self,
        db: Database,
        blobs: BlobStore,
        files: ImageFiles,
        reader: PictureReader,
        embeddings: Embeddings,
        notifier: Notifier,
    ) -> None:
        self._db, self._blobs, self._files, self._reader = db, blobs, files, reader
        self._embeddings, self._notifier = embeddings, notifier

    def set(self, project_id: str, image_id: str, told: Any, sender: Sender) -> None:
        """Show an image so from now on, in every project that has it; its embeddings are forgotten. `told`: see
        `parse_rendering`; null for as it comes.

        Raises ProjectNotFound, ImageNotFound, ImageFileLost, BadRequest, Conflict for bands that it has not."""
        rendering = parse_rendering(told)
        with self._db.read() as session:
            _, image = found_place(session, project_id, image_id)
        if parse_rendering(image.rendering) == rendering:
            return
        try:
            with self._blobs.local(self._files.original(image)) as path:
                copies = self._reader.copies(path, sender, rendering)
        except InvalidImage as error:
            raise Conflict(error.message, hint=error.hint) from error
        if (copies.width, copies.height) != (image.width, image.height):
            raise Conflict("The image would change size, so its objects would no longer fit.")
        display, thumbnail = copies_keys(image_id, image.original_key, copies, rendering)
        self._files.write_copies(display, thumbnail, copies)
        with self._db.write() as session:
            _, image = found_place(session, project_id, image_id)
            former = {image.display_key, image.thumbnail_key}
            image.display_key, image.display_type, image.thumbnail_key = (
                display,
                copies.display_type,
                thumbnail,
            )
            image.rendering = told_rendering(rendering)
            former.update(embedding_rows.remove_of_image(session, image_id))
        former -= {image.original_key, display, thumbnail}
        with afterwards("forgetting what was encoded"):
            self._embeddings.forget([image_id])
        with afterwards("telling of another rendering"):
            self._notifier.send(
                "image:changed", image_id, {"project": project_id, "rendering": image.rendering}
            )
        with afterwards("deleting the former copies"):
            self._blobs.delete(former)
