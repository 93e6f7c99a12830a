"""Whom the socket tells what: rooms of images in their projects, and sessions, not endless many for one client."""

import json

import pytest

from server import sockets
from server.contract.json import dumps
from server.openapi.socket import SOCKET
from server.web.socket import engine
from tests.web.test_openapi import SCHEMAS, check

_HANDSHAKE = "/socket.io/?EIO=4&transport=polling"


@pytest.fixture
def socket(app):
    return app.extensions["socketio"].test_client(app)


def test_watching_without_a_project_is_watching_in_the_first(app, socket, upload):
    image = upload()
    assert socket.emit("watch", {"image": image["id"]}, callback=True)["ok"]
    assert socket.emit("watch", {"image": image["id"], "project": "default"}, callback=True)["ok"]
    for project in ("nowhere", "ü", "x" * 65):
        answer = socket.emit("watch", {"image": image["id"], "project": project}, callback=True)
        assert answer["error"]["code"] == "project_not_found"


def test_news_are_as_described(socket, client, upload, make_annotation):
    image = upload()
    watched = socket.emit("watch", {"image": image["id"]}, callback=True)
    assert watched.pop("ok")
    check(SCHEMAS["Watched"], watched, "Watched")
    made = client.post(f"/api/images/{image['id']}/annotations", json=make_annotation()).json
    client.delete(f"/api/annotations/{made['id']}?version=1")
    told = {event["name"]: event["args"][0] for event in socket.get_received()}
    assert set(told) == {"annotation:changed", "annotation:deleted", "image:changed", "labels:changed"}
    described = {event["name"]: event.get("payload", {}).get("$ref", "") for event in SOCKET["events"]}
    for name, payload in told.items():
        check(SCHEMAS[described[name].rsplit("/", 1)[-1]], json.loads(dumps(payload)), name)


def test_a_client_watches_only_so_many_images(socket, upload, make_picture, monkeypatch):
    monkeypatch.setattr(sockets, "_MOST_ROOMS", 6)
    images = [upload(make_picture(seed=seed))["id"] for seed in range(4)]
    answers = [socket.emit("watch", {"image": image}, callback=True) for image in images]
    assert [answer["ok"] for answer in answers] == [True, True, True, False]
    assert answers[3]["error"]["code"] == "conflict"
    socket.emit("unwatch", {"image": images[0]}, callback=True)
    assert socket.emit("watch", {"image": images[3]}, callback=True)["ok"]


def test_an_address_has_only_so_many_sessions(client, monkeypatch, check_error):
    monkeypatch.setattr(engine, "_MOST_SESSIONS", 3)
    opened = [client.get(_HANDSHAKE) for _ in range(3)]
    assert {answer.status_code for answer in opened} == {200}
    refused = client.get(_HANDSHAKE)
    check_error(refused, 429, "too_many_requests")
    assert refused.headers["Retry-After"] == "1"
    session = json.loads(opened[0].text[1:])["sid"]
    assert client.post(f"{_HANDSHAKE}&sid={session}", data="1").status_code == 200  # it closes
    assert client.get(_HANDSHAKE).status_code == 200


@pytest.fixture
def queue(app, monkeypatch):
    """It takes jobs and begins none, so that the places of all can be told."""
    monkeypatch.delattr(app.extensions["samphire"].queue, "submit")


def position(client, image):
    return client.get(f"/api/images/{image['id']}").json["embedding"]["position"]


def test_the_image_on_screen_is_encoded_before_those_that_were_left(
    client, socket, upload, make_picture, queue
):
    images = [upload(make_picture(seed=seed)) for seed in range(6)]
    for image in images[:5]:  # five quick steps to the next
        socket.emit("watch", {"image": image["id"]}, callback=True)
        client.post(f"/api/images/{image['id']}/embedding")
        socket.emit("unwatch", {"image": image["id"]}, callback=True)
    socket.emit("watch", {"image": images[5]["id"]}, callback=True)
    client.post(f"/api/images/{images[5]['id']}/embedding")
    assert position(client, images[5]) == 1


def test_who_closes_a_page_leaves_its_image_but_not_to_others_who_watch_it(
    app, client, socket, upload, make_picture, queue
):
    others = app.extensions["socketio"].test_client(app)
    alone, shared, ahead = (upload(make_picture(seed=seed)) for seed in range(3))
    for image in (alone, shared):
        client.post(f"/api/images/{image['id']}/embedding")
        others.emit("watch", {"image": image["id"]}, callback=True)
    socket.emit("watch", {"image": shared["id"]}, callback=True)
    others.disconnect()
    assert [position(client, image) for image in (shared, alone, ahead)] == [1, 3, 2]
