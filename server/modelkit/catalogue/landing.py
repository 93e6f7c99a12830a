"""Where installed segmenters lie, and how one gets there: built beside, put in place by one rename, or not at all."""

import errno
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ...config import Settings
from ...errors import BadRequest, Conflict, StorageFull, Unavailable
from ...inference.catalog import SEGMENTER_ID
from ...storage.data_lock import DataLock

_INCOMING = ".incoming"  # a folder deeper than the catalogue looks
_OLD = "old-"  # before the id of one that makes room
_SPARE_BYTES = 200_000_000


def segmenters_folder(settings: Settings) -> Path:
    """Of those a person installed; the bundled one lies in the program."""
    return settings.data_path / "segmenters"


def downloads_folder(settings: Settings) -> Path:
    return settings.data_path / "downloads"


def checked_id(text: str) -> str:
    """Raises BadRequest unless `text` may name a segmenter: it becomes a folder and a part of addresses."""
    if not SEGMENTER_ID.fullmatch(text):
        raise BadRequest(
            f"{text[:80]!r} cannot be a segmenter's id.",
            hint="Use up to 64 of a-z, 0-9, _ and -, starting with a letter or digit.",
        )
    return text


def export_steps(settings: Settings, segmenter_id: str) -> Path:
    """Where the finished steps of an export lie, which outlive a killed process."""
    return downloads_folder(settings) / f"{checked_id(segmenter_id)}.export"


@contextmanager
def workplace(settings: Settings) -> Iterator[Path]:
    """A new folder to build a segmenter in, on the disk where it will live; gone afterwards.

    One process at a time has one: others are told. What a killed process left is swept. Raises Conflict, OSError.
    """
    incoming = segmenters_folder(settings) / _INCOMING
    with DataLock(segmenters_folder(settings)):
        _put_back(incoming)
        shutil.rmtree(incoming, ignore_errors=True)
        place = incoming / uuid.uuid4().hex[:12]
        place.mkdir(parents=True)
        try:
            yield place
        finally:
            shutil.rmtree(incoming, ignore_errors=True)


def land(built: Path, settings: Settings, segmenter_id: str, *, replace: bool = False) -> Path:
    """Put the finished folder `built`, inside a workplace, in its place. Raises Conflict, OSError.

    With `replace`, what is there makes room, and comes back if the new one cannot be put there.
    """
    target = segmenters_folder(settings) / checked_id(segmenter_id)
    old = built.with_name(_OLD + segmenter_id)
    if target.exists() or target.is_symlink():
        if not replace:
            raise already_there(segmenter_id)
        target.rename(old)
    try:
        built.rename(target)
    except OSError:
        if old.exists():
            old.rename(target)
        raise
    return target


def _put_back(incoming: Path) -> None:
    """What made room for a new one that a killed process did not put in its place."""
    for old in incoming.glob(f"*/{_OLD}*"):
        target = incoming.parent / old.name.removeprefix(_OLD)
        if not target.exists():
            old.rename(target)


def take_away(folder: Path, place: Path) -> None:
    """Move an installed segmenter's folder into a workplace, which is then deleted with it. Raises OSError."""
    folder.rename(place / "removed")


def already_there(segmenter_id: str) -> Conflict:
    return Conflict(
        f"A segmenter {segmenter_id!r} is already installed.",
        hint=f"Choose another --id, or remove it first: `samphire segmenters remove {segmenter_id}`.",
    )


@contextmanager
def as_refusals(settings: Settings) -> Iterator[None]:
    """Turn errors of the disk into a SamphireError that says what to do."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StorageFull(
                f"The disk of {settings.data_path} is full; nothing was installed.",
                hint="Free some space there, then try again.",
            ) from error
        what = f"{error.filename}: {error.strerror}" if error.filename else str(error)
        raise Unavailable(
            f"{what}. Nothing was installed.", hint="Fix that, or choose another --data."
        ) from error


def check_room(folder: Path, needed_bytes: int, what: str) -> None:
    """Raises StorageFull unless the disk of `folder`, which need not exist, has room and something to spare."""
    nearest = next(path for path in (folder, *folder.parents) if path.exists())
    free = shutil.disk_usage(nearest).free
    if free < needed_bytes + _SPARE_BYTES:
        raise StorageFull(
            f"{what} needs {(needed_bytes + _SPARE_BYTES) / 1e9:.1f} GB on the disk of {nearest}, "
            f"which has {free / 1e9:.1f} GB left.",
            hint="Free some space there, or give another data folder with --data.",
        )
