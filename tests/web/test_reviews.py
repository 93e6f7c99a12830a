"""What is done is accepted or returned by a reviewer: where the project says so, and not by who submitted it."""

import gevent
import pytest

from server.storage.rows import members
from tests.web.working import make_project

ROLES = {"max": "manager", "rita": "reviewer", "ann": "annotator", "ben": "annotator"}


@pytest.fixture
def project(make_app, make_picture):
    made = make_project(make_app(team=True), make_picture, images=3, **ROLES)
    made.max.patch(made.path, json={"settings": {"review": True}})
    return made


def submit(project, client, number=0, state="done"):
    answer = client.patch(f"{project.path}/images/{project.images[number]}", json={"state": state})
    assert answer.status_code == 200, answer.json
    return answer.json


def decide(project, client, decision, number=0, **more):
    body = {"decision": decision, **more}
    return client.post(f"{project.path}/images/{project.images[number]}/review", json=body)


def image(project, number=0):
    return project.max.get(f"{project.path}/images/{project.images[number]}").json


def test_a_reviewer_accepts_what_is_submitted(project):
    assert submit(project, project.ann)["submitted_by"] == project.ann.account
    answer = decide(project, project.rita, "accept")
    assert answer.status_code == 200
    assert (answer.json["state"], answer.json["reviewed_by"]) == ("accepted", project.rita.account)
    assert answer.json["reviewed_at"] is not None
    assert project.listed(project.rita, state="accepted") == project.images[:1]
    assert [each["state"] for each in project.events("image:changed")] == ["done", "accepted"]


def test_done_said_again_by_another_leaves_who_submitted_it(project):
    submit(project, project.ann)
    assert submit(project, project.rita)["submitted_by"] == project.ann.account
    again = project.rita.post(
        f"{project.path}/images/bulk", json={"ids": [project.images[0]], "state": "done"}
    )
    assert again.status_code == 200
    assert image(project)["submitted_by"] == project.ann.account


def test_what_is_returned_is_its_makers_again_with_what_to_do(project):
    submit(project, project.ann)
    answer = decide(project, project.rita, "return", note="The left car\nis missing.")
    assert (answer.json["state"], answer.json["review_note"]) == ("returned", "The left car\nis missing.")
    assert answer.json["assigned"] == [{"account": project.ann.account, "until": None}]
    assert project.listed(project.ann, assigned=project.ann.account, state="returned") == project.images[:1]
    submit(project, project.ann)
    assert decide(project, project.rita, "accept").json["state"] == "accepted"
    assert image(project)["review_note"] is None


def test_a_decision_can_be_taken_back(project):
    submit(project, project.ann)
    for decision in ("accept", "return"):
        decide(project, project.rita, decision)
        assert decide(project, project.rita, "reopen").json["state"] == "done"


@pytest.mark.parametrize("state", ["new", "in_progress", "attention", "skipped"])
def test_only_what_is_submitted_is_decided(project, check_error, state):
    submit(project, project.ann, state=state)
    for decision in ("accept", "return", "reopen"):
        check_error(decide(project, project.rita, decision), 409, "conflict")


def test_nobody_accepts_their_own(project, check_error):
    submit(project, project.rita)
    check_error(decide(project, project.rita, "accept"), 403, "forbidden")
    assert decide(project, project.max, "accept").status_code == 200


def test_the_only_manager_may_and_one_of_two_may_not(project, check_error):
    submit(project, project.max)
    assert decide(project, project.max, "accept").status_code == 200
    submit(project, project.max, 1)
    project.join("mia", "owner")
    check_error(decide(project, project.max, "accept", 1), 403, "forbidden")
    with project.services.db.write() as session:
        members.remove(session, members.find(session, project.id, project.mia.account))
    assert decide(project, project.max, "accept", 1).status_code == 200


def test_annotators_neither_decide_nor_claim_it(project, check_error):
    submit(project, project.ann)
    check_error(decide(project, project.ben, "accept"), 403, "forbidden")
    path = f"{project.path}/images"
    for state in ("accepted", "returned"):
        claim = project.ben.patch(f"{path}/{project.images[0]}", json={"state": state})
        check_error(claim, 400, "bad_request")
        bulk = {"ids": project.images, "state": state}
        check_error(project.ben.post(f"{path}/bulk", json=bulk), 400, "bad_request")
    check_error(
        project.ben.post(f"{path}/bulk", json={"states": {"accepted": project.images}}), 400, "bad_request"
    )
    project.ben.post(f"{path}/bulk", json={"states": {"returned": project.images}})
    assert [image(project, n)["state"] for n in range(3)] == ["done", "new", "new"]


def test_what_is_accepted_keeps_its_state(project, check_error):
    submit(project, project.ann)
    decide(project, project.rita, "accept")
    path = f"{project.path}/images"
    changed = project.ann.patch(f"{path}/{project.images[0]}", json={"state": "in_progress"})
    check_error(changed, 409, "conflict")
    for body in ({"ids": project.images, "state": "new"}, {"states": {"new": project.images}}):
        check_error(project.ann.post(f"{path}/bulk", json=body), 409, "conflict")
    assert image(project)["state"] == "accepted"


def test_a_change_of_what_is_accepted_shows(project, make_annotation):
    submit(project, project.ann)
    decide(project, project.rita, "accept")
    assert image(project)["changed_since_review"] is False
    path = f"{project.path}/images/{project.images[0]}/annotations"
    assert project.ann.post(path, json=make_annotation()).status_code == 201
    assert (image(project)["state"], image(project)["changed_since_review"]) == ("accepted", True)
    assert project.events("image:changed")[-1]["changed_since_review"] is True
    assert decide(project, project.rita, "accept").json["changed_since_review"] is False
    project.ann.delete(f"/api/annotations/annotation-1?project={project.id}&version=1")
    assert image(project)["changed_since_review"] is True


def test_an_import_into_what_is_accepted_shows(project):
    project.services.queue.start()
    submit(project, project.ann)
    decide(project, project.rita, "accept")
    accepted = image(project)
    size = {"width": accepted["width"], "height": accepted["height"]}
    dataset = {
        "images": [{"id": 1, "file_name": accepted["name"], **size}],
        "categories": [{"id": 1, "name": "dog"}],
        "annotations": [{"id": 1, "image_id": 1, "category_id": 1, "segmentation": [[1, 1, 20, 1, 20, 20]]}],
    }
    sent = project.max.post(f"{project.path}/import/coco", json=dataset)
    assert sent.status_code == 202, sent.json
    with gevent.Timeout(20):
        while project.max.get(f"{project.path}/imports/{sent.json['id']}").json["state"] != "done":
            gevent.sleep(0.02)
    assert (image(project)["state"], image(project)["changed_since_review"]) == ("accepted", True)
    assert project.events("image:changed")[-1]["changed_since_review"] is True


def test_a_bulk_change_of_returned_images_is_undone(project):
    submit(project, project.ann)
    decide(project, project.rita, "return")
    done = project.ann.post(f"{project.path}/images/bulk", json={"ids": project.images, "state": "done"})
    assert image(project)["submitted_by"] == project.ann.account
    undo = done.json["restore"]
    assert project.ann.open(undo["url"], method=undo["method"], json=undo["body"]).status_code == 200
    assert [image(project, n)["state"] for n in range(3)] == ["returned", "new", "new"]


def test_without_review_nothing_is_decided(project, check_error):
    project.max.patch(project.path, json={"settings": {"review": False}})
    submit(project, project.ann)
    check_error(decide(project, project.rita, "accept"), 409, "conflict")


@pytest.mark.parametrize(
    "body",
    [{}, {"decision": "maybe"}, {"decision": "return", "note": "a" * 2001}, {"decision": "accept", "x": 1}],
)
def test_what_is_not_understood_is_refused(project, check_error, body):
    submit(project, project.ann)
    answer = project.rita.post(f"{project.path}/images/{project.images[0]}/review", json=body)
    check_error(answer, 400, "bad_request")


def test_a_server_without_accounts_has_no_review(client, check_error, upload):
    path = f"/api/projects/default/images/{upload()['id']}/review"
    check_error(client.post(path, json={"decision": "accept"}), 404, "no_accounts")
