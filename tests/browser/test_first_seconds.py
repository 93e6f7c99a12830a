"""The server answers until this browser can, and the browser takes over without a seam."""

import re

from playwright.sync_api import expect

from tests.browser.native import Native, iou
from tests.browser.pictures import still_life

DECODER = re.compile(r"/segmenters/.*/decoder\.onnx")


def test_clicks_are_answered_while_the_decoder_is_on_its_way(annotating, server):
    picture = still_life(310)
    native = Native.upload(server.base, picture)
    annotate, held = annotating(), []
    page = annotate.page
    page.route(DECODER, lambda route: held.append(route))
    page.goto(f"{server.base}/images/{native.image['id']}", wait_until="domcontentloaded")
    annotate.until("() => window.samphire?.status().work.phase === 'loading-decoder'")
    annotate.image = annotate.ask("(window.shown = samphire.signals, samphire.status().image)")
    first, second = picture.objects[:2]
    place = annotate.click(*first.centre)
    annotate.leave()
    assert annotate.ask("shown.decoded.peek().where") == "server"
    before = annotate.painted()
    assert iou(before, native.best([[*place, 1]])) > 0.99
    expect(page.locator(".words")).to_be_hidden()  # nothing is waited for

    for route in held:
        route.continue_()
    annotate.arrived()
    assert iou(annotate.painted(), before) == 1
    annotate.click(*second.centre)
    assert annotate.ask("shown.decoded.peek().where") == "wasm"
    assert len(annotate.prompt()["points"]) == 2
