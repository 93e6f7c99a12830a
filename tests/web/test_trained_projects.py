"""A project whose segmenter was trained on it: as a bundle, and exported to servers with and without that segmenter."""

import base64
import gzip
import re

import gevent
import pytest

from server.inference.catalog import DEFAULT, read_spec
from server.paths import SEGMENTERS
from tests.installing import install
from tests.web.test_bundles import boot_of, built, bundle

built = built

WEIGHTS = "7" * 64
DECODER = b"what was trained"
PATH = "/api/projects/default"


@pytest.fixture
def base():
    return read_spec(SEGMENTERS / DEFAULT)


def install_trained(data, base):
    files = {"encoder.onnx": b"encoder", "prepare.onnx": b"prepare", "decoder.onnx": DECODER}
    source = {"trained_from": {"segmenter": base.id, "weights": base.weights}, "project": "default"}
    install(data / "segmenters", "mine", WEIGHTS, files, encoding=base.encoding, source=source)


def use(client, segmenter):
    answer = client.patch(PATH, json={"settings": {"segmenter": segmenter}})
    assert answer.status_code == 200, answer.json


def test_a_bundle_carries_the_trained_decoder_and_the_base_s_embedding(app, client, built, base):
    install_trained(app.extensions["samphire"].settings.data_path, base)
    use(client, "mine")
    answer = bundle(client, built["id"])
    boot = boot_of(answer)
    assert boot["segmenter"] == "mine"
    [segmenter] = boot["segmenters"]
    assert (segmenter["id"], segmenter["weights"], segmenter["encoding"]) == ("mine", WEIGHTS, base.encoding)
    assert segmenter["trained_from"]["segmenter"] == base.id
    assert boot["demo"]["images"][0]["embedding"]["weights"] == base.encoding
    [carried] = re.findall(r'data-carried="decoder/decoder.onnx"[^>]*>([^<]*)<', answer.text)
    assert gzip.decompress(base64.b64decode(carried)) == DECODER


def imported(app, data):
    """Into the default project of another server: its objects, and the segmenter that it then has."""
    services, client = app.extensions["samphire"], app.test_client()
    services.queue.start()
    sent = client.post(f"{PATH}/import/coco", data=data, content_type="application/zip")
    assert sent.status_code == 202, sent.json
    with gevent.Timeout(20):
        while (job := client.get(f"{PATH}/imports/{sent.json['id']}").json)["state"] in ("queued", "running"):
            gevent.sleep(0.02)
    assert (job["state"], job["objects"], job["failed"]) == ("done", 1, 0), job
    [image] = client.get(f"{PATH}/images").json["images"]
    [drawn] = client.get(f"{PATH}/images/{image['id']}/annotations").json["annotations"]
    return client, image, drawn


def test_its_objects_are_imported_where_it_is_installed_and_where_it_is_not(
    client, app, upload, make_annotation, make_app, tmp_path, base
):
    install_trained(app.extensions["samphire"].settings.data_path, base)
    use(client, "mine")
    image, prompts = upload(name="a.png"), [{"kind": "point", "x": 8, "y": 8, "label": 1}]
    body = make_annotation(segmenter="mine", weights=WEIGHTS, prompts=prompts, candidate=1)
    made = client.post(f"/api/images/{image['id']}/annotations", json=body)
    assert made.status_code == 201, made.json
    data = client.get("/api/export/coco?images=1").data
    install_trained(tmp_path / "has it", base)
    for name, has_it in (("has it", True), ("has not", False)):
        other, there, drawn = imported(make_app(data=str(tmp_path / name)), data)
        for field in ("rle", "segmenter", "weights", "prompts", "candidate"):
            assert drawn[field] == made.json[field]
        assert (
            there["embedding"]["segmenter"] == DEFAULT
        )  # an export has no settings: the project keeps its own
        chosen = other.patch(PATH, json={"settings": {"segmenter": "mine"}})
        assert (chosen.status_code == 200) is has_it
        assert other.get(f"/api/images/{there['id']}").json["embedding"]["weights"] == base.encoding
        shown = other.get(f"/projects/default/images/{there['id']}")
        assert shown.status_code == 200
        assert (re.search(r'"segmenter": ?"mine"', shown.text) is not None) is has_it
