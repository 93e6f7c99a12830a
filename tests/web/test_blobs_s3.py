"""The whole application on a bucket: what people do works, and what fails is told and leaves nothing half done."""

import io
import zipfile

import pytest
import requests

from tests.buckets import KEYS, remove_bucket


@pytest.fixture
def hurried(monkeypatch):
    monkeypatch.setattr("botocore.retries.standard.ExponentialBackoff.delay_amount", lambda *_: 0)


@pytest.fixture
def app(make_app, s3_bucket, hurried):
    return make_app(blobs=s3_bucket)


@pytest.fixture
def stored(app):
    return lambda: sorted(each.key for each in app.extensions["samphire"].blobs.stored())


def send(client, data):
    return client.post("/api/images", data={"file": (io.BytesIO(data), "a.png")})


def test_upload_click_export_delete(
    app, client, stored, make_picture, make_annotation, tmp_path, monkeypatch
):
    services = app.extensions["samphire"]
    monkeypatch.delattr(services.queue, "submit")  # the real one
    services.queue.start()
    data = make_picture("TIFF", size=(80, 60))
    image = send(client, data).json
    answer = client.post(f"/api/images/{image['id']}/predict", json={"points": [[40, 30, 1]]})
    assert answer.status_code == 200, answer.json
    folder = f"{image['id'][:2]}/{image['id']}"
    assert {key.partition("/")[0] for key in stored()} == {"images", "embeddings"}
    assert f"images/{folder}/original.tif" in stored()
    assert not (tmp_path / "data" / "blobs").exists()
    for coding in ("identity", "gzip", "zstd"):
        got = client.get(f"/api/images/{image['id']}/embedding", headers={"Accept-Encoding": coding})
        assert (got.status_code, got.headers.get("Content-Encoding", "identity")) == (200, coding)
    shown = client.get(image["file_url"] + "?version=")
    assert (shown.status_code, shown.headers["Cache-Control"]) == (
        200,
        "private, max-age=31536000, immutable",
    )
    again = client.get(image["file_url"], headers={"If-None-Match": shown.headers["ETag"]})
    assert again.status_code == 304
    part = client.get(image["file_url"], headers={"Range": "bytes=0-9"})
    assert (part.status_code, part.data) == (206, shown.data[:10])
    assert client.get(image["thumbnail_url"]).mimetype == "image/jpeg"
    candidate = answer.json["candidates"][0]
    body = make_annotation(rle=candidate["rle"])
    made = client.post(f"/api/images/{image['id']}/annotations", json=body)
    assert made.status_code == 201, made.json
    exported = client.get("/api/projects/default/export/coco?images=1").data
    with zipfile.ZipFile(io.BytesIO(exported)) as archive:
        assert archive.read("images/a.png") == shown.data
    assert client.delete(f"/api/images/{image['id']}").status_code == 200
    services.janitor.forget_deleted()
    assert stored() == []


@pytest.mark.parametrize("part", ["original", "thumbnail", "display"])
def test_a_store_that_is_away_refuses_an_upload_and_keeps_nothing_of_it(
    part, client, stored, make_picture, s3, check_error
):
    data = make_picture("TIFF")
    s3.failing = lambda method, path: method == "PUT" and f"/{part}" in path
    check_error(send(client, data), 503, "files_unavailable")
    assert client.get("/api/images").json["total"] == 0
    s3.failing = lambda method, path: False
    assert stored() == []
    assert send(client, data).status_code == 201
    assert len(stored()) == 3


def test_what_is_left_of_an_upload_counts_for_nothing(app, client, stored, make_picture, s3, check_error):
    """Away when it is to take back what it has, too."""
    s3.failing = lambda method, path: "/original" in path or method == "POST"
    check_error(send(client, make_picture()), 503, "files_unavailable")
    s3.failing = lambda method, path: False
    assert [key.rpartition("/")[2] for key in stored()] == ["thumbnail.jpg"]
    assert client.get("/api/images").json["total"] == 0
    assert send(client, make_picture()).status_code == 201


def test_an_image_that_cannot_be_fetched_says_so(client, make_picture, s3, check_error, tmp_path):
    image = send(client, make_picture()).json
    for path in (tmp_path / "data" / "cache").rglob("*"):
        if path.is_file():
            path.unlink()
    s3.failing = lambda method, path: True
    check_error(client.get(image["file_url"]), 503, "files_unavailable")
    s3.failing = lambda method, path: False
    assert client.get(image["file_url"]).data == make_picture()


def test_browsers_are_sent_to_the_bucket_where_the_setting_says_so(
    make_app, s3_bucket, make_picture, tmp_path
):
    endpoint = s3_bucket.partition("endpoint=")[2]
    client = make_app(blobs=f"{s3_bucket}&direct={endpoint}").test_client()
    image = send(client, make_picture()).json
    asked = {"Sec-Fetch-Mode": "cors"}
    policy = client.get("/").headers["Content-Security-Policy"]
    assert f"img-src 'self' blob: data: {endpoint};" in policy
    answer = client.get(image["file_url"] + "?version=", headers=asked)
    assert (answer.status_code, "Sec-Fetch-Mode" in answer.headers["Vary"]) == (302, True)
    assert answer.headers["Cache-Control"] == "private, max-age=1800"
    assert "X-Amz-Expires=3600" in answer.location
    assert KEYS["AWS_SECRET_ACCESS_KEY"] not in answer.location
    got = requests.get(answer.location, timeout=30)
    assert (got.content, got.headers["Content-Type"]) == (make_picture(), "image/png")
    assert got.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    other = client.get(image["file_url"] + "?version=other", headers=asked)
    assert (other.status_code, other.headers["Cache-Control"]) == (302, "no-store")
    assert client.get(image["file_url"]).data == make_picture()
    assert client.get(image["file_url"], headers={"Sec-Fetch-Mode": "no-cors"}).data == make_picture()


def test_browsers_stay_here_otherwise(client, make_picture):
    image = send(client, make_picture()).json
    answer = client.get(image["file_url"], headers={"Sec-Fetch-Mode": "cors"})
    assert answer.data == make_picture()
    assert "http" not in client.get("/").headers["Content-Security-Policy"]


def test_a_bucket_that_is_gone_is_told(client, app, s3_bucket, monkeypatch):
    monkeypatch.setattr("server.features.upkeep.readiness._KEPT_SECONDS", 0)
    assert client.get("/readyz").json["checks"]["blobs"] is True
    remove_bucket(s3_bucket)
    assert client.get("/readyz").json["checks"]["blobs"] is False
