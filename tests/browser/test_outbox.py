"""No change is lost: offline, over the end of the page, and when somebody else changed the same."""

import re

import pytest
import requests

from tests.browser.annotating import Annotating
from tests.browser.native import Native
from tests.browser.pictures import still_life
from tests.browser.test_failures import free_port
from tests.web.live.running import Server

OFFLINE = r"ERR_INTERNET_DISCONNECTED|ERR_CONNECTION|ERR_EMPTY_RESPONSE|ERR_NETWORK|ERR_INCOMPLETE|WebSocket|ERR_SOCKET"


def accept(annotate: Annotating, place: tuple[float, float], objects: int) -> None:
    annotate.click(*place)
    annotate.leave()
    annotate.key("Enter")
    annotate.until("(count) => samphire.annotations().length === count", objects)


def saved_state(annotate: Annotating, state: str) -> str:
    annotate.until("(state) => document.querySelector('.saved').dataset.state === state", state)
    return annotate.page.locator(".saved").inner_text()


def test_work_goes_on_offline_and_is_sent_in_its_order(annotating, server, problems):
    problems.allow(OFFLINE)
    picture = still_life(170)
    native = Native.upload(server.base, picture)
    annotate = annotating().open(native.image, "?decoder=wasm")
    page = annotate.page
    accept(annotate, picture.objects[0].centre, 1)
    annotate.saved()

    page.context.set_offline(True)
    accept(annotate, picture.objects[1].centre, 2)
    assert saved_state(annotate, "offline") == "Offline: 1 change kept"
    page.set_viewport_size({"width": 1400, "height": 900})
    cut = "(which) => [...document.querySelectorAll(which)].some((e) => e.scrollWidth > e.clientWidth)"
    assert not annotate.ask(cut, ".saved span, .file-name span:not(.sr-only)")
    accept(annotate, picture.objects[2].centre, 3)
    annotate.key("]")  # the uppermost
    annotate.key("Delete")
    annotate.until("() => samphire.annotations().length === 2")
    kept = annotate.annotations()
    # What was made and deleted offline is nothing to be sent.
    assert saved_state(annotate, "offline") == "Offline: 1 change kept"
    assert len(native.annotations()) == 1

    sent = []
    page.on("request", lambda request: "annotations" in request.url and sent.append(request.method))
    page.context.set_offline(False)
    assert saved_state(annotate, "saved") == "Saved"
    assert [each["id"] for each in native.annotations()] == [each["id"] for each in kept]
    assert [method for method in sent if method != "GET"] == ["POST"]


def test_what_was_done_offline_outlives_the_page(annotating, problems, tmp_path):
    problems.allow(OFFLINE)
    port, picture = str(free_port()), still_life(171)
    server = Server(tmp_path, "--port", port)
    native = Native.upload(server.base, picture)
    annotate = annotating(base=server.base).open(native.image, "?decoder=wasm")
    context = annotate.page.context
    accept(annotate, picture.objects[0].centre, 1)
    annotate.saved()
    (first,) = native.annotations()
    assert server.stop() == 0
    try:
        accept(annotate, picture.objects[1].centre, 2)
        accept(annotate, picture.objects[2].centre, 3)
        annotate.key("Control+z")  # nothing of the third is to be sent
        annotate.until("() => samphire.annotations().length === 2")
        saved_state(annotate, "offline")
        before = annotate.annotations()
        assert annotate.ask("(() => { const leaving = new Event('beforeunload', { cancelable: true });"
                            " return dispatchEvent(leaving); })()")  # fmt: skip
        annotate.page.close()

        server = Server(tmp_path, "--port", port)
        assert [each["id"] for each in native.annotations()] == [first["id"]]
        again = Annotating(context.new_page(), server.base).open(native.image, "?decoder=wasm")
        again.until("() => samphire.annotations().length === 2")
        assert [each["rle"] for each in again.annotations()] == [each["rle"] for each in before]
        assert saved_state(again, "saved") == "Saved"
        assert [each["id"] for each in native.annotations()] == [each["id"] for each in before]
        again.page.close()
    finally:
        server.stop()


def test_another_image_is_saved_in_the_background(annotating, server, problems):
    problems.allow("ERR_FAILED")
    picture = still_life(172)
    native, other = Native.upload(server.base, picture), Native.upload(server.base, still_life(173))
    annotate = annotating().open(other.image, "?decoder=wasm").switch(native.image)
    annotate.page.route(re.compile("/annotations$"), lambda route: (
        route.abort() if route.request.method == "POST" else route.continue_()))  # fmt: skip
    accept(annotate, picture.objects[0].centre, 1)
    saved_state(annotate, "offline")
    annotate.switch(other.image)
    assert annotate.annotations() == []
    annotate.page.unroute_all()
    annotate.page.locator(".saved").click()
    annotate.saved()
    assert len(native.annotations()) == 1


@pytest.mark.parametrize(
    ("answer", "labels"),
    [("Keep mine", {"mine"}), ("Use theirs", {"theirs"}), ("Keep both", {"mine", "theirs"})],
)
def test_two_versions_of_an_object_are_a_question(annotating, server, problems, answer, labels):
    problems.allow(f"{OFFLINE}|status of 409")
    picture = still_life(174)
    native = Native.upload(server.base, picture)
    for each in native.annotations():
        requests.delete(f"{server.base}/api/annotations/{each['id']}?version={each['version']}", timeout=30)
    annotate = annotating().open(native.image, "?decoder=wasm")
    page = annotate.page
    for label in ("first", "mine"):
        page.get_by_label("New label").fill(label)
        page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    key = page.locator(".label-row", has_text="mine").locator("kbd").inner_text()
    page.locator(".label-row", has_text="first").locator(".name").click()
    accept(annotate, picture.objects[0].centre, 1)
    annotate.saved()
    (kept,) = native.annotations()

    page.context.set_offline(True)
    annotate.key("]")
    annotate.key(key)
    annotate.until("() => samphire.annotations()[0].label === 'mine'")
    saved_state(annotate, "offline")
    change = {"label": "theirs", "color": "#0f5a5a", "version": kept["version"]}
    requests.patch(f"{server.base}/api/annotations/{kept['id']}", json=change, timeout=30).raise_for_status()
    page.context.set_offline(False)

    card = page.get_by_role("region", name="mine was changed here and elsewhere.")
    card.wait_for()
    assert card.locator("figure").all_inner_texts()[0].startswith("Yours\nmine")
    assert card.locator("figure").all_inner_texts()[1].startswith("Theirs\ntheirs")
    accept(annotate, picture.objects[1].centre, 2)  # nothing else waits
    card.get_by_role("button", name=answer).focus()
    page.keyboard.press("Enter")
    card.wait_for(state="hidden")
    assert annotate.ask("document.activeElement.id") == "stage"
    annotate.saved()
    saved = native.annotations()
    assert len(saved) == 1 + len(labels)
    assert {each["label"] for each in saved if each["rle"] == kept["rle"]} == labels
    assert {each["label"] for each in annotate.annotations() if each["rle"] == kept["rle"]} == labels
