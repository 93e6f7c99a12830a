"""How deep images are shown can be chosen: other copies, other addresses, other embeddings; the objects stay."""

import io
import threading

import numpy as np
import pytest
from PIL import Image

from server.domain.masks import encode_rle
from server.storage.rows import images as rows
from tests.unit.features.pictures.files import ramp, tiff
from tests.web.team import person

HERE = "/api/projects/default/images"


@pytest.fixture
def deep(upload):
    """A 16-bit image of 64 x 48 of values from 100 to 1100."""
    return upload(tiff(ramp(100, 1100, "u2")), "deep.tif")


@pytest.fixture
def render(client):
    def send(image, rendering, status=200):
        answer = client.patch(f"{HERE}/{image['id']}", json={"rendering": rendering})
        assert answer.status_code == status, answer.json
        return answer.json

    return send


def shown(client, image):
    return np.asarray(Image.open(io.BytesIO(client.get(image["file_url"]).data)).convert("L")).astype(int)


def test_a_range_is_chosen_and_taken_back(client, deep, render):
    assert (deep["rendering"], deep["version"]) == (None, "")
    automatic = shown(client, deep)
    assert np.ptp(automatic) == 255

    full = render(deep, {"range": "full"})
    assert full["rendering"] == {"range": "full", "bands": None}
    assert full["version"] in full["file_url"]
    assert full["version"] in full["thumbnail_url"]
    assert shown(client, full).max() <= 5
    assert client.get(full["file_url"]).headers["Cache-Control"].endswith("immutable")
    assert client.get(deep["file_url"]).headers["Cache-Control"] == "private, no-cache"

    some = render(deep, {"range": [100, 600]})
    assert some["version"] not in ("", full["version"])
    assert (shown(client, some) == 255).mean() == pytest.approx(0.5, abs=0.02)
    assert client.get(some["thumbnail_url"]).status_code == 200

    again = render(deep, None)
    assert (again["rendering"], again["file_url"]) == (None, deep["file_url"])
    assert (shown(client, again) == automatic).all()


def test_only_the_copies_in_use_are_kept(app, client, deep, render, tmp_path):
    for rendering in ({"range": "full"}, {"range": [100, 600]}, {"range": [100, 600]}):
        render(deep, rendering)
    files = sorted(path.name.split("-")[0] for path in (tmp_path / "data" / "blobs" / "images").rglob("*.*"))
    assert files == ["display", "original.tif", "thumbnail"]


def test_bands_are_chosen(client, upload, render):
    bands = np.stack([np.full((20, 30), 10 * band + 5, "u1") for band in range(5)], axis=2)
    image = upload(tiff(bands), "many.tif")
    assert Image.open(io.BytesIO(client.get(image["file_url"]).data)).getpixel((0, 0)) == (5, 15, 25)
    image = render(image, {"bands": [5, 1, 2]})
    assert Image.open(io.BytesIO(client.get(image["file_url"]).data)).getpixel((0, 0)) == (45, 5, 15)
    assert shown(client, render(image, {"bands": [4]})).max() == 35
    refused = render(image, {"bands": [6]}, 409)["error"]
    assert (refused["message"], refused["hint"]) == ("This image has 5 bands.", "Choose bands from 1 to 5.")


def test_a_dark_photograph_too(client, upload, render, make_picture):
    image = upload(make_picture("JPEG"), "a.jpg")
    before = shown(client, image).mean()
    assert shown(client, render(image, {"range": [0, 100]})).mean() > before + 20
    assert render(image, None)["version"] == ""
    assert client.get(image["file_url"]).data == make_picture("JPEG")


@pytest.mark.parametrize(
    "rendering",
    [
        *(
            1,
            [],
            "auto",
            {"bands": []},
            {"bands": [0]},
            {"bands": [1, 2]},
            {"bands": ["1"]},
            {"bands": [True]},
        ),
        *({"range": "some"}, {"range": [1]}, {"range": ["1", 2]}),
        *({"range": {}}, {"range": [0, 1e308]}, {"range": None}, {"colour": 1}),
    ],
)
def test_what_is_no_rendering(deep, render, rendering):
    assert render(deep, rendering, 400)["error"]["code"] == "bad_request"


def test_a_state_can_come_with_it_and_objects_stay(client, deep, make_annotation):
    sent = make_annotation(rle=encode_rle(np.eye(48, 64, dtype=bool)))
    assert client.post(f"{HERE}/{deep['id']}/annotations", json=sent).status_code == 201
    body = {"state": "done", "rendering": {"range": "full"}}
    answer = client.patch(f"{HERE}/{deep['id']}", json=body).json
    assert (answer["state"], answer["rendering"]["range"]) == ("done", "full")
    assert client.get(f"{HERE}/{deep['id']}").json == answer
    assert len(client.get(f"{HERE}/{deep['id']}/annotations").json["annotations"]) == 1


def test_the_embedding_of_another_version_is_not_given(client, deep, render):
    changed = render(deep, {"range": "full"})
    answer = client.get(f"/api/images/{deep['id']}/embedding?version=")
    assert answer.status_code == 404
    answer = client.get(f"/api/images/{deep['id']}/embedding?version={changed['version']}")
    assert answer.status_code == 202


def test_lost_copies_are_made_again_as_they_were(app, client, deep, render):
    some = render(deep, {"range": [100, 600]})
    before = shown(client, some)
    with app.extensions["samphire"].db.read() as session:
        row = rows.find(session, deep["id"])
    app.extensions["samphire"].blobs.delete([row.display_key, row.thumbnail_key])
    assert (shown(client, some) == before).all()
    assert client.get(some["thumbnail_url"]).status_code == 200


def test_how_an_image_is_shown_is_for_managers_to_choose(make_app, check_error):
    """For everybody it is encoded anew."""
    app = make_app(team=True)
    olga, arno = (person(app, name) for name in ("olga", "arno"))
    project = f"/api/projects/{olga.post('/api/projects', json={'name': 'Deep'}).json['id']}"
    olga.post(f"{project}/members", json={"account": "arno", "role": "annotator"})
    data = {"file": (io.BytesIO(tiff(ramp(100, 1100, "u2"))), "deep.tif")}
    path = f"{project}/images/{olga.post(f'{project}/images', data=data).json['id']}"
    for body in ({"rendering": {"range": "full"}}, {"rendering": None, "state": "done"}):
        error = check_error(arno.patch(path, json=body), 403, "forbidden")
        assert "manager" in error["message"]
    assert (olga.get(path).json["rendering"], olga.get(path).json["state"]) == (None, "new")
    assert arno.patch(path, json={"state": "done"}).status_code == 200
    olga.patch(f"{project}/members/{arno.account}", json={"role": "manager"})
    assert arno.patch(path, json={"rendering": {"range": "full"}}).status_code == 200


def test_the_original_is_fetched_while_others_are_answered(app, deep, render, monkeypatch):
    blobs, fetched = app.extensions["samphire"].blobs, []
    local = blobs.local

    def noted(key):
        fetched.append(threading.get_ident())
        return local(key)

    monkeypatch.setattr(blobs, "local", noted)
    render(deep, {"range": "full"})
    assert fetched
    assert threading.get_ident() not in fetched
