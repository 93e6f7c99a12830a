"""A reviewer looks at what two people made of one image, unseen by each other: beside each other, and in turns."""

from playwright.sync_api import expect

from tests.browser.annotating import Annotating
from tests.browser.team import Shop


def test_two_peoples_work_on_an_image_is_compared(team, new_page):
    shop = Shop(team, 1, annotators_per_image=2)
    ann, ben, rita = shop.join("annotator"), shop.join("annotator"), shop.join("reviewer")
    image = f"{shop.path}/images/{shop.images[0]['id']}"
    for person, columns, count in ((ann, 60, 1), (ben, 100, 2)):
        for n in range(count):
            shop.draw(person, 0, (20, 20, columns - 10 * n, 80), id=f"{person.id}-{n}")
        person.ask("patch", f"/api{image}", {"state": "done"})
    page = rita.enter(new_page(), f"{image}?decoder=server")
    Annotating(page, team.base).arrived()
    expect(page.locator(".object-row")).to_have_count(0)  # a reviewer's own objects are the project's
    page.get_by_role("link", name="Compare").click()
    page.wait_for_url(f"**{image}/compare*")

    left, right = (page.get_by_role("region", name=name) for name in ("Left", "Right"))
    expect(right.get_by_label("Whose objects")).not_to_have_value("")
    names = {
        each.get_by_label("Whose objects").evaluate("each => each.selectedOptions[0].text")
        for each in (left, right)
    }
    assert names == {ann.name, ben.name}
    left.get_by_label("Whose objects").select_option(label=ben.name)
    expect(left.get_by_text("2 objects")).to_be_visible()
    left.get_by_label("Whose objects").select_option(label="The project's objects")
    expect(left.get_by_text("0 objects")).to_be_visible()
    left.get_by_label("Whose objects").select_option(label=ann.name)
    right.get_by_label("Whose objects").select_option(label=ben.name)
    expect(left.get_by_text("1 object")).to_be_visible()

    page.locator("#left .stage").focus()
    page.keyboard.press("b")
    expect(left).to_be_visible()
    expect(right).to_be_hidden()
    page.keyboard.press("Space")
    expect(left).to_be_hidden()
    expect(right.get_by_text("2 objects")).to_be_visible()
    page.keyboard.press("s")
    expect(left).to_be_visible()
    page.reload()
    expect(page.get_by_role("region", name="Right").get_by_label("Whose objects")).to_have_value(ben.id)

    assert ann.browser.get(f"{team.base}{image}/compare", timeout=60).status_code == 403
