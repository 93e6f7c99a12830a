"""Common objects made of several people's, as a start for whoever reviews; and how that is undone."""

import pytest

from server.features.agreement.consensus import CONSENSUS
from server.storage.rows.agreement import consensus as rows
from server.storage.tables import now
from tests.web.test_agreement import draw, finish
from tests.web.working import make_project

ROLES = {"max": "manager", "rita": "reviewer", "ann": "annotator", "ben": "annotator", "cid": "annotator"}
DRAWING = ("ann", "ben", "cid")


@pytest.fixture
def project(make_app, make_picture):
    made = make_project(make_app(team=True), make_picture, images=3, **ROLES)
    assert made.max.patch(made.path, json={"settings": {"annotators_per_image": 3}}).status_code == 200
    made.services.queue.start()
    return made


@pytest.fixture
def drawn(project):
    """All three have an object on the first image, two another one, one a third."""
    for name, high in zip(DRAWING, (10, 12, 14), strict=True):
        draw(project, project.clients[name], 0, 0, 10, high)
    draw(project, project.ann, 20, 0, 10, 10)
    draw(project, project.ben, 20, 0, 10, 10)
    draw(project, project.cid, 20, 20, 5, 5)
    for name in DRAWING:
        finish(project, project.clients[name])
    return project


def common(project, number=0, client=None):
    answer = (client or project.rita).get(f"{project.path}/images/{project.images[number]}/annotations")
    return answer.json["annotations"]


def make(project, number=0, status=201, **body):
    answer = project.rita.post(f"{project.path}/images/{project.images[number]}/consensus", json=body)
    assert answer.status_code == status, answer.json
    return answer.json


def undo(project, restore):
    answer = project.rita.open(restore["url"], method=restore["method"], json=restore.get("body"))
    assert answer.status_code == 200, answer.json
    project.services.queue.wait((CONSENSUS, project.id), 20)
    return answer.json


def test_it_can_be_undone_for_a_while(drawn):
    restore = make(drawn, method="majority")["restore"]
    with drawn.services.db.write() as session:
        rows.drop_old(session, now())
    assert drawn.rita.post(restore["url"]).status_code == 404
    assert len(common(drawn)) == 2


@pytest.mark.parametrize("method", ["majority", "staple"])
def test_what_most_people_have_becomes_common(drawn, method):
    answer = make(drawn, method=method)
    assert (answer["made"], answer["replaced"]) == (2, 0)
    found = sorted(each["bbox"] for each in common(drawn))
    assert found == [[0, 0, 10, 12], [20, 0, 10, 10]]
    assert {each["created_by"] for each in common(drawn)} == {drawn.rita.account}
    assert {each["label"] for each in common(drawn)} == {"dog"}
    [told] = drawn.events("annotations:agreed")
    assert (told["count"], told["deleted"]) == (2, 0)
    assert len(common(drawn, client=drawn.ann)) == 2  # their own


def test_annotators_hear_nothing_of_it(drawn):
    make(drawn, method="majority")
    told = drawn.ann.get(f"{drawn.path}/events").json["events"]
    assert [each for each in told if each["event"] == "annotations:agreed"] == []


def test_it_is_undone_but_for_what_was_changed_since(drawn):
    restore = make(drawn, method="majority")["restore"]
    first, second = common(drawn)
    changed = drawn.rita.patch(
        f"/api/annotations/{first['id']}?project={drawn.id}", json={"version": 1, "attributes": {"a": 1}}
    )
    assert changed.status_code == 200
    assert undo(drawn, restore)["last"] is None
    assert [each["id"] for each in common(drawn)] == [first["id"]]
    assert drawn.rita.post(restore["url"]).status_code == 404
    assert second["id"] not in {each["id"] for each in common(drawn)}


def test_objects_that_are_there_are_replaced_only_when_told_so(drawn):
    mine, other = draw(drawn, drawn.rita, 5, 5, 3, 3), draw(drawn, drawn.rita, 30, 20, 3, 3)
    assert "replace" in make(drawn, method="majority", status=409)["error"]["hint"]
    answer = make(drawn, method="majority", replace=[mine["id"], "of-nothing-at-all"])
    assert (answer["made"], answer["replaced"]) == (2, 1)
    ids = {each["id"] for each in common(drawn)}
    assert len(ids) == 3
    assert mine["id"] not in ids
    undo(drawn, answer["restore"])
    back = {each["id"]: each for each in common(drawn)}
    assert set(back) == {mine["id"], other["id"]}
    assert back[mine["id"]]["rle"] == mine["rle"]
    assert back[mine["id"]]["version"] > mine["version"]
    assert make(drawn, method="majority", replace=[])["made"] == 2
    assert len(common(drawn)) == 4


def test_asked_for_twice_it_is_there_once(drawn):
    mine = draw(drawn, drawn.rita, 5, 5, 3, 3)
    make(drawn, method="majority", replace=[])
    first = {each["id"] for each in common(drawn)}
    again = make(drawn, method="majority", replace=[])
    assert (again["made"], again["replaced"]) == (2, 2)
    second = {each["id"] for each in common(drawn)}
    assert len(second) == 3
    assert first & second == {mine["id"]}
    undo(drawn, again["restore"])
    assert {each["id"] for each in common(drawn)} == first


def test_layers_of_people_are_never_replaced(drawn):
    own = common(drawn, client=drawn.ann)
    draw(drawn, drawn.rita, 5, 5, 3, 3)
    assert make(drawn, method="majority", replace=[each["id"] for each in own])["replaced"] == 0
    assert common(drawn, client=drawn.ann) == own


def test_two_people_have_to_be_done(project):
    draw(project, project.ann, 0, 0, 10, 10)
    finish(project, project.ann)
    assert "Fewer than two" in make(project, method="majority", status=409)["error"]["message"]


def test_what_is_wrong_is_refused(drawn):
    for wrong in ({"replace": "all"}, {"replace": [1]}, {"other": 1}, {"method": "mean"}):
        make(drawn, status=400, **({"method": "majority"} | wrong))
    make(drawn, status=400)


def test_all_images_that_are_ready_at_once(drawn):
    for name in DRAWING:
        draw(drawn, drawn.clients[name], 0, 0, 10, 10, 1)
        finish(drawn, drawn.clients[name], 1)
    draw(drawn, drawn.ann, 0, 0, 10, 10, 2)
    finish(drawn, drawn.ann, 2)
    address = f"{drawn.path}/consensus"
    assert drawn.rita.get(address).json["ready"] == 2
    assert drawn.rita.post(address, json={"method": "staple"}).status_code == 202
    drawn.services.queue.wait((CONSENSUS, drawn.id), 20)
    standing = drawn.rita.get(address).json
    assert (standing["state"], standing["ready"], standing["last"]["images"]) == ("none", 0, 2)
    assert (standing["last"]["method"], standing["last"]["account"]) == ("staple", drawn.rita.account)
    assert [len(common(drawn, number)) for number in range(3)] == [2, 1, 0]
    again = undo(drawn, standing["last"]["restore"])
    assert (again["ready"], again["last"]) == (2, None)
    assert common(drawn) == common(drawn, 1) == []


def test_whoever_may_not_review_any_more_makes_nothing_more(drawn):
    make_all = drawn.services.merging._make_all
    started = []

    def late(running, actor, *rest):
        started.append(actor)
        drawn.join("late", "reviewer")
        drawn.max.delete(f"{drawn.path}/members/{actor.id}")
        make_all(running, actor, *rest)

    drawn.services.merging._make_all = late
    assert drawn.rita.post(f"{drawn.path}/consensus", json={"method": "majority"}).status_code == 202
    drawn.services.queue.wait((CONSENSUS, drawn.id), 20)
    assert [each.id for each in started] == [drawn.rita.account]
    assert common(drawn, client=drawn.max) == []
