"""Lists, labels and whole files that are odd: told once, and nothing else is lost."""

import json

import pytest

from server.features.transfer.formats.source import Source
from tests.unit.features.transfer.formats import datasets
from tests.unit.features.transfer.formats.drawings import (
    ANNOTATION,
    BOX,
    CUP,
    GOOD,
    IMAGE,
    NUMBERS,
    POLYGON,
    REGION,
    coco,
    cvat,
    label_studio,
    labelme,
    read,
)


def test_an_id_of_two_images_refuses_their_objects_and_no_others():
    images = [IMAGE, {**IMAGE, "file_name": "b.jpg"}, {**IMAGE, "id": 2, "file_name": "c.jpg"}]
    other = {**ANNOTATION, "image_id": 2}
    _, found, problems = read(coco(ANNOTATION, other, images=images))
    assert [(one.file_name, len(one.objects)) for one in found] == [("a.jpg", 0), ("b.jpg", 0), ("c.jpg", 1)]
    assert [problem.where for problem in problems if not problem.note] == ["images, entry 2"]
    assert "the id 1 of another image too" in problems[0].found


def test_a_bad_entry_is_one_line_however_many_annotations_have_it():
    images = [{**IMAGE, "width": -4}, {**IMAGE, "id": 2, "file_name": "b.jpg"}]
    other = {**ANNOTATION, "image_id": 2}
    _, found, problems = read(coco(ANNOTATION, ANNOTATION, ANNOTATION, other, images=images))
    assert [(one.file_name, len(one.objects)) for one in found] == [("b.jpg", 1)]
    assert len([problem for problem in problems if not problem.note]) == 1
    _, (found,), problems = read(
        coco(ANNOTATION, {**ANNOTATION, "category_id": 4}, categories=[CUP, {"id": 4}])
    )
    assert (len(found.objects), len([problem for problem in problems if not problem.note])) == (1, 1)


def test_categories_of_one_name_in_two_groups_are_two_labels():
    wheels = [
        {"id": number, "name": "wheel", "supercategory": group} for number, group in ((1, "car"), (2, "bike"))
    ]
    categories = [*wheels, {"id": 5, "name": "cup"}, {"id": 6, "name": "cup"}]
    labels, (found,), problems = read(
        coco(*({**ANNOTATION, "category_id": each["id"]} for each in categories), categories=categories)
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
    whole = json.loads(coco(ANNOTATION)[1]["a.json"])
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
        (labelme(POLYGON), b'{"cup": 1, // a comment'),
        (label_studio(REGION), b'["cup"]'),
        (label_studio(REGION), b'{"cup": 1}'),
        (("sa1b", {"a.json": json.dumps({"image": IMAGE, "annotations": []}).encode()}), b"{}"),
        (cvat(GOOD), b"<svg/>"),
        (cvat(GOOD), b"<!DOCTYPE html><br>"),
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


VIDEO = """<annotations><meta><original_size><width>10</width><height>8</height></original_size></meta>
<track id="4" label="cup"><box frame="0" outside="0" xtl="2" ytl="2" xbr="6" ybr="5"/>
<box frame="7" outside="0" xtl="3" ytl="2" xbr="7" ybr="5"/><box frame="8" outside="1" xtl="3" ytl="2" xbr="7" ybr="5"/>
</track><track id="5" label="cup"><polygon frame="0" points="1,1;x"/><points frame="0" points="1,1"/></track>
</annotations>"""


def test_tracks_of_a_video_are_objects_on_its_frames():
    known = {"images/frame_000000.PNG": (10, 8), "images/frame_000007.PNG": (10, 8)}
    _, found, problems = datasets.read("cvat", Source.memory({"annotations.xml": VIDEO.encode()}, known))
    assert [one.file_name for one in found] == list(known)
    assert [[each.bbox for each in one.objects] for one in found] == [[[2, 2, 4, 3]], [[3, 2, 4, 3]]]
    assert {each.attributes["track"] for one in found for each in one.objects} == {4}
    assert [(problem.where, problem.note) for problem in problems] == [
        ("track 5 (line 4), polygon 1", False),
        ("track 5 (line 4), points 2", True),
    ]


def test_tracks_without_their_frames_are_one_line():
    _, found, problems = datasets.read(
        "cvat", Source.memory({"annotations.xml": VIDEO.encode()}, {"a.jpg": (10, 8)})
    )
    assert found == []
    assert [problem.found for problem in problems if problem.where == "line 2"] == [
        "2 tracks of a video without its frames"
    ]


def test_text_in_utf_16_is_read():
    for name, files in (labelme(POLYGON), coco(ANNOTATION)):
        ((path, data),) = files.items()
        _, (found,), problems = read((name, {path: data.decode().encode("utf-16")}))
        assert (len(found.objects), problems) == (1, [])


def test_odd_definitions_of_attributes_do_not_cost_the_label():
    """A label whose definition cannot be stored would lose its colour and the other attributes."""
    kinds = (("", "text", "x"), ("size", "select", "a\n\na\nb"), ("size", "text", ""), ("kind", "select", ""))
    listed = "".join(
        f"<attribute><name>{name}</name><input_type>{kind}</input_type><values>{choices}</values></attribute>"
        for name, kind, choices in kinds
    )
    defined = f"<label><name>cup</name><color>#102030</color><attributes>{listed}</attributes></label>"
    (label,), _, _ = read(cvat(BOX, defined))
    assert (label.name, label.color) == ("cup", "#102030")
    assert [(one["name"], one["type"], one["choices"]) for one in label.attributes] == [
        ("size", "choice", ["a", "b"]),
        ("kind", "text", []),
    ]


def test_a_dataset_of_boxes_is_one_line():
    boxes = [{**ANNOTATION, "id": number, "segmentation": []} for number in range(3)]
    _, (found,), (problem,) = read(coco(*boxes))
    assert (len(found.objects), problem.where, problem.note) == (3, "annotation 0", True)
    assert problem.found == "a box without a segmentation, taken as a rectangle (3 times)"
