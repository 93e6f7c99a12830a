"""What a folder of backups has: a folder for each, named by its moment, and blobs, which they share.

blobs/images/ab/...              each once, under its key; never written again
2026-12-01T07-25-33Z/            a backup
    manifest.json                what it is of, and how much
    SHA256SUMS                   of every file, as `sha256sum -c` reads it in the folder above
    samphire.db                  all rows, whatever database they were in
    segmenters/ quality/ trainings/   of the data folder
"""

import hashlib
import json
import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import select

from ...errors import InvalidSetting, UnusableData
from ..engine import Database
from ..tables import Embedding, Image
from ..tables.images import sha256_of

BLOBS, MANIFEST, SUMS, DATABASE = "blobs", "manifest.json", "SHA256SUMS", "samphire.db"
IN_FOLDER = (  # of the data folder, beside the database and blobs: what cannot be made again of those
    "segmenters/*/*",
    "quality/*",
    "trainings/*/request.json",
    "trainings/*/result.json",
    "trainings/*/images.json",
    "trainings/*/report.html",
)
_NAME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}-\d{2}-\d{2}Z")
_LINE = re.compile(r"([0-9a-f]{64})  ([^\n]+)")


class Manifest(NamedTuple):
    """`rows`: of each table. `lost`: keys of blobs that the database names and that were not there, or not whole.
    `sums_sha256`: of the file with all sums."""

    made_at: str
    samphire: str
    database: str
    rows: dict[str, int]
    files: int
    bytes: int
    lost: list[str]
    sums_sha256: str


class Named(NamedTuple):
    """A blob that a database names. `sha256`: that it must have; "" where nobody knows."""

    key: str
    sha256: str


class Backup:
    """`folder`: its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def database(self) -> Path:
        return self.folder / DATABASE

    def at(self, path: str) -> Path:
        """A file as the sums name it."""
        return self.folder.parent / path

    def manifest(self) -> Manifest:
        """Raises UnusableData."""
        try:
            return Manifest(**json.loads((self.folder / MANIFEST).read_text("utf-8")))
        except (OSError, ValueError, TypeError) as error:
            raise damaged(self.folder / MANIFEST, error) from None

    def sums(self) -> dict[str, str]:
        """SHA-256 of each file, by its path from the folder of all backups. Raises UnusableData."""
        wanted, path = self.manifest().sums_sha256, self.folder / SUMS
        try:
            data = path.read_bytes()
        except OSError as error:
            raise damaged(path, error) from None
        if hashlib.sha256(data).hexdigest() != wanted:
            raise damaged(path)
        return {found[2]: found[1] for line in data.decode().splitlines() if (found := _LINE.fullmatch(line))}

    def write(self, manifest: Manifest, sums: dict[str, str]) -> None:
        lines = "".join(f"{digest}  {path}\n" for path, digest in sorted(sums.items())).encode()
        (self.folder / SUMS).write_bytes(lines)
        sync(self.folder / SUMS)
        told = manifest._replace(files=len(sums), sums_sha256=hashlib.sha256(lines).hexdigest())
        (self.folder / MANIFEST).write_text(json.dumps(told._asdict(), indent=1), "utf-8")
        sync(self.folder / MANIFEST)


def backups_in(target: Path) -> list[Backup]:
    """The oldest first."""
    there = target.iterdir() if target.is_dir() else ()
    return [Backup(path) for path in sorted(there) if _NAME.fullmatch(path.name) and path.is_dir()]


def backup_at(source: Path) -> Backup:
    """The one that a path names, or the newest below it. Raises InvalidSetting."""
    if _NAME.fullmatch(source.name) and source.is_dir():
        return Backup(source)
    found = backups_in(source)
    if not found:
        raise InvalidSetting(f"There is no backup in {source}.", hint="Name the folder of `samphire backup`.")
    return found[-1]


def new_name() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H-%M-%SZ")


def named_by(database: Database) -> Iterator[Named]:
    """The blobs that a database of the newest schema names, each once for every row that does."""
    with database.read() as session:
        of_images = select(Image.identity, Image.original_key, Image.display_key, Image.thumbnail_key)
        for identity, original, display, thumbnail in session.execute(
            of_images.execution_options(yield_per=1000)
        ):
            yield Named(original, sha256_of(identity))
            yield from (Named(key, "") for key in {display, thumbnail} - {original})
        of_embeddings = select(Embedding.blob_key).execution_options(yield_per=1000)
        yield from (Named(key, "") for key in session.scalars(of_embeddings))


def rows_of(file: Path) -> dict[str, int]:
    """How many each table of a SQLite file has, which is looked through for damage. Raises UnusableData."""
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            said: list[Any] = connection.execute("PRAGMA quick_check(1)").fetchall()
            if said != [("ok",)]:
                raise damaged(file, said[0][0])
            names = connection.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
            ).fetchall()
            return {
                name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]
                for (name,) in sorted(names)
            }
    except sqlite3.Error as error:
        raise damaged(file, error) from None


def sha256_of_file(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sync(path: Path) -> None:
    """Have what was written survive a power cut."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def damaged(path: Path, why: object = None) -> UnusableData:
    told = f" ({why})" if why else ""
    return UnusableData(
        f"{path} is damaged{told}.",
        hint="Restore an older backup. Delete the damaged file, and the next `samphire backup` copies it again.",
    )
