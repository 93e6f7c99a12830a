"""Restoring the objects of an image takes nobody's later work, and no object of another image."""

import time
from uuid import uuid4

import pytest

from server.storage.tables import now
from tests.web.working import make_project


@pytest.fixture
def project(make_app, make_picture):
    roles = {"max": "manager", "rita": "reviewer", "ann": "annotator", "ben": "annotator"}
    return make_project(make_app(team=True), make_picture, images=2, **roles)


@pytest.fixture
def draw(project, make_annotation):
    def make(client, number, image=0, **more):
        path = f"{project.path}/images/{project.images[image]}/annotations"
        return client.post(path, json=make_annotation(number) | {"id": str(uuid4())} | more)

    return make


def address(project, annotation):
    return f"/api/annotations/{annotation['id']}?project={project.id}"


def test_undoing_it_leaves_what_others_did_since(project, draw):
    changed, deleted, edited = (draw(project.ann, number).json for number in (1, 2, 3))
    time.sleep(0.001)
    moment = now().isoformat()
    time.sleep(0.001)
    for each in (changed, edited):
        body = {"version": 1, "attributes": {"side": "left"}}
        assert project.ann.patch(address(project, each), json=body).status_code == 200
    added = draw(project.ann, 4).json
    assert project.ann.delete(address(project, deleted) + "&version=1").status_code == 204
    image = f"{project.path}/images/{project.images[0]}"
    restored = project.ann.post(f"{image}/restore", json={"at": moment}).json
    assert restored["changed"] == 4
    new = draw(project.ben, 5).json
    body = {"version": 3, "attributes": {"side": "right"}}
    assert project.ben.patch(address(project, edited), json=body).status_code == 200
    undo = restored["restore"]
    undone = project.ann.post(undo["url"], json=undo["body"]).json
    there = {each["id"]: each["attributes"] for each in undone["annotations"]}
    assert there == {
        changed["id"]: {"side": "left"},
        edited["id"]: {"side": "right"},
        added["id"]: {},
        new["id"]: {},
    }
    again = undone["restore"]
    there = project.ann.post(again["url"], json=again["body"]).json["annotations"]
    assert {each["id"] for each in there} == {changed["id"], edited["id"], deleted["id"], new["id"]}


def test_the_id_of_a_deleted_object_stays_that_of_its_image(project, draw, check_error):
    """Its versions would come with it to whoever sees the other image, and be restored there."""
    gone = draw(project.rita, 1).json
    assert project.rita.delete(address(project, gone) + "&version=1").status_code == 204
    image_id = project.images[0]
    project.max.post(f"{project.path}/images/bulk", json={"ids": [image_id], "gold": True})
    for version in ({}, {"version": 2}):
        check_error(draw(project.ann, 2, image=1, id=gone["id"], **version), 409, "conflict")
    version = f"/api/annotations/{gone['id']}/versions/1?project={project.id}"
    check_error(project.ann.get(version), 404, "annotation_not_found")
