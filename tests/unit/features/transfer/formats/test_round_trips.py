"""Every format that can be read: what was written comes back, and what does not was said before."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from server.features.transfer.formats import FORMATS, dataset
from server.features.transfer.formats.detection import detect
from server.features.transfer.formats.objects import DatasetLabel
from server.features.transfer.formats.source import Source
from server.features.transfer.formats.split import Split
from tests.unit.domain.masks_to_draw import MASKS
from tests.unit.features.transfer.formats import datasets
from tests.unit.features.transfer.formats.datasets import (
    ODD_LABELS,
    ODD_NAMES,
    again,
    files_of,
    image,
    label_list,
    masks,
    same_objects,
)

_LESS = (
    "yolo-boxes",
    "masks-binary",
    "masks-index",
    "masks-color",
)  # without labels, masks or objects of their own
READABLE = [name for name, one in FORMATS.items() if one.reads and name not in _LESS]
PAINTED = ("voc", "masks-png", "coco-panoptic")
EXACT = [name for name in READABLE if name not in PAINTED]
DEFINED = [name for name in READABLE if name not in ("labelme", "sa1b", "label-studio")]
ATTRIBUTES = {"size": 3, "note": 'a, "b" <c>', "done": True, "crossed": False}
TYPES = (
    {"name": "size", "type": "number", "required": False, "choices": []},
    {"name": "note", "type": "text", "required": False, "choices": []},
    {"name": "done", "type": "flag", "required": False, "choices": []},
    {"name": "crossed", "type": "flag", "required": False, "choices": []},
)


def apart(height=60, width=90):
    """Masks that do not overlap: a ring with a disc in it, two parts, one pixel, the rest."""
    y, x = np.indices((height, width))
    far = np.hypot(y - 30, x - 30)
    found = [(far < 25) & (far > 15), far < 10, (x > 70) & (y % 20 < 8), (x == 60) & (y == 3)]
    return [*found, ~np.logical_or.reduce(found) & (x > 58)]


@pytest.mark.parametrize("name", EXACT)
@pytest.mark.parametrize("size", [(37, 53), (40, 5), (1, 9), (200, 301)])
def test_masks_come_back_exactly(name, size):
    found = list(masks(*size).values())
    images = [image("a.jpg", found, ["dog", "cat"]), image("b.png", []), image("c.png", found[:1], ["cat"])]
    _, after, problems = again(name, label_list(["cat", "dog"]), images)
    assert problems == []
    assert [one.file_name for one in after] == ["a.jpg", "b.png", "c.png"]
    for one, other in zip(images, after, strict=True):
        same_objects(one, other)


@pytest.mark.parametrize("name", EXACT)
@settings(max_examples=30)
@given(mask=MASKS.filter(lambda mask: bool(mask.any())))
def test_any_mask_comes_back_exactly(name, mask):
    one = image("a.jpg", [mask])
    _, (after,), problems = again(name, label_list(["thing"]), [one])
    assert problems == []
    same_objects(one, after)


@pytest.mark.parametrize("name", PAINTED)
def test_masks_that_do_not_overlap_come_back_from_painted_ones(name):
    images = [
        image("a.jpg", apart(), ["dog", "cat"]),
        image("b.png", []),
        image("c.png", apart()[:1], ["cat"]),
    ]
    _, after, problems = again(name, label_list(["cat", "dog"]), images)
    assert problems == []
    for one, other in zip(images, after, strict=True):
        same_objects(one, other)
    told = {loss.kind for loss in dataset.losses(FORMATS[name], images)}
    assert told == set()


@pytest.mark.parametrize("name", PAINTED)
def test_what_painted_masks_lose_is_what_was_said(name):
    below, above = np.zeros((20, 30), bool), np.zeros((20, 30), bool)
    below[2:10, 2:10] = True
    above[5:15, 5:15] = True
    gone = below & above
    one = image("a.jpg", [below, gone, above])
    _, (after,), problems = again(name, label_list(["thing"]), [one])
    assert problems == []
    assert [each.area for each in after.objects] == [64 - 25, 100]
    told = {loss.annotation: loss.what for loss in dataset.losses(FORMATS[name], [one])}
    assert told["a.jpg-0"] == "25 pixels covered by other objects: 39 are left"
    assert told["a.jpg-1"] == "25 pixels covered by other objects: nothing is left of it"
    assert "a.jpg-2" not in told


@pytest.mark.parametrize("name", READABLE)
def test_odd_labels_come_back(name):
    found = [np.zeros((20, 30), bool) for _ in ODD_LABELS]
    for place, mask in enumerate(found):
        mask[3:9, 2 * place : 2 * place + 2] = True
    one = image("a.jpg", found, ODD_LABELS)
    labels, (after,), problems = again(name, label_list(ODD_LABELS), [one])
    assert problems == []
    same_objects(one, after)
    if name in DEFINED:
        assert [label.name for label in labels] == ODD_LABELS


@pytest.mark.parametrize("name", READABLE)
def test_odd_file_names_are_found_again(name):
    images = [image(each, apart(), image_id=f"i{k}") for k, each in enumerate(ODD_NAMES)]
    named = list(dataset.name_files(FORMATS[name], images))
    _, after, problems = again(name, label_list(["thing"]), images)
    assert problems == []
    assert sorted(one.file_name for one in after) == sorted(one.file_name for one in named)
    assert {len(one.objects) for one in after} == {5}
    changed = {loss.image for loss in dataset.losses(FORMATS[name], images) if loss.kind == "name"}
    assert changed == {
        one.file_name for one, other in zip(images, named, strict=True) if one.file_name != other.file_name
    }


@pytest.mark.parametrize("name", ["coco", "coco-polygons", "labelme", "sa1b", "cvat", "label-studio"])
def test_attributes_come_back(name):
    one = image("a.jpg", apart(), attributes=ATTRIBUTES)
    _, (after,), _ = again(name, [DatasetLabel("thing", "#102030", TYPES)], [one])
    assert [each.attributes for each in after.objects] == [ATTRIBUTES] * 5


@pytest.mark.parametrize("name", ["coco", "coco-polygons", "cvat"])
def test_label_definitions_come_back(name):
    choice = {"name": "kind", "type": "choice", "required": False, "choices": ["a b", "c"]}
    labels = [DatasetLabel("thing", "#102030", (*TYPES, choice)), DatasetLabel("other")]
    assert [replace(label, source_id=None) for label in again(name, labels, [])[0]] == labels


@pytest.mark.parametrize("name", READABLE)
def test_nothing_at_all(name):
    """One file of no images is sound; no file at all is not what was meant."""
    labels, after, problems = again(name, [], [])
    assert (labels, after) == ([], [])
    assert bool(problems) == FORMATS[name].several
    assert datasets.read(name, Source.memory({}))[2] != []


@pytest.mark.parametrize("name", READABLE)
def test_an_unused_label_does_no_harm(name):
    one = image("a.jpg", apart(), ["used"])
    _, (after,), problems = again(name, label_list(["never", "used"]), [one])
    assert problems == []
    assert {each.label for each in after.objects} == {"used"}


@pytest.mark.parametrize("name", READABLE)
def test_the_format_is_recognised(name):
    images = [image("a.jpg", apart()), image("deep/b.jpg", apart())]
    files = files_of(name, label_list(["thing"]), images)
    known = {f"images/{one.file_name}": (one.width, one.height) for one in images}
    expected = {"coco-polygons": "coco", "coco-panoptic": "coco"}.get(name, name)
    assert detect(Source.memory(files, known), FORMATS).format == expected


def test_no_format_is_recognised_in_anything():
    files = {
        "readme.txt": b"hello",
        "a.json": b'{"x": 1}',
        "a.xml": b"<svg/>",
        "a.csv": b"1,2",
        "a.jpg": b"\xff\xd8",
    }
    assert detect(Source.memory(files), FORMATS).format is None


@pytest.mark.parametrize("name", READABLE)
def test_splits(name):
    shares = Split(val=0.3, test=0.2)
    images = [image(f"{k}.jpg", apart()) for k in range(40)]
    expected = {one.file_name: shares.of(one.id) for one in images}
    files = files_of(name, label_list(["thing"]), images, split=lambda one: shares.of(one.id))
    chosen = FORMATS[name]
    known = {
        dataset.picture_path(chosen, named): (named.width, named.height)
        for named in (type(one)(**{**vars(one), "split": expected[one.file_name]}) for one in images)
    }
    _, after, problems = datasets.read(name, Source.memory(files, known))
    assert problems == []
    found = {one.file_name.rpartition("/")[2]: one.split for one in after}
    assert found == expected


@pytest.mark.parametrize("name", FORMATS)
def test_writing_is_lazy_and_comes_in_pieces(name):
    """Nothing of the last image is needed for the first."""
    asked = []

    def images():
        for number in range(5):
            asked.append(number)
            yield image(f"{number}.jpg", apart())

    pieces = dataset.write(FORMATS[name], label_list(["thing"]), images)
    for _ in range(3):
        next(pieces)
    assert len(asked) <= 3
    rest = list(pieces)
    assert len(rest) > 1
    assert all(isinstance(data, bytes) for _, data in rest)
