"""One odd element is one line, and the rest of the dataset is read."""

import json

import numpy as np
import pytest

from server.features.transfer.formats import FORMATS
from server.features.transfer.formats.detection import detect
from server.features.transfer.formats.source import Source
from tests.unit.features.transfer.formats import datasets
from tests.unit.features.transfer.formats.drawings import (
    ANNOTATION,
    BOX,
    CUP,
    IMAGE,
    NUMBERS,
    POLYGON,
    REGION,
    coco,
    cvat,
    drawn,
    label_studio,
    labelme,
    mask_shape,
    read,
)

LABELLED = {**REGION, "id": "r1"}
POINTS = {"points": REGION["value"]["points"]}


def aged(text):
    return f'<polygon label="cup" points="2,2;6,2;6,5;2,5"><attribute name="age">{text}</attribute></polygon>'


def apart(kind, number="r1", **value):
    return {**REGION, "id": number, "type": kind, "value": {**POINTS, **value}}


def short_export(*regions, **more):
    flat = [{**region["value"], "original_width": 10, "original_height": 8} for region in regions]
    return "label-studio", {
        "a.json": json.dumps([{"image": "a.jpg", "id": 1, "label": flat, **more}]).encode()
    }


@pytest.mark.parametrize(
    "files",
    [
        coco({**ANNOTATION, "image_id": 1.0, "category_id": "3"}),
        coco(ANNOTATION, images=[{**IMAGE, "id": "1.0"}], categories=[{**CUP, "id": 3.0}]),
        coco({**ANNOTATION, "image_id": "x", "category_id": "c"}, images=[{**IMAGE, "id": "x"}],
             categories=[{**CUP, "id": "c"}]),
        coco(ANNOTATION, images=[{**IMAGE, "width": 10.0, "height": "8"}]),
        coco(ANNOTATION, images=[{**IMAGE, "width": 0, "height": None}]),
        coco(ANNOTATION, images=[IMAGE, IMAGE]),
        coco({**ANNOTATION, "area": float("nan"), "score": None, "id": float("inf")}),
        coco({**ANNOTATION, "iscrowd": "0"}),
        coco({**ANNOTATION, "segmentation": json.dumps(ANNOTATION["segmentation"]), "bbox": "[2, 2, 4, 3]"}),
        coco({**ANNOTATION, "iscrowd": 0.0}),
        coco({**ANNOTATION, "iscrowd": False}),
        coco({**ANNOTATION, "segmentation": ANNOTATION["segmentation"][0]}),
        coco({**ANNOTATION, "segmentation": [[[2, 2], [6, 2], [6, 5], [2, 5]]]}),
        coco({**ANNOTATION, "segmentation": [[], [2, 2, 6, 2, 6, 5, 2, 5]]}),
        coco({**ANNOTATION, "segmentation": {"size": [8.0, 10.0], "counts": [18.0, 3, 5, 3, 5, 3, 5, 3, 35]}}),
        coco({**ANNOTATION, "keypoints": [0, 0, 0], "num_keypoints": 0}),
        labelme(POLYGON, imageWidth=10.0, imageHeight="8"),
        labelme(POLYGON, imageWidth=0, imageHeight=0),
        labelme({**POLYGON, "shape_type": "rotation", "direction": 0.5}),
        labelme({**POLYGON, "shape_type": "quadrilateral"}),
        labelme({**POLYGON, "shape_type": "rectangle"}),
        cvat(aged(""), NUMBERS),
        cvat(aged("3"), NUMBERS),
        cvat('<polygon label="cup" points="2,2;6,2;6,5;2,5" z_order="" group_id=""/>'),
        cvat('<box label="cup" xtl="2" ytl="2" xbr="6" ybr="5" rotation=""/>'),
        cvat(BOX, head='name="a.jpg" width="10.0" height="8.0"'),
        cvat(BOX, head='name="a.jpg"'),
        label_studio(apart("polygon"), apart("labels", labels=["cup"])),
        label_studio(apart("labels", labels=["cup"]), apart("polygon")),
        label_studio(apart("labels", labels=["cup"])),
        label_studio({**REGION, "original_width": 10.0, "original_height": "8"}),
        label_studio({**REGION, "type": None}),
        label_studio({name: REGION[name] for name in ("value", "original_width", "original_height")}),
        label_studio({**REGION, "image_rotation": None, "score": None, "meta": None}),
        label_studio(predictions=[], annotations=[{"result": []}, {"result": [REGION], "ground_truth": True}]),
        label_studio(annotations=[], completions=[{"result": [REGION]}]),
        short_export(REGION),
        short_export(apart("polygon"), apart("labels", labels=["cup"])),
        ("label-studio", {"a.json": json.dumps([{"image": "a.jpg", "id": 1, "label": [REGION["value"]]}]).encode()}),
    ],
)  # fmt: skip
def test_the_same_box_however_it_is_written(files):
    _, (found,), problems = read(files)
    assert [(each.label, each.bbox) for each in found.objects] == [("cup", [2, 2, 4, 3])]
    assert found.objects[0].attributes in ({}, {"age": 3})
    assert all(problem.note and "further annotation" in problem.found for problem in problems)


@pytest.mark.parametrize(
    ("files", "said"),
    [
        (coco({**ANNOTATION, "segmentation": [[]]}), "a box without a segmentation"),
        (coco({**ANNOTATION, "segmentation": [[2, 2, 6, 5]]}), "2 corners"),
        (coco({**ANNOTATION, "segmentation": {}}), "a box without a segmentation"),
        (coco(ANNOTATION, {**ANNOTATION, "segmentation": [[2, 2, 6, 5]], "bbox": None}), "2 corners"),
        (coco(ANNOTATION, {**ANNOTATION, "segmentation": [[]], "bbox": []}), "neither a segmentation nor a bbox"),
        (coco(ANNOTATION, {**ANNOTATION, "segmentation": {"size": [8, 10], "counts": [80]}}), "a mask without a pixel"),
        (coco({**ANNOTATION, "segmentation": [*ANNOTATION["segmentation"], [1, 1, 2, 2]]}), "2 corners"),
        (coco({**ANNOTATION, "iscrowd": "perhaps"}), "iscrowd 'perhaps', taken as 0"),
        (coco({**ANNOTATION, "score": "high"}), "the score 'high', left out"),
        (coco({**ANNOTATION, "keypoints": [3, 3, 2], "num_keypoints": 1}), "key points left out"),
        (coco({**ANNOTATION, "caption": "a cup"}), "a caption left out"),
        (coco({**ANNOTATION, "depth": 4}), "'depth' of an annotation left out"),
        (coco(ANNOTATION, {"id": 8, "image_id": 1, "caption": "a"}, {"caption": "b"}), "a caption left out (2 times)"),
        (labelme({**POLYGON, "score": "high"}), "the score 'high', left out"),
        (labelme({**POLYGON, "track": 4}), "'track' of a shape left out"),
        (labelme(POLYGON, flags={"night": True, "rain": False}), "the image's flag 'night' left out"),
        (labelme(POLYGON, checked=True), "'checked' of the image left out"),
        (labelme(POLYGON, {**POLYGON, "points": [[1, 1], [5, 7]]}), "2 corners"),
        (labelme(POLYGON, {**POLYGON, "points": []}), "0 corners"),
        (labelme(POLYGON, {**POLYGON, "shape_type": "rectangle", "points": [[1, 1]]}), "a rectangle of 1 point"),
        (labelme(POLYGON, mask_shape(np.zeros((3, 4), bool), [[2, 2], [5, 4]])), "a mask without a pixel"),
        (cvat(BOX + '<mask label="cup" rle="12," left="2" top="2" width="4" height="3"/>'), "a mask without a pixel"),
        (labelme(POLYGON, {"label": "x", "shape_type": "line", "points": [[1, 1], [5, 7]]}), "a line left out"),
        (labelme(POLYGON, {"shape_type": "point", "points": [[1, 1]]}), "a point left out"),
        (cvat(BOX + '<polygon label="cup" points=""/>'), "0 corners"),
        (label_studio(REGION, drawn("brush", rle=[])), "a brush stroke of nothing"),
        (cvat(BOX + '<tag label="cup"/>'), "a tag left out"),
        (cvat('<polyline label="x" points="1,1;2,2"/>' + BOX + '<polyline/>'), "(2 times)"),
        (cvat(BOX + '<skeleton label="x"><points/></skeleton>'), "a skeleton left out"),
        (cvat(BOX.replace("/>", ' z_order="top"/>')), "z_order"),
        (label_studio(REGION, {"type": "relation", "from_id": "r1", "to_id": "r2"}), "a relation left out"),
        (label_studio(drawn("keypoint", x=20, y=30), REGION), "a key point left out"),
        (label_studio(apart("polygonlabels", polygonlabels=["cup", "pet"])), "the further label 'pet' left out"),
        (label_studio(REGION, {"id": "c", "type": "choices", "from_name": "good", "value": {"choices": ["yes"]}}),
         "the whole image ('good' 'yes') left out"),
        (label_studio(annotations=[{"result": [REGION]}], predictions=[{"result": []}]), "a prediction left out"),
        (label_studio(annotations=[{"result": [REGION]}], drafts=[{"result": []}]), "a draft left out"),
        (label_studio(REGION, {"type": "pairwise", "value": {"selected": "left"}}), "'pairwise' left out"),
        (label_studio(annotations=[], predictions=[{"result": [REGION]}]), "a prediction, as there is no annotation"),
        (short_export(REGION, choice=["a", "b"]), "('choice' 'a')"),
    ],
)  # fmt: skip
def test_what_has_no_place_is_noted_and_refuses_nothing(files, said):
    _, (found,), problems = read(files)
    assert [(each.label, each.bbox) for each in found.objects] == [("cup", [2, 2, 4, 3])]
    assert all((problem.note and problem.file == "a.json") or problem.file == "a.xml" for problem in problems)
    assert said in "\n".join(map(str, problems))


@pytest.mark.parametrize(
    ("files", "attributes"),
    [
        (labelme({**POLYGON, "description": "torn", "difficult": True}), {"description": "torn", "difficult": True}),
        (cvat(aged(" 4.5 "), NUMBERS), {"age": 4.5}),
        (cvat(aged("")), {"age": ""}),
        (cvat(aged(""), NUMBERS), {}),
        (cvat(aged("old"), NUMBERS), {"age": "old"}),
        (cvat('<polygon label="cup" occluded="1" points="2,2;6,2;6,5;2,5"/>'), {"occluded": True}),
        (label_studio(LABELLED, apart("choices", choices=["sick", "old"])), {"choices": "sick, old"}),
        (label_studio({**apart("rating", rating=4), "from_name": "stars"}, LABELLED), {"stars": 4}),
        (label_studio({**apart("taxonomy", taxonomy=[["a", "b"], ["c"]])}, LABELLED), {"taxonomy": "a / b, c"}),
        (label_studio({**REGION, "meta": {"text": ["torn"], "attributes": {"n": 1}}}), {"text": "torn", "n": 1}),
        (coco({**ANNOTATION, "attributes": {"a": None, "b": float("nan"), "c": [1], "": 2}}), {"b": "NaN", "c": "[1]"}),
        (coco({**ANNOTATION, "iscrowd": "true"}), {"iscrowd": True}),
    ],
)  # fmt: skip
def test_what_is_said_of_an_object_is_kept(files, attributes):
    _, (found,), _ = read(files)
    assert [each.attributes for each in found.objects] == [attributes]


def test_scores_are_predicted_ious():
    region = {**REGION, "score": "0.5"}
    for files in (
        coco({**ANNOTATION, "score": 0.5}),
        labelme({**POLYGON, "score": 0.5}),
        label_studio(region),
    ):
        _, (found,), problems = read(files)
        assert (found.objects[0].details["predicted_iou"], problems) == (0.5, [])


def test_numbers_are_names_too():
    for files in (coco(ANNOTATION, categories=[{"id": 3, "name": 1.0}]), labelme({**POLYGON, "label": 1})):
        _, (found,), problems = read(files)
        assert ([each.label for each in found.objects], problems) == (["1"], [])


def test_an_odd_first_annotation_does_not_hide_what_the_file_is():
    files = coco(None, 5, ANNOTATION)[1]
    assert detect(Source.memory(files, {"a.jpg": (10, 8)}), FORMATS).format == "coco"


def test_regions_on_a_second_image_of_a_task_are_not_drawn_on_the_first():
    regions = {**REGION, "to_name": "one"}, {**REGION, "to_name": "two"}
    two = {"image": "a.jpg", "image2": "/data/b.jpg?x=1"}
    _, (found,), problems = read(label_studio(*regions, data=two))
    assert len(found.objects) == 1
    assert [(each.where, each.note) for each in problems] == [("task 1, region 2", False)]


def test_the_image_that_regions_name_is_theirs():
    task = {
        "data": {"image": "b.jpg", "second": "a.jpg"},
        "annotations": [{"result": [{**REGION, "to_name": "second"}]}],
    }
    _, (found,), _ = read(("label-studio", {"a.json": json.dumps([task]).encode()}))
    assert found.match.picture == "a.jpg"


def test_subsets_of_cvat_tell_images_of_one_name_apart():
    _, files = cvat(BOX, head='name="a.jpg" subset="Train" width="10" height="8"')
    known = {"images/Train/a.jpg": (10, 8), "images/Validation/a.jpg": (10, 8)}
    _, (found,), problems = datasets.read("cvat", Source.memory(files, known))
    assert (found.match.picture, problems) == ("images/Train/a.jpg", [])
