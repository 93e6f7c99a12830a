"""From a stream of bytes to a stored image: verified, de-duplicated, written whole or not at all."""

import hashlib
import unicodedata
from pathlib import Path
from secrets import token_hex
from typing import IO

from sqlalchemy.exc import IntegrityError

from server.config import Settings
from server.errors import InvalidImage, TooLarge
from server.jobs.pools import Pools
from server.services.pixels import Copies, Limits, make_copies
from server.storage import images as rows
from server.storage.blobs import BlobStore
from server.storage.engine import Database
from server.storage.tables import Image

_CHUNK_BYTES = 1 << 20
_NAME_CHARACTERS = 120
_EXTENSIONS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp", "BMP": "bmp", "TIFF": "tif", "GIF": "gif"}


class Uploads:
    """Takes pictures in. The same bytes are one image, however often and however simultaneously they come."""

    def __init__(self, settings: Settings, db: Database, blobs: BlobStore, pools: Pools) -> None:
        self._max_bytes = settings.max_upload_bytes
        self._limits = Limits(settings.max_pixels, settings.max_side)
        self._db = db
        self._blobs = blobs
        self._pools = pools

    def add(self, stream: IO[bytes], name: str | None) -> tuple[Image, bool]:
        """Store a picture; the image, and whether it is new.

        Raises InvalidImage, UnsupportedImage or TooLarge, and then leaves no row and no blob."""
        temporary = self._blobs.temporary()
        try:
            sha256, size = self._pools.compute(self._receive, stream, temporary)
            existing = self._find(sha256)
            if existing is not None:
                return existing, False
            copies = self._pools.read_picture(make_copies, temporary, self._limits)
            return self._store(temporary, sha256, size, clean_name(name, copies.format), copies)
        finally:
            temporary.unlink(missing_ok=True)

    def _receive(self, stream: IO[bytes], target: Path) -> tuple[str, int]:
        digest, size = hashlib.sha256(), 0
        with target.open("wb") as file:
            while chunk := stream.read(_CHUNK_BYTES):
                size += len(chunk)
                if size > self._max_bytes:
                    raise TooLarge(
                        f"This file is larger than {self._max_bytes / 1e6:g} MB.",
                        hint="Make it smaller, or start Samphire with a larger --max-upload-mb.",
                    )
                digest.update(chunk)
                file.write(chunk)
        if size == 0:
            raise InvalidImage("This file is empty.", hint="Choose another file.")
        return digest.hexdigest(), size

    def _find(self, sha256: str) -> Image | None:
        with self._db.read() as session:
            return rows.find_by_sha256(session, sha256)

    def _store(self, file: Path, sha256: str, size: int, name: str, copies: Copies) -> tuple[Image, bool]:
        """Blobs first, then the row that makes them count; without the row the blobs go again."""
        image_id = token_hex(8)
        folder = f"images/{image_id[:2]}/{image_id}"
        original = f"{folder}/original.{_EXTENSIONS[copies.format]}"
        extension = copies.display_type.removeprefix("image/").replace("jpeg", "jpg")
        display = original if copies.display is None else f"{folder}/display.{extension}"
        thumbnail = f"{folder}/thumbnail.jpg"
        image = Image(
            id=image_id,
            sha256=sha256,
            name=name,
            width=copies.width,
            height=copies.height,
            format=copies.format,
            bytes=size,
            original_key=original,
            display_key=display,
            display_type=copies.display_type,
            thumbnail_key=thumbnail,
        )
        stored = False
        try:
            self._pools.compute(self._write_blobs, file, copies, original, display, thumbnail)
            with self._db.write() as session:
                session.add(image)
            stored = True
        except IntegrityError:
            existing = self._find(sha256)
            if existing is None:
                raise
            return existing, False
        finally:
            if not stored:
                self._blobs.delete({original, display, thumbnail})
        return image, True

    def _write_blobs(self, file: Path, copies: Copies, original: str, display: str, thumbnail: str) -> None:
        self._blobs.put(thumbnail, copies.thumbnail)
        if copies.display is not None:
            self._blobs.put(display, copies.display)
        self._blobs.put_file(original, file)


def clean_name(name: str | None, kind: str) -> str:
    """A file name fit to be shown and to be exported: no folders, no control or direction characters, not
    long.
    """
    name = (name or "").replace("\\", "/").rsplit("/", 1)[-1]
    name = unicodedata.normalize("NFC", name[-4 * _NAME_CHARACTERS :].encode("utf-8", "ignore").decode())
    kept = (c for c in name if c == "\t" or unicodedata.category(c)[0] != "C")
    name = " ".join("".join(kept).split())
    stem, dot, extension = name.rpartition(".")
    if not dot or len(extension) > 8:
        stem, extension = name, ""
    stem = stem.strip(". ")[: _NAME_CHARACTERS - 9].strip() or "image"
    return f"{stem}.{extension}" if extension else f"{stem}.{_EXTENSIONS[kind]}"
