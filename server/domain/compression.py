"""Compression: the content codings an embedding is sent in, and deflate for socket messages. Pure functions,
for native threads."""

import zlib
from collections.abc import Callable

import brotli
import zstandard

from ..errors import InvalidLogits


class Damaged(Exception):
    """The stored bytes are not what was stored."""


STORED = "br"  # made once, when an image is encoded: the smallest, and browsers take it
_BROTLI_QUALITY = 4  # 10 ms; on embeddings 5 to 9 are larger and slower, 10 is 4 % smaller and takes 0.8 s
_ZSTD_LEVEL = 9
_GZIP_LEVEL = 6
_DEFLATE_LEVEL = 1  # logits go out once, at once


def _brotli(data: bytes) -> bytes:
    return brotli.compress(data, quality=_BROTLI_QUALITY)


def _zstd(data: bytes) -> bytes:
    return zstandard.ZstdCompressor(level=_ZSTD_LEVEL).compress(data)


def _gzip(data: bytes) -> bytes:
    deflate = zlib.compressobj(_GZIP_LEVEL, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    return deflate.compress(data) + deflate.flush()


def _identity(data: bytes) -> bytes:
    return data


CODINGS: dict[str, Callable[[bytes], bytes]] = {
    "br": _brotli,
    "zstd": _zstd,
    "gzip": _gzip,
    "identity": _identity,
}
"""By name as in Accept-Encoding, the preferred first."""


def compress(data: bytes, coding: str) -> bytes:
    return CODINGS[coding](data)


def expand(stored: bytes) -> bytes:
    """Undo `compress(data, STORED)`. Raises Damaged."""
    try:
        return brotli.decompress(stored)
    except brotli.error as error:
        raise Damaged(str(error)) from error


def recode(stored: bytes, coding: str) -> bytes:
    """The stored bytes in another coding."""
    return stored if coding == STORED else compress(expand(stored), coding)


def deflate(data: bytes) -> bytes:
    """Raw deflate, as browsers' "deflate-raw"."""
    packer = zlib.compressobj(_DEFLATE_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


def inflate(data: bytes, limit: int) -> bytes:
    """Undo `deflate`, at most `limit` bytes. Raises InvalidLogits for anything else."""
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        out = unpacker.decompress(data, limit)
    except zlib.error:
        raise InvalidLogits("These bytes are not deflate-compressed.") from None
    if not unpacker.eof or unpacker.unconsumed_tail or unpacker.unused_data:
        raise InvalidLogits()
    return out
