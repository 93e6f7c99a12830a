"""Copies on this machine's disk of blobs that lie elsewhere: those used last, up to so many bytes.

A copy's bytes are never compared with what it is of: what a key names changes only when it is put again or deleted,
which whoever does so tells. It is on the disk before it has its name, so a power cut leaves none that is short. Each
file is lent as a link of its own, so that making room takes it from nobody.
"""

import contextlib
import os
import shutil
import time
from pathlib import Path

_MOST_BYTES = 4_000_000_000
_SHARE = 10  # of a small disk
_LOOK_AFTER = 16  # the part of all that is added before somebody looks whether it is too much
_LEAVE = 0.8


class Cache:
    """In a folder that several processes may share."""

    def __init__(self, folder: Path, most_bytes: int | None = None) -> None:
        self._folder = folder
        self._most_bytes = most_bytes
        self._added: int | None = None  # bytes since somebody looked; None: nobody has

    def lend(self, key: str, path: Path) -> bool:
        """Have the copy at `path`, to be read and deleted there; False when there is none."""
        copy = self._place(key)
        try:
            _link(copy, path)
            os.utime(path, (time.time(), path.stat().st_mtime))  # of the copy, too: it was used
            return True
        except FileNotFoundError:
            return False

    def keep(self, key: str, path: Path) -> None:
        """Keep a copy of a file that is whole; nothing where the disk has no room for it."""
        copy = self._place(key)
        part = path.with_name(f"{path.name}.kept")
        try:
            copy.parent.mkdir(parents=True, exist_ok=True)
            _link(path, part)
            with part.open("rb+") as file:
                os.fsync(file.fileno())
                size = os.fstat(file.fileno()).st_size
            part.replace(copy)
        except OSError:
            part.unlink(missing_ok=True)
            return
        self._added = None if self._added is None else self._added + size
        if self._added is None or self._added > self._most() // _LOOK_AFTER:
            self._added = 0
            self._make_room()

    def check(self, key: str, size: int) -> None:
        """Drop the copy if it has not so many bytes."""
        with contextlib.suppress(OSError):
            if self._place(key).stat().st_size != size:
                self.drop(key)

    def drop(self, key: str) -> None:
        with contextlib.suppress(OSError):
            self._place(key).unlink(missing_ok=True)

    def _place(self, key: str) -> Path:
        name = key.replace("/", "+")
        return self._folder / f"{sum(name.encode()) % 256:02x}" / name

    def _most(self) -> int:
        if self._most_bytes is None:
            self._most_bytes = min(_MOST_BYTES, shutil.disk_usage(self._folder).total // _SHARE)
        return self._most_bytes

    def _make_room(self) -> None:
        found: list[tuple[float, int, Path]] = []
        for path in self._folder.glob("*/*"):
            with contextlib.suppress(OSError):
                about = path.stat()
                found.append((about.st_atime, about.st_size, path))
        total = sum(size for _, size, _ in found)
        if total <= self._most():
            return
        for _, size, path in sorted(found):
            with contextlib.suppress(OSError):
                path.unlink()
                total -= size
            if total <= _LEAVE * self._most():
                return


def _link(source: Path, target: Path) -> None:
    """The same file under another name; a copy where the file system has no such links. Raises FileNotFoundError."""
    target.unlink(missing_ok=True)
    try:
        os.link(source, target)
    except FileNotFoundError:
        raise
    except OSError:
        shutil.copy2(source, target)
