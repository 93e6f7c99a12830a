"""The images of projects: listed, uploaded, downloaded."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..errors import InvalidImage, TooLarge
from .connection import Connection
from .exporting import download
from .projects import ProjectLike, path_of
from .resources import Image, read, read_each
from .showing import HEIGHT, WIDTH, Frame, frame_with
from .uploading import FileBody, FormBody, Progress, Uploads, images_in

_PAGE = 500
_Paths = list[Path]


class Images:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(self, project: ProjectLike, **chosen: Any) -> Iterator[Image]:
        """A project's images, fetched page by page. `chosen`: state, label, search, score, person, assigned; sort
        (name, added, state or objects) and order (asc or desc)."""
        path, cursor = path_of(project, "images"), None
        while True:
            page = self._connection.get(path, {**chosen, "limit": _PAGE, "cursor": cursor})
            yield from read_each(Image, page, "images")
            cursor = page.get("next")
            if cursor is None:
                return

    def get(self, project: ProjectLike, image_id: str) -> Image:
        """As it is now. Raises ImageNotFound, which is NotFound."""
        return read(Image, self._connection.get(path_of(project, "images", image_id)))

    def upload(
        self,
        project: ProjectLike,
        path: str | Path,
        *,
        name: str | None = None,
        progress: Progress | None = None,
    ) -> Image:
        """Add an image file. A duplicate is not added: the existing image is returned.

        `name`: may include folders; default: the file's name. `progress(sent, total, name)` counts bytes. Raises
        InvalidImage, TooLarge; OSError if the file cannot be read."""
        path = Path(path)
        called = path.name if name is None else name
        with path.open("rb") as file:
            body = FormBody(FileBody(file, "", called, progress), path.name, {"path": called})
            where = path_of(project, "images")
            return read(Image, self._connection.ask("POST", where, repeatable=True, file=body))

    def upload_folder(
        self, project: ProjectLike, folder: str | Path, *, progress: Progress | None = None
    ) -> Uploads:
        """Add the images in a folder and its subfolders, named by their paths in it. Images that the server refuses are
        listed; any other error stops the upload, and the same call resumes it."""
        folder = Path(folder)
        files: _Paths = images_in(folder)
        total, done = sum(file.stat().st_size for file in files), 0
        uploads = Uploads([], [])
        for file in files:

            def tell(sent: int, _size: int, name: str, before: int = done) -> None:
                if progress is not None:
                    progress(before + sent, total, name)

            try:
                called = file.relative_to(folder).as_posix()
                uploads.images.append(self.upload(project, file, name=called, progress=tell))
            except (InvalidImage, TooLarge) as error:
                uploads.refused.append((file, error))
            done += file.stat().st_size
        return uploads

    def show(
        self,
        image: Image,
        *more: Image,
        objects: bool = False,
        width: int | str = WIDTH,
        height: int | str = HEIGHT,
    ) -> Frame:
        """One or more images of a project in a notebook cell, to segment there. The cell holds a bundle, about 13 MB,
        which needs no server. `objects`: include what is drawn on the images. For managers of the project.

        Raises EmbeddingTimeout, which is Unavailable, while images are being encoded; Forbidden."""
        query = {"images": ",".join(each.id for each in (image, *more)), "objects": int(objects)}
        path = path_of(image.project_id, "bundle")
        return frame_with(self._connection.text(path, query), width, height)

    def set_state(self, image: Image, state: str) -> Image:
        """new, in_progress, attention, skipped or done."""
        return read(Image, self._connection.ask("PATCH", _path(image), {"state": state}, repeatable=True))

    def remove(self, image: Image) -> None:
        """Move it to the project's trash, from which it can be restored for 30 days."""
        self._connection.ask("DELETE", _path(image), repeatable=False)

    def download(self, image: Image, path: str | Path, progress: Progress | None = None) -> Path:
        """Save the upright image, whose pixels masks refer to."""
        return download(self._connection, f"/api/images/{image.id}/file", {}, Path(path), progress)


def _path(image: Image) -> str:
    return path_of(image.project_id, "images", image.id)
