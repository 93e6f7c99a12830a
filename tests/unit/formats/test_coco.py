"""COCO JSON as pycocotools reads it: the masks that went in come out."""

import json

import numpy as np
import pytest
from pycocotools.coco import COCO

from server.domain.masks import encode_rle, rle_area, rle_bbox
from server.formats import FORMATS, coco
from server.formats.objects import DatasetImage, DatasetLabel, DatasetObject


def exported(name, masks, labels, image_id="a"):
    objects = []
    for mask, label in zip(masks, labels, strict=True):
        rle = encode_rle(mask)
        box = [int(side) for side in rle_bbox(rle)]
        objects.append(DatasetObject(label, rle["counts"], rle_area(rle), box, {}, {"version": 1}))
    height, width = masks[0].shape if masks else (4, 6)
    return DatasetImage(image_id, name, width, height, "2026-01-01T00:00:00.000Z", objects)


def random_masks(count, height, width):
    generator = np.random.default_rng(height)
    return [generator.random((height, width)) < 0.4 for _ in range(count)]


def load(tmp_path, labels, images):
    path = tmp_path / "coco.json"
    named = [DatasetLabel(name) for name in labels]
    path.write_bytes(b"".join(data for _, data in coco.write(named, images)))
    return COCO(str(path))


def test_masks_come_back_exactly(tmp_path):
    masks = random_masks(3, 37, 53) + random_masks(2, 40, 1)
    images = [
        exported("a.jpg", masks[:3], ["dog", "caf\u00e9", "dog"]),
        exported("b.jpg", masks[3:], ["dog", "dog"]),
    ]
    dataset = load(tmp_path, ["caf\u00e9", "dog"], images)
    assert [category["name"] for category in dataset.loadCats(dataset.getCatIds())] == ["caf\u00e9", "dog"]
    assert [image["file_name"] for image in dataset.loadImgs(dataset.getImgIds())] == ["a.jpg", "b.jpg"]
    annotations = dataset.loadAnns(dataset.getAnnIds())
    assert len(annotations) == 5
    for annotation, mask in zip(annotations, masks, strict=True):
        assert np.array_equal(dataset.annToMask(annotation), mask)
        assert annotation["iscrowd"] == 0
        assert annotation["area"] == mask.sum()
        rows, columns = np.nonzero(mask)
        x, y, width, height = annotation["bbox"]
        assert (x, y) == (columns.min(), rows.min())
        assert (x + width, y + height) == (columns.max() + 1, rows.max() + 1)
    dogs = dataset.getAnnIds(catIds=dataset.getCatIds(catNms=["dog"]))
    assert len(dogs) == 4


def test_nothing_at_all_is_a_valid_file(tmp_path):
    dataset = load(tmp_path, [], [])
    assert dataset.getAnnIds() == []
    dataset = load(tmp_path, [], [exported("a.jpg", [], [])])
    assert dataset.getImgIds() == [1]


def test_pictures_of_one_name_can_be_told_apart(tmp_path):
    images = [exported("image.png", [], [], image_id) for image_id in ("i1", "i2", "i3")]
    dataset = load(tmp_path, [], images)
    names = [image["file_name"] for image in dataset.loadImgs(dataset.getImgIds())]
    assert names == ["image.png", "image-i2.png", "image-i3.png"]


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_comes_in_pieces(name):
    pieces = list(FORMATS[name].write([], iter([exported("a.jpg", [], [])])))
    assert len(pieces) > 1
    json.loads(b"".join(data for _, data in pieces))
