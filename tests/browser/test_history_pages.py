"""What happened is read and taken back on pages: the annotate page's panel, the project's history, its numbers."""

import pytest
from playwright.sync_api import expect

from tests.browser.annotating import Annotating
from tests.browser.team import Shop, rectangle


@pytest.fixture
def shop(team) -> Shop:
    made = Shop(team, images=2)
    made.ann = made.join("annotator")
    return made


def draw(shop, number: int, box=(20, 20, 50, 40), **fields) -> dict:
    return shop.draw(shop.ann, 0, box, id=f"{shop.id}-{number:08}", **fields)


def test_a_version_is_looked_at_and_restored_by_key_and_undone(shop, new_page, eventually):
    car = draw(shop, 1)
    path = f"/api/annotations/{car['id']}?project={shop.id}"
    shop.max.ask("patch", path, {"version": 1, "rle": rectangle(shop.images[0], (60, 50, 80, 60))})
    gone = draw(shop, 2, (5, 90, 20, 20), label="person")
    shop.max.ask("delete", f"/api/annotations/{gone['id']}?project={shop.id}&version=1")
    page = shop.ann.enter(new_page(), f"{shop.path}/images/{shop.images[0]['id']}?decoder=server")
    annotate = Annotating(page, shop.team.base)
    annotate.arrived()
    page.locator(".object-row", has_text="car").click()
    page.keyboard.press("Shift+J")
    panel = page.get_by_role("dialog", name="History")
    rows = panel.locator(".history-row")
    expect(rows).to_have_count(2)
    expect(rows.nth(0)).to_contain_text(f"Changed car{shop.max.name[:1]}")
    expect(rows.nth(0)).to_contain_text("Mask: 2,000 → 4,800 pixels")
    expect(rows.nth(1)).to_contain_text("Added car")
    back = rows.nth(1).get_by_role("button", name="Restore this version")
    back.focus()
    expect(page.locator("canvas.preview:not([hidden])")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(rows.nth(0)).to_contain_text("Restored version 1 of car")
    assert shop.max.ask("get", path)["area"] == 2000
    panel.get_by_role("button", name="Image", exact=True).click()
    expect(rows.nth(1)).to_contain_text("Deleted person")
    rows.nth(1).get_by_role("button", name="Restore this object").click()
    expect(page.locator(".object-row", has_text="person")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    for count in (1, 1):
        page.keyboard.press("Control+z")
        expect(page.locator(".object-row")).to_have_count(count)
    eventually(lambda: shop.max.ask("get", path)["area"] == 4800)


def test_a_project_shows_what_happened_and_what_people_did(shop, new_page):
    draw(shop, 1, attributes={"plate": "<img src=x onerror=alert(1)>"})
    shop.max.ask("post", f"/api{shop.path}/images/bulk", {"ids": [shop.images[1]["id"]], "state": "done"})
    page = shop.max.enter(new_page(), shop.path)
    page.get_by_role("link", name="History").click()
    rows = page.locator(".happened-row")
    expect(rows.first).to_contain_text("State of 1 image: Done")
    page.get_by_label("Person", exact=True).select_option(label=shop.ann.name)
    expect(rows.first).to_contain_text(f"{shop.ann.name} ")
    page.get_by_label("Kind", exact=True).select_option(label="Objects")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("Added car")
    page.reload()
    expect(rows).to_have_count(1)
    expect(page.get_by_label("Person", exact=True)).to_have_value(shop.ann.id)
    rows.get_by_role("link").click()
    page.wait_for_url(f"**/images/{shop.images[0]['id']}")
    page.go_back()
    page.get_by_role("link", name="Numbers").click()
    cells = page.get_by_role("row", name=shop.ann.name).get_by_role("cell")
    expect(cells.first).to_have_text("1")
    page.get_by_role("button", name="7 days").click()
    expect(cells.first).to_have_text("1")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download CSV").click()
    lines = download.value.path().read_text("utf-8").splitlines()
    assert lines[0].startswith("name,made,changed")
    assert any(line.startswith(f"{shop.ann.name},1,") for line in lines)
    theirs = shop.ann.enter(new_page(), f"{shop.path}/numbers")
    expect(theirs.get_by_role("row")).to_have_count(2)


def test_the_panel_opens_anew_and_asks_again_for_what_failed(shop, new_page):
    car = draw(shop, 1)
    page = shop.ann.enter(new_page(), f"{shop.path}/images/{shop.images[0]['id']}?decoder=server")
    Annotating(page, shop.team.base).arrived()
    page.locator(".object-row", has_text="car").click()
    version = f"**/api/annotations/{car['id']}/versions/*"
    page.route(version, lambda route: route.fulfill(status=200, content_type="text/plain", body="not yet"))
    page.keyboard.press("Shift+J")
    panel = page.get_by_role("dialog", name="History")
    expect(panel.locator(".history-row")).to_have_count(1)
    preview = page.locator("canvas.preview:not([hidden])")
    panel.locator(".history-row").hover()
    page.unroute(version)
    panel.locator("header").hover()
    panel.locator(".history-row").hover()
    expect(preview).to_have_count(1)
    page.keyboard.press("Escape")
    expect(preview).to_have_count(0)
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "/history?" in request.url else None)
    page.keyboard.press("Shift+J")
    rows = panel.locator(".history-row")
    expect(rows).to_have_count(1)
    shop.max.ask(
        "patch",
        f"/api/annotations/{car['id']}?project={shop.id}",
        {"version": 1, "rle": rectangle(shop.images[0], (60, 50, 80, 60))},
    )
    expect(rows).to_have_count(2)
    del asked[:]
    rows.nth(1).get_by_role("button", name="Restore this version").click()
    expect(rows.nth(0)).to_contain_text("Restored version 1 of car")
    assert len(asked) == 1
