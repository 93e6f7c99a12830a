"""Room on the disk that is kept for deleting, since SQLite writes before it has less: one file, given up when the disk
is full and made again once there is room. Without it nothing but deleting is allowed to write."""

import os
import shutil
from pathlib import Path

_MOST_BYTES = 16_000_000  # a deletion of 20,000 images from a project writes 12 million
_LEAST_BYTES = 1_000_000
_SHARE = 64  # of a small disk


class Reserve:
    """`path`: the file, on the disk of the data folder, which must exist."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._bytes = max(_LEAST_BYTES, min(_MOST_BYTES, shutil.disk_usage(path.parent).total // _SHARE))
        self._held = path.is_file() and path.stat().st_size >= self._bytes

    def make(self) -> bool:
        """Whether it is there, or could be made now."""
        if not self._held and shutil.disk_usage(self._path.parent).free >= 2 * self._bytes:
            self._held = self._write()
        return self._held

    def spend_if_full(self) -> bool:
        """Whether it was there to be given up."""
        had = self._held
        if shutil.disk_usage(self._path.parent).free < self._bytes:
            self.spend()
        return had and not self._held

    def spend(self) -> None:
        self._path.unlink(missing_ok=True)
        self._held = False

    def _write(self) -> bool:
        try:
            with self._path.open("wb") as file:
                if hasattr(os, "posix_fallocate"):
                    os.posix_fallocate(file.fileno(), 0, self._bytes)
                else:  # random, since some file systems keep no room for zeros
                    file.write(os.urandom(self._bytes))
        except OSError:
            self._path.unlink(missing_ok=True)
            return False
        return True
