"""Pascal VOC as others write it: masks of colours and palettes by labelmap.txt, polygons in XML."""

import io

import numpy as np
import pytest
from PIL import Image

from server.features.transfer.formats.masks.images import palette
from server.features.transfer.formats.source import Source
from tests.unit.features.transfer.formats import datasets

CAT, DOG, BORDER = (48, 112, 32), (176, 112, 32), palette()[255]
KNOWN = {"a.jpg": (10, 8)}
MAPS = {
    "alphabetical": "# label:color_rgb:parts:actions\nCat:48,112,32::\nbackground:0,0,0::\nDog:176,112,32::\n",
    "without a background": "Cat:48,112,32::\nDog:176,112,32::\n",
    "black by another name": "unlabeled:0,0,0::\nDog:176,112,32::\nCat:48,112,32:ear,tail:run",
    "a background that is not black": "Background:9,9,9::\r\nCat:48,112,32::\r\nDog:176,112,32::",
}


def mask(kind, numbers):
    """A PNG whose pixels are numbers (0, 1 Dog, 2 Cat, 255 the border), as a palette's or as colours."""
    colors = [(0, 0, 0), DOG, CAT, *[(1, 1, 1)] * 252, BORDER]
    image = Image.fromarray(np.array(numbers, np.uint8))
    image.putpalette([value for color in colors for value in color])
    file = io.BytesIO()
    (image if kind == "P" else image.convert(kind)).save(file, "PNG")
    return file.getvalue()


def read(files):
    files = {path: data if isinstance(data, bytes) else data.encode() for path, data in files.items()}
    return datasets.read("voc", Source.memory(files, KNOWN))


NUMBERS = np.zeros((8, 10), int)
NUMBERS[1:4, 1:4], NUMBERS[1:4, 6:9], NUMBERS[4] = 1, 2, 255


@pytest.mark.parametrize("kind", ["P", "RGB", "RGBA"])
@pytest.mark.parametrize("label_map", MAPS.values(), ids=MAPS)
def test_colours_decide_what_a_mask_is(kind, label_map):
    files = {"labelmap.txt": label_map, "SegmentationClass/a.png": mask(kind, NUMBERS)}
    labels, (found,), problems = read(files)
    assert problems == []
    assert {each.label: each.bbox for each in found.objects} == {"Dog": [1, 1, 3, 3], "Cat": [6, 1, 3, 3]}
    assert {label.name for label in labels} == {"Cat", "Dog"}


@pytest.mark.parametrize("kind", ["P", "RGB"])
def test_objects_of_colours_lie_on_classes_of_colours(kind):
    objects = np.where(NUMBERS == 2, 1, np.where(NUMBERS == 1, 2, NUMBERS))  # other colours, other numbers
    files = {
        "labelmap.txt": MAPS["alphabetical"],
        "SegmentationClass/a.png": mask("RGB", NUMBERS),
        "SegmentationObject/a.png": mask(kind, objects),
    }
    _, (found,), problems = read(files)
    assert problems == []
    assert {each.label: each.bbox for each in found.objects} == {"Dog": [1, 1, 3, 3], "Cat": [6, 1, 3, 3]}


def test_a_colour_of_no_class_is_told():
    files = {"labelmap.txt": "Dog:176,112,32::", "SegmentationClass/a.png": mask("RGB", NUMBERS)}
    _, (found,), (problem,) = read(files)
    assert [each.label for each in found.objects] == ["Dog"]
    assert (problem.found, problem.expected) == ("the colour 48,112,32 (9 pixels)", "one of the 1 classes")


@pytest.mark.parametrize(
    "label_map",
    ["background:0,0,0::\nDog:128,0,0::\nCat:0,128,0::", "Cat:0,128,0::\nDog:128,0,0::", "Dog:::\nCat:::"],
)
def test_greys_are_numbers_of_vocs_palette_or_of_the_lines(label_map):
    file = io.BytesIO()
    Image.fromarray(NUMBERS.astype(np.uint8)).save(file, "PNG")
    _, (found,), problems = read({"labelmap.txt": label_map, "SegmentationClass/a.png": file.getvalue()})
    assert problems == []
    assert [each.label for each in found.objects] == ["Dog", "Cat"]


@pytest.mark.parametrize("line", ["Cat", "Cat:1,2::", "Cat:red::", "background:9,9,9::\nCat:0,0,0::"])
def test_a_label_map_that_is_none(line):
    _, images, (problem,) = read({"labelmap.txt": line, "SegmentationClass/a.png": mask("P", NUMBERS)})
    assert (images, problem.file, problem.note) == ([], "labelmap.txt", False)


def xml(inside):
    return f"<annotation><filename>a.jpg</filename><object><name>cat</name>{inside}</object></annotation>"


BOX = "<bndbox><xmin>2</xmin><ymin>2</ymin><xmax>7</xmax><ymax>7</ymax></bndbox>"


@pytest.mark.parametrize(
    "polygon",
    [
        "<polygon><x1>1</x1><y1>1</y1><x2>7</x2><y2>1</y2><x3>7</x3><y3>7</y3></polygon>",
        "<polygon><x10>7</x10><y10>7</y10><y2>1</y2><x2>7</x2><x1>1</x1><y1>1</y1></polygon>",
        "<polygon><pt><x>1</x><y>1</y></pt><pt><x>7</x><y>1</y></pt><pt><x>7</x><y>7</y></pt></polygon>",
    ],
)
def test_polygons_in_xml(polygon):
    _, (found,), problems = read({"a.xml": xml(BOX + polygon)})
    assert problems == []
    assert (found.objects[0].bbox, found.objects[0].area) == ([1, 1, 6, 6], 21)
    _, (found,), (note,) = read({"a.xml": xml(BOX)})
    assert (found.objects[0].area, note.note) == (36, True)


@pytest.mark.parametrize("polygon", ["", "<x1>1</x1><y1>1</y1>"])
def test_a_polygon_without_an_area_leaves_the_box(polygon):
    _, (found,), (note,) = read({"a.xml": xml(f"{BOX}<polygon>{polygon}</polygon>")})
    assert (found.objects[0].area, note.note) == (36, True)


@pytest.mark.parametrize("polygon", ["<x1>1</x1><x2>1</x2><x3>2</x3>", "<x1>a</x1><x2>1</x2><x3>1</x3>"])
def test_a_polygon_that_is_none_is_one_problem(polygon):
    good = f"</object><object><name>dog</name>{BOX}"
    _, (found,), problems = read({"a.xml": xml(f"{BOX}<polygon>{polygon}</polygon>{good}")})
    assert [each.label for each in found.objects] == ["dog"]
    assert [problem.where for problem in problems if not problem.note] == ["object 1"]


def test_the_label_map_lists_every_label():
    files = datasets.files_of(
        "voc", datasets.label_list(["a", "b", "c"]), [datasets.image("a.jpg", [], ["b"])]
    )
    assert files["labelmap.txt"].decode().splitlines()[1:] == [
        "background:0,0,0::", "a:128,0,0::", "b:0,128,0::", "c:128,128,0::",
    ]  # fmt: skip
