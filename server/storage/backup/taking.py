"""Takes a backup beside a running server: the rows as they were at one moment, and every blob that they name.

Blobs are copied after the rows, so some of them may have been deleted meanwhile. Then the rows are copied again: what
they no longer name is not missed. So what is left out at last was missing before the rows were read.
"""

import hashlib
import os
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import make_url

from ...errors import UnusableData
from ...paths import VERSION
from ..blobs.base import BlobStore
from ..blobs.local import LocalBlobs, sync_folder
from ..blobs.moving import side_by_side
from ..data_lock import DataLock
from ..engine import Database
from ..moving import copy
from ..private import make_database, make_folder
from ..reading import open_reading
from .listing import (
    BLOBS,
    DATABASE,
    IN_FOLDER,
    Backup,
    Manifest,
    Named,
    backups_in,
    named_by,
    new_name,
    rows_of,
    sha256_of_file,
    sync,
)

_ROUNDS = 10  # in which blobs vanish that the round's rows name
_CHUNK_BYTES = 1 << 20
_PATIENCE_SECONDS = 30
_SOON_SECONDS = 0.1


class Progress(NamedTuple):
    """Blobs that are in the backup by now; how many of them were copied, and how many bytes."""

    blobs: int = 0
    copied: int = 0
    bytes: int = 0


class Taken(NamedTuple):
    backup: Backup
    manifest: Manifest
    progress: Progress
    removed: list[str]


def take(
    url: str, blobs: BlobStore, data: Path, target: Path, keep: int, tell: Callable[[Progress], None]
) -> Taken:
    """`url`: of the database; `data`: the data folder. `keep`: how many backups stay, this one among them; 0: all.
    Raises Conflict while another one is taken there, UnusableData, OSError, and as the stores do."""
    make_folder(target)
    with DataLock(target):
        for half in target.glob("*.part"):
            shutil.rmtree(half)
        former = backups_in(target)
        known = former[-1].sums() if former else {}
        while (target / (name := new_name())).exists():  # of this second
            time.sleep(_SOON_SECONDS)
        part = Backup(target / f"{name}.part")
        make_folder(part.folder)
        taking = _Taking(blobs, LocalBlobs(target / BLOBS), known, tell)
        taking.all_named(lambda: _copy_rows(url, part.database))
        sums = {f"{BLOBS}/{key}": digest for key, digest in taking.sums.items()}
        sums[f"{name}/{DATABASE}"] = sha256_of_file(part.database)
        for path, digest in _copy_files(data, part.folder, former[-1] if former else None, known):
            sums[f"{name}/{path}"] = digest
        manifest = Manifest(
            name, VERSION, make_url(url).get_backend_name(), rows_of(part.database), len(sums),
            sum(part.at(path.replace(name, part.folder.name, 1)).stat().st_size for path in sums),
            sorted(taking.lost), "",
        )  # fmt: skip
        part.write(manifest, sums)
        made = Backup(part.folder.rename(target / name))
        sync_folder(target)
        return Taken(made, manifest, taking.progress, _forget(target, keep))


class _Taking:
    """`sums`: SHA-256 of each blob that is in the backup, by key; `lost`: keys of those that are nowhere."""

    def __init__(
        self, source: BlobStore, target: LocalBlobs, known: dict[str, str], tell: Callable[[Progress], None]
    ) -> None:
        self._source, self._target, self._known, self._tell = source, target, known, tell
        self.progress = Progress()
        self.sums: dict[str, str] = {}
        self.lost: set[str] = set()

    def all_named(self, copy_rows: Callable[[], str]) -> None:
        """`copy_rows` returns the URL of the copied rows."""
        seen: dict[str, str] = {}
        for _ in range(_ROUNDS):
            with open_reading(copy_rows()) as rows:
                missing = self._round(named_by(rows), seen)
            if missing <= self.lost:  # before these rows were read
                self.lost = missing
                return
            self.lost = missing
        raise UnusableData(
            "Images are deleted faster than they can be copied.", hint="Back up when less goes on."
        )

    def _round(self, named: Iterator[Named], seen: dict[str, str]) -> set[str]:
        """The keys of those that are not there. `seen`: what earlier rounds have."""
        self.sums, missing = {}, set[str]()
        self.progress = self.progress._replace(blobs=0)
        for each, digest, size in side_by_side(lambda each: (each, *self._one(each, seen)), named):
            if digest:
                self.sums[each.key] = seen[each.key] = digest
                copied, size_before = self.progress.copied, self.progress.bytes
                self.progress = Progress(
                    len(self.sums), copied + (size is not None), size_before + (size or 0)
                )
                self._tell(self.progress)
            else:
                missing.add(each.key)
        return missing

    def _one(self, named: Named, seen: dict[str, str]) -> tuple[str, int | None]:
        """Its sum, "" when it is nowhere, and how many bytes were copied, if any."""
        key = named.key
        if key in seen:
            return seen[key], None
        if self._target.exists(key):
            digest = self._known.get(f"{BLOBS}/{key}", "")
            if not digest:  # copied for a backup that was never finished
                with self._target.local(key) as path:
                    digest = sha256_of_file(path)
            return digest, None
        try:
            with self._source.local(key) as path, self._target.incoming() as coming:
                digest = copy_file(path, coming)
                if named.sha256 and digest != named.sha256:  # cut short, say: a whole one may come yet
                    return "", None
                size = coming.stat().st_size
                self._target.put(key, coming)
                return digest, size
        except FileNotFoundError:
            return "", None


def _copy_rows(url: str, file: Path) -> str:
    """All rows as they are at one moment, into a SQLite file; its URL."""
    file.unlink(missing_ok=True)
    make_database(file)
    if make_url(url).get_backend_name() == "sqlite":
        source_file = Path(make_url(url).database or "")
        uri = f"{source_file.absolute().as_uri()}?mode=ro"
        try:
            with (
                closing(sqlite3.connect(uri, uri=True, timeout=_PATIENCE_SECONDS)) as source,
                closing(sqlite3.connect(file)) as new,
            ):
                source.backup(new)
        except sqlite3.Error as error:
            raise UnusableData(f"The database {source_file} cannot be copied ({error}).") from error
    else:
        with open_reading(url) as source_rows, closing(Database.open(f"sqlite:///{file}")) as new_rows:
            copy(source_rows, new_rows, lambda _: None)
    with closing(sqlite3.connect(file)) as alone:
        alone.execute("PRAGMA journal_mode=DELETE").close()  # one file, which nobody has to write beside
    sync(file)
    return f"sqlite:///{file}"


def _copy_files(
    data: Path, folder: Path, former: Backup | None, known: dict[str, str]
) -> Iterator[tuple[str, str]]:
    """Path and sum of each other file; one that is as it was is not copied again where the disk has links."""
    for path in sorted({path for pattern in IN_FOLDER for path in data.glob(pattern) if path.is_file()}):
        name = path.relative_to(data).as_posix()
        made = folder / name
        make_folder(made.parent)
        before = former.folder / name if former else None
        digest = known.get(f"{former.folder.name}/{name}", "") if former else ""
        if before is None or not digest or not _as_it_was(path, before) or not _linked(before, made):
            digest = copy_file(path, made)
            sync(made)
            shutil.copystat(path, made)
        yield name, digest


def _as_it_was(path: Path, before: Path) -> bool:
    try:
        now, then = path.stat(), before.stat()
    except FileNotFoundError:
        return False
    return (now.st_size, now.st_mtime_ns) == (then.st_size, then.st_mtime_ns)


def _linked(source: Path, target: Path) -> bool:
    try:
        os.link(source, target)
        return True
    except OSError:
        return False


def copy_file(source: Path, target: Path) -> str:
    """SHA-256 of what was written."""
    digest = hashlib.sha256()
    with source.open("rb") as reading, target.open("wb") as writing:
        while chunk := reading.read(_CHUNK_BYTES):
            digest.update(chunk)
            writing.write(chunk)
    return digest.hexdigest()


def _forget(target: Path, keep: int) -> list[str]:
    """All but so many backups, the newest, and the blobs that none of those has; the names of those that went."""
    there = backups_in(target)
    old = there[:-keep] if keep else []
    if not old:
        return []
    used = {path for backup in there[len(old) :] for path in backup.sums()}  # before anything is removed
    for backup in old:
        shutil.rmtree(backup.folder.rename(backup.folder.with_name(f"{backup.folder.name}.part")))
    store = LocalBlobs(target / BLOBS)
    store.delete([each.key for each in store.stored() if f"{BLOBS}/{each.key}" not in used])
    return [backup.folder.name for backup in old]
