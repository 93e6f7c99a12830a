"""What is wrong with the data folder: whether it can be written, its database, its disk."""

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from alembic.script import ScriptDirectory

from server.data_lock import cannot_write
from server.doctor.check import Check
from server.errors import StorageFull
from server.storage.engine import MIGRATIONS
from server.storage.failures import RESTORE

_LEAST_FREE_GB = 1.0
_WRITTEN = ("samphire.db", "blobs", "blobs/images", "blobs/embeddings", "exports", "imports")


def data_folder(folder: Path) -> Check:
    """Tries to write, which no permission tells of a file system that is read-only or not one for files."""
    nearest = _nearest(folder)
    value = str(folder) if nearest == folder else f"{folder} (made at the first start)"
    try:
        with TemporaryDirectory(dir=nearest, prefix=".samphire-"):
            pass
    except OSError as error:
        told = cannot_write(folder, error)
        return Check("data folder", isinstance(told, StorageFull), f"{value}: {told.message}", told.hint)
    closed = [name for name in _WRITTEN if (folder / name).exists() and not os.access(folder / name, os.W_OK)]
    if closed:
        return Check(
            "data folder", False, f"{value}: {', '.join(closed)} cannot be written", "Mend its owner."
        )
    return Check("data folder", True, value)


def database(path: Path) -> Check:
    newest = ScriptDirectory(str(MIGRATIONS)).get_current_head()
    if not os.path.lexists(path):
        return Check("database", True, f"none yet (schema {newest})")
    try:
        try:
            found = _check(path, "mode=ro")
        except sqlite3.OperationalError:  # on a disk that cannot be written
            found = _check(path, "mode=ro&immutable=1")
    except sqlite3.Error as error:
        return Check("database", False, f"{path} cannot be read: {error}", RESTORE)
    known = {script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()}
    value = f"schema {', '.join(found) or 'none'}"
    if not set(found) <= known:
        mend = "It was made by a newer Samphire: install that one."
        return Check("database", False, f"{value}; this program knows {newest}", mend)
    return Check("database", True, value if found == [newest] else f"{value}, {newest} at the next start")


def free_disk(folder: Path) -> Check:
    try:
        free_gb = shutil.disk_usage(_nearest(folder)).free / 1e9
    except OSError as error:  # a link that leads nowhere
        return Check("free disk", False, str(error.strerror), needed=False)
    mend = f"Make room: less than {_LEAST_FREE_GB:g} GB is left for images and embeddings."
    return Check("free disk", free_gb >= _LEAST_FREE_GB, f"{free_gb:.1f} GB", mend, needed=False)


def _nearest(folder: Path) -> Path:
    return next(path for path in (folder, *folder.parents) if os.path.lexists(path))


def _check(path: Path, mode: str) -> list[str]:
    """Its schemas. Raises sqlite3.Error, also for what SQLite finds wrong in it."""
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?{mode}", uri=True)) as connection:
        for (wrong,) in connection.execute("PRAGMA quick_check(1)"):
            if wrong != "ok":
                raise sqlite3.DatabaseError(wrong)
        return [row[0] for row in connection.execute("SELECT version_num FROM alembic_version")]
