"""Rows of objects and the bars around the picture: presses hit what they are aimed at, and nothing moves."""

import pytest
import requests
from playwright.sync_api import expect

from tests.browser.desk import Desk
from tests.browser.reading import reads, shows

PLATE = {"name": "plate", "type": "text", "required": False, "choices": []}
SIDE = {"name": "side", "type": "choice", "required": True, "choices": ["left", "right"]}
WHERE = [("car", (10, 10, 40, 30)), ("tree", (100, 20, 60, 60)), ("car", (200, 120, 80, 60))]
BOXES = """(selectors) => selectors.map((selector) => {
  const { x, y, width, height } = document.querySelector(selector).getBoundingClientRect();
  return [x, y, width, height].map(Math.round);
})"""


@pytest.fixture
def desk(server):
    desk = Desk(server.base)
    desk.label({"name": "car", "attributes": [PLATE, SIDE]}, {"name": "tree"})
    return desk


@pytest.fixture
def annotate(annotating, desk):
    image = desk.picture(330)
    desk.draw(image, WHERE)
    annotate = desk.open(annotating(), image)
    annotate.until("() => document.querySelectorAll('.object-row').length === 3")
    return annotate


def boxes(annotate, *selectors: str) -> list:
    return annotate.ask(BOXES, selectors)


def selected(annotate) -> list[str]:
    return annotate.page.locator(".object-row[aria-selected=true] .object-number").all_inner_texts()


def test_the_pointer_takes_nothing_away_of_what_one_reads(annotate):
    row = annotate.page.locator(".object-row").nth(1)
    read = [f".object-row:nth-child(2) {each}" for each in (".name", ".object-number", ".object-picture")]
    read += [f".label-row:nth-child(1) {each}" for each in (".name", ".count")]
    before = boxes(annotate, *read)
    row.hover()
    assert boxes(annotate, *read) == before
    reads(row.locator(".object-number"), "2")
    annotate.page.locator(".label-row").first.hover()
    assert boxes(annotate, *read) == before


def test_a_click_anywhere_on_a_row_selects_and_a_button_does_what_it_says(annotate):
    row = annotate.page.locator(".object-row").nth(1)
    box = row.bounding_box()
    for x in (2, box["width"] / 2, box["width"] - 2):
        for y in (2, box["height"] - 3):
            annotate.key("Escape")
            annotate.page.locator(".object-row").first.click(position={"x": 60, "y": 8})
            if x > box["width"] / 2 and y > box["height"] / 2:
                continue  # the buttons' place
            row.click(position={"x": x, "y": y})
            assert selected(annotate) == ["2"], (x, y)
    other = annotate.page.locator(".object-row").nth(2)
    other.locator(".hide").click()  # of a row that was not at hand before
    assert other.get_attribute("data-hidden") == ""
    assert selected(annotate) == ["3"]
    other.locator(".lock").click()
    dead = other.locator(".remove")
    expect(dead).to_be_disabled()
    place = dead.bounding_box()
    annotate.page.mouse.click(place["x"] + 8, place["y"] + 8)  # a part of the row like any other
    assert selected(annotate) == ["1"]


def test_the_triangle_opens_the_field_it_is_about(annotate):
    page = annotate.page
    area = boxes(annotate, ".attributes", ".selection-bar")
    page.locator(".object-row").nth(2).locator(".missing").click()
    annotate.until("() => document.activeElement.closest('.attribute')?.dataset.name === 'side'")
    assert selected(annotate) == ["1"]
    assert boxes(annotate, ".attributes", ".selection-bar") == area  # their place was kept
    page.keyboard.press("r")
    annotate.until("() => samphire.annotations()[0].attributes.side === 'right'")
    assert page.locator(".object-row").nth(2).locator(".missing").is_hidden()


def test_deleting_is_told_with_a_way_back(annotate):
    page = annotate.page
    page.locator(".object-row").nth(1).hover()
    page.locator(".object-row").nth(1).locator(".remove").click()
    toast = page.locator(".toast")
    shows(toast, "Deleted tree.")
    page.locator(".object-row").first.click()
    annotate.key("Delete")  # the next takes its place
    annotate.until("() => samphire.annotations().length === 1")
    expect(toast).to_have_count(1)
    toast.get_by_role("button", name="Undo").click()
    annotate.until("() => samphire.annotations().length === 2")
    toast.wait_for(state="detached")
    page.locator("#stage").focus()
    annotate.key("Control+z")
    annotate.until("() => samphire.annotations().length === 3")
    annotate.saved()


def test_small_pictures_are_drawn_for_the_rows_in_sight(annotate):
    drawn = """() => [...document.querySelectorAll(".object-picture")].map((canvas) =>
      canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.some((value) => value > 0))"""
    annotate.until(f"() => ({drawn})().every(Boolean)")
    annotate.ask(
        """() => {
          const list = shown.annotations.peek();
          shown.annotations.value = Array.from({ length: 300 }, (_, i) => ({ ...list[i % 3], id: `many-${i}` }));
        }"""
    )
    annotate.until(f"() => {{ const all = ({drawn})(); return all.length === 300 && all[0]; }}")
    assert annotate.ask(f"() => ({drawn})().filter(Boolean).length") < 60


def test_bars_stay_where_they_are_while_work_goes_on(annotate, desk):
    desk.picture(331)
    bars = (".queue", ".header-edit", ".done-and-next", ".header .chip", ".selection-bar", ".rail-tools")
    before = boxes(annotate, *bars)
    annotate.page.locator(".object-row").first.click()
    annotate.key("Delete")
    annotate.until("() => samphire.annotations().length === 2")
    for state in ("Needs attention", "Done", "New"):
        annotate.page.locator(".state-button").click()
        annotate.page.get_by_role("menuitem", name=state, exact=True).click()
        assert boxes(annotate, *bars) == before, bars
    annotate.saved()
    assert boxes(annotate, *bars) == before, bars
    annotate.key("g")
    tools = boxes(annotate, ".tool-options:not([hidden]) .button")
    annotate.page.mouse.click(*annotate.on_page(20, 150))
    annotate.page.mouse.click(*annotate.on_page(60, 150))
    annotate.until(
        "() => !document.querySelector('.tool-options:not([hidden]) .button:last-of-type').disabled"
    )
    assert boxes(annotate, ".tool-options:not([hidden]) .button") == tools


def test_the_list_can_have_the_least_certain_object_first_and_keys_go_along_it(annotate, desk):
    image = desk.images[-1]
    scores = (
        {"predicted_iou": 0.9},
        {"stability_score": 0.8, "predicted_iou": 0.95},
        {"candidates_iou": 0.5},
    )
    for each, told in zip(desk.objects(image), scores, strict=True):
        address = f"{desk.base}/api/annotations/{each['id']}?project={desk.id}"
        assert requests.patch(address, json={"version": 1, **told}, timeout=60).ok
    page = annotate.page
    numbers = page.locator(".object-row .object-number")
    expect(numbers).to_have_text(["3", "2", "1"])
    sort = page.get_by_role("button", name="Least certain first")
    sort.click()
    expect(sort).to_have_attribute("aria-pressed", "true")
    expect(numbers).to_have_text(["3", "2", "1"])
    first = desk.objects(image)[0]
    address = f"{desk.base}/api/annotations/{first['id']}?project={desk.id}"
    assert requests.patch(address, json={"version": 2, "predicted_iou": 0.6}, timeout=60).ok
    expect(numbers).to_have_text(["1", "3", "2"])
    page.locator("#stage").focus()
    for number in ("1", "3", "2", "1"):
        annotate.key("]")
        expect(page.locator(".object-row[aria-selected=true] .object-number")).to_have_text([number])
    sort.click()
    expect(numbers).to_have_text(["3", "2", "1"])
