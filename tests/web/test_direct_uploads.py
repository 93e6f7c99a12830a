"""Images that a browser puts into the bucket itself are taken in as any other upload is, and nothing else gets in."""

import io
from datetime import timedelta

import gevent
import pytest
import requests

from server.features.images.direct import MOST_UNFINISHED
from tests.buckets import bucket_of, client_of
from tests.web.team import person

UPLOADS = "/api/projects/default/uploads"


@pytest.fixture
def app(make_app, s3_bucket):
    return make_app(blobs=f"{s3_bucket}&direct={bucket_of(s3_bucket).endpoint}", max_upload_mb=1)


@pytest.fixture
def lying(s3_bucket):
    """Names of all there is in the bucket, below its prefix."""
    bucket = bucket_of(s3_bucket)
    listed = client_of(bucket.endpoint).list_objects_v2
    return lambda: [
        each["Key"].removeprefix(bucket.prefix) for each in listed(Bucket=bucket.name).get("Contents", ())
    ]


@pytest.fixture
def incoming(lying):
    return lambda: [each for each in lying() if each.startswith("incoming/")]


def offered(client, size, uploads=UPLOADS):
    answer = client.post(uploads, json={"bytes": size})
    assert answer.status_code == 201, answer.json
    return answer.json


def put(offer, data, kind=None, **headers):
    headers["Content-Type"] = kind or offer["content_type"]
    return requests.put(offer["url"], data, headers=headers, timeout=30).status_code


def finish(client, offer, name="a.png", uploads=UPLOADS, **more):
    return client.post(f"{uploads}/{offer['id']}", json={"name": name, **more})


def sent(client, data, **named):
    offer = offered(client, len(data))
    assert put(offer, data) == 200
    return finish(client, offer, **named)


def test_it_is_what_an_ordinary_upload_is(client, lying, make_picture, make_app, tmp_path):
    data = make_picture()
    offer = offered(client, len(data))
    assert put(offer, data) == 200
    answer = finish(client, offer, "street/a.png", folders=True)
    assert (answer.status_code, answer.json["name"]) == (201, "street/a.png")
    image = answer.json
    folder = f"images/{image['id'][:2]}/{image['id']}"
    assert sorted(lying()) == sorted(["owner", f"{folder}/original.png", f"{folder}/thumbnail.jpg"])
    assert client.get(image["file_url"]).data == data
    plain = make_app(data=str(tmp_path / "plain")).test_client()
    with_form = {"file": (io.BytesIO(data), "a.png"), "path": "street/a.png"}
    ordinary = plain.post("/api/projects/default/images", data=with_form).json
    same = ("name", "width", "height", "bytes", "format", "sha256", "state", "existing")
    assert {name: image[name] for name in same} == {name: ordinary[name] for name in same}
    again = sent(client, data, name="b.png")
    assert (again.status_code, again.json["id"], again.json["existing"]) == (200, image["id"], True)
    assert len(lying()) == 3


@pytest.mark.parametrize("copies", [True, False])
def test_the_original_is_sent_to_the_bucket_once_where_that_copies(
    copies, client, s3, incoming, make_picture
):
    data, sizes = make_picture(), []
    offer = offered(client, len(data))
    put(offer, data)
    asked = s3.__class__.__call__

    def watched(self, environ, start_response):
        if environ["REQUEST_METHOD"] == "PUT":
            sizes.append(int(environ["CONTENT_LENGTH"]))
        if "HTTP_X_AMZ_COPY_SOURCE" in environ and not copies:
            start_response("501 Not Implemented", [("Content-Length", "0")])
            return [b""]
        return asked(self, environ, start_response)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(s3.__class__, "__call__", watched)
        answer = finish(client, offer)
    assert answer.status_code == 201
    assert sizes.count(len(data)) == (0 if copies else 1)
    assert client.get(answer.json["file_url"]).data == data
    assert incoming() == []


def test_the_bucket_takes_so_many_bytes_of_one_type_and_no_others(client, make_picture, incoming):
    data = make_picture()
    offer = offered(client, len(data))
    assert put(offer, data + b"more") == 403
    assert put(offer, data[:-1]) == 403
    assert put(offer, data, "text/html") == 403
    other = offer["url"].replace(offer["id"], "0" * 32)
    assert put({**offer, "url": other}, data) == 403
    assert requests.get(offer["url"], timeout=30).status_code == 403
    assert incoming() == []
    assert put(offer, data) == 200


@pytest.mark.parametrize(
    ("make", "status", "code"),
    [
        (lambda picture: b"<script>alert(1)</script>", 415, "unsupported_image"),
        (lambda picture: picture("PNG")[:200], 400, "invalid_image"),
        (lambda picture: picture("PNG", size=(300, 300)), 413, "too_large"),
    ],
)
def test_what_is_no_image_or_has_too_many_pixels_is_refused_and_gone(
    make, status, code, make_app, s3_bucket, make_picture, check_error, lying
):
    direct = f"{s3_bucket}&direct={bucket_of(s3_bucket).endpoint}"
    client = make_app(blobs=direct, max_pixels=50_000).test_client()
    check_error(sent(client, make(make_picture)), status, code)
    assert lying() == ["owner"]


def test_sizes_are_checked_before_and_after(app, client, check_error, s3_bucket, incoming):
    for size in (0, -1, 1.5, "1", None):
        check_error(client.post(UPLOADS, json={"bytes": size}), 400, "bad_request")
    check_error(client.post(UPLOADS, json={"bytes": 1_000_001}), 413, "too_large")
    offer = offered(client, 10)
    bucket = bucket_of(s3_bucket)  # a store that does not look at what was signed
    key = f"{bucket.prefix}incoming/owner/{offer['id']}"
    client_of(bucket.endpoint).put_object(Bucket=bucket.name, Key=key, Body=bytes(1_500_000))
    check_error(finish(client, offer), 413, "too_large")
    assert incoming() == []


def test_it_counts_once(client, make_picture, check_error, incoming):
    data = make_picture()
    offer = offered(client, len(data))
    check_error(finish(client, offer), 404, "upload_not_found")  # not there yet
    put(offer, data)
    assert finish(client, offer).status_code == 201
    check_error(finish(client, offer), 404, "upload_not_found")
    assert put(offer, data) == 200  # the address works on, for as many bytes
    assert len(incoming()) == 1
    assert finish(client, offer).status_code == 200
    for strange in ("0" * 32, "a", "%2e%2e", "0" * 31 + "/", "..%2fowner"):
        answer = client.post(f"{UPLOADS}/{strange}", json={"name": "a.png"})
        assert answer.status_code == 404
    assert client.get("/api/images").json["total"] == 1


def test_two_at_once_are_one_image(client, app, make_picture, incoming):
    data = make_picture()
    offers = [offered(client, len(data)) for _ in range(2)]
    for offer in offers:
        put(offer, data)
    asking = [gevent.spawn(finish, app.test_client(), offer) for offer in offers * 2]
    answers = [each.get() for each in asking]
    assert {201} <= {answer.status_code for answer in answers} <= {200, 201, 404}
    assert client.get("/api/images").json["total"] == 1
    assert incoming() == []


def test_what_is_put_there_while_it_is_looked_at_is_not_what_is_kept(app, client, make_picture, lying):
    """Its address works for a while, so the bytes are taken to where it does not reach before anybody reads them."""
    good = make_picture()
    evil = bytes(len(good))
    offer = offered(client, len(good))
    put(offer, good)
    blobs = app.extensions["samphire"].blobs
    download = blobs._download

    def meanwhile(*arguments):
        download(*arguments)
        assert put(offer, evil) == 200

    blobs._download = meanwhile
    image = finish(client, offer).json
    blobs._download = download
    blobs._cache.drop(f"images/{image['id'][:2]}/{image['id']}/original.png")
    assert client.get(image["file_url"]).data == good


def test_nobody_takes_what_another_has_put_there(make_app, s3_bucket, make_picture, check_error):
    app = make_app(team=True, blobs=f"{s3_bucket}&direct={bucket_of(s3_bucket).endpoint}")
    person(app, "admin")
    ann, bob = person(app, "Ann"), person(app, "Bob")
    hers, his = (each.post("/api/projects", json={"name": "x"}).json["id"] for each in (ann, bob))
    data = make_picture()
    offer = offered(ann, len(data), f"/api/projects/{hers}/uploads")
    put(offer, data)
    refused = finish(bob, offer, uploads=f"/api/projects/{his}/uploads")
    check_error(refused, 404, "upload_not_found")
    refused = finish(ann, offer, uploads=f"/api/projects/{his}/uploads")
    check_error(refused, 404, "project_not_found")
    assert finish(ann, offer, uploads=f"/api/projects/{hers}/uploads").status_code == 201


def test_few_are_unfinished_at_a_time_and_those_are_deleted(
    app, client, s3_bucket, incoming, make_picture, check_error
):
    from moto.core import DEFAULT_ACCOUNT_ID
    from moto.s3.models import s3_backends

    data = make_picture()
    for number in range(MOST_UNFINISHED):
        offer = offered(client, len(data))
        assert number > 2 or put(offer, data) == 200
    error = check_error(client.post(UPLOADS, json={"bytes": 1}), 429, "too_many_requests")
    assert "server" in error["hint"]
    janitor = app.extensions["samphire"].janitor
    janitor.clean()
    assert len(incoming()) == 3
    assert {each.key for each in app.extensions["samphire"].blobs.stored()} == set()
    bucket = s3_backends[DEFAULT_ACCOUNT_ID]["aws"].buckets[bucket_of(s3_bucket).name]
    for object in bucket.keys.values():
        object.last_modified -= timedelta(minutes=61)
    janitor.clean()
    assert incoming() == []


def test_a_store_that_is_away_keeps_nothing(client, s3, make_picture, check_error, lying, monkeypatch):
    monkeypatch.setattr("botocore.retries.standard.ExponentialBackoff.delay_amount", lambda *_: 0)
    data = make_picture()
    offer = offered(client, len(data))
    put(offer, data)
    s3.failing = lambda method, path: method == "PUT" and "/images/" in path
    check_error(finish(client, offer), 503, "files_unavailable")
    s3.failing = lambda method, path: False
    assert lying() == ["owner"]
    assert client.get("/api/images").json["total"] == 0
    assert sent(client, data).status_code == 201


def test_servers_without_such_a_bucket_offer_nothing(make_app, s3_bucket, check_error, tmp_path):
    for blobs in ("", s3_bucket):
        client = make_app(blobs=blobs, data=str(tmp_path / f"data{len(blobs)}")).test_client()
        check_error(client.post(UPLOADS, json={"bytes": 5}), 404, "upload_not_found")
        assert b"data-direct" not in client.get("/").data
