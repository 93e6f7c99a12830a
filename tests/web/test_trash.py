"""The trash: what was removed or deleted is listed, restored, and deleted for good."""

import io

import pytest

from server.domain.outside.ids import BULK_LIMIT
from tests.web.test_openapi import SCHEMAS, check


@pytest.fixture
def project(client):
    return client.post("/api/projects", json={"name": "Streets"}).json["id"]


@pytest.fixture
def add(client, project, make_picture):
    def send(seed):
        data = {"file": (io.BytesIO(make_picture(seed=seed)), f"{seed}.png")}
        return client.post(f"/api/projects/{project}/images", data=data).json["id"]

    return send


@pytest.fixture
def trash(client, project):
    """Its listing, or one of its verbs."""

    def ask(verb=None, **body):
        path = f"/api/projects/{project}/trash"
        return client.get(path).json if verb is None else client.post(f"{path}/{verb}", json=body)

    return ask


def names(page):
    return [image["name"] for image in page["images"]]


def test_removed_images_are_listed_and_come_back_with_their_objects(
    client, project, add, trash, make_annotation
):
    images = [add(seed) for seed in range(3)]
    path = f"/api/projects/{project}/images"
    client.post(f"{path}/{images[1]}/annotations", json=make_annotation())
    assert trash() == {"images": [], "next": None, "total": 0}
    client.delete(f"{path}/{images[0]}")
    answer = client.delete(f"{path}/{images[1]}").json
    page = trash()
    check(SCHEMAS["TrashPage"], page, "TrashPage")
    assert (names(page), page["total"], page["next"]) == (["1.png", "0.png"], 2, None)
    removed = page["images"][0]
    assert (removed["until"], removed["annotation_count"]) == (answer["until"], 1)
    thumbnail = client.get(removed["thumbnail_url"])
    assert (thumbnail.status_code, thumbnail.mimetype) == (200, "image/jpeg")
    assert trash("restore", ids=[images[1], "unknown", images[2]]).json == {"changed": 1}
    assert names(trash()) == ["0.png"]
    assert len(client.get(f"{path}/{images[1]}/annotations").json["annotations"]) == 1
    assert client.get(removed["thumbnail_url"]).status_code == 404
    client.delete(f"{path}/{images[2]}")
    assert trash("restore", all=True).json == {"changed": 2}
    assert client.get(path).json["counts"]["new"] == 2


def test_pages_of_the_trash(client, project, add, check_error):
    for image in [add(seed) for seed in range(3)]:
        client.delete(f"/api/projects/{project}/images/{image}")
    path = f"/api/projects/{project}/trash"
    first = client.get(f"{path}?limit=2").json
    assert (names(first), first["total"]) == (["2.png", "1.png"], 3)
    rest = client.get(f"{path}?limit=2&after={first['next']}").json
    assert (names(rest), rest["next"]) == (["0.png"], None)
    check_error(client.get(f"{path}?after=gone"), 404, "image_not_found")
    check_error(client.get("/api/projects/none/trash"), 404, "project_not_found")


def test_what_is_deleted_for_good_does_not_come_back(app, client, project, add, trash, make_annotation):
    images = [add(seed) for seed in range(3)]
    path = f"/api/projects/{project}/images"
    client.post(f"{path}/{images[0]}/annotations", json=make_annotation())
    client.post(f"{path}/bulk", json={"ids": images[:2], "remove": True})
    assert trash("delete", ids=images).json == {"changed": 2}
    assert trash()["total"] == 0
    assert client.get(path).json["counts"]["new"] == 1  # what was not removed stays
    assert client.get("/api/annotations/annotation-1").status_code == 404
    app.extensions["samphire"].janitor.purge()
    assert client.get(f"/api/images/{images[0]}").status_code == 404
    aside = app.extensions["samphire"].quarantine.files()
    assert sum(any(image in name for name in aside) for image in images) == 2  # the originals, for a while
    client.delete(f"{path}/{images[2]}")
    assert trash("delete", all=True).json == {"changed": 1}


@pytest.mark.parametrize(
    "body", [{}, {"all": False}, {"ids": []}, {"ids": ["a"], "all": True}, {"ids": ["a"] * (BULK_LIMIT + 1)}]
)
def test_what_is_meant_must_be_said(trash, check_error, body):
    check_error(trash("delete", **body), 400, "bad_request")


def test_a_deleted_project_can_be_deleted_for_good(client, project, add, check_error):
    image = add(1)
    path = f"/api/projects/{project}"
    check_error(client.post(f"{path}/delete-forever"), 409, "conflict")
    client.delete(path)
    [deleted] = client.get("/api/projects?which=deleted").json["projects"]
    assert (deleted["image_count"], client.get(deleted["covers"][0]).status_code) == (1, 200)
    assert client.post(f"{path}/delete-forever").status_code == 204
    assert client.get("/api/projects?which=deleted").json == {"projects": []}
    check_error(client.post(f"{path}/restore"), 404, "project_not_found")
    assert client.get(f"/api/images/{image}").status_code == 404
