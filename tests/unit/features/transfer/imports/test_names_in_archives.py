"""Names in archives: in one form, whichever program and system wrote them, and each once."""

import io
import json
import struct
import tarfile
import zipfile
import zlib

import pytest

from server.features.transfer.imports.archives import open_archive
from server.features.transfer.imports.files import TWICE
from tests.unit.features.transfer.imports.packing import pack_tar, pack_zip, picture
from tests.unit.features.transfer.imports.test_archives import read


def test_names_of_tar_files_whichever_header_holds_them(tmp_path):
    long = "d/" * 60 + "e" * 150 + ".png"
    for kind in (tarfile.PAX_FORMAT, tarfile.GNU_FORMAT, tarfile.USTAR_FORMAT):
        names = [
            "a.png",
            "d/" * 60 + "e" * 90 + ".png",
            *(() if kind == tarfile.USTAR_FORMAT else (long, "\u4e2d" * 60)),
        ]
        with tarfile.open(tmp_path / "x", "w", format=kind) as archive:
            for name in names:
                info = tarfile.TarInfo(name)
                info.size = len(name)
                archive.addfile(info, io.BytesIO(name.encode("ascii", "replace")))
        assert read(tmp_path / "x") == ({name: name.encode("ascii", "replace") for name in names}, {})


def test_two_files_of_one_name(tmp_path):
    """The same once names are in one form: in zip, in tar, and in a tar that is unpacked."""
    names = ["a/b.png", "./a/b.png", "a\\b.png", "c.png"]
    with zipfile.ZipFile(tmp_path / "z", "w") as archive:
        for number, name in enumerate(names):
            archive.writestr(name, b"%d" % number)
    pack_tar(tmp_path / "t", {name: b"%d" % number for number, name in enumerate(names)})
    for path in (tmp_path / "z", tmp_path / "t"):
        assert [(m.name, m.problem) for m in open_archive(path).members()] == [
            ("a/b.png", None), ("a/b.png", TWICE), ("a/b.png", TWICE), ("c.png", None),
        ]  # fmt: skip
        into = tmp_path / f"{path.name} unpacked"
        into.mkdir()
        opened = open_archive(path, into)
        assert sum(m.problem == TWICE for m in opened.members()) == 2
        assert opened.source().text("a/b.png", 10) == "0"


def names_in(path):
    return [member.name for member in open_archive(path).members()]


def pack_raw_names(path, files, flag=0, extra=b""):
    """A zip whose names are these bytes."""
    pack_zip(path, {f"{number:0{len(raw)}d}": data for number, (raw, data) in enumerate(files.items())})
    data = path.read_bytes()
    for number, raw in enumerate(files):
        data = data.replace(f"{number:0{len(raw)}d}".encode(), raw)
    path.write_bytes(data)
    return path


def test_names_of_a_zip_without_an_encoding(tmp_path):
    chinese = "\u56fe\u50cf/\u732b.png"
    assert names_in(pack_raw_names(tmp_path / "x", {chinese.encode("gbk"): picture(1)})) == [chinese]
    assert names_in(pack_raw_names(tmp_path / "x", {chinese.encode(): picture(1)})) == [chinese]


def test_names_that_say_to_be_in_utf_8_and_are_not(tmp_path):
    chinese = "\u56fe\u50cf/\u732b.png"
    path = pack_raw_names(tmp_path / "x", {chinese.encode("gbk"): picture(1), "\u732b.txt".encode(): b"x"})
    data = bytearray(path.read_bytes())
    for signature, place in ((b"PK\x03\x04", 7), (b"PK\x01\x02", 9)):
        at = -1
        while (at := data.find(signature, at + 1)) >= 0:
            data[at + place] |= 8
    path.write_bytes(data)
    assert read(path) == ({chinese: picture(1), "\u732b.txt": b"x"}, {})


@pytest.mark.parametrize("escape", [True, False])
def test_what_the_annotations_call_the_images_decides(tmp_path, escape):
    korean = "\uac15\uc544\uc9c0.png"
    files = {
        b"annotations.json": json.dumps({"file_name": korean}, ensure_ascii=escape).encode(),
        korean.encode("cp949"): b"x",
    }
    assert names_in(pack_raw_names(tmp_path / "x", files)) == ["annotations.json", korean]


def test_the_name_in_utf_8_beside_the_other(tmp_path):
    right = "\u56fe\u50cf.png".encode()
    info = zipfile.ZipInfo("_____.png")
    field = b"\1" + zlib.crc32(b"_____.png").to_bytes(4, "little") + right
    info.extra = struct.pack("<HH", 0x5455, 1) + b"x" + struct.pack("<HH", 0x7075, len(field)) + field
    with zipfile.ZipFile(tmp_path / "x", "w") as archive:
        archive.writestr(info, b"x")
    assert names_in(tmp_path / "x") == ["\u56fe\u50cf.png"]
    info.extra = info.extra[:10] + b"\0" + info.extra[11:]  # of another name, by its checksum
    with zipfile.ZipFile(tmp_path / "x", "w") as archive:
        archive.writestr(info, b"x")
    assert names_in(tmp_path / "x") == ["_____.png"]


def test_names_of_a_tar_that_are_not_utf_8(tmp_path):
    with tarfile.open(tmp_path / "x", "w", format=tarfile.GNU_FORMAT, encoding="latin-1") as archive:
        for name in ("ok.png", "caf\u00e9.png", "z.png"):
            archive.addfile(tarfile.TarInfo(name))
    assert names_in(tmp_path / "x") == ["ok.png", "caf\u00e9.png", "z.png"]


def test_a_zip_of_windows(tmp_path):
    """Backslashes, folders by themselves, and a drive."""
    with zipfile.ZipFile(tmp_path / "x", "w") as archive:
        for name in ("images\\", "images\\train\\a.png", ".\\b.png", "C:\\c.png", "\\\\host\\d.png"):
            info = zipfile.ZipInfo("x")
            info.filename = info.orig_filename = name
            archive.writestr(info, b"")
    contents, problems = read(tmp_path / "x")
    assert list(contents) == ["images/train/a.png", "b.png"]
    assert list(problems) == ["C:/c.png", "/host/d.png"]
