"""COCO JSON as pycocotools reads it: the masks that went in come out."""

import json
from dataclasses import replace

import numpy as np
import pytest
from pycocotools import mask as coco_masks
from pycocotools.coco import COCO

from server.domain.masks import decode_rle
from server.features.transfer.formats.objects import DatasetLabel
from server.features.transfer.formats.source import Source
from tests.unit.features.transfer.formats import datasets
from tests.unit.features.transfer.formats.datasets import (
    ODD_LABELS,
    ODD_NAMES,
    again,
    files_of,
    image,
    label_list,
    masks,
)

BOTH = pytest.mark.parametrize("name", ["coco", "coco-polygons"])
SQUARE = {"id": 7, "image_id": 1, "category_id": 3, "segmentation": [[2, 2, 6, 2, 6, 5, 2, 5]], "iscrowd": 0}


def load(tmp_path, name, labels, images):
    path = tmp_path / "coco.json"
    path.write_bytes(files_of(name, label_list(labels), images)["annotations.json"])
    return COCO(str(path))


def file(**changes):
    data = {
        "images": [{"id": 1, "file_name": "a.jpg", "width": 10, "height": 8}],
        "categories": [{"id": 3, "name": "cup"}],
        "annotations": [SQUARE],
    }
    return json.dumps({**data, **changes}).encode()


def read(data):
    return datasets.read("coco", Source.memory({"x/instances.json": data}))


@BOTH
def test_categories_keep_the_ids_they_came_with(name):
    """Those without one have the numbers behind them, whatever is used; of two with the same id the first keeps it."""
    came = {"zebra": 18, "person": 1, "dog": 18, "hand-made": None, "other": None}
    labels = [DatasetLabel(one, source_id=number, supercategory="x") for one, number in came.items()]
    files = files_of(name, labels, [image("a.jpg", [masks()["disc"]], ["other"])])
    data = json.loads(files["annotations.json"])
    assert {each["name"]: each["id"] for each in data["categories"]} == {
        "zebra": 18, "person": 1, "dog": 19, "hand-made": 20, "other": 21,
    }  # fmt: skip
    assert {each["supercategory"] for each in data["categories"]} == {"x"}
    assert [each["category_id"] for each in data["annotations"]] == [21]


def test_splits_in_one_file_come_back():
    """Each image's own, else the file's, else the image's folder."""
    images = [replace(image(f"{split}.jpg", []), split=split) for split in ("test", None)]
    data = files_of("coco", label_list(["cup"]), images)["annotations.json"]

    def splits(path, data=data):
        return [one.split for one in datasets.read("coco", Source.memory({path: data}))[1]]

    assert splits("annotations.json") == ["test", None]
    assert splits("annotations/instances_val2017.json") == ["test", "val"]
    assert splits(
        "a.json", file(images=[{"id": 1, "file_name": "x/train/a.jpg", "width": 10, "height": 8}])
    ) == ["train"]


@BOTH
def test_pycocotools_finds_the_same_masks(tmp_path, name):
    found = masks()
    images = [
        image("a.jpg", list(found.values()), ["dog", "caf\u00e9"]),
        image("b.jpg", list(masks(40, 1).values()), ["dog"]),
        image("c.jpg", []),
    ]
    dataset = load(tmp_path, name, ["caf\u00e9", "dog"], images)
    assert [category["name"] for category in dataset.loadCats(dataset.getCatIds())] == ["caf\u00e9", "dog"]
    assert [one["file_name"] for one in dataset.loadImgs(dataset.getImgIds())] == ["a.jpg", "b.jpg", "c.jpg"]
    written = [(one, each) for one in images for each in one.objects]
    annotations = dataset.loadAnns(dataset.getAnnIds())
    assert len(annotations) == len(written)
    for annotation, (one, each) in zip(annotations, written, strict=True):
        mask = decode_rle({"size": [one.height, one.width], "counts": each.counts})
        assert np.array_equal(dataset.annToMask(annotation), mask)
        assert annotation["iscrowd"] == 0
        assert annotation["area"] == mask.sum()
        rows, columns = np.nonzero(mask)
        x, y, width, height = annotation["bbox"]
        assert (x, y) == (columns.min(), rows.min())
        assert (x + width, y + height) == (columns.max() + 1, rows.max() + 1)
        assert isinstance(annotation["segmentation"], list) == (name == "coco-polygons")


@BOTH
def test_everything_comes_back(name):
    labels = label_list(ODD_LABELS[:-1])
    labels.append(
        type(labels[0])(
            "last", "#12ab34", ({"name": "size", "type": "number", "required": True, "choices": []},)
        )
    )
    names = [label.name for label in labels]
    images = [
        image(f"{k}.jpg", [mask], [names[k % len(names)]], attributes={"size": 3, "note": "a, \"b\"", "done": True},
              details={"predicted_iou": 0.5, "prompts": [{"kind": "point", "x": 1, "y": 2, "label": 1}]})
        for k, mask in enumerate(list(masks().values()) * 2)
    ]  # fmt: skip
    images.append(image("empty.png", []))
    found, after, problems = again(name, labels, images)
    assert problems == []
    assert [replace(label, source_id=None) for label in found] == labels
    assert [label.source_id for label in found] == list(range(1, len(labels) + 1))
    assert after == images


@BOTH
def test_odd_file_names_come_back(name):
    images = [image(each, [], image_id=f"i{k}") for k, each in enumerate(ODD_NAMES)]
    _, after, problems = again(name, [], images)
    assert problems == []
    assert [each.file_name for each in after] == ODD_NAMES


def test_pictures_of_one_name_can_be_told_apart(tmp_path):
    images = [image("image.png", [], image_id=image_id) for image_id in ("i1", "i2", "i3")]
    dataset = load(tmp_path, "coco", [], images)
    names = [one["file_name"] for one in dataset.loadImgs(dataset.getImgIds())]
    assert names == ["image.png", "image-i2.png", "image-i3.png"]


@BOTH
def test_crowds_stay_crowds(tmp_path, name):
    crowd = image("a.jpg", [masks()["noise"]], attributes={"iscrowd": True})
    dataset = load(tmp_path, name, ["thing"], [crowd])
    (annotation,) = dataset.loadAnns(dataset.getAnnIds())
    assert annotation["iscrowd"] == 1
    assert np.array_equal(dataset.annToMask(annotation), masks()["noise"])
    assert again(name, label_list(["thing"]), [crowd])[1] == [crowd]


def test_every_kind_of_segmentation_is_read():
    mask = np.zeros((8, 10), np.uint8, order="F")
    mask[2:5, 2:6] = 1
    compressed = coco_masks.encode(mask)
    runs = [18, 3, 5, 3, 5, 3, 5, 3, 35]  # down the columns, zeros first
    kinds = [
        SQUARE["segmentation"],
        {"size": [8, 10], "counts": compressed["counts"].decode()},
        {"size": [8, 10], "counts": runs},
    ]
    data = file(annotations=[{**SQUARE, "id": k, "segmentation": kind} for k, kind in enumerate(kinds)])
    _, (found,), problems = read(data)
    assert problems == []
    assert {each.counts for each in found.objects} == {compressed["counts"].decode()}
    assert [each.area for each in found.objects] == [12, 12, 12]


def test_a_box_is_taken_as_a_rectangle_and_said():
    _, (found,), (problem,) = read(file(annotations=[{**SQUARE, "segmentation": [], "bbox": [1, 1, 3, 2]}]))
    assert found.objects[0].bbox == [1, 1, 3, 2]
    assert problem.note
    assert "annotation 7" in str(problem)


def test_parts_that_overlap_are_their_union_as_pycocotools_has_it():
    two = [[0, 0, 4, 0, 4, 4, 0, 4], [2, 2, 6, 2, 6, 6, 2, 6]]
    _, (found,), _ = read(file(annotations=[{**SQUARE, "segmentation": two}]))
    assert found.objects[0].area == 16 + 16 - 4


def test_an_outline_beyond_the_picture_is_cut_and_said():
    _, (found,), (problem,) = read(
        file(annotations=[{**SQUARE, "segmentation": [[6, 4, 14, 4, 14, 7, 6, 7]]}])
    )
    assert found.objects[0].bbox == [6, 4, 4, 3]
    assert problem.note
    assert problem.file == "x/instances.json"
    assert "4.0 pixels" in problem.found


def test_a_sliver_is_kept_as_the_pixels_under_it():
    _, (found,), (problem,) = read(
        file(annotations=[{**SQUARE, "segmentation": [[2.1, 3.1, 5.9, 3.1, 5.9, 3.2]]}])
    )
    assert found.objects[0].bbox == [2, 3, 4, 1]
    assert problem.note


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"category_id": 99}, "category_id 99"),
        ({"image_id": 2}, "image_id 2"),
        ({"image_id": [1]}, "image_id"),
        ({"segmentation": [[1, 1, 2, 2, 3]]}, "polygon"),
        ({"segmentation": [[1, 1, 2, 2, 3, "x"]]}, "corner"),
        ({"segmentation": [[1, 1, 2, 2, 3, 10**400]]}, "number"),
        ({"segmentation": [[1, 1, 2, 2, 1e9, 3]]}, "outside the image"),
        ({"segmentation": [[-9, 1, -5, 2, -5, 3]]}, "without a pixel"),
        ({"segmentation": {"size": [8, 10], "counts": [1_000_000_000, 80]}}, "add up"),
        ({"segmentation": {"size": [10, 8], "counts": [0, 80]}}, "[10, 8]"),
        ({"segmentation": {"size": [8, 10], "counts": "PPPPPPPPPPP"}}, "run-length"),
        ({"segmentation": None, "bbox": [1, 2]}, "neither"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_left_out_and_said(change, said):
    good = {**SQUARE, "id": 8}
    _, (found,), problems = read(file(annotations=[{**SQUARE, **change}, good]))
    assert len(found.objects) == 1
    refused = [problem for problem in problems if not problem.note]
    assert len(refused) == 1
    assert refused[0].where == "annotation 7"
    assert said in str(refused[0])


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (file()[:-40], "no JSON"),
        (file()[:-1], "end of the file"),
        (file().replace(b"6, 5", b"NaN, 5"), "finite number"),
        (b'{"images": []}', "annotations"),
        (file() + b"!", "after the end"),
        (b'{"images": [' + b"[" * 100_000, "nested"),
        (b'{"images": [\xff\xfe]}', "UTF-8"),
        (b"", "no JSON"),
        (b'{"images": {"id": 1}, "annotations": []}', ""),
        (file(images=[{"id": 1, "file_name": "a", "width": 10**9, "height": 10**9}]), "size"),
        (file(images=[{"id": 1, "file_name": "a.jpg"}]), "size"),
        (file(images=[7]), "image"),
        (file(categories=["cup"]), "category"),
    ],
)
def test_files_that_are_not_what_they_say(data, said):
    _, images, problems = read(data)
    assert all(not image.objects for image in images)
    if said:
        assert said in str(problems[0])
        assert problems[0].file == "x/instances.json"


def test_order_of_the_lists_does_not_matter():
    data = json.loads(file())
    turned = json.dumps(dict(reversed(data.items())), indent=1).encode()
    assert read(turned)[1] == read(file())[1]
