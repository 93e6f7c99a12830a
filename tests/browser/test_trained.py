"""A segmenter trained from another: it takes over without an embedding being fetched, and is left in one step."""

import pytest
import requests
from playwright.sync_api import expect

from tests.browser.native import Native, iou
from tests.browser.pictures import still_life
from tests.browser.segmenters import in_use
from tests.trained import TITLE, TRAINED, install_trained
from tests.web.live.running import running

AGREES = 0.99  # IoU of the painted mask with the native decoder's
BASE = "mobile_sam"


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    """A server with MobileSAM and one that was trained from it."""
    data = tmp_path_factory.mktemp("trained")
    install_trained(data / "segmenters")
    with running(data) as server:
        yield server


@pytest.fixture
def opened(annotating, both):
    """`opened(seed, query)`: the page with a new picture, its native twin, the picture, and what is asked of embeddings
    from then on."""

    def start(seed: int, query: str):
        picture = still_life(seed)
        native = Native.upload(both.base, picture)
        annotate = annotating(base=both.base).open(native.image, query)
        asked: list[str] = []
        annotate.page.on("request", lambda request: "/embedding" in request.url and asked.append(request.url))
        return annotate, native, picture, asked

    return start


@pytest.mark.parametrize("decoder", ["wasm", "server"])
def test_it_takes_over_and_gives_back_with_the_embedding_that_is_there(opened, decoder):
    annotate, native, picture, asked = opened(410, f"?decoder={decoder}")
    point = annotate.click(*picture.objects[0].centre)
    annotate.leave()
    before = annotate.painted()
    annotate.ask("(id) => samphire.use(id)", TRAINED)
    in_use(annotate, TRAINED)
    assert iou(annotate.painted(), native.best([[*point, 1]], segmenter=TRAINED)) >= AGREES
    assert iou(annotate.painted(), before) < AGREES
    annotate.ask("(id) => samphire.use(id)", BASE)
    in_use(annotate, BASE)
    assert iou(annotate.painted(), before) == 1
    annotate.ask("(id) => samphire.use(id)", TRAINED)
    in_use(annotate, TRAINED)
    assert annotate.accept()["segmenter"] == TRAINED
    assert asked == []


def test_on_another_visit_it_finds_what_the_browser_stored(opened):
    annotate, native, picture, asked = opened(411, f"?decoder=wasm&segmenter={BASE}")
    annotate.click(*picture.objects[0].centre)
    annotate.open(annotate.image, f"?decoder=wasm&segmenter={TRAINED}")
    point = annotate.click(*picture.objects[1].centre)
    annotate.leave()
    assert annotate.ask("samphire.segmenters().inUse") == TRAINED
    assert iou(annotate.painted(), native.best([[*point, 1]], segmenter=TRAINED)) >= AGREES
    assert asked == []


@pytest.mark.parametrize(
    ("locale", "told"),
    [("en-US", "Trained from MobileSAM on 40 images"), ("zh-CN", "由 MobileSAM 用 40 张图像训练而来")],
)
def test_the_list_tells_where_it_comes_from(new_page, both, locale, told):
    native = Native.upload(both.base, still_life(412))
    page = new_page(locale=locale)
    page.goto(f"{both.base}/images/{native.image['id']}")
    page.locator(".picker").click()
    options = page.locator(".segmenter-list").get_by_role("option")
    expect(options).to_have_count(2)
    expect(options.nth(1)).to_contain_text(told)
    expect(options.nth(0).locator(".lineage")).to_be_hidden()


def test_a_project_goes_back_in_one_step(new_page, both, eventually):
    def chosen():
        return requests.get(f"{both.base}/api/projects/{made['id']}", timeout=30).json()["settings"][
            "segmenter"
        ]

    made = requests.post(f"{both.base}/api/projects", json={"name": "Trained"}, timeout=30).json()
    page = new_page()
    page.goto(f"{both.base}/projects/{made['id']}/settings")
    field = page.get_by_label("Segmentation model")
    back = page.get_by_role("button", name="Revert to MobileSAM")
    expect(back).to_have_count(0)
    field.select_option(TITLE)
    eventually(lambda: chosen() == TRAINED)
    expect(page.get_by_text("Trained from MobileSAM on 40 images")).to_be_visible()
    page.reload()
    back.click()
    expect(field).to_have_value(BASE)
    expect(field).to_be_focused()
    expect(back).to_have_count(0)
    eventually(lambda: chosen() == BASE)
