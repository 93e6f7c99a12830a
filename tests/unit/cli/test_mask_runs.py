"""`samphire from-boxes`: what it prints, that it goes on where it was interrupted."""

import io
import json

import numpy as np
import pytest
from PIL import Image

from server.cli.main import main
from server.errors import StorageFull
from tests.web.segmenting import with_ellipses

SIZE = (40, 30)


@pytest.fixture
def decoder(monkeypatch):
    return with_ellipses(monkeypatch)


@pytest.fixture
def folder(tmp_path):
    """A data folder with two images, each with two boxes of COCO's."""
    files = tmp_path / "files"
    files.mkdir()
    boxes = [[4, 6, 20, 16], [2, 2, 8, 8]]
    for seed in (1, 2):
        pixels = np.random.default_rng(seed).integers(0, 255, (*SIZE[::-1], 3), dtype=np.uint8)
        data = io.BytesIO()
        Image.fromarray(pixels).save(data, "PNG")
        (files / f"{seed}.png").write_bytes(data.getvalue())
    dataset = {
        "images": [{"id": n, "file_name": f"{n}.png", "width": SIZE[0], "height": SIZE[1]} for n in (1, 2)],
        "categories": [{"id": 1, "name": "dog"}],
        "annotations": [
            {"id": 10 * n + m, "image_id": n, "category_id": 1, "bbox": box}
            for n in (1, 2)
            for m, box in enumerate(boxes)
        ],
    }
    (files / "coco.json").write_text(json.dumps(dataset))
    assert run(tmp_path, "project", "create", "Streets") == 0
    assert run(tmp_path, "import", files, "--project", "Streets") == 0
    return tmp_path


def run(folder, *words):
    return main([*map(str, words), "--data", str(folder / "data"), "--log-level", "error"])


def test_boxes_become_masks(folder, decoder, capsys):
    capsys.readouterr()
    assert run(folder, "from-boxes", "--project", "Streets") == 0
    assert "4 objects on 2 images got masks; 0 should be looked at." in capsys.readouterr().out
    out = folder / "out"
    assert run(folder, "export", out, "--project", "Streets", "--format", "sa1b") == 0
    [first, second] = [json.loads(path.read_text()) for path in sorted(out.glob("*.json"))]
    kept = [each["samphire"]["details"]["prompts"] for each in first["annotations"] + second["annotations"]]
    assert kept == [[{"kind": "box", "box": box}] for box in ([4, 6, 24, 22], [2, 2, 10, 10])] * 2


def test_doubtful_ones_are_listed(folder, decoder, capsys):
    decoder.slope = 0.2
    assert run(folder, "from-boxes", "--project", "Streets") == 0
    told = capsys.readouterr().out
    assert "4 should be looked at" in told
    assert "1.png: dog: unstable" in told


def test_an_interrupted_one_goes_on(folder, decoder, capsys):
    def fill_the_disk():
        if decoder.calls == 3:
            raise StorageFull

    decoder.before = fill_the_disk
    assert run(folder, "from-boxes", "--project", "Streets") == 2
    assert run(folder, "from-boxes", "--project", "Streets") == 0
    told = capsys.readouterr()
    assert "Resuming" in told.err
    assert "4 objects on 2 images" in told.out
    assert decoder.calls == 5  # the image that was done was not done again


def test_what_is_not_there_is_said(folder, decoder, capsys):
    assert run(folder, "from-boxes", "--project", "Street") == 2
    assert run(folder, "from-boxes", "--project", "Streets", "--segmenter", "none") == 2
    assert "Streets" in capsys.readouterr().err
