"""Comments mention members, and nobody else can be learnt about; who writes alone takes notes."""

import pytest

from tests.web.team import person
from tests.web.test_comments import ROLES, comments_of, one, say
from tests.web.working import make_project


@pytest.fixture
def project(make_app, make_picture):
    return make_project(make_app(team=True), make_picture, images=1, **ROLES)


def test_mentions_are_of_members_alone(project, check_error):
    outside = person(project.app, "outside").account
    say(project, project.ann, f"<@{project.vic.account}> and <@{project.rita.account}>")
    answers = [
        project.ann.post(comments_of(project), json={"text": f"<@{each}>"}) for each in (outside, "0" * 12)
    ]
    assert answers[0].json == answers[1].json
    check_error(answers[0], 400, "bad_request")
    many = " ".join(f"<@{number:012x}>" for number in range(21))
    check_error(project.ann.post(comments_of(project), json={"text": many}), 400, "bad_request")
    say(project, project.ann, "<@> <@zzzzzzzzzzzz> @rita <@0123>")


def test_a_mention_outlives_a_new_name_and_a_role(project):
    text = f"Ask <@{project.zoe.account}>"
    made = say(project, project.ann, text)["id"]
    project.zoe.patch("/api/account", json={"name": "Zoë"})
    assert project.vic.get(comments_of(project)).json["names"][project.zoe.account] == "Zoë"
    project.max.delete(f"{project.path}/members/{project.zoe.account}")
    assert project.vic.get(comments_of(project)).json["names"][project.zoe.account] == "Zoë"
    assert project.ann.patch(one(project, made), json={"text": f"{text}!"}).status_code == 200


def test_the_one_person_of_a_server_without_accounts_takes_notes(client, upload, check_error):
    image = upload()["id"]
    address = f"/api/projects/default/images/{image}/comments"
    made = client.post(address, json={"text": "Look again", "x": 1, "y": 1})
    assert made.status_code == 201
    assert made.json["comments"][0]["created_by"] is None
    note = f"/api/projects/default/comments/{made.json['id']}"
    assert client.patch(note, json={"text": "Twice", "resolved": True}).json["resolved_at"] is not None
    check_error(client.post(address, json={"text": "<@0123456789ab>"}), 400, "bad_request")
    check_error(client.get("/api/account/inbox"), 404, "no_accounts")
    check_error(client.post("/api/account/inbox/read", json={"up_to": 1}), 404, "no_accounts")
    assert client.delete(note).status_code == 204
    assert client.get(address).json == {"threads": [], "names": {}}
