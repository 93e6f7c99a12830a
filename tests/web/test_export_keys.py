"""An export's ETag changes with everything that may change the file, and with nothing else."""

import io
import shutil

import pytest

from server.storage.tables import Image

EXPORT = "/api/projects/default/export/coco"
PROJECT = "/api/projects/default"


@pytest.fixture
def image(client, upload, make_annotation):
    """One with an annotation."""
    image = upload()
    client.post(f"/api/images/{image['id']}/annotations", json=make_annotation(1))
    return image


def etag(client, query=""):
    answer = client.get(EXPORT + query)
    assert answer.status_code == 200
    return answer.headers["ETag"]


def labels(client, **changes):
    """Replaces the labels, the first one changed."""
    listed = client.get(f"{PROJECT}/labels").json
    listed["labels"][0] |= changes
    assert client.put(f"{PROJECT}/labels", json=listed).status_code == 200


def add_again(client, image, make_picture):
    """The same bytes once more: a removed image comes back."""
    client.delete(f"{PROJECT}/images/{image['id']}")
    removed = etag(client)
    answer = client.post(f"{PROJECT}/images", data={"file": (io.BytesIO(make_picture()), "a.png")})
    assert answer.status_code == 201
    assert etag(client) != removed


def restore(client, image):
    undo = client.delete(f"{PROJECT}/images/{image['id']}").json["restore"]
    removed = etag(client)
    assert client.post(undo["url"], json=undo["body"]).json["changed"] == 1
    assert etag(client) != removed


CHANGES = {
    "another image": lambda client, image, make_picture: client.post(
        "/api/images", data={"file": (io.BytesIO(make_picture(seed=5)), "b.png")}
    ),
    "an image removed": lambda client, image, _: client.delete(f"{PROJECT}/images/{image['id']}"),
    "an image removed and added again": add_again,
    "an image removed and restored": lambda client, image, _: restore(client, image),
    "a state": lambda client, image, _: client.patch(
        f"{PROJECT}/images/{image['id']}", json={"state": "done"}
    ),
    "another annotation's label": lambda client, image, _: client.patch(
        "/api/annotations/annotation-1", json={"version": 1, "label": "cat"}
    ),
    "no annotation": lambda client, image, _: client.delete("/api/annotations/annotation-1?version=1"),
    "a label's name": lambda client, image, _: labels(client, name="cat"),
    "a label's colour": lambda client, image, _: labels(client, color="#123456"),
    "a label's attributes": lambda client, image, _: labels(
        client, attributes=[{"name": "cut", "type": "flag"}]
    ),
    "the project's name": lambda client, image, _: client.patch(PROJECT, json={"name": "Dogs"}),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_changes_with_what_the_file_shows(client, image, make_picture, change):
    before = etag(client)
    assert etag(client) == before
    change(client, image, make_picture)
    assert etag(client) != before


def test_changes_with_what_is_asked_for(client, image):
    asked = ("", "?images=1", "?split=80/20", "?split=50/50", "?split=80/20&images=1")
    assert len({etag(client, query) for query in asked}) == len(asked)


def test_changes_with_rows_whoever_writes_them(app, client, image):
    """As a picture that is read anew with other pixels, or a migration."""
    before = etag(client)
    with app.extensions["samphire"].db.write() as session:
        session.get(Image, image["id"]).display_key = "another"
    assert etag(client) != before


def test_stays_while_others_change(client, image, make_annotation, make_picture):
    client.patch(PROJECT, json={"settings": {"key_preset": "cvat"}})
    before = etag(client)
    other = client.post("/api/projects", json={"name": "Other"}).json["id"]
    data = {"file": (io.BytesIO(make_picture()), "a.png")}
    assert client.post(f"/api/projects/{other}/images", data=data).status_code == 201
    url = f"/api/projects/{other}/images/{image['id']}/annotations"
    assert client.post(url, json=make_annotation(2)).status_code == 201
    client.patch(PROJECT, json={"guidelines": "Every dog."})
    assert etag(client) == before


@pytest.mark.sqlite
def test_a_database_restored_from_a_copy_gives_no_value_again(make_app, tmp_path, make_picture):
    """The same number of changes, but others."""
    folder, made = tmp_path / "data", []
    make_app(data=str(folder)).extensions["samphire"].close()
    shutil.copytree(folder, tmp_path / "copy")
    for seed in (1, 2):
        shutil.rmtree(folder)
        shutil.copytree(tmp_path / "copy", folder)
        for leftover in folder.glob("samphire.db-*"):
            leftover.unlink()
        app = make_app(data=str(folder))
        client = app.test_client()
        client.post("/api/images", data={"file": (io.BytesIO(make_picture(seed=seed)), f"{seed}.png")})
        made.append((etag(client), client.get(EXPORT).data))
        app.extensions["samphire"].close()
    assert made[0][0] != made[1][0]
    assert b'"1.png"' in made[0][1]
    assert b'"2.png"' in made[1][1]
