"""Specks of a mask go when it is accepted: many are told of and can be restored, and it can be switched off."""

import numpy as np
import pytest
from playwright.sync_api import expect

from server.domain.masks import decode_rle
from tests.browser.native import Native
from tests.browser.pictures import still_life

PICTURE = still_life(510)


@pytest.fixture
def annotate(annotating, server):
    annotate = annotating()
    annotate.page.add_init_script("localStorage['samphire.specks'] = 'drop'")
    return annotate.open(Native.upload(server.base, PICTURE).image, "?decoder=server")


def make_one_with_specks(annotate, size: int = 1) -> None:
    """The candidate of middle size has 952 pixels of them, more than one in a hundred; the largest few small ones."""
    annotate.click(*PICTURE.objects[0].centre)
    annotate.leave()
    wanted = annotate.ask(
        "([size]) => { const { candidates } = shown.decoded.peek();"
        " return candidates.map((c, i) => [c.areaFraction, i]).sort((a, b) => a[0] - b[0])[size][1]; }",
        [size],
    )
    while annotate.choice() != wanted:
        annotate.key("Tab")


def mask(annotate) -> np.ndarray:
    return decode_rle(annotate.annotations()[-1]["rle"])


def test_specks_go_and_come_back(annotate):
    make_one_with_specks(annotate)
    annotate.accept()
    toast = annotate.page.locator(".toast", has_text="Removed specks")
    toast.wait_for()
    swept, told = mask(annotate), toast.inner_text()
    toast.get_by_role("button", name="Restore specks").click()
    whole = mask(annotate)
    assert not (swept & ~whole).any()
    assert f"{np.count_nonzero(whole & ~swept)} pixel" in told
    expect(toast).to_have_count(0)
    annotate.key("Control+z")
    assert np.array_equal(mask(annotate), swept)
    annotate.saved()


def test_one_undo_takes_the_mask_back(annotate):
    before = len(annotate.annotations())
    make_one_with_specks(annotate)
    annotate.accept()
    toast = annotate.page.locator(".toast", has_text="Removed specks")
    toast.wait_for()
    swept = mask(annotate)
    annotate.key("Control+z")
    annotate.until("(before) => samphire.annotations().length === before", before)
    assert len(annotate.prompt()["points"]) == 1
    expect(toast).to_have_count(0)  # there is nothing left to restore
    annotate.key("Control+y")
    assert np.array_equal(mask(annotate), swept)
    annotate.saved()


def test_few_and_small_ones_go_without_a_word(annotate):
    make_one_with_specks(annotate, 2)
    shown = annotate.painted()
    annotate.accept()
    annotate.hears("Accepted as")
    assert 0 < np.count_nonzero(shown & ~mask(annotate)) < 100
    expect(annotate.page.locator(".toast")).to_have_count(0)


def test_they_can_be_kept(annotate):
    annotate.key("Control+k")
    annotate.page.keyboard.type("specks from accepted")
    annotate.page.keyboard.press("Enter")
    annotate.until("() => localStorage['samphire.specks'] === 'keep'")
    make_one_with_specks(annotate)
    annotate.accept()
    assert "Undo: Accept" in annotate.page.get_by_role("button", name="Undo").get_attribute("title")
    expect(annotate.page.locator(".toast")).to_have_count(0)
