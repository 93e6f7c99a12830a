"""Several segmenters in one page: choosing, what stays, what is decoded again, and what happens when one fails."""

import re

import pytest
import requests
from playwright.sync_api import expect

from server.domain.masks import decode_rle
from server.paths import SEGMENTERS
from tests.browser.conftest import PATIENCE_MS
from tests.browser.native import Native, iou
from tests.browser.pictures import still_life
from tests.browser.reading import reads
from tests.browser.segmenters import STAND_IN, TITLE, in_use, install_stand_in
from tests.web.live.running import running

AGREES = 0.99  # IoU of the painted mask with the native decoder's
DEFAULT = "mobile_sam"
DECODER = re.compile(f"/segmenters/{STAND_IN}/.*/decoder.onnx")


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    """A server with two segmenters."""
    data = tmp_path_factory.mktemp("segmenters")
    install_stand_in(data / "segmenters")
    with running(data) as server:
        yield server


@pytest.fixture
def opened(annotating, both):
    """Opens a new picture: `opened(seed, query)`; the page, its native twin and the picture."""

    def start(seed: int, query: str = "?decoder=wasm"):
        picture = still_life(seed)
        native = Native.upload(both.base, picture)
        return annotating(base=both.base).open(native.image, query), native, picture

    return start


def test_another_segmenter_chosen_with_keys_answers_what_was_said(opened):
    annotate, native, picture = opened(80)
    page, target = annotate.page, picture.objects[0]
    first = annotate.click(*target.centre)
    second = annotate.click(target.centre[0] + target.rx * 0.5, target.centre[1] + target.ry * 0.2, "right")
    annotate.leave()
    before = annotate.painted()

    annotate.key("s")
    options = page.get_by_role("listbox", name="Segmentation model").get_by_role("option")
    expect(options).to_have_count(2)
    assert page.evaluate("document.activeElement.dataset.id") == DEFAULT
    annotate.key("ArrowDown")
    assert page.evaluate("document.activeElement.dataset.id") == STAND_IN
    annotate.key("Enter")
    in_use(annotate, STAND_IN)
    assert annotate.page.locator(".picker").get_attribute("aria-label") == f"Segmentation model: {TITLE}"
    assert [point["label"] for point in annotate.prompt()["points"]] == [1, 0]

    one = native.predict([[*first, 1]], segmenter=STAND_IN)
    fed_back = one["candidates"][one["best"]]["mask_id"]
    expected = native.best([[*first, 1], [*second, 0]], mask_from=fed_back, segmenter=STAND_IN)
    assert iou(annotate.painted(), expected) >= AGREES
    assert iou(expected, before) < 0.999
    annotate.key("Control+z")
    assert iou(annotate.painted(), one["candidates"][one["best"]]["mask"]) >= AGREES

    kept = annotate.accept()
    installed = {each["id"]: each for each in annotate.ask("samphire.segmenters().installed")}
    assert (kept["segmenter"], kept["weights"]) == (STAND_IN, installed[STAND_IN]["weights"])
    assert native.annotations()[0]["segmenter"] == STAND_IN
    reads(page.locator(".made-by"), TITLE)

    annotate.ask("(id) => samphire.use(id)", DEFAULT)
    point = annotate.click(*picture.objects[1].centre)
    assert iou(annotate.painted(), native.best([[*point, 1]])) >= AGREES
    assert annotate.accept()["segmenter"] == DEFAULT


@pytest.mark.parametrize("render", ["2d", "webgl2"])
def test_a_squeezed_picture_s_mask_lies_where_it_belongs(opened, render):
    annotate, native, picture = opened(81, f"?decoder=wasm&segmenter={STAND_IN}&render={render}")
    assert annotate.status()["renderer"] == render
    point = annotate.click(*picture.objects[0].centre)
    answer = native.predict([[*point, 1]], segmenter=STAND_IN)
    assert iou(annotate.painted(), answer["candidates"][answer["best"]]["mask"]) >= AGREES
    box = list(picture.objects[1].box)
    found = annotate.ask("(said) => samphire.predict(said)", {"box": box})
    assert found["segmenter"] == STAND_IN
    mask = decode_rle(found["candidates"][found["best"]]["rle"])
    assert iou(mask, annotate.painted()) >= AGREES
    assert iou(mask, native.best(box=box, segmenter=STAND_IN)) >= AGREES
    assert iou(mask, picture.mask(1)) > 0.5


def test_a_candidate_chosen_by_hand_stays_chosen(opened):
    annotate, native, picture = opened(82)
    point = annotate.click(*picture.objects[0].centre)
    annotate.leave()
    annotate.key("Tab")
    token = annotate.ask("shown.decoded.peek().candidates[shown.choice.peek()].token")
    annotate.ask("(id) => samphire.use(id)", STAND_IN)
    in_use(annotate, STAND_IN)
    answer = native.predict([[*point, 1]], segmenter=STAND_IN)
    (expected,) = [each for each in answer["candidates"] if each["token"] == token]
    assert iou(annotate.painted(), expected["mask"]) >= AGREES


def test_on_the_server_too(opened):
    annotate, native, picture = opened(83, "?decoder=server")
    point = annotate.click(*picture.objects[0].centre)
    annotate.ask("(id) => samphire.use(id)", STAND_IN)
    in_use(annotate, STAND_IN)
    assert annotate.ask("shown.decoded.peek().where") == "server"
    assert iou(annotate.painted(), native.best([[*point, 1]], segmenter=STAND_IN)) >= AGREES


def test_the_choice_is_remembered_until_another_is_asked_for(opened):
    annotate, _, _ = opened(84)
    annotate.ask("(id) => samphire.use(id)", STAND_IN)
    annotate.open(annotate.image, "?decoder=wasm")
    assert annotate.ask("samphire.segmenters().inUse") == STAND_IN
    annotate.open(annotate.image, f"?decoder=wasm&segmenter={DEFAULT}")
    assert annotate.ask("samphire.segmenters().inUse") == DEFAULT
    annotate.open(annotate.image, "?decoder=wasm")
    assert annotate.ask("samphire.segmenters().inUse") == STAND_IN


def test_while_another_gets_ready_the_mask_stays_and_going_back_costs_nothing(opened):
    annotate, native, picture = opened(85)
    page, held = annotate.page, []
    page.route(DECODER, lambda route: held.append(route))
    annotate.click(*picture.objects[0].centre)
    annotate.leave()
    before = annotate.painted()
    annotate.ask("(id) => void samphire.use(id).catch(() => {})", STAND_IN)
    annotate.until("(id) => samphire.segmenters().next === id", STAND_IN)
    annotate.until("() => samphire.status().work.phase === 'loading-decoder'")
    assert annotate.ask("samphire.segmenters().inUse") == DEFAULT
    assert iou(annotate.painted(), before) == 1
    assert page.locator("#stage").get_attribute("aria-busy") == "true"
    assert page.locator(".candidates").get_attribute("aria-busy") == "true"
    assert page.locator(".words").inner_text().startswith(f"{TITLE}: ")
    label = page.locator(".picker").get_attribute("aria-label")
    assert label == f"Segmentation model: MobileSAM in use, loading {TITLE}"

    annotate.ask("(id) => samphire.use(id)", DEFAULT)
    assert annotate.status()["work"]["phase"] == "ready"
    assert annotate.ask("samphire.segmenters().next") is None
    assert iou(annotate.painted(), before) == 1
    point = annotate.click(*picture.objects[1].centre)
    assert len(annotate.prompt()["points"]) == 2
    assert point
    # A click made while it gets ready waits for it, and is answered by it.
    annotate.key("Escape")
    annotate.ask("(id) => void samphire.use(id).catch(() => {})", STAND_IN)
    annotate.until("() => samphire.status().work.phase === 'loading-decoder'")
    before = annotate.note()
    page.mouse.click(*annotate.on_page(*picture.objects[2].centre))
    assert annotate.ask("shown.decoded.peek()") is None
    for route in held:
        route.continue_()
    annotate.answered(before)
    in_use(annotate, STAND_IN)
    place = annotate.exact(*picture.objects[2].centre)
    assert iou(annotate.painted(), native.best([[*place, 1]], segmenter=STAND_IN)) >= AGREES


def test_one_that_cannot_be_had_leaves_the_present_one(opened, problems):
    problems.allow("net::ERR_FAILED")
    annotate, native, picture = opened(86)
    page = annotate.page
    point = annotate.click(*picture.objects[0].centre)
    annotate.leave()
    before = annotate.painted()
    page.route(DECODER, lambda route: route.abort())
    page.locator(".picker").click()
    page.get_by_role("option", name=TITLE).click()
    toast = page.locator(".toast", has_text=f"Can't use {TITLE}: ")
    toast.wait_for()
    assert toast.locator("span").inner_text().endswith(". Continuing with MobileSAM.")
    assert annotate.ask("samphire.segmenters()")["inUse"] == DEFAULT
    assert annotate.status()["work"]["phase"] == "ready"
    assert iou(annotate.painted(), before) == 1
    annotate.click(*picture.objects[1].centre)

    page.unroute(DECODER)
    annotate.key("Control+z")
    toast.get_by_role("button", name="Try again").click()
    in_use(annotate, STAND_IN)
    assert iou(annotate.painted(), native.best([[*point, 1]], segmenter=STAND_IN)) >= AGREES


def test_an_embedding_of_other_weights_is_refused(opened, both):
    annotate, native, picture = opened(87)
    wrong = requests.get(f"{native.url}/embedding?segmenter={DEFAULT}", timeout=60).content
    annotate.page.route(
        re.compile(f"/embedding\\?segmenter={STAND_IN}"),
        lambda route: route.fulfill(body=wrong) if route.request.method == "GET" else route.continue_(),
    )
    annotate.click(*picture.objects[0].centre)
    annotate.leave()
    before = annotate.painted()
    message = annotate.ask("(id) => samphire.use(id).then(() => '', (error) => error.message)", STAND_IN)
    assert "other weights" in message
    assert annotate.ask("samphire.segmenters()")["inUse"] == DEFAULT
    assert iou(annotate.painted(), before) == 1


def test_what_the_list_tells(opened):
    annotate, _, picture = opened(88)
    page = annotate.page
    annotate.click(*picture.objects[0].centre)
    annotate.key("s")
    (mobile, other) = page.get_by_role("option").all()
    assert mobile.get_attribute("aria-selected") == "true"

    def megabytes(*files: str) -> str:
        size = sum((SEGMENTERS / DEFAULT / file).stat().st_size for file in files) / 1e6
        return re.escape(f"{size:.0f}" if size >= 10 else f"{size:.1f}")

    assert re.search(
        rf"Encoder\s+{megabytes('encoder.onnx')} MB, \d+(\.\d)? s per image", mobile.inner_text()
    )
    decoder = megabytes("prepare.onnx", "decoder.onnx")
    assert re.search(rf"Decoder\s+{decoder} MB, \d+ ms per mask in this browser", mobile.inner_text())
    assert re.search(r"IoU 0\.73 with one click on Berkeley \(100 objects\)", other.inner_text())
    assert re.search(r"Licence\s+Apache-2\.0", other.inner_text())
    annotate.key("End", "Home", "ArrowUp", "Escape")
    annotate.until("() => !document.querySelector(':popover-open')")
    assert page.evaluate("document.activeElement.id") == "stage"  # where it was before
    assert annotate.prompt()["points"]
    assert annotate.ask("samphire.segmenters()")["inUse"] == DEFAULT


def test_an_unknown_one_lists_the_known(opened):
    annotate, _, _ = opened(89)
    error = annotate.ask("samphire.use('sam_x').catch(({ message, hint }) => ({ message, hint }))")
    assert error == {"message": "There is no segmenter sam_x.", "hint": f"Installed: {DEFAULT}, {STAND_IN}."}


@pytest.mark.slow
def test_sam_2_in_the_worker(annotating, tmp_path, sam2):
    """Real weights: the painted mask is the native one, click by click through both segmenters."""
    (tmp_path / "segmenters").mkdir()
    (tmp_path / "segmenters" / sam2.name).symlink_to(sam2)
    with running(tmp_path) as server:
        picture = still_life(91)
        native = Native.upload(server.base, picture)
        annotate = annotating(base=server.base).open(native.image, "?decoder=wasm")
        for target in picture.objects[:3]:
            for segmenter in (sam2.name, DEFAULT):
                annotate.page.set_default_timeout(4 * PATIENCE_MS)
                annotate.ask("(id) => samphire.use(id)", segmenter)
                point = annotate.click(*target.centre)
                answer = native.predict([[*point, 1]], segmenter=segmenter)
                assert iou(annotate.painted(), answer["candidates"][annotate.choice()]["mask"]) >= AGREES
                annotate.leave()
                assert annotate.accept()["segmenter"] == segmenter
        boxed = annotate.ask("(id) => samphire.use(id)", sam2.name)
        boxed = annotate.drag_box(*picture.objects[0].box)
        assert iou(annotate.painted(), native.best(box=boxed, segmenter=sam2.name)) >= AGREES
        annotate.page.close()
