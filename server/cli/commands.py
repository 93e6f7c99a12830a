"""What the commands of `samphire` do. Each takes the settings and its parsed arguments and returns an exit
status."""

import argparse
import logging
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from ..config import Settings
from ..domain.outside.picture_names import is_picture
from ..domain.policy import OWNER
from ..errors import InvalidImage, InvalidSetting, SamphireError

log = logging.getLogger("samphire.cli")

if TYPE_CHECKING:
    from ..features.projects.service import Projects
    from ..features.transfer.exports.exports import Exports
    from ..services import Services


def serve(settings: Settings, _arguments: argparse.Namespace) -> int:
    from .serve import (
        serve as serve_until_stopped,  # patches the standard library: only when it serves
    )

    if "SAMPHIRE_TOKEN" in os.environ:
        log.warning("SAMPHIRE_TOKEN means nothing any more: people sign in, and programs have API tokens.")
    return serve_until_stopped(settings)


def doctor(settings: Settings, arguments: argparse.Namespace) -> int:
    if arguments.recover:
        with open_services(settings) as services:
            return _recover(services)
    if arguments.free:
        from .doctor.freeing import let_go

        with open_services(settings) as services:
            before = shutil.disk_usage(settings.data_path).free
            for what in arguments.free:
                let_go(services, what)
            print(f"Freed {max(0, shutil.disk_usage(settings.data_path).free - before) / 1e6:,.0f} MB.")
        return 0
    from .doctor.report import main

    return main(settings)


def _recover(services: "Services") -> int:
    """0, or 1 when a file could not be read as an image; stderr says which."""
    from ..features.pictures.bounds import Limits
    from ..features.transfer.formats.values import counted
    from ..features.upkeep.recovery import PROJECT, Recovery

    limits = Limits(services.settings.max_pixels, services.settings.max_side)
    recovery = Recovery(
        services.db, services.blobs, services.quarantine, services.projects, services.pools, limits
    )
    done = recovery.run()
    for file, problem in done.problems:
        print(f"{file}: {problem}", file=sys.stderr)
    if done.files:
        print(f"Restored {counted(done.files, 'lost file')} of images.")
    if done.images:
        print(
            f'Added {counted(done.images, "image")} to the project "{PROJECT}". Annotations were in the lost database.'
        )
    if not (done.files or done.images or done.problems):
        print("Nothing to recover.")
    return 1 if done.problems else 0


def encode(settings: Settings, arguments: argparse.Namespace) -> int:
    """Store and encode pictures; goes on after one that cannot be read, and then ends with status 1.

    While one is encoded, the next is read and checked.
    """
    from ..runtime.greenlets import Pool

    paths = list(pictures_in(arguments.paths))
    failures = 0
    with open_services(settings) as services:
        services.segmenters.check_files(services.segmenters.find())
        for line, good in Pool(2).imap(lambda path: _encode(services, path), paths):
            failures += not good
            print(line, file=sys.stdout if good else sys.stderr)
    return 1 if failures else 0


def _encode(services: "Services", path: Path) -> tuple[str, bool]:
    """What to tell of the picture, and whether that is good news."""
    try:
        spec = services.segmenters.find()
        with path.open("rb") as file:
            image, new = services.uploads.add(OWNER, file, path.name)
        ready = services.embeddings.find(image, spec) is not None
        services.embeddings.wait(image, spec, timeout=None)
    except OSError as error:
        return f"{path}: cannot be read: {error.strerror}.", False
    except SamphireError as error:
        return f"{path}: {error.message}", False
    done = "already encoded" if ready else "encoded"
    return f"{path}: {done}, {'new' if new else 'known'} image {image.id}", True


@contextmanager
def open_services(settings: Settings) -> Iterator["Services"]:
    """The services without a web server; the data folder is held meanwhile."""
    from ..app import build_services
    from ..runtime.queue.eager import EagerQueue
    from ..storage.data_lock import DataLock

    with DataLock(settings.data_path):
        services = build_services(settings, EagerQueue)
        try:
            yield services
        finally:
            services.close()


@contextmanager
def beside_a_server(settings: Settings) -> Iterator[tuple["Projects", "Exports"]]:
    """What only reads: the data folder may be in use, or on a disk that cannot be written. Raises InvalidSetting,
    UnusableData."""
    from ..features.projects.service import Projects
    from ..features.segmenters.service import Segmenters
    from ..features.transfer.exports.exports import Exports
    from ..inference.catalog import open_catalog
    from ..runtime.bus import Bus
    from ..runtime.pools import Pools
    from ..storage.blobs import open_store
    from ..storage.moved import check_moved
    from ..storage.reading import open_reading
    from ..storage.unit_of_work import UnitsOfWork

    folder = settings.data_path
    if not folder.is_dir():
        raise InvalidSetting(f"There is no data folder {folder}.", hint="Name it with --data.")
    check_moved(settings)
    pools = Pools(1, 1)
    try:
        with open_reading(settings.database_url) as db:
            segmenters = Segmenters(settings, open_catalog(folder), pools)
            blobs = open_store(folder / "blobs", settings.bucket)
            exports = Exports(folder / "exports", db, blobs, pools)
            yield Projects(db, pools, segmenters, UnitsOfWork(db, Bus().publish)), exports
    finally:
        pools.close()


def pictures_in(paths: list[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(p for p in path.rglob("*") if is_picture(p.name) and p.is_file())
        elif path.is_file():
            yield path
        else:
            raise InvalidImage(f"{path} does not exist.", hint="Name images, or folders of images.")
