"""Files that are broken, untidy or meant ill: each says where and what, and the rest is read."""

import base64
import io
import json
import tracemalloc
import zipfile

import numpy as np
import pytest
from PIL import Image

from server.formats import FORMATS
from server.formats.objects import DatasetImage
from server.formats.source import Source
from tests.unit.formats import datasets
from tests.unit.formats.datasets import files_of, image, label_list
from tests.unit.formats.test_round_trips import READABLE, apart

KNOWN = {"a.jpg": (10, 8)}
POLYGON = {
    "label": "cup",
    "shape_type": "polygon",
    "points": [[2, 2], [6, 2], [6, 5], [2, 5]],
    "group_id": None,
}
REGION = {
    "type": "polygonlabels", "original_width": 10, "original_height": 8, "image_rotation": 0,
    "value": {"points": [[20, 25], [60, 25], [60, 62.5], [20, 62.5]], "polygonlabels": ["cup"]},
}  # fmt: skip
GOOD = '<polygon label="cup" points="2,2;6,2;6,5"/>'


def png(array):
    file = io.BytesIO()
    Image.fromarray(array).save(file, "PNG")
    return file.getvalue()


SQUARE = png(np.ones((4, 4), np.uint8))


def labelme(*shapes, **changes):
    data = {
        "shapes": list(shapes),
        "imagePath": "a.jpg",
        "imageWidth": 10,
        "imageHeight": 8,
        "imageData": "x" * 50,
    }
    return "labelme", {"a.json": json.dumps({**data, **changes}).encode()}


def cvat(inside, labels="<label><name>cup</name></label>", head='id="3" name="a.jpg" width="10" height="8"'):
    text = f"<annotations><meta>{labels}</meta>\n<image {head}>{inside}</image></annotations>"
    return "cvat", {"a.xml": text.encode()}


def label_studio(*regions, **changes):
    task = {"data": {"image": "a.jpg"}, "annotations": [{"result": list(regions)}], **changes}
    return "label-studio", {"a.json": json.dumps([task]).encode()}


def drawn(kind, **value):
    return {**REGION, "type": f"{kind}labels", "value": {**value, f"{kind}labels": ["cup"]}}


def read(name_and_files):
    name, files = name_and_files
    return datasets.read(name, Source.memory(files, KNOWN))


def box_of(name_and_files):
    _, (found,), _ = read(name_and_files)
    return [each.bbox for each in found.objects]


def mask_shape(array, points):
    data = base64.b64encode(png(array)).decode()
    return {"label": "cup", "shape_type": "mask", "points": points, "mask": data}


@pytest.mark.parametrize(
    "files",
    [
        labelme(POLYGON),
        labelme({**POLYGON, "shape_type": "rectangle", "points": [[6, 5], [2, 2]]}),
        labelme(mask_shape(np.ones((3, 4), bool), [[2, 2], [5, 4]])),
        labelme(mask_shape(np.full((3, 4), 255, np.uint8), [[2, 2], [5, 4]])),
        labelme({**POLYGON, "shape_type": None}),
        labelme(POLYGON, imageWidth=None, imageHeight=None),
        cvat('<polygon label="cup" points="2,2;6,2;6,5;2,5"/>'),
        cvat('<box label="cup" xtl="2" ytl="2" xbr="6" ybr="5"/>'),
        cvat('<mask label="cup" rle="0, 12" left="2" top="2" width="4" height="3"/>'),
        cvat('<ellipse label="cup" cx="4" cy="3.5" rx="2.2" ry="1.7"/>'),
        label_studio(REGION),
        label_studio(drawn("rectangle", x=20, y=25, width=40, height=37.5)),
        label_studio(drawn("ellipse", x=40, y=43.75, radiusX=22, radiusY=21)),
        label_studio({**REGION, "type": "polygon", "value": {"points": REGION["value"]["points"], "labels": ["cup"]}}),
    ],
)  # fmt: skip
def test_every_way_to_draw_the_same_box(files):
    assert box_of(files) == [[2, 2, 4, 3]]


def test_circles_and_turned_boxes():
    circle = {**POLYGON, "shape_type": "circle", "points": [[5, 4], [5, 1]]}
    assert box_of(labelme(circle)) == [[2, 1, 6, 6]]
    turned = '<box label="cup" xtl="2" ytl="3" xbr="8" ybr="5" rotation="90"/>'
    assert box_of(cvat(turned)) == [[4, 1, 2, 6]]
    region = drawn("rectangle", x=60, y=25, width=40, height=25, rotation=90)
    assert box_of(label_studio(region)) == [[4, 2, 2, 4]]


def test_shapes_of_one_group_are_one_object():
    left, right = [[1, 1], [3, 1], [3, 3], [1, 3]], [[5, 5], [7, 5], [7, 7], [5, 7]]
    shapes = [{**POLYGON, "group_id": 4, "points": points} for points in (left, right)]
    assert box_of(labelme(*shapes)) == [[1, 1, 6, 6]]
    two = "".join(
        f'<polygon label="cup" group_id="4" points="{";".join(f"{x},{y}" for x, y in points)}"/>'
        for points in (left, right)
    )
    assert box_of(cvat(two)) == [[1, 1, 6, 6]]
    assert len(box_of(cvat(two.replace('group_id="4"', 'group_id="0"')))) == 2


@pytest.mark.parametrize(
    ("files", "where", "said"),
    [
        (labelme(POLYGON, {**POLYGON, "points": [[1, 1], [2, 2]]}), "shape 2", "three corners"),
        (labelme(POLYGON, {**POLYGON, "points": [[1, 1], [2, "x"], [3, 3]]}), "shape 2", "two numbers"),
        (labelme(POLYGON, {**POLYGON, "points": [[1, 1], [2, 1e9], [3, 3]]}), "shape 2", "outside"),
        (labelme(POLYGON, {**POLYGON, "points": None}), "shape 2", "points"),
        (labelme(POLYGON, {**POLYGON, "label": ""}), "shape 2", "label"),
        (labelme(POLYGON, {**POLYGON, "label": 7}), "shape 2", "label"),
        (labelme(POLYGON, {**POLYGON, "shape_type": "line"}), "shape 2", "no area"),
        (labelme(POLYGON, {**POLYGON, "shape_type": ["x"]}), "shape 2", "shape type"),
        (labelme(POLYGON, 7), "shape 2", "7"),
        (labelme(POLYGON, mask_shape(np.ones((3, 4), bool), [[2, 2], [4, 4]])), "shape 2", "4 x 3"),
        (labelme(POLYGON, {**mask_shape(np.ones((1, 1), bool), [[2, 2], [2, 2]]), "mask": "%%"}), "shape 2", "base64"),
        (labelme(POLYGON, mask_shape(np.zeros((3, 4), bool), [[2, 2], [5, 4]])), "shape 2", "without a pixel"),
        (cvat(GOOD + '<polygon label="cup" points="2,2;6"/>'), "polygon 2", "two numbers"),
        (cvat(GOOD + '<polyline label="cup" points="2,2;6,2;6,5"/>'), "polyline 2", "no area"),
        (cvat(GOOD + '<box label="dog" xtl="1"/>'), "box 2", "'dog'"),
        (cvat(GOOD + '<box label="cup" xtl="nan"/>'), "box 2", "'nan'"),
        (cvat(GOOD + '<mask label="cup" rle="0,1000000000" left="0" top="0" '
              'width="4" height="4"/>'), "mask 2", "add up"),
        (cvat(GOOD + '<mask label="cup" rle="0" left="0" top="0" '
              'width="99999999999" height="4"/>'), "mask 2", "no larger"),
        (label_studio(REGION, {**REGION, "value": {**REGION["value"], "points": [[1, 2], [3]]}}), "region 2", "pairs"),
        (label_studio(REGION, {**REGION, "value": {**REGION["value"], "polygonlabels": []}}), "region 2", "label"),
        (label_studio(REGION, drawn("keypoint")), "region 2", "keypoint"),
        (label_studio(REGION, drawn("brush", rle=[256])), "region 2", "bytes"),
        (label_studio(REGION, drawn("brush", rle=[1])), "region 2", "head"),
        (label_studio(REGION, {**REGION, "image_rotation": 90}), "region 2", "upright"),
        (label_studio(REGION, None), "region 2", "region"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_left_out_and_said(files, where, said):
    _, (found,), problems = read(files)
    assert len(found.objects) == 1
    (problem,) = problems
    assert not problem.kept
    assert problem.where.endswith(where)
    assert said in str(problem)


@pytest.mark.parametrize(
    ("files", "said"),
    [
        (labelme(imageWidth=10**9, imageHeight=10**9), "size"),
        (labelme(imageWidth=True), "size"),
        (labelme(imageWidth=-4), "size"),
        (("labelme", {"a.json": b'{"shapes": [], "imageWidth": NaN}'}), "NaN"),
        (("labelme", {"a.json": b'{"shapes": ['}), "JSON"),
        (("labelme", {"a.json": b"[" * 100_000}), "nested"),
        (("labelme", {"a.json": b'"\xff"'}), "UTF-8"),
        (("sa1b", {"a.json": b"{}"}), "SA-1B"),
        (("sa1b", {"a.json": b'{"image": {"width": 3, "height": 3}, "annotations": []}'}), "file_name"),
        (cvat("", head='name="a.jpg" width="1e9" height="8"'), "whole number"),
        (cvat("", head='width="10" height="8"'), "name"),
        (("cvat", {"a.xml": b"<annotations><image"}), "XML at line 1"),
        (("cvat", {"a.xml": b'<?xml version="1.0" encoding="klingon"?><annotations/>'}), "XML"),
        (("cvat", {"a.xml": b"<a>" * 100}), "nested"),
        (("cvat", {"a.xml": b"<svg/>"}), "annotations"),
        (("cvat", {"a.xml": b"<annotations>\n<track id='0'/>\n</annotations>"}), "track"),
        (("label-studio", {"a.json": b'{"data": 1}'}), "list of tasks"),
        (("label-studio", {"a.json": b"[7]"}), "task 1"),
        (("label-studio", {"a.json": b'[{"data": {"image": "b.jpg"}}]'}), "size"),
        (("voc", {"SegmentationClass/a.png": b"\x89PNG"}), "PNG"),
        (("voc", {"SegmentationClass/a.png": png(np.zeros((4, 4, 3), np.uint8))}), "colours"),
        (("voc", {"SegmentationClass/a.png": png(np.full((8, 10), 99, np.uint8))}), "one of the 20 classes"),
        (("voc", {"Annotations/a.xml": b"<annotation><object/></annotation>"}), "name"),
        (("masks-png", {"labels/a.png": SQUARE, "labels.json": b'{"labels": []}'}), ""),
        (("masks-png", {"labels/a.png": SQUARE, "labels.json": b'{"labels": [{"id": "x"}]}'}), "id"),
        (("masks-png", {"labels/a.png": SQUARE, "instances/a.png": png(np.ones((5, 4), np.uint8))}), "sizes"),
        (("csv", {"a.csv": b"image,width"}), "COCO"),
    ],
)  # fmt: skip
def test_files_that_cannot_be_read_say_so(files, said):
    _, images, problems = read(files)
    assert all(not one.objects for one in images) or said in ("", "id")
    if said:
        assert said in str(problems[0])
        assert problems[0].file in files[1]


BOMB = b"""<?xml version="1.0"?>
<!DOCTYPE lolz [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
<annotations><image name="&b;" width="10" height="8"/></annotations>"""
ELSEWHERE = b"""<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><annotation><filename>&a;</filename></annotation>"""


@pytest.mark.parametrize(
    ("name", "path", "data"), [("cvat", "a.xml", BOMB), ("voc", "Annotations/a.xml", ELSEWHERE)]
)
def test_xml_that_defines_entities_is_refused(name, path, data):
    _, images, (problem,) = read((name, {path: data}))
    assert images == []
    assert "document type" in problem.found


@pytest.mark.parametrize("name", READABLE)
def test_a_file_cut_anywhere_is_never_an_exception(name):
    one = image("a.jpg", [*apart()], attributes={"x": 1})
    files = files_of(name, label_list(["thing"]), [one])
    generator = np.random.default_rng(3)
    for path, data in files.items():
        for cut in generator.integers(0, len(data), 12).tolist():
            broken = {**files, path: data[:cut]}
            for each in FORMATS[name].read(Source.memory(broken, {"a.jpg": (90, 60)})):
                if isinstance(each, DatasetImage):
                    assert (each.width, each.height) == (90, 60)


@pytest.mark.parametrize("name", READABLE)
def test_broken_archives_are_told_by_file(name):
    files = files_of(name, label_list(["thing"]), [image("a.jpg", [*apart()])])
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in files.items():
            archive.writestr(path, data)
    data = bytearray(packed.getvalue())
    for place in range(60, len(data) // 2, 7):
        data[place] ^= 0x5A
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        source = Source.archive(archive, {"a.jpg": (90, 60)})
        _, _, problems = datasets.read(name, source)
    assert any("cannot be read" in str(problem) and not problem.kept for problem in problems)


@pytest.mark.parametrize("name", READABLE)
def test_a_file_with_bytes_changed_is_never_an_exception(name):
    one = image("a.jpg", [*apart()], attributes={"x": 1})
    files = files_of(name, label_list(["thing"]), [one])
    generator = np.random.default_rng(4)
    for path, data in files.items():
        for _ in range(25):
            changed = bytearray(data)
            for place in generator.integers(0, len(data), 3).tolist():
                changed[place] = int(generator.integers(0, 256))
            list(FORMATS[name].read(Source.memory({**files, path: bytes(changed)}, {"a.jpg": (90, 60)})))


def test_a_picture_by_what_label_studio_calls_it():
    for given in (
        "/data/upload/3/1a2b3c4d-a.jpg",
        "/data/local-files/?d=some/a.jpg",
        "http://x.org/some/a.jpg?q=1",
    ):
        name, files = label_studio(REGION)
        files = {"a.json": files["a.json"].replace(b"a.jpg", given.encode())}
        _, (found,), problems = read((name, files))
        assert (found.file_name, len(found.objects), problems) == ("a.jpg", 1, [])


def test_a_second_annotation_of_a_task_is_left_out_and_said():
    task = {"data": {"image": "a.jpg"}, "annotations": [{"result": [REGION], "was_cancelled": True}]}
    task["annotations"] += [{"result": [REGION]}, {"result": []}]
    _, (found,), (problem,) = read(("label-studio", {"a.json": json.dumps([task]).encode()}))
    assert len(found.objects) == 1
    assert problem.kept
    assert "1 further annotation" in problem.found


def test_a_folder_of_boxes_only():
    text = b"<annotation><filename>a.jpg</filename><size><width>10</width><height>8</height></size><object><name>cup"
    text += b"</name><bndbox><xmin>3</xmin><ymin>3</ymin><xmax>6</xmax><ymax>5</ymax></bndbox></object></annotation>"
    _, (found,), (problem,) = read(("voc", {"labels/a.xml": text}))
    assert [each.bbox for each in found.objects] == [[2, 2, 4, 3]]
    assert problem.kept


def test_a_polygon_of_a_huge_picture_takes_its_box_of_memory():
    shape = {**POLYGON, "points": [[9000, 9000], [9040, 9000], [9040, 9030]]}
    files = labelme(shape, imageWidth=10_000, imageHeight=10_000)
    tracemalloc.start()
    _, (found,), _ = read(files)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found.objects[0].area > 500
    assert peak < 3_000_000
