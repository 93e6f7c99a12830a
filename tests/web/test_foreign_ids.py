"""What is in a project of others is, for somebody who has its ids, as if it were nowhere: the answers are the same in
every byte, and nothing changes there."""

import json
from dataclasses import replace
from secrets import token_hex
from uuid import uuid4

import pytest

from server.domain.policy import is_about_project
from server.web.acting import about_of, action_of
from tests.web.projects_of_a_team import Team, Things, rows_of
from tests.web.test_policy import routes

_IDS = (
    "image_id", "annotation_id", "job_id", "account_id", "label_id", "selected", "removed_image_id", "link_id",
    "comment_id", "run_id", "share_id", "webhook_id", "delivery_id", "proposal_id",
)  # fmt: skip
_PROJECT = "/api/projects/<project_id>"
_JOBS = (  # whose bodies have no ids
    "agreement", "consensus", "consensus/<run_id>/undo", "trainings", "mask-runs/boxes", "mask-runs/automatic",
    *(f"mask-runs/<run_id>/{each}" for each in ("pause", "resume", "undo", "confirm/<annotation_id>")),
    *(f"trainings/<run_id>/{each}" for each in ("pause", "resume", "finish")),
)  # fmt: skip

# What is sent to each address about a project that takes a body, with ids of `Things`; [] where a body has no ids.
BODIES = {
    ("POST", "/api/images"): [],
    ("POST", "/api/sample"): [],
    ("POST", "/api/images/<image_id>/annotations"): [{"label_id": "{label_id}"}],
    ("POST", "/api/images/<image_id>/embedding"): [],
    ("POST", "/api/images/<image_id>/predict"): [{"points": [[1, 1, 1]]}],
    ("PATCH", "/api/annotations/<annotation_id>"): [{"version": 1, "attributes": {"a": 1}}],
    ("POST", "/api/annotations/<annotation_id>/restore"): [{"version": 1, "base": 1}],
    ("PATCH", _PROJECT): [{"description": "Ours"}],
    **{("POST", f"{_PROJECT}/{each}"): [] for each in ("restore", "delete-forever", "archive", "unarchive")},
    ("PUT", f"{_PROJECT}/labels"): [
        {"labels": [{"id": "{label_id}", "name": "dog", "color": "#000000"}]},
        {"labels": [{"name": "dog", "color": "#000000", "replaces": ["{label_id}"]}]},
    ],
    **{("POST", f"{_PROJECT}/{each}"): [] for each in ("images", "selections", "members")},
    ("POST", f"{_PROJECT}/uploads"): [{"bytes": 5}],
    ("POST", f"{_PROJECT}/uploads/<upload_id>"): [{"name": "a.png"}],
    ("POST", f"{_PROJECT}/images/bulk"): [
        {"ids": ["{image_id}"], "state": "done"},
        {"ids": ["{image_id}"], "remove": True},
        {"ids": ["{removed_image_id}"], "restore": True},
        {"states": {"done": ["{image_id}"]}},
        {"ids": ["{image_id}"], "gold": True},
    ],
    ("PATCH", f"{_PROJECT}/images/<image_id>"): [{"state": "done"}, {"rendering": None}],
    ("POST", f"{_PROJECT}/images/<image_id>/restore"): [{"at": "2026-01-31"}],
    ("POST", f"{_PROJECT}/images/<image_id>/annotations"): [{"label_id": "{label_id}"}],
    ("POST", f"{_PROJECT}/imports/<job_id>/resume"): [{"format": "coco"}],
    ("POST", f"{_PROJECT}/imports/<job_id>/cancel"): [],
    ("POST", f"{_PROJECT}/import/<format_name>"): [],
    ("POST", f"{_PROJECT}/export/<format_name>/prepare"): [],
    ("POST", f"{_PROJECT}/trash/restore"): [{"ids": ["{removed_image_id}"]}],
    ("POST", f"{_PROJECT}/trash/delete"): [{"ids": ["{removed_image_id}"]}],
    ("PATCH", f"{_PROJECT}/members/<account_id>"): [{"role": "viewer"}],
    ("POST", f"{_PROJECT}/invitations"): [{"role": "viewer"}],
    ("POST", f"{_PROJECT}/links"): [{"kind": "view", "days": 1, "image": "{image_id}"}],
    ("POST", f"{_PROJECT}/assignments"): [
        {"ids": ["{image_id}"], "to": ["{account_id}"]},
        {"ids": ["{image_id}"], "to": []},
        {"ids": ["{image_id}"], "given": {"{account_id}": ["{image_id}"]}},
    ],
    ("POST", f"{_PROJECT}/assignments/take"): [],
    **{("POST", f"{_PROJECT}/images/<image_id>/{each}"): [{}] for each in ("proposals", "stop-proposing")},
    ("PATCH", f"{_PROJECT}/images/<image_id>/proposals"): [{"drop": ["{proposal_id}"]}],
    ("POST", f"{_PROJECT}/images/<image_id>/review"): [{"decision": "accept"}],
    ("POST", f"{_PROJECT}/assignments/give-back"): [{"ids": ["{image_id}"]}],
    ("POST", f"{_PROJECT}/images/<image_id>/comments"): [
        {"text": "Hello"},
        {"text": "Hello", "thread": "{comment_id}"},
        {"text": "Hello", "x": 1, "y": 1, "annotation_id": "{annotation_id}"},
        {"text": "Hello <@{account_id}>"},
    ],
    ("PATCH", f"{_PROJECT}/comments/<comment_id>"): [{"text": "Ours"}, {"resolved": True}],
    ("POST", f"{_PROJECT}/images/<image_id>/consensus"): [
        {"method": "majority", "replace": ["{annotation_id}"]}
    ],
    **{("POST", f"{_PROJECT}/{each}"): [] for each in _JOBS},
    ("POST", f"{_PROJECT}/label-studio/setup"): [],
    ("POST", f"{_PROJECT}/label-studio/predict"): [{"tasks": []}],
    ("POST", f"{_PROJECT}/label-studio/webhook"): [],
    ("POST", f"{_PROJECT}/webhooks"): [{"url": "https://1.1.1.1/"}],
    ("PATCH", f"{_PROJECT}/webhooks/<webhook_id>"): [{"paused": True}],
    ("POST", f"{_PROJECT}/webhooks/<webhook_id>/secret"): [],
    ("POST", f"{_PROJECT}/webhooks/<webhook_id>/ping"): [],
    ("POST", f"{_PROJECT}/webhooks/<webhook_id>/deliveries/<delivery_id>/redeliver"): [],
}
QUERIES = {
    ("GET", "/api/images"): ["before={image_id}"],
    ("GET", "/api/annotations/<annotation_id>"): ["project={project_id}"],
    ("GET", "/api/annotations/<annotation_id>/history"): ["project={project_id}"],
    ("GET", "/api/annotations/<annotation_id>/versions/<version>"): ["project={project_id}"],
    ("POST", "/api/annotations/<annotation_id>/restore"): ["project={project_id}"],
    ("GET", f"{_PROJECT}/history"): ["person={account_id}"],
    ("DELETE", "/api/annotations/<annotation_id>"): ["version=1", "version=1&project={project_id}"],
    ("GET", f"{_PROJECT}/images"): ["person={account_id}", "assigned={account_id}"],
    ("POST", f"{_PROJECT}/assignments/take"): ["after={image_id}"],
    ("GET", f"{_PROJECT}/agreement/images"): ["person={account_id}", "label={label_id}"],
    ("GET", f"{_PROJECT}/images/<image_id>/differences.png"): ["first={account_id}&second=common"],
    ("GET", f"{_PROJECT}/queue"): ["after={image_id}", "after={image_id}&images=3"],
    ("GET", f"{_PROJECT}/bundle"): ["images={image_id}", "images={image_id}&objects=1"],
    ("GET", f"{_PROJECT}/trash"): ["after={removed_image_id}"],
    ("GET", f"{_PROJECT}/export/<format_name>"): ["selected={selected}"],
    ("GET", f"{_PROJECT}/export/<format_name>/losses"): ["selected={selected}"],
    ("POST", f"{_PROJECT}/export/<format_name>/prepare"): ["selected={selected}"],
}


@pytest.fixture
def team(make_app, make_picture, make_annotation):
    return Team(make_app(team=True), make_picture, make_annotation)


def nothing() -> Things:
    """Ids as those of `Things`, of nothing."""
    ids = {"image_id": token_hex(8), "removed_image_id": token_hex(8), "job_id": token_hex(6)}
    ids |= {name: token_hex(8) for name in ("link_id", "run_id", "share_id", "proposal_id")}
    ids |= {"account_id": token_hex(6), "webhook_id": token_hex(6), "delivery_id": f"msg_{token_hex(12)}"}
    ids |= {name: str(uuid4()) for name in ("label_id", "annotation_id", "comment_id")}
    return Things(project_id=token_hex(6), selected=token_hex(16), **ids)


def asks(app, make_annotation):
    """(method, rule, the query, the body) of all that may be asked about projects."""
    for method, rule, view in routes(app):
        if not is_about_project(action_of(view)) or method == "OPTIONS":
            continue
        bodies = BODIES[method, rule] if method in ("POST", "PUT", "PATCH") else []
        drawn = [make_annotation() | body if "annotations" in rule else body for body in bodies]
        for body in drawn or [None]:
            for query in ["", *QUERIES.get((method, rule), [])]:
                yield method, rule, query, body, about_of(view)


def filled_in(text, things):
    for name, value in vars(things).items():
        text = text.replace(f"{{{name}}}", value)
    return text


def told(client, things, method, rule, query, body):
    """The whole answer, without the ids that it was asked with."""
    sent = None if body is None else json.loads(filled_in(json.dumps(body), things))
    if sent and "labels" in sent:
        sent["version"] = client.get(things.address(rule)).json.get("version", 1)
    if sent and "rle" in sent:
        sent["id"] = str(uuid4())
    answer = client.open(f"{things.address(rule)}?{filled_in(query, things)}", method=method, json=sent)
    headers = {name: value for name, value in answer.headers if name not in ("Date", "X-Request-ID")}
    text = answer.get_data(as_text=True)
    for name, value in vars(things).items():
        text = text.replace(value, name)
        headers = {each: was.replace(value, name) for each, was in headers.items()}
    return answer.status_code, headers, text


def test_all_ids_of_others_are_as_none(team, make_annotation):
    before = rows_of(team.app, team.theirs.project_id)
    filled = "annotations project_images import_jobs members invitations comments links proposal_sets"
    assert all(before[table] for table in (*filled.split(), "trainings"))
    for who in ("viewer", "owner", "owner's token to manage"):
        client = team.people[who]
        for ask in asks(team.app, make_annotation):
            *asked, about = ask
            if about == "default" and "<image_id>" not in asked[1]:
                continue  # about no id; asked with those of others below
            theirs, none = (told(client, things, *asked) for things in (team.theirs, nothing()))
            assert theirs == none, (who, asked)
            assert 400 <= theirs[0] < 500, (who, asked)
    assert rows_of(team.app, team.theirs.project_id) == before


def test_ids_of_others_in_a_project_of_ours_are_as_none(team, make_annotation):
    before = rows_of(team.app, team.theirs.project_id)
    client = team.people["owner"]
    for *asked, about in asks(team.app, make_annotation):
        method, rule, query, body = asked
        if not any(f"<{name}>" in rule or f"{{{name}}}" in f"{query}{body}" for name in _IDS):
            continue
        ours = team.general if about == "default" else team.ours
        within = ours.project_id
        theirs, none = (replace(things, project_id=within) for things in (team.theirs, nothing()))
        first, second = told(client, none, *asked), told(client, theirs, *asked)
        if first[0] >= 400 or method == "GET":
            assert first == second, asked
        else:  # something of ours has changed, so versions go on
            assert first[0] == second[0], asked
        if body is not None and "label_id" in str(body):  # of an image that is ours
            own = replace(theirs, image_id=ours.image_id)
            other = replace(none, image_id=ours.image_id)
            assert told(client, own, *asked)[0] == told(client, other, *asked)[0], asked
    assert rows_of(team.app, team.theirs.project_id) == before


def test_an_annotation_may_have_the_id_of_one_of_others(team, make_annotation):
    """Nothing tells that it is taken, nothing of theirs changes, and each is found where it is."""
    before = rows_of(team.app, team.theirs.project_id)
    owner, stranger = team.people["owner"], team.people["stranger"]
    address = f"/api/projects/{team.ours.project_id}/images/{team.ours.image_id}/annotations"
    taken = team.theirs.annotation_id
    body = make_annotation(2) | {"id": taken}
    made = owner.post(address, json=body)
    assert (made.status_code, made.json["id"], made.json["version"]) == (201, taken, 1)
    assert owner.post(address, json=body).status_code == 200
    one = f"/api/annotations/{taken}"
    assert owner.get(one).json["project_id"] == team.ours.project_id
    assert stranger.get(one).json["project_id"] == team.theirs.project_id
    changed = owner.patch(one, json={"version": 1, "attributes": {"a": 1}})
    assert (changed.status_code, changed.json["version"]) == (200, 2)
    assert owner.delete(f"{one}?version=2").status_code == 204
    again = owner.post(address, json=body)
    assert (again.status_code, again.json["error"]["version"]) == (409, 3)
    assert rows_of(team.app, team.theirs.project_id) == before
    assert stranger.get(one).json["version"] == 1


def test_who_sees_both_says_in_which_project_an_annotation_is_meant(team, make_annotation):
    admin, taken = team.people["admin"], team.theirs.annotation_id
    address = f"/api/projects/{team.ours.project_id}/images/{team.ours.image_id}/annotations"
    body = make_annotation(2) | {"id": taken}
    assert admin.post(address, json=body).status_code == 409  # who may see that it is taken is told
    assert team.people["owner"].post(address, json=body).status_code == 201
    for things in (team.ours, team.theirs):
        found = admin.get(f"/api/annotations/{taken}?project={things.project_id}")
        assert found.json["project_id"] == things.project_id
    assert admin.get(f"/api/annotations/{taken}").json["project_id"] == team.theirs.project_id


def test_a_list_continues_only_after_what_is_in_it(team):
    owner = team.people["owner"]
    assert owner.get(f"/api/images?before={team.general.image_id}").status_code == 200
    assert owner.get(f"/api/images?before={team.theirs.image_id}").status_code == 404
    assert owner.get(f"/api/images?before={team.ours.image_id}").status_code == 404


def test_a_selection_with_images_of_others_exports_only_ours(team):
    owner, ours = team.people["owner"], f"/api/projects/{team.ours.project_id}"
    ids = [team.ours.image_id, team.theirs.image_id]
    selected = owner.post(f"{ours}/selections", json={"ids": ids}).json["selected"]
    exported = owner.get(f"{ours}/export/coco?selected={selected}").json
    assert len(exported["images"]) == 1
    losses = owner.get(f"{ours}/export/coco/losses?selected={selected}").json
    assert losses["images"] == 1


def test_lists_have_only_what_is_ones_own(team):
    def listed(who, which="active"):
        return {each["id"] for each in team.people[who].get(f"/api/projects?which={which}").json["projects"]}

    own = {team.ours.project_id, "default"}
    assert listed("viewer") == listed("owner") == listed("owner's token to read") == own
    assert listed("stranger") == {team.theirs.project_id}
    assert listed("admin") == own | {team.theirs.project_id}
    team.people["owner"].delete(f"/api/projects/{team.ours.project_id}")
    assert listed("owner", "deleted") == {team.ours.project_id}
    assert listed("manager", "deleted") == set()  # they could not restore it
    assert listed("stranger", "deleted") == set()
    page = team.people["stranger"].get("/", headers={"Accept": "text/html"})
    assert team.ours.project_id not in page.text


def test_figures_of_all_projects_are_for_administrators(team):
    for who, whole in (("owner", False), ("stranger", False), ("admin", True)):
        status = team.people[who].get("/api/status").json
        assert (status["storage"] is not None) == whole
        assert (status["outdated_embeddings"] is not None) == whole


def test_what_a_browser_keeps_is_not_the_next_persons(team):
    """Private, and bound to the sign-in: no proxy keeps it, nor does a shared browser show it after signing out."""
    image = team.people["viewer"].get(f"/api/images/{team.ours.image_id}").json
    for address in (image["file_url"], image["thumbnail_url"], f"{image['file_url']}?version="):
        answer = team.people["viewer"].get(address)
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"].startswith("private")
        assert {"Cookie", "Authorization"} <= set(answer.vary)
        tag = {"If-None-Match": answer.headers["ETag"]}
        assert team.people["viewer"].get(address, headers=tag).status_code == 304
        assert team.people["stranger"].get(address, headers=tag).status_code == 404
        assert team.people["guest"].get(address, headers=tag).status_code == 401


def test_an_import_keeps_ids_that_others_have_too(team):
    """Another id instead would tell that they have it."""
    before = rows_of(team.app, team.theirs.project_id)
    services, owner = team.app.extensions["samphire"], team.people["owner"]
    exported = team.people["stranger"].get(f"/api/projects/{team.theirs.project_id}/export/coco").data
    ours = f"/api/projects/{team.ours.project_id}"
    sent = owner.post(f"{ours}/import/coco", data=exported, content_type="application/octet-stream")
    services.queue.start()
    services.queue.wait(("import", sent.json["id"]), 20)
    listed = owner.get(f"{ours}/images/{team.ours.image_id}/annotations").json["annotations"]
    assert {each["id"] for each in listed} == {team.ours.annotation_id, team.theirs.annotation_id}
    assert rows_of(team.app, team.theirs.project_id) == before
