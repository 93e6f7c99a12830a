"""Links for strangers: made, followed in a fresh browser, revoked while a page is open; and addresses of a view."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.annotating import Annotating
from tests.browser.pictures import one_object, still_life
from tests.browser.team import Shop


@pytest.fixture
def shop(team) -> Shop:
    """Two images, of which the first has a car and waits for a reviewer."""
    made = Shop(team, images=2, review=True)
    made.draw(made.max, 0, (20, 20, 50, 40), id=f"{made.id}-the-car")
    made.max.ask("patch", f"/api{made.path}/images/{made.images[0]['id']}", {"state": "done"})
    return made


def follow(page: Page, shop: Shop, made: dict, name: str = "", password: str = "") -> Page:
    page.goto(shop.team.base + made["path"], wait_until="domcontentloaded")
    if name:
        page.get_by_label("Your name").fill(name)
    if password:
        page.get_by_label("Link password").fill(password)
    page.get_by_role("button", name="Open").click()
    page.wait_for_url(f"**{shop.path}**")
    return page


def annotate(page: Page, shop: Shop, query: str = "?decoder=server") -> Annotating:
    page.goto(
        f"{shop.team.base}{shop.path}/images/{shop.images[0]['id']}{query}", wait_until="domcontentloaded"
    )
    return Annotating(page, shop.team.base).arrived()


def objects(shop: Shop) -> list[dict]:
    return shop.max.ask("get", f"/api{shop.path}/images/{shop.images[0]['id']}/annotations")["annotations"]


def test_a_manager_makes_a_link_sees_it_used_and_revokes_it(shop, new_page, problems):
    problems.allow(r"status of 401")  # the visitor's page, once the link is revoked
    page = shop.max.enter(new_page())
    annotate(page, shop)
    page.keyboard.press("Shift+S")
    dialog = page.get_by_role("dialog", name="Share")
    expect(dialog.get_by_role("radio", name="This image")).to_be_checked()
    dialog.get_by_role("radio", name="Try").check()
    dialog.get_by_label("Expires in").select_option("7")
    dialog.get_by_label("Visit limit", exact=True).fill("3")
    dialog.get_by_label("Password", exact=True).fill("short")
    dialog.get_by_label("Name", exact=True).fill("<b>For Bob</b>")
    dialog.get_by_role("button", name="Create link").click()
    expect(dialog.get_by_role("textbox", name=re.compile("^Link to"))).to_have_count(
        0
    )  # the browser asks for more
    dialog.get_by_label("Password", exact=True).fill("longer than six")
    page.keyboard.press("Enter")
    address = dialog.get_by_role("textbox", name="Link to street 1.png")
    expect(address).to_have_value(re.compile(f"^{shop.team.base}/s/"))
    expect(dialog.get_by_role("img", name="QR code for the link")).to_be_visible()
    row = dialog.get_by_role("listitem").filter(has_text="<b>For Bob</b>")
    expect(row).to_contain_text("Try · street 1.png")
    expect(row).to_contain_text("0 of 3 visits")
    expect(row).to_contain_text("password-protected")
    path = address.input_value().removeprefix(shop.team.base)
    follow(new_page(), shop, {"path": path}, password="longer than six")

    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.goto(shop.team.base + shop.path)
    page.get_by_role("button", name="Share").click()
    expect(dialog.get_by_role("radio", name="This image")).to_have_count(0)
    expect(row).to_contain_text("1 of 3 visits · last used")
    row.get_by_role("button", name="Revoke").click()
    expect(row).to_contain_text("Revoked")
    expect(row.get_by_role("button")).to_have_count(0)


def test_a_link_to_an_image_comes_with_the_code_that_embeds_it(shop, new_page):
    page = shop.max.enter(new_page())
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    annotate(page, shop)
    page.keyboard.press("Shift+S")
    dialog = page.get_by_role("dialog", name="Share")
    code = dialog.get_by_role("textbox", name="Embed code")
    create = dialog.get_by_role("button", name="Create link")
    dialog.get_by_role("radio", name="Try").check()
    create.click()
    dialog.get_by_text("Embed code").click()
    expect(code).to_have_value(
        re.compile(r'^<iframe src="[^"]+/embed" title="street 1.png" width="800" height="560"></iframe>$')
    )
    dialog.get_by_role("button", name="Copy", exact=True).last.click()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == code.input_value()
    framed = new_page()
    framed.goto(copied.split('"')[1])  # test_embed.py has it in a page of somebody's
    expect(framed.get_by_label("Image street 1.png")).to_be_visible()

    address = dialog.get_by_role("textbox", name=re.compile("^Link to"))
    before = address.input_value()
    dialog.get_by_label("Visit limit").fill("3")
    create.click()
    expect(address).not_to_have_value(before)
    dialog.get_by_text("Embed code").click()
    expect(dialog.get_by_text("Only links to one image, without a password or visit limit")).to_be_visible()
    expect(code).to_have_count(0)
    dialog.get_by_role("radio", name="Annotate").check()
    create.click()
    expect(dialog.get_by_text("Embed code")).to_have_count(0)
    dialog.get_by_role("button", name="Close").click()
    page.keyboard.press("Shift+S")
    expect(dialog.get_by_role("textbox", name=re.compile("^Link to"))).to_have_count(0)  # shown once


def test_who_may_look_looks(shop, new_page):
    page = follow(new_page(), shop, shop.share("view"))
    expect(page.locator(".object-row")).to_have_count(1)
    expect(page.get_by_role("button", name=re.compile("You're visiting as Visitor"))).to_be_visible()
    expect(page.get_by_text("This link is view-only.")).to_be_visible()
    for name in ("Box", "Brush", "Done", "Share", "History", "Saved"):
        expect(page.get_by_role("button", name=name, exact=True)).to_have_count(0)
    expect(page.locator(".comments")).to_have_count(0)
    expect(page.locator("header a")).to_have_count(0)
    page.get_by_role("button", name=re.compile("You're visiting")).click()
    page.get_by_role("menuitem", name="Leave").click()
    expect(page.get_by_role("heading", name="You've left")).to_be_visible()


def test_who_tries_keeps_masks_in_the_page_alone(shop, new_page):
    page = follow(new_page(), shop, shop.share("try"))
    driven = Annotating(page, shop.team.base).arrived()
    expect(page.get_by_text("Trying, not saved")).to_be_visible()
    expect(page.get_by_role("button", name="Done", exact=True)).to_have_count(0)
    driven.click(100, 80)
    driven.key("Enter")
    rows = page.locator(".object-row")
    expect(rows).to_have_count(2)
    rows.filter(has_text="car").first.click()
    driven.key("Delete")
    expect(rows).to_have_count(1)
    driven.key("Control+z")
    expect(rows).to_have_count(2)
    assert [each["id"] for each in objects(shop)] == [f"{shop.id}-the-car"]
    page.reload()
    expect(rows).to_have_count(1)


def test_who_tries_in_a_sandbox_brings_images_of_their_own(shop, new_page):
    page = shop.max.enter(new_page())
    page.goto(shop.team.base + shop.path)
    page.get_by_role("button", name="Share").click()
    dialog = page.get_by_role("dialog", name="Share")
    dialog.get_by_role("radio", name="Sandbox").check()
    expect(dialog.get_by_role("radio", name="Try", exact=True)).to_be_checked()
    expect(dialog.get_by_role("radio", name="View only", exact=True)).to_be_disabled()
    dialog.get_by_role("button", name="Create link").click()
    address = dialog.get_by_role("textbox", name=re.compile("^Link to")).input_value()
    expect(dialog.get_by_role("listitem")).to_contain_text("Try · Sandbox")

    stranger = new_page()
    stranger.goto(address, wait_until="domcontentloaded")
    expect(stranger.get_by_text("Only you see them, and they are deleted after your visit.")).to_be_visible()
    stranger.get_by_role("button", name="Open").click()
    expect(stranger.get_by_role("heading", name="Drop your images here")).to_be_visible()
    assert shop.path not in stranger.url
    mine = {"name": "mine.png", "mimeType": "image/png", "buffer": still_life(31).data}
    stranger.locator("#file-picker").set_input_files([mine])
    expect(stranger.locator(".tile-link")).to_have_count(1)
    stranger.locator(".tile-link").click()
    stranger.wait_for_url("**/images/**")
    driven = Annotating(stranger, shop.team.base).arrived()
    driven.click(230, 210)
    driven.key("Enter")
    expect(stranger.locator(".object-row")).to_have_count(1)
    expect(stranger.get_by_text("Trying, not saved")).to_be_visible()
    listed = shop.max.ask("get", f"/api{shop.path}/images")["images"]
    assert {each["id"] for each in listed} == {each["id"] for each in shop.images}


def test_beyond_the_quota_of_a_sandbox_images_are_segmented_without_uploading_them(shop, new_page, problems):
    problems.allow(r"status of 409 .*/images\b")
    page = new_page()
    page.goto(shop.team.base + shop.share("try", None, sandbox=True)["path"], wait_until="domcontentloaded")
    page.get_by_role("button", name="Open").click()
    expect(page.get_by_role("heading", name="Drop your images here")).to_be_visible()
    many = [(f"{seed}.png", one_object(60, 40, seed).data) for seed in range(7300, 7311)]
    files = [{"name": name, "mimeType": "image/png", "buffer": data} for name, data in many]
    page.locator("#file-picker").set_input_files(files)
    expect(page.get_by_text("Visitors may add at most 10 images.")).to_be_visible()
    expect(page.locator(".tile-link")).to_have_count(10)
    page.get_by_role("checkbox", name="Select 7300.png").check()
    page.get_by_role("button", name="Remove", exact=True).click()
    asked = page.get_by_role("dialog", name="Remove 1 image?")
    expect(asked.get_by_text("This can't be undone.")).to_be_visible()
    asked.get_by_role("button", name="Remove").click()
    expect(page.get_by_text("1 image was removed.", exact=True)).to_be_visible()
    expect(page.locator(".tile-link")).to_have_count(9)
    expect(page.get_by_role("button", name="Undo")).to_have_count(0)
    page.get_by_role("button", name="Add images").click()
    with page.expect_popup() as popup:
        page.get_by_role("menuitem", name="Segment images without uploading them").click()
    expect(popup.value.get_by_text("They stay in this browser.")).to_be_visible()


def test_what_a_guest_makes_is_saved_until_the_link_ends(shop, new_page, problems, eventually):
    problems.allow(r"status of 401")
    made = shop.share("annotate")
    page = follow(new_page(), shop, made, name="Ana")
    driven = annotate(page, shop)
    expect(page.get_by_role("button", name=re.compile("You're visiting as Ana"))).to_be_visible()
    driven.drag_box(90, 50, 140, 100)
    driven.accept()
    assert len(objects(shop)) == 2
    shop.revoke(made)
    ended = page.get_by_role("alertdialog", name="Your visit has ended")
    expect(ended).to_be_visible()
    eventually(lambda: not stored(page))
    ended.get_by_role("button", name="OK").click()
    page.locator(".object-row").first.click()
    driven.key("Delete")
    expect(page.locator(".object-row")).to_have_count(1)
    expect(page.get_by_role("button", name="Visit ended: 1 change not saved")).to_be_visible()
    assert len(objects(shop)) == 2


def stored(page: Page) -> list[str]:
    """The names under which the browser keeps something for this visitor."""
    return page.evaluate("""async () => {
        const visitor = document.documentElement.dataset.visitor;
        const names = [...(await indexedDB.databases()).map(({ name }) => name), ...Object.keys(localStorage)];
        return names.filter((name) => name.endsWith("@" + visitor));
    }""")


def test_who_leaves_leaves_nothing_behind_and_hears_of_no_end(shop, new_page, eventually, problems):
    problems.allow(r"status of 401")
    page = follow(new_page(), shop, shop.share("annotate"), name="Ana")
    driven = Annotating(page, shop.team.base).arrived()
    driven.drag_box(90, 50, 140, 100)
    driven.accept()
    assert any(name.startswith("samphire-outbox") for name in stored(page))
    asked = []
    page.on("response", lambda response: response.url.endswith("/api/account") and asked.append(response))
    page.get_by_role("button", name=re.compile("You're visiting")).click()
    page.get_by_role("menuitem", name="Leave").click()
    expect(page.get_by_role("heading", name="You've left")).to_be_visible()
    eventually(lambda: page.wait_for_timeout(100) or len(asked) == 2)  # the page looked, and looked again
    page.wait_for_timeout(300)
    expect(page.get_by_role("alertdialog")).to_have_count(0)
    eventually(lambda: not stored(page))


def test_a_guest_reviews_a_project(shop, new_page, eventually):
    page = follow(new_page(), shop, shop.share("review", image=None), name="Rita")
    expect(page.locator(".tile")).to_have_count(2)
    expect(page.get_by_role("navigation", name="Project")).to_have_count(0)
    page.get_by_role("button", name="Review 1 image").click()
    page.wait_for_url("**/images/**")
    Annotating(page, shop.team.base).arrived()
    page.keyboard.press("Shift+A")
    eventually(lambda: shop.state(0) == "accepted")


def test_the_address_of_a_view_shows_it_again(shop, new_page):
    page = shop.max.enter(new_page())
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    driven = annotate(page, shop)
    page.locator(".object-row").click()
    driven.hover(40, 40)
    page.mouse.wheel(0, -600)
    page.keyboard.press("Shift+R")
    page.keyboard.press("Shift+V")
    expect(page.get_by_text("Link copied.")).to_be_visible()
    address = page.evaluate("navigator.clipboard.readText()")
    found = re.search(r"\?decoder=server#view=([-\d.]+),([-\d.]+),([\d.]+),([\d.]+),1&object=", address)
    assert found
    x, y, width, height = (float(each) for each in found.groups())
    opened = shop.max.enter(new_page(viewport={"width": 700, "height": 900}))
    opened.goto(address, wait_until="domcontentloaded")
    other = Annotating(opened, shop.team.base).arrived()
    expect(opened.locator(".object-row[aria-selected=true]")).to_have_count(1)
    for each in (driven, other):
        stage = each.stage()
        at = each.ask("(at) => samphire.onPage(...at)", [x + width / 2, y + height / 2])
        right = each.ask("(at) => samphire.onPage(...at)", [x + width / 2 + 9, y + height / 2])
        assert at == pytest.approx([stage["x"] + stage["width"] / 2, stage["y"] + stage["height"] / 2], abs=1)
        assert right[0] == pytest.approx(at[0], abs=0.01)
        assert right[1] > at[1]  # turned
