"""Key maps: the project's preset, a person's own keys, the help that shows them, the palette that needs none."""

import pytest
from playwright.sync_api import expect

from tests.browser.desk import Desk
from tests.browser.reading import reads, shows


@pytest.fixture
def desk(server):
    desk = Desk(server.base, key_preset="cvat")
    desk.label({"name": "cup", "key": "1"}, {"name": "vase", "key": "v"})
    for seed in (310, 311):
        desk.picture(seed)
    return desk


def opened(annotate) -> str:
    return annotate.status()["image"]["id"]


def tool(annotate) -> str:
    return annotate.page.locator(".rail [aria-pressed=true]").first.get_attribute("aria-label")


def test_a_projects_preset_is_in_force_and_shown(annotating, desk):
    first, second = desk.images
    annotate = desk.open(annotating(), first)
    done = annotate.page.get_by_role("button", name="Next image")
    assert "(F)" in done.get_attribute("title")
    assert done.get_attribute("aria-keyshortcuts") == "F"
    annotate.key("f")
    annotate.until("(id) => samphire.status().image.id === id", second["id"])
    annotate.key("d")
    annotate.until("(id) => samphire.status().image.id === id", first["id"])
    annotate.key("Shift+Digit1")
    assert tool(annotate) == "Brush"
    row = annotate.page.locator(".label-row[data-active]")
    annotate.key("v")  # the key of a label, and of a tool, which keeps it until the person has said otherwise
    assert tool(annotate) == "Select and move"
    reads(row.locator(".name"), "cup")
    annotate.page.get_by_role("button", name="Use for label").click()
    annotate.key("Shift+Digit1", "v")
    assert tool(annotate) == "Brush"
    reads(row.locator(".name"), "vase")
    annotate.key("`")
    reads(row.locator(".name"), "cup")


def test_a_key_of_ones_own_takes_the_place_of_another_and_stays(annotating, desk):
    annotate = desk.open(annotating(), desk.images[0])
    page = annotate.page
    offer = page.locator(".label-key:enabled")
    assert (
        offer.get_attribute("aria-label") == "V is assigned to “Select and move”. Click to use it for vase."
    )
    offer.click()
    expect(offer).to_have_count(0)
    page.get_by_role("button", name="Dismiss", exact=True).click()
    annotate.key("?")
    help_ = page.get_by_role("dialog", name="Shortcuts and help")
    help_.get_by_label("Search help").fill("point")
    change = help_.get_by_role("button", name="Change the shortcut for “Point”")
    change.click()
    annotate.key("b")
    shows(help_.locator(".objection:not(:empty)"), "B is assigned to “Box”")
    annotate.key("b")
    assert help_.locator("dt:has(+ dd button[aria-label*='“Point”']) kbd").all_inner_texts() == ["B"]
    change.click()
    annotate.key("v")  # of a label: cannot be taken
    shows(help_.locator(".objection:not(:empty)"), "vase")
    annotate.key("Escape", "Escape")
    help_.wait_for(state="hidden")
    annotate.key("e", "b")
    assert tool(annotate) == "Point"
    page.reload(wait_until="domcontentloaded")
    annotate.arrived()
    annotate.key("e", "b")
    assert tool(annotate) == "Point"
    annotate.key("?")
    page.get_by_role("button", name="Reset all shortcuts").click()
    annotate.key("Escape", "e", "b")
    assert tool(annotate) == "Box"


def test_the_help_is_searched_and_changes_the_preset(annotating, desk):
    annotate = desk.open(annotating(), desk.images[0])
    annotate.key("?")
    help_ = annotate.page.get_by_role("dialog", name="Shortcuts and help")
    shows(help_.locator("#key-preset option:checked"), "CVAT")
    search = help_.get_by_label("Search help")
    search.fill("previous image")
    assert help_.locator("dd:visible").all_inner_texts() == ["Previous image"]
    assert help_.locator("dt:visible kbd").all_inner_texts() == ["D"]
    help_.locator("#key-preset").select_option("labelme")
    reads(help_.locator("dt:visible kbd").first, "A")
    search.fill("nothing like this")
    expect(help_.get_by_text("No results")).to_be_visible()
    expect(help_.locator("dd:visible")).to_have_count(0)


def test_the_palette_does_what_is_found_by_a_few_letters(annotating, desk):
    first, second = desk.images
    annotate = desk.open(annotating(), first)
    page = annotate.page

    def choose(typed: str, expected: str) -> None:
        annotate.key("Control+k")
        box = page.get_by_role("combobox", name="Find an action, a label or an image")
        box.wait_for()
        page.keyboard.type(typed)
        option = page.get_by_role("option", selected=True)
        reads(option.locator(".palette-title"), expected)
        assert box.get_attribute("aria-activedescendant") == option.get_attribute("id")
        annotate.key("Enter")
        box.wait_for(state="hidden")

    choose("eras", "Eraser")
    assert tool(annotate) == "Eraser"
    choose("vas", "Label: vase")
    reads(page.locator(".label-row[data-active] .name"), "vase")
    choose(second["name"], f"Image: {second['name']}")
    annotate.until("(id) => samphire.status().image.id === id", second["id"])
    annotate.key("Control+k")
    page.keyboard.type("undo")  # nothing to undo: not offered
    assert "Undo" not in page.locator("#palette-list .palette-title").all_inner_texts()
    annotate.key("Escape")
    assert opened(annotate) == second["id"]


CLOSED_AND_ASKED_FOR = """([selector, keys]) => {
  const open = document.querySelector(selector);
  if (open.matches("dialog")) open.close();
  else open.hidePopover();
  document.body.dispatchEvent(new KeyboardEvent("keydown", { bubbles: true, cancelable: true, ...keys }));
}"""


def test_what_is_closed_opens_again_by_a_key_pressed_at_once(annotating, desk):
    annotate = desk.open(annotating(), desk.images[0])
    page = annotate.page
    for selector, pressed, keys in (
        ("#segmenters", "s", {"key": "s", "code": "KeyS"}),
        ("dialog.help", "?", {"key": "?", "code": "Slash", "shiftKey": True}),
        ("dialog.palette", "Control+k", {"key": "k", "code": "KeyK", "ctrlKey": True}),
    ):
        annotate.key(pressed)
        expect(page.locator(selector)).to_be_visible()
        page.evaluate(CLOSED_AND_ASKED_FOR, [selector, keys])
        page.wait_for_timeout(100)  # the browser tells of the closing
        expect(page.locator(selector)).to_be_visible()
        annotate.key("Escape")
        expect(page.locator(selector)).to_be_hidden()
