"""The panels: an image annotated and edited with the keyboard alone through the lists, and attributes of objects."""

import pytest
from playwright.sync_api import expect

from tests.browser.desk import Desk

PLATE = {"name": "plate", "type": "text", "required": True, "choices": []}
SIDE = {"name": "side", "type": "choice", "required": True, "choices": ["left", "right"]}
DOORS = {"name": "doors", "type": "number", "required": False, "choices": []}
PARKED = {"name": "parked", "type": "flag", "required": False, "choices": []}
WHERE = [("car", (10, 10, 40, 30)), ("tree", (100, 20, 60, 60)), ("car", (200, 120, 80, 60))]


@pytest.fixture
def desk(server):
    desk = Desk(server.base)
    desk.label(
        {"name": "car", "attributes": [PLATE, SIDE, DOORS, PARKED], "description": "On wheels"},
        {"name": "tree"},
    )
    return desk


def names(annotate) -> list[str]:
    return annotate.page.locator(".object-row:visible .name").all_inner_texts()


def selected(annotate) -> list[int]:
    """Places in the list."""
    return annotate.ask(
        """() => [...document.querySelectorAll(".object-row")]
          .flatMap((row, i) => row.getAttribute("aria-selected") === "true" ? [i] : [])"""
    )


def focused(annotate) -> str:
    return annotate.ask("document.activeElement.getAttribute('aria-label') ?? document.activeElement.id")


def test_objects_are_edited_with_the_keyboard_alone(annotating, desk, problems):
    problems.allow("status of 409")  # the new label is written twice at once, and then again
    image = desk.picture(320)
    desk.draw(image, WHERE)
    annotate = desk.open(annotating(), image)
    annotate.until("() => document.querySelectorAll('.object-row').length === 3")
    assert names(annotate) == ["car", "tree", "car"]  # the uppermost first
    annotate.page.locator(".object-row").first.focus()
    assert focused(annotate).startswith("car, ")
    assert "of the image" in focused(annotate)
    annotate.key("ArrowDown")
    assert focused(annotate).startswith("tree, ")
    assert selected(annotate) == []
    annotate.key("Space")
    assert selected(annotate) == [1]
    annotate.key("Shift+ArrowDown")
    assert selected(annotate) == [1, 2]
    annotate.key("F2")
    annotate.page.keyboard.type("bush")
    annotate.key("Enter")
    annotate.until("() => samphire.annotations().filter(({ label }) => label === 'bush').length === 2")
    assert names(annotate) == ["car", "bush", "bush"]

    annotate.key("Escape", "Home")
    annotate.key("u")  # the row one is at is meant, selected or not
    assert selected(annotate) == [0]
    assert "locked" in focused(annotate)
    annotate.key("Delete")
    annotate.page.wait_for_timeout(100)
    assert len(annotate.annotations()) == 3
    annotate.key("u", "h")
    assert "hidden" in focused(annotate)
    annotate.key("h", "Delete")
    annotate.until("() => samphire.annotations().length === 2")
    assert focused(annotate).startswith("bush, ")  # the next one has the focus
    annotate.key("Control+z")
    annotate.until("() => samphire.annotations().length === 3")
    annotate.saved()
    assert sorted(each["label"] for each in desk.objects(image)) == ["bush", "bush", "car"]


def test_objects_are_found_and_shown_alone(annotating, desk):
    image = desk.picture(321)
    desk.draw(image, WHERE * 3)
    annotate = desk.open(annotating(), image)
    annotate.until("() => document.querySelectorAll('.object-row').length === 9")
    annotate.page.get_by_label("Filter objects by label or attribute").fill("tr")
    assert names(annotate) == ["tree"] * 3
    assert annotate.page.locator(".panel.objects .count").first.text_content() == "3 of 9"
    annotate.page.locator(".object-row:visible").nth(1).click()
    annotate.page.get_by_label("Filter objects by label or attribute").fill("")
    faint = annotate.page.locator(".object-row[data-hidden]")
    annotate.page.locator("#stage").focus()
    annotate.key("y")
    expect(faint).to_have_count(8)
    annotate.key("y")
    expect(faint).to_have_count(0)
    annotate.key("Shift+H")
    expect(faint).to_have_count(9)
    annotate.key("Shift+H")
    expect(faint).to_have_count(0)


def test_attributes_are_asked_for_and_kept(annotating, desk):
    image = desk.picture(322)
    desk.draw(image, WHERE[:1])
    annotate = desk.open(annotating(), image)
    row = annotate.page.locator(".object-row")
    row.wait_for()
    assert "missing: plate, side" in row.get_attribute("aria-label")
    done = annotate.page.get_by_role("button", name="Done and next")
    assert done.get_attribute("aria-description") == "1 object is missing attributes its label requires"
    annotate.key("]", ";")
    annotate.page.keyboard.type("B 12")
    annotate.key("Tab")
    annotate.page.keyboard.type("4")  # doors come after the side
    annotate.page.get_by_label("side", exact=True).select_option("left")
    annotate.page.get_by_label("doors", exact=True).fill("4")
    annotate.page.get_by_label("parked", exact=True).check()
    wanted = {"plate": "B 12", "side": "left", "doors": 4, "parked": True}
    annotate.until("(wanted) => Object.entries(wanted).every(([name, value]) => "
                   "samphire.annotations()[0].attributes[name] === value)", wanted)  # fmt: skip
    assert done.get_attribute("aria-description") is None
    annotate.saved()
    assert desk.objects(image)[0]["attributes"] == wanted
    annotate.page.locator("#stage").focus()
    annotate.key("Control+z")
    annotate.until("() => !samphire.annotations()[0].attributes.parked")
    expect(annotate.page.get_by_label("parked", exact=True)).not_to_be_checked()


def test_what_is_typed_with_a_pause_is_kept_as_typed(annotating, desk):
    image = desk.picture(324)
    desk.draw(image, WHERE[:1])
    annotate = desk.open(annotating(), image)
    annotate.page.locator(".object-row").click()
    plate = annotate.page.get_by_label("plate", exact=True)
    plate.press_sequentially("B ")
    annotate.until("() => samphire.annotations()[0].attributes.plate === 'B'")
    annotate.saved()
    plate.press_sequentially("12")
    expect(plate).to_have_value("B 12")
    annotate.until("() => samphire.annotations()[0].attributes.plate === 'B 12'")


def test_after_a_choice_by_mouse_keys_mean_the_image(annotating, desk):
    image = desk.picture(325)
    desk.draw(image, WHERE[:1])
    annotate = desk.open(annotating(), image)
    annotate.page.locator(".object-row").click()
    side = annotate.page.get_by_label("side", exact=True)
    side.focus()
    side.dispatch_event("pointerdown")  # the list it opens is the browser's own
    side.select_option("left")
    expect(side).not_to_be_focused()
    side.focus()
    annotate.page.keyboard.press("ArrowDown")  # by keys it stays where one is
    expect(side).to_be_focused()


def test_keys_in_the_lists_mean_the_row(annotating, desk):
    image = desk.picture(326)
    desk.draw(image, [("tree", WHERE[1][1])])  # lacks nothing, so that its first button is not there
    annotate = desk.open(annotating(), image)
    row = annotate.page.locator(".object-row")
    row.focus()
    annotate.key("ArrowRight")
    assert annotate.ask("document.activeElement.matches('.object-row button')")
    row.click()
    label = annotate.page.locator(".label-row .name", has_text="car")
    label.focus()
    annotate.key("F2")
    annotate.page.keyboard.type("van")
    annotate.key("Enter")
    expect(annotate.page.locator(".label-row .name", has_text="van")).to_be_visible()
    assert [each["label"] for each in annotate.annotations()] == ["tree"]


def test_three_hundred_objects_redraw_only_what_changed(annotating, desk):
    image = desk.picture(323)
    desk.draw(image, [WHERE[i % 3] for i in range(60)])
    annotate = desk.open(annotating(), image)
    annotate.until("() => document.querySelectorAll('.object-row').length === 60")
    changed = annotate.ask(
        """async () => {
          const list = shown.annotations.peek();
          const many = Array.from({ length: 300 }, (_, i) => ({ ...list[i % 60], id: `many-${i}` }));
          shown.annotations.value = many;
          const grid = document.querySelector(".panel.objects [role=grid]");
          const records = [];
          const observer = new MutationObserver((seen) => records.push(...seen));
          observer.observe(grid, { childList: true, subtree: true, characterData: true, attributes: true });
          shown.annotations.value = many.with(7, { ...many[7], label: "bush" });
          await new Promise((done) => setTimeout(done));
          observer.disconnect();
          const rowOf = (node) => (node instanceof Element ? node : node.parentElement).closest(".object-row");
          const touched = new Set(records.flatMap(({ target }) => rowOf(target)?.dataset.id ?? []));
          return { rows: grid.children.length, touched: [...touched] };
        }"""
    )
    assert changed == {"rows": 300, "touched": ["many-7"]}
