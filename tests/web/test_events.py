"""What happened in a project is told to those who watch, and again to those who missed it."""

from datetime import timedelta

import pytest

from server.features.events import service
from server.storage.rows import events as rows
from server.storage.tables import Event, now

PROJECT = "/api/projects/default"


@pytest.fixture
def socket(app):
    return app.extensions["socketio"].test_client(app)


@pytest.fixture
def image(upload):
    return upload()


def since(client, seq):
    return client.get(f"{PROJECT}/events?since={seq}").json


def heard(socket):
    """What came over the socket, as it was stored: embeddings have no place in the log."""
    told = [(each["name"], each["args"][0]) for each in socket.get_received()]
    events = [message for name, message in told if not name.startswith("embedding:")]
    assert [message["event"] for message in events] == [
        name for name, _ in told if not name.startswith("embedding:")
    ]
    return events


def test_it_replays_exactly_what_watchers_heard(client, socket, image, upload, make_picture, make_annotation):
    seq = socket.emit("watch", {"image": image["id"], "project": "default"}, callback=True)["seq"]
    assert seq == since(client, 0)["seq"] > 0
    annotations = f"/api/images/{image['id']}/annotations"
    client.post(annotations, json=make_annotation(1))
    client.post(annotations, json=make_annotation(2, label="cat"))
    client.patch("/api/annotations/annotation-1", json={"version": 1, "z": 7})
    client.delete("/api/annotations/annotation-1?version=2")
    dog, cat = client.get(f"{PROJECT}/labels").json["labels"]
    labels = client.put(
        f"{PROJECT}/labels", json={"labels": [{**dog, "replaces": [cat["id"]]}], "version": 3}
    )
    other = upload(make_picture(seed=1))["id"]
    client.patch(f"{PROJECT}/images/{image['id']}", json={"state": "done"})
    client.post(f"{PROJECT}/images/bulk", json={"ids": [image["id"], other, "gone"], "state": "skipped"})
    client.post(f"{PROJECT}/images/bulk", json={"states": {"new": [other]}})
    client.delete(f"{PROJECT}/images/{other}")
    client.post(f"{PROJECT}/trash/restore", json={"ids": [other]})
    client.delete(f"{PROJECT}/images/{other}")
    client.post(f"{PROJECT}/trash/delete", json={"all": True})
    client.patch(PROJECT, json={"name": "Pets"})
    events = since(client, seq)["events"]
    assert events == heard(socket)
    assert [(each["event"], each.get("images"), each.get("state")) for each in events] == [
        ("labels:changed", None, None),
        ("annotation:changed", None, None),
        ("image:changed", None, "in_progress"),
        ("labels:changed", None, None),
        ("annotation:changed", None, None),
        ("annotation:changed", None, None),
        ("annotation:deleted", None, None),
        ("labels:changed", None, None),
        ("images:added", [other], None),
        ("image:changed", None, "done"),
        ("images:changed", [image["id"], other], "skipped"),
        ("images:changed", [other], "new"),
        ("images:removed", [other], None),
        ("images:restored", [other], None),
        ("images:removed", [other], None),
        ("images:deleted", [other], None),
        ("project:changed", None, None),
    ]
    assert events[7]["merged"] == {cat["id"]: dog["id"]}
    assert events[7]["version"] == labels.json["version"]
    assert events[-1]["fields"] == ["name"]
    assert since(client, seq + 4)["events"] == events[4:]


def test_who_watches_no_image_of_a_project_hears_nothing_of_it(client, socket, image, upload, make_picture):
    watched = {"image": image["id"], "project": "default"}
    socket.emit("watch", watched, callback=True)
    other = upload(make_picture(seed=1))["id"]
    socket.emit("watch", {**watched, "image": other}, callback=True)
    heard(socket)
    socket.emit("unwatch", watched, callback=True)
    client.patch(PROJECT, json={"name": "A"})
    assert [each["event"] for each in heard(socket)] == ["project:changed"]
    socket.emit("unwatch", {**watched, "image": other}, callback=True)
    client.patch(PROJECT, json={"name": "B"})
    assert heard(socket) == []


def test_a_long_log_comes_in_parts(client, image, monkeypatch):
    monkeypatch.setattr(service, "MOST", 2)
    for name in "abc":
        client.patch(PROJECT, json={"name": name})
    first = since(client, 0)
    assert ([each["seq"] for each in first["events"]], first["seq"]) == ([1, 2], 4)
    assert [each["seq"] for each in since(client, 2)["events"]] == [3, 4]
    assert since(client, 4) == {"events": [], "seq": 4}
    monkeypatch.setattr(service, "_CHARACTERS", 10)  # one at least
    assert [each["seq"] for each in since(client, 0)["events"]] == [1]


def test_who_missed_what_is_forgotten_is_told_to_load_again(app, client, image, check_error):
    client.patch(PROJECT, json={"name": "A"})
    with app.extensions["samphire"].db.write() as session:
        rows.thin(session, now())
    client.patch(PROJECT, json={"name": "B"})
    assert [each["seq"] for each in since(client, 2)["events"]] == [3]
    for seq in (0, 1, 99):  # the last: of a database that was put back since
        error = check_error(client.get(f"{PROJECT}/events?since={seq}"), 410, "events_expired")
        assert error["seq"] == 3
    with app.extensions["samphire"].db.write() as session:
        rows.thin(session, now())
    check_error(client.get(f"{PROJECT}/events?since=2"), 410, "events_expired")
    assert since(client, 3) == {"events": [], "seq": 3}
    check_error(client.get("/api/projects/gone/events"), 404, "project_not_found")


def test_what_came_before_the_forgotten_is_forgotten_too(app, client, image, check_error):
    """A clock was wrong when the second happened."""
    for name in "abc":
        client.patch(PROJECT, json={"name": name})
    with app.extensions["samphire"].db.write() as session:
        session.get(Event, ("default", 2)).at = now() - timedelta(days=99)
    with app.extensions["samphire"].db.write() as session:
        rows.thin(session, now() - timedelta(days=30))
    check_error(client.get(f"{PROJECT}/events?since=0"), 410, "events_expired")
    assert [each["seq"] for each in since(client, 2)["events"]] == [3, 4]
