"""Annotations in projects: attributes, order, labels made on the fly, states, and one project kept from another."""

import pytest

from server.contract import to_json
from server.domain.policy import OWNER
from server.errors import AnnotationNotFound, Conflict, ImageNotFound, InvalidAnnotation, ProjectNotFound
from server.features.projects.labels import Labels
from server.storage.rows import labels, project_images
from server.storage.tables import DEFAULT_PROJECT, Project, now
from tests.unit.features.annotating import World, body, rle


@pytest.fixture
def world(tmp_path):
    world = World(tmp_path)
    yield world
    world.pools.close()
    world.db.close()


def test_attributes_and_order_are_kept_and_checked(world):
    made, _ = world.annotations.create(
        OWNER, "one", body(attributes={"colour": "red", "count": 2, "cut": True, "x": None})
    )
    assert (made["attributes"], made["z"]) == ({"colour": "red", "count": 2, "cut": True}, 0)
    second, _ = world.annotations.create(OWNER, "one", body(id="annotation-2"))
    assert (second["attributes"], second["z"]) == ({}, 1)
    lower = world.annotations.change(
        OWNER, "annotation-2", {"version": 1, "z": -1, "attributes": {"count": 3.5}}
    )
    assert (lower["z"], lower["attributes"], lower["version"]) == (-1, {"count": 3.5}, 2)
    for wrong in ({"attributes": []}, {"attributes": {"a": [1]}}, {"attributes": {"a": float("nan")}},
                  {"attributes": {"": 1}}, {"attributes": {"a": "\0"}}, {"attributes": {"a": "x" * 2001}},
                  {"z": 1.5}, {"z": True}, {"z": 10**10}, {"z": None}):  # fmt: skip
        with pytest.raises(InvalidAnnotation):
            world.annotations.change(OWNER, "annotation-1", {"version": 1, **wrong})


def test_the_first_annotation_puts_an_image_in_progress_and_its_label_on_the_list(world):
    with world.db.read() as session:
        assert project_images.find(session, DEFAULT_PROJECT, "one").state == "new"
    world.annotations.create(OWNER, "one", body())
    world.annotations.create(OWNER, "one", body(id="annotation-2", label="cat", color="#000000"))
    with world.db.read() as session:
        assert project_images.find(session, DEFAULT_PROJECT, "one").state == "in_progress"
        known = [
            (label.name, label.color, label.key) for label in labels.of_project(session, DEFAULT_PROJECT)
        ]
    assert known == [("dog", "#1f77b4", "1"), ("cat", "#000000", "2")]
    with world.db.write() as session:
        project_images.set_state(session, DEFAULT_PROJECT, ["one"], "done", None)
    world.annotations.create(OWNER, "one", body(id="annotation-3"))
    with world.db.read() as session:
        assert project_images.find(session, DEFAULT_PROJECT, "one").state == "done"


def test_annotations_of_one_project_are_not_anothers(world):
    with world.db.write() as session:
        session.add(Project(id="other", name="Other"))
        session.flush()
        project_images.put(session, "other", "one", "else.png")
    world.annotations.create(OWNER, "one", body())
    world.annotations.create(OWNER, "one", body(id="annotation-2"), "other")
    assert [each["id"] for each in world.annotations.of_image(OWNER, "one")] == ["annotation-1"]
    assert [each["id"] for each in world.annotations.of_image(OWNER, "one", "other")] == ["annotation-2"]
    with pytest.raises(Conflict):
        world.annotations.create(OWNER, "one", body(), "other")
    for image, project in (("two", "other"), ("one", "gone"), ("gone", "other")):
        with pytest.raises((ImageNotFound, ProjectNotFound)):
            world.annotations.create(OWNER, image, body(id="annotation-3"), project)
    with world.db.write() as session:
        project_images.remove(session, "other", ["one"], now())
    with pytest.raises(AnnotationNotFound):
        world.annotations.get(OWNER, "annotation-2")
    assert world.annotations.get(OWNER, "annotation-1")["project_id"] == "default"


def test_a_label_is_told_by_its_id_or_else_by_its_name(world):
    dog, _ = world.annotations.create(OWNER, "one", body())
    told = {"id": "annotation-2", "rle": rle(), "label_id": dog["label_id"]}
    second, _ = world.annotations.create(OWNER, "one", told)
    assert (second["label"], second["color"]) == ("dog", "#1f77b4")
    gone, _ = world.annotations.create(OWNER, "one", body(id="annotation-3", label="cat", label_id="gone"))
    assert gone["label"] == "cat"
    with pytest.raises(InvalidAnnotation, match="no such label"):
        world.annotations.create(OWNER, "one", {**told, "id": "annotation-4", "label_id": "gone"})
    changed = world.annotations.change(OWNER, "annotation-3", {"version": 1, "label_id": dog["label_id"]})
    assert (changed["label"], changed["label_id"]) == ("dog", dog["label_id"])
    renamed = world.annotations.change(
        OWNER, "annotation-3", {"version": 2, "label_id": gone["label_id"], "label": "old name"}
    )
    assert renamed["label"] == "cat"


def test_a_label_that_became_another_is_followed(world):
    """Also through several steps, by who was offline meanwhile."""
    list_of = Labels(world.db, world.unit_of_work)
    ids = {}
    for number, name in enumerate("abc"):
        made, _ = world.annotations.create(OWNER, "one", body(id=f"annotation-{number}", label=name))
        ids[name] = made["label_id"]
    for old, new in (("a", "b"), ("b", "c")):
        listed = to_json(list_of.of_project(DEFAULT_PROJECT))
        kept = [each for each in listed["labels"] if each["id"] != ids[old]]
        next(each for each in kept if each["id"] == ids[new])["replaces"] = [ids[old]]
        list_of.replace(OWNER, DEFAULT_PROJECT, {**listed, "labels": kept})
    late, _ = world.annotations.create(OWNER, "one", body(id="annotation-9", label="a", label_id=ids["a"]))
    assert (late["label"], late["label_id"]) == ("c", ids["c"])
    assert {each["label"] for each in world.annotations.of_image(OWNER, "one")} == {"c"}
