"""The data folder: where the database and the blobs lie, and which process may tidy it."""

import os
from pathlib import Path
from typing import IO


class DataFolder:
    """`<data>/samphire.db`, `<data>/blobs/`, `<data>/lock`.

    The lock tells whether this process is the only one here. It goes with the process, however that ends."""

    def __init__(self, path: Path) -> None:
        path.mkdir(parents=True, exist_ok=True)
        self.path = path
        self._lock: IO[bytes] | None = None

    @property
    def database_url(self) -> str:
        return f"sqlite:///{self.path / 'samphire.db'}"

    @property
    def blobs(self) -> Path:
        return self.path / "blobs"

    def lock(self) -> bool:
        """True when no other process works in this folder."""
        file = (self.path / "lock").open("ab")
        try:
            _lock_file(file)
        except OSError:
            file.close()
            return False
        self._lock = file
        return True

    def close(self) -> None:
        if self._lock is not None:
            self._lock.close()
            self._lock = None


if os.name == "nt":
    import msvcrt

    def _lock_file(file: IO[bytes]) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # pyright: ignore[reportAttributeAccessIssue]

else:
    import fcntl

    def _lock_file(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
