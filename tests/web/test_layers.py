"""Images that several people annotate without seeing each other's work: layers, and each annotator's own state."""

import pytest

from server.domain.policy import Actor
from server.storage.rows import annotations as rows
from tests.web.working import make_project

ROLES = {"max": "manager", "rita": "reviewer", "ann": "annotator", "ben": "annotator", "vic": "viewer"}


@pytest.fixture
def project(make_app, make_picture):
    made = make_project(make_app(team=True), make_picture, images=3, **ROLES)
    settings(made, annotators_per_image=2, review=True)
    return made


@pytest.fixture
def draw(project, make_annotation):
    """Makes an object of an image as somebody; its JSON."""

    def make(client, number, image=0, status=201):
        address = f"{project.path}/images/{project.images[image]}/annotations"
        answer = client.post(address, json=make_annotation(number))
        assert answer.status_code == status, answer.json
        return answer.json

    return make


def settings(project, **values):
    assert project.max.patch(project.path, json={"settings": values}).status_code == 200


def objects(project, client, image=0, **query):
    address = f"{project.path}/images/{project.images[image]}/annotations"
    answer = client.get(address, query_string=query)
    return (
        [each["id"] for each in answer.json["annotations"]]
        if answer.status_code == 200
        else answer.status_code
    )


def look(project, client, image=0):
    return client.get(f"{project.path}/images/{project.images[image]}").json


def say(project, client, state, image=0):
    answer = client.patch(f"{project.path}/images/{project.images[image]}", json={"state": state})
    assert answer.status_code == 200, answer.json
    return answer.json


def decide(project, decision, image=0):
    address = f"{project.path}/images/{project.images[image]}/review"
    answer = project.rita.post(address, json={"decision": decision})
    assert answer.status_code == 200, answer.json


def test_annotators_see_their_own_and_everybody_else_the_common_objects(project, draw):
    for number, name in enumerate(("ann", "ben", "rita"), 1):
        draw(project.clients[name], number)
    assert objects(project, project.ann) == ["annotation-1"]
    assert objects(project, project.ben) == ["annotation-2"]
    for name in ("rita", "max", "vic", "admin"):
        if name in project.clients:
            assert objects(project, project.clients[name]) == ["annotation-3"]
    ann, ben = project.ann.account, project.ben.account
    assert objects(project, project.rita, layer=ann) == ["annotation-1"]
    assert objects(project, project.max, layer=ben) == ["annotation-2"]
    for name in ("ann", "ben", "vic"):
        assert objects(project, project.clients[name], layer=ann) == 403
    with project.services.db.read() as session:
        found = rows.by_layer(session, project.id, project.images)
    layers = {layer: [each.id for each in some] for layer, some in found[project.images[0]].items()}
    assert layers == {ann: ["annotation-1"], ben: ["annotation-2"], None: ["annotation-3"]}


def test_a_layer_is_changed_by_whose_it_is(project, draw, check_error):
    draw(project.ann, 1)
    draw(project.rita, 3)
    address = f"/api/annotations/annotation-1?project={project.id}"
    change = {"version": 1, "attributes": {"a": 1}}
    check_error(project.ben.patch(address, json=change), 404, "annotation_not_found")
    check_error(project.rita.patch(address, json=change), 403, "forbidden")
    check_error(project.max.delete(f"{address}&version=1"), 403, "forbidden")
    assert project.rita.get(address).json["version"] == 1
    assert project.ann.patch(address, json=change).json["version"] == 2
    common = f"/api/annotations/annotation-3?project={project.id}"
    check_error(project.ann.patch(common, json=change), 404, "annotation_not_found")
    assert project.max.patch(common, json=change).status_code == 200


def test_ids_of_others_layers_are_taken_as_those_of_another_image(project, draw, check_error):
    """Deleted or not: nothing tells more than for an object of another image."""
    draw(project.ben, 1)
    draw(project.ann, 2, image=1)
    address = f"/api/annotations/annotation-1?project={project.id}"
    elsewhere = draw(project.ann, 2, status=409)
    for _ in range(2):
        assert draw(project.ann, 1, status=409) == elsewhere
        project.ben.delete(f"{address}&version=1")
    assert objects(project, project.ben) == []
    kept = f"{project.path}/images/{project.images[0]}/annotations"
    assert project.ben.post(kept, json=_restored(project)).status_code == 201
    assert objects(project, project.ben) == ["annotation-1"]
    assert objects(project, project.rita) == []


def _restored(project):
    events = project.services.events.since(Actor("account", project.ben.account), project.id, 0)["events"]
    [made] = [each["annotation"] for each in events if each["event"] == "annotation:changed"]
    return {**made, "version": 2}


def test_each_has_their_own_state_and_the_image_is_done_when_all_are(project, draw):
    draw(project.ann, 1)
    assert look(project, project.ann)["state"] == "in_progress"
    assert look(project, project.ben)["state"] == "new"
    assert look(project, project.rita)["state"] == "in_progress"
    assert say(project, project.ann, "done")["state"] == "done"
    assert look(project, project.ann)["submitted_by"] == project.ann.account
    assert look(project, project.ben)["state"] == "new"
    seen = look(project, project.rita)
    assert seen["state"] == "in_progress"
    assert [(each["account"], each["state"]) for each in seen["assigned"]] == [(project.ann.account, "done")]
    assert look(project, project.ben)["assigned"] == []
    assert [set(each) for each in look(project, project.ann)["assigned"]] == [{"account", "until"}]
    say(project, project.ben, "done")
    assert look(project, project.rita)["state"] == "done"
    assert project.listed(project.ann, state="done") == project.images[:1]
    say(project, project.ben, "in_progress")
    assert look(project, project.rita)["state"] == "in_progress"
    assert project.listed(project.ben, state="done") == []
    counts = project.ann.get(project.path).json["counts"]
    assert (counts["done"], counts["new"]) == (1, 2)


def test_a_review_concerns_all_who_are_done(project, draw):
    for name in ("ann", "ben"):
        say(project, project.clients[name], "done")
    decide(project, "return")
    assert [look(project, project.clients[name])["state"] for name in ("ann", "ben")] == ["returned"] * 2
    decide(project, "reopen")
    assert [look(project, project.clients[name])["state"] for name in ("ann", "ben")] == ["done"] * 2
    decide(project, "accept")
    assert look(project, project.ann)["state"] == "accepted"
    assert look(project, project.rita)["state"] == "accepted"
    refused = project.ann.patch(f"{project.path}/images/{project.images[0]}", json={"state": "in_progress"})
    assert refused.status_code == 409
    draw(project.ann, 1)
    assert look(project, project.rita)["changed_since_review"] is False


def test_many_states_at_once_are_ones_own_and_can_be_undone(project):
    say(project, project.ben, "skipped", 1)
    body = {"ids": project.images, "state": "done"}
    answer = project.ann.post(f"{project.path}/images/bulk", json=body).json
    assert answer["changed"] == 3
    assert project.listed(project.ann, state="done") == project.images
    assert project.listed(project.ben, state="done") == []
    assert project.listed(project.max, state="in_progress") == project.images
    undo = answer["restore"]["body"]
    assert {state: sorted(ids) for state, ids in undo["states"].items()} == {"new": sorted(project.images)}
    assert project.ann.post(f"{project.path}/images/bulk", json=undo).json["changed"] == 3
    assert project.listed(project.ann, state="new") == project.images


def test_a_turned_off_setting_shows_the_common_objects_again(project, draw, check_error):
    draw(project.ann, 1)
    draw(project.rita, 2)
    settings(project, annotators_per_image=1)
    assert objects(project, project.ann) == ["annotation-2"]
    address = f"/api/annotations/annotation-1?project={project.id}"
    check_error(project.ann.get(address), 404, "annotation_not_found")
    assert objects(project, project.max, layer=project.ann.account) == ["annotation-1"]
    settings(project, annotators_per_image=2)
    assert objects(project, project.ann) == ["annotation-1"]


def test_events_of_a_layer_are_told_to_whose_it_is(project, draw):
    draw(project.ann, 1)
    draw(project.rita, 2)
    say(project, project.ann, "done")

    def told(client):
        events = client.get(f"{project.path}/events").json["events"]
        return [each["annotation"]["id"] for each in events if each["event"] == "annotation:changed"]

    assert told(project.ann) == ["annotation-1"]
    assert told(project.ben) == []
    assert told(project.max) == told(project.vic) == ["annotation-2"]
    states = [
        each["state"] for each in project.ann.get(f"{project.path}/events").json["events"] if "state" in each
    ]
    assert states == ["in_progress", "done"]
