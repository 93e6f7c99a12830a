"""Uploads: files are read while they are sent, and again from the start for a retry."""

import io
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any, NamedTuple

from ..domain.outside.picture_names import is_picture
from ..errors import SamphireError
from .resources import Image

Progress = Callable[[int, int, str], None]  # bytes sent, bytes in total, name
_AT_ONCE = 256 * 1024


class Uploads(NamedTuple):
    """`refused`: files that the server refused, and why."""

    images: list[Image]
    refused: list[tuple[Path, SamphireError]]


class FileBody:
    """A file as the body; `progress` is called while it is read."""

    def __init__(
        self, file: IO[bytes], content_type: str, name: str = "", progress: Progress | None = None
    ) -> None:
        self.content_type = content_type
        self._file, self._name, self._progress = file, name, progress
        self._size = file.seek(0, io.SEEK_END)
        file.seek(0)

    def __len__(self) -> int:
        return self._size

    def read(self, size: int = -1, /) -> bytes:
        part = self._file.read(min(size, _AT_ONCE) if size >= 0 else size)
        if part and self._progress is not None:
            self._progress(self._file.tell(), self._size, self._name)
        return part

    def seek(self, position: int, /) -> object:
        return self._file.seek(position)


class FormBody:
    """A form with one file in the field "file", and text fields before it."""

    def __init__(self, file: FileBody, name: str, fields: dict[str, str]) -> None:
        boundary = secrets.token_hex(16)
        self.content_type = f"multipart/form-data; boundary={boundary}"
        quoted = name.replace("\\", "_").replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
        head = "".join(
            f'--{boundary}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'
            for field, value in fields.items()
        )
        head += f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{quoted}"\r\n'
        head += "Content-Type: application/octet-stream\r\n\r\n"
        tail = f"\r\n--{boundary}--\r\n"
        self._parts: list[Any] = [
            io.BytesIO(head.encode("utf-8", "replace")),
            file,
            io.BytesIO(tail.encode()),
        ]
        self._size = sum(len(part.getvalue()) for part in (self._parts[0], self._parts[2])) + len(file)

    def __len__(self) -> int:
        return self._size

    def read(self, size: int = -1, /) -> bytes:
        wanted = self._size if size < 0 else size
        read = bytearray()
        for part in self._parts:
            while len(read) < wanted and (more := part.read(wanted - len(read))):
                read += more
        return bytes(read)

    def seek(self, position: int, /) -> object:
        """To its start: 0."""
        for part in self._parts:
            part.seek(position)
        return position


def images_in(folder: Path) -> list[Path]:
    """Image files, by their suffix, sorted by path; without hidden files and folders."""
    return sorted(_visible(folder))


def _visible(folder: Path) -> Iterator[Path]:
    for entry in folder.iterdir():
        if entry.name.startswith("."):
            continue
        if entry.is_dir() and not entry.is_symlink():
            yield from _visible(entry)
        elif is_picture(entry.name) and entry.is_file():
            yield entry
