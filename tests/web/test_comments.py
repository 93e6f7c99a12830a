"""People write about an image, a spot or an object of it, and reply; who may, what is kept, and that nothing is made
twice."""

from uuid import uuid4

import pytest

from server.domain.policy import OWNER
from server.features.comments import service
from server.storage.rows import members
from server.storage.tables import Comment, Image
from tests.web.team import person
from tests.web.working import make_project

ROLES = {
    "max": "manager",
    "rita": "reviewer",
    "ann": "annotator",
    "ben": "annotator",
    "vic": "viewer",
    "zoe": "annotator",
}


@pytest.fixture
def project(make_app, make_picture):
    return make_project(make_app(team=True), make_picture, images=2, **ROLES)


def comments_of(project, number=0):
    return f"{project.path}/images/{project.images[number]}/comments"


def say(project, client, text="Is this a car?", number=0, status=201, **more):
    answer = client.post(comments_of(project, number), json={"text": text, **more})
    assert answer.status_code == status, answer.json
    return answer.json


def one(project, comment_id):
    return f"{project.path}/comments/{comment_id}"


def threads(project, client=None, number=0):
    return (client or project.max).get(comments_of(project, number)).json["threads"]


def texts(project, number=0):
    return [[each["text"] for each in thread["comments"]] for thread in threads(project, number=number)]


def draw(project, make_annotation, number=0):
    body = make_annotation() | {"id": str(uuid4())}
    made = project.ann.post(f"{project.path}/images/{project.images[number]}/annotations", json=body)
    assert made.status_code == 201, made.json
    return made.json


def test_a_thread_is_a_comment_and_its_replies(project):
    made = say(project, project.ann, x=12.5, y=7)
    assert (made["x"], made["y"], made["annotation_id"], made["resolved_at"]) == (12.5, 7, None, None)
    say(project, project.rita, "  Yes.\nA red one. \n", thread=made["id"])
    [thread] = threads(project, project.vic)
    first, reply = thread["comments"]
    assert thread["id"] == first["id"] == made["id"]
    assert (first["created_by"], reply["created_by"]) == (project.ann.account, project.rita.account)
    assert (reply["text"], reply["edited_at"], reply["deleted"]) == ("Yes.\nA red one.", None, False)
    names = project.vic.get(comments_of(project)).json["names"]
    assert names == {project.ann.account: "ann", project.rita.account: "rita"}
    assert threads(project, number=1) == []


def test_it_is_about_the_image_a_spot_or_an_object(project, make_annotation, check_error):
    about = draw(project, make_annotation)["id"]
    say(project, project.ann)
    say(project, project.ann, x=0, y=30)
    say(project, project.ann, x=1, y=2, annotation_id=about)
    assert [(each["x"], each["annotation_id"]) for each in threads(project)] == [
        (None, None),
        (0, None),
        (1, about),
    ]
    for wrong in (
        {"x": 1},
        {"y": 1},
        {"x": 41, "y": 1},
        {"x": 1, "y": 30.5},
        {"x": -1, "y": 1},
        {"annotation_id": about},
    ):
        answer = project.ann.post(comments_of(project), json={"text": "?", **wrong})
        check_error(answer, 400, "bad_request")


def test_what_is_about_a_deleted_object_stays_on_its_spot(project, make_annotation):
    about = draw(project, make_annotation)
    say(project, project.rita, x=3, y=4, annotation_id=about["id"])
    assert project.ann.delete(f"/api/annotations/{about['id']}?version=1").status_code == 204
    [thread] = threads(project)
    assert (thread["x"], thread["y"], thread["annotation_id"]) == (3, 4, about["id"])
    say(project, project.rita, x=3, y=4, annotation_id=about["id"])  # on its way while it was deleted


def test_objects_and_threads_of_other_images_are_as_none(project, make_annotation, check_error):
    elsewhere, thread = draw(project, make_annotation, 1)["id"], say(project, project.ann, number=1)["id"]
    answers = [
        project.ann.post(comments_of(project), json={"text": "?", "x": 1, "y": 1, "annotation_id": each})
        for each in (elsewhere, str(uuid4()))
    ]
    assert answers[0].json == answers[1].json
    check_error(answers[0], 400, "bad_request")
    for each in (thread, str(uuid4())):
        check_error(
            project.ann.post(comments_of(project), json={"text": "?", "thread": each}),
            404,
            "comment_not_found",
        )


def test_a_comment_that_is_sent_again_is_not_made_twice(project, check_error):
    body = {"id": str(uuid4()), "text": "Once", "x": 1, "y": 1}
    first, again = (project.ann.post(comments_of(project), json=body) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json == again.json
    assert texts(project) == [["Once"]]
    assert len(project.events("comment:changed")) == 1
    check_error(project.ann.post(comments_of(project, 1), json=body), 409, "conflict")
    check_error(project.rita.post(comments_of(project), json=body), 409, "conflict")
    project.ann.delete(one(project, body["id"]))
    assert project.ann.post(comments_of(project), json=body).status_code == 200
    assert threads(project) == []  # what was deleted does not come back


def test_an_id_of_a_comment_of_another_project_is_free(project):
    made = say(project, project.ann)["id"]
    other = make_other(project)
    assert project.ann.post(f"{other}/comments", json={"id": made, "text": "Elsewhere"}).status_code == 201
    assert texts(project) == [["Is this a car?"]]


def make_other(project):
    """The address of an image in another project of ann's."""
    services = project.services
    other = services.projects.create(OWNER, {"name": "Other"}).id
    with services.db.write() as session:
        members.put(session, other, project.ann.account, "annotator")
    with services.db.read() as session:
        image = session.get(Image, project.images[0])
    image, _ = services.uploads.add(OWNER, services.blobs.open(image.original_key), "b.png", other)
    return f"/api/projects/{other}/images/{image.id}"


@pytest.mark.parametrize("text", ["", " \n\t", "a" * 2001, "a\x00b", None, 7, "\ud800"])
def test_texts_that_are_none(project, check_error, text):
    answer = project.ann.post(comments_of(project), json={"text": text})
    check_error(answer, 400, "bad_request")
    assert threads(project) == []


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "javascript:alert(1)",
        "</script><b>",
        "a" * 2000,
    ],
)
def test_texts_are_kept_as_they_are(project, text):
    say(project, project.ann, text)
    assert texts(project) == [[text]]
    page = project.vic.get(
        f"/projects/{project.id}/images/{project.images[0]}", headers={"Accept": "text/html"}
    )
    assert text[:20] not in page.text


def test_an_image_takes_so_many(project, check_error, monkeypatch):
    monkeypatch.setattr(service, "MOST_COMMENTS", 2)
    first = say(project, project.ann)["id"]
    say(project, project.ann, thread=first)
    check_error(project.ann.post(comments_of(project), json={"text": "?"}), 409, "conflict")
    project.ann.delete(one(project, first))
    say(project, project.ann)
    say(project, project.ann, number=1)


def test_nobody_floods_others(project, check_error):
    for _ in range(60):
        say(project, project.ann)
    refused = project.ann.post(comments_of(project), json={"text": "?"})
    check_error(refused, 429, "too_many_requests")
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    say(project, project.ben)


def test_people_change_their_own_words(project, check_error):
    made = say(project, project.ann)
    changed = project.ann.patch(one(project, made["id"]), json={"text": "A bus"})
    [comment] = changed.json["comments"]
    assert comment["text"] == "A bus"
    assert comment["edited_at"] >= comment["created_at"]
    for client in (project.max, project.rita):
        check_error(client.patch(one(project, made["id"]), json={"text": "No"}), 403, "forbidden")
    check_error(project.ann.patch(one(project, made["id"]), json={}), 400, "bad_request")
    assert texts(project) == [["A bus"]]


def test_people_delete_their_own_and_managers_any(project, check_error):
    made = say(project, project.ann)["id"]
    check_error(project.rita.delete(one(project, made)), 403, "forbidden")
    assert project.max.delete(one(project, made)).status_code == 204
    assert project.ann.delete(one(project, made)).status_code == 204  # sent again
    assert threads(project) == []
    check_error(project.ann.patch(one(project, made), json={"text": "Back"}), 404, "comment_not_found")


def test_the_first_of_a_thread_with_replies_stays_without_its_words(project):
    first = say(project, project.ann, "Wrong")["id"]
    reply = say(project, project.ben, "Why?", thread=first)["comments"][1]["id"]
    gone = say(project, project.ben, "Hm", thread=first)["comments"][2]["id"]
    project.ben.delete(one(project, gone))
    project.ann.delete(one(project, first))
    [thread] = threads(project)
    assert [(each["text"], each["deleted"]) for each in thread["comments"]] == [("", True), ("Why?", False)]
    project.ben.delete(one(project, reply))
    assert threads(project) == []
    log = str(project.services.events.since(OWNER, project.id, 0))
    assert "Wrong" not in log


def test_a_thread_is_resolved_and_opened_again(project, check_error):
    made = say(project, project.ann)["id"]
    assert counted(project) == 1
    resolved = project.ben.patch(one(project, made), json={"resolved": True}).json
    assert resolved["resolved_by"] == project.ben.account
    assert resolved["resolved_at"] is not None
    assert counted(project) == 0
    again = project.rita.patch(one(project, made), json={"resolved": True}).json
    assert again["resolved_by"] == project.ben.account
    opened = project.ann.patch(one(project, made), json={"resolved": False}).json
    assert (opened["resolved_at"], opened["resolved_by"]) == (None, None)
    assert counted(project) == 1
    check_error(project.ann.patch(one(project, made), json={"resolved": 1}), 400, "bad_request")


def counted(project):
    return project.vic.get(f"{project.path}/images/{project.images[0]}").json["open_threads"]


def test_viewers_read_and_others_write(project, check_error):
    made = say(project, project.ann)["id"]
    assert len(threads(project, project.vic)) == 1
    check_error(project.vic.post(comments_of(project), json={"text": "?"}), 403, "forbidden")
    check_error(project.vic.patch(one(project, made), json={"resolved": True}), 403, "forbidden")
    check_error(project.vic.delete(one(project, made)), 403, "forbidden")
    outside = person(project.app, "outside")
    check_error(outside.get(comments_of(project)), 404, "project_not_found")


def test_what_happened_is_told_without_the_words(project):
    made = say(project, project.ann, "A secret")["id"]
    project.ann.patch(one(project, made), json={"text": "Another"})
    project.ann.delete(one(project, made))
    told = project.events("comment:changed") + project.events("comment:deleted")
    assert [(each["id"], each["thread"], each["image"]) for each in told] == [
        (made, made, project.images[0])
    ] * 3
    assert not any("text" in each or "secret" in str(each) for each in told)


def test_comments_of_an_image_in_the_trash_are_not_there(project, check_error):
    made = say(project, project.ann)["id"]
    project.max.delete(f"{project.path}/images/{project.images[0]}")
    check_error(project.ann.get(comments_of(project)), 404, "image_not_found")
    check_error(project.ann.patch(one(project, made), json={"text": "?"}), 404, "comment_not_found")
    project.max.post(f"{project.path}/trash/restore", json={"ids": project.images[:1]})
    assert len(threads(project)) == 1
    project.max.delete(f"{project.path}/images/{project.images[0]}")
    project.max.post(f"{project.path}/trash/delete", json={"all": True})
    with project.services.db.read() as session:
        assert session.query(Comment).all() == []
