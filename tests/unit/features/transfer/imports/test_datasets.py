"""Datasets: their pictures and the objects on them, whole or not at all, and nothing twice."""

import base64

import numpy as np
import pytest
from sqlalchemy import select

from server.domain.masks import encode_rle
from server.domain.policy import OWNER
from server.features.transfer.imports.jobs import Choices
from server.storage.rows import project_images
from server.storage.rows.layers import common
from server.storage.rows.listing.filter import Filter
from server.storage.tables import Image, ProjectImage
from tests.unit.features.transfer.imports.importing import coco, write
from tests.unit.features.transfer.imports.packing import picture

ONE_OF_TWO = coco("1.png", "2.png") | {"annotations": coco("1.png")["annotations"]}


def test_a_dataset_with_its_pictures(world, tmp_path):
    files = {
        "images/1.png": picture(1),
        "images/2.png": picture(2),
        "masks/1-mask.png": picture(3),
        "a.json": coco("1.png", "2.png"),
    }
    for format_name in ("coco", "auto"):
        job = world.run(write(tmp_path / "in", files), format_name)
        assert (job["state"], job["failed"], job["error"]) == ("done", 0, None)
    assert sorted(world.images()) == ["images/1.png", "images/2.png"]  # masks are no pictures
    assert job["objects"] == 0  # they were all there
    made = world.annotations.of_image(OWNER, world.images()["images/1.png"], "p")
    assert [(each["label"], each["area"], each["bbox"]) for each in made] == [("dog", 12, [2, 1, 4, 3])]
    assert [label["name"] for label in world.labels.of_project("p")["labels"]] == ["dog"]
    with world.db.read() as session:
        assert project_images.counts(session, common("p"), Filter())["in_progress"] == 2


def test_annotations_for_pictures_that_are_there(world, tmp_path):
    world.run(write(tmp_path / "in", {"street/1.png": picture(1)}))
    job = world.run(write(tmp_path / "more", {"a.json": coco("1.png")}), "coco")
    assert (job["state"], job["objects"]) == ("done", 1)


def test_a_bad_dataset_is_imported_whole_or_not_at_all(world, tmp_path):
    bad = coco("1.png", "2.png", "gone.png")
    bad["annotations"][1]["segmentation"] = {"size": [6, 8], "counts": "~~"}
    files = {"1.png": picture(1), "2.png": picture(2), "a.json": bad}
    job = world.run(write(tmp_path / "in", files), "coco")
    assert (job["state"], job["added"], job["objects"], job["failed"]) == ("failed", 0, 0, 2)
    assert world.images() == {}
    assert job["error"] == "Nothing was imported: 2 items have problems."
    assert any("annotation 1" in each["message"] for each in job["problems"])
    job = world.run(write(tmp_path / "in", files), "coco", keep_going=True)
    assert (job["state"], job["added"], job["objects"]) == ("done", 2, 1)
    assert len({each["message"] for each in job["problems"]}) == len(job["problems"])


def test_objects_of_another_size_than_the_picture(world, tmp_path):
    job = world.run(
        write(tmp_path / "in", {"1.png": picture(1, size=(9, 6)), "a.json": coco("1.png")}), "coco"
    )
    assert job["objects"] == 0
    assert "9 x 6" in job["problems"][-1]["message"]


def test_what_samphire_wrote_keeps_its_ids_unless_they_are_taken(world, tmp_path):
    own = {"samphire": {"id": "annotation-1", "predicted_iou": 0.5, "candidate": 2, "version": 9}}
    files = {"1.png": picture(1), "2.png": picture(2), "a.json": coco("1.png", **own)}
    world.run(write(tmp_path / "in", files), "coco")
    made = world.annotations.get(OWNER, "annotation-1")
    assert (made["predicted_iou"], made["candidate"], made["version"]) == (0.5, 2, 1)
    job = world.run(write(tmp_path / "in", files | {"a.json": coco("2.png", **own)}), "coco")
    assert job["objects"] == 1
    other = world.annotations.of_image(OWNER, world.images()["2.png"], "p")[0]
    assert other["id"] != "annotation-1"


def test_hostile_details_cost_the_details_only(world, tmp_path):
    own = {"samphire": {"id": "../..", "prompts": "all", "candidate": 99}, "attributes": {"a\0b": 1}}
    files = {"1.png": picture(1), "a.json": coco("1.png", **own)}
    job = world.run(write(tmp_path / "in", files), "coco", keep_going=True)
    assert job["state"] == "done"
    files["a.json"] = coco("1.png", label="x" * 300)
    job = world.run(write(tmp_path / "in", files), "coco", keep_going=True)
    assert (job["state"], job["objects"], job["failed"]) == ("done", 0, 1)


def test_an_image_inside_an_annotation_file_comes_in_with_its_objects(world, tmp_path):
    shape = {"label": "cup", "points": [[1, 1], [5, 1], [5, 4]], "shape_type": "polygon"}
    data = base64.encodebytes(picture(1)).decode()
    inside = {"shapes": [shape], "imagePath": "../a.png", "imageData": f"data:image/png;base64,{data}"}
    broken = {**inside, "imagePath": "b.png", "imageData": "AAAA", "imageWidth": 8, "imageHeight": 6}
    files = write(tmp_path / "in", {"x/a.json": inside, "x/b.json": broken})
    for expected in ({"added": 1, "objects": 1}, {"added": 0, "objects": 0}):
        job = world.run(files, "labelme", keep_going=True)
        assert {name: job[name] for name in expected} == expected
        assert [each["name"] for each in job["problems"] if each["status"] == "noted"] == ["x/b.json"]
    assert list(world.images()) == ["x/a.png"]


def test_the_splits_of_a_dataset_are_kept_with_its_images(world, tmp_path):
    files = {
        "train/images/1.png": picture(1), "train/labels/1.txt": b"0 0.5 0.5 0.5 0.5",
        "valid/images/2.png": picture(2), "valid/labels/2.txt": b"",
        "3.png": picture(3), "data.yaml": b"names: [dog]",
    }  # fmt: skip
    assert world.run(write(tmp_path / "in", files), "yolo")["state"] == "done"
    with world.db.read() as session:
        found = {place.name: place.split for place in session.scalars(select(ProjectImage))}
    assert found == {"train/images/1.png": "train", "valid/images/2.png": "val", "3.png": None}


def problems(job):
    return [each["message"] for each in job["problems"]]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        (
            {"2.png": picture(2, size=(9, 6))},
            "objects drawn on 8 x 6 pixels; expected the size of the image, 9 x 6",
        ),
        ({"2.png": picture(2)[:-40]}, "cannot be read"),
        ({"2.png": b"no picture"}, "not supported"),
        ({"2.png": picture(2, size=(200, 100)), "a.json": ONE_OF_TWO}, "million pixels"),
        ({"a.json": coco("1.png", "2.png", label="x" * 300)}, "1 to 100 characters"),
        ({"a.json": coco("1.png", "2.png", label="two\nlines")}, "control characters"),
        ({"a.json": coco("1.png", "3.png")}, "no such image"),
    ],
)
def test_all_that_can_refuse_a_dataset_is_checked_before_any_of_it_is_in(world, tmp_path, changes, told):
    files = {"1.png": picture(1), "2.png": picture(2), "a.json": coco("1.png", "2.png")} | changes
    job = world.run(write(tmp_path / "in", files), "coco")
    assert (job["state"], job["added"], job["checked"], job["objects"]) == ("failed", 0, 0, 0)
    assert (world.images(), world.labels.of_project("p")["labels"]) == ({}, [])
    assert job["error"].startswith("Nothing was imported: ")
    assert any(told in message for message in problems(job))
    with world.db.read() as session:
        assert list(session.scalars(select(Image))) == []
    assert [path for path in (tmp_path / "blobs").rglob("*") if path.is_file()] == []
    job = world.run(write(tmp_path / "in", files), "coco", keep_going=True)
    assert job["state"] == "done"
    assert "1.png" in world.images()
    assert len(set(problems(job))) == len(problems(job))


def test_labels_whose_attributes_cannot_be_had_come_without_them(world, tmp_path):
    attribute = {"name": "", "type": "text"}
    data = coco("1.png") | {"categories": [{"id": 1, "name": "dog", "samphire": {"attributes": [attribute]}}]}
    job = world.run(write(tmp_path / "in", {"1.png": picture(1), "a.json": data}), "coco")
    assert (job["state"], job["objects"], job["noted"]) == ("done", 1, 1)
    assert [label["attributes"] for label in world.labels.of_project("p")["labels"]] == [[]]


def test_one_image_under_two_names_keeps_the_objects_of_both(world, tmp_path):
    data = coco("a.png", "b.png")
    data["annotations"][1]["segmentation"] = encode_rle(np.eye(6, 8, dtype=bool))
    files = {"a.png": picture(1), "b.png": picture(1), "a.json": data}
    job = world.run(write(tmp_path / "in", files), "coco")
    assert (job["state"], job["added"], job["known"], job["objects"]) == ("done", 1, 1, 2)
    assert problems(job) == [
        "b.png: the same image as a.png: the project has it once, with the objects of both."
    ]
    job = world.run(write(tmp_path / "in", files), "coco")
    assert (job["objects"], len(world.images())) == (0, 1)


def test_an_import_killed_before_its_images_were_placed_goes_on(world, tmp_path, monkeypatch):
    files = write(
        tmp_path / "in", {"1.png": picture(1), "2.png": picture(2), "a.json": coco("1.png", "2.png")}
    )
    monkeypatch.setattr("server.features.transfer.imports.pictures.Pictures.place", lambda self: 1 / 0)
    job, _ = world.imports.jobs.create(OWNER, "p", "here", "coco", Choices())
    assert world.run(files, job=job)["state"] == "stopped"
    assert world.images() == {}
    monkeypatch.undo()
    monkeypatch.setattr(world.uploads, "stage", lambda *_: pytest.fail("these are stored"))
    done = world.run(files, job=job)
    assert (done["state"], done["added"], done["checked"], done["objects"]) == ("done", 2, 0, 2)


def test_annotations_of_missing_images_can_be_left_out(world, tmp_path):
    files = {"1.png": picture(1), "a.json": coco("1.png", "gone.png")}
    job = world.run(write(tmp_path / "in", files), "coco", skip_missing=True)
    assert (job["state"], job["objects"], job["failed"], job["noted"]) == ("done", 1, 0, 1)
    assert "gone.png" in problems(job)[0]
    files["a.json"]["annotations"][0]["category_id"] = 9  # anything else refuses it still
    assert world.run(write(tmp_path / "in", files), "coco", skip_missing=True)["state"] == "failed"


def test_labels_of_missing_images_can_be_left_out(world, tmp_path):
    files = {"1.png": picture(1), "1.txt": b"0 .5 .5 .4 .4\n", "2.txt": b"0 .5 .5 .4 .4\n"}
    assert world.run(write(tmp_path / "in", files), "yolo")["state"] == "failed"
    job = world.run(write(tmp_path / "in", files), "yolo", skip_missing=True)
    assert (job["state"], job["objects"], job["failed"]) == ("done", 1, 0)


def test_images_that_no_annotation_names_are_imported_too(world, tmp_path):
    files = {"1.png": picture(1), "2.png": picture(2), "a.json": coco("1.png")}
    job = world.run(write(tmp_path / "in", files), "coco")
    assert (job["state"], job["added"], job["objects"]) == ("done", 2, 1)


@pytest.mark.parametrize(
    ("existing", "areas", "objects"), [("add", [6, 12], 1), ("skip", [12], 0), ("replace", [6], 1)]
)
def test_objects_imported_again_with_another_mask(world, tmp_path, existing, areas, objects):
    world.run(write(tmp_path / "in", {"1.png": picture(1), "a.json": coco("1.png")}), "coco")
    again = coco("1.png", segmentation=encode_rle(np.eye(6, 8, dtype=bool)))
    for _ in range(2):
        job = world.run(write(tmp_path / "new", {"a.json": again}), "coco", existing=existing)
        made = world.annotations.of_image(OWNER, world.images()["1.png"], "p")
        assert sorted(each["area"] for each in made) == areas
    assert job["objects"] == 0  # the second time nothing differs
    if existing == "replace":
        assert [each["version"] for each in made] == [2]


def test_what_was_replaced_is_not_added_again(world, tmp_path):
    world.run(write(tmp_path / "in", {"1.png": picture(1), "a.json": coco("1.png")}), "coco")
    again = write(
        tmp_path / "new", {"a.json": coco("1.png", segmentation=encode_rle(np.eye(6, 8, dtype=bool)))}
    )
    for existing in ("replace", "add", "add"):
        world.run(again, "coco", existing=existing)
        made = world.annotations.of_image(OWNER, world.images()["1.png"], "p")
        assert [each["area"] for each in made] == [6]


def test_what_was_deleted_and_is_imported_again_goes_on_with_its_versions(world, tmp_path):
    files = write(tmp_path / "in", {"1.png": picture(1), "a.json": coco("1.png")})
    world.run(files, "coco")
    [made] = world.annotations.of_image(OWNER, world.images()["1.png"], "p")
    world.annotations.delete(OWNER, made["id"], 1)
    world.run(files, "coco")
    [again] = world.annotations.of_image(OWNER, world.images()["1.png"], "p")
    assert (again["id"], again["version"]) == (made["id"], 3)


def test_a_long_attribute_is_cut_and_its_object_kept(world, tmp_path):
    data = coco("1.png", attributes={"note": "x" * 2001, "size": 3})
    job = world.run(write(tmp_path / "in", {"1.png": picture(1), "a.json": data}), "coco")
    assert (job["state"], job["objects"], job["failed"], job["noted"]) == ("done", 1, 0, 1), job["problems"]
    assert "'note' has 2,001 characters and was cut to 2,000" in job["problems"][0]["message"]
    [made] = world.annotations.of_image(OWNER, world.images()["1.png"], "p")
    assert made["attributes"] == {"note": "x" * 2000, "size": 3}


def test_two_objects_with_one_id_are_two_whatever_is_chosen(world, tmp_path):
    world.run(write(tmp_path / "in", {"1.png": picture(1), "a.json": coco("1.png")}), "coco")
    twice = coco("1.png", segmentation=encode_rle(np.eye(6, 8, dtype=bool)))
    files = {"a.json": coco("1.png"), "b.json": twice}  # of two people, who both count from 0
    world.run(write(tmp_path / "new", files), "coco", existing="replace")
    made = world.annotations.of_image(OWNER, world.images()["1.png"], "p")
    assert sorted(each["area"] for each in made) == [6, 12]


def test_many_categories(world, tmp_path):
    data = coco("1.png") | {"categories": [{"id": n, "name": f"class {n}"} for n in range(1, 3001)]}
    job = world.run(write(tmp_path / "in", {"1.png": picture(1), "a.json": data}), "coco")
    labels = world.labels.of_project("p")
    assert (job["objects"], len(labels["labels"])) == (1, 3000)
    assert [label["key"] for label in labels["labels"][:10]] == [*"123456789", None]
    labels["labels"][2999]["name"] = "another"
    assert world.labels.replace(OWNER, "p", labels)["labels"][2999]["name"] == "another"


def test_the_format_that_was_found_and_why(world, tmp_path):
    files = {"1.png": picture(1), "a.json": coco("1.png"), "1.txt": b"0 0.5 0.5 0.5 0.5"}
    job = world.run(write(tmp_path / "in", files), "auto")
    assert (job["format"], job["read_as"]) == ("auto", "coco")
    assert job["evidence"] == (
        "Read as COCO JSON: a.json has COCO's lists of images and annotations. "
        "Also there, and left out: YOLO segmentation (1.txt begins with a row of a class and numbers)."
    )


def test_annotations_that_nobody_understands_ask_for_a_format(world, tmp_path):
    files = {"1.png": picture(1), "via.json": {"_via_settings": {}}}
    job = world.run(write(tmp_path / "in", files), "auto")
    assert (job["state"], job["added"], job["read_as"]) == ("failed", 0, None)
    assert job["error"].startswith("No annotations were recognised in via.json. Known formats: coco, ")
    job = world.run(write(tmp_path / "in", files))
    assert (job["state"], job["added"], job["skipped"]) == ("done", 1, 1)
    job = world.run(
        write(tmp_path / "notes", {"2.png": picture(2), "readme.md": b"x", "notes.txt": b"x"}), "auto"
    )
    assert (job["state"], job["added"]) == ("done", 1)
