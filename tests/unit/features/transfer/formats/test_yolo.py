"""YOLO's text files, by ultralytics' documented rules, and someone else's untidy export."""

import numpy as np
import pytest

from server.domain.runs import read_window
from server.features.transfer.formats import FORMATS
from server.features.transfer.formats.detection import detect
from server.features.transfer.formats.source import Source
from server.features.transfer.formats.split import Split
from server.features.transfer.formats.yolo.names import read_names, write_names
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

KNOWN = {"a.jpg": (100, 50)}


def read(text, name="a.txt", **more):
    return datasets.read("yolo", Source.memory({name: text.encode(), **more}, KNOWN))


def test_every_mask_comes_back_to_the_pixel():
    images = [
        image(f"{k}.jpg", list(masks(height, width).values()), ["dog", "cat"])
        for k, (height, width) in enumerate([(37, 53), (300, 211), (7, 640)])
    ]
    labels, after, problems = again("yolo", label_list(["cat", "dog"]), [*images, image("none.jpg", [])])
    assert problems == []
    assert [label.name for label in labels] == ["cat", "dog"]
    for one, other in zip(images, after, strict=False):
        same_objects(one, other)
    assert after[-1].objects == []


def test_odd_labels_come_back():
    one = image("a.jpg", [masks()["disc"]] * len(ODD_LABELS), ODD_LABELS)
    labels, (after,), problems = again("yolo", label_list(ODD_LABELS), [one])
    assert problems == []
    assert [label.name for label in labels] == ODD_LABELS
    same_objects(one, after)


def test_odd_file_names_are_safe_and_told_apart():
    images = [image(each, [masks()["disc"]], image_id=f"i{k}") for k, each in enumerate(ODD_NAMES)]
    files = files_of("yolo", label_list(["thing"]), images)
    assert len(files) == len(ODD_NAMES) + 1
    assert "labels/_con.txt" in files
    assert "labels/same.txt" in files
    assert "labels/same-i9.txt" in files
    assert "labels/sh\u00f6re/\u6d77.txt" in files
    assert not any(set(path) & set('<>:"|?*\\') for path in files)
    _, after, problems = again("yolo", label_list(["thing"]), images)
    assert problems == []
    assert [len(one.objects) for one in after] == [1] * len(ODD_NAMES)


def test_rows_are_what_ultralytics_takes():
    """Class, then at least three corners from 0 to 1; more than six numbers, or it were a box."""
    files = files_of("yolo", label_list(["thing"]), [image("a.jpg", list(masks().values()))])
    rows = files["labels/a.txt"].decode().split("\n")[:-1]
    assert len(rows) == len(masks())
    for row in rows:
        fields = row.split()
        assert fields[0] == "0"
        values = np.array(fields[1:], np.float32)
        assert len(values) >= 6
        assert len(values) % 2 == 0
        assert 0 <= values.min() <= values.max() <= 1


def test_data_yaml_is_yaml():
    yaml = pytest.importorskip("yaml")
    files = files_of("yolo", label_list(ODD_LABELS), [])
    data = yaml.safe_load(files["data.yaml"])
    assert data["names"] == dict(enumerate(ODD_LABELS))
    assert (data["train"], data["val"]) == ("images", "images")


def test_split():
    images = [image(f"{k}.jpg", [masks()["disc"]]) for k in range(60)]
    shares = Split(val=0.2, test=0.2)
    files = files_of("yolo", label_list(["thing"]), images, split=lambda one: shares.of(one.id))
    assert {path.rpartition("/")[0] for path in files} == {
        "labels/train",
        "labels/val",
        "labels/test",
        "",
    }
    assert b"train: images/train\nval: images/val\ntest: images/test\n" in files["data.yaml"]
    pictures = {
        f"images/{path.split('/')[1]}/{path.split('/')[2][:-4]}.jpg": (53, 37)
        for path in files
        if "/" in path
    }
    _, after, problems = datasets.read("yolo", Source.memory(files, pictures))
    assert problems == []
    assert {one.file_name.rpartition("/")[2]: one.split for one in after} == {
        one.file_name: shares.of(one.id) for one in images
    }


@pytest.mark.parametrize(
    ("yaml", "names"),
    [
        ("names: [a, 'b, c', \"d\\u00e9\"]", ["a", "b, c", "d\u00e9"]),
        ("nc: 2\nnames: ['it''s', no] # two\n", ["it's", "no"]),
        ("names:\n- a b # c\n- 'x: y'\nnc: 2\n", ["a b", "x: y"]),
        ("train: x\nnames:\n  0: person\n  1: traffic light\n\nval: y", ["person", "traffic light"]),
        ("names: [\n  a,\n  b, # c\n  c\n]\n", ["a", "b", "c"]),
        ("names: {0: a, 1: 'b'}", ["a", "b"]),
        ("names: ['a',\n        'b']  # class names", ["a", "b"]),
        ("\ufeffnames: [C#, a#b]", ["C#", "a#b"]),
    ],
)
def test_names_in_every_usual_form(yaml, names):
    assert read_names(yaml) == dict(enumerate(names))


def test_names_come_back():
    assert read_names(write_names(ODD_LABELS)) == dict(enumerate(ODD_LABELS))


@pytest.mark.parametrize(
    "yaml",
    ["", "nc: 3", "names:", "names: [a, b", "names: 'a", "names: {a: b}", "names:\n  ? x", "names: &a [b]"],
)
def test_other_yaml_is_refused(yaml):
    _, _, problems = read("", "labels/a.txt", **{"data.yaml": yaml.encode()})
    assert all(not problem.note for problem in problems)
    assert bool(problems) == ("names" in yaml)


def test_boxes_are_told_from_outlines():
    _, (found,), problems = read("0 0.5 0.5 0.2 0.4\n0 0.1 0.1 0.2 0.1 0.2 0.3\n0 0.5 0.5 0.2 0.4 0.9\n")
    assert [each.bbox for each in found.objects] == [[40, 15, 20, 20], [10, 5, 10, 10], [40, 15, 20, 20]]
    assert [each.details for each in found.objects] == [{}, {}, {"predicted_iou": 0.9}]
    assert [(problem.where, problem.note) for problem in problems] == [("line 1", True), ("", True)]
    assert "2 boxs" not in problems[0].found


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("0 0.1 0.1 0.2", "4 numbers"),
        ("x 0.1 0.1 0.2 0.2 0.3 0.3", "'x'"),
        ("-1 0.1 0.1 0.2 0.1 0.3 0.3", "class"),
        ("1.5 0.1 0.1 0.2 0.1 0.3 0.3", "class"),
        ("1e9 0.1 0.1 0.2 0.1 0.3 0.3", "class"),
        ("0 0.1 nan 0.2 0.1 0.3 0.3", "'nan'"),
        ("0 10 20 30 20 30 40", "beyond"),
        ("0 1e999 20 30 20 30 40", "number"),
    ],
)
def test_bad_rows_are_left_out_and_said(row, said):
    _, (found,), problems = read(f"0 0.1 0.1 0.2 0.1 0.2 0.3\n{row}\n")
    assert len(found.objects) == 1
    (problem,) = [problem for problem in problems if not problem.note]
    assert (problem.file, problem.where) == ("a.txt", "line 2")
    assert said in str(problem)


def test_a_class_without_a_name_is_out_of_range():
    _, (found,), (problem,) = read("7 0.1 0.1 0.2 0.1 0.2 0.3", **{"data.yaml": b"names: [a, b]"})
    assert found.objects == []
    assert "one of the 2 classes" in problem.expected


def test_what_stands_out_is_cut_off():
    _, (found,), (problem, _) = read("0 0.9 0.1 1.1 0.1 1.1 0.9 0.9 0.9")
    assert found.objects[0].bbox == [90, 5, 10, 40]
    assert problem.note


def test_losses():
    found = masks()
    one = image("a.jpg", list(found.values()), attributes={"size": 1}, details={"predicted_iou": 0.9})
    told = {
        (loss.annotation, loss.kind)
        for loss in datasets.dataset.losses(datasets.FORMATS["yolo"], [one])
        if loss.annotation in ("a.jpg-0", "a.jpg-3")
    }
    assert told == {
        ("a.jpg-0", "attributes"),
        ("a.jpg-0", "score"),
        ("a.jpg-3", "attributes"),
        ("a.jpg-3", "score"),
        ("a.jpg-3", "holes"),
        ("a.jpg-3", "parts"),
    }


def test_someone_elses_untidy_export(eval_data):
    source = Source.folder(eval_data / "eval" / "coco128-seg")
    assert detect(source, datasets.FORMATS).format == "yolo"
    _, images, problems = datasets.read("yolo", source)
    assert len(images) == 128
    assert sum(len(one.objects) for one in images) == 929
    assert sum(not one.objects for one in images) == 2
    refused = [problem for problem in problems if not problem.note]
    assert len(refused) == 2
    assert {problem.found for problem in refused} == {"no such image"}

    labels = label_list(sorted({each.label for one in images for each in one.objects}))
    _, after, problems = again("yolo", labels, images)
    assert problems == []
    for one, other in zip(images, after, strict=True):
        same_objects(one, other)


def test_someone_elses_outlines_come_back_within_a_pixel(eval_data):
    """Corners of the file against the nearest edge of what is written: farthest, in pixels."""
    folder = eval_data / "eval" / "coco128-seg"
    _, images, _ = datasets.read("yolo", Source.folder(folder))
    farthest = []
    for one in images[:40]:
        text = folder / one.file_name.replace("images/", "labels/", 1).replace(".jpg", ".txt")
        if not one.objects:
            continue
        rows = text.read_text().splitlines()
        for row, each in zip(rows, one.objects, strict=True):
            window = read_window(each.counts, one.width, one.height)
            corners = np.array(row.split()[1:], float).reshape(-1, 2) * (one.width, one.height)
            y, x = np.nonzero(window.mask)
            pixels = np.stack([x + window.x + 0.5, y + window.y + 0.5], axis=1)
            away = np.abs(corners[:, None] - pixels[None]).max(axis=2).min(axis=1)
            farthest.append(float(np.median(away)))
    assert max(farthest) <= 1.0


def test_labels_come_in_the_order_of_their_numbers_and_one_name_of_two_is_told():
    names = b"names:\n  2: cat\n  0: dog\n  1: cat\n"
    labels, _, problems = read("0 0.5 0.5 0.2 0.2\n", **{"data.yaml": names})
    assert [label.name for label in labels] == ["dog", "cat"]
    assert "the classes 1 and 2 are both 'cat'" in problems[0].found


def test_an_odd_first_row_does_not_hide_the_format():
    found = detect(
        Source.memory({"a.txt": b"0 0,5 0,5 0,2 0,2\n0 0.5 0.5 0.2 0.2\n"}, KNOWN), {"yolo": FORMATS["yolo"]}
    )
    assert found.format == "yolo"
