"""What goes wrong is said in a sentence, costs nothing that was done, and leaves a way on."""

import re
import shutil
import socket

from tests.browser.native import Native, iou
from tests.browser.pictures import still_life
from tests.web.live.running import Server

SENTENCE = re.compile(r"\S+ .*\.$")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


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
        assert name in notice.inner_text()
        assert notice.get_by_role("button", name="Try again").count() == 0  # it would be refused again
        notice.get_by_role("button", name=f"Put away the message about {name}").click()
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
        annotate.until("() => document.querySelector('.saved').dataset.state === 'failed'")
        assert annotate.page.locator(".saved").inner_text() == "Not saved yet"
        assert annotate.annotations()[0]["saved"] is False
        annotate.ask("samphire.annotations()")  # the page still answers

        server = Server(tmp_path, "--port", port)
        annotate.until("() => samphire.status().online")
        annotate.saved()
        offline.wait_for(state="detached")
        assert [each["id"] for each in native.annotations()] == [annotate.annotations()[0]["id"]]
        assert annotate.page.locator(".saved").inner_text() == "Saved"
    finally:
        annotate.page.close()
        server.process.kill()
        server.wait()


def test_a_failed_encoding_is_told_and_tried_again(annotating, problems, tmp_path):
    """The stored picture is out of reach when it is to be encoded, then back."""
    problems.allow(r"status of [45]\d\d")
    picture = still_life(62)
    server = Server(tmp_path)
    try:
        native = Native.upload(server.base, picture)
        pictures, away = tmp_path / "blobs" / "images", tmp_path / "away"
        assert pictures.is_dir(), sorted((tmp_path / "blobs").iterdir())
        shutil.move(pictures, away)
        annotate = annotating(base=server.base)
        annotate.page.goto(f"{server.base}/images/{native.image['id']}")
        notice = annotate.page.locator(".notice").first
        notice.wait_for()
        words = notice.locator("p").inner_text()
        assert SENTENCE.match(words), words
        assert annotate.status()["work"]["phase"] == "failed"
        shutil.move(away, pictures)
        notice.get_by_role("button", name="Try again").click()
        annotate.until("() => samphire.status().work.phase === 'ready'")
        annotate.page.reload()
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


def test_a_second_visit_fetches_no_embedding(annotating, server):
    native = Native.upload(server.base, still_life(64))
    annotate = annotating().open(native.image, "?decoder=wasm")
    asked = []
    annotate.page.on("request", lambda request: asked.append(request.url))
    annotate.until("""() => new Promise((done) => {
      const opening = indexedDB.open("samphire-embeddings");
      opening.onsuccess = () => {
        const counting = opening.result.transaction("entries").objectStore("entries").count();
        counting.onsuccess = () => {
          opening.result.close();
          done(counting.result > 0);
        };
      };
    })""")
    annotate.page.reload()
    annotate.arrived()
    assert asked
    assert not [url for url in asked if "/embedding" in url]
    sizes = "performance.getEntriesByType('resource').map(({ name, transferSize }) => [name, transferSize])"
    fetched = {
        name: size for name, size in annotate.ask(sizes) if "/static/" in name or "/segmenters/" in name
    }
    assert sum(fetched.values()) == 0, fetched  # all of it is immutable
