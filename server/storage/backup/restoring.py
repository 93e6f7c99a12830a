"""Checks backups, and makes a data folder, a database and a store of blobs of one: of sound files, or not at all."""

import shutil
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

from ...config import Settings
from ...errors import Conflict, UnusableData
from ..blobs import open_store
from ..blobs.base import BlobStore
from ..blobs.moving import side_by_side
from ..data_lock import DataLock
from ..engine import Database
from ..facts import forget_id
from ..moving import check_empty, copy
from ..ownership import claimed, others
from ..private import make_database, make_folder
from ..reading import open_reading
from .listing import BLOBS, DATABASE, Backup, damaged, named_by, rows_of, sha256_of_file
from .taking import copy_file

_LOCK = "server.lock"


def verify(backups: Sequence[Backup], tell: Callable[[int], None]) -> list[str]:
    """What is wrong with them, a sentence for each file; `tell` hears how many files were read. Each is read once."""
    wrong, wanted = list[str](), dict[str, str]()
    for backup in backups:
        try:
            for path, digest in backup.sums().items():
                if wanted.setdefault(path, digest) != digest:
                    wrong.append(f"{backup.at(path)} is another file in {backup.folder.name}.")
        except UnusableData as error:
            wrong.append(error.message)
    root = backups[0].folder.parent

    def one(path: str) -> str:
        try:
            return "" if sha256_of_file(root / path) == wanted[path] else f"{root / path} is damaged."
        except FileNotFoundError:
            return f"{root / path} is missing."
        except OSError as error:
            return f"{root / path} cannot be read ({error.strerror})."

    for number, said in enumerate(side_by_side(one, sorted(wanted)), start=1):
        wrong += [said] if said else []
        tell(number)
    for backup in backups if not wrong else ():
        try:
            _check_rows(backup)
        except UnusableData as error:
            wrong.append(error.message)
    return wrong


def restore(backup: Backup, settings: Settings, tell: Callable[[int], None]) -> None:
    """Into the data folder, the database and the store of blobs of the settings, of which the first two must be empty.
    `tell` hears how many files are done.

    Raises Conflict where something is there already, UnusableData, naming a file that is damaged; OSError, and as the
    stores do. Then the data folder is empty again."""
    data = settings.data_path
    if data.exists() and any(path.name != _LOCK for path in data.iterdir()):
        raise Conflict(
            f"The data folder {data} is not empty.", hint="Name one that does not exist yet with --data."
        )
    if settings.database:
        with closing(Database(settings.database_url)) as target:
            check_empty(target)
    sums = backup.sums()
    with DataLock(data):
        try:
            _check_rows(backup)
            store = open_store(data / BLOBS, settings.bucket, keeps=False)
            if settings.bucket is not None and store.owner():
                raise others(settings.bucket)
            _restore_files(backup, sums, data, store, tell)
            _restore_rows(backup, sums, settings, store)
        except BaseException:
            _empty(data)
            raise


def _check_rows(backup: Backup) -> None:
    """That the database has as many rows as it had, and names nothing that the backup has not. Raises UnusableData."""
    manifest, sums = backup.manifest(), backup.sums()
    if rows_of(backup.database) != manifest.rows:
        raise damaged(backup.database, "it has not the rows that it had")
    lost = set(manifest.lost)
    with open_reading(f"sqlite:///{backup.database}") as rows:
        for named in named_by(rows):
            if f"{BLOBS}/{named.key}" not in sums and named.key not in lost:
                raise damaged(backup.folder, f"{named.key} is not in it")


def _restore_files(
    backup: Backup, sums: dict[str, str], data: Path, store: BlobStore, tell: Callable[[int], None]
) -> None:
    own, shared = f"{backup.folder.name}/", f"{BLOBS}/"

    def one(path: str) -> None:
        with store.incoming() as coming:
            try:
                digest = copy_file(backup.at(path), coming)
            except FileNotFoundError:
                raise damaged(backup.at(path), "it is missing") from None
            if digest != sums[path]:
                raise damaged(backup.at(path))
            if path.startswith(shared):
                store.put(path.removeprefix(shared), coming)
            else:
                made = data / path.removeprefix(own)
                make_folder(made.parent)
                shutil.copystat(backup.at(path), coming)
                shutil.move(coming, made)

    paths = (path for path in sums if path != f"{own}{DATABASE}")
    for number, _ in enumerate(side_by_side(one, paths), start=1):
        tell(number)


def _restore_rows(backup: Backup, sums: dict[str, str], settings: Settings, store: BlobStore) -> None:
    """Last of all: without them nobody takes what is there for a data folder. They are another database's from now on:
    what they are a copy of may live."""
    made = settings.database_path.with_suffix(".part")
    make_database(made)
    if copy_file(backup.database, made) != sums[f"{backup.folder.name}/{DATABASE}"]:
        raise damaged(backup.database)
    with closing(Database.open(f"sqlite:///{made}")) as rows:
        forget_id(rows)
        with claimed(store, settings.bucket, rows):
            if settings.database:
                with closing(Database.open(settings.database_url)) as target:
                    copy(rows, target, lambda _: None)
    if settings.database:
        made.unlink()
    else:
        made.rename(settings.database_path)


def _empty(data: Path) -> None:
    for path in data.iterdir():
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        elif path.name != _LOCK:
            path.unlink(missing_ok=True)
