"""Where the setting says so, a browser fetches images from the bucket itself: isolated pages show and read them."""

import pytest
from playwright.sync_api import expect

from tests.browser.native import Native
from tests.browser.pictures import still_life
from tests.web.live.running import running


@pytest.fixture
def direct(s3_bucket, tmp_path, bundled):
    endpoint = s3_bucket.partition("endpoint=")[2]
    with running(tmp_path / "data", "--blobs", f"{s3_bucket}&direct={endpoint}") as server:
        yield server, endpoint


def test_images_come_from_the_bucket(direct, annotating):
    server, endpoint = direct
    image, other = (Native.upload(server.base, still_life(seed)).image for seed in (3, 4))
    annotate = annotating(base=server.base)
    seen = []
    annotate.page.on("response", lambda answer: seen.append((answer.url, answer.status)))
    annotate.open(image, "?decoder=server")
    from_bucket = {
        url.partition("?")[0].rpartition("/")[2]: status for url, status in seen if endpoint in url
    }
    assert from_bucket["original.png"] == 200
    assert annotate.screenshot().std() > 10  # it is drawn, and not in one colour
    assert annotate.ask("crossOriginIsolated") is True
    annotate.page.goto(f"{server.base}/projects/default")
    tile = annotate.page.locator(f"img[crossorigin][src*='{other['id']}/thumbnail']").first
    expect(tile).to_have_js_property("complete", True)
    assert tile.evaluate("image => image.naturalWidth") > 0
    assert any(
        f"{other['id']}/thumbnail.jpg" in url and status == 200 for url, status in seen if endpoint in url
    )
