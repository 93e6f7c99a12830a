"""One server for one data folder, or several that know of each other: a lock that the operating system holds, so a
killed server frees it."""

import contextlib
import errno
import os
import socket
import sys
from pathlib import Path
from secrets import token_hex
from types import TracebackType
from typing import NamedTuple

from ..errors import Conflict, SamphireError, StorageFull, UnusableData
from .private import make_folder, mode_of_files

_HELD = (errno.EAGAIN, errno.EWOULDBLOCK, errno.EACCES, errno.EDEADLK)
_SECRET = "server.secret"
_SERVERS = "servers"  # where several servers tell of themselves, each in a file that it locks
_ID = "folder.id"
_FULL = (errno.ENOSPC, errno.EDQUOT)

if sys.platform == "win32":
    import msvcrt

    _BYTE = 1 << 30  # far behind the text: Windows forbids others to read a locked byte

    def _lock(file: int, shared: bool = False) -> None:
        if not shared:  # there are no shared ones: several servers keep only commands out that look for them
            os.lseek(file, _BYTE, os.SEEK_SET)
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(file: int, shared: bool = False) -> None:
        fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)


class DataLock:
    """`with DataLock(folder):` makes the folder and holds it. `shared`: others that say so may hold it, too.

    Raises Conflict, naming the other process, if it is held; UnusableData or StorageFull if it cannot be written.
    """

    def __init__(self, folder: Path, shared: bool = False) -> None:
        self.folder, self._shared = folder, shared
        self._file: int | None = None
        self._told: tuple[int, Path] | None = None

    def __enter__(self) -> "DataLock":
        path = self.folder / "server.lock"
        try:
            make_folder(self.folder)
            file = os.open(path, os.O_RDWR | os.O_CREAT, mode_of_files(self.folder))
        except OSError as error:
            raise cannot_write(self.folder, error) from None
        try:
            _lock(file, self._shared)
        except OSError as error:
            os.close(file)
            if error.errno not in _HELD:  # some network file systems
                raise cannot_write(self.folder, error) from None
            raise Conflict(
                f"Another Samphire{_holder(path)} is using the data folder {self.folder}.",
                hint="Stop it, or choose another folder with --data.",
            ) from None
        self._file = file
        if self._shared:
            with contextlib.suppress(
                OSError
            ):  # what one that had the folder to itself left when it was killed
                os.ftruncate(file, 0)
                (self.folder / _SECRET).unlink(missing_ok=True)
            return self
        with contextlib.suppress(OSError):  # on a full disk the lock holds without its text
            os.lseek(file, 0, os.SEEK_SET)
            os.ftruncate(file, 0)
            os.write(file, f"{os.getpid()}\n".encode())
        return self

    def tell(self, address: str, secret: str) -> None:
        """Where its holder answers, for commands that want something of the folder meanwhile, and what they show it
        to be taken for the owner: a file that no other user of the machine can read."""
        if self._file is not None and self._shared:
            with contextlib.suppress(OSError):
                self._tell_of_one(address, secret)
        elif self._file is not None:
            with contextlib.suppress(OSError):
                _write_secret(self.folder / _SECRET, secret)
                os.lseek(self._file, 0, os.SEEK_END)
                os.write(self._file, f"{address}\n".encode())

    def _tell_of_one(self, address: str, secret: str) -> None:
        make_folder(self.folder / _SERVERS)
        path = self.folder / _SERVERS / f"{socket.gethostname()}.{os.getpid()}"
        path.unlink(missing_ok=True)  # of another with this number, which is gone
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        self._told = (file, path)
        _lock(file)
        os.write(file, f"{address}\n{secret}\n".encode())

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._told is not None:
            self._told[1].unlink(missing_ok=True)
            os.close(self._told[0])
            self._told = None
        if self._file is not None:
            if not self._shared:
                with contextlib.suppress(OSError):
                    (self.folder / _SECRET).unlink(missing_ok=True)
            os.close(self._file)
            self._file = None


def _write_secret(path: Path, secret: str) -> None:
    path.unlink(missing_ok=True)  # what is there may be open to others
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(file, f"{secret}\n".encode())
    finally:
        os.close(file)


class Holder(NamedTuple):
    """Where a server that holds a data folder answers, and what it takes for its owner's; "" where that cannot be
    read."""

    address: str
    secret: str


def holders_of(folder: Path) -> list[Holder]:
    """Those on this machine; none where it has told none."""
    lines = _lines(folder / "server.lock")
    if len(lines) > 1 and lines[1].startswith("http://"):
        return [Holder(lines[1], next(iter(_lines(folder / _SECRET)), ""))]
    there = sorted((folder / _SERVERS).glob(f"{socket.gethostname()}.*"))
    told = [_lines(path) for path in there if _is_locked(path)]
    return [Holder(*each) for each in told if len(each) == len(Holder._fields)]


def id_of(folder: Path) -> str:
    """By which processes know that they have the same folder; made by the first that asks."""
    make_folder(folder)
    path = folder / _ID
    with contextlib.suppress(FileExistsError):
        fresh = path.with_name(f"{_ID}.{token_hex(4)}")
        fresh.write_text(token_hex(8), "ascii")
        try:
            os.link(fresh, path)  # whole, or not at all
        finally:
            fresh.unlink()
    return path.read_text("ascii")


def _is_locked(path: Path) -> bool:
    """Whether its server still runs."""
    try:
        file = os.open(path, os.O_RDWR)
    except OSError:
        return False
    try:
        _lock(file)
        return False
    except OSError:
        return True
    finally:
        os.close(file)


def _holder(path: Path) -> str:
    pid = (_lines(path) or [""])[0]
    return f" (process {pid})" if pid.isdigit() else ""


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text("ascii", "replace").splitlines()
    except OSError:
        return []


def cannot_write(folder: Path, error: OSError) -> SamphireError:
    """Why a data folder cannot be made, or written to, as a sentence."""
    if error.errno in _FULL:
        return StorageFull(f"The disk of the data folder {folder} is full.")
    if isinstance(error, FileExistsError | NotADirectoryError):
        wrong = next((path for path in (folder, *folder.parents) if os.path.lexists(path)), folder)
        return UnusableData(
            f"The data folder cannot be created: {wrong} is not a folder.", hint="Choose another with --data."
        )
    return UnusableData(
        f"The data folder {folder} cannot be written ({error.strerror or error}).",
        hint="Make it writable, or choose another with --data.",
    )
