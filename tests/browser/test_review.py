"""A reviewer goes through submitted images by key; what is returned tells its maker what to do."""

from playwright.sync_api import expect

from tests.browser.annotating import Annotating
from tests.browser.team import Shop


def submitted(team) -> Shop:
    shop = Shop(team, review=True)
    shop.ann, shop.rita = shop.join("annotator"), shop.join("reviewer")
    for image in shop.images[:3]:
        shop.ann.ask("patch", f"/api{shop.path}/images/{image['id']}", {"state": "done"})
    return shop


def test_submitted_images_are_accepted_and_returned_by_key(team, new_page, eventually):
    shop = submitted(team)
    page = shop.rita.enter(new_page(), shop.path)
    page.get_by_role("button", name="Review 3 images").click()
    annotate = Annotating(page, team.base)

    def at(n: int) -> None:
        page.wait_for_url(f"**/images/{shop.images[n]['id']}?state=done")
        expect(page.get_by_role("button", name="Accept image and next")).to_be_enabled()
        annotate.until("() => samphire.status().work.phase === 'ready'")

    at(0)
    expect(page.get_by_role("button", name="Done and next")).to_be_hidden()
    page.keyboard.press("Shift+A")
    at(1)
    page.keyboard.press("Shift+B")
    page.get_by_label("Note").fill("The left car\nis missing. <img src=x onerror=alert(1)>")
    page.keyboard.press("Control+Enter")
    at(2)
    eventually(lambda: [shop.state(n) for n in range(3)] == ["accepted", "returned", "done"])
    page.keyboard.press("Shift+Z")
    page.wait_for_url(f"**/images/{shop.images[1]['id']}?state=done")
    eventually(lambda: shop.state(1) == "done")
    expect(page.get_by_role("button", name="Accept image and next")).to_be_enabled()
    page.keyboard.press("Shift+A")
    eventually(lambda: shop.state(1) == "accepted")


def test_who_gets_an_image_back_reads_why_and_submits_it_again(team, new_page, eventually):
    shop = submitted(team)
    note = "The left car\nis missing. <img src=x onerror=alert(1)>"
    path = f"/api{shop.path}/images/{shop.images[1]['id']}/review"
    shop.rita.ask("post", path, {"decision": "return", "note": note})
    page = shop.ann.enter(new_page(), shop.path)
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url(f"**/images/{shop.images[1]['id']}?assigned={shop.ann.id}")
    told = page.get_by_role("region", name="Review")
    expect(told).to_contain_text(f"Returned by {shop.rita.name}")
    expect(told.locator(".review-text")).to_have_text(note)
    expect(page.get_by_role("button", name="Accept image and next")).to_have_count(0)
    Annotating(page, team.base).arrived()
    page.keyboard.press("Shift+D")
    eventually(lambda: shop.state(1) == "done")


def test_a_project_without_review_shows_nothing_of_it(new_page, project, server):
    page = new_page()
    page.goto(f"{server.base}/projects/{project['id']}")
    expect(page.locator(".tile")).to_have_count(4)
    expect(page.get_by_role("button", name="Returned")).to_have_count(0)
    expect(page.get_by_role("button", name="Review")).to_have_count(0)
