"""From a photograph to kept annotations, with real pointer events, everywhere a mask can be computed."""

import base64
import hashlib
import os
import re
from pathlib import Path

import pytest
import requests
from playwright.sync_api import expect

from tests.browser.annotating import drop
from tests.browser.conftest import WITHOUT_GPU
from tests.browser.native import Native, iou
from tests.browser.pictures import still_life
from tests.browser.screen import assert_on_screen

SOFTWARE_WEBGPU = ("--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader")
AGREES = 0.99  # IoU of the painted mask with the native decoder's
ADDRESS = re.compile(r"/images/[0-9a-f]+")
HALF_WAY = """
  const Real = window.Worker;
  window.killed = 0;
  window.Worker = class extends Real {
    postMessage(message, ...rest) {
      super.postMessage(message, ...rest);
      if (!window.killAt || message.type !== window.killAt) return;
      window.killAt = null;
      window.killed += 1;
      setTimeout(() => this.terminate(), 5);
    }
  };
"""


def uploaded(page, server, picture) -> Native:
    """Waits for the annotate page of what was just uploaded."""
    page.wait_for_url(ADDRESS)
    image = requests.get(f"{server.base}/api/images/{page.url.rsplit('/', 1)[-1]}", timeout=30).json()
    assert (image["width"], image["height"]) == (picture.width, picture.height)
    return Native(server.base, image)


def test_upload_by_choosing_a_file(annotating, server):
    picture = still_life(1)
    annotate = annotating()
    page = annotate.page
    page.goto(server.base)
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose files").click()
    chooser.value.set_files({"name": picture.name, "mimeType": "image/png", "buffer": picture.data})
    native = uploaded(page, server, picture)
    assert native.image["sha256"] == hashlib.sha256(picture.data).hexdigest()
    assert native.image["name"] == picture.name
    annotate.arrived()
    assert page.title().startswith(picture.name)


def test_upload_by_dropping_a_file(annotating, server, tmp_path):
    picture = still_life(2)
    file = tmp_path / picture.name
    file.write_bytes(picture.data)
    page = annotating().page
    page.goto(server.base)
    page.get_by_role("button", name="Choose files").wait_for()
    drop(page, str(file))
    assert uploaded(page, server, picture).image["name"] == picture.name


def test_upload_by_pasting(annotating, server):
    picture = still_life(3)
    page = annotating(permissions=["clipboard-read", "clipboard-write"]).page
    page.goto(server.base)
    page.get_by_role("button", name="Choose files").wait_for()
    page.evaluate(
        """async (encoded) => {
          const bytes = Uint8Array.from(atob(encoded), (sign) => sign.charCodeAt(0));
          const item = new ClipboardItem({ "image/png": new Blob([bytes], { type: "image/png" }) });
          await navigator.clipboard.write([item]);
        }""",
        base64.b64encode(picture.data).decode(),
    )
    page.keyboard.press("Control+V")
    uploaded(page, server, picture)


@pytest.mark.parametrize(
    ("where", "render", "flags", "limit_s"),
    [
        ("wasm", "2d", WITHOUT_GPU, 60),
        ("wasm", "webgl2", WITHOUT_GPU, 60),
        ("server", "2d", WITHOUT_GPU, 60),
        ("webgpu", "2d", SOFTWARE_WEBGPU, 240),
    ],
)
def test_a_click_paints_what_the_native_decoder_says(annotating, server, where, render, flags, limit_s):
    picture = still_life(4)
    native = Native.upload(server.base, picture)
    annotate = annotating(flags).open(native.image, f"?decoder={where}&render={render}", limit_s)
    status = annotate.status()
    assert (status["where"], status["renderer"]) == (where, render), status["calibration"]
    annotate.leave()
    bare = annotate.screenshot()

    point = annotate.click(*picture.objects[0].centre, timeout_s=limit_s)
    annotate.leave()
    answer = native.predict([[*point, 1]])
    expected = answer["candidates"][answer["best"]]["mask"]
    painted = annotate.painted()
    assert iou(painted, expected) >= AGREES
    assert iou(painted, picture.mask(0)) > 0.9
    assert annotate.ask("shown.decoded.peek().where") == where

    on_screen, inside = annotate.to_screen(painted)
    assert_on_screen(annotate, bare, on_screen)
    assert 0.5 < inside.mean() < 1


def test_the_pointer_previews_and_candidates_are_switched(annotating, server):
    picture = still_life(5)
    native = Native.upload(server.base, picture)
    annotate = annotating().open(native.image, "?decoder=wasm")
    for index in (1, 2):
        place = picture.objects[index].centre
        annotate.hover(*place)
        annotate.until("() => shown.hover.peek() !== null")
        annotate.until(
            """([x, y]) => {
              const { candidates, best } = shown.hover.peek() ?? {};
              const cell = 256 / 900;
              const { width, data } = candidates?.[best].lowRes ?? { width: 0, data: [] };
              return data[Math.floor(y * cell) * width + Math.floor(x * cell)] > 0;
            }""",
            place,
        )
        expected = native.best([[*annotate.exact(*place), 1]])
        assert iou(annotate.painted(), expected) >= AGREES
    annotate.leave()
    annotate.until("() => shown.hover.peek() === null")
    assert annotate.painted() is None

    point = annotate.click(*picture.objects[0].centre)
    answer = native.predict([[*point, 1]])
    count = len(answer["candidates"])
    assert count == 3
    thumbs = annotate.page.get_by_role("radio", name="Candidate")
    thumbs.last.wait_for()
    expect(thumbs).to_have_count(count)
    seen = []
    for _ in range(count):
        assert iou(annotate.painted(), answer["candidates"][annotate.choice()]["mask"]) >= AGREES
        seen.append(annotate.choice())
        annotate.key("Tab")
    assert sorted(seen) == [0, 1, 2]
    assert annotate.choice() == seen[0] == answer["best"]
    annotate.key("Shift+Tab")
    assert annotate.choice() == seen[-1]
    for index in range(count):
        thumbs.nth(index).click()
        assert thumbs.nth(index).get_attribute("aria-checked") == "true"
        assert iou(annotate.painted(), answer["candidates"][index]["mask"]) >= AGREES
        score = thumbs.nth(index).locator("b").first.inner_text()
        assert float(score) == pytest.approx(min(1, answer["candidates"][index]["predicted_iou"]), abs=0.02)
    kept = annotate.accept()
    assert kept["candidate"] == answer["candidates"][count - 1]["token"]
    assert native.annotations()[0]["candidate"] == kept["candidate"]


@pytest.mark.parametrize("where", ["wasm", "server"])
def test_a_mask_is_refined_and_every_step_undone(annotating, server, where):
    picture = still_life(6)
    native = Native.upload(server.base, picture)
    annotate = annotating().open(native.image, f"?decoder={where}")
    (x, y), (rx, ry) = picture.objects[0].centre, (picture.objects[0].rx, picture.objects[0].ry)

    first = annotate.click(x, y)
    answer = native.predict([[*first, 1]])
    chosen = answer["candidates"][annotate.choice()]
    one = annotate.painted()
    assert iou(one, chosen["mask"]) >= AGREES

    second = annotate.click(x + rx * 0.5, y + ry * 0.2, "right")
    refined = native.best([[*first, 1], [*second, 0]], mask_from=chosen["mask_id"])
    two = annotate.painted()
    assert iou(two, refined) >= AGREES
    assert [point["label"] for point in annotate.prompt()["points"]] == [1, 0]
    assert iou(one, two) < 0.999

    annotate.key("Control+z")
    assert iou(annotate.painted(), one) == 1
    annotate.key("Control+Shift+z")
    assert iou(annotate.painted(), two) == 1

    annotate.hover(x - rx * 0.5, y)  # away, so that the next click there is no slip of the last one
    annotate.click(x + rx * 0.5, y + ry * 0.2)
    assert len(annotate.prompt()["points"]) == 1
    assert iou(annotate.painted(), native.best([[*first, 1]])) >= AGREES
    annotate.key("Control+z")
    assert len(annotate.prompt()["points"]) == 2
    assert iou(annotate.painted(), two) == 1

    annotate.key("Escape")
    annotate.leave()
    assert annotate.prompt() == {"points": [], "box": None}
    annotate.until("() => samphire.paintedMask(9, 6) === null")


def test_a_box_and_a_point_inside_it(annotating, server):
    picture = still_life(7)
    native = Native.upload(server.base, picture)
    annotate = annotating().open(native.image, "?decoder=wasm")
    target = picture.objects[2]
    x0, y0, x1, y1 = target.box
    box = annotate.drag_box(x0 - 8, y0 - 8, x1 + 8, y1 + 8)
    assert annotate.prompt()["box"] == pytest.approx(box, abs=0.01)
    answer = native.predict(box=box)
    assert iou(annotate.painted(), answer["candidates"][answer["best"]]["mask"]) >= AGREES
    assert iou(annotate.painted(), picture.mask(2)) > 0.95
    chosen = answer["candidates"][annotate.choice()]

    point = annotate.click(*target.centre)
    refined = native.best([[*point, 1]], box, chosen["mask_id"])
    assert iou(annotate.painted(), refined) >= AGREES
    kept = annotate.accept()
    assert [step["kind"] for step in kept["prompts"]] == ["box", "mask", "point"]
    assert kept["prompts"][0]["box"] == pytest.approx(box, abs=0.01)


def test_a_worker_killed_half_way_costs_no_click(annotating, server, problems):
    picture = still_life(8)
    native = Native.upload(server.base, picture)
    annotate = annotating()
    annotate.page.add_init_script(HALF_WAY)
    annotate.open(native.image)
    annotate.until("() => samphire.status().where === 'wasm'")
    annotate.ask("window.killAt = 'decode'")
    point = annotate.click(*picture.objects[0].centre)
    assert annotate.ask("window.killed") == 1
    assert iou(annotate.painted(), native.best([[*point, 1]])) >= AGREES
    annotate.leave()
    kept = annotate.accept()
    assert kept["predicted_iou"] > 0.5
    # Another worker takes its place, and answers the next click.
    annotate.until("() => ['wasm', 'webgpu'].includes(samphire.status().where)", timeout_s=90)
    point = annotate.click(*picture.objects[1].centre)
    assert annotate.ask("shown.decoded.peek().where") == "wasm"
    assert iou(annotate.painted(), native.best([[*point, 1]])) >= AGREES


def test_photographs(annotating, server):
    """The program's own sample picture, and photographs where SAMPHIRE_EVAL_DATA names a folder of some."""
    images = [requests.post(f"{server.base}/api/sample", timeout=60).json()]
    folder = Path(os.environ.get("SAMPHIRE_EVAL_DATA") or "no-such-folder") / "images"
    for file in sorted(folder.glob("*.jpg"))[:2]:
        data = {"file": (file.name, file.read_bytes())}
        images.append(requests.post(f"{server.base}/api/images", files=data, timeout=60).json())
    annotate = annotating().open(images[0], "?decoder=wasm")
    for image in images:
        annotate.switch(image)
        point = annotate.click(image["width"] * 0.45, image["height"] * 0.55)
        assert iou(annotate.painted(), Native(server.base, image).best([[*point, 1]])) >= AGREES
