"""What other programs draw, and how they call things: read as they mean it."""

import json

import numpy as np
import pytest

from tests.unit.features.transfer.formats.drawings import (
    POLYGON,
    REGION,
    box_of,
    cvat,
    drawn,
    label_studio,
    labelme,
    mask_shape,
    read,
)


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
    _, (found,), problems = read(("label-studio", {"a.json": json.dumps([task]).encode()}))
    assert len(found.objects) == 1
    assert all(problem.note for problem in problems)
    assert [problem.found for problem in problems] == [
        "1 further annotation of the same image, left out",
        "a cancelled annotation left out",
    ]


def test_a_folder_of_boxes_only():
    text = b"<annotation><filename>a.jpg</filename><size><width>10</width><height>8</height></size><object><name>cup"
    text += b"</name><bndbox><xmin>3</xmin><ymin>3</ymin><xmax>6</xmax><ymax>5</ymax></bndbox></object></annotation>"
    _, (found,), (problem,) = read(("voc", {"labels/a.xml": text}))
    assert [each.bbox for each in found.objects] == [[2, 2, 4, 3]]
    assert problem.note
