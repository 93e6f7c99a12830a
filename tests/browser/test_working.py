"""People of a team share a project's images: given, taken from the queue, worked on, given back."""

import pytest
from playwright.sync_api import expect

from tests.browser.annotating import Annotating
from tests.browser.team import Shop


@pytest.fixture
def shop(team) -> Shop:
    return Shop(team)


def test_a_manager_shares_images_evenly_and_takes_that_back(shop, new_page, eventually):
    ann, ben = shop.join("annotator"), shop.join("annotator")
    page = shop.max.enter(new_page(), shop.path)
    for n in range(4):
        page.get_by_label(f"Select street {n + 1}.png").check(force=True)
    page.get_by_role("button", name="Assign", exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label(f"Assign to {ann.name}").check()
    dialog.get_by_label(f"Assign to {ben.name}").check()
    expect(dialog.get_by_role("status")).to_have_text("About 2 images each.")
    dialog.get_by_role("button", name="Assign", exact=True).click()
    expect(page.locator(".tile-people", has_text=ann.name)).to_have_count(2)
    assert [shop.whose(n) for n in range(4)] == [[ann.id], [ben.id], [ann.id], [ben.id]]
    page.get_by_label("Person", exact=True).select_option(label="Unassigned")
    expect(page.get_by_text("No images match")).to_be_visible()
    page.get_by_role("button", name="Remove filter “Unassigned”").click()
    page.get_by_role("button", name="Undo").click()
    eventually(lambda: [shop.whose(n) for n in range(4)] == [[], [], [], []])


def test_an_annotator_works_through_own_images_then_through_the_queue(shop, new_page):
    ann = shop.join("annotator")
    wanted = {"ids": [shop.images[2]["id"]], "to": [ann.id]}
    shop.max.ask("post", f"/api{shop.path}/assignments", wanted)
    page = ann.enter(new_page(), shop.path)
    expect(page.get_by_role("button", name="Assign", exact=True)).to_have_count(0)
    page.get_by_role("button", name="Continue").click()
    annotate = Annotating(page, shop.team.base)
    page.wait_for_url(f"**/images/{shop.images[2]['id']}?assigned={ann.id}")
    annotate.arrived()
    page.keyboard.press("Shift+D")
    page.wait_for_url(f"**/images/{shop.images[3]['id']}?*")  # the first behind it that is nobody's
    annotate.arrived()
    assert (shop.state(2), shop.whose(3)) == ("done", [ann.id])
    page.get_by_role("button", name="Image state").click()
    page.get_by_role("menuitem", name="Give back and next").click()
    for n in (0, 1, 3):  # not what was just given back, until it is all that is left
        page.wait_for_url(f"**/images/{shop.images[n]['id']}?*")
        annotate.until("() => samphire.status().work.phase === 'ready'")
        expect(page.get_by_role("button", name="Done and next")).to_be_enabled()
        page.keyboard.press("Shift+D")
    expect(page.get_by_text("No images are left in the queue.")).to_be_visible()


def test_an_object_says_who_made_it_and_who_changed_it(shop, new_page):
    ann = shop.join("annotator")
    image = shop.images[0]
    annotate = Annotating(
        ann.enter(new_page(), f"{shop.path}/images/{image['id']}?decoder=wasm"), shop.team.base
    )
    annotate.arrived()
    shop.draw(shop.max, 0, (10, 10, 40, 30), id="made-by-max")
    page = annotate.page
    page.locator(".object-row").click()
    expect(page.locator(".object-authors")).to_have_text(f"By {shop.max.name}")
    page.get_by_role("button", name="Change label of car").click()
    page.keyboard.type("person")
    page.keyboard.press("Enter")
    expect(page.locator(".object-authors")).to_have_text(f"By {shop.max.name}, last changed by {ann.name}")
    page.keyboard.press("Delete")
    expect(page.locator(".object-row")).to_have_count(0)
    page.get_by_role("button", name="Undo").first.click()
    page.locator(".object-row").click()
    expect(page.locator(".object-authors")).to_have_text(f"By {shop.max.name}, last changed by {ann.name}")


def test_one_person_sees_nothing_of_people(new_page, project, server):
    page = new_page()
    page.goto(f"{server.base}/projects/{project['id']}")
    expect(page.locator(".tile")).to_have_count(4)
    for name in ("Work", "Assign"):
        expect(page.get_by_role("button", name=name, exact=True)).to_have_count(0)
    expect(page.get_by_label("Person", exact=True)).to_be_hidden()
