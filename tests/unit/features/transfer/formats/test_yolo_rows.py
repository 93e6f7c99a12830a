"""What the numbers of YOLO rows are: by data.yaml, by what all rows have in common, refused when not clear."""

import numpy as np
import pytest

from server.features.transfer.formats.source import Source
from server.features.transfer.formats.yolo.format import BOXES, FORMAT
from tests.unit.features.transfer.formats import datasets

KNOWN = {f"{name}.jpg": (100, 100) for name in "abc"}
SQUARE = "0.1 0.1 0.3 0.1 0.3 0.3 0.1 0.3"
POSE = "0.5 0.5 0.4 0.6 0.4 0.4 0.6 0.6 0.6 0.4 0.4 0.6"  # box and four key points in it


def read(yaml="", **rows):
    files = {f"{name}.txt": "".join(f"0 {row}\n" for row in given).encode() for name, given in rows.items()}
    return datasets.read(
        "yolo", Source.memory({"data.yaml": f"names: [cup]\n{yaml}".encode(), **files}, KNOWN)
    )


def objects(found):
    return [each for one in found[1] for each in one.objects]


def boxes(found):
    return [each.bbox for each in objects(found)]


def told(found, note):
    return [
        problem.found
        for problem in found[2]
        if problem.note == note and "without an outline" not in problem.found
    ]


@pytest.mark.parametrize("task", ["", "task: detect", "task: segment"])
def test_a_fraction_behind_a_box_is_its_confidence(task):
    found = read(task, a=["0.5 0.5 0.2 0.4 0.9", "0.5 0.5 0.2 0.4 1"])
    assert boxes(found) == [[40, 30, 20, 40]] * 2
    assert [each.details for each in objects(found)] == [{"predicted_iou": 0.9}, {"predicted_iou": 1.0}]
    assert told(found, True) == told(found, False) == []


def test_whole_numbers_behind_boxes_are_ids_all_over_the_dataset():
    """That of the first file could be a confidence, were it alone."""
    found = read(a=["0.5 0.5 0.2 0.4 1"], b=["0.5 0.5 0.2 0.4 1", "0.5 0.5 0.2 0.4 2"])
    assert [each.attributes for each in objects(found)] == [{"track_id": 1}, {"track_id": 1}, {"track_id": 2}]
    assert [each.details for each in objects(found)] == [{}] * 3


def test_a_number_that_may_be_either_is_left_out_and_said():
    found = read(a=["0.5 0.5 0.2 0.4 1", "0.5 0.5 0.2 0.4 1"])
    assert [(each.attributes, each.details) for each in objects(found)] == [({}, {})] * 2
    assert told(found, True) == ["a last number that is a confidence or a tracker's id of 2 objects left out"]


def test_a_confidence_and_an_id_behind_boxes_and_outlines():
    found = read(a=["0.5 0.5 0.2 0.4 0.9 1", f"{SQUARE} 0.8 2", "0.5 0.5 0.2 0.4 0.7"])
    assert boxes(found) == [[40, 30, 20, 40], [10, 10, 20, 20], [40, 30, 20, 40]]
    assert [each.attributes.get("track_id") for each in objects(found)] == [1, 2, None]
    assert [each.details["predicted_iou"] for each in objects(found)] == [0.9, 0.8, 0.7]


def test_a_first_id_among_boxes_that_have_none_yet():
    found = read(a=["0.5 0.5 0.2 0.4 0.9 1"], b=["0.5 0.5 0.2 0.4 0.8"])
    assert [each.attributes for each in objects(found)] == [{"track_id": 1}, {}]
    assert [each.details["predicted_iou"] for each in objects(found)] == [0.9, 0.8]


def test_a_confidence_or_an_id_behind_an_outline():
    assert objects(read(a=[f"{SQUARE} 0.8"]))[0].details == {"predicted_iou": 0.8}
    found = read(a=[f"{SQUARE} 8"])
    assert (objects(found)[0].attributes, objects(found)[0].area) == ({"track_id": 8}, 400)


@pytest.mark.parametrize("row", ["0.5 0.5 0.2 0.4 1.3", "0.5 0.5 0.2 0.4 -0.2"])
def test_an_angle_behind_a_box_is_neither(row):
    found = read(a=[row])
    assert objects(found) == []
    assert "behind the coordinates" in told(found, False)[0]


def test_eight_numbers_are_the_corners_of_an_oriented_box():
    found = read(a=["0.5 0.2 0.8 0.5 0.5 0.8 0.2 0.5"])
    assert (boxes(found), told(found, True)) == ([[20, 20, 59, 60]], [])
    assert abs(objects(found)[0].area - 1800) < 60
    assert told(read("task: obb", a=["0.5 0.5 0.2 0.4"]), False) == ["5 numbers"]


def test_six_numbers_are_a_triangle_unless_they_end_like_ids():
    assert objects(read(a=["0.1 0.1 0.5 0.1 0.5 0.5"]))[0].area == pytest.approx(800, abs=40)
    assert objects(read(a=["0.1 0.1 0.5 0.1 0.5 1"]))[0].area == pytest.approx(
        1800, abs=60
    )  # no box: it stands out
    unclear = read(a=["0.5 0.5 0.2 0.4 0.9 1"])
    assert objects(unclear) == []
    assert told(unclear, False)[0].startswith("six numbers that are a triangle, or a box")
    assert boxes(read("task: detect", a=["0.5 0.5 0.2 0.4 0.9 1"])) == [[40, 30, 20, 40]]
    assert len(objects(read("task: segment", a=["0.5 0.5 0.2 0.4 0.9 1"]))) == 1


@pytest.mark.parametrize(
    ("yaml", "row"),
    [
        ("kpt_shape: [4, 2]", POSE),
        ("kpt_shape: [4, 2]  # four\nflip_idx: [0, 1, 2, 3]", f"{POSE} 0.9"),
        ("kpt_shape:\n- 4\n- 2", f"{POSE} 0.9 7"),
        ("kpt_shape: [2, 3]", "0.5 0.5 0.4 0.6 0.4 0.4 2 0.6 0.6 0"),
        ("kpt_shape: [2, 2]", "0.5 0.5 0.4 0.6 0.4 0.4 0.93 0.6 0.6 0.51 0.9 7"),  # as predictions are saved
        ("task: pose", "0.5 0.5 0.4 0.6 0.4 0.4 1 0.6 0.6 0"),
        ("", "0.5 0.5 0.4 0.6 0.4 0.4 2 0.6 0.6 0"),
        ("", "0.5 0.5 0.4 0.6 0.4 0.4 1 0.6 0.6 0 0.5 0.5 1"),
    ],
)
def test_of_key_points_the_box_is_read_and_the_rest_is_said(yaml, row):
    found = read(yaml, a=[row, row], b=[row])
    assert boxes(found) == [[30, 20, 40, 60]] * 3
    assert told(found, False) == []
    assert [note.split(" key points of ")[1] for note in told(found, True)] == [
        "2 objects left out",
        "1 object left out",
    ]


def test_rows_that_do_not_fit_kpt_shape_are_refused():
    found = read("kpt_shape: [4, 2]", a=["0.5 0.5 0.4 0.6 0.4 0.4", "0.5 0.5 0.4 0.6"])
    assert boxes(found) == [[30, 20, 40, 60]]
    (problem,) = [problem for problem in found[2] if not problem.note]
    assert problem.expected == "13: class, box and 4 key points, as kpt_shape says"


def test_key_points_that_nothing_tells_of_are_refused():
    found = read(a=[POSE], b=[POSE])
    assert objects(found) == []
    assert {problem.expected for problem in found[2]} == {
        "`kpt_shape` or `task: segment` in data.yaml, to tell which"
    }
    assert len(objects(read("task: segment", a=[POSE]))) == 1


def test_outlines_that_cross_themselves_are_outlines_among_others():
    assert len(objects(read(a=[POSE, SQUARE]))) == 2


def test_our_own_outlines_are_never_taken_for_something_else():
    """Parts joined by lines cross themselves, as rows of key points do."""
    y, x = np.indices((60, 60))
    mask = (np.hypot(x - 30, y - 30) < 4) | (np.hypot(x - 22, y - 38) < 3) | (np.hypot(x - 38, y - 36) < 3)
    one = datasets.image("a.jpg", [mask])
    _, (after,), problems = datasets.again("yolo", datasets.label_list(["thing"]), [one])
    assert problems == []
    datasets.same_objects(one, after)
    assert b"task: segment" in datasets.files_of("yolo", datasets.label_list(["thing"]), [one])["data.yaml"]


def test_boxes_come_back_as_rectangles():
    one = datasets.image("a.jpg", [datasets.masks()["disc"], datasets.masks()["all"]])
    files = datasets.files_of("yolo-boxes", datasets.label_list(["thing"]), [one])
    assert len(files["labels/a.txt"].split()) == 10
    assert b"e" not in files["labels/a.txt"]  # no exponents
    _, (after,), problems = datasets.again("yolo-boxes", datasets.label_list(["thing"]), [one])
    assert [each.bbox for each in after.objects] == [each.bbox for each in one.objects]
    assert [problem.note for problem in problems] == [True]
    lost = [loss.annotation for loss in datasets.dataset.losses(BOXES, [one])]
    assert lost == ["a.jpg-0"]
    assert FORMAT.recognises(Source.memory(files))
    assert not BOXES.recognises(Source.memory(files))
