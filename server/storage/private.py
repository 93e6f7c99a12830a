"""What other users of the machine may read of the data folder: nothing, where Samphire makes it. A folder that is there
already stays as its owner wants it. Windows has no such modes, and its user folders are private."""

import logging
import os
import stat
import sys
from pathlib import Path

log = logging.getLogger("samphire.storage")


def make_folder(folder: Path) -> None:
    """With the folders above it, where there are none. Raises OSError."""
    mode = 0o777 if sys.platform == "win32" else 0o700
    folder.mkdir(mode, parents=True, exist_ok=True)


def mode_of_files(folder: Path) -> int:
    """With which a file in it is made. A group that may write into the folder is meant to share it. Raises OSError."""
    return 0o660 if folder.stat().st_mode & stat.S_IWGRP else 0o600


def make_database(path: Path) -> None:
    """An empty file, as SQLite takes one, which gives its log the same mode; nothing where there is one. Failures are
    left to whoever opens it."""
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode_of_files(path.parent)))
    except OSError:
        return


def warn_of_readers(path: Path) -> None:
    """In the log, where every user of the machine can read this file."""
    if sys.platform == "win32":
        return
    try:
        readable = path.stat().st_mode & stat.S_IROTH
        reachable = all(folder.stat().st_mode & stat.S_IXOTH for folder in path.resolve().parents)
    except OSError:
        return
    if readable and reachable:
        log.warning(
            "Every user of this machine can read %s, which has people's names and the hashes of their passwords. "
            "`chmod o= %s` keeps it to its owner and their group.",
            path,
            path.parent,
        )
