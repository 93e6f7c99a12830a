"""The lists beside YOLO's label files, and which picture each label file belongs to."""

import pytest

from server.features.transfer.formats.source import Source
from tests.unit.features.transfer.formats import datasets

ROW = b"0 0.5 0.5 0.5 0.5\n"


def read(files, *pictures):
    files = {name: data if isinstance(data, bytes) else data.encode() for name, data in files.items()}
    _, images, problems = datasets.read("yolo", Source.memory(files, dict.fromkeys(pictures, (10, 10))))
    labels = {one.file_name: [each.label for each in one.objects] for one in images}
    return labels, {one.file_name: one.split for one in images}, [each for each in problems if not each.note]


def test_the_nearest_names_apply():
    files = {
        "data.yaml": "names: [far]", "x/labels/a.txt": ROW, "y/labels/b.txt": ROW, "y/classes.txt": "near\n",
        "z/deep/labels/train/c.txt": ROW, "z/obj.names": "deep\n", "w/data.yaml": "names: [yaml]",
        "w/classes.txt": "text", "w/labels/d.txt": ROW,
    }  # fmt: skip
    pictures = ("x/images/a.jpg", "y/images/b.jpg", "z/deep/images/train/c.jpg", "w/images/d.jpg")
    labels, _, problems = read(files, *pictures)
    assert labels == dict(zip(pictures, (["far"], ["near"], ["deep"], ["yaml"]), strict=True))
    assert problems == []


def test_names_that_lie_beside_apply_where_all_say_the_same():
    assert read({"config/data.yaml": "names: [cat]", "labels/a.txt": ROW}, "images/a.jpg")[0] == {
        "images/a.jpg": ["cat"]
    }
    two = {"x/data.yaml": "names: [cat]", "y/data.yaml": "names: [dog]", "labels/a.txt": ROW}
    labels, _, (problem,) = read(two, "images/a.jpg")
    assert labels == {"images/a.jpg": []}
    assert problem.expected == "one of x/data.yaml, y/data.yaml in a folder above"


def test_classes_without_names_keep_their_numbers():
    """All up to the highest are listed, so that the next export numbers them as this dataset does."""
    files = {"a.txt": b"3 0.5 0.5 0.5 0.5\n1 0.5 0.5 0.5 0.5\n"}
    labels, (found,), _ = datasets.read("yolo", Source.memory(files, {"a.jpg": (10, 10)}))
    assert [label.name for label in labels] == ["class 0", "class 1", "class 2", "class 3"]
    assert [each.label for each in found.objects] == ["class 3", "class 1"]


@pytest.mark.parametrize(
    "name",
    [
        "classes.txt",
        "labels.txt",
        "obj.names",
        "coco.names",
        "_darknet.labels",
        "_classes.txt",
        "train/Labels.txt",
    ],
)
def test_names_in_a_text_file(name):
    labels, _, problems = read({name: "cat\n\ndog\n", "train/a.txt": b"1 0.5 0.5 0.5 0.5"}, "train/a.jpg")
    assert (labels, problems) == ({"train/a.jpg": ["dog"]}, [])


def test_rows_for_a_picture_called_labels():
    assert read({"labels.txt": ROW}, "labels.jpg")[0] == {"labels.jpg": ["class 0"]}


def test_other_files_are_left_out():
    files = {
        "args.yaml": "model: m.pt\nkpt_names: []\nclass_names: none\n", "hyp.yaml": "lr0: 0.1\n  names: [x]\n",
        "data.yaml": "names: [cat]", "train_list.txt": "./a.jpg\n", "notes.txt": "taken in May", "labels/a.txt": ROW,
    }  # fmt: skip
    assert read(files, "images/a.jpg")[::2] == ({"images/a.jpg": ["cat"]}, [])


def test_splits_of_folders_lists_and_data_yaml():
    pictures = (
        "images/train2017/a.jpg",
        "images/val2017/b.jpg",
        "other/valid/c.jpg",
        "d.jpg",
        "e.jpg",
        "f.jpg",
    )
    files = {
        "data.yaml": "path: ../datasets/coco\ntrain: images/train2017\nval: /home/me/coco/images/val2017\nnames: [cat]",
        "autosplit_train.txt": "./d.jpg\n./e.jpg\n", "valid.txt": "e.jpg\n", "test.txt": "C:\\data\\f.jpg\n",
        "d.txt": ROW,
    }  # fmt: skip
    found = read(files, *pictures)[1]
    assert found == dict(zip(pictures, ("train", "val", "val", "train", None, "test"), strict=True))


def test_one_folder_for_training_and_validation_is_no_split():
    files = {"data.yaml": "train: images\nval: images\nnames: [cat]", "labels/a.txt": ROW}
    assert read(files, "images/a.jpg")[1] == {"images/a.jpg": None}


@pytest.mark.parametrize(
    ("label", "picture"),
    [
        ("labels/train/1.txt", "images/train/1.jpg"),
        ("train/labels/1.txt", "train/images/1.jpg"),
        ("labels/val/1.txt", "valid/images/1.jpg"),  # our own export of an imported dataset, without pictures
        ("labels/cam1/1.txt", "cam1/images/1.jpg"),
        ("cam1/1.txt", "cam1/1.jpg"),
        ("labels/cam1/1.txt", "1.jpg"),
        ("labels/1.txt", "photos/1.jpg"),
    ],
)
def test_labels_belong_to_the_picture_of_the_same_path(label, picture):
    assert read({label: ROW}, picture)[0] == {picture: ["class 0"]}


@pytest.mark.parametrize(
    ("label", "picture"),
    [
        ("labels/dogs/1.txt", "images/cats/1.jpg"),
        ("train/labels/1.txt", "valid/images/1.jpg"),
        ("a/1.txt", "b/1.jpg"),
    ],
)
def test_labels_of_another_folder_are_missed(label, picture):
    labels, _, problems = read({label: ROW, "labels/2.txt": ROW}, picture, "images/2.jpg")
    assert labels[picture] == []
    if "labels/" in label:
        assert [(each.file, each.found) for each in problems] == [(label, "no such image")]
