"""What concerns somebody stands in their inbox, and in nobody else's: mentions, replies, comments on their images, and
images that were returned."""

import pytest

from server.domain.policy import OWNER
from server.features.comments import inbox
from server.storage.rows import comments as rows
from server.storage.tables import now
from tests.web.team import person
from tests.web.test_comments import ROLES, comments_of, one, say
from tests.web.working import make_project

INBOX = "/api/account/inbox"


@pytest.fixture
def project(make_app, make_picture):
    made = make_project(make_app(team=True), make_picture, images=2, **ROLES)
    made.max.patch(made.path, json={"settings": {"review": True}})
    return made


def kinds(client):
    """The newest first."""
    return [each["kind"] for each in client.get(INBOX).json["items"]]


def unread(client):
    counted = client.get(f"{INBOX}/unread").json["unread"]
    assert client.get(INBOX).json["unread"] == counted
    return counted


def mark(client, **which):
    answer = client.post(f"{INBOX}/read", json=which)
    assert answer.status_code == 200, answer.json
    return answer.json["unread"]


def mention(client):
    return f"<@{client.account}>"


def change(project, state, client=None, number=0):
    address = f"{project.path}/images/{project.images[number]}"
    assert (client or project.ann).patch(address, json={"state": state}).status_code == 200


def decide(project, decision, **more):
    address = f"{project.path}/images/{project.images[0]}/review"
    assert project.rita.post(address, json={"decision": decision, **more}).status_code == 200


def assign(project, *clients, number=0):
    body = {"ids": [project.images[number]], "to": [each.account for each in clients]}
    assert project.max.post(f"{project.path}/assignments", json=body).status_code == 200


def test_a_mention_says_who_and_where(project):
    thread = say(project, project.ann, f"{mention(project.ben)}, is this a car?")
    [item] = project.ben.get(INBOX).json["items"]
    assert item | {"id": 0, "at": ""} == {
        "id": 0, "kind": "mention", "at": "", "read": False, "by": project.ann.account, "by_name": "ann",
        "project_id": project.id, "project": "Streets", "image_id": project.images[0], "image": "000.png",
        "thread": thread["id"], "text": f"{mention(project.ben)}, is this a car?",
    }  # fmt: skip
    assert project.ben.get(INBOX).json["names"] == {project.ben.account: "ben"}
    assert unread(project.ben) == 1
    assert [kinds(each) for each in (project.ann, project.rita, project.max)] == [[], [], []]


def test_whoever_wrote_in_a_thread_is_told_of_replies(project):
    thread = say(project, project.ann)["id"]
    say(project, project.ben, thread=thread)
    say(project, project.rita, thread=thread)
    assert kinds(project.ann) == ["reply", "reply"]
    assert kinds(project.ben) == ["reply"]
    assert kinds(project.rita) == []
    say(project, project.zoe)  # a thread of its own concerns nobody
    assert kinds(project.ann) == ["reply", "reply"]


def test_whose_an_image_is_is_told_of_comments_on_it(project):
    assign(project, project.ann)
    change(project, "done", project.ben, 1)
    say(project, project.rita)
    say(project, project.rita, number=1)
    assert kinds(project.ann) == kinds(project.ben) == ["image"]
    assign(project)
    say(project, project.rita)
    assert kinds(project.ann) == ["image"]


def test_one_comment_is_told_once_for_the_best_reason(project):
    assign(project, project.ann)
    thread = say(project, project.ann)["id"]
    say(project, project.rita, f"{mention(project.ann)} {mention(project.ann)}", thread=thread)
    say(project, project.rita, thread=thread)
    say(project, project.rita)
    assert kinds(project.ann) == ["image", "reply", "mention"]


def test_nobody_is_told_of_what_they_wrote(project):
    assign(project, project.ann)
    thread = say(project, project.ann, mention(project.ann))["id"]
    say(project, project.ann, thread=thread)
    assert kinds(project.ann) == []


def test_a_comment_that_is_sent_again_is_told_once(project):
    for _ in range(2):
        body = {"id": "comment-1", "text": mention(project.ben)}
        project.ann.post(comments_of(project), json=body)
    assert kinds(project.ben) == ["mention"]


def test_what_is_edited_tells_whom_it_mentions_now(project):
    made = say(project, project.ann, mention(project.ben))["id"]
    project.ann.patch(one(project, made), json={"text": f"{mention(project.zoe)} {mention(project.rita)}"})
    assert [kinds(each) for each in (project.ben, project.zoe, project.rita)] == [
        [],
        ["mention"],
        ["mention"],
    ]
    project.ann.patch(one(project, made), json={"text": f"{mention(project.zoe)}!"})
    assert [kinds(each) for each in (project.zoe, project.rita)] == [["mention"], []]


def test_what_is_deleted_is_told_no_more(project):
    made = say(project, project.ann, mention(project.ben))["id"]
    project.ann.delete(one(project, made))
    assert (kinds(project.ben), unread(project.ben)) == ([], 0)


def test_a_returned_image_is_told_until_that_is_taken_back(project):
    change(project, "done")
    decide(project, "return", note="The left car\nis missing.")
    [item] = project.ann.get(INBOX).json["items"]
    assert (item["kind"], item["thread"], item["by_name"]) == ("returned", None, "rita")
    assert item["text"] == "The left car\nis missing."
    decide(project, "reopen")
    assert kinds(project.ann) == []
    decide(project, "return", note="Again")
    change(project, "done")
    decide(project, "return", note="And again")
    assert [each["text"] for each in project.ann.get(INBOX).json["items"]] == ["And again"]
    decide(project, "reopen")
    decide(project, "accept")
    assert kinds(project.ann) == []


def test_what_one_returns_oneself_is_no_news(project):
    change(project, "done", project.rita)
    decide(project, "return")
    assert kinds(project.rita) == []


def test_items_are_marked_as_read(project):
    threads = [say(project, project.ann, mention(project.ben), number=each % 2)["id"] for each in range(4)]
    newest, *_, oldest = project.ben.get(INBOX).json["items"]
    assert unread(project.ben) == 4
    assert mark(project.ben, ids=[oldest["id"]]) == 3
    assert mark(project.ben, ids=[oldest["id"]]) == 3
    assert mark(project.ben, project=project.id, thread=threads[1]) == 2
    say(project, project.ann, mention(project.ben))  # after what was shown
    assert mark(project.ben, up_to=newest["id"]) == 1
    assert [each["read"] for each in project.ben.get(INBOX).json["items"]] == [False, True, True, True, True]


def test_nobody_marks_what_is_anothers(project):
    say(project, project.ann, mention(project.ben))
    [item] = project.ben.get(INBOX).json["items"]
    for which in (
        {"ids": [item["id"]]},
        {"up_to": 2**53 - 1},
        {"project": project.id, "thread": item["thread"]},
    ):
        mark(project.zoe, **which)
    assert unread(project.ben) == 1


@pytest.mark.parametrize(
    "body", [{}, {"ids": []}, {"ids": ["a"]}, {"up_to": 0}, {"up_to": True}, {"thread": "a"}, {"ids": [1], "up_to": 1}]
)  # fmt: skip
def test_marks_that_are_none(project, check_error, body):
    check_error(project.ben.post(f"{INBOX}/read", json=body), 400, "bad_request")


def test_it_comes_in_pages(project, monkeypatch):
    monkeypatch.setattr(inbox, "PAGE", 2)
    for number in range(5):
        say(project, project.ann, f"{mention(project.ben)} {number}")
    texts, address = [], INBOX
    while True:
        page = project.ben.get(address).json
        texts += [each["text"][-1] for each in page["items"]]
        if page["next"] is None:
            break
        address = f"{INBOX}?before={page['next']}"
    assert texts == ["4", "3", "2", "1", "0"]
    assert page["unread"] == 5


def test_what_is_in_a_trash_is_not_shown(project):
    say(project, project.ann, mention(project.ben))
    image = f"{project.path}/images/{project.images[0]}"
    project.max.delete(image)
    assert (kinds(project.ben), unread(project.ben)) == ([], 0)
    project.max.post(f"{project.path}/trash/restore", json={"ids": project.images[:1]})
    assert unread(project.ben) == 1
    project.services.projects.delete(OWNER, project.id)
    assert (kinds(project.ben), unread(project.ben)) == ([], 0)


def test_whoever_leaves_a_project_is_told_nothing_of_it_any_more(project):
    say(project, project.ann, mention(project.ben))
    say(project, project.ben)
    project.max.delete(f"{project.path}/members/{project.ben.account}")
    assert (kinds(project.ben), unread(project.ben)) == ([], 0)
    assert (
        project.max.post(f"{project.path}/members", json={"account": "ben", "role": "viewer"}).status_code
        == 201
    )
    assert kinds(project.ben) == []


def test_an_administrator_who_is_no_member_has_no_inbox_of_it(project):
    admin = person(project.app, "root", is_admin=True)
    thread = say(project, admin)["id"]
    say(project, project.ann, thread=thread)
    assert kinds(admin) == []


def test_it_is_forgotten_after_a_while(project):
    say(project, project.ann, mention(project.ben))
    with project.services.db.write() as session:
        rows.prune_inboxes(session, now())
    assert kinds(project.ben) == []


def test_only_the_sessions_of_an_account_hear_of_its_inbox(project):
    server = project.app.extensions["socketio"]
    sockets = {
        name: server.test_client(project.app, flask_test_client=project.clients[name])
        for name in ("ann", "ben", "rita", "zoe")
    }
    sockets["another tab"] = server.test_client(project.app, flask_test_client=project.ben)
    for socket in sockets.values():
        socket.get_received()

    def heard():
        found = {name: socket.get_received() for name, socket in sockets.items()}
        return {name: [each["name"] for each in told] for name, told in found.items() if told}

    say(project, project.ann, mention(project.ben))
    both = {"ben": ["inbox:changed"], "another tab": ["inbox:changed"]}
    assert heard() == both
    mark(project.ben, up_to=2**53 - 1)
    assert heard() == both
    mark(project.ben, up_to=2**53 - 1)
    assert heard() == {}
    change(project, "done")
    decide(project, "return")
    assert heard() == {"ann": ["inbox:changed"]}
    sockets.pop("another tab").disconnect()
    say(project, project.ann, mention(project.ben))
    assert heard() == {"ben": ["inbox:changed"]}


def test_watchers_of_an_image_hear_that_there_is_a_comment(project):
    server = project.app.extensions["socketio"]
    sockets = [server.test_client(project.app, flask_test_client=each) for each in (project.ben, project.zoe)]
    for socket, image in zip(sockets, project.images, strict=True):
        assert socket.emit("watch", {"image": image, "project": project.id}, callback=True)["ok"]
        socket.get_received()
    made = say(project, project.ann)["id"]
    [told], other = (each.get_received() for each in sockets)
    assert (told["name"], told["args"][0]["thread"], other) == ("comment:changed", made, [])
    seq = told["args"][0]["seq"]
    [replayed] = project.ben.get(f"{project.path}/events?since={seq - 1}").json["events"]
    assert replayed == told["args"][0]
