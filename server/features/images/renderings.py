"""How images are shown: the copies that browsers and encoders see are made again with other bands and another range."""

from ...contract import to_json
from ...domain.policy import Actor
from ...errors import Conflict, InvalidImage
from ...runtime.afterwards import afterwards
from ...runtime.fair import Sender
from ...storage.blobs import BlobStore
from ...storage.engine import Database
from ...storage.rows import embeddings as embedding_rows
from ...storage.rows.finding import found_place
from ...storage.unit_of_work import UnitsOfWork
from ..embeddings.service import Embeddings
from ..pictures.files import ImageFiles, copies_keys
from ..pictures.reader import PictureReader
from ..pictures.rendering import parse_rendering, told_rendering
from .schema import Rendering as Told


class Renderings:
    def __init__(
        self,
        db: Database,
        blobs: BlobStore,
        files: ImageFiles,
        reader: PictureReader,
        embeddings: Embeddings,
        unit_of_work: UnitsOfWork,
    ) -> None:
        self._db, self._blobs, self._files, self._reader = db, blobs, files, reader
        self._embeddings, self._unit_of_work = embeddings, unit_of_work

    def set(self, actor: Actor, project_id: str, image_id: str, told: Told | None, sender: Sender) -> None:
        """Show an image so from now on, in every project that has it; its embeddings are forgotten. `told`: None
        for as it comes.

        Raises ProjectNotFound, ImageNotFound, ImageFileLost, BadRequest, Conflict for bands that it has not."""
        rendering = parse_rendering(to_json(told))
        with self._db.read() as session:
            _, image = found_place(session, project_id, image_id)
        if parse_rendering(image.rendering) == rendering:
            return
        try:
            with self._files.local(self._files.original(image)) as path:
                copies = self._reader.copies(path, sender, rendering)
        except InvalidImage as error:
            raise Conflict(error.message, hint=error.hint) from error
        if (copies.width, copies.height) != (image.width, image.height):
            raise Conflict("The image would change size, so its objects would no longer fit.")
        display, thumbnail = copies_keys(image_id, image.original_key, copies, rendering)
        self._files.write_copies(display, thumbnail, copies)
        with self._unit_of_work(actor) as work:
            _, image = found_place(work.session, project_id, image_id)
            former = {image.display_key, image.thumbnail_key}
            image.display_key, image.display_type, image.thumbnail_key = (
                display,
                copies.display_type,
                thumbnail,
            )
            image.rendering = told_rendering(rendering)
            former.update(embedding_rows.remove_of_image(work.session, image_id))
            work.tell("image:changed", project_id, {"rendering": image.rendering}, image_id)
        former -= {image.original_key, display, thumbnail}
        with afterwards("forgetting what was encoded"):
            self._embeddings.forget([image_id])
        with afterwards("deleting the former copies"):
            self._blobs.delete(former)
