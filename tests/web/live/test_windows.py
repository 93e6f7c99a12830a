"""Windows of a large image over real HTTP, on the real segmenter: small things are seen in them."""

import io

import numpy as np
import pytest
import requests
from PIL import Image, ImageDraw
from pycocotools import mask as coco

from server.domain import embedding_codec
from tests.web.live.running import upload

SIZE = (2400, 1800)
AT, RADIUS = (1830, 640), 17  # 0.02 % of the image


@pytest.fixture(scope="module")
def large(server):
    """A small disc on a field of soft noise."""
    noise = np.random.default_rng(3).integers(90, 130, (SIZE[1] // 60, SIZE[0] // 60, 3)).astype(np.uint8)
    picture = Image.fromarray(noise).resize(SIZE, Image.Resampling.BICUBIC)
    box = [AT[0] - RADIUS, AT[1] - RADIUS, AT[0] + RADIUS, AT[1] + RADIUS]
    ImageDraw.Draw(picture).ellipse(box, fill=(215, 60, 40))
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=92)
    return upload(server, file.getvalue())


def disc():
    y, x = np.mgrid[: SIZE[1], : SIZE[0]] + 0.5
    return np.hypot(x - AT[0] - 0.5, y - AT[1] - 0.5) < RADIUS + 0.5


def predict(server, image, **prompt):
    url = f"{server.base}/api/images/{image['id']}/predict"
    return requests.post(url, json=prompt, timeout=120).json()


def iou(answer):
    mask = coco.decode(answer["candidates"][answer["best"]]["rle"]).astype(bool)
    truth = disc()
    return (mask & truth).sum() / (mask | truth).sum()


def test_a_small_thing_is_finer_in_its_window(server, large):
    around = [AT[0] - 20, AT[1] - 20, AT[0] + 20, AT[1] + 20]
    whole, finer = predict(server, large, box=around), predict(server, large, box=around, window="auto")
    assert whole["window"] is None
    assert finer["window"] == "1-3-0"
    assert iou(finer) > 0.85
    assert iou(finer) > iou(whole) + 0.08
    assert iou(predict(server, large, points=[[*AT, 1]], window="1-3-0")) > 0.9


def test_a_window_has_an_embedding_of_its_own(server, large):
    url = f"{server.base}/api/images/{large['id']}/embedding"
    predict(server, large, points=[[*AT, 1]], window="1-3-0")
    state = requests.post(f"{url}?window=1-3-0", timeout=30)
    assert (state.status_code, state.json()["state"], state.json()["window"]) == (200, "ready", "1-3-0")
    window, whole = (requests.get(each, timeout=30) for each in (server.base + state.json()["url"], url))
    assert embedding_codec.decode(window.content).image_size == (1200, 1200)
    assert embedding_codec.decode(whole.content).image_size == SIZE
    assert window.headers["ETag"] != whole.headers["ETag"]
    assert "immutable" in window.headers["Cache-Control"]


@pytest.mark.parametrize("key", ["1-9-9", "2-0-0", "nonsense", "../../x", ""])
def test_windows_that_an_image_has_not_are_not_found(server, large, key):
    url = f"{server.base}/api/images/{large['id']}/embedding"
    for ask in (requests.get, requests.post):
        answer = ask(url, params={"window": key}, timeout=30)
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "window_not_found")
