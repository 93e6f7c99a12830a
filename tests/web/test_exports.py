"""Exports over HTTP: a file to save, readable by pycocotools."""

import io
import json
import time
import zipfile

import gevent
import numpy as np
import pytest
from pycocotools.coco import COCO

from server.domain.masks import decode_rle
from server.errors import ImageNotFound
from server.features.transfer.formats import FORMATS
from tests.web.test_openapi import SCHEMAS, check


def read(answer, tmp_path):
    path = tmp_path / "coco.json"
    path.write_bytes(answer.data)
    return COCO(str(path))


def test_one_image_and_all(client, upload, make_picture, make_annotation, tmp_path):
    first, second = upload(make_picture(seed=1), "sh\u00f6re.png"), upload(make_picture(seed=2), "b.png")
    bodies = [make_annotation(n, label=f"label {n % 2}") for n in range(4)]
    for body, image in zip(bodies, (first, first, second, second), strict=True):
        assert client.post(f"/api/images/{image['id']}/annotations", json=body).status_code == 201

    answer = client.get("/api/export/coco")
    assert answer.mimetype == "application/json"
    assert 'filename="samphire.coco.json"' in answer.headers["Content-Disposition"]
    dataset = read(answer, tmp_path)
    assert len(dataset.getImgIds()) == 2
    annotations = dataset.loadAnns(dataset.getAnnIds())
    masks = {annotation["samphire"]["id"]: dataset.annToMask(annotation) for annotation in annotations}
    for body in bodies:
        assert np.array_equal(masks[body["id"]], decode_rle(body["rle"]))

    answer = client.get(f"/api/images/{first['id']}/export/coco")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "sh%C3%B6re.coco.json" in answer.headers["Content-Disposition"]
    assert len(read(answer, tmp_path).getAnnIds()) == 2


def test_each_annotation_says_which_segmenter_made_it(client, upload, make_annotation):
    url = f"/api/images/{upload()['id']}/annotations"
    makers = [("mobile_sam", "a" * 64), ("sam2_hiera_tiny", "b" * 64), ("no-longer-installed", "c" * 64)]
    for number, (segmenter, weights) in enumerate(makers):
        body = make_annotation(number, segmenter=segmenter, weights=weights)
        made = client.post(url, json=body).json
        assert (made["segmenter"], made["weights"]) == (segmenter, weights)
    exported = json.loads(client.get("/api/export/coco").data)["annotations"]
    told = [(each["samphire"]["segmenter"], each["samphire"]["weights"]) for each in exported]
    assert sorted(told) == sorted(makers)


def test_formats_are_listed(client):
    answer = client.get("/api/formats").json
    check(SCHEMAS["FormatList"], answer, "FormatList")
    known = {each["id"]: each for each in answer["formats"]}
    assert list(known) == list(FORMATS)
    assert (known["coco"]["title"], known["coco"]["extension"]) == ("COCO JSON", "json")
    assert [name for name, each in known.items() if not each["reads"]] == ["csv"]


def test_without_anything(client):
    assert json.loads(client.get("/api/export/coco").data)["annotations"] == []


def test_a_download_goes_on_where_it_stopped(client, upload, make_annotation):
    image = upload()
    url = f"/api/images/{image['id']}/annotations"
    client.post(url, json=make_annotation(1))
    first = client.get("/api/projects/default/export/coco")
    etag = first.headers["ETag"]
    rest = {"Range": "bytes=100-", "If-Range": etag}
    part = client.get("/api/projects/default/export/coco", headers=rest)
    assert (part.status_code, part.data) == (206, first.data[100:])
    assert client.get("/api/projects/default/export/coco", headers={"If-None-Match": etag}).status_code == 304
    client.patch("/api/annotations/annotation-1", json={"version": 1, "label": "cat"})
    changed = client.get("/api/projects/default/export/coco", headers=rest)
    assert (changed.status_code, changed.headers["ETag"] == etag) == (200, False)
    assert b'"cat"' in changed.data
    client.delete("/api/annotations/annotation-1?version=2")
    assert client.get("/api/projects/default/export/coco").headers["ETag"] != changed.headers["ETag"]


def test_several_files_with_their_pictures_and_a_split(client, upload, make_picture, make_annotation):
    names = ["street/a.png", "street/b.tif", "c.png"]
    for seed, name in enumerate(names):
        kind = "TIFF" if name.endswith("tif") else "PNG"
        data = {"file": (io.BytesIO(make_picture(kind, seed=seed)), "x"), "path": name}
        image = client.post("/api/projects/default/images", data=data).json
        client.post(f"/api/images/{image['id']}/annotations", json=make_annotation(seed))
    answer = client.get("/api/projects/default/export/yolo?split=50/50&images=1")
    assert answer.mimetype == "application/zip"
    assert "My images.yolo.zip" in answer.headers["Content-Disposition"]
    archive = zipfile.ZipFile(io.BytesIO(answer.data))
    assert archive.testzip() is None
    listed = archive.namelist()
    pictures = sorted(name for name in listed if name.startswith("images/"))
    assert [name.split("/", 2)[2] for name in sorted(pictures, key=lambda name: name.split("/", 2)[2])] == [
        "c.png", "street/a.png", "street/b.png",
    ]  # fmt: skip
    assert {name.split("/")[1] for name in pictures} <= {"train", "val"}
    labels = sorted(name for name in listed if name.startswith("labels/"))
    assert [name[7:-4] for name in labels] == [name[7:-4] for name in pictures]
    assert client.get("/api/projects/default/export/yolo?split=50/50&images=1").data == answer.data
    single = client.get("/api/projects/default/export/coco?images=1")
    assert (
        sorted(zipfile.ZipFile(io.BytesIO(single.data)).namelist())[0] == "annotations/instances_default.json"
    )


def test_losses_are_told_before(client, upload, make_annotation):
    image = upload()
    made = make_annotation(attributes={"colour": "red"}, predicted_iou=0.9)
    client.post(f"/api/images/{image['id']}/annotations", json=made)
    told = client.get("/api/projects/default/export/yolo/losses").json
    check(SCHEMAS["Losses"], told, "Losses")
    assert told["counts"] == {"attributes": 1, "score": 1}
    assert {each["annotation"] for each in told["losses"]} == {"annotation-1"}
    lossless = client.get("/api/projects/default/export/coco/losses").json
    assert lossless == {"images": 1, "objects": 1, "counts": {}, "losses": []}


def test_of_one_project_only(client, upload, make_picture, make_annotation):
    upload()
    project = client.post("/api/projects", json={"name": "B\u00e4ume"}).json["id"]
    path = f"/api/projects/{project}"
    image = client.post(f"{path}/images", data={"file": (io.BytesIO(make_picture()), "a.png")}).json
    client.post(f"{path}/images/{image['id']}/annotations", json=make_annotation())
    assert json.loads(client.get("/api/export/coco").data)["annotations"] == []
    answer = client.get(f"{path}/export/coco")
    assert "B%C3%A4ume.coco.json" in answer.headers["Content-Disposition"]
    assert len(json.loads(answer.data)["annotations"]) == 1
    one = client.get(f"{path}/images/{image['id']}/export/coco")
    assert len(json.loads(one.data)["annotations"]) == 1


def test_refusals(client, check_error):
    error = check_error(client.get("/api/export/excel"), 404, "not_found")
    assert "coco" in error["message"]
    check_error(client.get("/api/images/gone/export/coco"), 404, "image_not_found")
    check_error(client.get("/api/projects/gone/export/coco"), 404, "project_not_found")
    check_error(client.get("/api/projects/gone/export/coco/losses"), 404, "project_not_found")
    for split in ("80", "a/b", "-1/2", "0/0", "1/2/3/4", "nan/1", "inf/1", "/"):
        check_error(client.get(f"/api/export/coco?split={split}"), 400, "invalid_dataset")


def test_finished_files_do_not_pile_up(app, client, upload, make_annotation, tmp_path):
    image = upload()
    client.post(f"/api/images/{image['id']}/annotations", json=make_annotation())
    for version in range(1, 25):
        client.patch("/api/annotations/annotation-1", json={"version": version, "label": f"label {version}"})
        assert client.get("/api/export/coco").status_code == 200
    assert len(list((tmp_path / "data" / "exports").iterdir())) <= 20


@pytest.fixture
def working(app):
    """With the background work that `serve` starts."""
    app.extensions["samphire"].queue.start()


def wait_until_idle(client):
    """What was begun to be made is made, or has failed."""
    with gevent.Timeout(20):
        while client.application.extensions["samphire"].queue.busy():
            gevent.sleep(0.01)


def made(client, prepare):
    """Asks until it is ready."""
    deadline = time.monotonic() + 20
    while (answer := client.post(prepare)).status_code == 202:
        assert time.monotonic() < deadline
        gevent.sleep(0.02)
    assert answer.status_code == 200
    return answer


def test_a_file_is_made_though_the_project_goes_on_changing(
    app, client, working, upload, make_annotation, check_error
):
    url = f"/api/images/{upload()['id']}/annotations"
    client.post(url, json=make_annotation(1))
    export = "/api/projects/default/export/coco"
    file = client.post(f"{export}/prepare").json["file"]
    assert client.post(url, json=make_annotation(2)).status_code == 201
    assert made(client, f"{export}/prepare?file={file}").json["file"] == file
    kept = client.get(f"{export}?file={file}")
    assert kept.status_code == 200
    assert json.loads(kept.data)["annotations"]
    client.post(url, json=make_annotation(3))
    assert client.get(f"{export}?file={file}").data == kept.data
    assert len(json.loads(client.get(export).data)["annotations"]) == 3
    assert client.post(f"{export}/prepare").json["file"] != file
    for wrong in (
        f"coco?file={'0' * 32}",
        f"yolo?file={file}",
        f"coco?images=1&file={file}",
        "coco?file=../x",
    ):
        error = check_error(client.get(f"/api/projects/default/export/{wrong}"), 410, "gone")
        assert error["message"] == "This file is no longer available."
    for path in (app.extensions["samphire"].exports._folder).glob(f"*{file}.*"):
        path.unlink()
    check_error(client.get(f"{export}?file={file}"), 410, "gone")
    check_error(client.post(f"{export}/prepare?file={file}"), 410, "gone")


def test_a_file_that_cannot_be_begun_is_not_waited_for(
    app, client, working, upload, monkeypatch, check_error
):
    upload()
    exports = app.extensions["samphire"].exports
    prepare = "/api/projects/default/export/coco/prepare"
    folder = exports._folder
    monkeypatch.setattr(exports, "_folder", folder.parent / "in the way")
    (folder.parent / "in the way").write_text("a file")
    file = client.post(prepare).json["file"]
    wait_until_idle(client)
    assert client.post(f"{prepare}?file={file}").status_code == 500
    assert client.post(prepare).json["file"] == file
    wait_until_idle(client)
    monkeypatch.setattr(exports, "_folder", folder)  # the failure is not told of a file that is there
    assert client.get("/api/projects/default/export/coco").status_code == 200
    assert made(client, f"{prepare}?file={file}").json["state"] == "ready"


def test_a_file_is_made_ahead_of_its_download(client, working, upload, make_annotation, check_error):
    url = f"/api/images/{upload()['id']}/annotations"
    assert client.post(url, json=make_annotation(1)).status_code == 201
    prepare = "/api/projects/default/export/yolo/prepare?images=1"
    answer = client.post(prepare)
    assert answer.status_code == 202
    check(SCHEMAS["ExportStanding"], answer.json, "ExportStanding")
    file = answer.json["file"]
    assert answer.json == {"file": file, "state": "making", "images": 0, "total": 1}
    answer = made(client, prepare)
    assert answer.json == {"file": file, "state": "ready", "images": 1, "total": 1}
    assert client.get("/api/projects/default/export/yolo?images=1").status_code == 200
    assert client.post("/api/projects/default/export/coco/prepare").status_code == 202  # another file
    check_error(client.post("/api/projects/default/export/paper/prepare"), 404, "not_found")


def test_what_keeps_a_file_from_being_made_is_told_once(client, working, upload, monkeypatch, check_error):
    upload()
    exports = client.application.extensions["samphire"].exports
    monkeypatch.setattr(exports, "parts", lambda *_: (_ for _ in ()).throw(ImageNotFound("It is gone.")))
    prepare = "/api/projects/default/export/coco/prepare"
    assert client.post(prepare).status_code == 202
    wait_until_idle(client)
    check_error(client.post(prepare), 404, "image_not_found")
    monkeypatch.undo()
    assert client.post(prepare).status_code == 202


def test_a_file_is_made_by_the_next_server(app, client, upload, make_annotation, make_app):
    """Of a selection of images, in parts, with a filter: all of it is in the job."""
    images = [upload(name=f"{number}.png") for number in (1, 2)]
    client.post(f"/api/images/{images[0]['id']}/annotations", json=make_annotation(1))
    path = "/api/projects/default"
    named = client.post(f"{path}/selections", json={"ids": [images[0]["id"]]}).json["selected"]
    query = f"selected={named}&split=50/50&state=in_progress&images=1"
    standing = client.post(f"{path}/export/coco/prepare?{query}").json
    assert standing["state"] == "making"
    app.extensions["samphire"].close()
    again = make_app()
    again.extensions["samphire"].queue.start()
    ready = made(again.test_client(), f"{path}/export/coco/prepare?{query}&file={standing['file']}").json
    assert ready == standing | {"state": "ready", "images": 1}
    told = again.test_client().get(f"{path}/export/coco?{query}&file={standing['file']}")
    assert told.data == again.test_client().get(f"{path}/export/coco?{query}").data
