"""Zip archives as files to import: the list of files bounded before it is in memory, names as they were meant."""

import io
import os
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from ....domain.outside.file_names import canonical
from ....domain.outside.name_encodings import decode_names
from ....errors import InvalidArchive
from ..formats.source import Known, Source
from .files import MOST_FILES, TWICE, Budget, Member, is_of_system, problem_of
from .streams import Guarded, reason

_MOST_DIRECTORY_BYTES = 128_000_000
_FILE_HEADER, _DIRECTORY_ENTRY = b"PK\x03\x04", b"PK\x01\x02"
_UTF8_NAME = 1 << 11
_LOCKED = 1
_UNICODE_PATH = 0x7075  # Info-ZIP's extra field
_METHODS = (
    zipfile.ZIP_STORED,
    zipfile.ZIP_DEFLATED,
)  # zipfile unpacks the others without a limit: 1 kB to 1 GB
_SPEAKING = (".json", ".xml", ".csv", ".txt", ".yaml", ".yml")  # files that may name others
_SPEAKING_BYTES, _SPEAKING_FILES = 1_000_000, 8
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
_DAMAGED = (
    zipfile.BadZipFile, EOFError, OSError, zlib.error, ValueError, struct.error, RuntimeError,
)  # fmt: skip


class ZipFiles:
    def __init__(self, path: Path) -> None:
        """Raises InvalidArchive."""
        self._raw = _BoundedFile(path)
        try:
            self._zip = self._listed()
        except _DAMAGED as error:
            self._raw.close()
            raise InvalidArchive(f"This zip file is damaged ({reason(error)}).") from error
        self._raw.is_listing = False
        infos = self._zip.infolist()
        budget = Budget(path.stat().st_size)
        self._files: list[tuple[str, zipfile.ZipInfo, str | None]] = []
        seen: set[str] = set()
        for name, info in zip(self._names(infos), infos, strict=True):
            budget.take(info.file_size, len(name))
            clean = canonical(name)
            if not name.endswith(("/", "\\")) and not is_of_system(clean):
                problem = TWICE if clean in seen else _problem(clean, info)
                self._files.append((clean, info, problem))
                seen.add(clean)
        self.total: int | None = len(self._files)

    def members(self) -> Iterator[Member]:
        for name, info, problem in self._files:
            yield Member(name, lambda info=info: self._open(info), problem)

    def source(self, known: Known | None = None) -> Source:
        sound = {name: info for name, info, problem in self._files if problem is None}
        return Source(sound, lambda name: self._open(sound[name], OSError), known)

    def close(self) -> None:
        self._zip.close()
        self._raw.close()

    def _listed(self) -> zipfile.ZipFile:
        try:
            return zipfile.ZipFile(self._raw)
        except UnicodeDecodeError:  # a name is not in UTF-8 though it says so: none is believed
            self._raw.hides_encodings = True
            return zipfile.ZipFile(self._raw)

    def _open(self, info: zipfile.ZipInfo, failure: type[Exception] = InvalidArchive) -> BinaryIO:
        """Raises `failure`; reading on raises it too."""

        def told(error: Exception) -> Exception:
            return failure(f"This file in the archive is damaged ({reason(error)}).")

        try:
            return Guarded(self._zip.open(info), _DAMAGED, told)  # type: ignore[return-value]
        except _DAMAGED as error:
            raise failure(f"This file in the archive cannot be unpacked ({reason(error)}).") from error

    def _names(self, infos: Sequence[zipfile.ZipInfo]) -> list[str]:
        """As whoever packed them called them: in UTF-8 where the archive says so or it could be, else in the encoding
        in which other files of the archive speak of them."""
        names: list[str | None] = [
            info.orig_filename if info.flag_bits & _UTF8_NAME else _unicode_path(info) for info in infos
        ]
        raws = [_raw_name(info) for name, info in zip(names, infos, strict=True) if name is None]
        decoded = iter(decode_names(raws, self._spoken_of(infos)) if raws else ())
        return [next(decoded) if name is None else name for name in names]

    def _spoken_of(self, infos: Sequence[zipfile.ZipInfo]) -> Callable[[str], bool]:
        """Whether a file's name stands in one of the archive's texts, which are read when first asked."""
        texts: list[str] = []
        speaking = [info for info in infos if info.filename.lower().endswith(_SPEAKING)][:_SPEAKING_FILES]

        def is_spoken_of(name: str) -> bool:
            if speaking:
                texts.extend(self._text(info) for info in speaking)
                speaking.clear()
            name = name.replace("\\", "/").rpartition("/")[2]
            return any(name in text for text in texts)

        return is_spoken_of

    def _text(self, info: zipfile.ZipInfo) -> str:
        with suppress(OSError, RuntimeError), self._open(info, OSError) as file:
            text = file.read(_SPEAKING_BYTES).decode("utf-8", "replace")
            return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
        return ""


class _BoundedFile(io.FileIO):
    """While zipfile reads the list of files, which it does whole, however long the archive says it is: bounded.

    `hides_encodings`: as if no name said that it is in UTF-8."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.is_listing = True
        self.hides_encodings = False

    def read(self, size: int | None = -1, /) -> bytes:
        data = self._bounded(size) if self.is_listing else super().read(size)
        if self.hides_encodings and data.startswith(_DIRECTORY_ENTRY):
            return _without_flags(data)
        if self.hides_encodings and data.startswith(_FILE_HEADER) and len(data) == 30:
            return data[:7] + bytes([data[7] & ~(_UTF8_NAME >> 8)]) + data[8:]
        return data

    def _bounded(self, size: int | None) -> bytes:
        left = os.fstat(self.fileno()).st_size - self.tell()
        wanted = left if size is None or size < 0 else min(size, left)
        if wanted > _MOST_DIRECTORY_BYTES:
            raise _too_many()
        data = super().read(wanted)
        if data.count(_DIRECTORY_ENTRY) > MOST_FILES:
            raise _too_many()
        return data


def _without_flags(directory: bytes) -> bytes:
    """A list of files in which no name says to be in UTF-8."""
    plain, at = bytearray(directory), 0
    while plain.startswith(_DIRECTORY_ENTRY, at):
        plain[at + 9] &= ~(_UTF8_NAME >> 8)
        at += 46 + sum(struct.unpack_from("<HHH", plain, at + 28))
    return bytes(plain)


def _too_many() -> InvalidArchive:
    return InvalidArchive("This zip file holds too many files.", hint="Pack them into several archives.")


def _problem(name: str, info: zipfile.ZipInfo) -> str | None:
    if info.flag_bits & _LOCKED:
        return "This file is locked with a password."
    if stat.S_ISLNK(info.external_attr >> 16):
        return "This is a link, not a file."
    if info.compress_type not in _METHODS:
        return "This file is packed with another method than Deflate, such as LZMA: pack it with Deflate."
    return problem_of(name)


def _raw_name(info: zipfile.ZipInfo) -> bytes:
    return info.orig_filename.encode("cp437")  # as zipfile decodes it, byte by byte


def _unicode_path(info: zipfile.ZipInfo) -> str | None:
    """The name in UTF-8 that stands beside the other, if it is of the same file."""
    extra = info.extra
    while len(extra) >= 4:
        kind, size = struct.unpack_from("<HH", extra)
        field, extra = extra[4 : 4 + size], extra[4 + size :]
        if kind == _UNICODE_PATH and field[1:5] == zlib.crc32(_raw_name(info)).to_bytes(4, "little"):
            with suppress(UnicodeDecodeError):
                return field[5:].decode()
    return None
