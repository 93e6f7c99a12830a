"""Archives: what is in them is read, what is a trick is told, and none of it costs more than it should."""

import gzip
import io
import stat
import struct
import tarfile
import tracemalloc
import zipfile

import pytest

from server.errors import InvalidArchive
from server.features.transfer.imports.archives import is_archive, open_archive
from tests.unit.features.transfer.imports.packing import pack_tar, pack_zip, picture

FILES = {"a/b.png": picture(1), "a/c.txt": b"text", "d.jpg": b"no picture"}


def read(path):
    """Contents, and problems, by name."""
    opened = open_archive(path)
    contents, problems = {}, {}
    for member in opened.members():
        if member.problem is None:
            with member.open() as file:
                contents[member.name] = file.read()
        else:
            problems[member.name] = member.problem
    opened.close()
    return contents, problems


@pytest.mark.parametrize("mode", ["w", "w:gz", "w:bz2", "w:xz"])
def test_tar(tmp_path, mode):
    path = pack_tar(tmp_path / "x", FILES, mode)
    assert is_archive(path)
    assert read(path) == (FILES, {})


@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_zip(tmp_path, compression):
    path = pack_zip(tmp_path / "x", FILES, compression)
    assert is_archive(path)
    assert read(path) == (FILES, {})
    assert open_archive(path).total == 3


def test_a_tar_of_the_folder_itself(tmp_path):
    assert read(pack_tar(tmp_path / "x", {f"./{name}": data for name, data in FILES.items()})) == (FILES, {})


def test_files_of_systems_are_not_there(tmp_path):
    files = dict.fromkeys(("__MACOSX/._a.png", ".DS_Store", "a/.git/x", "b/Thumbs.db", "desktop.ini"), b"x")
    assert read(pack_zip(tmp_path / "x", files)) == ({}, {})
    assert read(pack_tar(tmp_path / "y", files)) == ({}, {})


TRICKS = [
    "../a.png",
    "a/../../b.png",
    "/etc/passwd.png",
    "C:\\x.png",
    "..\\x.png",
    "a/x.zip",
    "a/x.tar.gz",
    "x.7z",
]


@pytest.mark.parametrize("name", TRICKS)
def test_tricks_with_names(tmp_path, name):
    for path in (
        pack_zip(tmp_path / "x", {name: b"x", "good.png": b"y"}),
        pack_tar(tmp_path / "y", {name: b"x", "good.png": b"y"}),
    ):
        contents, problems = read(path)
        assert contents == {"good.png": b"y"}
        assert len(problems) == 1
        assert next(iter(problems.values())).endswith(("out of the archive.", "Unpack it first."))


def test_links_and_devices(tmp_path):
    more = []
    for number, kind in enumerate((tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE)):
        info = tarfile.TarInfo(f"{number}.png")
        info.type, info.linkname = kind, "/etc/passwd"
        more.append(info)
    contents, problems = read(pack_tar(tmp_path / "x", {}, more=more))
    assert contents == {}
    assert [problem.split(",")[0] for problem in problems.values()] == [
        "This is a link", "This is a link", "This is no plain file.", "This is no plain file.",
    ]  # fmt: skip
    link = zipfile.ZipInfo("link.png")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "z", "w") as archive:
        archive.writestr(link, "/etc/passwd")
    assert read(tmp_path / "z") == ({}, {"link.png": "This is a link, not a file."})


def test_a_locked_file(tmp_path):
    data = bytearray(pack_zip(tmp_path / "x", {"a.png": b"secret"}, zipfile.ZIP_STORED).read_bytes())
    for signature, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + place] |= 1
    (tmp_path / "x").write_bytes(data)
    assert read(tmp_path / "x") == ({}, {"a.png": "This file is locked with a password."})


def test_bombs(tmp_path):
    """Two gigabytes of zeros in a few, packed; and a zip that says it holds terabytes."""
    zeros = b"\0" * (1 << 20)
    with zipfile.ZipFile(tmp_path / "z", "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for number in range(3):
            with archive.open(f"{number}.bmp", "w", force_zip64=True) as file:
                for _ in range(700):
                    file.write(zeros)
    with pytest.raises(InvalidArchive, match="more than 100 times"):
        open_archive(tmp_path / "z")

    header = tarfile.TarInfo("a.bmp")
    header.size = 1 << 40
    (tmp_path / "t").write_bytes(gzip.compress(header.tobuf() + b"\0" * 10_000))
    with pytest.raises(InvalidArchive, match="more than 100 times"):
        read(tmp_path / "t")


@pytest.mark.parametrize("kind", [b"x", b"g", b"L", b"K"])
def test_a_header_as_long_as_memory(tmp_path, kind):
    header = tarfile.TarInfo("a")
    header.size, header.type = 200_000_000, kind
    with gzip.open(tmp_path / "t", "wb", compresslevel=1) as file:
        file.write(header.tobuf(tarfile.USTAR_FORMAT))
        for _ in range(200):
            file.write(b"\0" * 1_000_000)
    tracemalloc.start()
    with pytest.raises(InvalidArchive, match="longer than any name"):
        read(tmp_path / "t")
    assert tracemalloc.get_traced_memory()[1] < 20_000_000
    tracemalloc.stop()


def test_a_list_of_files_as_long_as_memory(tmp_path):
    data = bytearray(pack_zip(tmp_path / "x", {"a.png": b"x"}).read_bytes())
    end = data.rindex(b"PK\x05\x06")
    struct.pack_into("<I", data, end + 12, 0xFFFFFFF0)
    (tmp_path / "x").write_bytes(data)
    with pytest.raises(InvalidArchive):
        open_archive(tmp_path / "x")


def test_damage_is_told_where_it_is_met(tmp_path):
    whole = pack_tar(
        tmp_path / "x", {f"{n}.png": picture(n, size=(40, 40)) for n in range(20)}, "w:gz"
    ).read_bytes()
    (tmp_path / "x").write_bytes(whole[: len(whole) // 2])
    names = []

    def walk():
        for member in open_archive(tmp_path / "x").members():
            with member.open() as file:
                file.read()
            names.append(member.name)

    with pytest.raises(InvalidArchive, match="damaged"):
        walk()
    assert 0 < len(names) < 20

    data = bytearray(pack_zip(tmp_path / "z", {"a.png": picture(1), "b.png": picture(2)}).read_bytes())
    data[60] ^= 0xFF
    (tmp_path / "z").write_bytes(data)
    first, second = open_archive(tmp_path / "z").members()
    with pytest.raises(InvalidArchive), first.open() as file:
        file.read()
    with second.open() as file:
        assert file.read() == picture(2)


@pytest.mark.parametrize(
    "data",
    [b"", b"PK\x03\x04", b"PK\x05\x06" + b"\0" * 5, b"x" * 1000, b"\x1f\x8b" + b"x" * 600, b"\0" * 1024],
)
def test_what_is_no_archive(tmp_path, data):
    (tmp_path / "x").write_bytes(data)
    with pytest.raises(InvalidArchive):
        open_archive(tmp_path / "x")


def test_readers_of_formats_get_the_same_files(tmp_path):
    (tmp_path / "into").mkdir()
    for path in (pack_zip(tmp_path / "x", FILES), pack_tar(tmp_path / "y", FILES)):
        source = open_archive(path, tmp_path / "into").source()
        assert source.paths == sorted(FILES)
        assert source.text("a/c.txt", 100) == "text"
        assert source.size("a/b.png") == (8, 6)
        assert source.size("d.jpg") is None
    assert io.BytesIO(FILES["a/b.png"]).read() == (tmp_path / "into" / "0").read_bytes()
