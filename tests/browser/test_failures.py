"""What goes wrong is said in a sentence, costs nothing that was done, and leaves a way on."""

import re

import pytest
from playwright.sync_api import expect

from server.lab.chromium import find_chromium
from tests.browser.annotating import Annotating
from tests.browser.conftest import HEADLESS, WITHOUT_GPU
from tests.browser.native import Native, iou
from tests.browser.pictures import still_life
from tests.browser.reading import reads, shows
from tests.network import free_port
from tests.web.live.running import Server

# Whether the embedding has reached this browser's storage.
STORED = """() => new Promise((done) => {
  const opening = indexedDB.open("samphire-embeddings");
  opening.onsuccess = () => {
    const counting = opening.result.transaction("entries").objectStore("entries").count();
    counting.onsuccess = () => {
      opening.result.close();
      done(counting.result > 0);
    };
  };
})"""
SENTENCE = re.compile(r"\S+ .*\.$")


@pytest.fixture
def visits(playwright, tmp_path):
    """A browser with a profile on disk: caches as a person's, not those of a private window."""
    context = playwright.chromium.launch_persistent_context(
        tmp_path / "profile", executable_path=find_chromium(), args=[*HEADLESS, *WITHOUT_GPU]
    )
    yield context
    context.close()


def choose(page, name: str, data: bytes) -> None:
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose files").click()
    chooser.value.set_files({"name": name, "mimeType": "image/png", "buffer": data})


def test_files_that_are_no_pictures(annotating, server, problems):
    problems.allow(r"status of 4\d\d")
    picture = still_life(60)
    page = annotating().page
    page.goto(server.base)
    for name, data in (
        ("notes.png", b"no picture at all"),
        ("half.png", picture.data[: len(picture.data) // 2]),
    ):
        choose(page, name, data)
        notice = page.locator(".upload[data-failed]")
        notice.wait_for()
        words = notice.locator(".upload-words").inner_text()
        assert SENTENCE.match(words), words
        assert notice.get_attribute("role") == "alert"
        shows(notice, name)
        expect(notice.get_by_role("button", name="Try again")).to_have_count(0)  # it would be refused again
        notice.get_by_role("button", name=f"Dismiss the message about {name}").click()
        notice.wait_for(state="detached")
    choose(page, picture.name, picture.data)
    page.wait_for_url(re.compile("/images/"))


def test_a_file_over_the_limit_is_not_even_sent(annotating, server, tmp_path):
    large = tmp_path / "large.png"
    with large.open("wb") as file:
        file.truncate(51_000_000)
    page = annotating().page
    page.goto(server.base)
    sent = []
    page.on("request", lambda request: request.method == "POST" and sent.append(request.url))
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose files").click()
    chooser.value.set_files(large)
    page.locator(".upload[data-failed]").wait_for()
    words = page.locator(".upload-words").inner_text()
    assert SENTENCE.match(words)
    assert "51 MB" in words
    assert "50 MB" in words
    assert not sent


def test_annotating_goes_on_without_the_server(annotating, problems, tmp_path):
    problems.allow(r"ERR_CONNECTION|ERR_EMPTY_RESPONSE|ERR_NETWORK|ERR_INCOMPLETE|WebSocket|ERR_SOCKET")
    port, picture = str(free_port()), still_life(61)
    server = Server(tmp_path, "--port", port)
    native = Native.upload(server.base, picture)
    annotate = annotating(base=server.base).open(native.image, "?decoder=wasm")
    assert server.stop() == 0
    try:
        offline = annotate.page.locator(".notice", has_text="Offline")
        offline.wait_for()
        assert annotate.status()["online"] is False

        annotate.click(*picture.objects[0].centre)  # still answered here
        assert iou(annotate.painted(), picture.mask(0)) > 0.9
        annotate.leave()
        annotate.key("Enter")
        annotate.until("() => samphire.annotations().length === 1")
        annotate.until("() => document.querySelector('.saved').dataset.state === 'offline'")
        words = annotate.page.locator(".saved").inner_text()
        assert words == "Offline: 1 change kept"
        assert annotate.annotations()[0]["saved"] is False
        annotate.ask("samphire.annotations()")  # the page still answers

        server = Server(tmp_path, "--port", port)
        annotate.until("() => samphire.status().online")
        annotate.saved()
        offline.wait_for(state="detached")
        assert [each["id"] for each in native.annotations()] == [annotate.annotations()[0]["id"]]
        reads(annotate.page.locator(".saved"), "Saved")
    finally:
        annotate.page.close()
        server.process.kill()
        server.wait()


def test_a_failed_encoding_is_told_and_tried_again(annotating, problems, tmp_path):
    """Where embeddings are to be stored lies a file; then it is gone."""
    problems.allow(r"status of [45]\d\d")
    picture = still_life(62)
    server = Server(tmp_path)
    try:
        in_the_way = tmp_path / "blobs" / "embeddings"
        in_the_way.parent.mkdir(exist_ok=True)
        in_the_way.write_text("no folder")
        native = Native.upload(server.base, picture)
        annotate = annotating(base=server.base)
        annotate.page.goto(f"{server.base}/images/{native.image['id']}")
        annotate.until("() => window.samphire?.status().work.phase === 'failed'")
        error = annotate.ask("(({ message, hint }) => ({ message, hint }))(samphire.status().work.error)")
        assert SENTENCE.match(error["message"])
        assert SENTENCE.match(error["hint"])
        in_the_way.unlink()
        notice = annotate.page.locator(".notice", has_text=error["message"])
        notice.get_by_role("button", name="Try again").click()
        annotate.arrived()
        annotate.click(*picture.objects[0].centre)
        assert iou(annotate.painted(), picture.mask(0)) > 0.9
        annotate.page.close()
    finally:
        server.stop()


def test_without_webgl_the_same_mask(annotating, server):
    picture = still_life(63)
    native = Native.upload(server.base, picture)
    annotate = annotating(("--disable-gpu", "--disable-3d-apis")).open(
        native.image, "?decoder=wasm&render=webgl2"
    )
    assert annotate.status()["renderer"] == "2d"
    point = annotate.click(*picture.objects[0].centre)
    assert iou(annotate.painted(), native.best([[*point, 1]])) >= 0.99


def test_a_second_visit_fetches_next_to_nothing(visits, server):
    native = Native.upload(server.base, still_life(64))
    page = visits.new_page()
    sessions = received_bytes(page)
    annotate = Annotating(page, server.base).open(native.image, "?decoder=wasm")
    assert sum(sessions) > 1_000_000
    annotate.until(STORED)
    page.close()

    for _ in range(3):  # a busy machine's storage may not answer in time: then the page does without
        page = visits.new_page()
        asked, sessions = [], received_bytes(page)
        page.on("request", lambda request, asked=asked: asked.append(request.url))
        Annotating(page, server.base).open(native.image, "?decoder=wasm")
        page.close()
        fetched = [url for url in asked if "/embedding?" in url]
        if not fetched:
            break
    assert asked
    assert not fetched
    assert sum(sessions) < 100_000


def received_bytes(page) -> list[float]:
    """Grows by what comes over the wire for the page itself; its workers' files not counted."""
    sizes: list[float] = []
    devtools = page.context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    return sizes
