"""A press beside something that is open closes it and does nothing else."""

import pytest
from playwright.sync_api import expect

from tests.browser.native import Native
from tests.browser.pictures import still_life

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
NOTHING = {"points": [], "box": None}


@pytest.fixture
def picture():
    return still_life(62)


@pytest.fixture
def native(server, picture) -> Native:
    return Native.upload(server.base, picture)


def test_a_click_that_closes_a_popover_makes_no_prompt(annotating, native, picture):
    annotate = annotating().open(native.image, "?decoder=server")
    page = annotate.page
    at = annotate.on_page(*picture.objects[0].centre)
    for name, what in (
        ("View", "#view-panel"),
        ("Export", "#export-menu"),
        ("Language: English", ".menu:visible"),
    ):
        page.get_by_role("button", name=name, exact=True).click()
        page.locator(what).wait_for()
        page.mouse.click(*at)
        page.locator(what).wait_for(state="hidden")
        assert annotate.prompt() == NOTHING
        page.get_by_role("button", name=name, exact=True).click()
        page.locator(what).wait_for()
        page.mouse.click(*at, button="right")
        page.locator(what).wait_for(state="hidden")
        assert annotate.prompt() == NOTHING
    annotate.click(*picture.objects[0].centre)  # the next one does again
    assert len(annotate.prompt()["points"]) == 1


def test_nor_does_it_press_a_button(annotating, native):
    annotate = annotating().open(native.image, "?decoder=server")
    page = annotate.page
    view, box = page.get_by_role("button", name="View", exact=True), page.locator("#rail").get_by_label("Box")
    view.click()
    page.locator("#view-panel").wait_for()
    page.locator("#view-panel").get_by_text("Crosshair").click()  # what is in it works
    expect(page.locator("#view-panel")).to_be_visible()
    box.click()
    page.locator("#view-panel").wait_for(state="hidden")
    assert box.get_attribute("aria-pressed") == "false"
    box.click()
    assert box.get_attribute("aria-pressed") == "true"
    view.click()
    page.locator("#view-panel").wait_for()
    view.click()  # its own button closes it, and does not open it again
    page.locator("#view-panel").wait_for(state="hidden")


def test_keys_work_after_it(annotating, native):
    annotate = annotating().open(native.image, "?decoder=server")
    page = annotate.page
    page.get_by_role("button", name="View", exact=True).click()
    page.locator("#view-panel").wait_for()
    stage = annotate.stage()
    page.mouse.click(stage["x"] + 20, stage["y"] + 20)
    page.locator("#view-panel").wait_for(state="hidden")
    page.get_by_role("button", name="Help").focus()
    page.keyboard.press("Enter")
    page.get_by_role("dialog").wait_for()


def test_a_tap_beside_the_panels_closes_them_and_nothing_else(annotating, native, picture):
    annotate = annotating(**PHONE).open(native.image, "?decoder=server")
    page = annotate.page
    page.get_by_role("button", name="Labels and objects").tap()
    page.locator("#panels[data-open]").wait_for()
    stage = annotate.stage()
    page.touchscreen.tap(stage["x"] + 180, stage["y"] + 60)
    page.locator("#panels:not([data-open])").wait_for(state="attached")
    assert annotate.prompt() == NOTHING
    page.touchscreen.tap(*annotate.on_page(*picture.objects[0].centre))
    annotate.until("() => shown.prompt.peek().points.length === 1")


def test_a_menu_of_the_projects_page_is_closed_alone(new_page, server, project):
    page = new_page()
    page.goto(server.base)
    card = page.locator(".project-card", has_text=project["name"]).first
    page.locator(".projects .menu-root > button").first.click()
    menu = page.locator(".menu:visible")
    menu.wait_for()
    card.click(position={"x": 8, "y": 8}, force=True)
    menu.wait_for(state="hidden")
    assert page.url.rstrip("/") == server.base
