"""window.samphire: the page for scripts."""

import itertools

import pytest

from server.domain.masks import decode_rle
from tests.browser.native import Native, iou
from tests.browser.pictures import still_life

SEEDS = itertools.count(50)


@pytest.fixture
def opened(annotating, server):
    """A page on a picture of its own, with the server's side of it."""
    picture = still_life(next(SEEDS))
    native = Native.upload(server.base, picture)
    return annotating().open(native.image, "?decoder=wasm"), native, picture


def test_predict_and_accept(opened):
    annotate, native, picture = opened
    point = [*picture.objects[0].centre, 1]
    found = annotate.ask("(point) => samphire.predict({ points: [point] })", point)
    expected = native.predict([point])
    assert found["best"] == expected["best"]
    assert found["where"] == "wasm"
    assert found["ms"] > 0
    for mine, theirs in zip(found["candidates"], expected["candidates"], strict=True):
        assert mine["token"] == theirs["token"]
        assert mine["predictedIou"] == pytest.approx(theirs["predicted_iou"], abs=0.02)
        assert mine["stability"] == pytest.approx(theirs["stability_score"], abs=0.02)
        assert iou(decode_rle(mine["rle"]), theirs["mask"]) >= 0.99
        assert mine["area"] == decode_rle(mine["rle"]).sum()
        assert mine["bbox"] == pytest.approx(theirs["bbox"], abs=2)
    assert annotate.prompt()["points"] == [{"x": point[0], "y": point[1], "label": 1}]

    kept = annotate.ask("samphire.accept(1)")
    assert kept["candidate"] == found["candidates"][1]["token"]
    assert kept["rle"] == found["candidates"][1]["rle"]
    annotate.saved()
    (listed,) = annotate.annotations()
    assert (listed["id"], listed["saved"]) == (kept["id"], True)
    assert native.annotations()[0]["rle"] == kept["rle"]


def test_predict_with_a_box_and_points(opened):
    annotate, native, picture = opened
    box, point = picture.objects[2].box, [*picture.objects[2].centre, 1]
    found = annotate.ask("(said) => samphire.predict(said)", {"points": [point], "box": box})
    expected = native.predict([point], box)
    assert [each["token"] for each in found["candidates"]] == [
        each["token"] for each in expected["candidates"]
    ]
    best = decode_rle(found["candidates"][found["best"]]["rle"])
    assert iou(best, expected["candidates"][expected["best"]]["mask"]) >= 0.99


def test_nothing_to_accept_and_nothing_said(opened):
    annotate, _, _ = opened
    assert annotate.ask("samphire.accept()") is None
    message = annotate.ask("samphire.predict({}).then(() => '', (error) => error.message)")
    assert message.endswith(".")
    assert annotate.annotations() == []


def test_status(opened):
    annotate, native, _ = opened
    status = annotate.status()
    assert status["phase"] == "ready"
    assert (status["where"], status["forced"]) == ("wasm", "wasm")
    assert status["threads"] >= 1
    assert status["online"] is True
    assert status["work"]["phase"] == "ready"
    assert status["image"]["id"] == native.image["id"]
    assert status["reason"].endswith(".")
    assert annotate.page.locator(".chip").inner_text().startswith("wasm")


def test_another_image_is_opened_in_the_page(opened, server):
    annotate, first, _ = opened
    picture = still_life(next(SEEDS))
    second = Native.upload(server.base, picture)
    annotate.ask("(id) => samphire.open(id)", second.image["id"])
    assert f"/images/{second.image['id']}" in annotate.page.url
    assert annotate.status()["image"]["id"] == second.image["id"]
    assert annotate.page.title().startswith(picture.name)
    point = [*picture.objects[1].centre, 1]
    found = annotate.ask("(point) => samphire.predict({ points: [point] })", point)
    assert iou(decode_rle(found["candidates"][found["best"]]["rle"]), second.best([point])) >= 0.99
    annotate.page.go_back()
    annotate.until("(id) => samphire.status().image.id === id", first.image["id"])
    annotate.until("() => samphire.status().work.phase === 'ready'")
    assert annotate.prompt()["points"] == []


def test_back_without_the_server_stays_in_the_editor(opened, server, problems):
    annotate, first, _ = opened
    second = Native.upload(server.base, still_life(next(SEEDS)))
    annotate.ask("(id) => samphire.open(id)", second.image["id"])
    annotate.until("() => samphire.signals.work.peek().phase === 'ready'")
    annotate.until("() => document.querySelector('.queue-place').textContent.includes('/')")
    problems.allow("ERR_FAILED|ERR_INTERNET_DISCONNECTED|Failed to load resource")
    annotate.page.route("**/api/projects/default/images/*", lambda route: route.abort())
    annotate.page.go_back()
    annotate.until("(id) => samphire.status().image.id === id", first.image["id"])


def test_an_image_that_is_not_there(opened, problems):
    annotate, first, _ = opened
    problems.allow("404")
    message = annotate.ask("samphire.open('0'.repeat(16)).then(() => '', (error) => error.message)")
    assert message.endswith(".")
    assert annotate.status()["image"]["id"] == first.image["id"]
    assert first.image["id"] in annotate.page.url
