"""The page of images that their own browser encodes: what it is given, and where a segmenter is too large for it."""

import json
import re

import pytest

from server.inference import catalog
from tests.web.visiting import make_link, visiting
from tests.web.working import make_project


@pytest.fixture
def project(make_app, make_picture):
    return make_project(make_app(team=True), make_picture, images=1, max="manager")


def visitor_of(project, kind):
    return visiting(project.app, make_link(project.max, project.id, kind, image=project.images[0]))


def test_who_tries_gets_the_encoder_and_no_image(project):
    visitor = visitor_of(project, "try")
    page = visitor.get(f"{project.path[4:]}/own")
    assert page.status_code == 200
    [text] = re.findall(r'id="boot">(.*?)</script>', page.text, re.DOTALL)
    demo = json.loads(text)["demo"]
    assert (demo["images"], demo["annotations"]) == ([], [])
    spec = project.services.segmenters.find("mobile_sam")
    encoder = demo["encoder"]
    assert (encoder["segmenter"], encoder["weights"], encoder["bytes"]) == (
        spec.id,
        spec.weights,
        spec.encoder_bytes,
    )
    answer = visitor.get(encoder["url"])
    assert answer.data == spec.encoder_path.read_bytes()
    assert "immutable" in answer.headers["Cache-Control"]


def test_who_looks_does_not(project):
    assert visitor_of(project, "view").get(f"{project.path[4:]}/own").status_code == 403


def test_an_encoder_that_is_too_large_is_refused_with_a_sentence(project, check_error, monkeypatch):
    visitor = visitor_of(project, "try")
    [text] = re.findall(r'"url":\s*"([^"]*encoder.onnx)"', visitor.get(f"{project.path[4:]}/own").text)
    monkeypatch.setattr(catalog, "_MOST_BYTES_FOR_BROWSERS", 1000)
    page = visitor.get(f"{project.path[4:]}/own", headers={"Accept": "text/html"})
    assert page.status_code == 400
    assert "The encoder of MobileSAM is too large for a browser (9 MB)." in page.text
    check_error(visitor.get(text), 404, "not_found")
