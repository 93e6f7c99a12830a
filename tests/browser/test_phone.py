"""On the smallest phones, upright and turned: what a header holds is in reach on every page."""

import pytest

from tests.browser.desk import Desk
from tests.browser.test_keyboard_touch import PHONE

# Whether each of these is on the page, whole, and what a finger there meets.
OUT_OF_REACH = """(names) => names.filter((name) => {
  const all = [...document.querySelectorAll("button, a")];
  return !all.some((each) => {
    const said = each.getAttribute("aria-label") || each.textContent;
    const { left, top, right, bottom, width } = each.getBoundingClientRect();
    if (!said.startsWith(name) || !width) return false;
    if (left < 0 || top < 0 || right > innerWidth || bottom > innerHeight) return false;
    const met = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
    return met !== null && each.contains(met);
  });
})"""
ORIENTATIONS = ({"width": 360, "height": 740}, {"width": 740, "height": 360})


@pytest.fixture
def desk(server):
    desk = Desk(server.base)
    desk.label({"name": "cup"})
    desk.draw(desk.picture(700), [("cup", (20, 20, 60, 90))])
    return desk


def reached(annotate, *names: str) -> None:
    annotate.until(f"(names) => !({OUT_OF_REACH})(names).length", list(names))
    assert annotate.ask("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("size", ORIENTATIONS, ids=("upright", "turned"))
def test_every_page_has_its_header_in_reach(annotating, desk, size):
    annotate = annotating(**PHONE | {"viewport": size})
    page = annotate.page
    project = f"{desk.base}/projects/{desk.id}"
    for address, names in (
        (desk.base, ("Language", "Theme")),
        (project, ("Language", "Theme", "Export", "Add", "Continue")),
        (f"{project}/settings", ("Language", "Theme")),
        (f"{desk.base}/trash", ("Language", "Theme")),
    ):
        page.goto(address, wait_until="domcontentloaded")
        reached(annotate, *names)

    page.goto(f"{project}/images/{desk.images[0]['id']}?decoder=server", wait_until="domcontentloaded")
    annotate.until("() => window.samphire?.status().image")
    reached(annotate, "Samphire", "Next image", "Undo")
    if size["width"] < 720:
        page.get_by_role("button", name="Labels and objects").click()
        annotate.ask("document.querySelector('.panels-foot').scrollIntoView()")
    reached(annotate, "Language", "Theme", "Export", "Shortcuts and help")
