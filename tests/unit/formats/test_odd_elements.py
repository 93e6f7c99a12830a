"""One odd element is one line, and the rest of the dataset is read."""

import json

import pytest

from server.formats.source import Source
from tests.unit.formats import datasets
from tests.unit.formats.drawings import GOOD, POLYGON, REGION, cvat, drawn, label_studio, labelme, read

IMAGE = {"id": 1, "file_name": "a.jpg", "width": 10, "height": 8}
SQUARE = {
    "id": 7,
    "image_id": 1,
    "category_id": 3,
    "segmentation": [[2, 2, 6, 2, 6, 5, 2, 5]],
    "bbox": [2, 2, 4, 3],
}
CUP = {"id": 3, "name": "cup"}
AGE = "<attribute><name>age</name><input_type>number</input_type></attribute>"
NUMBERS = f"<label><name>cup</name><attributes>{AGE}</attributes></label>"
BOX = '<polygon label="cup" points="2,2;6,2;6,5;2,5"/>'
LABELLED = {**REGION, "id": "r1"}
POINTS = {"points": REGION["value"]["points"]}


def coco(*annotations, images=(IMAGE,), categories=(CUP,), **beside):
    data = {"images": list(images), "categories": list(categories), "annotations": list(annotations)}
    return "coco", {
        "a.json": json.dumps(data).encode(),
        **{name: json.dumps(one).encode() for name, one in beside.items()},
    }


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
        coco({**SQUARE, "image_id": 1.0, "category_id": "3"}),
        coco(SQUARE, images=[{**IMAGE, "id": "1.0"}], categories=[{**CUP, "id": 3.0}]),
        coco({**SQUARE, "image_id": "x", "category_id": "c"}, images=[{**IMAGE, "id": "x"}],
             categories=[{**CUP, "id": "c"}]),
        coco(SQUARE, images=[{**IMAGE, "width": 10.0, "height": "8"}]),
        coco(SQUARE, images=[{**IMAGE, "width": 0, "height": None}]),
        coco(SQUARE, images=[IMAGE, IMAGE]),
        coco({**SQUARE, "area": float("nan"), "score": None, "id": float("inf")}),
        coco({**SQUARE, "iscrowd": "0"}),
        coco({**SQUARE, "iscrowd": 0.0}),
        coco({**SQUARE, "iscrowd": False}),
        coco({**SQUARE, "segmentation": SQUARE["segmentation"][0]}),
        coco({**SQUARE, "segmentation": [[[2, 2], [6, 2], [6, 5], [2, 5]]]}),
        coco({**SQUARE, "segmentation": [[], [2, 2, 6, 2, 6, 5, 2, 5]]}),
        coco({**SQUARE, "segmentation": {"size": [8.0, 10.0], "counts": [18.0, 3, 5, 3, 5, 3, 5, 3, 35]}}),
        coco({**SQUARE, "keypoints": [0, 0, 0], "num_keypoints": 0}),
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
        (coco({**SQUARE, "segmentation": [[]]}), "a box without a segmentation"),
        (coco({**SQUARE, "segmentation": [[2, 2, 6, 5]]}), "2 corners"),
        (coco({**SQUARE, "segmentation": [*SQUARE["segmentation"], [1, 1, 2, 2]]}), "2 corners"),
        (coco({**SQUARE, "iscrowd": "perhaps"}), "iscrowd 'perhaps', taken as 0"),
        (coco({**SQUARE, "score": "high"}), "the score 'high', left out"),
        (coco({**SQUARE, "keypoints": [3, 3, 2], "num_keypoints": 1}), "key points left out"),
        (coco({**SQUARE, "caption": "a cup"}), "a caption left out"),
        (coco({**SQUARE, "depth": 4}), "'depth' of an annotation left out"),
        (coco(SQUARE, {"id": 8, "image_id": 1, "caption": "a"}, {"caption": "b"}), "a caption left out (2 times)"),
        (labelme({**POLYGON, "score": "high"}), "the score 'high', left out"),
        (labelme({**POLYGON, "track": 4}), "'track' of a shape left out"),
        (labelme(POLYGON, flags={"night": True, "rain": False}), "the image's flag 'night' left out"),
        (labelme(POLYGON, checked=True), "'checked' of the image left out"),
        (labelme(POLYGON, {**POLYGON, "points": [[1, 1], [5, 7]]}), "2 corners"),
        (labelme(POLYGON, {**POLYGON, "points": []}), "0 corners"),
        (labelme(POLYGON, {"label": "x", "shape_type": "line", "points": [[1, 1], [5, 7]]}), "a line left out"),
        (labelme(POLYGON, {"shape_type": "point", "points": [[1, 1]]}), "a point left out"),
        (cvat(BOX + '<polygon label="cup" points=""/>'), "0 corners"),
        (cvat(BOX + '<tag label="cup"/>'), "a tag left out"),
        (cvat('<polyline label="x" points="1,1;2,2"/>' + BOX + '<polyline/>'), "(2 times)"),
        (cvat(BOX + '<skeleton label="x"><points/></skeleton>'), "a skeleton left out"),
        (cvat(BOX.replace("/>", ' z_order="top"/>')), "z_order"),
        (label_studio(REGION, {"type": "relation", "from_id": "r1", "to_id": "r2"}), "a relation left out"),
        (label_studio(drawn("keypoint", x=20, y=30), REGION), "a key point left out"),
        (label_studio(apart("polygonlabels", polygonlabels=["cup", "pet"])), "the further label 'pet' left out"),
        (label_studio(REGION, {"id": "c", "type": "choices", "from_name": "good", "value": {"choices": ["yes"]}}),
         "the whole image (good 'yes') left out"),
        (label_studio(annotations=[{"result": [REGION]}], predictions=[{"result": []}]), "a prediction left out"),
        (label_studio(annotations=[], predictions=[{"result": [REGION]}]), "a prediction, as there is no annotation"),
        (short_export(REGION, choice=["a", "b"]), "(choice 'a')"),
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
        (coco({**SQUARE, "attributes": {"a": None, "b": float("nan"), "c": [1], "": 2}}), {"b": "NaN", "c": "[1]"}),
        (coco({**SQUARE, "iscrowd": "true"}), {"iscrowd": True}),
    ],
)  # fmt: skip
def test_what_is_said_of_an_object_is_kept(files, attributes):
    _, (found,), _ = read(files)
    assert [each.attributes for each in found.objects] == [attributes]


def test_scores_are_predicted_ious():
    region = {**REGION, "score": "0.5"}
    for files in (coco({**SQUARE, "score": 0.5}), labelme({**POLYGON, "score": 0.5}), label_studio(region)):
        _, (found,), problems = read(files)
        assert (found.objects[0].details, problems) == ({"predicted_iou": 0.5}, [])


def test_an_id_of_two_images_refuses_their_objects_and_no_others():
    images = [IMAGE, {**IMAGE, "file_name": "b.jpg"}, {**IMAGE, "id": 2, "file_name": "c.jpg"}]
    other = {**SQUARE, "image_id": 2}
    _, found, problems = read(coco(SQUARE, other, images=images))
    assert [(one.file_name, len(one.objects)) for one in found] == [("a.jpg", 0), ("b.jpg", 0), ("c.jpg", 1)]
    assert [problem.where for problem in problems if not problem.note] == ["images, entry 2"]
    assert "the id 1 of another image too" in problems[0].found


def test_a_bad_entry_is_one_line_however_many_annotations_have_it():
    images = [{**IMAGE, "width": -4}, {**IMAGE, "id": 2, "file_name": "b.jpg"}]
    other = {**SQUARE, "image_id": 2}
    _, found, problems = read(coco(SQUARE, SQUARE, SQUARE, other, images=images))
    assert [(one.file_name, len(one.objects)) for one in found] == [("b.jpg", 1)]
    assert len([problem for problem in problems if not problem.note]) == 1
    _, (found,), problems = read(coco(SQUARE, {**SQUARE, "category_id": 4}, categories=[CUP, {"id": 4}]))
    assert (len(found.objects), len([problem for problem in problems if not problem.note])) == (1, 1)


def test_categories_of_one_name_in_two_groups_are_two_labels():
    wheels = [
        {"id": number, "name": "wheel", "supercategory": group} for number, group in ((1, "car"), (2, "bike"))
    ]
    categories = [*wheels, {"id": 5, "name": "cup"}, {"id": 6, "name": "cup"}]
    labels, (found,), problems = read(
        coco(*({**SQUARE, "category_id": each["id"]} for each in categories), categories=categories)
    )
    assert [(label.name, label.source_id, label.supercategory) for label in labels] == [
        ("wheel (car)", 1, "car"),
        ("wheel (bike)", 2, "bike"),
        ("cup", 5, ""),
    ]
    assert [each.label for each in found.objects] == ["wheel (car)", "wheel (bike)", "cup", "cup"]
    assert all(problem.note for problem in problems)
    assert len(problems) == 2


def test_other_files_of_a_coco_folder_are_left_out_and_said():
    whole = json.loads(coco(SQUARE)[1]["a.json"])
    captions = {"images": [IMAGE], "annotations": [{"id": 1, "image_id": 1, "caption": "a cup"}]}
    beside = {"captions_val.json": captions, "image_info.json": {"images": [IMAGE]}}
    beside |= {"instances_val.json": whole, "person_keypoints_val.json": whole}
    _, found, problems = datasets.read(
        "coco", Source.memory({name: json.dumps(one).encode() for name, one in beside.items()})
    )
    assert sum(len(one.objects) for one in found) == 1
    assert all(problem.note for problem in problems)
    assert [problem.file for problem in problems] == [
        "captions_val.json",
        "image_info.json",
        "person_keypoints_val.json",
    ]


@pytest.mark.parametrize(
    ("files", "stray"),
    [
        (labelme(POLYGON), b'{"cup": "#ff0000"}'),
        (labelme(POLYGON), b"[1, 2]"),
        (label_studio(REGION), b'["cup"]'),
        (label_studio(REGION), b'{"cup": 1}'),
        (("sa1b", {"a.json": json.dumps({"image": IMAGE, "annotations": []}).encode()}), b"{}"),
        (cvat(GOOD), b"<svg/>"),
    ],
)  # fmt: skip
def test_a_file_of_something_else_is_noted_beside_files_of_the_format(files, stray):
    name, mine = files
    (path,) = mine
    for other in (f"0{path}", f"z{path}"):
        _, found, problems = read((name, {**mine, other: stray}))
        assert len(found) == 1
        assert [(problem.file, problem.note) for problem in problems] == [(other, True)]
    _, found, problems = read((name, {path: stray}))
    assert (found, [problem.note for problem in problems]) == ([], [False])


def test_groups_merge_no_strangers():
    left, right = "2,2;4,2;4,4;2,4", "6,2;8,2;8,4;6,4"
    first = (
        f'<polygon label="cup" group_id="1" points="{left}"><attribute name="age">old</attribute></polygon>'
    )
    other = f'<polygon label="dog" group_id="1" points="{right}"/>'
    again = (
        f'<polygon label="cup" group_id="1" points="{right}"><attribute name="age">3</attribute></polygon>'
    )
    _, (found,), problems = read(cvat(first + other + again, NUMBERS + "<label><name>dog</name></label>"))
    assert [(each.label, each.area, each.attributes) for each in found.objects] == [
        ("cup", 8, {"age": "old"}),
        ("dog", 4, {}),
    ]
    assert all(problem.note for problem in problems)
    assert "other shapes of the group have 'old'" in problems[-1].found
    broken = f'<polygon label="cup" group_id="1" points="1,1;x"/>{again}'
    _, (found,), problems = read(cvat(broken, NUMBERS))
    assert ([each.area for each in found.objects], len(problems)) == ([4], 1)


def test_tracks_of_a_video_are_one_line():
    text = b'<annotations><track/><track/><label/><image name="a.jpg" width="10" height="8"/></annotations>'
    _, found, problems = read(("cvat", {"a.xml": text}))
    assert [one.file_name for one in found] == ["a.jpg"]
    assert [problem.found for problem in problems] == ["the name of a label None", "2 tracks of a video"]


def test_text_in_utf_16_is_read():
    for name, files in (labelme(POLYGON), coco(SQUARE)):
        ((path, data),) = files.items()
        _, (found,), problems = read((name, {path: data.decode().encode("utf-16")}))
        assert (len(found.objects), problems) == (1, [])
