"""Exports of several people: nobody's push out another's, and nobody's hold up another's for long."""

import io

import gevent
import pytest

from server.features.transfer.exports import exports as module
from server.runtime.fair import Sender
from tests.web.team import person


@pytest.fixture
def app(make_app):
    return make_app(team=True)


@pytest.fixture
def people(app, make_picture):
    """Who each have a project with an image: (browser, address of the project, id of the image)."""
    made = []
    person(app, "admin")
    for seed, name in enumerate(("olga", "mark")):
        client = person(app, name)
        path = f"/api/projects/{client.post('/api/projects', json={'name': name}).json['id']}"
        data = {"file": (io.BytesIO(make_picture(seed=seed)), "a.png")}
        made.append((client, path, client.post(f"{path}/images", data=data).json["id"]))
    return made


def named(client, path):
    """Whether the file that was prepared is there still."""
    key = client.get(f"{path}/export/coco").headers["ETag"].strip('"')
    return lambda: client.get(f"{path}/export/coco?file={key}").status_code == 200


def split(number):
    return f"split={number + 1}/{99 - number}/0"


def test_files_of_one_project_push_out_none_of_another(people):
    (olga, hers, image), (mark, his, his_image) = people
    there = named(olga, hers)
    selected = olga.post(f"{hers}/selections", json={"ids": [image]}).json["selected"]
    for number in range(module._KEPT_FILES + 3):
        assert mark.get(f"{his}/export/coco?{split(number)}").status_code == 200
    for number in range(module._KEPT_SELECTIONS + 3):
        ids = [his_image, f"{number:016x}"]
        assert mark.post(f"{his}/selections", json={"ids": ids}).status_code == 201
    assert there()
    assert olga.get(f"{hers}/export/coco?selected={selected}").status_code == 200


def test_where_all_have_too_many_those_of_most_go_first(app, people, monkeypatch):
    (olga, hers, _), (mark, his, _) = people
    there = named(olga, hers)
    monkeypatch.setattr(module, "_KEPT_OF_ALL", 5)
    for number in range(8):
        assert mark.get(f"{his}/export/coco?{split(number)}").status_code == 200
    assert len(app.extensions["samphire"].exports.files()) == 5
    assert there()


def test_a_person_waits_for_one_export_of_another_not_for_all(app, people, check_error):
    (olga, hers, _), (mark, his, _) = people
    exports, ended, waiting = app.extensions["samphire"].exports, [], []

    def ask(who, client, path, number):
        def run():
            answer = client.get(f"{path}/export/coco?{split(number)}")
            ended.append((who, answer.status_code))

        waiting.append(gevent.spawn(run))
        gevent.sleep(0.05)

    with exports._turns.place(Sender("somebody")):
        for number in range(module._MOST_WAITING):
            client = app.test_client()  # another browser of the same person
            for cookie in mark._cookies.values():
                client.set_cookie(cookie.key, cookie.value)
            client.set_cookie("more", str(number))
            ask("mark", client, his, number)
        assert ended == []
        refused = check_error(mark.get(f"{his}/export/coco?{split(90)}"), 429, "too_many_requests")
        assert refused["message"] == "Several of your exports are waiting already."
        check_error(mark.get(f"{his}/export/coco/losses"), 429, "too_many_requests")
        ask("olga", olga, hers, 0)
    gevent.joinall(waiting, timeout=20, raise_error=True)
    assert {status for _, status in ended} == {200}
    assert [who for who, _ in ended].index("olga") <= 1
