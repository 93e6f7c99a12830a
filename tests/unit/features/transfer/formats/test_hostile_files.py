"""Files that are broken, untidy or meant ill: each says where and what, and the rest is read."""

import io
import tracemalloc
import zipfile

import numpy as np
import pytest

from server.features.transfer.formats import FORMATS
from server.features.transfer.formats.objects import DatasetImage
from server.features.transfer.formats.source import Source
from server.features.transfer.formats.streams import json_stream, xml_stream
from tests.unit.features.transfer.formats import datasets
from tests.unit.features.transfer.formats.datasets import files_of, image, label_list
from tests.unit.features.transfer.formats.drawings import (
    GOOD,
    POLYGON,
    REGION,
    SQUARE,
    cvat,
    drawn,
    label_studio,
    labelme,
    mask_shape,
    png,
    read,
)
from tests.unit.features.transfer.formats.test_round_trips import READABLE, apart


@pytest.mark.parametrize(
    ("files", "where", "said"),
    [
        (labelme(POLYGON, {**POLYGON, "points": [[1, 1], [2, "x"], [3, 3]]}), "shape 2", "two numbers"),
        (labelme(POLYGON, {**POLYGON, "points": [[1, 1], [2, 1e9], [3, 3]]}), "shape 2", "outside"),
        (labelme(POLYGON, {**POLYGON, "points": None}), "shape 2", "points"),
        (labelme(POLYGON, {**POLYGON, "label": ""}), "shape 2", "label"),
        (labelme(POLYGON, {**POLYGON, "label": ["x"]}), "shape 2", "label"),
        (labelme(POLYGON, {**POLYGON, "shape_type": ["x"]}), "shape 2", "shape type"),
        (labelme(POLYGON, 7), "shape 2", "7"),
        (labelme(POLYGON, mask_shape(np.ones((3, 4), bool), [[2, 2], [4, 4]])), "shape 2", "4 x 3"),
        (labelme(POLYGON, {**mask_shape(np.ones((1, 1), bool), [[2, 2], [2, 2]]), "mask": "%%"}), "shape 2", "base64"),
        (labelme(POLYGON, {**POLYGON, "points": [[-3, 1], [-2, 1], [-2, 2]]}), "shape 2", "without a pixel"),
        (labelme(POLYGON, mask_shape(np.ones((3, 4), bool), [[12, 2], [15, 4]])), "shape 2", "without a pixel"),
        (cvat(GOOD + '<polygon label="cup" points="2,2;6"/>'), "polygon 2", "two numbers"),
        (cvat(GOOD + '<box label="dog" xtl="1"/>'), "box 2", "'dog'"),
        (cvat(GOOD + '<box label="cup" xtl="nan"/>'), "box 2", "'nan'"),
        (cvat(GOOD + '<mask label="cup" rle="0,1000000000" left="0" top="0" '
              'width="4" height="4"/>'), "mask 2", "add up"),
        (cvat(GOOD + '<mask label="cup" rle="0" left="0" top="0" '
              'width="99999999999" height="4"/>'), "mask 2", "no larger"),
        (label_studio(REGION, {**REGION, "value": {**REGION["value"], "points": [[1, 2], [3]]}}), "region 2", "pairs"),
        (label_studio(REGION, {**REGION, "value": {**REGION["value"], "polygonlabels": []}}), "region 2", "label"),
        (label_studio(REGION, drawn("cuboid")), "region 2", "cuboid"),
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
    assert not problem.note
    assert problem.where.endswith(where)
    assert said in str(problem)


@pytest.mark.parametrize(
    ("files", "said"),
    [
        (labelme(imageWidth=10**9, imageHeight=10**9), "size"),
        (labelme(imageWidth=True), "size"),
        (labelme(imageWidth=-4), "size"),
        (labelme(imageWidth=float("nan")), "size nan"),
        (("labelme", {"a.json": b'{"shapes": ['}), "JSON"),
        (("labelme", {"a.json": b"[" * 100_000}), "nested"),
        (("labelme", {"a.json": b'"\xff"'}), "UTF-8"),
        (("sa1b", {"a.json": b"{}"}), "SA-1B"),
        (("sa1b", {"a.json": b'{"image": {"width": 3, "height": 3}, "annotations": []}'}), "file_name"),
        (cvat("", head='name="a.jpg" width="1e9" height="8"'), "whole number"),
        (cvat("", head='width="10" height="8"'), "name"),
        (("cvat", {"a.xml": b"<annotations><image"}), "XML at line 1"),
        (("cvat", {"a.xml": b'<?xml version="1.0" encoding="klingon"?><annotations/>'}), "XML"),
        (("cvat", {"a.xml": b"<annotations>" + b"<a>" * 100}), "nested"),
        (("cvat", {"a.xml": b"<svg/>"}), "annotations"),
        (("cvat", {"a.xml": b"<annotations>\n<track id='0'/>\n</annotations>"}), "track"),
        (("label-studio", {"a.json": b'{"data": 1}'}), "list of tasks"),
        (("label-studio", {"a.json": b"[7]"}), "no tasks"),
        (("label-studio", {"a.json": b'[{"data": {"image": "b.jpg"}}]'}), "size"),
        (("voc", {"SegmentationClass/a.png": b"\x89PNG"}), "PNG"),
        (("voc", {"SegmentationClass/a.png": png(np.full((8, 10, 3), (1, 2, 3), np.uint8))}), "the colour 1,2,3"),
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
    assert any("cannot be read" in str(problem) and not problem.note for problem in problems)


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


def test_a_polygon_of_a_huge_picture_takes_its_box_of_memory():
    shape = {**POLYGON, "points": [[9000, 9000], [9040, 9000], [9040, 9030]]}
    files = labelme(shape, imageWidth=10_000, imageHeight=10_000)
    tracemalloc.start()
    _, (found,), _ = read(files)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found.objects[0].area > 500
    assert peak < 3_000_000


@pytest.mark.parametrize(
    ("name", "path", "start", "part", "end"),
    [
        ("coco", "a.json", b'{"images": [], "categories": [], "annotations": [[', b"[],", b"0]]}"),
        ("labelme", "a.json", b'{"shapes": [', b"{},", b"0]}"),
        ("cvat", "a.xml", b"<annotations><image>", b"<a/>", b"</image></annotations>"),
    ],
)
def test_many_values_in_one_element_are_refused(name, path, start, part, end, monkeypatch):
    """A megabyte in a zip file, and gigabytes as objects of Python's: here with limits a hundredth of the real ones."""
    monkeypatch.setattr(json_stream, "_MOST_VALUES", 20_000)
    monkeypatch.setattr(xml_stream, "_MOST_PARTS", 5_000)
    source = Source.memory({path: start + part * 200_000 + end, "a.png": png(np.zeros((6, 8), np.uint8))})
    assert any("more than" in str(each) for each in FORMATS[name].read(source))
