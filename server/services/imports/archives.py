"""Zip and tar archives as files to import: read where they lie, bounded, links and tricks told and left out."""

import bz2
import gzip
import lzma
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from server.domain.file_names import canonical, decoded
from server.errors import InvalidArchive
from server.formats.source import Source
from server.services.imports.files import Budget, Files, Known, Member, NamedFiles, is_of_system, problem_of
from server.services.imports.streams import Guarded, reason

_MOST_DIRECTORY_BYTES = 256_000_000  # of a zip's list of files, which is read into memory: a million of them
_MOST_HEADER_BYTES = 1_000_000
_END, _END_64 = b"PK\x05\x06", b"PK\x06\x06"
_DAMAGED = (tarfile.TarError, zipfile.BadZipFile, EOFError, OSError, zlib.error, lzma.LZMAError, ValueError)
_PACKED = (gzip.open, bz2.open, lzma.open)


def is_archive(path: Path) -> bool:
    """By what is in it, not by its name."""
    with path.open("rb") as file:
        return zipfile.is_zipfile(file) or _is_tar(path)


def open_archive(path: Path, unpack_into: Path | None = None) -> Files:
    """`unpack_into`: an empty folder for a tar archive that has to be read in any order. Raises InvalidArchive."""
    if zipfile.is_zipfile(path):
        return ZipFiles(path)
    if not _is_tar(path):
        raise InvalidArchive()
    tar = TarFiles(path)
    return tar if unpack_into is None else tar.unpack(unpack_into)


class ZipFiles:
    def __init__(self, path: Path) -> None:
        """Raises InvalidArchive."""
        try:
            _check_directory(path)
            self._zip = zipfile.ZipFile(path)
        except (*_DAMAGED, struct.error) as error:
            raise InvalidArchive(f"This zip file is damaged ({reason(error)}).") from error
        budget = Budget(path.stat().st_size)
        self._files: list[tuple[str, zipfile.ZipInfo]] = []
        for info in self._zip.infolist():
            budget.take(info.file_size)
            name = canonical(info.filename)
            if not info.filename.endswith(("/", "\\")) and not is_of_system(name):
                self._files.append((name, info))
        self.total: int | None = len(self._files)

    def members(self) -> Iterator[Member]:
        for name, info in self._files:
            yield Member(name, lambda info=info: self._open(info), _zip_problem(name, info))

    def source(self, known: Known | None = None) -> Source:
        sound = {name: info for name, info in self._files if _zip_problem(name, info) is None}
        return Source(sound, lambda name: self._open(sound[name], OSError), known)

    def close(self) -> None:
        self._zip.close()

    def _open(self, info: zipfile.ZipInfo, failure: type[Exception] = InvalidArchive) -> BinaryIO:
        """Raises `failure`; reading on raises it too."""
        try:
            return _guarded(self._zip.open(info), failure)  # type: ignore[arg-type]
        except (*_DAMAGED, RuntimeError) as error:
            raise failure(f"This file in the archive cannot be unpacked ({reason(error)}).") from error


class TarFiles:
    """Read from the beginning each time, as the packed ones allow nothing else."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.total: int | None = None

    def members(self) -> Iterator[Member]:
        budget = Budget(self._path.stat().st_size)
        try:
            with tarfile.open(self._path, "r|*", tarinfo=_BoundedTarInfo) as tar:
                for info in tar:
                    tar.members = []  # type: ignore[attr-defined]  # it would remember them all
                    budget.take(info.size)
                    name = canonical(decoded(info.name.encode("utf-8", "surrogateescape")))
                    if not info.isdir() and not is_of_system(name):
                        problem = _tar_problem(name, info)
                        yield Member(name, lambda info=info: _open_in_tar(tar, info), problem)
        except _DAMAGED as error:
            raise InvalidArchive(f"This tar file is damaged ({reason(error)}).") from error

    def source(self, known: Known | None = None) -> Source:
        raise InvalidArchive("A tar file has to be unpacked before it is read in any order.")

    def unpack(self, folder: Path) -> NamedFiles:
        """Its files under numbers, in a folder that is there. Raises InvalidArchive."""
        paths: dict[str, Path] = {}
        problems: dict[str, str] = {}
        for number, member in enumerate(self.members()):
            if member.problem is not None:
                problems[member.name] = member.problem
                continue
            path = folder / str(number)
            with member.open() as packed, path.open("wb") as file:
                while piece := packed.read(1 << 20):
                    file.write(piece)
            paths[member.name] = path
        return NamedFiles(paths, problems)

    def close(self) -> None:
        pass


class _BoundedTarInfo(tarfile.TarInfo):
    """Long names and extended headers are read into memory, whatever size they claim."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> "_BoundedTarInfo":
        info = super().frombuf(buf, encoding, errors)
        read_whole = info.type in (tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK)
        read_whole |= info.type not in tarfile.SUPPORTED_TYPES  # extended headers, and what nobody knows
        if read_whole and info.size > _MOST_HEADER_BYTES:
            raise InvalidArchive("A header in this tar file is longer than any name.")
        return info  # type: ignore[return-value]


def _guarded(stream: BinaryIO, failure: type[Exception]) -> BinaryIO:
    def told(error: Exception) -> Exception:
        return failure(f"This file in the archive is damaged ({reason(error)}).")

    return Guarded(stream, _DAMAGED, told)  # type: ignore[return-value]


def _open_in_tar(tar: tarfile.TarFile, info: tarfile.TarInfo) -> BinaryIO:
    stream = tar.extractfile(info)
    if stream is None:
        raise InvalidArchive("This is not a file.")
    return _guarded(stream, InvalidArchive)  # type: ignore[arg-type]


def _zip_problem(name: str, info: zipfile.ZipInfo) -> str | None:
    if info.flag_bits & 1:
        return "This file is locked with a password."
    if stat.S_ISLNK(info.external_attr >> 16):
        return "This is a link, not a file."
    return problem_of(name)


def _tar_problem(name: str, info: tarfile.TarInfo) -> str | None:
    if info.issym() or info.islnk():
        return "This is a link, not a file."
    if not info.isreg() or info.issparse():
        return "This is no plain file."
    return problem_of(name)


def _is_tar(path: Path) -> bool:
    """tarfile takes an empty file, and some that are no archives, for archives without files."""
    for opened in (Path.open, *_PACKED):
        try:
            with opened(path, "rb") as file:
                head = file.read(512)
        except _DAMAGED:
            continue
        if len(head) == 512 and head[257:262] == b"ustar":
            return True
    return False


def _check_directory(path: Path) -> None:
    """The list of files at a zip's end is read whole: it may claim to be as long as the archive."""
    with path.open("rb") as file:
        file.seek(0, 2)
        size = file.tell()
        file.seek(max(0, size - (1 << 16) - 128))
        tail = file.read()
    place = tail.rfind(_END)
    (listed,) = struct.unpack_from("<I", tail, place + 12)
    place_64 = tail.rfind(_END_64, 0, place)
    if listed == 0xFFFFFFFF and place_64 >= 0:
        (listed,) = struct.unpack_from("<Q", tail, place_64 + 40)
    if listed > _MOST_DIRECTORY_BYTES:
        raise InvalidArchive("This zip file holds too many files.", hint="Pack them into several archives.")
