"""`samphire migrate-to --blobs`: all blobs into another store, which is to be used from then on."""

from contextlib import closing

from ...addresses import Bucket, read_blobs
from ...config import Settings
from ...errors import InvalidSetting, UnusableData
from ...paths import moved
from ..progress_line import Latest

_FOLDER = "folder"


def move_blobs(settings: Settings, given: str) -> int:
    """`given`: a bucket as --blobs names it, or `folder`."""
    from ...features.transfer.formats.values import counted
    from ...storage.blobs import open_store
    from ...storage.blobs.moving import Done, copy
    from ...storage.data_lock import DataLock
    from ...storage.engine import Database
    from ...storage.moved import check_moved
    from ...storage.ownership import claim

    check_moved(settings)
    source, target = settings.bucket, _bucket(given)
    folder = settings.data_path / "blobs"
    if source == target:
        raise InvalidSetting("That is where they are already.", hint="SAMPHIRE_BLOBS says where they are.")
    if source is None and not folder.is_dir():
        raise UnusableData(f"There is no folder {folder}.", hint="Name the data folder with --data.")
    if target is None and folder.exists():
        raise InvalidSetting(f"{folder} is there already.", hint="Move it away if it is not needed any more.")
    unfinished = folder.with_name("blobs.part") if target is None else folder
    tell = Latest(
        Done(), lambda now: f"{now.blobs:,} files, {now.bytes / 1e6:,.0f} MB, {now.copied:,} of them new"
    )
    with DataLock(settings.data_path):
        old = open_store(folder, source, keeps=False)
        new = open_store(unfinished, target, keeps=False)
        if target is not None:
            with closing(Database.open(settings.database_url)) as rows:
                claim(new, target, rows)
        done = copy(old, new, tell)
        tell.end()
        if target is None:
            unfinished.mkdir(exist_ok=True)  # of no files
            unfinished.rename(folder)
        elif source is None:
            folder.rename(moved(folder))  # so that nobody goes on with it by mistake
    where = "without --blobs and SAMPHIRE_BLOBS" if target is None else f"with --blobs {given}"
    count = counted(done.blobs, "file")
    print(f"All of it ({count}) is in {target.shown if target else folder}; start the server {where}.")
    return 0


def _bucket(given: str) -> Bucket | None:
    if given == _FOLDER:
        return None
    try:
        found = read_blobs(given)
    except ValueError as error:
        raise InvalidSetting(f"The store {error}, or {_FOLDER}.") from None
    if found is None:
        raise InvalidSetting("The store must have a name.")
    return found
