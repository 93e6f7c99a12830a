"""Datasets: their pictures and the objects on them, whole or not at all, and nothing twice."""

import base64

from sqlalchemy import select

from server.storage import project_images
from server.storage.project_images import Filter
from server.storage.tables import ProjectImage
from tests.unit.services.imports.importing import coco, write
from tests.unit.services.imports.packing import picture


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
    made = world.annotations.of_image(world.images()["images/1.png"], "p")
    assert [(each["label"], each["area"], each["bbox"]) for each in made] == [("dog", 12, [2, 1, 4, 3])]
    assert [label["name"] for label in world.labels.of_project("p")["labels"]] == ["dog"]
    with world.db.read() as session:
        assert project_images.counts(session, "p", Filter())["in_progress"] == 2


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
    assert job["error"] == "2 things in these files cannot be imported, so nothing was; they are listed."
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
    made = world.annotations.get("annotation-1")
    assert (made["predicted_iou"], made["candidate"], made["version"]) == (0.5, 2, 1)
    job = world.run(write(tmp_path / "in", files | {"a.json": coco("2.png", **own)}), "coco")
    assert job["objects"] == 1
    other = world.annotations.of_image(world.images()["2.png"], "p")[0]
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
    inside = {"shapes": [shape], "imagePath": "../a.png", "imageData": base64.b64encode(picture(1)).decode()}
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
