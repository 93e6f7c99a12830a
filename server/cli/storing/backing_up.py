"""`samphire backup` and `samphire restore`: a folder of backups, taken beside a running server."""

import argparse
import sys
from pathlib import Path

from ...config import Settings
from ...errors import InvalidSetting, UnusableData
from ..progress_line import Latest


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "target",
        type=Path,
        metavar="FOLDER",
        help="Folder of backups; with --verify, it or one backup in it.",
    )
    parser.add_argument(
        "--keep",
        type=int,
        default=0,
        metavar="N",
        help="Keep the newest N backups and delete older ones. [all]",
    )
    parser.add_argument(
        "--verify",
        action="store_true",
        help="Take none, but read all files of those that are there and compare them.",
    )


def add_source(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "source",
        type=Path,
        metavar="BACKUP",
        help="A backup, or the folder of backups for its newest. It goes into what --data, --database and --blobs "
        "name.",
    )


def backup(settings: Settings, arguments: argparse.Namespace) -> int:
    """0, or 1 when something is damaged or was missing; it is named."""
    from ...features.transfer.formats.values import counted
    from ...storage.backup.taking import Progress, take
    from ...storage.blobs import open_store
    from ...storage.moved import check_moved

    target: Path = arguments.target.expanduser().absolute()
    if arguments.verify:
        return _verify(target)
    if arguments.keep < 0:
        raise InvalidSetting("--keep must be at least 0.", hint="0 keeps all.")
    data = settings.data_path
    check_moved(settings)
    if not settings.database and not settings.database_path.is_file():
        raise UnusableData(
            f"There is no database {settings.database_path}.", hint="Name the folder with --data."
        )
    if target.is_relative_to(data):
        raise InvalidSetting(
            "Backups cannot be kept in the data folder itself.",
            hint="Name a folder elsewhere, best on another disk.",
        )
    tell = Latest(
        Progress(),
        lambda now: f"{now.blobs:,} files, {now.copied:,} of them new, {now.bytes / 1e6:,.0f} MB",
    )
    store = open_store(data / "blobs", settings.bucket, keeps=False)
    taken = take(settings.database_url, store, data, target, arguments.keep, tell)
    tell.end()
    for key in taken.manifest.lost:
        print(f"{key} is missing or damaged, and so it is in no backup.", file=sys.stderr)
    if taken.removed:
        print(f"Deleted {counted(len(taken.removed), 'older backup')}.")
    rows = sum(taken.manifest.rows.values())
    print(
        f"{taken.backup.folder}: {counted(taken.manifest.files, 'file')}, {taken.manifest.bytes / 1e6:,.1f} MB, "
        f"{counted(rows, 'row')}."
    )
    return 1 if taken.manifest.lost else 0


def _verify(target: Path) -> int:
    from ...features.transfer.formats.values import counted
    from ...storage.backup.listing import backup_at, backups_in
    from ...storage.backup.restoring import verify

    found = backups_in(target) or [backup_at(target)]
    tell = Latest(0, lambda read: f"{read:,} files read")
    wrong = verify(found, tell)
    tell.end()
    for each in wrong:
        print(each, file=sys.stderr)
    if not wrong:
        print(f"{counted(len(found), 'backup')}, {counted(tell.now, 'file')}: all as they were.")
    return 1 if wrong else 0


def restore(settings: Settings, arguments: argparse.Namespace) -> int:
    from ...features.transfer.formats.values import counted
    from ...storage.backup.listing import backup_at
    from ...storage.backup.restoring import restore as into

    chosen = backup_at(arguments.source.expanduser().absolute())
    tell = Latest(0, lambda done: f"{done:,} files restored")
    into(chosen, settings, tell)
    tell.end()
    print(f"{chosen.folder.name} is restored: {counted(tell.now + 1, 'file')} into {settings.data_path}.")
    return 0
