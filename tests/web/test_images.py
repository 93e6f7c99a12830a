"""/api/images: upload, list, copies, deletion; every refusal in the one shape."""

import io

import pytest
from PIL import Image

from server.errors import SamphireError
from server.storage.blobs import SIGNED_SECONDS
from tests.web.test_openapi import SCHEMAS, check

IMAGE_FIELDS = {
    "id", "name", "width", "height", "bytes", "format", "sha256", "created_at", "file_url", "thumbnail_url",
    "annotation_count", "embedding", "rendering", "version",
}  # fmt: skip


def send(client, data, name="a.png", field="file"):
    return client.post("/api/images", data={field: (io.BytesIO(data), name)})


@pytest.mark.parametrize("how", ["blobs", "blobs/incoming"])
def test_a_data_folder_that_cannot_be_written_is_told(how, client, make_picture, tmp_path, check_error):
    path = tmp_path / "data" / how
    path.parent.mkdir(exist_ok=True)
    path.write_text("not a folder")
    answer = client.post("/api/images", data={"file": (io.BytesIO(make_picture()), "a.png")})
    assert "cannot be written" in check_error(answer, 500, "unusable_data")["message"]


def test_upload_answers_201_and_then_200(client, make_picture):
    data = make_picture()
    answer = send(client, data)
    assert answer.status_code == 201
    image = answer.json
    assert set(image) == IMAGE_FIELDS | {"existing"}
    assert (image["width"], image["height"], image["bytes"], image["existing"]) == (40, 30, len(data), False)
    assert image["embedding"]["state"] == "none"
    again = send(client, data, "b.png")
    assert again.status_code == 200
    assert again.json == image | {"existing": True}
    assert client.get(f"/api/images/{image['id']}").json == {
        k: v for k, v in image.items() if k != "existing"
    }


def test_copies_never_change(client, upload, make_picture):
    data = make_picture("JPEG")
    image = upload(data, "a.jpg")
    answer = client.get(image["file_url"])
    assert answer.data == data
    assert answer.mimetype == "image/jpeg"
    assert answer.headers["Content-Disposition"] == "inline; filename=a.jpg"
    assert "immutable" in answer.headers["Cache-Control"]
    again = client.get(image["file_url"], headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    part = client.get(image["file_url"], headers={"Range": "bytes=0-9"})
    assert (part.status_code, part.data) == (206, data[:10])
    thumbnail = client.get(image["thumbnail_url"])
    assert Image.open(io.BytesIO(thumbnail.data)).size == (40, 30)
    assert thumbnail.mimetype == "image/jpeg"


def test_a_rotated_picture_is_upright_everywhere(client, upload, make_picture):
    exif = Image.Exif()
    exif[0x0112] = 6
    image = upload(make_picture("JPEG", exif=exif), "a.jpg")
    assert (image["width"], image["height"]) == (30, 40)
    shown = Image.open(io.BytesIO(client.get(image["file_url"]).data))
    assert shown.size == (30, 40)
    assert 0x0112 not in shown.getexif()
    assert Image.open(io.BytesIO(client.get(image["thumbnail_url"]).data)).size == (30, 40)


def test_list_newest_first_in_pages(client, upload, make_picture, check_error):
    ids = [upload(make_picture(seed=n))["id"] for n in range(5)][::-1]
    first = client.get("/api/images?limit=2").json
    assert ([image["id"] for image in first["images"]], first["total"]) == (ids[:2], 5)
    rest = client.get(f"/api/images?limit=50&before={ids[1]}").json
    assert [image["id"] for image in rest["images"]] == ids[2:]
    for limit in ("x", "", "1.5", "1_0", " 1", "\u0663"):
        check_error(client.get("/api/images", query_string={"limit": limit}), 400, "bad_request")
    assert len(client.get("/api/images?limit=-3").json["images"]) == 1


def test_delete(client, upload, make_annotation, check_error):
    image = upload()
    client.post(f"/api/images/{image['id']}/annotations", json=make_annotation())
    removed = client.delete(f"/api/images/{image['id']}")
    assert (removed.status_code, removed.json["changed"]) == (200, 1)
    check(SCHEMAS["BulkAnswer"], removed.json, "BulkAnswer")
    for path in ("", "/file", "/thumbnail", "/annotations"):
        check_error(client.get(f"/api/images/{image['id']}{path}"), 404, "image_not_found")
    check_error(client.delete(f"/api/images/{image['id']}"), 404, "image_not_found")
    check_error(client.get("/api/annotations/annotation-1"), 404, "annotation_not_found")
    assert client.get("/api/images").json == {"images": [], "total": 0}
    undo = removed.json["restore"]
    assert client.open(undo["url"], method=undo["method"], json=undo["body"]).json == {"changed": 1}
    assert client.get(image["file_url"]).status_code == 200
    assert client.get("/api/annotations/annotation-1").status_code == 200


def test_an_image_stays_for_the_projects_that_have_it(client, upload, make_picture):
    image = upload()
    other = client.post("/api/projects", json={"name": "Other"}).json["id"]
    data = {"file": (io.BytesIO(make_picture()), "a.png")}
    assert client.post(f"/api/projects/{other}/images", data=data).status_code == 201
    client.delete(f"/api/images/{image['id']}")
    assert client.get(f"/api/images/{image['id']}").status_code == 200
    client.delete(f"/api/projects/{other}/images/{image['id']}")
    assert client.get(f"/api/images/{image['id']}").status_code == 404
    client.delete(f"/api/projects/{other}")
    assert client.get(f"/api/images/{image['id']}").status_code == 404


def test_refusals(client, make_picture, check_error):
    check_error(send(client, b""), 400, "invalid_image")
    check_error(send(client, b"no picture"), 415, "unsupported_image")
    check_error(send(client, make_picture("JPEG")[:800]), 400, "invalid_image")
    check_error(send(client, make_picture(), field="picture"), 400, "bad_request")
    check_error(client.post("/api/images", data=make_picture(), content_type="image/png"), 400, "bad_request")
    check_error(client.post("/api/images", data={"file": "text"}), 400, "bad_request")
    check_error(
        client.post("/api/images", data=b"--x", content_type="multipart/form-data"), 400, "bad_request"
    )
    check_error(client.post("/api/images"), 400, "bad_request")
    assert client.get("/api/images").json["total"] == 0


@pytest.mark.parametrize("size", [1_500_001, 3_000_000])
def test_too_many_bytes(client, check_error, size):
    """Just above the limit, and so far above it that the body is not even read."""
    check_error(send(client, bytes(size)), 413, "too_large")


def test_too_many_pixels(make_app, make_picture, check_error):
    client = make_app(max_pixels=1000, max_side=100).test_client()
    check_error(send(client, make_picture(size=(40, 30))), 413, "too_large")
    check_error(send(client, make_picture(size=(101, 1))), 413, "too_large")
    assert send(client, make_picture(size=(40, 25))).status_code == 201


@pytest.mark.parametrize("name", ["../../x.png", "x" * 10_000, "\u202egnp.x", "\u6f22.png"])
def test_absurd_names(client, make_picture, name):
    shown = send(client, make_picture(), name).json["name"]
    assert 1 <= len(shown) <= 120
    assert not set(shown) & set("/\\\r\n\u202e")


def test_the_sample_is_there_for_the_asking(client):
    first = client.post("/api/sample")
    second = client.post("/api/sample")
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json["id"] == second.json["id"]
    assert (first.json["width"], first.json["height"]) == (1200, 800)


@pytest.mark.parametrize("image_id", ["gone", "x" * 5000, "%00", "%ff", "..", "a%2fb", "'%20or%201=1"])
def test_unknown_images(client, check_error, image_id):
    answer = client.get(f"/api/images/{image_id}")
    assert answer.status_code == 404
    assert answer.json["error"]["code"] in ("image_not_found", "not_found")


def test_a_failure_inside_tells_nothing_of_the_inside(app, client, monkeypatch, check_error, caplog):
    def fail(*_):
        raise RuntimeError("the secret path /home/me/passwords")

    monkeypatch.setattr(app.extensions["samphire"].images, "page", fail)
    error = check_error(client.get("/api/images"), 500, "internal")
    assert error["message"] == SamphireError.sentence
    assert "secret" not in str(error)
    assert "secret path" in caplog.text


def test_a_full_disk_is_told_as_such(app, client, monkeypatch, make_picture, check_error):
    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(app.extensions["samphire"].blobs, "put", fail)
    check_error(send(client, make_picture()), 507, "storage_full")


def test_a_store_may_have_browsers_fetch_what_it_keeps(app, client, upload, monkeypatch):
    image = upload()
    assert client.get(image["file_url"]).headers["Cache-Control"].endswith("immutable")
    monkeypatch.setattr(
        app.extensions["samphire"].blobs, "url", lambda key, _type: f"https://store.example/{key}?for=1h"
    )
    for url, key in ((image["file_url"], "original.png"), (image["thumbnail_url"], "thumbnail.jpg")):
        assert client.get(url).status_code == 200  # who could not show, or follow, what is elsewhere
        answer = client.get(url, headers={"Sec-Fetch-Mode": "cors"})
        folder = f"images/{image['id'][:2]}/{image['id']}"
        assert answer.status_code == 302
        assert answer.headers["Location"] == f"https://store.example/{folder}/{key}?for=1h"
        assert answer.headers["Cache-Control"] == f"private, max-age={SIGNED_SECONDS}"
