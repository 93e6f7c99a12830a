"""The main job without a mouse: by keyboard alone, and by touch on a phone; named and legible for everybody."""

import re

import pytest

from tests.browser.native import Native, iou
from tests.browser.pictures import still_life

STEP = 12  # CSS pixels an arrow key moves the pointer
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}


def tab_to(annotate, selector: str) -> None:
    """Presses Tab until the element has the focus; on the way everything focused must show it."""
    for _ in range(60):
        annotate.key("Tab")
        focused = annotate.ask(
            """(selector) => {
              const { activeElement: at } = document;
              const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(at);
              const shown = (outlineStyle !== "none" && outlineWidth !== "0px") || boxShadow !== "none";
              return { there: at.matches(selector), body: at === document.body, shown, html: at.outerHTML };
            }""",
            selector,
        )
        assert focused["body"] or focused["shown"], f"no focus ring: {focused['html'][:200]}"
        if focused["there"]:
            return
    raise AssertionError(f"Tab never reaches {selector}")


def test_the_main_job_by_keyboard(annotating, server):
    picture = still_life(70)
    native = Native.upload(server.base, picture)
    annotate = annotating().open(native.image, "?decoder=server")
    tab_to(annotate, "#stage")
    target = picture.objects[2]
    x, y = annotate.on_page(*target.centre)
    stage = annotate.stage()
    right = round((x - stage["x"] - stage["width"] / 2) / STEP)
    down = round((y - stage["y"] - stage["height"] / 2) / STEP)
    assert right > 0
    assert down > 0
    annotate.key("ArrowRight")  # the first shows the pointer, in the middle
    annotate.key(*["ArrowRight"] * right, *["ArrowDown"] * down)
    before = annotate.note()
    annotate.key("Space")
    annotate.answered(before)
    (point,) = annotate.prompt()["points"]
    assert (point["x"], point["y"]) == pytest.approx(target.centre, abs=STEP / annotate.fit()[0])
    answer = native.predict([[point["x"], point["y"], 1]])
    annotate.key("Tab")
    expected = answer["candidates"][annotate.choice()]
    assert annotate.choice() != answer["best"]
    assert iou(annotate.painted(), expected["mask"]) >= 0.99
    annotate.key("Shift+Tab")
    kept = annotate.accept()
    assert kept["candidate"] == answer["candidates"][answer["best"]]["token"]
    annotate.hears("Accepted")

    annotate.key("]", "Delete")
    annotate.until("() => samphire.annotations().length === 0")
    annotate.key("Control+z")
    annotate.until("() => samphire.annotations().length === 1")
    annotate.saved()
    assert [each["id"] for each in native.annotations()] == [kept["id"]]

    annotate.key("Tab")  # no candidates: Tab leaves the picture
    assert annotate.ask("document.activeElement.id") != "stage"
    annotate.key("?")
    dialog = annotate.page.get_by_role("dialog", name="Shortcuts and help")
    dialog.wait_for()
    annotate.key("Escape")
    dialog.wait_for(state="hidden")


def test_the_keyboard_pointer_keeps_its_place(annotating, server):
    annotate = annotating().open(Native.upload(server.base, still_life(70)).image, "?decoder=server")
    annotate.page.locator("#stage").focus()
    annotate.key("Space")
    annotate.hears("The pointer is shown.")
    assert annotate.prompt()["points"] == []
    annotate.key(*["ArrowRight"] * 3)
    places = []
    for _ in range(2):
        before = annotate.note()
        annotate.key("Space")
        annotate.answered(before)
        places.append(annotate.prompt()["points"])
        annotate.key("Escape", "Escape", "Escape")  # the prompt, and then there is nothing left
        assert annotate.prompt()["points"] == []
    assert len(places[0]) == 1
    assert places[0] == places[1]


def test_the_sample_by_keyboard(annotating, server):
    annotate = annotating()
    annotate.page.goto(server.base)
    annotate.page.get_by_role("button", name="Try the sample").wait_for()
    tab_to(annotate, "#drop-actions button:nth-of-type(2)")
    annotate.key("Enter")
    annotate.page.wait_for_url(re.compile("/images/"))
    annotate.arrived()
    assert (annotate.image["width"], annotate.image["height"]) == (1200, 800)


def test_the_main_job_by_touch(annotating, server):
    picture = still_life(71)
    native = Native.upload(server.base, picture)
    annotate = annotating(**PHONE).open(native.image, "?decoder=server")
    page = annotate.page
    before = annotate.note()
    page.touchscreen.tap(*annotate.on_page(*picture.objects[0].centre))
    annotate.answered(before)
    (point,) = annotate.prompt()["points"]
    assert iou(annotate.painted(), native.best([[point["x"], point["y"], 1]])) >= 0.99
    page.get_by_role("button", name="Accept").tap()
    annotate.until("() => samphire.annotations().length === 1")
    annotate.saved()
    assert len(native.annotations()) == 1

    scale = "() => shown.image.peek() && document.querySelector('#picture').width"
    assert annotate.ask(scale) == pytest.approx(annotate.stage()["width"] * 2, abs=1)
    assert annotate.ask("document.scrollingElement.scrollWidth <= innerWidth")


def test_two_fingers_zoom_and_move(annotating, server):
    picture = still_life(72)
    native = Native.upload(server.base, picture)
    annotate = annotating(**PHONE).open(native.image, "?decoder=server")
    devtools = annotate.page.context.new_cdp_session(annotate.page)
    x, y = annotate.on_page(*picture.objects[0].centre)

    def touch(kind: str, apart: float | None, dy: float = 0) -> None:
        fingers = [] if apart is None else [
            {"x": x - apart, "y": y + dy, "id": 0}, {"x": x + apart, "y": y + dy, "id": 1}
        ]  # fmt: skip
        devtools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": fingers})

    touch("touchStart", 20)
    for apart in (30, 40, 50):
        touch("touchMove", apart)
    touch("touchMove", 50, dy=30)
    touch("touchEnd", None)
    assert annotate.prompt() == {"points": [], "box": None}
    # Two and a half times as large about the object's centre, and 30 pixels lower.
    before = annotate.note()
    annotate.page.touchscreen.tap(x + 25, y + 30)
    annotate.answered(before)
    (point,) = annotate.prompt()["points"]
    centre_x, centre_y = annotate.exact(*picture.objects[0].centre)
    expected = (centre_x + 25 / (2.5 * annotate.fit()[0]), centre_y)
    assert (point["x"], point["y"]) == pytest.approx(expected, abs=3)


@pytest.mark.parametrize("width", [360, 1200])
def test_everything_to_press_has_a_name(annotating, server, width):
    native = Native.upload(server.base, still_life(73))
    annotate = annotating(viewport={"width": width, "height": 760})
    listed = f"/projects/default?search={native.image['name']}"
    for place, seen in {"": "My images", listed: native.image["name"]}.items():
        annotate.page.goto(server.base + place)
        annotate.page.get_by_role("link", name=seen).first.wait_for()
        assert_named(annotate.page)
    annotate.page.goto(f"{server.base}/projects/default/settings")
    annotate.page.get_by_label("New label").wait_for()
    assert_named(annotate.page)
    annotate.open(native.image, "?decoder=server")
    annotate.click(*still_life(73).objects[0].centre)
    assert_named(annotate.page)


def assert_named(page) -> None:
    tree = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    pressed = {
        "button",
        "link",
        "textbox",
        "searchbox",
        "combobox",
        "checkbox",
        "radio",
        "radiogroup",
        "ColorWell",
        "application",
        "dialog",
        "progressbar",
    }
    nodes = [node for node in tree if not node["ignored"] and node["role"]["value"] in pressed]
    assert len(nodes) > 3
    assert not [node for node in nodes if not node.get("name", {}).get("value", "").strip()]
    assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")


PAIRS = [
    ("text", "ground"), ("text", "panel"), ("text", "raised"), ("text", "pressed"), ("text-quiet", "ground"),
    ("text-quiet", "panel"), ("text-quiet", "raised"), ("accent", "panel"), ("accent", "accent-soft"),
    ("on-accent", "accent-fill"), ("on-accent", "accent-fill-hover"), ("danger", "panel"),
    ("danger", "danger-soft"), ("on-accent", "danger-fill"), ("warning", "panel"),
]  # fmt: skip


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_text_contrasts_with_its_ground(annotating, server, theme):
    page = annotating().page
    page.goto(server.base)
    page.evaluate("(theme) => { document.documentElement.dataset.theme = theme; }", theme)
    names = sorted({name for pair in PAIRS for name in pair})
    colors = page.evaluate(
        """(names) => {
          const probe = document.body.appendChild(document.createElement("i"));
          return Object.fromEntries(names.map((name) => {
            probe.style.setProperty("color", `var(--${name})`);
            return [name, getComputedStyle(probe).color.match(/[\\d.]+/g).slice(0, 3).map(Number)];
          }));
        }""",
        names,
    )
    low = {pair: contrast(colors[pair[0]], colors[pair[1]]) for pair in PAIRS}
    assert not {pair: round(ratio, 2) for pair, ratio in low.items() if ratio < 4.5}


def contrast(a, b) -> float:
    """WCAG 2 contrast ratio of two sRGB colours, 0 to 255."""
    light, dark = sorted((luminance(a), luminance(b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(color) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (v / 255 for v in color)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
