"""COCO's objects, and files that only look like COCO's."""

import json

import numpy as np
import pytest
from pycocotools import mask as coco

from server.errors import InvalidDataset
from server.lab.evaluation.coco_file import CocoObject, read_coco

SQUARE = [2, 1, 6, 1, 6, 5, 2, 5]


def masks(segmentation, width=12, height=8, size=None):
    return [truth.mask for truth in CocoObject("f#1", segmentation, size).read(width, height)]


def write(path, **content):
    path.write_text(json.dumps(content), "utf-8")
    return path


def test_polygons_are_filled_as_coco_fills_them():
    (mask,) = masks([SQUARE, [8, 1, 10, 1, 10, 3, 8, 3]])
    assert mask.sum() == 16 + 4
    assert mask[1:5, 2:6].all()


def test_run_lengths_of_both_kinds():
    expected = np.zeros((8, 12), bool)
    expected[2:5, 3:7] = True
    packed = coco.encode(np.asfortranarray(expected, np.uint8))
    columns = expected.T.ravel()
    edges = np.flatnonzero(np.diff(columns)) + 1
    runs = np.diff([0, *edges, columns.size]).tolist()
    for counts in (packed["counts"].decode(), runs):
        (mask,) = masks({"size": [8, 12], "counts": counts})
        assert np.array_equal(mask, expected)


@pytest.mark.parametrize(
    "segmentation",
    [
        None,
        [],
        "text",
        [[1, 2, 3, 4]],
        [[1, 2, 3, 4, 5, "6"]],
        [[1, 2, 3, 4, 5, float("nan")]],
        [[1, 2, 3, 4, 5, 1e9]],
        [[1, 2, 3, 4, 5, float("-inf")]],
        [[1, 2, 3, 4, 5, 10**400]],
        [[1, 2, 3, 4, 5, -(10**400)]],
        [[20, 20, 22, 20, 22, 22]],
        {"size": [8, 12], "counts": [1, 2]},
        {"size": [8, 12], "counts": [-1, 97]},
        {"size": [12, 8], "counts": [96]},
        {"size": [8, 12], "counts": [96]},
        {"size": [8, 12], "counts": "~~~~"},
    ],
)
def test_what_is_no_mask_of_this_image(segmentation):
    with pytest.raises(InvalidDataset):
        masks(segmentation)


def test_the_file_must_mean_the_image_that_is_there():
    with pytest.raises(InvalidDataset, match="The file says 24x16 pixels, the image has 12x8"):
        masks([SQUARE], size=(24, 16))


def test_objects_by_image_without_crowds(tmp_path):
    path = write(
        tmp_path / "c.json",
        images=[
            {"id": 7, "file_name": "a.jpg", "width": 12, "height": 8},
            {"id": 8, "file_name": "b.jpg"},
        ],
        annotations=[
            {"id": 1, "image_id": 7, "segmentation": [SQUARE]},
            {"id": 2, "image_id": 7, "segmentation": [SQUARE], "iscrowd": 1},
            {"image_id": 8, "segmentation": [SQUARE]},
        ],
    )
    content = read_coco(path, "c.json")
    assert content.crowds == 1
    assert {name: [one.where for one in objects] for name, objects in content.objects.items()} == {
        "a.jpg": ["c.json#1"],
        "b.jpg": ["c.json#2"],
    }
    assert content.objects["a.jpg"][0].size == (12, 8)
    assert content.objects["b.jpg"][0].size is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"images": {}, "annotations": []}',
        '{"images": [{}], "annotations": []}',
        '{"images": [1], "annotations": []}',
        '{"images": [{"id": [1], "file_name": "a"}], "annotations": []}',
        '{"images": [], "annotations": [{"image_id": 3}]}',
        "[" * 100_000,
    ],
)
def test_what_is_no_coco_file(tmp_path, text):
    path = tmp_path / "c.json"
    path.write_text(text, "utf-8")
    with pytest.raises(InvalidDataset, match=r"c\.json"):
        read_coco(path, "c.json")
