"""What the commands of `samphire` do. Each takes the settings and its parsed arguments and returns an exit
status."""

import argparse
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from server.config import Settings
from server.errors import InvalidImage, InvalidSetting, SamphireError

_PICTURES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff", ".gif"})


def serve(settings: Settings, _arguments: argparse.Namespace) -> int:
    from server.serve import serve as serve_until_stopped  # patches the standard library: only when it serves

    return serve_until_stopped(settings)


def doctor(settings: Settings, _arguments: argparse.Namespace) -> int:
    from server.doctor import main

    return main(settings)


def export(settings: Settings, arguments: argparse.Namespace) -> int:
    """COCO JSON of all annotations or of one image's, to a file (written whole or not at all) or the
    terminal.

    Reads only, so it may run beside a server.
    """
    from server.app import open_database
    from server.services.exports import Exports

    if not settings.data_path.is_dir():
        raise InvalidSetting(f"There is no data folder {settings.data_path}.", hint="Name it with --data.")
    db = open_database(settings)
    try:
        pieces = Exports(db).write("coco", arguments.image)
        if str(arguments.out) == "-":
            sys.stdout.writelines(pieces)
        else:
            _write_whole(arguments.out, pieces)
            print(f"Wrote {arguments.out}.", file=sys.stderr)
    finally:
        db.close()
    return 0


def encode(settings: Settings, arguments: argparse.Namespace) -> int:
    """Store and encode pictures; goes on after one that cannot be read, and then ends with status 1."""
    failures = 0
    with _services(settings) as services:
        for path in _pictures(arguments.paths):
            try:
                with path.open("rb") as file:
                    image, new = services.uploads.add(file, path.name)
                ready = services.embeddings.find(image) is not None
                services.embeddings.wait(image, timeout=None)
                done = "already encoded" if ready else "encoded"
                print(f"{path}: {done}, {'new' if new else 'known'} image {image.id}")
            except OSError as error:
                failures += 1
                print(f"{path}: cannot be read: {error.strerror}.", file=sys.stderr)
            except SamphireError as error:
                failures += 1
                print(f"{path}: {error.message}", file=sys.stderr)
    return 1 if failures else 0


@contextmanager
def _services(settings: Settings) -> Iterator:
    """The services without a web server; the data folder is held meanwhile."""
    from server.app import build_services
    from server.data_lock import DataLock

    with DataLock(settings.data_path):
        services = build_services(settings)
        try:
            yield services
        finally:
            services.close()


def _pictures(paths: list[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(p for p in path.rglob("*") if p.suffix.lower() in _PICTURES and p.is_file())
        elif path.is_file():
            yield path
        else:
            raise InvalidImage(f"{path} is not there.", hint="Name pictures, or folders of pictures.")


def _write_whole(path: Path, pieces: Iterable[str]) -> None:
    temporary = path.with_name(path.name + ".part")
    try:
        with temporary.open("w", encoding="utf-8") as file:
            file.writelines(pieces)
        temporary.replace(path)
    except OSError as error:
        raise InvalidSetting(
            f"{path} cannot be written: {error.strerror}.", hint="Choose another --out."
        ) from None
    finally:
        temporary.unlink(missing_ok=True)
