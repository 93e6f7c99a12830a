"""Archives that strangers made: small files that would take all memory, all disk, or all patience."""

import bz2
import gzip
import lzma
import struct
import tarfile
import tracemalloc
import zipfile

import pytest

from server.errors import InvalidArchive
from server.features.transfer.imports.archives import is_archive, open_archive
from server.features.transfer.imports.files import Budget
from tests.unit.features.transfer.imports.packing import pack_zip
from tests.unit.features.transfer.imports.test_archives import read


def padded(data):
    return data + bytes(-len(data) % 512)


def header(name="a.png", kind=b"0", size=0):
    info = tarfile.TarInfo(name)
    info.type, info.size = kind, size
    return info.tobuf(tarfile.USTAR_FORMAT)


def record(key, value):
    line = b" " + key + b"=" + value + b"\n"
    length = len(line) + 1
    while len(str(length)) + len(line) != length:
        length += 1
    return str(length).encode() + line


def extended(records, kind=b"x"):
    return header("pax", kind, len(records)) + padded(records)


def tar(path, *parts, pack=lambda data: data):
    path.write_bytes(pack(b"".join(parts) + bytes(1024)))
    return path


@pytest.mark.parametrize("kind", [b"x", b"g", b"L", b"K", b"X"])
def test_a_chain_of_headers(tmp_path, kind):
    body = record(b"comment", b"x") if kind in b"xgX" else b"long name\0"
    chain = (header("pax", kind, len(body)) + padded(body)) * 5000
    path = tar(tmp_path / "x", header("first.png"), chain, header())
    with pytest.raises(InvalidArchive, match="more headers than any program writes"):
        read(path)


def test_names_as_long_as_memory(tmp_path):
    names = [
        extended(record(b"path", b"../%d/" % n + b"a" * 900_000 + b".png")) + header() for n in range(40)
    ]
    path = tar(tmp_path / "x", *names, pack=gzip.compress)
    assert path.stat().st_size < 200_000
    found = []

    def walk():
        for member in open_archive(path).members():
            found.append(member)

    with pytest.raises(InvalidArchive, match="names in this archive"):
        walk()
    assert 1 < len(found) < 10
    assert all("longer than" in member.problem for member in found)


def test_headers_count_as_much_as_files(tmp_path, monkeypatch):
    monkeypatch.setattr(Budget, "_BESIDES", 1_000_000)
    comment = extended(record(b"comment", b"x" * 900_000))
    sparse = bytearray(header("old.png", b"S"))
    sparse[482] = 1
    sparse[148:156] = b"%06o\0 " % (sum(sparse[:148]) + 256 + sum(sparse[156:]))
    for parts in ((comment + header()) * 20, bytes(sparse) + b"\1" * 512 * 40_000):
        with pytest.raises(InvalidArchive, match="100 times"):
            read(tar(tmp_path / "x", parts, pack=gzip.compress))


def test_extended_headers_that_are_damaged(tmp_path):
    for records in (
        b"5 a=b\n" * 3,
        b"999999 path=x\n",
        b"x path=y\n",
        b"path=x\n",
        b"6 path\n",
        b"0 =\n",
        b"-9 a=b\n",
        b"9" * 5000,
    ):
        with pytest.raises(InvalidArchive, match="damaged"):
            read(tar(tmp_path / "x", extended(records), header()))
    for size in (b"-1", b"9" * 5000, b"1e9", b""):
        with pytest.raises(InvalidArchive):
            read(tar(tmp_path / "x", extended(record(b"size", size)), header()))


def test_sparse_files_are_told_without_reading_their_maps(tmp_path):
    sparse = bytearray(header("old.png", b"S", 512))
    sparse[482] = 1
    sparse[148:156] = b"%06o\0 " % (sum(sparse[:148]) + 256 + sum(sparse[156:]))
    more = bytearray(512)
    more[504] = 1
    new = extended(record(b"GNU.sparse.major", b"1") + record(b"GNU.sparse.name", b"x"))
    path = tar(
        tmp_path / "x", bytes(sparse), bytes(more), bytes(512), b"d" * 512,
        new, header("new.png", size=512), b"9" * 512, header("good.png", size=1), padded(b"g"),
    )  # fmt: skip
    contents, problems = read(path)
    assert contents == {"good.png": b"g"}
    assert problems == {"old.png": "This is no plain file.", "new.png": "This is no plain file."}


def test_large_numbers_in_a_tar_file(tmp_path):
    """Beyond 8 GB sizes are in binary."""
    large = bytearray(header())
    large[124:136] = b"\x80" + (1 << 60).to_bytes(11, "big")
    large[148:156] = b"%06o\0 " % (sum(large[:148]) + 256 + sum(large[156:]))
    with pytest.raises(InvalidArchive, match="100 times"):
        read(tar(tmp_path / "x", bytes(large)))
    large[124] = 0xFF  # below zero
    large[148:156] = b"%06o\0 " % (sum(large[:148]) + 256 + sum(large[156:]))
    with pytest.raises(InvalidArchive, match="damaged"):
        read(tar(tmp_path / "x", bytes(large)))


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_a_packed_tar_is_unpacked_in_bounded_memory(tmp_path, pack):
    size = 200_000_000
    path = tar(
        tmp_path / "x",
        header("a.bmp", size=size),
        bytes(size),
        header("b.png", size=1),
        padded(b"b"),
        pack=pack,
    )
    tracemalloc.start()
    names = [member.name for member in open_archive(path).members()]
    assert tracemalloc.get_traced_memory()[1] < 30_000_000
    tracemalloc.stop()
    assert names == ["a.bmp", "b.png"]


def test_an_xz_file_that_asks_for_gigabytes(tmp_path):
    filters = [{"id": lzma.FILTER_LZMA2, "preset": 0, "dict_size": 1 << 30}]
    whole = lzma.compress(padded(header("a.png")) + bytes(1024))
    data = lzma.LZMACompressor(filters=filters)
    try:
        packed = data.compress(header("a.png") + bytes(1024)) + data.flush()
    except MemoryError:
        pytest.skip("this machine cannot write it")
    (tmp_path / "x").write_bytes(packed)
    assert not is_archive(tmp_path / "x")
    (tmp_path / "y").write_bytes(whole + lzma.compress(b"more"))
    assert read(tmp_path / "y") == ({"a.png": b""}, {})


def entries_of_a_zip(count, name=b"a"):
    entry = struct.pack(
        "<IHHHHHHIIIHHHHHII", 0x02014B50, 20, 20, 0, 0, 0, 0, 0, 0, 0, len(name), 0, 0, 0, 0, 0, 0
    )
    return (entry + name) * count


def end_of_a_zip(size, count, at=0):
    return struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, count, count, size, at, 0)


def end_64(size, count, at=0, where=0):
    record = struct.pack("<IQHHIIQQQQ", 0x06064B50, 44, 45, 45, 0, 0, count, count, size, at)
    return record + struct.pack("<IIQI", 0x07064B50, 0, where, 1)


@pytest.mark.parametrize(
    "form", ["plain", "64", "64 that the other end hides", "behind other bytes", "that says it is short"]
)
def test_a_zip_of_a_million_files_is_refused_before_they_are_in_memory(tmp_path, form):
    listed = entries_of_a_zip(1_000_000)
    size, before = len(listed), b"#!/bin/sh\n" * 1000 if form == "behind other bytes" else b""
    if form.startswith("64"):
        end = end_64(size, 1_000_000, where=size) + (
            end_of_a_zip(0xFFFFFFFF, 0xFFFF, 0xFFFFFFFF) if form == "64" else end_of_a_zip(0, 0)
        )
    else:
        end = end_of_a_zip(size, 1 if form == "that says it is short" else 0xFFFF)
    (tmp_path / "x").write_bytes(before + listed + end)
    del listed
    tracemalloc.start()
    with pytest.raises(InvalidArchive, match="too many files"):
        open_archive(tmp_path / "x")
    assert tracemalloc.get_traced_memory()[1] < 60_000_000
    tracemalloc.stop()


def test_entries_of_a_zip_that_lie_on_one_another(tmp_path):
    """A thousand names for the same bytes: each counts as much as it unpacks to."""
    data = bytearray(pack_zip(tmp_path / "x", {"a.bmp": bytes(20_000_000)}).read_bytes())
    start = data.index(b"PK\x01\x02")
    end = data.index(b"PK\x05\x06")
    entry = bytes(data[start:end])
    listed = b"".join(entry.replace(b"a.bmp", b"%05d" % n) for n in range(1000))
    (tmp_path / "x").write_bytes(data[:start] + listed + end_of_a_zip(len(listed), 1000, start))
    with pytest.raises(InvalidArchive, match="100 times"):
        open_archive(tmp_path / "x")


def test_a_file_in_a_zip_that_is_longer_than_it_says(tmp_path):
    data = bytearray(pack_zip(tmp_path / "x", {"a.bmp": bytes(50_000_000)}).read_bytes())
    for signature, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<I", data, data.index(signature) + place, 10)
    (tmp_path / "x").write_bytes(data)
    (member,) = open_archive(tmp_path / "x").members()
    with member.open() as file, pytest.raises(InvalidArchive):
        file.read()


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_methods_of_zip_that_unpack_without_a_limit(tmp_path, method):
    path = pack_zip(tmp_path / "x", {"a.bmp": b"x"}, method)
    (member,) = open_archive(path).members()
    assert "pack it with Deflate" in member.problem


def test_a_zip_of_a_later_version(tmp_path):
    data = bytearray(pack_zip(tmp_path / "x", {"a.png": b"x"}).read_bytes())
    data[data.index(b"PK\x01\x02") + 6] = 99
    (tmp_path / "x").write_bytes(data)
    with pytest.raises(InvalidArchive, match="damaged"):
        open_archive(tmp_path / "x")
