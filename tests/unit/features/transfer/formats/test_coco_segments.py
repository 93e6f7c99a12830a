"""COCO panoptic files: a mask image of segments beside the JSON."""

import json

import numpy as np
import pytest

from server.features.transfer.formats.source import Source
from tests.unit.features.transfer.formats import datasets
from tests.unit.features.transfer.formats.drawings import IMAGE, png

NUMBERS = np.zeros((8, 10), np.int64)
NUMBERS[2:5, 2:6] = 300
NUMBERS[6:, 7:] = 65536 * 2 + 7
COLORS = np.stack([NUMBERS & 255, NUMBERS >> 8 & 255, NUMBERS >> 16], axis=-1).astype(np.uint8)
CATEGORIES = [{"id": 3, "name": "cup", "isthing": 1}, {"id": 9, "name": "sky", "isthing": 0}]
SEGMENTS = [
    {"id": 300, "category_id": 3, "iscrowd": 0, "area": 12, "bbox": [2, 2, 4, 3]},
    {"id": 131079, "category_id": 9, "iscrowd": 1},
]


def read(segments=SEGMENTS, mask=COLORS, path="annotations/panoptic_val2017/a.png", name="a.png"):
    annotation = {"image_id": 1, "file_name": name, "segments_info": segments}
    data = json.dumps({"images": [IMAGE], "categories": CATEGORIES, "annotations": [annotation]}).encode()
    files = {"annotations/panoptic_val2017.json": data, path: png(mask)}
    return datasets.read("coco", Source.memory(files, {"a.jpg": (10, 8)}))


@pytest.mark.parametrize(
    "path", ["annotations/panoptic_val2017/a.png", "annotations/a.png", "panoptic/val/a.png"]
)
def test_segments_are_objects(path):
    _, (found,), problems = read(path=path)
    assert [(each.label, each.bbox, each.attributes) for each in found.objects] == [
        ("cup", [2, 2, 4, 3], {}),
        ("sky", [7, 6, 3, 2], {"iscrowd": True}),
    ]
    assert (problems, found.split) == ([], "val")


def test_grey_masks_are_ids_too():
    grey = (NUMBERS == 300).astype(np.uint8) * 5
    segment = {"id": 5, "category_id": 3}
    as_color = {"id": 5 * 65793, "category_id": 3}
    for mask, listed in ((grey, segment), (np.stack([grey] * 3, axis=-1), as_color)):
        _, (found,), problems = read([listed], mask)
        assert ([each.bbox for each in found.objects], problems) == ([[2, 2, 4, 3]], [])


@pytest.mark.parametrize(
    ("segment", "said", "note"),
    [
        (None, "None", False),
        ({"id": 4, "category_id": 3}, "without a pixel", True),
        ({"id": None, "category_id": 3}, "without a pixel", True),
        ({"id": 300, "category_id": 4}, "category_id 4", False),
    ],
)
def test_an_odd_segment_is_one_line(segment, said, note):
    _, (found,), (problem,) = read([segment, SEGMENTS[1]])
    assert [each.label for each in found.objects] == ["sky"]
    assert (said in problem.found, problem.note) == (True, note)
    assert problem.where.startswith("annotation number 1, segment ")


@pytest.mark.parametrize(
    ("changes", "said"),
    [({"name": "b.png"}, "no mask"), ({"name": None}, "file_name"), ({"mask": COLORS[:4]}, "10 x 4 pixels")],
)
def test_a_mask_that_is_not_there_is_one_line(changes, said):
    _, (found,), (problem,) = read(**changes)
    assert found.objects == []
    assert said in problem.found
