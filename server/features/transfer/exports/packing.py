"""The pieces of an export into a file, a zip file or a folder; whole or not at all."""

import shutil
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from secrets import token_hex
from typing import IO

from ..formats.objects import Piece

Picture = tuple[str, Callable[[], IO[bytes]]]  # where it belongs, and what opens it
PART = ".part"  # at the end of a name until the file is whole
_SMALL_TIME = (1980, 1, 1, 0, 0, 0)  # the same files make the same zip file


def write_file(target: Path, pieces: Iterable[Piece]) -> None:
    """One file of a format that is one."""
    with _whole(target) as temporary, temporary.open("wb") as file:
        file.writelines(data for _, data in pieces)


def write_zip(target: Path, pieces: Iterable[Piece], pictures: Iterable[Picture]) -> None:
    with (
        _whole(target) as temporary,
        zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED, compresslevel=5) as archive,
    ):
        for path, some in _files(pieces):
            info = zipfile.ZipInfo(path, _SMALL_TIME)
            info.compress_type = zipfile.ZIP_DEFLATED
            with archive.open(info, "w", force_zip64=True) as file:
                file.writelines(some)
        for path, opens in pictures:
            with (
                archive.open(zipfile.ZipInfo(path, _SMALL_TIME), "w", force_zip64=True) as file,
                opens() as picture,
            ):
                shutil.copyfileobj(picture, file, 1 << 20)


def write_folder(target: Path, pieces: Iterable[Piece], pictures: Iterable[Picture]) -> None:
    """Raises FileExistsError when there is something at the target."""
    temporary = _beside(target)
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise FileExistsError(target)
    try:
        temporary.mkdir()
        for path, some in _files(pieces):
            with _create(temporary / path) as file:
                file.writelines(some)
        for path, opens in pictures:
            with _create(temporary / path) as file, opens() as picture:
                shutil.copyfileobj(picture, file, 1 << 20)
        if target.is_dir():
            target.rmdir()
        temporary.replace(target)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _files(pieces: Iterable[Piece]) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Each file's path with its pieces, which have to be taken before the next."""
    iterator = iter(pieces)
    waiting = next(iterator, None)

    def of(path: str) -> Iterator[bytes]:
        nonlocal waiting
        while waiting is not None and waiting[0] == path:
            data = waiting[1]
            waiting = next(iterator, None)
            yield data

    while waiting is not None:
        path = waiting[0]
        yield path, of(path)


def _beside(target: Path) -> Path:
    """Of a name that nobody's file has."""
    return target.with_name(f"{target.name}.{token_hex(4)}{PART}")


def _create(path: Path) -> IO[bytes]:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path.open("wb")


@contextmanager
def _whole(target: Path) -> Iterator[Path]:
    temporary = _beside(target)
    with ExitStack() as cleaning:
        cleaning.callback(temporary.unlink, missing_ok=True)
        yield temporary
        temporary.replace(target)
