"""Parts of files, as RFC 9110 has them, wherever files are served."""

import pytest


@pytest.fixture(params=["picture", "thumbnail", "export", "static", "network"])
def url(request, client, app, upload, make_annotation):
    if request.param == "static":
        from server.web.static import static_url

        return static_url("js/pages/home.js")
    if request.param == "network":
        return client.get("/api/segmenters").json["segmenters"][0]["prepare"]["url"]
    image = upload()
    if request.param == "export":
        client.post(f"/api/images/{image['id']}/annotations", json=make_annotation())
        return "/api/export/coco"
    return image["file_url" if request.param == "picture" else "thumbnail_url"]


def get(client, url, value):
    return client.get(url, headers={"Range": value, "Accept-Encoding": "identity"})


def test_one_range(client, url):
    whole = client.get(url, headers={"Accept-Encoding": "identity"}).data
    size = len(whole)
    for value, part, told in (
        ("bytes=0-0", whole[:1], f"bytes 0-0/{size}"),
        ("bytes=5-", whole[5:], f"bytes 5-{size - 1}/{size}"),
        ("BYTES=5-9", whole[5:10], f"bytes 5-9/{size}"),
        (f"bytes=10-{size + 1000}", whole[10:], f"bytes 10-{size - 1}/{size}"),
        ("bytes=-7", whole[-7:], f"bytes {size - 7}-{size - 1}/{size}"),
        (f"bytes=-{size + 1}", whole, f"bytes 0-{size - 1}/{size}"),
    ):
        answer = get(client, url, value)
        assert (answer.status_code, answer.data) == (206, part), value
        assert answer.headers["Content-Range"] == told
        assert answer.headers["Accept-Ranges"] == "bytes"


def test_behind_the_end(client, url, check_error):
    size = len(client.get(url, headers={"Accept-Encoding": "identity"}).data)
    for value in (f"bytes={size}-", f"bytes={size}-{size + 5}", f"bytes={10**20}-", "bytes=-0"):
        answer = get(client, url, value)
        check_error(answer, 416, "range_not_satisfiable")
        assert answer.headers["Content-Range"] == f"bytes */{size}"


def test_what_is_not_one_range_of_bytes_is_no_range(client, url):
    whole = client.get(url, headers={"Accept-Encoding": "identity"}).data
    for value in (
        "", "bytes", "bytes=", "bytes=-", "bytes=a-b", "bytes=5-2", "bytes=1.5-2", "bytes=--5", "bytes=0x1-2",
        "bytes=\u00b2-3", "lines=0-5", "bytes=0-1,4-5", "bytes=0-1,-2", f"bytes={'9' * 5000}-", "bytes=0-5;q=1",
    ):  # fmt: skip
        answer = get(client, url, value)
        assert (answer.status_code, answer.data) == (200, whole), value
    answer = client.head(url, headers={"Range": "bytes=0-5", "Accept-Encoding": "identity"})
    assert (answer.status_code, answer.content_length) == (200, len(whole))


def test_what_the_client_has_counts_before_the_range(client, url):
    whole = client.get(url, headers={"Accept-Encoding": "identity"})
    size, etag = len(whole.data), whole.headers["ETag"]
    for value in ("bytes=0-3", f"bytes={size}-"):
        headers = {"Range": value, "If-None-Match": etag, "Accept-Encoding": "identity"}
        assert client.get(url, headers=headers).status_code == 304
    headers = {"Range": "bytes=0-3", "If-Range": etag, "Accept-Encoding": "identity"}
    assert client.get(url, headers=headers).status_code == 206
    assert client.get(url, headers={**headers, "If-Range": '"another"'}).data == whole.data
