"""What people did, in numbers: counted once, with pauses taken out, for managers and oneself."""

import csv
import io
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from server.domain.policy import Actor
from server.storage.rows import events
from server.storage.rows.past import activity
from server.storage.tables import now
from tests.web.test_history import ROLES, change, restore
from tests.web.working import make_project

START = datetime(2026, 3, 31, 23, 58, tzinfo=UTC)


@pytest.fixture
def project(make_app, make_picture):
    made = make_project(make_app(team=True), make_picture, images=3, **ROLES)
    made.max.patch(made.path, json={"settings": {"review": True}})
    return made


def numbers(project, client, **query):
    answer = client.get(f"{project.path}/numbers", query_string=query)
    assert answer.status_code == 200, answer.json
    return {each["name"]: each for each in answer.json["people"]}


def draw(project, client, annotation, image=0):
    answer = client.post(f"{project.path}/images/{project.images[image]}/annotations", json=annotation)
    assert answer.status_code in (200, 201), answer.json
    return answer.json


def test_what_people_do_is_counted_once(project, make_annotation):
    image = f"{project.path}/images/{project.images[0]}"
    first = draw(project, project.ann, make_annotation(1))
    assert draw(project, project.ann, make_annotation(1))["version"] == 1  # sent again
    second = draw(project, project.ann, make_annotation(2))
    changed = change(project.ben, first, z=9)
    restore(project, project.ben, first, 1, changed["version"])
    restore(project, project.ben, first, 1, changed["version"])
    project.ann.delete(f"/api/annotations/{second['id']}?version=1")
    for _ in range(2):
        project.ann.patch(image, json={"state": "done"})
    project.rita.post(f"{image}/review", json={"decision": "return"})
    project.ann.patch(image, json={"state": "done"})
    for decision in ("accept", "reopen", "accept"):
        assert project.rita.post(f"{image}/review", json={"decision": decision}).status_code == 200
    body = {"ids": project.images[1:], "state": "done"}
    for _ in range(2):
        project.ben.post(f"{project.path}/images/bulk", json=body)
    found = numbers(project, project.max)
    told = {
        name: {each: found[name][each] for each in activity.COUNTS if found[name][each]}
        for name in ("ann", "ben", "rita", "max")
    }
    assert told == {
        "ann": {"made": 2, "deleted": 1, "submitted": 2, "accepted": 1, "returned": 1},
        "ben": {"changed": 2, "submitted": 2},
        "rita": {"reviewed": 2},
        "max": {},
    }
    assert (found["ben"]["waiting"], found["ann"]["waiting"]) == (2, 0)
    assert found["vic"]["days"] == []
    third = make_annotation(3)
    draw(project, project.ann, third)
    assert numbers(project, project.max)["ann"]["changed_after_review"] == 1
    project.max.post(f"{project.path}/assignments", json={"ids": project.images, "to": [project.ben.account]})
    project.ben.patch(f"{project.path}/images/{project.images[2]}", json={"state": "in_progress"})
    assert numbers(project, project.max)["ben"]["assigned"] == 1


def test_a_decision_is_counted_for_everybody_who_was_done(project, make_annotation):
    project.max.patch(project.path, json={"settings": {"review": True, "annotators_per_image": 2}})
    image = f"{project.path}/images/{project.images[0]}"
    for client, seed in ((project.ann, 1), (project.ben, 2)):
        draw(project, client, make_annotation(seed) | {"id": str(uuid4())})
        assert client.patch(image, json={"state": "done"}).status_code == 200

    def counted(*names):
        found = numbers(project, project.max)
        return [tuple(found[who][name] for name in names) for who in ("ann", "ben")]

    assert counted("submitted") == [(1,), (1,)]
    for decision, expected in (
        ("return", (1, 0)),
        ("reopen", (0, 0)),
        ("accept", (0, 1)),
        ("reopen", (0, 0)),
        ("return", (1, 0)),
    ):
        answer = project.rita.post(f"{image}/review", json={"decision": decision})
        assert answer.status_code == 200, answer.json
        assert counted("returned", "accepted") == [expected, expected], decision


def test_an_image_that_several_do_again_is_counted_for_people_alone(project, make_annotation):
    project.max.patch(project.path, json={"settings": {"review": True, "annotators_per_image": 2}})
    image = f"{project.path}/images/{project.images[0]}"
    people = (project.ann, project.ben)
    for client, seed in zip(people, (1, 2), strict=True):
        draw(project, client, make_annotation(seed) | {"id": str(uuid4())})
        assert client.patch(image, json={"state": "done"}).status_code == 200
    assert project.rita.post(f"{image}/review", json={"decision": "return"}).status_code == 200
    for client in people:
        assert client.patch(image, json={"state": "done"}).status_code == 200
    assert project.rita.get(image).json["state"] == "done"
    found = numbers(project, project.max)
    assert set(found) == {"max", "rita", "ann", "ben", "vic"}
    told = [(found[who]["submitted"], found[who]["returned"]) for who in ("ann", "ben", "rita")]
    assert told == [(2, 1), (2, 1), (0, 0)]


def test_who_is_done_has_an_image_no_more_though_others_are_not(project):
    project.max.patch(project.path, json={"settings": {"annotators_per_image": 2}})
    people = [project.ann.account, project.ben.account]
    project.max.post(f"{project.path}/assignments", json={"ids": project.images, "to": people})
    image = f"{project.path}/images/{project.images[0]}"
    assert project.ann.patch(image, json={"state": "done"}).status_code == 200
    found = numbers(project, project.max)
    assert (found["ann"]["assigned"], found["ben"]["assigned"]) == (2, 3)
    assert numbers(project, project.ann)["ann"]["assigned"] == 2


def test_managers_see_all_others_themselves(project, make_annotation):
    draw(project, project.ann, make_annotation(1))
    everybody = {"max", "rita", "ann", "ben", "vic"}
    assert set(numbers(project, project.max)) == everybody
    for name in ("rita", "ann", "vic"):
        assert set(numbers(project, project.clients[name])) == {name}
    text = project.ann.get(f"{project.path}/numbers?format=csv").text
    assert [row[0] for row in csv.reader(io.StringIO(text))] == ["name", "ann"]


def test_pauses_are_no_active_time(project):
    ann = Actor("account", project.ann.account)

    def act(seconds, actor=ann, kind="annotation:deleted"):
        event = events.events.Event(
            project.id, 1, kind, str(actor), START + timedelta(seconds=seconds), None, {"count": 1}
        )
        with project.services.db.write() as session:
            activity.record(session, actor, [event])

    for seconds in (0, 30, 90, 90):  # 90 s
        act(seconds)
    act(210)  # 120 s more, over midnight
    act(331)  # after a pause
    act(341)  # 10 s more
    act(351, kind="annotations:imported")  # an import runs by itself
    act(361)  # 20 s since the last, what is imported left out
    act(371, Actor("account", project.ann.account, scope="write"))  # a program
    found = numbers(project, project.max, **{"from": "2026-03-31", "to": "2026-04-01"})["ann"]
    assert [(day["day"], day["active_seconds"]) for day in found["days"]] == [
        ("2026-03-31", 90),
        ("2026-04-01", 150),
    ]
    assert (found["active_seconds"], found["deleted"]) == (240, 9)
    only = numbers(project, project.max, **{"from": "2026-04-01", "to": "2026-04-01"})["ann"]
    assert only["active_seconds"] == 150
    assert numbers(project, project.max)["ann"]["active_seconds"] == 0


def test_they_outlive_the_events(project, make_annotation):
    draw(project, project.ann, make_annotation(1))
    before = numbers(project, project.max)
    with project.services.db.write() as session:
        events.thin(session, now())
    assert numbers(project, project.max) == before


def test_spreadsheets_take_no_name_for_a_formula(project, make_annotation):
    for name in ("=1+1", "+a", "-b", "@c"):
        project.join(name, "annotator")
    answer = project.max.get(f"{project.path}/numbers?format=csv")
    assert answer.mimetype == "text/csv"
    assert "attachment" in answer.headers["Content-Disposition"]
    names = [row[0] for row in csv.reader(io.StringIO(answer.text))]
    assert {"'=1+1", "'+a", "'-b", "'@c"} <= set(names)
    assert not [name for name in names if name.startswith(("=", "+", "-", "@"))]


@pytest.mark.parametrize(
    "query", ["from=x", "to=2026-13-01", "from=2026-02-01&to=2026-01-01", "from=2020-01-01", "format=xls"]
)
def test_what_is_asked_wrongly_is_refused(project, check_error, query):
    check_error(project.max.get(f"{project.path}/numbers?{query}"), 400, "bad_request")


def test_a_server_without_accounts_counts_its_person(client, upload, make_annotation):
    image = upload()
    client.post(f"/api/images/{image['id']}/annotations", json=make_annotation(1))
    [person] = client.get("/api/projects/default/numbers").json["people"]
    assert (person["account"], person["name"], person["made"]) == (None, "", 1)
