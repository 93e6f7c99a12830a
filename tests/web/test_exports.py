"""Exports over HTTP: a file to save, readable by pycocotools."""

import json

import numpy as np
from pycocotools.coco import COCO

from server.domain.masks import decode_rle


def read(answer, tmp_path):
    path = tmp_path / "coco.json"
    path.write_bytes(answer.data)
    return COCO(str(path))


def test_one_image_and_all(client, upload, make_picture, make_annotation, tmp_path):
    first, second = upload(make_picture(seed=1), "sh\u00f6re.png"), upload(make_picture(seed=2), "b.png")
    bodies = [make_annotation(n, label=f"label {n % 2}") for n in range(4)]
    for body, image in zip(bodies, (first, first, second, second), strict=True):
        assert client.post(f"/api/images/{image['id']}/annotations", json=body).status_code == 201

    answer = client.get("/api/export/coco")
    assert answer.mimetype == "application/json"
    assert 'filename="samphire.coco.json"' in answer.headers["Content-Disposition"]
    dataset = read(answer, tmp_path)
    assert len(dataset.getImgIds()) == 2
    annotations = dataset.loadAnns(dataset.getAnnIds())
    masks = {annotation["samphire"]["id"]: dataset.annToMask(annotation) for annotation in annotations}
    for body in bodies:
        assert np.array_equal(masks[body["id"]], decode_rle(body["rle"]))

    answer = client.get(f"/api/images/{first['id']}/export/coco")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "sh%C3%B6re.coco.json" in answer.headers["Content-Disposition"]
    assert len(read(answer, tmp_path).getAnnIds()) == 2


def test_each_annotation_says_which_segmenter_made_it(client, upload, make_annotation):
    url = f"/api/images/{upload()['id']}/annotations"
    makers = [("mobile_sam", "a" * 64), ("sam2_hiera_tiny", "b" * 64), ("no-longer-installed", "c" * 64)]
    for number, (segmenter, weights) in enumerate(makers):
        body = make_annotation(number, segmenter=segmenter, weights=weights)
        made = client.post(url, json=body).json
        assert (made["segmenter"], made["weights"]) == (segmenter, weights)
    exported = json.loads(client.get("/api/export/coco").data)["annotations"]
    told = [(each["samphire"]["segmenter"], each["samphire"]["weights"]) for each in exported]
    assert sorted(told) == sorted(makers)


def test_without_anything(client):
    assert json.loads(client.get("/api/export/coco").data)["annotations"] == []


def test_refusals(client, check_error):
    error = check_error(client.get("/api/export/yolo"), 404, "not_found")
    assert "coco" in error["message"]
    check_error(client.get("/api/images/gone/export/coco"), 404, "image_not_found")
