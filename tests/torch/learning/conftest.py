"""A training set of drawn images, encoded by the bundled segmenter."""

import json
import shutil

import numpy as np
import pytest

from server.domain import embedding_codec
from server.domain.masks import encode_rle
from server.inference.catalog import DEFAULT, open_catalog
from server.inference.encoder import Encoder
from server.inference.training_set import SetWriter, TrainingObject

IMAGES, WIDTH, HEIGHT = 6, 320, 240


@pytest.fixture(scope="session")
def drawn_set(tmp_path_factory):
    """The folder of a set: 6 images, each with a disc and a bar."""
    folder = tmp_path_factory.mktemp("drawn") / "set"
    spec = open_catalog(folder.parent).find(DEFAULT)
    encoder, writer = Encoder(spec), SetWriter(folder, spec.id, spec.encoding)
    for number in range(IMAGES):
        rgb, masks = drawing(number)
        objects = [
            TrainingObject(f"{number}-{label}", label, encode_rle(mask)["counts"])
            for label, mask in masks.items()
        ]
        container = embedding_codec.encode(encoder.encode(rgb), spec.id, spec.encoding, (WIDTH, HEIGHT))
        writer.add(f"image {number}", (WIDTH, HEIGHT), container, objects)
    writer.close()
    return folder


def drawing(number):
    """uint8 (240, 320, 3) and the mask of each label."""
    random = np.random.default_rng(number)
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    cx, cy, bar = random.integers(60, 140), random.integers(60, 160), random.integers(180, 260)
    masks = {
        "disc": (x - cx) ** 2 + (y - cy) ** 2 < 40**2,
        "bar": (abs(x - bar) < 15) & (abs(y - 120) < 90),
    }
    rgb = np.full((HEIGHT, WIDTH, 3), 90, np.uint8)
    rgb[masks["disc"]], rgb[masks["bar"]] = (220, 60, 40), (40, 60, 220)
    return rgb, masks


@pytest.fixture
def run_folder(drawn_set, tmp_path):
    """The folder of a training that begins; `folder.data` has nothing installed."""
    folder = tmp_path / "run"
    shutil.copytree(drawn_set, folder / "set")
    ask(folder, tmp_path / "data")
    return folder


def ask(folder, data, **changed):
    wanted = {"data": str(data), "base": DEFAULT, "id": "mine", "title": "Mine", "project": "Drawn"}
    (folder / "request.json").write_text(json.dumps({**wanted, **changed}), "utf-8")
