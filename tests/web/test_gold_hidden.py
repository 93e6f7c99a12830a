"""What could tell an annotator which images are gold, though no answer says so."""

import pytest

from tests.web.working import make_project


@pytest.fixture
def project(make_app, make_picture):
    roles = {"max": "manager", "rita": "reviewer", "ann": "annotator", "ben": "annotator"}
    return make_project(make_app(team=True), make_picture, images=3, **roles)


def mark(project, ids):
    answer = project.max.post(f"{project.path}/images/bulk", json={"ids": ids, "gold": True})
    assert answer.json["changed"] == len(ids)


def told(project, image_id):
    """What the annotator reads of what happened to an image, by events and its history."""
    events = project.ann.get(f"{project.path}/events").json["events"]
    entries = project.ann.get(f"{project.path}/images/{image_id}/history").json["entries"]
    about = [each["event"] for each in events if image_id in str(each)]
    return [each for each in about if each != "images:added"], [each["what"] for each in entries[:-1]]


def test_ones_own_presence_is_alike_on_all_images(project):
    gold, plain, _ = project.images
    mark(project, [gold])
    server = project.app.extensions["socketio"]
    page, other_page = (server.test_client(project.app, flask_test_client=project.ann) for _ in range(2))
    other_page.emit("here", {"project": project.id, "image": None}, callback=True)
    heard = []
    for image_id in (gold, plain, gold):
        answer = page.emit("here", {"project": project.id, "image": image_id}, callback=True)
        assert [each["image"] for each in answer["people"]] == [image_id]
        heard.append([each["name"] for each in other_page.get_received()])
    assert heard == [[], [], []]


def test_ones_own_history_is_alike_on_all_images(project, make_annotation):
    mark(project, project.images[:1])
    read = []
    for number, image_id in enumerate(project.images[:2]):
        path = f"{project.path}/images/{image_id}"
        drawn = project.ann.post(f"{path}/annotations", json=make_annotation(number)).json
        project.ann.patch(path, json={"state": "done"})
        pages = (f"{path}/history", f"/api/annotations/{drawn['id']}/history?project={project.id}")
        read.append([sorted(each) for page in pages for each in project.ann.get(page).json["entries"]])
    assert read[0] == read[1]


@pytest.mark.parametrize("several", [False, True])
def test_work_from_before_is_not_told_whatever_it_is_called_and_however_many(
    project, make_annotation, several
):
    image_id, other, _ = project.images
    labels = {"version": 2, "labels": [{"name": "rendering", "color": "#1f77b4"}]}
    project.max.put(f"{project.path}/labels", json=labels)
    drawn = make_annotation(1) | {"label": "rendering", "attributes": {"rendering": "rendering"}}
    path = f"{project.path}/images/{image_id}"
    assert project.ben.post(f"{path}/annotations", json=drawn).status_code == 201
    bulk = {"ids": [image_id, other], "state": "attention"}
    assert project.ben.post(f"{project.path}/images/bulk", json=bulk).json["changed"] == 2
    given = {"ids": [image_id, other], "to": [project.ben.account]}
    assert project.max.post(f"{project.path}/assignments", json=given).status_code == 200
    assert "images:changed" in told(project, image_id)[0]
    if several:
        project.max.patch(project.path, json={"settings": {"annotators_per_image": 2}})
    else:
        mark(project, [image_id])
    assert told(project, image_id) == ([], [])


def test_the_inbox_does_not_tell_what_is_said_of_the_truth(project, make_annotation):
    project.max.patch(project.path, json={"settings": {"review": True}})
    path = f"{project.path}/images/{project.images[0]}"
    project.ann.patch(path, json={"state": "done"})
    project.rita.post(f"{path}/review", json={"decision": "return", "note": "The tail is missing"})
    assert project.ann.get("/api/account/inbox").json["items"][0]["text"] == "The tail is missing"
    mark(project, [project.images[0]])
    project.max.patch(path, json={"state": "done"})
    project.rita.post(f"{path}/review", json={"decision": "accept", "note": "Right for all time"})
    assert [each["text"] for each in project.ann.get("/api/account/inbox").json["items"]] == [""]
