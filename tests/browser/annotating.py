"""Drives the annotate page as a person does, and tells what it shows: masks in image pixels, pixels on screen."""

import io
import time
from typing import Any

import numpy as np
from PIL import Image
from playwright.sync_api import Page

from server.domain.masks import decode_rle

PATIENCE_S = 60  # how long anything may take on a busy machine
MARGIN = 16  # CSS pixels the fitted picture keeps from the stage's edges
LARGEST_SCALE = 64

# The page asked for the picture before: its own copy is decoded and drawn by the time this one is.
PICTURE_SHOWN = """async (url) => {
  const picture = new Image();
  picture.src = url;
  await picture.decode();
  for (let i = 0; i < 2; i++) await new Promise((done) => samphire.onceDrawn(done));
}"""


def drop(page: Page, path: str) -> None:
    """A file or a folder of this machine, dragged over the page and let go there."""
    devtools = page.context.new_cdp_session(page)
    data = {"items": [], "files": [path], "dragOperationsMask": 1}
    for event in ("dragEnter", "dragOver", "dragOver", "drop"):
        devtools.send("Input.dispatchDragEvent", {"type": event, "x": 500, "y": 300, "data": data})
        page.wait_for_timeout(
            250
        )  # the browser asks the page whether it takes it; a drop before the answer is none


class Annotating:
    """`page` on the annotate page of an image on the server at `base`."""

    def __init__(self, page: Page, base: str) -> None:
        self.page, self.base = page, base
        self.image: dict[str, Any] = {}

    def open(self, image: dict, query: str = "", timeout_s: float = 60) -> "Annotating":
        self.page.goto(f"{self.base}/images/{image['id']}{query}", wait_until="domcontentloaded")
        return self.arrived(timeout_s)

    def switch(self, image: dict) -> "Annotating":
        """Opens another image in the page that is there."""
        self.ask("(id) => samphire.open(id)", image["id"])
        return self.arrived()

    def arrived(self, timeout_s: float = 60) -> "Annotating":
        """Waits until clicks on the image are answered at once, and its objects are there."""
        self.until("() => window.samphire?.status().work.phase === 'ready'", timeout_s=timeout_s)
        self.page.evaluate(
            "() => samphire.ready.catch(() => {}).then(() => { window.shown = samphire.signals })"
        )
        self.image = self.page.evaluate("samphire.status().image")
        self.page.evaluate(PICTURE_SHOWN, self.base + self.image["file_url"])
        return self

    def ask(self, script: str, argument: Any = None) -> Any:
        return self.page.evaluate(script, argument)

    def until(self, script: str, argument: Any = None, timeout_s: float = 60) -> Any:
        """Evaluates again until the answer is true: `wait_for_function` needs what the page's CSP forbids."""
        end = time.monotonic() + timeout_s
        while not (answer := self.page.evaluate(script, argument)):
            if time.monotonic() > end:
                state = self.page.evaluate("window.samphire?.status()")
                raise AssertionError(f"not in {timeout_s} s: {script}; the page's state: {state}")
            self.page.wait_for_timeout(40)
        return answer

    def hears(self, text: str) -> None:
        """Waits until this is part of what the page says to screen readers."""
        self.until("(text) => document.querySelector('#live').innerText.includes(text)", text)

    # -- places

    def stage(self) -> dict[str, float]:
        return self.ask("document.getElementById('stage').getBoundingClientRect().toJSON()")

    def fit(self) -> tuple[float, float, float]:
        """Scale and corner of the fitted picture: page = image * scale + (x, y)."""
        stage, width, height = self.stage(), self.image["width"], self.image["height"]
        scale = min(
            (stage["width"] - 2 * MARGIN) / width, (stage["height"] - 2 * MARGIN) / height, LARGEST_SCALE
        )
        x = stage["x"] + (stage["width"] - width * scale) / 2
        return scale, x, stage["y"] + (stage["height"] - height * scale) / 2

    def on_page(self, x: float, y: float) -> tuple[int, int]:
        """Image frame -> the nearest whole CSS pixel of the page, while the picture is fitted."""
        scale, left, top = self.fit()
        return round(x * scale + left), round(y * scale + top)

    def exact(self, x: float, y: float) -> tuple[float, float]:
        """The image-frame place that a click aimed at this place really has."""
        scale, left, top = self.fit()
        page_x, page_y = self.on_page(x, y)
        return (page_x - left) / scale, (page_y - top) / scale

    # -- doing

    def hover(self, x: float, y: float) -> None:
        self.page.mouse.move(*self.on_page(x, y))

    def leave(self) -> None:
        """The pointer goes where it shows nothing."""
        self.page.mouse.move(600, 2)
        self.until("() => !window.shown || shown.hover.peek() === null")

    def click(self, x: float, y: float, button: str = "left", timeout_s: float = 60) -> tuple[float, float]:
        """Clicks and waits for the answer; the exact image-frame place clicked."""
        before = self.note()
        self.page.mouse.click(*self.on_page(x, y), button=button)
        self.answered(before, timeout_s)
        return self.exact(x, y)

    def drag_box(self, x0: float, y0: float, x1: float, y1: float) -> list[float]:
        before = self.note()
        self.page.mouse.move(*self.on_page(x0, y0))
        self.page.mouse.down()
        self.page.mouse.move(*self.on_page((x0 + x1) / 2, (y0 + y1) / 2), steps=3)
        self.page.mouse.move(*self.on_page(x1, y1), steps=3)
        self.page.mouse.up()
        self.answered(before)
        return [*self.exact(x0, y0), *self.exact(x1, y1)]

    def note(self) -> int:
        """A number for the answer on show now, to tell a newer one from it."""
        return self.ask("""() => {
          const answers = (window.answers ??= []);
          answers.push(shown.decoded.peek());
          return answers.length - 1;
        }""")

    def answered(self, before: int, timeout_s: float = 60) -> None:
        """Waits until another answer than the noted one is shown."""
        self.until(
            """(before) => {
              const now = shown.decoded.peek();
              return now !== null && now !== window.answers[before];
            }""",
            before,
            timeout_s,
        )

    def key(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def accept(self) -> dict:
        """Presses Enter; the new annotation once the server has it."""
        known = len(self.annotations())
        self.key("Enter")
        self.until("(known) => samphire.annotations().length > known", known)
        self.saved()
        return self.annotations()[-1]

    def saved(self) -> None:
        """Waits until the server has everything, deletions included."""
        self.until("""() => {
          const told = document.querySelector('.saved')?.dataset.state ?? 'saved';  // an embedded page tells nothing
          return told === 'saved' && samphire.annotations().every(({ saved }) => saved);
        }""")

    # -- what is there

    def status(self) -> dict:
        return self.ask("samphire.status()")

    def annotations(self) -> list[dict]:
        return self.ask("samphire.annotations()")

    def prompt(self) -> dict:
        return self.ask("(({ points, box }) => ({ points, box }))(shown.prompt.peek())")

    def choice(self) -> int:
        return self.ask("shown.choice.peek()")

    def painted(self) -> np.ndarray | None:
        """The mask being made or previewed as the renderer paints it, bool (H, W) in image pixels."""
        rle = self.ask("(size) => samphire.paintedMask(...size)", [self.image["width"], self.image["height"]])
        return None if rle is None else decode_rle(rle)

    def screenshot(self, device_pixels: float = 1) -> np.ndarray:
        """The stage's picture with what is painted on it, without marks and panels over it: uint8 (h, w, 3)."""
        veil = """(value) => {
          const panels = '.candidates, .minimap, .zoom-sign, .hint, .toasts';
          const over = document.querySelectorAll(`#overlay, #progress, ${panels}`);
          for (const each of over) each.style.setProperty('visibility', value);
          document.getElementById('stage').style.setProperty('outline', value && 'none');
          return new Promise((done) => samphire.onceDrawn(() => requestAnimationFrame(done)));
        }"""
        self.page.evaluate(veil, "hidden")
        end = time.monotonic() + PATIENCE_S
        while True:
            png = self.page.screenshot(clip=self.stage())
            seen = np.asarray(Image.open(io.BytesIO(png)).convert("RGB")).copy()
            if seen.min() < seen.max():
                break
            assert time.monotonic() < end, "the stage stays empty"  # drawn, but no engine shows it at once
            self.page.evaluate(veil, "hidden")  # and WebKit, now and then, not before the next frame
        self.page.evaluate(veil, "")
        return seen

    def to_screen(self, mask: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """A mask in image pixels as the fitted stage's screenshot should show it, and where the picture is."""
        scale, left, top = self.fit()
        stage = self.stage()
        height, width = mask.shape
        x = (np.arange(int(stage["width"])) + 0.5 + stage["x"] - left) / scale
        y = (np.arange(int(stage["height"])) + 0.5 + stage["y"] - top) / scale
        inside = ((y >= 0) & (y < height))[:, None] & ((x >= 0) & (x < width))[None]
        rows, columns = np.clip(y.astype(int), 0, height - 1), np.clip(x.astype(int), 0, width - 1)
        return mask[rows][:, columns] & inside, inside
