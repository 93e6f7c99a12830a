"""Masks proposed all over an image: found, lit, taken, dropped, filtered; drafts that are there already."""

import numpy as np
import pytest
from playwright.sync_api import expect

from server.domain.masks import decode_rle
from tests.browser.native import iou
from tests.browser.pictures import still_life
from tests.browser.proposing import (
    BAR,
    COUNT,
    IDLE,
    LIT,
    Proposing,
    coarsely,
    drag,
    rectangle,
    shown,
    until_stored,
    with_proposals,
)


@pytest.fixture
def desk(server):
    made = Proposing(server.base)
    made.label({"name": "fruit"}, {"name": "leaf"})
    return made


def test_one_key_fills_the_image_and_a_click_takes_a_mask(annotating, desk):
    image = desk.picture(810)
    annotate = desk.open(coarsely(annotating()), image)
    found = shown(annotate)
    assert found >= 3
    picture = still_life(810)
    first = picture.objects[0]
    annotate.hover(*first.centre)
    proposal = annotate.until(LIT)
    annotate.page.mouse.down()
    annotate.page.mouse.up()
    annotate.until("() => samphire.annotations().length === 1")
    annotate.hears("Took 1 mask as fruit.")
    annotate.saved()
    [made] = desk.objects(image)
    assert made["id"] == proposal
    assert iou(decode_rle(made["rle"]), picture.mask(0)) > 0.8
    assert made["label"] == "fruit"
    assert [step["kind"] for step in made["prompts"]] == ["point"]
    assert made["segmenter"] == "mobile_sam"
    assert len(made["weights"]) == 64
    assert made["predicted_iou"] >= 0.88
    assert made["stability_score"] >= 0.92
    annotate.until("(id) => document.querySelector('.proposal-lit').dataset.proposal !== id", proposal)
    annotate.key("Control+z")
    annotate.until("() => samphire.annotations().length === 0")
    annotate.saved()
    assert proposal in [each["id"] for each in desk.listed(image)]
    annotate.key("Control+Shift+Z")
    annotate.until("() => samphire.annotations().length === 1")
    annotate.saved()
    assert [each["id"] for each in desk.objects(image)] == [proposal]


def test_a_drag_takes_all_inside_in_one_step(annotating, desk):
    image = desk.picture(811)
    stored = desk.propose(image)
    assert len(stored) >= 3
    annotate = desk.open(annotating(), image)
    shown(annotate)
    drag(annotate, (390, 40), (760, 560))
    annotate.until("() => samphire.annotations().length >= 2")
    taken = annotate.annotations()
    assert len({each["id"] for each in taken} & {each["id"] for each in stored}) == len(taken)
    areas = [each["area"] for each in sorted(taken, key=lambda each: each["z"])]
    assert areas == sorted(areas, reverse=True)
    annotate.key("Control+z")
    annotate.until("() => samphire.annotations().length === 0")


def test_what_is_dropped_comes_back_with_undo(annotating, desk):
    image = desk.picture(812)
    stored = {each["id"] for each in desk.propose(image)}
    annotate = desk.open(annotating(), image)
    before = shown(annotate)
    annotate.page.keyboard.down("Alt")
    drag(annotate, (80, 90), (380, 330))
    annotate.page.keyboard.up("Alt")
    annotate.until(
        "(before) => Number(document.querySelector('.proposals-bar').dataset.count) < before", before
    )
    left = annotate.ask(COUNT)
    annotate.hears("Dropped")
    until_stored(annotate, desk, image, lambda ids: len(ids) < len(stored))
    annotate.hover(*still_life(812).objects[1].centre)
    annotate.until(LIT)
    annotate.key("Delete")
    annotate.until("(left) => Number(document.querySelector('.proposals-bar').dataset.count) < left", left)
    annotate.key("Control+z")
    annotate.key("Control+z")
    annotate.until("(n) => Number(document.querySelector('.proposals-bar').dataset.count) === n", before)
    until_stored(annotate, desk, image, lambda ids: ids == stored)
    assert annotate.annotations() == []


def test_sliders_act_on_what_is_there(annotating, desk):
    image = desk.picture(813)
    desk.propose(image)
    annotate = desk.open(annotating(), image)
    first = shown(annotate)
    annotate.page.locator(BAR).get_by_role("button", name="Filters").click()

    def slider(name):
        return annotate.page.get_by_role("slider", name=name)

    confidence = slider("Confidence")
    confidence.fill("0.7")
    loose = annotate.ask(COUNT)
    assert loose >= first
    confidence.fill("0.99")
    assert annotate.ask(COUNT) < loose
    confidence.fill("0.7")
    slider("Stability").fill("0.85")
    slider("Overlap").fill("0.95")
    most = annotate.ask(COUNT)
    assert most >= loose
    size = slider("Size")
    size.fill("200")
    assert annotate.ask(COUNT) < most
    size.fill("0")
    assert annotate.ask(COUNT) == most


def test_part_and_whole_under_the_pointer(annotating, desk):
    """Two masks, one inside the other, which the wheel and Tab go through."""
    image = desk.picture(814)
    whole, part = rectangle(image, 100, 100, 300, 300), rectangle(image, 150, 150, 60, 60)
    annotate = desk.open(with_proposals(annotating(), [whole, part]), image)
    shown(annotate)
    annotate.hover(180, 180)
    annotate.until(f"(id) => ({LIT})() === id", part["id"])
    annotate.key("Tab")
    annotate.until(f"(id) => ({LIT})() === id", whole["id"])
    annotate.key("Tab")
    annotate.until(f"(id) => ({LIT})() === id", part["id"])
    annotate.page.keyboard.down("Shift")
    annotate.page.mouse.wheel(0, -120)
    annotate.until(f"(id) => ({LIT})() === id", whole["id"])
    annotate.page.mouse.wheel(0, 120)
    annotate.page.keyboard.up("Shift")
    annotate.until(f"(id) => ({LIT})() === id", part["id"])
    annotate.hover(300, 300)
    annotate.until(f"(id) => ({LIT})() === id", whole["id"])


def test_the_wand_takes_proposals(annotating, desk):
    """Around flat objects: colours and proposals mean the same thing, but for the corners."""
    image = desk.picture(818)
    picture = still_life(818)
    boxes = []
    for each in picture.objects[:3]:
        left, top, right, bottom = map(round, each.box)
        boxes.append(rectangle(image, left, top, right - left, bottom - top))
    annotate = desk.open(with_proposals(annotating(), boxes), image)
    annotate.key("w")
    expect(annotate.page.get_by_text("Click to select a proposed mask or same-colour area.")).to_be_visible()
    mouse, keyboard = annotate.page.mouse, annotate.page.keyboard

    def click(number, *held):
        for key in held:
            keyboard.down(key)
        mouse.click(*annotate.on_page(*picture.objects[number].centre))
        for key in held:
            keyboard.up(key)

    click(0)
    annotate.until("() => samphire.annotations().length === 1")
    assert annotate.annotations()[0]["id"] == boxes[0]["id"]
    assert annotate.annotations()[0]["area"] == boxes[0]["area"]
    click(1, "Shift")
    annotate.until("(area) => samphire.annotations()[0].area > area", boxes[0]["area"])
    [both] = annotate.annotations()
    assert np.array_equal(decode_rle(both["rle"]), decode_rle(boxes[0]["rle"]) | decode_rle(boxes[1]["rle"]))
    click(1, "Alt")
    annotate.until("(area) => samphire.annotations()[0].area === area", boxes[0]["area"])
    click(2, "Control")
    annotate.until("() => samphire.annotations().length === 2")
    own = next(each for each in annotate.annotations() if each["id"] != boxes[0]["id"])
    assert iou(decode_rle(own["rle"]), picture.mask(2)) > 0.97
    annotate.saved()
    assert boxes[0]["id"] in [each["id"] for each in desk.objects(image)]


def test_a_run_is_stopped_half_way(annotating, desk):
    image = desk.picture(815)
    annotate = desk.open(annotating(), image)
    annotate.key("z")
    annotate.until("() => document.querySelector('.proposals-bar')?.dataset.running === 'true'")
    expect(annotate.page.get_by_role("button", name="Stop")).to_be_visible()
    annotate.until(f"() => ({COUNT})() > 0 || ({IDLE})()")
    annotate.key("Escape")
    annotate.until(IDLE)
    stopped = annotate.ask(COUNT)
    assert stopped > 0
    asked = desk.ask("get", f"/images/{image['id']}/proposals")
    assert asked["running"] is False
    assert len(asked["proposals"]) >= stopped
    assert asked["complete"] is False


def test_drafts_that_are_there_are_kept_and_dropped_by_key(annotating, desk):
    desk.ask("patch", "", {"settings": {"propose_ahead": True, "propose_threshold": 0.9}})
    image = desk.picture(816)
    sure = [rectangle(image, 100 * n + 40, 80, 60, 60, iou=0.99 - n / 100) for n in range(5)]
    unsure = rectangle(image, 500, 400, 90, 90, iou=0.85)
    annotate = desk.open(with_proposals(annotating(), [*sure, unsure], ahead=True), image)
    annotate.until(f"() => document.querySelector('{BAR}:not([hidden])') !== null && ({COUNT})() === 5")
    expect(annotate.page.locator(BAR)).to_contain_text("5 drafts")
    annotate.page.locator("#stage").focus()
    annotate.key("Tab")
    annotate.until(f"(id) => ({LIT})() === id", sure[0]["id"])
    annotate.key("Enter")
    annotate.until(f"(id) => ({LIT})() === id", sure[1]["id"])
    annotate.key("Delete")
    annotate.until(f"(id) => ({LIT})() === id", sure[2]["id"])
    annotate.until(f"() => ({COUNT})() === 3")
    assert [each["id"] for each in annotate.annotations()] == [sure[0]["id"]]
    annotate.page.get_by_role("button", name="Shade the rest").click()
    annotate.page.locator("#stage").focus()
    annotate.key("Shift+Enter")
    annotate.until(f"() => ({COUNT})() === 0 && samphire.annotations().length === 4")
    annotate.saved()
    kept = {sure[n]["id"] for n in (0, 2, 3, 4)}
    assert {each["id"] for each in desk.objects(image)} == kept
    annotate.key("Control+z")
    annotate.until(f"() => ({COUNT})() === 3")
    annotate.page.get_by_role("button", name="Drop all").click()
    annotate.until(f"() => ({COUNT})() === 0")
    assert [each["id"] for each in annotate.annotations()] == [sure[0]["id"]]


def test_ten_images_in_a_row(annotating, desk):
    images = [desk.picture(820 + n) for n in range(10)]
    for image in images:
        desk.propose(image)
    annotate = desk.open(annotating(), images[0])
    annotate.key("z")
    for n, image in enumerate(images):
        annotate.until("(id) => samphire.status().image.id === id", image["id"])
        annotate.until(f"() => ({COUNT})() >= 3")
        annotate.key("Shift+Enter")
        annotate.until(f"() => ({COUNT})() === 0 && samphire.annotations().length >= 3")
        if n < 9:
            annotate.key("d")
    annotate.saved()
    for image in images:
        assert len(desk.objects(image)) >= 3


def test_while_the_server_is_busy_the_page_looks_coarsely_itself(annotating, desk, problems):
    problems.allow("503")
    image = desk.picture(817)
    annotate = desk.open(annotating(), image)
    busy = {"ok": False, "error": {"code": "unavailable", "message": "Busy.", "hint": ""}}

    def refuse(route):
        runs = route.request.method == "POST"
        route.fulfill(status=503, json=busy) if runs else route.fallback()

    annotate.page.route("**/proposals", refuse)
    annotate.key("z")
    annotate.until(COUNT)
    annotate.key("Escape")
    annotate.until(IDLE)
    annotate.hover(*still_life(817).objects[0].centre)
    assert annotate.ask(COUNT) > 0
