"""One server for one data folder: a lock that the operating system holds, so a killed server frees it."""

import os
import sys
from pathlib import Path
from types import TracebackType

from server.errors import Conflict

if sys.platform == "win32":
    import msvcrt

    _BYTE = 1 << 30  # far behind the text: Windows forbids others to read a locked byte

    def _lock(file: int) -> None:
        os.lseek(file, _BYTE, os.SEEK_SET)
        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(file: int) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


class DataLock:
    """`with DataLock(folder):` holds the folder. Raises Conflict, naming the other process, if it is held."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._file: int | None = None

    def __enter__(self) -> "DataLock":
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / "server.lock"
        file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _lock(file)
        except OSError:
            os.close(file)
            raise Conflict(
                f"Another Samphire{_holder(path)} is using the data folder {self.folder}.",
                hint="Stop that one, or give this one a folder of its own with --data.",
            ) from None
        os.lseek(file, 0, os.SEEK_SET)
        os.ftruncate(file, 0)
        os.write(file, f"{os.getpid()}\n".encode())
        self._file = file
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None


def _holder(path: Path) -> str:
    try:
        pid = path.read_text("ascii", "replace").strip()
    except OSError:
        return ""
    return f" (process {pid})" if pid.isdigit() else ""
