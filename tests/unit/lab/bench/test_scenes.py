"""The scripted annotator's pictures: the same every time, objects where they are said to be."""

import io

import numpy as np
from PIL import Image

from server.lab.bench.scenes import drawn_scenes, photographed_scenes


def test_drawn_scenes_are_the_same_every_time_and_their_objects_apart():
    first, again = list(drawn_scenes(2)), list(drawn_scenes(2))
    assert [scene.file for scene in first] == [scene.file for scene in again]
    assert first[0].file != first[1].file
    for scene in first:
        pixels = np.asarray(Image.open(io.BytesIO(scene.file)).convert("RGB"), np.float32)
        assert len(scene.objects) == 6
        assert sum(truth.mask.astype(int) for truth in scene.objects).max() == 1
        for truth in scene.objects:
            assert 20_000 < truth.mask.sum() < 100_000
            assert pixels[truth.mask].std(axis=0).max() < 25  # one colour, shaded
            assert np.abs(pixels[truth.mask].mean(axis=0) - (126, 130, 118)).max() > 25  # not the ground's


def test_photographs_come_with_their_objects(tmp_path):
    (tmp_path / "images").mkdir()
    (tmp_path / "masks").mkdir()
    mask = np.zeros((30, 40), np.uint8)
    mask[5:15, 8:20] = 255
    Image.new("RGB", (40, 30), "navy").save(tmp_path / "images" / "a.png")
    Image.fromarray(mask).save(tmp_path / "masks" / "a.png")
    [scene] = photographed_scenes(tmp_path, 5)
    assert scene.name == "a.png"
    assert [truth.mask.sum() for truth in scene.objects] == [120]
