"""Plain folders of masks, as others have them and as we write them."""

import io
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from server.features.transfer.formats import FORMATS, dataset
from server.features.transfer.formats.detection import detect
from server.features.transfer.formats.objects import DatasetLabel
from server.features.transfer.formats.source import Source
from tests.unit.features.transfer.formats import datasets
from tests.unit.features.transfer.formats.datasets import files_of, image

SIZE = (10, 8)
SQUARE = np.zeros((8, 10), np.uint8)
SQUARE[1:4, 1:4] = 1
TWO = SQUARE.copy()
TWO[4:7, 5:9] = 2


def png(array, colors=None):
    made = Image.fromarray(np.asarray(array, np.uint8))
    if colors:
        made.putpalette([value for color in colors for value in color])
    file = io.BytesIO()
    made.save(file, "PNG")
    return file.getvalue()


def read(files, *pictures):
    files = {path: data if isinstance(data, bytes) else data.encode() for path, data in files.items()}
    labels, images, problems = datasets.read("masks-png", Source.memory(files, dict.fromkeys(pictures, SIZE)))
    objects = {one.match.picture: [(each.label, each.bbox) for each in one.objects] for one in images}
    return [label.name for label in labels], objects, problems


def colored(numbers, *colors):
    return np.array([(0, 0, 0), *colors], np.uint8)[numbers]


@pytest.mark.parametrize("value", [255, 1, 7])
@pytest.mark.parametrize("kind", ["L", "1", "RGB", "P"])
def test_a_mask_of_two_values_is_one_object(value, kind):
    """Also where it has several pieces."""
    mask = Image.fromarray((np.minimum(TWO, 1) * (255 if kind == "1" else value)).astype(np.uint8))
    file = io.BytesIO()
    mask.convert(kind).save(file, "PNG")
    files = {"masks/a.png": file.getvalue(), "masks/b.png": png(SQUARE * 0)}
    labels, objects, problems = read(files, "images/a.jpg", "images/b.jpg")
    assert (labels, problems) == ([], [])
    assert objects == {"images/a.jpg": [("object", [1, 1, 8, 6])], "images/b.jpg": []}


def test_numbers_of_classes_are_known_by_all_masks_together():
    """The first has one number, as a mask of two values has. 255 is the border between classes."""
    bordered = TWO.copy()
    bordered[0] = 255
    labels, objects, problems = read(
        {"masks/a.png": png(SQUARE), "masks/b.png": png(bordered)}, "a.jpg", "b.jpg"
    )
    assert (labels, problems) == (["label 1", "label 2"], [])
    first, second = ("label 1", [1, 1, 3, 3]), ("label 2", [5, 4, 4, 3])
    assert objects == {"a.jpg": [first], "b.jpg": [first, second]}


def test_values_far_apart_are_no_borders():
    labels, _, _ = read({"masks/a.png": png(TWO // 2 * 128 + TWO % 2 * 255)}, "a.jpg")
    assert labels == ["label 128", "label 255"]


def test_colours_without_names_are_their_own():
    masks = {
        "masks/a.png": png(colored(TWO, (255, 0, 0), (0, 128, 0))),
        "masks/b.png": png(colored(SQUARE, (9, 9, 9))),
    }
    _, objects, problems = read(masks, "a.jpg", "b.jpg")
    assert problems == []
    assert [label for each in objects.values() for label, _ in each] == ["#008000", "#ff0000", "#090909"]


@pytest.mark.parametrize(
    "names",
    [
        {"labelmap.txt": "dog:0,128,0::\nbackground:0,0,0::\ncat:255,0,0::\n"},
        {"class_dict.csv": "name,r,g,b\ncat,255,0,0\ndog, 0, 128, 0\nvoid,0,0,0\n"},
    ],
    ids=["labelmap.txt", "class_dict.csv"],
)
def test_colours_are_named_by_a_file(names):
    labels, objects, problems = read(
        {**names, "masks/a.png": png(colored(TWO, (255, 0, 0), (0, 128, 0)))}, "a.jpg"
    )
    assert (sorted(labels), problems) == (["cat", "dog"], [])
    assert sorted(objects["a.jpg"]) == [("cat", [1, 1, 3, 3]), ("dog", [5, 4, 4, 3])]


@pytest.mark.parametrize(
    ("path", "label"),
    [
        ("masks/a_mask.png", "object"), ("masks/a_segmentation.png", "object"), ("masks/a-2.png", "object"),
        ("annotations/a.png", "object"), ("train_masks/a.tif", "object"), ("masks/a/0.png", "object"),
        ("masks/cat/a.png", "cat"),
    ],
)  # fmt: skip
def test_masks_are_told_by_the_names_of_their_images(path, label):
    _, objects, problems = read({path: png(SQUARE)}, "images/a.jpg")
    assert (objects, problems) == ({"images/a.jpg": [(label, [1, 1, 3, 3])]}, [])


def test_a_folder_that_contradicts_is_no_class():
    _, objects, (problem,) = read({"masks/cam3/a.png": png(SQUARE)}, "images/cam1/a.jpg")
    assert (objects, problem.note) == ({}, False)


def test_folders_of_images_are_no_classes():
    """Neither where one lies outside of them, nor where one of them has no such image."""
    names = ("cam1/1", "cam2/1", "1")
    files = {f"masks/{name}.png": png(SQUARE) for name in names}
    _, objects, problems = read(files, *(f"{name}.jpg" for name in names))
    assert problems == []
    assert objects == {f"{name}.jpg": [("object", [1, 1, 3, 3])] for name in names}
    _, objects, (problem,) = read(files, "cam2/1.jpg", "1.jpg")
    assert set(objects) == {"cam2/1.jpg", "1.jpg"}
    assert (problem.file, problem.found) == (
        "masks/cam1/1.png",
        "no image of its own: 1.jpg is already matched to masks/1.png",
    )


def test_a_mask_that_several_images_could_mean_is_of_none():
    """Although one has its name outside of the folder, as it has of masks in folders of classes."""
    _, objects, (problem,) = read({"masks/x/1.png": png(SQUARE)}, "x/1.jpg", "x/1.tif", "1.jpg")
    assert (objects, problem.found) == (
        {},
        "2 images of the project that this name could mean: x/1.jpg, x/1.tif",
    )


@pytest.mark.parametrize(
    ("mask", "picture"), [("0012", "0.jpg"), ("img12", "img1.jpg"), ("img12", "img.jpg")]
)
def test_numbers_that_are_part_of_a_name_are_no_marks(mask, picture):
    _, objects, problems = read({f"masks/{mask}.png": png(SQUARE)}, picture)
    assert (objects, [problem.file for problem in problems]) == ({}, [f"masks/{mask}.png"])


def test_classes_that_a_file_names_are_no_folders():
    """Of a single class, too, whose masks have two values."""
    names = "background:0,0,0::\ncat:255,0,0::\n"
    _, objects, problems = read({"labelmap.txt": names, "masks/x/a.png": png(SQUARE)}, "a.jpg")
    assert (objects, problems) == ({"a.jpg": [("cat", [1, 1, 3, 3])]}, [])
    _, objects, problems = read({"labelmap.txt": names, "masks/a.png": png(SQUARE * 255)}, "a.jpg")
    assert (objects, problems) == ({"a.jpg": [("object", [1, 1, 3, 3])]}, [])


@pytest.mark.parametrize("root", ["", "ds/"])
def test_images_in_a_folder_that_is_called_as_one_for_masks(root):
    noise = png(np.random.default_rng(1).integers(0, 255, (8, 10, 3), np.uint8))
    pictures = {f"{root}images/{name}.png": noise for name in ("1", "masks/1")}
    found = {f"{root}masks/{name}.png": png(SQUARE) for name in ("1", "masks/1")}
    _, objects, problems = read({**pictures, **found})
    assert (problems, set(objects)) == ([], set(pictures))


def test_several_masks_of_an_image():
    files = {"masks/cat/a.png": png(SQUARE), "masks/dog/a.png": png(TWO // 2)}
    assert read(files, "images/a.jpg")[1] == {"images/a.jpg": [("cat", [1, 1, 3, 3]), ("dog", [5, 4, 4, 3])]}


def test_what_is_no_mask_is_one_problem():
    noise = np.random.default_rng(1).integers(0, 255, (8, 60, 3), np.uint8)
    files = {
        "masks/a.png": png(SQUARE), "masks/noise.png": png(noise), "masks/gone.png": png(SQUARE),
        "masks/broken.png": b"\x89PNG",
    }  # fmt: skip
    _, objects, problems = read(files, "a.jpg", "noise.jpg", "broken.jpg")
    assert objects == {"a.jpg": [("object", [1, 1, 3, 3])]}
    assert [(problem.file, problem.note) for problem in problems] == [
        ("masks/broken.png", False), ("masks/gone.png", False), ("masks/noise.png", False),
    ]  # fmt: skip
    assert "different colours" in problems[2].found


@pytest.mark.parametrize("name", ["masks-index", "masks-color"])
def test_classes_come_back(name):
    """One object for each class; labels that have the same colour, or none, are painted with another."""
    labels = [DatasetLabel("cat", "#112233"), DatasetLabel("never"), DatasetLabel("dog", "#112233")]
    one = image("x/a.jpg", [SQUARE == 1, TWO == 2, SQUARE == 0], ["cat", "dog", "never"])
    one = replace(one, objects=one.objects[2:] + one.objects[:2])
    files = files_of(name, labels, [one])
    found, (after,), problems = datasets.read(name, Source.memory(files, {one.file_name: SIZE}))
    assert problems == []
    assert [label.name for label in found] == ["cat", "never", "dog"]
    assert {each.label: each.area for each in after.objects} == {"cat": 9, "dog": 12, "never": 80 - 21}
    told = {(loss.annotation, loss.kind) for loss in dataset.losses(FORMATS[name], [one])}
    assert told == {("x/a.jpg-2", "pixels")}


def test_masks_of_two_values_come_back_as_one_object():
    one = image("a.jpg", [SQUARE == 1, TWO == 2], ["cat", "object"])
    files = files_of("masks-binary", [DatasetLabel("cat"), DatasetLabel("object")], [one, image("b.jpg", [])])
    assert list(files) == ["masks/a.png", "masks/b.png"]
    found = np.asarray(Image.open(io.BytesIO(files["masks/a.png"])))
    assert (found.dtype, np.unique(found).tolist()) == (np.uint8, [0, 255])
    source = Source.memory(files, {"a.jpg": SIZE, "b.jpg": (6, 4)})
    _, (after, empty), problems = datasets.read("masks-binary", source)
    assert problems == []
    assert [(each.label, each.area) for each in after.objects] == [("object", 21)]
    assert empty.objects == []
    told = {(loss.annotation, loss.kind) for loss in dataset.losses(FORMATS["masks-binary"], [one])}
    assert told == {("a.jpg-0", "label"), ("a.jpg-0", "parts"), ("a.jpg-1", "parts")}


def test_objects_of_one_class_are_joined_and_it_is_said():
    one = image("a.jpg", [SQUARE == 1, TWO == 2], ["cat"])
    told = [(loss.annotation, loss.kind) for loss in dataset.losses(FORMATS["masks-index"], [one])]
    assert told == [("a.jpg-0", "parts"), ("a.jpg-1", "parts")]


@pytest.mark.parametrize(
    "folder", ["ground_truth", "GroundTruth", "SegmentationMasks", "SegmentationClassAug"]
)
def test_folders_of_masks_by_other_names(folder):
    assert read({f"{folder}/a.png": png(SQUARE)}, "images/a.jpg")[1] == {
        "images/a.jpg": [("object", [1, 1, 3, 3])]
    }


def test_folders_of_masks_beside_splits():
    files = {"trainannot/a.png": png(SQUARE), "valannot/a.png": png(SQUARE * 0)}
    objects = read(files, "train/a.png", "val/a.png")[1]
    assert {picture: len(found) for picture, found in objects.items()} == {"train/a.png": 1, "val/a.png": 0}


@pytest.mark.parametrize("path", ["masks/0f3.png", "a/masks/a.jpg"])
def test_masks_of_no_image_and_masks_in_jpeg_are_asked_about(path):
    found = detect(Source.memory({path: png(SQUARE), "a/images/a.jpg": b""}), FORMATS)
    assert (found.format, found.unread) == (None, [path])
