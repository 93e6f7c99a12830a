"""`samphire bundle`, as far as no browser is needed."""

import pytest

from server import paths
from server.cli.main import main
from server.features.bundles import page, service
from server.inference.catalog import DEFAULT
from server.paths import SEGMENTERS
from tests.browser.pictures import still_life


@pytest.fixture
def picture(tmp_path, monkeypatch):
    """A file; and what a wheel has of the browser's files."""
    static = tmp_path / "static"
    for name in page.PARTS:
        page.put(static / name, b"<svg ></svg>")
    monkeypatch.setattr(paths, "STATIC", static)
    file = tmp_path / "still life.png"
    file.write_bytes(still_life(81).data)
    return file


def run(picture, *words):
    return main(["bundle", *map(str, words), "--data", str(picture.parent / "none"), "--log-level", "error"])


def test_a_file_and_a_folder_are_written(picture, tmp_path, capsys):
    assert run(picture, picture, picture, tmp_path / "demo.html") == 0
    assert f"{tmp_path / 'demo.html'}: 1 image, " in capsys.readouterr().out
    assert "still life.png" in (tmp_path / "demo.html").read_text()
    assert run(picture, picture, tmp_path / "demo", "--folder") == 0
    written = {each.relative_to(tmp_path / "demo").as_posix() for each in (tmp_path / "demo").rglob("*.*")}
    assert {"index.html", "images/1.png", "decoder/decoder.onnx", page.WORKER} <= written
    assert not [each for each in written if "classic" in each or "encoder" in each]
    assert not [*tmp_path.glob(".*.part")]
    assert not (tmp_path / "none").exists()


def test_the_encoder_comes_along_when_it_is_wanted(picture, tmp_path, monkeypatch, capsys):
    assert run(picture, picture, tmp_path / "demo", "--folder", "--own-images") == 0
    encoder = tmp_path / "demo" / "encoder" / "encoder.onnx"
    assert encoder.read_bytes() == (SEGMENTERS / DEFAULT / "encoder.onnx").read_bytes()
    assert (tmp_path / "demo" / page.ENCODER_WORKER).is_file()
    monkeypatch.setattr(service, "_MOST_ENCODER_BYTES", 1000)
    assert run(picture, picture, tmp_path / "demo.html", "--own-images") == 2
    assert "too large for a browser (9 MB)" in capsys.readouterr().err


def test_nothing_is_written_over(picture, tmp_path, capsys):
    (tmp_path / "mine.html").write_text("mine")
    assert run(picture, picture, tmp_path / "mine.html") == 2
    assert (tmp_path / "mine.html").read_text() == "mine"
    assert "already exists" in capsys.readouterr().err


def test_what_cannot_be_bundled_is_told(picture, tmp_path, capsys):
    (tmp_path / "empty").mkdir()
    (tmp_path / "text.png").write_text("no image")
    for source, told in (("missing.png", "does not exist"), ("empty", "no images"), ("text.png", "text.png")):
        assert run(picture, tmp_path / source, tmp_path / "demo.html") == 2
        assert told in capsys.readouterr().err
    assert not (tmp_path / "demo.html").exists()
    assert not [*tmp_path.glob(".*.part")]
