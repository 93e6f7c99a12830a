"""`samphire eval` from beginning to end, with the bundled segmenter on pictures that are drawn here."""

import json

import numpy as np
import pytest
from PIL import Image, ImageDraw

from server.cli import main as cli
from server.inference.catalog import open_catalog
from server.lab.evaluation import command
from server.lab.evaluation.measure import ObjectResult


@pytest.fixture
def drawn(tmp_path):
    """A red disc and a yellow one on a gradient, each in a mask of its own."""
    y, x = np.mgrid[:300, :450]
    picture = np.stack([x * 0.3 + 20, y * 0.5 + 10, np.full_like(x, 90)], axis=-1).astype(np.uint8)
    image = Image.fromarray(picture)
    (tmp_path / "set" / "images").mkdir(parents=True)
    (tmp_path / "set" / "masks").mkdir()
    for letter, box, colour in (
        ("a", (60, 60, 200, 200), (220, 60, 40)),
        ("b", (290, 150, 400, 260), (240, 220, 60)),
    ):
        ImageDraw.Draw(image).ellipse(box, fill=colour)
        mask = Image.new("L", image.size)
        ImageDraw.Draw(mask).ellipse(box, fill=255)
        mask.save(tmp_path / "set" / "masks" / f"discs{letter}.png")
    image.save(tmp_path / "set" / "images" / "discs.png")
    return tmp_path / "set"


@pytest.fixture
def evaluate(drawn, tmp_path):
    def run(*words: str) -> int:
        return cli.main(["eval", "--dataset", str(drawn), "--data", str(tmp_path / "data"), *words])

    return run


def instead_of_the_networks(monkeypatch, measure):
    """Objects are read and counted; what would be computed is given."""

    class Network:
        def __init__(self, *_arguments, **_options):
            pass

        def __getattr__(self, _name):
            return lambda *_: {}

    monkeypatch.setattr(command, "Encoder", Network)
    monkeypatch.setattr(command, "Decoder", Network)
    monkeypatch.setattr(command, "measure_object", measure)


def good(_scene, image, truth, _clicks) -> ObjectResult:
    return ObjectResult(image, truth.name, 9, (), (0.9,), (0.9, 0.9, 0.9), 0.9)


def test_discs_are_found_and_everything_is_written(evaluate, tmp_path, capsys):
    out = tmp_path / "out.json"
    assert evaluate("--json", str(out), "--plot", str(tmp_path / "out.svg"), "--segmenter", "mobile_sam") == 0
    said = capsys.readouterr()
    assert "set: 1 images in images/, 2 mask files for them in masks/; 2 objects: one object a file." in (
        said.out
    )
    assert "1 of 1 images" in said.err
    document = json.loads(out.read_text())
    (segmenter,) = document["segmenters"]
    assert document["complete"] is True
    assert segmenter["objects"] == 2
    assert segmenter["one_click"] > 0.9
    assert segmenter["box"] > 0.9
    assert segmenter["noc_85"] == 1
    first = segmenter["results"][0]["clicks"][0]
    assert first == [pytest.approx(130.5, abs=1), pytest.approx(130.5, abs=1), 1]
    assert (tmp_path / "out.svg").read_text().startswith("<svg")
    catalog = open_catalog(tmp_path / "data")
    quality = catalog.find("mobile_sam").quality
    assert quality["dataset"] == "set"
    assert quality["one_click"] == pytest.approx(segmenter["one_click"])


def test_automatic_masks_find_the_discs(evaluate, tmp_path, capsys):
    out = tmp_path / "out.json"
    words = ("--auto", "--fast", "--points-per-side", "8", "--json", str(out), "--segmenter", "mobile_sam")
    assert evaluate(*words) == 0
    said = capsys.readouterr()
    assert "Automatic masks from 8 x 8 clicks, fast." in said.out
    document = json.loads(out.read_text())
    (segmenter,) = document["segmenters"]
    assert (document["complete"], document["automatic"]["points_per_side"]) == (True, 8)
    assert (segmenter["objects"], segmenter["large"]["objects"]) == (2, 2)
    assert segmenter["all"]["ar_100"] > 0.8
    assert segmenter["all"]["recall_50"] == 1
    assert min(one["best_iou"] for one in segmenter["results"]) > 0.9
    assert not (tmp_path / "data").exists()  # the page shows the quality of clicks


def test_json_to_the_terminal_is_json_alone(evaluate, monkeypatch, capsys):
    instead_of_the_networks(monkeypatch, good)
    assert evaluate("--json", "-") == 0
    assert json.loads(capsys.readouterr().out)["dataset"] == "set"


def test_what_cannot_be_read_is_told_and_the_rest_goes_on(evaluate, drawn, monkeypatch, tmp_path, capsys):
    instead_of_the_networks(monkeypatch, good)
    Image.new("L", (9, 9), 255).save(drawn / "masks" / "discs_small.png")
    (drawn / "masks" / "discs_text.png").write_text("no picture")
    (drawn / "images" / "text.jpg").write_text("no picture")
    Image.new("L", (450, 300), 255).save(drawn / "masks" / "text.png")
    Image.new("L", (450, 300), 255).save(drawn / "masks" / "lost.png")
    assert evaluate("--json", "-") == 1
    said = capsys.readouterr()
    document = json.loads(said.out)
    assert [one["where"] for one in document["problems"]] == [
        "masks/lost.png",
        "masks/discs_small.png",
        "masks/discs_text.png",
        "images/text.jpg",
    ]
    assert "eval: masks/discs_small.png: The mask is 9x9 pixels, its image 450x300." in said.err
    assert document["segmenters"][0]["objects"] == 2
    assert not document["complete"]
    assert not (tmp_path / "data").exists()  # no quality of half a dataset


def test_a_picture_beyond_the_limits_is_told(evaluate, monkeypatch, capsys):
    instead_of_the_networks(monkeypatch, good)
    assert evaluate("--max-pixels", "1000") == 1
    assert "images/discs.png: This image has 0.1 million pixels" in capsys.readouterr().err


def test_ctrl_c_prints_what_was_finished(evaluate, monkeypatch, tmp_path, capsys):
    def once(scene, image, truth, clicks):
        if truth.name.endswith("b.png"):
            raise KeyboardInterrupt
        return good(scene, image, truth, clicks)

    instead_of_the_networks(monkeypatch, once)
    assert evaluate() == 130
    said = capsys.readouterr().out
    assert "Not the whole dataset" in said
    assert ["mobile_sam", "1", "0.900"] in [line.split()[:3] for line in said.splitlines()]
    assert not (tmp_path / "data").exists()


def test_a_segmenter_that_cannot_be_loaded_does_not_stop_the_others(evaluate, monkeypatch, capsys):
    from server.errors import EncodingFailed

    def broken(*_arguments):
        raise EncodingFailed("encoder.onnx could not be loaded.")

    monkeypatch.setattr(command, "Encoder", broken)
    assert evaluate("--json", "-") == 1
    document = json.loads(capsys.readouterr().out)
    assert document["segmenters"][0]["failure"] == "encoder.onnx could not be loaded."


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--clicks", "0"), "--clicks must be at least 1"),
        (("--limit", "-3"), "--limit must be at least 1"),
        (("--points-per-side", "0"), "--points-per-side must be at least 1"),
        (("--auto", "--plot", "chart.svg"), "The plot is of clicks"),
        (("--fast",), "--fast is for automatic masks"),
        (("--plot", "chart.png"), "The plot is an SVG"),
        (("--json", "/nowhere/at/all.json"), "There is no folder"),
        (("--segmenter", "sam_vit_z"), "There is no segmenter 'sam_vit_z'"),
        (("--dataset", "/nowhere"), "There is no folder /nowhere"),
    ],
)
def test_what_cannot_be_done_is_told_at_once(evaluate, capsys, words, why):
    assert evaluate(*words) == 2
    assert why in capsys.readouterr().err
