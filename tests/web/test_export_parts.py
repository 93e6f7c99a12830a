"""Exports of a part of a project: what a filter lists, what is selected, what is done."""

import io
import json
import zipfile

import gevent
import pytest

from tests.web.test_openapi import SCHEMAS, check


@pytest.fixture
def project(client, make_picture, make_annotation):
    """Four images: a.png, b.png done, c.png, d.png; all but the last have an object, of the labels 0, 1, 0."""
    made = client.post("/api/projects", json={"name": "Streets"}).json
    path = f"/api/projects/{made['id']}"
    ids = []
    for number, name in enumerate("abcd"):
        data = {"file": (io.BytesIO(make_picture(seed=number)), f"{name}.png")}
        ids.append(client.post(f"{path}/images", data=data).json["id"])
        if name != "d":
            body = make_annotation(number, label=f"label {number % 2}", predicted_iou=number / 10)
            client.post(f"{path}/images/{ids[-1]}/annotations", json=body)
    client.patch(f"{path}/images/{ids[1]}", json={"state": "done"})
    return path, ids


def exported(client, address):
    answer = client.get(address)
    assert answer.status_code == 200, answer.json
    return [image["file_name"] for image in json.loads(answer.data)["images"]]


@pytest.mark.parametrize(
    ("query", "names", "objects"),
    [
        ("", "abcd", 3),
        ("state=done", "b", 1),
        ("label=label+0", "ac", 2),
        ("search=A.p", "a", 1),
        ("score=0.15", "ab", 2),
        ("state=skipped", "", 0),
    ],
)
def test_what_a_filter_lists(client, project, query, names, objects):
    path, _ = project
    assert exported(client, f"{path}/export/coco?{query}") == [f"{name}.png" for name in names]
    losses = client.get(f"{path}/export/coco/losses?{query}").json
    check(SCHEMAS["Losses"], losses, "Losses")
    assert (losses["images"], losses["objects"]) == (len(names), objects)


def test_what_is_selected(app, client, project, check_error):
    app.extensions["samphire"].queue.start()
    path, ids = project
    named = client.post(f"{path}/selections", json={"ids": [ids[2], ids[0], "gone"]})
    assert named.status_code == 201
    check(SCHEMAS["Selected"], named.json, "Selected")
    query = f"selected={named.json['selected']}"
    assert exported(client, f"{path}/export/coco?{query}") == ["a.png", "c.png"]
    assert client.get(f"{path}/export/yolo/losses?{query}").json["images"] == 2
    zipped = zipfile.ZipFile(io.BytesIO(client.get(f"{path}/export/coco?{query}&images=1").data))
    assert sorted(name.rpartition("/")[2] for name in zipped.namelist() if name.endswith(".png")) == [
        "a.png",
        "c.png",
    ]
    standing = client.post(f"{path}/export/coco/prepare?{query}&split=50/50").json
    assert standing["total"] == 3
    while standing["state"] != "ready":
        gevent.sleep(0.01)
        standing = client.post(f"{path}/export/coco/prepare?{query}&split=50/50&file={standing['file']}").json
    check_error(client.get(f"{path}/export/coco?selected={'0' * 32}"), 410, "gone")
    check_error(client.get(f"{path}/export/coco?selected=../x"), 400, "bad_request")
    other = client.post("/api/projects/default/selections", json={"ids": ids}).json["selected"]
    check_error(client.get(f"{path}/export/coco?selected={other}"), 410, "gone")
    check_error(client.post(f"{path}/selections", json={"ids": []}), 400, "bad_request")
    check_error(client.post("/api/projects/none/selections", json={"ids": ids}), 404, "project_not_found")


def test_files_are_told_apart_by_what_is_in_them(client, project):
    path, ids = project
    answers = {
        client.get(f"{path}/export/coco?state={state}").headers["ETag"] for state in ("", "done", "new")
    }
    assert len(answers) == 3
    assert exported(client, f"{path}/export/coco?state=done") == ["b.png"]
    client.patch(f"{path}/images/{ids[0]}", json={"state": "done"})
    assert exported(client, f"{path}/export/coco?state=done") == ["a.png", "b.png"]


def test_a_split_is_of_what_is_exported(client, project):
    path, _ = project
    whole = zipfile.ZipFile(io.BytesIO(client.get(f"{path}/export/coco?split=50/50").data)).namelist()
    part = zipfile.ZipFile(
        io.BytesIO(client.get(f"{path}/export/coco?split=50/50&state=done").data)
    ).namelist()
    assert len(part) == 1
    assert set(part) <= set(whole)
