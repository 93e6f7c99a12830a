"""What is stored is told as stored, whatever goes wrong afterwards."""

import io

import pytest

from server.errors import Unavailable


@pytest.fixture
def fails(app, monkeypatch):
    """Everything that follows a commit fails."""

    def fail(*_arguments, **_more):
        raise RuntimeError("afterwards")

    services = app.extensions["samphire"]
    services.bus.listeners.insert(0, fail)
    for target, name in (
        (services.queue, "submit"),
        (services.embeddings, "ensure"),
        (services.embeddings, "forget"),
        (services.project_images, "_forget"),
    ):
        monkeypatch.setattr(target, name, fail)


def png(make_picture, seed=0):
    return {"file": (io.BytesIO(make_picture(seed=seed)), "a.png")}


def test_pictures(client, fails, make_picture):
    created = client.post("/api/images", data=png(make_picture))
    assert created.status_code == 201
    image = created.json
    assert client.get(f"/api/images/{image['id']}").json["id"] == image["id"]
    assert client.post("/api/projects/default/images", data=png(make_picture, 1)).status_code == 201
    assert client.post("/api/sample").status_code == 201
    one = f"/api/projects/default/images/{image['id']}"
    changed = client.patch(one, json={"state": "done"})
    assert (changed.status_code, changed.json["state"]) == (200, "done")
    assert client.get(one).json["updated_at"] == changed.json["updated_at"]
    assert client.post("/api/projects/default/images/bulk", json={"ids": [image["id"]], "state": "new"}).json[
        "changed"
    ]
    assert client.delete(f"/api/images/{image['id']}").status_code == 200
    assert client.get(one).status_code == 404


def test_annotations(client, fails, upload, make_annotation, app):
    url = f"/api/images/{upload()['id']}/annotations"
    told = []
    app.extensions["samphire"].bus.listeners.append(lambda news: told.append(news.event))
    assert client.post(url, json=make_annotation(1)).status_code == 201
    assert client.patch("/api/annotations/annotation-1", json={"version": 1, "z": 4}).status_code == 200
    assert client.delete("/api/annotations/annotation-1?version=2").status_code == 204
    assert told == [
        "labels:changed",
        "annotation:changed",
        "image:changed",
        "annotation:changed",
        "annotation:deleted",
    ]


@pytest.fixture
def no_reads(app, monkeypatch):
    """Reading fails once something was written."""
    db = app.extensions["samphire"].db
    write, read, written = db.write, db.read, []

    def writing(**more):
        written.append(1)
        return write(**more)

    def reading():
        if written:
            raise Unavailable()
        return read()

    def forget():
        written.clear()

    monkeypatch.setattr(db, "write", writing)
    monkeypatch.setattr(db, "read", reading)
    return forget


def test_projects_are_described_before_they_are_stored(client, no_reads):
    created = client.post("/api/projects", json={"name": "Dogs", "guidelines": "**All** of them."})
    assert created.status_code == 201
    no_reads()
    path = f"/api/projects/{created.json['id']}"
    assert client.get(path).json == created.json
    assert "<strong>" in created.json["guidelines_html"]
    for method, address, body in (
        ("PATCH", path, {"settings": {"key_preset": "cvat"}}),
        ("PATCH", path, {"guidelines": "*None*."}),
        ("POST", f"{path}/archive", None),
        ("POST", f"{path}/unarchive", None),
        ("DELETE", path, None),
        ("POST", f"{path}/restore", None),
    ):
        answer = client.open(address, method=method, json=body)
        assert answer.status_code == 200, (method, address)
        no_reads()
        if method != "DELETE":
            assert client.get(path).json == answer.json


@pytest.fixture
def image(upload):
    return upload()


def test_imports_and_states_are_described_before_they_are_stored(client, image, no_reads):
    one = f"/api/projects/default/images/{image['id']}"
    assert client.patch(one, json={"state": "done"}).status_code == 200
    no_reads()
    path = "/api/projects/default"
    begun = client.post(f"{path}/import/coco", data=b"{}", content_type="application/json")
    assert begun.status_code == 202
    no_reads()
    assert client.get(f"{path}/imports/{begun.json['id']}").json == begun.json


def test_a_long_answer_is_told_though_the_server_is_stopping(
    app, client, upload, make_annotation, monkeypatch
):
    url = f"/api/images/{upload()['id']}/annotations"
    prompts = [{"kind": "point", "x": 1.5, "y": 2, "label": 0}] * 900
    pools = app.extensions["samphire"].pools
    run = pools.compute

    def compute(fn, *arguments):
        if fn.__name__ == "_gzip":
            raise Unavailable("The server is stopping.")
        return run(fn, *arguments)

    monkeypatch.setattr(pools, "compute", compute)
    body = make_annotation(1, prompts=prompts, attributes={f"a{n}": "x" * 900 for n in range(45)})
    answer = client.post(url, json=body, headers={"Accept-Encoding": "gzip"})
    assert answer.status_code == 201
    assert len(answer.data) > 64_000
