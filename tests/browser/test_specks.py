"""Specks of a mask go when it is accepted: that is told, can be undone, and can be switched off."""

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


def make_one_with_specks(annotate) -> None:
    """The candidate with the lowest stability has some."""
    annotate.click(*PICTURE.objects[0].centre)
    annotate.leave()
    worst = annotate.ask(
        "(({ candidates }) => candidates.map((c, i) => [c.stability, i]).sort((a, b) => a[0] - b[0])[0][1])"
        "(shown.decoded.peek())"
    )
    while annotate.choice() != worst:
        annotate.key("Tab")


def mask(annotate) -> np.ndarray:
    return decode_rle(annotate.annotations()[-1]["rle"])


def test_specks_go_and_come_back(annotate):
    make_one_with_specks(annotate)
    annotate.accept()
    toast = annotate.page.locator(".toast", has_text="Removed specks")
    toast.wait_for()
    swept, told = mask(annotate), toast.inner_text()
    annotate.key("Control+z")
    whole = mask(annotate)
    assert not (swept & ~whole).any()
    assert f"{np.count_nonzero(whole & ~swept)} pixel" in told

    expect(toast).to_have_count(0)  # there is nothing left to undo
    annotate.key("Control+y")
    assert np.array_equal(mask(annotate), swept)
    annotate.saved()


def test_the_message_brings_them_back(annotate):
    make_one_with_specks(annotate)
    annotate.accept()
    toast = annotate.page.locator(".toast", has_text="Removed specks")
    toast.wait_for()
    swept = mask(annotate)
    toast.get_by_role("button", name="Undo").click()
    assert np.count_nonzero(mask(annotate)) > np.count_nonzero(swept)
    expect(toast).to_have_count(0)
    annotate.key("Control+z")
    assert np.array_equal(mask(annotate), swept)


def test_they_can_be_kept(annotate):
    annotate.key("Control+k")
    annotate.page.keyboard.type("specks from accepted")
    annotate.page.keyboard.press("Enter")
    annotate.until("() => localStorage['samphire.specks'] === 'keep'")
    make_one_with_specks(annotate)
    annotate.accept()
    assert "Undo: Accept" in annotate.page.get_by_role("button", name="Undo").get_attribute("title")
    expect(annotate.page.locator(".toast")).to_have_count(0)
