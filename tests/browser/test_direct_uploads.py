"""Where the setting says so, a browser puts large images into the bucket itself; where that fails, it sends them to the
server, and people notice nothing of it."""

import re

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.buckets import bucket_of, client_of
from tests.web.live.running import running

ALLOWED = {"AllowedMethods": ["GET", "PUT"], "AllowedHeaders": ["content-type"]}  # as the documentation says


@pytest.fixture
def direct(s3_bucket, tmp_path, bundled):
    bucket = bucket_of(s3_bucket)
    with running(tmp_path / "data", "--blobs", f"{s3_bucket}&direct={bucket.endpoint}") as server:
        rules = [{"AllowedOrigins": [server.base], **ALLOWED}]
        asking = client_of(bucket.endpoint)
        asking.put_bucket_cors(Bucket=bucket.name, CORSConfiguration={"CORSRules": rules})
        yield server, bucket.endpoint


@pytest.fixture
def noise(tmp_path):
    """Files of more than a megabyte each, by their seed."""

    def make(seed):
        pixels = np.random.default_rng(seed).integers(0, 255, (600, 800, 3), dtype=np.uint8)
        path = tmp_path / f"noise-{seed}.png"
        Image.fromarray(pixels).save(path)
        assert path.stat().st_size > 1_000_000
        return path

    return make


def add(page, *paths):
    """To the project whose page it is; what was sent, as (method, address)."""
    sent = []
    listen = lambda asked: asked.method in ("POST", "PUT") and sent.append((asked.method, asked.url))  # noqa: E731
    page.on("request", listen)
    page.locator("#file-picker").set_input_files([str(path) for path in paths])
    for path in paths:
        expect(page.locator(".tile-name", has_text=path.name)).to_be_visible(timeout=60_000)
    page.remove_listener("request", listen)
    return [(method, url.partition("?")[0]) for method, url in sent]


def test_a_large_image_goes_to_the_bucket(direct, new_page, noise):
    server, endpoint = direct
    page = new_page()
    page.goto(f"{server.base}/projects/default")
    sent = add(page, noise(1))
    uploads = f"{server.base}/api/projects/default/uploads"
    assert [method for method, _ in sent] == ["POST", "PUT", "POST"]
    assert sent[0][1] == uploads
    assert sent[1][1].startswith(endpoint)
    assert re.fullmatch(re.escape(uploads) + "/[0-9a-f]{32}", sent[2][1])
    tile = page.locator("img[src*=thumbnail]").first
    expect(tile).to_have_js_property("complete", True)


def test_where_the_bucket_takes_nothing_images_go_to_the_server(direct, new_page, noise, problems, s3):
    server, _ = direct
    problems.allow(r"status of 503")
    problems.allow(r"CORS")
    problems.allow(r"net::ERR_FAILED")
    page = new_page()
    page.goto(f"{server.base}/projects/default")
    s3.failing = lambda method, path: "/incoming/" in path and method in ("PUT", "OPTIONS")
    images = f"{server.base}/api/projects/default/images"
    assert ("POST", images) in add(page, noise(1))
    s3.failing = lambda method, path: False
    assert add(page, noise(2)) == [("POST", images)]  # this page does not try the bucket again
