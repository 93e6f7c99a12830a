"""`samphire edges`, with a decoder that knows a drawn world."""

import numpy as np
import pytest
from PIL import Image

from server.cli.main import main
from server.inference import automatic_decoder, encoder
from tests.unit.inference.test_automask import CUP, HEIGHT, TABLE, WIDTH, World


class Drawn(World):
    def prepare(self, tensors):
        return {"crop": np.array((0, 0, WIDTH, HEIGHT))}


class Encoder:
    def __init__(self, *_arguments):
        pass

    def encode(self, rgb):
        assert rgb.shape == (HEIGHT, WIDTH, 3)
        return {}


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.setattr(automatic_decoder, "automatic_decoder", lambda spec: Drawn(CUP, TABLE))
    monkeypatch.setattr(encoder, "Encoder", Encoder)
    Image.new("RGB", (WIDTH, HEIGHT), "white").save(tmp_path / "cup.png")
    (tmp_path / "there.png").touch()

    def command(image: str, out: str) -> int:
        words = [
            "edges",
            str(tmp_path / image),
            "--out",
            str(tmp_path / out),
            "--data",
            str(tmp_path / "data"),
        ]
        return main(words)

    return command


def test_edges_are_written_as_a_png(run, tmp_path, capsys):
    assert run("cup.png", "edges.png") == 0
    said = capsys.readouterr()
    assert "edges.png: 400 x 300 pixels" in said.out
    assert "edges: 100%" in said.err
    with Image.open(tmp_path / "edges.png") as drawn:
        assert (drawn.mode, drawn.size, drawn.getextrema()) == ("L", (WIDTH, HEIGHT), (0, 255))
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("image", "out", "why"),
    [
        ("none.png", "edges.png", "There is no file"),
        ("there.png", "edges.png", "This file is empty"),
        ("cup.png", "edges.jpg", "The edges are a PNG file"),
        ("cup.png", "there.png", "already exists"),
        ("cup.png", "nowhere/edges.png", "There is no folder"),
    ],
)
def test_what_cannot_be_done_is_told(run, tmp_path, capsys, image, out, why):
    assert run(image, out) == 2
    assert why in capsys.readouterr().err
    assert not (tmp_path / "edges.png").exists()
