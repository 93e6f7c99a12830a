"""Blobs as files in a folder: written beside, synced, renamed, so that a crash leaves whole files or none."""

import contextlib
import os
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import BinaryIO

from .base import Stored, check_key, is_key
from .incoming import Incoming

_INCOMING = "incoming"


class LocalBlobs(Incoming):
    """`<folder>/<key>`; what comes in lies in `<folder>/incoming`, on the same file system."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder / _INCOMING)
        self._folder = folder

    def open(self, key: str) -> BinaryIO:
        return (self._folder / check_key(key)).open("rb")

    @contextmanager
    def local(self, key: str) -> Iterator[Path]:
        path = self._folder / check_key(key)
        if not path.is_file():
            raise FileNotFoundError(key)
        yield path

    def url(self, key: str, content_type: str) -> str | None:
        check_key(key)
        return None

    def upload_url(self, key: str, size: int) -> str | None:
        check_key(key)
        return None

    def uploaded(self, key: str, most_bytes: int) -> AbstractContextManager[Path]:
        raise FileNotFoundError(key)

    def drop_uploads(self) -> int:
        return 0

    def put(self, key: str, data: bytes | Path) -> None:
        if isinstance(data, Path):
            self._take_over(key, data)
            return
        with self.incoming() as path:
            path.write_bytes(data)
            self._take_over(key, path)

    def owner(self) -> str:
        return ""  # it goes with its data folder, which one server has at a time

    def claim(self, owner: str) -> None:
        return

    def move_out(self, key: str, target: Path) -> None:
        (self._folder / check_key(key)).replace(target)

    def exists(self, key: str) -> bool:
        return (self._folder / check_key(key)).is_file()

    def delete(self, keys: Iterable[str]) -> None:
        for key in keys:
            path = self._folder / check_key(key)
            # On Windows a file that is being read stays; the janitor takes it later.
            with contextlib.suppress(PermissionError):
                path.unlink(missing_ok=True)

    def size(self, key: str) -> int | None:
        try:
            return (self._folder / check_key(key)).stat().st_size
        except FileNotFoundError:
            return None

    def stored(self) -> Iterator[Stored]:
        waiting = [("", self._folder)]
        while waiting:
            prefix, folder = waiting.pop()
            for entry in os.scandir(folder) if folder.is_dir() else ():
                key = prefix + entry.name
                if entry.is_dir(follow_symlinks=False):
                    waiting += [(f"{key}/", folder / entry.name)] if key != _INCOMING else []
                elif is_key(key):
                    with contextlib.suppress(FileNotFoundError):  # deleted meanwhile
                        about = entry.stat()
                        yield Stored(key, about.st_size, about.st_mtime)

    def _take_over(self, key: str, source: Path) -> None:
        target = self._folder / check_key(key)
        with source.open("rb+") as file:
            os.fsync(file.fileno())
        self._make_folder(target.parent)
        source.replace(target)
        sync_folder(target.parent)

    def _make_folder(self, folder: Path) -> None:
        """Create a folder so that its name, too, survives a crash."""
        if folder.is_dir():
            return
        self._make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        sync_folder(folder.parent)


def sync_folder(folder: Path) -> None:
    """Have the names in it survive a power cut."""
    if os.name == "nt":  # Windows has no handle to sync for a folder; its rename is journalled
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
