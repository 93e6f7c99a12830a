"""What Samphire exports, with folders, equal and odd names: read back by Samphire, whatever the format."""

from collections import Counter

import numpy as np
import pytest

from server.domain.masks import encode_rle
from server.domain.policy import OWNER
from server.features.transfer.exports.exports import Exports
from server.features.transfer.exports.packing import write_folder
from server.features.transfer.exports.reading import Wanted
from server.features.transfer.formats import FORMATS
from server.features.transfer.formats.split import Split
from server.features.transfer.imports.files import folder_files
from server.storage.blobs import open_store
from server.storage.tables import Project
from tests.unit.features.transfer.imports.importing import write
from tests.unit.features.transfer.imports.packing import picture

NAMES = (
    "cam1/0001.png", "cam2/0001.png", "0001.png", "images/0002.png", "masks/0002.png", "train/0003.png",
    "deep/cam1/0004.jpg", "deep/cam1/0004.png", "caf\u00e9 (1).png", "100% #1.png", "1a2b3c4d-a_b.png", "UPPER.PNG",
    "upper.jpg",
)  # fmt: skip
READABLE = [name for name, one in FORMATS.items() if one.reads]


@pytest.fixture
def annotated(world, tmp_path):
    """A project whose images have objects of different sizes, so that each is known by its area."""
    kinds = {"jpg": "JPEG"}
    files = {
        name: picture(n, kinds.get(name[-3:], "PNG"), size=(30, 20)) for n, name in enumerate(NAMES, start=1)
    }
    world.run(write(tmp_path / "in", files))
    for number, (_, image_id) in enumerate(sorted(world.images().items()), start=1):
        mask = np.zeros((20, 30), bool)
        mask[2:4, 3 : 3 + number] = True
        world.annotations.create(
            OWNER, image_id, {"label": "dog", "color": "#00ff00", "rle": encode_rle(mask)}, "p"
        )
    with world.db.write() as session:
        session.add(Project(id="q", name="Other"))
    return Exports(tmp_path / "exports", world.db, open_store(tmp_path / "blobs"), world.pools)


def objects(world, project, labels=True):
    """By image, its objects' labels and areas."""
    found = {}
    for image_id in set(world.images().values()):
        try:
            made = world.annotations.of_image(OWNER, image_id, project)
        except Exception:
            made = []
        found[image_id] = sorted((labels and each["label"], each["area"]) for each in made)
    return found


@pytest.mark.parametrize("split", [None, Split(0.4, 0.2)])
@pytest.mark.parametrize("pictures", [True, False])
@pytest.mark.parametrize("name", READABLE)
def test_it_is_read_back(world, annotated, tmp_path, name, pictures, split):
    labels = name != "masks-binary"  # which has none
    before = objects(world, "p", labels)
    assert Counter(map(len, before.values())) == {1: len(NAMES)}
    pieces, images = annotated.parts(Wanted("p", name, split=split, pictures=pictures))
    write_folder(tmp_path / "out", pieces, images)
    project = "q" if pictures else "p"  # without images they go back to where they are
    for image_id in [] if pictures else before:
        for each in world.annotations.of_image(OWNER, image_id, "p"):
            world.annotations.delete(OWNER, each["id"], each["version"])
    done = world.run(folder_files(tmp_path / "out"), "auto", project=project)
    assert (done["state"], done["error"]) == ("done", None), done["problems"]
    assert done["read_as"] in (name, "coco", "yolo", "masks-png")
    assert objects(world, project, labels) == before


def test_label_studio_brings_objects_back_by_their_ids(world, annotated, tmp_path):
    image_id = next(iter(world.images().values()))
    [before] = world.annotations.of_image(OWNER, image_id, "p")
    pieces, images = annotated.parts(Wanted("p", "label-studio", image_id=image_id))
    write_folder(tmp_path / "out", pieces, images)
    world.annotations.change(OWNER, before["id"], {"version": 1, "label": "cat"})
    world.run(folder_files(tmp_path / "out"), "label-studio", existing="replace")
    [after] = world.annotations.of_image(OWNER, image_id, "p")
    assert (after["id"], after["label"], after["version"]) == (before["id"], "dog", 3)
