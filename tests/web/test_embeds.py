"""The image of a link in a frame of somebody's page: what it gives without cookies, and what it does not."""

import json
import re

import pytest

from tests.web.team import visitor
from tests.web.visiting import make_link
from tests.web.working import make_project


@pytest.fixture
def project(make_app, make_picture, monkeypatch):
    made = make_project(make_app(team=True), make_picture, images=2, max="manager")
    embeddings = made.services.embeddings
    monkeypatch.setattr(embeddings, "wait", lambda image, spec, *_: (image.id, spec.id))
    monkeypatch.setattr(embeddings, "content", lambda row, coding: f"of {row[0]}".encode())
    return made


@pytest.fixture
def link(project):
    return make_link(project.max, project.id, "try", image=project.images[0])


@pytest.fixture
def stranger(project):
    return visitor(project.app)


def boot_of(page):
    [text] = re.findall(r'id="boot">(.*?)</script>', page.text, re.DOTALL)
    return json.loads(text)


def embed(link):
    return f"{link['path']}/embed"


def test_a_frame_has_its_image_and_no_cookie(project, link, stranger, make_annotation):
    path = f"{project.path}/images/{project.images[0]}/annotations"
    assert project.max.post(path, json=make_annotation(1)).status_code == 201
    page = stranger.get(embed(link))
    assert page.status_code == 200
    assert "frame-ancestors *" in page.headers["Content-Security-Policy"]
    assert page.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert "Set-Cookie" not in page.headers
    boot = boot_of(page)
    [image] = boot["demo"]["images"]
    assert (image["id"], image["name"]) == (project.images[0], "000.png")
    assert [each["id"] for each in boot["demo"]["annotations"]] == ["annotation-1"]
    assert boot["project"]["role"] == "annotator"
    assert stranger.get(image["file_url"]).mimetype == "image/png"
    for network in ("prepare", "decoder"):
        assert stranger.get(boot["segmenters"][0][network]["url"]).status_code == 200
    assert not [each for each in (project.id, project.images[1], "max") if each in page.text]
    assert "frame-ancestors 'none'" in stranger.get(link["path"]).headers["Content-Security-Policy"]


def test_a_link_to_look_at_has_no_decoder(project, stranger, check_error):
    link = make_link(project.max, project.id, "view", image=project.images[0])
    boot = boot_of(stranger.get(embed(link)))
    assert boot["project"]["role"] == "viewer"
    assert stranger.get(f"{embed(link)}/image").status_code == 200
    for path in ("embedding", "decoder/decoder.onnx"):
        check_error(stranger.get(f"{embed(link)}/{path}"), 404, "not_found")


@pytest.mark.parametrize(
    "more",
    [
        {"kind": "annotate"}, {"kind": "review"}, {"kind": "try", "password": "a password"},
        {"kind": "try", "max_uses": 3}, {"kind": "try", "image": None},
    ],
)  # fmt: skip
def test_links_that_ask_for_more_are_not_embedded(project, stranger, check_error, more):
    asked = {"image": project.images[0]} | more
    if asked["image"] is None:
        del asked["image"]
    link = make_link(project.max, project.id, asked.pop("kind"), **asked)
    for path in ("", "/image", "/embedding", "/decoder/decoder.onnx"):
        check_error(stranger.get(embed(link) + path), 404, "link_not_found")


def test_what_is_revoked_or_unknown_shows_nothing(project, link, stranger, check_error):
    check_error(stranger.get(f"{embed(link)}/decoder/encoder.onnx"), 404, "not_found")
    project.max.delete(f"{project.path}/links/{link['id']}")
    for path in ("", "/image", "/embedding", "/decoder/decoder.onnx"):
        check_error(stranger.get(embed(link) + path), 404, "link_not_found")
        check_error(stranger.get(f"/s/{'a' * 43}/embed{path}"), 404, "link_not_found")
