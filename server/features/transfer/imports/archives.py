"""Zip and tar archives as files to import: read where they lie, bounded, links and tricks told and left out."""

import errno
import os
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from ....domain.outside.file_names import canonical
from ....domain.outside.name_encodings import decode_names
from ....errors import InvalidArchive
from ..formats.source import Known, Source
from .files import (
    TWICE,
    Budget,
    Files,
    Member,
    NamedFiles,
    is_of_system,
    problem_of,
)
from .streams import Guarded, reason
from .tar import DAMAGED, TarEntry, entries, tar_opener
from .zip import ZipFiles

_PIECE = 1 << 20
_SPARED_BYTES = 500_000_000  # of the disk: what is unpacked may not take the last of it from everybody


def is_archive(path: Path) -> bool:
    """By what is in it, not by its name."""
    return zipfile.is_zipfile(path) or tar_opener(path) is not None


def open_archive(path: Path, unpack_into: Path | None = None) -> Files:
    """`unpack_into`: an empty folder for a tar archive that has to be read in any order. Raises InvalidArchive, and
    OSError when there is no space for it."""
    if zipfile.is_zipfile(path):
        return ZipFiles(path)
    if tar_opener(path) is None:
        raise InvalidArchive()
    tar = TarFiles(path)
    return tar if unpack_into is None else tar.unpack(unpack_into)


class TarFiles:
    """Read from the beginning each time, as the packed ones allow nothing else."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.total: int | None = None

    def members(self) -> Iterator[Member]:
        opener = tar_opener(self._path)
        if opener is None:
            raise InvalidArchive()
        budget = Budget(self._path.stat().st_size)
        seen: set[str] = set()
        try:
            with opener(self._path, "rb") as stream:
                for entry in entries(_Metered(stream, budget)):  # type: ignore[arg-type]
                    budget.take(0, len(entry.name))
                    budget.expect(entry.size)
                    name = canonical(decode_names([entry.name])[0])
                    if entry.kind != "folder" and not is_of_system(name):
                        problem = TWICE if name in seen else _problem(name, entry)
                        seen.add(name)
                        yield Member(name, lambda entry=entry: _guarded(entry.data), problem)
        except DAMAGED as error:
            raise InvalidArchive(f"This tar file is damaged ({reason(error)}).") from error

    def source(self, known: Known | None = None) -> Source:
        raise InvalidArchive("A tar file has to be unpacked before it is read in any order.")

    def unpack(self, folder: Path) -> NamedFiles:
        """Its files under numbers, in a folder that is there. Raises InvalidArchive, OSError."""
        paths: dict[str, Path] = {}
        problems: list[tuple[str, str]] = []
        for number, member in enumerate(self.members()):
            if member.problem is not None:
                problems.append((member.name, member.problem))
                continue
            path = folder / str(number)
            with member.open() as packed, path.open("wb") as file:
                while piece := packed.read(_PIECE):
                    if shutil.disk_usage(folder).free < _SPARED_BYTES:
                        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
                    file.write(piece)
            paths[member.name] = path
        return NamedFiles(paths, problems)

    def close(self) -> None:
        pass


class _Metered:
    """A stream of which each byte counts: headers and padding may be as long as files."""

    def __init__(self, stream: BinaryIO, budget: Budget) -> None:
        self._stream, self._budget = stream, budget

    def read(self, size: int) -> bytes:
        data = self._stream.read(size)
        self._budget.spend(len(data))
        return data


def _guarded(stream: BinaryIO) -> BinaryIO:
    def told(error: Exception) -> Exception:
        return InvalidArchive(f"This file in the archive is damaged ({reason(error)}).")

    return Guarded(stream, DAMAGED, told)  # type: ignore[return-value]


def _problem(name: str, entry: TarEntry) -> str | None:
    if entry.kind == "link":
        return "This is a link, not a file."
    return "This is no plain file." if entry.kind == "other" else problem_of(name)
