"""Predicting and fetching embeddings over real HTTP, on the real segmenter."""

import gzip
from concurrent.futures import ThreadPoolExecutor

import brotli
import numpy as np
import pytest
import requests
import zstandard
from pycocotools import mask as coco

from server.domain import embedding_codec
from tests.web.live.running import picture, upload


def predict(server, image, **prompt):
    return requests.post(f"{server.base}/api/images/{image['id']}/predict", json=prompt, timeout=120)


def test_one_click_offers_three_masks_of_the_right_object(server, image):
    answer = predict(server, image, points=[[132, 101, 1]]).json()
    assert [candidate["token"] for candidate in answer["candidates"]] == [1, 2, 3]
    y, x = np.mgrid[:203, :331]
    disc = (x - 331 * 0.4) ** 2 + (y - 203 * 0.5) ** 2 < (0.25 * 203) ** 2
    ious = []
    for candidate in answer["candidates"]:
        assert candidate["rle"]["size"] == [203, 331]
        mask = coco.decode(candidate["rle"]).astype(bool)
        assert mask.sum() == candidate["area"]
        assert list(coco.toBbox(candidate["rle"])) == candidate["bbox"]
        assert 0 <= candidate["stability_score"] <= 1
        ious.append((mask & disc).sum() / (mask | disc).sum())
    assert max(ious) > 0.9
    assert 0 <= answer["best"] < 3
    assert {"wait", "decode", "masks", "total"} <= set(answer["timing_ms"])


def test_a_box_and_all_four_tokens(server, image):
    box = [70, 45, 195, 160]
    assert predict(server, image, box=box).json()["candidates"][0]["token"] == 0
    answer = predict(server, image, points=[[132, 101, 1]], all=True).json()
    assert [candidate["token"] for candidate in answer["candidates"]] == [0, 1, 2, 3]


def test_a_mask_is_refined_by_its_id_on_its_own_image_only(server, image):
    first = predict(server, image, points=[[132, 101, 1]]).json()
    mask_id = first["candidates"][first["best"]]["mask_id"]
    points = [[132, 101, 1], [10, 10, 0]]
    assert predict(server, image, points=points, mask_from=mask_id).status_code == 200
    gone = predict(server, image, points=points, mask_from="no-such-mask")
    assert (gone.status_code, gone.json()["error"]["code"]) == (410, "prediction_expired")
    other = upload(server, picture(64, 48, seed=5))
    assert predict(server, other, points=[[3, 3, 1]], mask_from=mask_id).status_code == 400


def test_equal_requests_at_once_get_one_prediction(server):
    fresh = upload(server, picture(200, 150, seed=11))
    with ThreadPoolExecutor(8) as threads:
        asked = [threads.submit(predict, server, fresh, points=[[80, 75, 1]]) for _ in range(8)]
        answers = [each.result() for each in asked]
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["prediction"] for answer in answers}) == 1  # all waited for the one encoding


@pytest.mark.parametrize(
    "body",
    [
        b"", b"[]", b"nonsense", b'{"points": [[1, 2]]}', b'{"points": [[NaN, 2, 1]]}', b'{"points": []}',
        b'{"points": [[1, 2, 1]], "mask_from": 7}', b'{"points": [[1, 2, 1]], "all": "yes"}',
        b'{"box": [1, 2, 3]}',
    ],
)  # fmt: skip
def test_bad_bodies_are_the_senders_error(server, image, body):
    url = f"{server.base}/api/images/{image['id']}/predict"
    answer = requests.post(url, data=body, headers={"Content-Type": "application/json"}, timeout=30)
    assert answer.status_code == 400
    assert set(answer.json()["error"]) == {"code", "message", "hint"}


def test_an_image_that_is_not_there(server):
    assert predict(server, {"id": "0" * 16}, points=[[1, 1, 1]]).json()["error"]["code"] == "image_not_found"


CODINGS = [
    ("br", "br", brotli.decompress),
    ("zstd", "zstd", zstandard.decompress),
    ("gzip, deflate, br, zstd", "br", brotli.decompress),
    ("br;q=0.1, gzip;q=0.8", "gzip", gzip.decompress),
    ("br;q=0, gzip;q=0, *", "zstd", zstandard.decompress),
    ("identity", None, bytes),
    ("", None, bytes),
]


@pytest.mark.parametrize(("accept", "coding", "decode"), CODINGS)
def test_the_embedding_comes_in_the_coding_asked_for(server, image, accept, coding, decode):
    url = server.base + image["embedding"]["url"]
    answer = requests.get(url, headers={"Accept-Encoding": accept}, stream=True, timeout=20)
    raw = answer.raw.read(decode_content=False)
    assert answer.status_code == 200
    assert answer.headers.get("Content-Encoding") == coding
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert "immutable" in answer.headers["Cache-Control"]
    assert int(answer.headers["Content-Length"]) == len(raw)
    container = decode(raw)
    assert container[:4] == b"SEMB"
    assert embedding_codec.decode(container).tensors["image_tokens"].shape == (4096, 256)
    again = requests.get(
        url, headers={"Accept-Encoding": accept, "If-None-Match": answer.headers["ETag"]}, timeout=20
    )
    assert (again.status_code, again.content) == (304, b"")


def test_codings_do_not_share_an_etag(server, image):
    url = server.base + image["embedding"]["url"]
    etags = {
        requests.get(url, headers={"Accept-Encoding": coding}, timeout=20).headers["ETag"]
        for coding in ("br", "zstd", "gzip", "identity")
    }
    assert len(etags) == 4


def test_an_embedding_that_is_not_made_yet_is_asked_for(server):
    fresh = upload(server, picture(160, 120, seed=21))
    url = f"{server.base}/api/images/{fresh['id']}/embedding"
    first = requests.get(url, timeout=30)
    assert first.status_code in (200, 202)
    if first.status_code == 202:
        assert first.json()["state"] in ("queued", "running")
        assert first.headers["Cache-Control"] == "no-store"
    assert predict(server, fresh, points=[[60, 60, 1]]).status_code == 200
    assert requests.get(url, timeout=30).status_code == 200
    assert requests.post(url, timeout=30).status_code == 200


def test_other_weights_and_unknown_segmenters_are_not_found(server, image):
    url = f"{server.base}/api/images/{image['id']}/embedding"
    assert requests.get(f"{url}?weights={'0' * 64}", timeout=30).status_code == 404
    unknown = requests.get(f"{url}?segmenter=sam9", timeout=30)
    assert (unknown.status_code, unknown.json()["error"]["code"]) == (404, "segmenter_not_found")


@pytest.mark.parametrize("name", ["prepare", "decoder"])
def test_the_networks_are_served_under_immutable_addresses(server, name):
    (segmenter,) = requests.get(f"{server.base}/api/segmenters", timeout=30).json()["segmenters"]
    file = segmenter[name]
    answer = requests.get(server.base + file["url"], headers={"Accept-Encoding": "identity"}, timeout=20)
    assert answer.status_code == 200
    assert len(answer.content) == file["bytes"]
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert "immutable" in answer.headers["Cache-Control"]
    folder, _ = file["url"].rsplit("/", 1)
    assert requests.get(f"{server.base}{folder}/encoder.onnx", timeout=30).status_code == 404
    older = file["url"].replace(folder.rsplit("/", 1)[1], "0" * 12)
    assert requests.get(server.base + older, timeout=30).status_code == 404
