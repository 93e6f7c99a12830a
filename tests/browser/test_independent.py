"""Several annotators per image: a manager turns it on, and they work without seeing each other's objects."""

from playwright.sync_api import expect

from tests.browser.annotating import Annotating
from tests.browser.team import Shop


def test_annotators_do_not_see_each_other(team, new_page, eventually):
    shop = Shop(team)
    ann, ben, max_ = shop.join("annotator"), shop.join("annotator"), shop.join("manager")
    page = max_.enter(new_page(), f"{shop.path}/settings")
    page.get_by_label("Annotators per image").select_option("2")
    page.get_by_label("Gold images from the queue").select_option("10")

    def chosen() -> tuple[int, int]:
        settings = max_.ask("get", f"/api{shop.path}")["settings"]
        return settings["annotators_per_image"], settings["gold_every"]

    eventually(lambda: chosen() == (2, 10))
    image = shop.images[0]
    shop.draw(ann, 0, (10, 10, 50, 30))
    ann.ask("patch", f"/api{shop.path}/images/{image['id']}", {"state": "done"})

    theirs = ben.enter(new_page(), f"{shop.path}/images/{image['id']}?decoder=server")
    Annotating(theirs, team.base).arrived()
    expect(theirs.get_by_text("You don't see others' work on this image.")).to_be_visible()
    expect(theirs.get_by_text(ann.name)).to_have_count(0)
    expect(theirs.get_by_text("Click an object in the image, then press")).to_be_visible()

    page.goto(team.base + shop.path)
    tile = page.locator(".tile").first
    expect(tile).to_contain_text("1 of 2 done")
    tile.get_by_role("checkbox").check(force=True)
    page.get_by_role("button", name="Gold").click()
    expect(tile.get_by_title("Gold image")).to_be_visible()
    eventually(lambda: max_.ask("get", f"/api{shop.path}/images/{image['id']}")["gold"])
    theirs.goto(team.base + shop.path)
    expect(theirs.locator(".tile").first).to_be_visible()
    expect(theirs.locator(".tile-gold")).to_have_count(0)
