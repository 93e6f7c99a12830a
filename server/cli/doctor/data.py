"""What is wrong with the data folder: whether it can be written, its database, its disk, its files."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from alembic.script import ScriptDirectory

from ...config import Settings
from ...errors import SamphireError, StorageFull
from ...features.transfer.formats.values import counted
from ...features.upkeep.janitor import blobs_in, unknown_blobs
from ...features.upkeep.recovery import is_original
from ...features.upkeep.room import Room
from ...runtime.peers.line import there
from ...runtime.peers.redis import open_redis
from ...storage.blobs import BlobStore, open_store
from ...storage.data_lock import cannot_write
from ...storage.engine import MIGRATIONS, Database
from ...storage.kinds.sqlite import RESTORE
from ...storage.quarantine import Quarantine
from ...storage.reading import newest_schema, open_reading
from ...storage.rows import images
from .check import Check

_LEAST_FREE_GB = 1.0
_PATIENCE_SECONDS = 3.0
_NAMED = 20  # files in one line
_WRITTEN = ("samphire.db", "blobs", "blobs/images", "blobs/embeddings", "exports", "imports")


def data_folder(folder: Path) -> Check:
    """Tries to write, which no permission tells of a file system that is read-only or not one for files."""
    nearest = _nearest(folder)
    value = str(folder) if nearest == folder else f"{folder} (created at the first start)"
    try:
        with TemporaryDirectory(dir=nearest, prefix=".samphire-"):
            pass
    except OSError as error:
        told = cannot_write(folder, error)
        return Check("data folder", isinstance(told, StorageFull), f"{value}: {told.message}", told.hint)
    there = [name for name in _WRITTEN if os.path.lexists(folder / name)]
    closed = [name for name in there if not os.access(folder / name, os.W_OK)]
    closed += [name for name in there if "." not in name and not (folder / name).is_dir()]
    if closed:
        mend = "Make the user that runs Samphire their owner; move away what is not a folder."
        return Check("data folder", False, f"{value}: {', '.join(closed)} cannot be written", mend)
    return Check("data folder", True, value)


def database(settings: Settings) -> Check:
    if settings.database:
        return _of_server(settings.database_url)
    path, newest = settings.database_path, newest_schema()
    if not os.path.lexists(path):
        return Check("database", True, f"none yet (schema {newest})")
    try:
        try:
            found = _check(path, "mode=ro")
        except sqlite3.OperationalError:  # on a disk that cannot be written
            found = _check(path, "mode=ro&immutable=1")
    except sqlite3.Error as error:
        return Check("database", False, f"{path} cannot be read: {error}", RESTORE)
    return _schemas(found, f"schema {', '.join(found) or 'none'}")


def bucket(settings: Settings) -> Iterator[Check]:
    """Of images, where the settings name one."""
    if settings.bucket is not None:
        try:
            open_store(settings.data_path / "blobs", settings.bucket)
            yield Check("bucket", True, settings.bucket.shown)
        except SamphireError as error:
            yield Check("bucket", False, error.message, error.hint)


def redis(settings: Settings) -> Iterator[Check]:
    """Where the settings name a server; and the processes that are known there."""
    if settings.redis:
        try:
            opened = open_redis(settings.redis)
            names = sorted(each["name"] for each in there(opened))
            count = counted(len(names), "server process", "server processes")
            yield Check(
                "redis", True, ": ".join((f"{opened.called}, {count}", *([_some(names)] if names else [])))
            )
        except SamphireError as error:
            yield Check("redis", False, error.message, error.hint)


def _of_server(url: str) -> Check:
    db = Database(url)
    db.patience_seconds = _PATIENCE_SECONDS
    try:
        found = db.schema()
    except SamphireError as error:
        return Check("database", False, error.message, error.hint)
    finally:
        db.close()
    return _schemas([found] if found else [], f"{db.name}, schema {found or 'none'}")


def _schemas(found: list[str], value: str) -> Check:
    newest = newest_schema()
    known = {script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()}
    if not set(found) <= known:
        mend = "A newer Samphire created it: install that version."
        return Check("database", False, f"{value}; this program knows {newest}", mend)
    return Check("database", True, value if found == [newest] else f"{value}, {newest} at the next start")


def free_disk(folder: Path) -> Check:
    try:
        free_gb = shutil.disk_usage(_nearest(folder)).free / 1e9
    except OSError as error:  # a link that leads nowhere
        return Check("free disk", False, str(error.strerror), needed=False)
    mend = f"Free some space: less than {_LEAST_FREE_GB:g} GB is left for images and embeddings."
    return Check("free disk", free_gb >= _LEAST_FREE_GB, f"{free_gb:.1f} GB", mend, needed=False)


def files(settings: Settings) -> Iterator[Check]:
    """What of the images is lost, what the database does not know, and what can go; nothing where the database cannot
    be read: another check says so."""
    folder = settings.data_path
    try:
        if not folder.is_dir():
            return
        with open_reading(settings.database_url) as db:
            blobs = open_store(folder / "blobs", settings.bucket)
            yield _images(db, blobs)
            unknown = {each.key for each in unknown_blobs(db, blobs)}
            unknown |= blobs_in(Quarantine(folder / "quarantine")).keys()
            count = sum(map(is_original, unknown))
            if count:
                mend = "Their database was lost, or they were deleted. `samphire doctor --recover` adds them back."
                yield Check("unknown images", False, counted(count, "file"), mend, needed=False)
            shares = [
                f"{each.what} {each.bytes / 1e6:,.0f} MB"
                for each in Room(folder, db, settings.bucket).can_go()
                if each.bytes >= 1e6
            ]
            yield Check("can be freed", True, f"{', '.join(shares)} (--free)" if shares else "less than 1 MB")
    except (SamphireError, OSError):
        return


def _images(db: Database, blobs: BlobStore) -> Check:
    missing, cut_short, copies, count = [], [], 0, 0
    sizes = {each.key: each.bytes for each in blobs.stored()}  # asked for one by one, a bucket takes hours
    with db.read() as session:
        for image in images.every(session):
            count += 1
            size = sizes.get(image.original_key)
            if size is None:
                missing.append(image.name)
            elif size != image.bytes:
                cut_short.append(image.name)
            of_it = {image.display_key, image.thumbnail_key} - {image.original_key}
            copies += not all(sizes.get(key) for key in of_it)
    lost = [
        f"{len(names)} {how}: {_some(names)}"
        for how, names in (("missing", missing), ("truncated", cut_short))
        if names
    ]
    lost += [f"copies of {copies} are recreated when needed"] if copies else []
    mend = "Upload these files again to repair them, or restore the data folder from a backup."
    return Check("images", not (missing or cut_short), "; ".join([f"{count}", *lost]), mend)


def _some(names: list[str]) -> str:
    return ", ".join(names[:_NAMED]) + (f" and {len(names) - _NAMED} more" if len(names) > _NAMED else "")


def _nearest(folder: Path) -> Path:
    return next(path for path in (folder, *folder.parents) if os.path.lexists(path))


def _check(path: Path, mode: str) -> list[str]:
    """Its schemas. Raises sqlite3.Error, also for what SQLite finds wrong in it."""
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?{mode}", uri=True)) as connection:
        for (wrong,) in connection.execute("PRAGMA quick_check(1)"):
            if wrong != "ok":
                raise sqlite3.DatabaseError(wrong)
        if not connection.execute("SELECT 1 FROM sqlite_master").fetchone():
            return []  # of a first start that broke off
        return [row[0] for row in connection.execute("SELECT version_num FROM alembic_version")]
