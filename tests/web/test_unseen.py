"""What an annotator makes on an independent image is, for another one, as if it were nowhere: in every answer and in
all that the socket tells."""

from dataclasses import replace
from json import dumps
from uuid import uuid4

import pytest

from server.storage.rows import members
from server.storage.tables import DEFAULT_PROJECT
from tests.web.projects_of_a_team import Team
from tests.web.team import person
from tests.web.test_foreign_ids import asks, filled_in, nothing, told

NAME = "Quentin Unseen"


@pytest.fixture
def team(make_app, make_picture, make_annotation):
    """`.hidden`: another annotator of both projects, where each image is for two, with an object in each."""
    made = Team(make_app(team=True), make_picture, make_annotation)
    made.hidden = person(made.app, NAME)
    made.secrets = {NAME, made.hidden.account}
    services = made.app.extensions["samphire"]
    with services.db.write() as session:
        for project_id in (made.ours.project_id, DEFAULT_PROJECT):
            members.put(session, project_id, made.hidden.account, "annotator")
    for things in (made.ours, made.general):
        body = {"settings": {"annotators_per_image": 2, "gold_every": 7}}
        assert (
            made.people["manager"].patch(f"/api/projects/{things.project_id}", json=body).status_code == 200
        )
        made.secrets.add(things.annotation_id)  # a common one, which is hidden from annotators as well
    return made


def work(team, things, make_annotation):
    """Everything that an annotator does on an image; the id of what they leave there."""
    hidden = team.hidden
    image = f"/api/projects/{things.project_id}/images/{things.image_id}"
    kept, gone = (make_annotation(number) | {"id": str(uuid4())} for number in (7, 8))
    team.secrets |= {kept["id"], gone["id"], kept["rle"]["counts"], gone["rle"]["counts"]}
    for body in (kept, gone):
        assert hidden.post(f"{image}/annotations", json=body).status_code == 201
    one, other = (f"/api/annotations/{each['id']}?project={things.project_id}" for each in (kept, gone))
    changed = hidden.patch(one, json={"version": 1, "attributes": {"sign": "secret sign"}})
    assert changed.status_code == 200
    assert hidden.delete(f"{other}&version=1").status_code == 204
    comment = {"id": str(uuid4()), "text": "a secret word", "annotation_id": kept["id"], "x": 7, "y": 6}
    for said in (comment, {"id": str(uuid4()), "text": "another secret word"}):
        assert hidden.post(f"{image}/comments", json=said).status_code == 201
        team.secrets.add(said["id"])
    team.secrets |= {"secret sign", "secret word"}
    assert hidden.patch(image, json={"state": "attention"}).status_code == 200
    assert hidden.patch(image, json={"state": "done"}).status_code == 200
    return kept["id"]


def test_no_answer_tells_of_it(team, make_annotation):
    kept = {things.project_id: work(team, things, make_annotation) for things in (team.ours, team.general)}
    client = team.people["annotator"]
    for method, rule, query, body, about in asks(team.app, make_annotation):
        things = team.general if about == "default" else team.ours
        things = replace(things, annotation_id=kept[things.project_id])
        sent = body
        if body is not None and "annotation_id" in str(body):
            sent = {
                name: filled_in(value, things) if isinstance(value, str) else value
                for name, value in body.items()
            }
        if sent and "rle" in sent:
            sent = sent | {"id": str(uuid4())}
        address = f"{things.address(rule)}?{filled_in(query, things)}"
        answer = client.open(address, method=method, json=sent)
        assert answer.status_code < 500 or rule.endswith("/predict"), (method, rule)  # without a segmenter
        if rule.endswith("/members") and method == "GET":
            assert b"secret" not in answer.data  # who else is in the project is no secret
            continue
        known = {each for each in team.secrets if each in address or each in str(sent)}
        for secret in team.secrets - known:
            assert dumps(secret)[1:-1].encode() not in answer.data, (method, rule, query, secret)
            assert secret not in str(answer.headers), (method, rule, query, secret)


def test_its_ids_are_as_those_of_nothing(team, make_annotation):
    kept = work(team, team.ours, make_annotation)
    client = team.people["annotator"]
    for who in (client, team.people["viewer"]):
        for method, rule, query, body, _about in asks(team.app, make_annotation):
            if "<annotation_id>" not in rule and "{annotation_id}" not in f"{query}{body}":
                continue
            theirs = replace(team.ours, annotation_id=kept)
            none = replace(team.ours, annotation_id=nothing().annotation_id)
            one, other = (told(who, things, method, rule, query, body) for things in (none, theirs))
            assert one == other, (method, rule, query)


def test_no_number_or_picture_counts_it(team, make_annotation):
    client, things = team.people["annotator"], team.ours
    project = f"/api/projects/{things.project_id}"
    image = f"{project}/images/{things.image_id}"
    before = {each: client.get(each).data for each in _looks(project, image, team.hidden.account)}
    work(team, things, make_annotation)
    for address, was in before.items():
        assert client.get(address).data == was, address
    listed = client.get(f"{project}/images").json
    assert [each["annotation_count"] for each in listed["images"]] == [0]
    assert listed["counts"]["new"] == 1
    assert client.get(f"{project}/labels/uses").json == {"objects": {}}
    assert client.get(f"{image}/annotations").json == {"annotations": []}
    assert client.get(project).json["settings"]["gold_every"] == 0
    team.people["manager"].delete(image)
    removed = client.get(f"{project}/trash").json["images"][0]
    assert removed["id"] == things.image_id
    assert (removed["annotation_count"], removed["state"]) == (0, "new")


def _looks(project, image, hidden):
    yield from (project, image, f"{image}/masks.png", f"{project}/labels/uses", f"{project}/assignments")
    for query in ("sort=state", "sort=objects", "label=dog", f"person={hidden}", f"assigned={hidden}",
                  "assigned=nobody", "score=1", "state=new", "state=done"):  # fmt: skip
        yield f"{project}/images?{query}"
        yield f"{project}/queue?{query}&images=3&after={image.rsplit('/', 1)[-1]}"


def test_the_socket_tells_nothing_of_it(team, make_annotation):
    app, things = team.app, team.ours
    server = app.extensions["socketio"]
    where = {"image": things.image_id, "project": things.project_id}
    heard, seen = [], []
    for who in ("annotator", "reviewer"):
        socket = server.test_client(app, flask_test_client=team.people[who])
        assert socket.emit("watch", where, callback=True)["ok"]
        assert socket.emit("here", where, callback=True)["ok"]
        (heard if who == "annotator" else seen).append(socket)
    theirs = server.test_client(app, flask_test_client=team.hidden)
    assert theirs.emit("watch", where, callback=True)["ok"]
    present = theirs.emit("here", where | {"object": "secret object", "tool": "box"}, callback=True)
    assert present["held"] == {}
    kept = work(team, things, make_annotation)
    theirs.emit("here", where | {"object": kept, "tool": "box"}, callback=True)
    assert theirs.emit("hold", {"objects": [kept], "project": things.project_id}, callback=True)["mine"] == [
        kept
    ]
    theirs.emit("point", {"at": [3, 4]}, callback=True)
    theirs.emit("look", {"at": [5, 6]}, callback=True)
    for sockets in (heard, seen):
        [number] = [
            each["n"]
            for each in sockets[0].emit("here", where, callback=True)["people"]
            if each["account"] == team.hidden.account
        ]
        assert sockets[0].emit("follow", {"person": number}, callback=True)["ok"]
    theirs.emit("view", {"at": [1, 2, 3]}, callback=True)
    told_names = {each["name"]: each["args"][0] for each in heard[0].get_received()}
    here = told_names.pop("person:here")
    assert (here["name"], here["image"], here["object"], here["tool"]) == (NAME, None, None, None)
    assert set(told_names) <= {"labels:changed"}
    told_others = [each["name"] for each in seen[0].get_received()]
    assert "annotation:changed" not in told_others
    assert {"image:changed", "assignments:changed", "comment:changed"} <= set(told_others)
    own = [each["name"] for each in theirs.get_received()]
    assert own.count("annotation:changed") == 3
    client = team.people["annotator"]
    present = heard[0].emit("here", where, callback=True)
    assert present["held"] == {}
    held = heard[0].emit("hold", {"objects": [kept], "project": things.project_id}, callback=True)
    assert held["mine"] == [kept]  # as any other id: nothing tells that somebody has it in hand
    for event in client.get(f"/api/projects/{things.project_id}/events").json["events"]:
        assert not any(secret in str(event) for secret in team.secrets - {things.annotation_id}), event
