"""Whom the socket tells what: rooms of images in their projects, not endless many for one client."""

import pytest

from server.web import sockets


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


def test_a_client_watches_only_so_many_images(socket, upload, make_picture, monkeypatch):
    monkeypatch.setattr(sockets, "_MOST_ROOMS", 5)
    images = [upload(make_picture(seed=seed))["id"] for seed in range(4)]
    answers = [socket.emit("watch", {"image": image}, callback=True) for image in images]
    assert [answer["ok"] for answer in answers] == [True, True, True, False]
    assert answers[3]["error"]["code"] == "conflict"
    socket.emit("unwatch", {"image": images[0]}, callback=True)
    assert socket.emit("watch", {"image": images[3]}, callback=True)["ok"]
