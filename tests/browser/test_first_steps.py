"""What someone new meets: a page that is there before its scripts, hints that go once followed, the zoom in percent."""

import pytest
from playwright.sync_api import expect

from tests.browser.annotating import Annotating
from tests.browser.desk import Desk
from tests.browser.native import Native
from tests.browser.pictures import still_life
from tests.browser.reading import reads, shows

HINT = ".hint:visible"


@pytest.fixture(scope="module")
def desk(server) -> Desk:
    desk = Desk(server.base)
    for seed in (71, 72):
        desk.picture(seed)
    return desk


def test_hints_go_away_once_followed(annotating, desk):
    picture = still_life(71)
    annotate: Annotating = desk.open(annotating(), desk.images[0])
    hint = annotate.page.locator(HINT)
    reads(hint, "Click an object to outline it.")
    annotate.click(*picture.objects[0].centre)
    shows(hint, "Enter to accept")
    annotate.accept()
    hint.get_by_text("marks this image as done").wait_for()
    annotate.key("d")
    annotate.until("(id) => samphire.status().image.id === id", desk.images[1]["id"])
    annotate.arrived()
    hint.wait_for(state="hidden")
    annotate.click(*picture.objects[0].centre)
    expect(hint).to_be_hidden()
    annotate.page.reload(wait_until="domcontentloaded")
    annotate.arrived()
    expect(hint).to_be_hidden()


def test_a_first_visit_makes_few_requests(annotating, server):
    """Of a project with one image: each more in sight has a thumbnail."""
    desk = Desk(server.base)
    image = desk.picture(74)
    annotate = annotating()
    requests, sockets = set(), []
    annotate.page.on("request", lambda request: requests.add((request.method, request.url)))
    annotate.page.on("websocket", lambda socket: sockets.append(socket.url))
    desk.open(annotate, image)
    annotate.click(*still_life(74).objects[0].centre)
    assert len(sockets) == 1
    assert not any("polling" in url for _, url in requests)
    assert len(requests) + len(sockets) <= 25, sorted(requests)


def test_hints_are_dismissed_for_good(annotating, desk):
    annotate: Annotating = desk.open(annotating(), desk.images[0])
    x, y = annotate.on_page(*still_life(71).objects[0].centre)
    annotate.page.get_by_role("button", name="Dismiss hints").click()
    annotate.page.locator(HINT).wait_for(state="hidden")
    assert annotate.prompt() == {"points": [], "box": None}
    annotate.page.mouse.click(x, y)
    annotate.page.locator(".candidates").wait_for()
    expect(annotate.page.locator(HINT)).to_be_hidden()


def test_the_zoom_is_told_in_percent_and_chosen(annotating, server):
    native = Native.upload(server.base, still_life(73))
    annotate = annotating(device_scale_factor=2).open(native.image, "?decoder=server")
    page = annotate.page
    level = page.locator(".zoom-level")
    fitted = f"{round(200 * annotate.fit()[0])}%"
    reads(level, fitted)
    page.mouse.move(600, 400)
    page.mouse.wheel(0, -200)
    annotate.until("(text) => document.querySelector('.zoom-level').textContent !== text", fitted)
    page.keyboard.press("Shift+Digit1")
    annotate.until("() => document.querySelector('.zoom-level').textContent === '100%'")
    level.click()
    page.get_by_role("textbox", name="Zoom in percent").fill("250")
    page.keyboard.press("Enter")
    annotate.until("() => document.querySelector('.zoom-level').textContent === '250%'")
    page.locator("#zoom-menu").wait_for(state="hidden")
    level.focus()
    page.keyboard.press("Enter")
    annotate.until("() => document.activeElement.matches('#zoom-menu input')")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    annotate.until("(text) => document.querySelector('.zoom-level').textContent === text", fitted)


def test_the_page_is_there_before_its_scripts(new_page, desk):
    page = new_page()
    page.route("**/js/pages/annotate.js", lambda route: None)  # held back: never answered
    address = f"{desk.base}/projects/{desk.id}/images/{desk.images[0]['id']}"
    page.goto(address, wait_until="commit")
    thumbnail = page.locator(".first-picture")
    thumbnail.wait_for()
    shows(page.locator("#header"), desk.images[0]["name"])
    expect(page.locator("#rail .bone")).to_have_count(9)
    stage = page.locator("#stage")
    expect(stage).to_have_css("cursor", "progress")  # no press is heard yet
    expect(page.locator("#progress .line")).to_be_visible()
    before = stage.bounding_box()
    page.unroute("**/js/pages/annotate.js")
    page.goto("about:blank")
    page.goto(address, wait_until="domcontentloaded")
    page.locator("#rail button").first.wait_for()
    thumbnail.wait_for(state="detached")
    expect(page.locator("[data-skeleton], [aria-busy]")).to_have_count(0)
    expect(stage).not_to_have_css("cursor", "progress")
    assert stage.bounding_box() == before  # nothing has moved


def test_a_projects_page_is_there_before_its_scripts(new_page, desk):
    page = new_page()
    page.route("**/js/pages/project.js", lambda route: None)
    page.goto(f"{desk.base}/projects/{desk.id}", wait_until="commit")
    page.locator(".bone-tiles .bone").first.wait_for()
    expect(page.locator(".bone-tiles .bone")).to_have_count(2)
    page.unroute("**/js/pages/project.js")
    page.goto("about:blank")
    page.goto(f"{desk.base}/projects/{desk.id}", wait_until="domcontentloaded")
    page.locator(".tile").first.wait_for()
    expect(page.locator("[data-skeleton]")).to_have_count(0)
