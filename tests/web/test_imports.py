"""Archives and annotations sent over HTTP: 202, progress, problems; and what is refused."""

import io
import json
import zipfile

import gevent
import pytest

from tests.web.test_openapi import SCHEMAS, check

PATH = "/api/projects/default"


@pytest.fixture
def working(app):
    """With the background work that `serve` starts."""
    app.extensions["samphire"].queue.start()


@pytest.fixture
def send(client, working):
    """Sends bytes and waits for the import they become."""

    def send(path, data, content_type="application/zip"):
        answer = client.post(f"{PATH}/{path}", data=data, content_type=content_type)
        assert answer.status_code == 202, answer.json
        check(SCHEMAS["Import"], answer.json, "Import")
        job = answer.json
        with gevent.Timeout(20):
            while job["state"] in ("queued", "running"):
                gevent.sleep(0.02)
                job = client.get(f"{PATH}/imports/{job['id']}").json
        check(SCHEMAS["Import"], job, "Import")
        return job

    return send


def pack(files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def test_an_archive_of_pictures(client, send, make_picture):
    data = pack({"street/1.png": make_picture(seed=1), "street/2.png": make_picture(seed=2), "bad.png": b"x"})
    job = send("images?name=street.zip", data)
    assert (job["state"], job["source"], job["total"], job["added"], job["failed"]) == (
        "done",
        "street.zip",
        3,
        2,
        1,
    )
    assert [each["name"] for each in job["problems"]] == ["bad.png"]
    assert (
        client.get(f"{PATH}/imports/{job['id']}?after={job['problems'][0]['position']}").json["problems"]
        == []
    )
    names = [image["name"] for image in client.get(f"{PATH}/images").json["images"]]
    assert names == ["street/1.png", "street/2.png"]
    listed = client.get(f"{PATH}/imports").json
    check(SCHEMAS["ImportList"], listed, "ImportList")
    assert [each["id"] for each in listed["imports"]] == [job["id"]]


def test_annotations_out_and_in_again(client, send, upload, make_annotation):
    image = upload(name="a.png")
    made = client.post(f"/api/images/{image['id']}/annotations", json=make_annotation()).json
    exported = client.get("/api/export/coco").data
    assert send("import/coco", exported, "application/json")["objects"] == 0
    client.delete("/api/annotations/annotation-1?version=1")
    assert send("import/coco", exported, "application/json")["objects"] == 1
    again = client.get("/api/annotations/annotation-1").json
    assert {name: again[name] for name in ("rle", "label", "area")} == {
        n: made[n] for n in ("rle", "label", "area")
    }


def test_what_cannot_be_read_is_listed_and_the_rest_imported_when_asked(client, send, upload):
    upload(name="a.png")
    dataset = {
        "images": [{"id": 1, "file_name": "a.png", "width": 40, "height": 30}],
        "categories": [{"id": 1, "name": "dog"}],
        "annotations": [
            {"id": 1, "image_id": 1, "category_id": 1, "segmentation": [[1, 1, 20, 1, 20, 20]]},
            {"id": 2, "image_id": 7, "category_id": 1, "segmentation": [[1, 1, 20, 1, 20, 20]]},
        ],
    }
    job = send("import/auto?name=dogs.json", json.dumps(dataset), "application/json")
    assert (job["state"], job["objects"], job["failed"]) == ("failed", 0, 1)
    assert "annotation 2" in job["problems"][0]["message"]
    answer = client.post(f"{PATH}/imports/{job['id']}/resume", json={"keep_going": True})
    assert answer.status_code == 202
    with gevent.Timeout(20):
        while client.get(f"{PATH}/imports/{job['id']}").json["state"] != "done":
            gevent.sleep(0.02)
    assert client.get(f"{PATH}/imports/{job['id']}").json["objects"] == 1
    assert client.post(f"{PATH}/imports/{job['id']}/resume", json={}).status_code == 409


def test_refusals(client, check_error, make_app):
    zipped = {"content_type": "application/zip"}
    check_error(client.post(f"{PATH}/images", data=b"no zip", **zipped), 400, "invalid_archive")
    check_error(client.post(f"{PATH}/images", data=b"", **zipped), 400, "invalid_archive")
    check_error(client.post("/api/projects/gone/images", data=b"x", **zipped), 404, "project_not_found")
    check_error(client.post("/api/projects/gone/import/coco", data=b"x"), 404, "project_not_found")
    error = check_error(client.post(f"{PATH}/import/excel", data=b"x"), 404, "not_found")
    assert "coco" in error["message"]
    check_error(client.get(f"{PATH}/imports/gone"), 404, "import_not_found")
    check_error(client.post(f"{PATH}/imports/gone/resume", json={}), 404, "import_not_found")
    check_error(client.get("/api/projects/gone/imports"), 404, "project_not_found")
    assert client.get(f"{PATH}/imports").json == {"imports": []}


def test_as_much_as_is_allowed(make_app, tmp_path, check_error):
    client = make_app(max_import_mb=0.001, data=str(tmp_path / "small")).test_client()
    check_error(
        client.post(f"{PATH}/images", data=b"x" * 1001, content_type="application/zip"), 413, "too_large"
    )
    check_error(client.post(f"{PATH}/import/coco", data=b"x" * 1001), 413, "too_large")


def test_imports_are_cancelled_and_discarded(client, app, make_picture):
    """Nothing works on them here, as the server's background work was not started."""
    job = client.post(
        f"{PATH}/images", data=pack({"a.png": make_picture()}), content_type="application/zip"
    ).json
    path = f"{PATH}/imports/{job['id']}"
    assert job["bytes"] > 100
    cancelled = client.post(f"{path}/cancel")
    assert (cancelled.status_code, cancelled.json["state"]) == (200, "stopped")
    check(SCHEMAS["Import"], cancelled.json, "Import")
    assert client.post(f"{path}/cancel").status_code == 409
    assert client.delete(path).status_code == 204
    for answer in (client.get(path), client.delete(path), client.post(f"{path}/cancel")):
        assert (answer.status_code, answer.json["error"]["code"]) == (404, "import_not_found")
    assert client.get(f"{PATH}/imports").json == {"imports": []}
    assert client.delete("/api/projects/gone/imports/x").status_code == 404
