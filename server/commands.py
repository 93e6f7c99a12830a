"""What the commands of `samphire` do. Each takes the settings and its parsed arguments and returns an exit status."""

import argparse
import json
import sys
from collections.abc import Iterator
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
    """COCO JSON of all annotations or of one image's, to a file (written whole or not at all) or the terminal."""
    with _services(settings) as services:
        text = json.dumps(services.exports.coco(arguments.image), ensure_ascii=False)
    if str(arguments.out) == "-":
        print(text)
        return 0
    temporary = arguments.out.with_name(arguments.out.name + ".part")
    try:
        temporary.write_text(text, "utf-8")
        temporary.replace(arguments.out)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise InvalidSetting(f"{arguments.out} cannot be written: {error.strerror}.", hint="Choose another --out.") from None
    print(f"Wrote {arguments.out}.", file=sys.stderr)
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
                services.embeddings.wait(image, timeout=float("inf"))
                print(f"{path}: {'already encoded' if ready else 'encoded'}, {'new' if new else 'known'} image {image.id}")
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
