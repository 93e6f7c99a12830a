"""In a team, whether a picture is elsewhere does not show: its bytes are another image in each project."""

import io
import json
import zipfile

import pytest

from server.domain.policy import OWNER
from server.storage.rows import members
from server.storage.tables import Embedding
from tests.web.team import person

SIZE = {"width": 40, "height": 30}
NO_OBJECTS = {"annotations": [], "categories": []}


@pytest.fixture
def team(make_app):
    """An application, an owner of a project, and the owner of another; the administrator is neither."""
    app = make_app(team=True)
    person(app, "admin")
    people = [person(app, name) for name in ("Ann", "Bob")]
    projects = [each.post("/api/projects", json={"name": "x"}).json["id"] for each in people]
    return app, people, projects


def send(client, project, data, name="a.png"):
    return client.post(f"/api/projects/{project}/images", data={"file": (io.BytesIO(data), name)})


def encoded(app, image_id):
    """As if it had been."""
    services = app.extensions["samphire"]
    spec = services.segmenters.find()
    with services.db.write() as session:
        values = {"segmenter": spec.id, "weights": spec.weights, "blob_key": "k", "bytes": 1, "seconds": 1.0}
        session.add(Embedding(image_id=image_id, **values))


def test_the_same_bytes_are_new_in_another_project(team, make_picture):
    app, (ann, bob), (hers, his) = team
    first = send(ann, hers, make_picture())
    encoded(app, first.json["id"])
    second = send(bob, his, make_picture())
    unlike = send(bob, his, make_picture(seed=1))
    assert [each.status_code for each in (first, second, unlike)] == [201, 201, 201]
    assert second.json["id"] != first.json["id"]
    assert second.json["sha256"] == first.json["sha256"]
    assert second.json["created_at"] > first.json["created_at"]
    assert second.json["embedding"]["state"] == unlike.json["embedding"]["state"] == "none"
    assert ann.get(first.json["file_url"]).data == bob.get(second.json["file_url"]).data
    assert bob.get(first.json["file_url"]).status_code == 404
    again = send(bob, his, make_picture(), "b.png")
    assert (again.status_code, again.json["id"]) == (200, second.json["id"])


def test_an_import_does_not_find_images_of_others(team, make_picture):
    app, (ann, bob), (hers, his) = team
    first = send(ann, hers, make_picture()).json
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.png", make_picture())
        archive.writestr(
            "coco.json", json.dumps({"images": [{"id": 1, "file_name": "a.png", **SIZE}], **NO_OBJECTS})
        )
    for options in ("?format=coco", ""):  # by way of what is checked first, and at once
        answer = bob.post(
            f"/api/projects/{his}/images{options}", data=packed.getvalue(), content_type="application/zip"
        )
        assert answer.status_code == 202
        services = app.extensions["samphire"]
        services.queue.start()
        services.queue.wait(("import", answer.json["id"]), 20)
        told = bob.get(f"/api/projects/{his}/imports/{answer.json['id']}").json
        assert told["state"] == "done", told
        listed = bob.get(f"/api/projects/{his}/images").json["images"]
        assert len(listed) == 1
        assert listed[0]["id"] != first["id"]
        assert listed[0]["created_at"] > first["created_at"]


def test_what_projects_of_one_person_shared_is_for_the_members_of_either(make_app, make_picture):
    """A data folder of before: the image is one, in both projects."""
    app = make_app()
    services = app.extensions["samphire"]
    mine, other = (services.projects.create(OWNER, {"name": name}).id for name in "ab")
    shared, _ = services.uploads.add(OWNER, io.BytesIO(make_picture()), "a.png", mine)
    assert services.uploads.add(OWNER, io.BytesIO(make_picture()), "a.png", other)[0].id == shared.id
    services.close()
    app = make_app(team=True)
    admin, ann, bob, eve = (person(app, name) for name in ("admin", "Ann", "Bob", "Eve"))
    services = app.extensions["samphire"]
    with services.db.write() as session:
        members.put(session, mine, ann.account, "owner")
        members.put(session, other, bob.account, "owner")
    assert {each["id"] for each in admin.get("/api/projects").json["projects"]} == {"default", mine, other}
    address = f"/api/images/{shared.id}"
    assert [each.get(address).status_code for each in (ann, bob, eve)] == [200, 200, 404]
    assert send(ann, mine, make_picture()).json["id"] == shared.id  # it has it
    own = eve.post("/api/projects", json={"name": "c"}).json["id"]
    assert send(eve, own, make_picture()).json["id"] != shared.id
    assert ann.delete(f"/api/projects/{mine}/images/{shared.id}").status_code == 200
    assert [each.get(address).status_code for each in (ann, bob, eve)] == [404, 200, 404]


def test_an_image_that_was_removed_comes_back_as_it_was(team, make_picture, make_annotation):
    _, (ann, _), (hers, _) = team
    image = send(ann, hers, make_picture()).json
    own = f"/api/projects/{hers}/images/{image['id']}"
    assert ann.post(f"{own}/annotations", json=make_annotation()).status_code == 201
    ann.delete(own)
    assert send(ann, hers, make_picture()).json["id"] == image["id"]
    assert len(ann.get(f"{own}/annotations").json["annotations"]) == 1
