"""Tar archives from the first byte to the last: one file after the other, each header bounded.

Python's tarfile follows headers of headers by recursion, keeps each global header and reads the maps of sparse files
whole, so that an archive of kilobytes takes all memory; and names that are not UTF-8 come out of it in halves of
characters.
"""

import bz2
import gzip
import io
import lzma
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from ....errors import InvalidArchive

_BLOCK = 512
_PIECE = 1 << 20
_MOST_HEADER_BYTES = 1_000_000
_MOST_MEMORY = 256 << 20
_MOST_HEADERS = 16  # before one file
_LONG_NAME, _LONG_LINK, _EXTENDED, _EXTENDED_SUN, _GLOBAL = b"L", b"K", b"x", b"X", b"g"
_HEADERS = (_LONG_NAME, _LONG_LINK, _EXTENDED, _EXTENDED_SUN, _GLOBAL)
_FILES, _SPARSE, _LINKS, _FOLDER = (b"0", b"\0", b"7"), b"S", (b"1", b"2"), b"5"
_WITHOUT_DATA = (*_LINKS, b"3", b"4", _FOLDER, b"6")
DAMAGED = (EOFError, OSError, ValueError, lzma.LZMAError, zlib.error)


class _Xz(io.RawIOBase):
    """An xz file, unpacked in bounded memory: it may ask for gigabytes, which `lzma.open` gives it."""

    def __init__(self, path: Path, mode: str) -> None:
        self._file = path.open(mode)
        self._unpacking = self._begin()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray, /) -> int:  # type: ignore[override]
        data = b""
        while not data:
            packed = b""
            if self._unpacking.eof:  # another one may follow
                packed = self._unpacking.unused_data or self._file.read(_PIECE)
                if not packed:
                    return 0
                self._unpacking = self._begin()
            elif self._unpacking.needs_input and not (packed := self._file.read(_PIECE)):
                raise EOFError("it ends too early")
            data = self._unpacking.decompress(packed, len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._file.close()
        super().close()

    def _begin(self) -> lzma.LZMADecompressor:
        return lzma.LZMADecompressor(memlimit=_MOST_MEMORY)


def _open_xz(path: Path, mode: str) -> BinaryIO:
    return io.BufferedReader(_Xz(path, mode), _PIECE)  # type: ignore[return-value]


_OPENERS: tuple[Callable[..., BinaryIO], ...] = (open, gzip.open, bz2.open, _open_xz)  # type: ignore[assignment]


@dataclass(frozen=True)
class TarEntry:
    """`kind`: "file", "folder", "link", or "other": a device, a sparse file. `data`: good until the next entry."""

    name: bytes
    kind: str
    size: int
    data: BinaryIO


def tar_opener(path: Path) -> Callable[..., BinaryIO] | None:
    """What opens the file, packed or not, when it is a tar archive with a file in it."""
    for opener in _OPENERS:
        try:
            with opener(path, "rb") as file:
                head = file.read(_BLOCK)
        except DAMAGED:
            continue
        if len(head) == _BLOCK and head[257:262] == b"ustar":
            return opener
    return None


def entries(stream: BinaryIO) -> Iterator[TarEntry]:
    """Raises InvalidArchive, and what the stream raises when it is damaged."""
    while (met := _next_header(stream)) is not None:
        header, more = met
        kind = header[156:157]
        name = more.get(b"path") or _name(header)
        size = (
            0
            if kind in _WITHOUT_DATA
            else _whole(more[b"size"])
            if b"size" in more
            else _number(header[124:136])
        )
        extended = kind == _SPARSE and header[482] != 0
        while extended:
            extended = _block(stream)[504] != 0
        is_sparse = kind == _SPARSE or any(key.startswith(b"GNU.sparse.") for key in more)
        data = _Data(stream, size)
        yield TarEntry(name, _kind(kind, name, is_sparse), size, data)  # type: ignore[arg-type]
        data.skip()


class _Data:
    """The bytes of one file."""

    def __init__(self, stream: BinaryIO, size: int) -> None:
        self._stream, self._left, self._padding = stream, size, -size % _BLOCK

    def __enter__(self) -> "_Data":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """The rest is passed over when the next entry is asked for."""

    def read(self, size: int = -1) -> bytes:
        wanted = self._left if size is None or size < 0 else min(size, self._left)
        data = self._stream.read(wanted)
        if wanted and not data:
            raise EOFError("it ends in the middle of a file")
        self._left -= len(data)
        return data

    def skip(self) -> None:
        self._left += self._padding
        self._padding = 0
        while self._left:
            self.read(_PIECE)


def _next_header(stream: BinaryIO) -> tuple[bytes, dict[bytes, bytes]] | None:
    """The header of a file, and what those before it say about it: its path and its size."""
    more: dict[bytes, bytes] = {}
    for _ in range(_MOST_HEADERS):
        header = stream.read(_BLOCK)
        if not header.strip(b"\0"):
            return None
        if len(header) < _BLOCK:
            raise EOFError("it ends in the middle of a header")
        _check(header)
        kind = header[156:157]
        if kind not in _HEADERS:
            return header, more
        size = _number(header[124:136])
        if size > _MOST_HEADER_BYTES:
            raise InvalidArchive("A header in this tar file is longer than any name.")
        body = b"".join(_block(stream) for _ in range(-(-size // _BLOCK)))[:size]
        if kind == _LONG_NAME:
            more[b"path"] = body.partition(b"\0")[0]
        elif kind in (_EXTENDED, _EXTENDED_SUN):
            more |= _records(body)
    raise InvalidArchive("A file in this tar file has more headers than any program writes.")


def _records(body: bytes) -> dict[bytes, bytes]:
    """What an extended header says, as lines "length key=value"."""
    found: dict[bytes, bytes] = {}
    at = 0
    while at < len(body):
        digits, space, _ = body[at : at + 20].partition(b" ")
        length = _whole(digits)
        key, equals, value = body[at + len(digits) + 1 : at + length - 1].partition(b"=")
        if not space or not equals or length < len(digits) + 3 or at + length > len(body):
            raise InvalidArchive("An extended header in this tar file is damaged.")
        if key in (b"path", b"size") or key.startswith(b"GNU.sparse."):
            found[key] = value
        at += length
    return found


def _block(stream: BinaryIO) -> bytes:
    block = stream.read(_BLOCK)
    if len(block) < _BLOCK:
        raise EOFError("it ends in the middle of a header")
    return block


def _check(header: bytes) -> None:
    told = _number(header[148:156])
    if told != sum(header[:148]) + 8 * ord(" ") + sum(header[156:]):
        raise InvalidArchive("A header in this tar file is damaged.")


def _name(header: bytes) -> bytes:
    name, prefix = header[:100].partition(b"\0")[0], header[345:500].partition(b"\0")[0]
    return prefix + b"/" + name if prefix and header[257:263] == b"ustar\0" else name


def _number(field: bytes) -> int:
    """In octal digits, or in binary after a byte of 128."""
    if field[0] == 0x80:
        return int.from_bytes(field[1:], "big")
    digits = field.partition(b"\0")[0].strip() or b"0"
    if not all(c in b"01234567" for c in digits):
        raise InvalidArchive("A number in this tar file is damaged.")
    return int(digits, 8)


def _whole(digits: bytes) -> int:
    if not digits.isdigit() or len(digits) > 20:
        raise InvalidArchive("A number in this tar file is damaged.")
    return int(digits)


def _kind(kind: bytes, name: bytes, is_sparse: bool) -> str:
    if kind in _LINKS:
        return "link"
    if kind == _FOLDER or name.endswith((b"/", b"\\")):
        return "folder"
    return "file" if kind in _FILES and not is_sparse else "other"
