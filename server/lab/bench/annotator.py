"""A scripted annotator in the annotate page: real mouse and keys, a person's pauses, and what it had to wait for."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ...domain.masks import decode_rle
from ..evaluation.clicks import Clicker, mask_iou
from ..evaluation.truth import Truth

AIM_SECONDS = 1.0  # to see what is wrong and to point at it: before each click
KEY_SECONDS = 0.4  # to press a key
GOOD_ENOUGH = 0.9  # IoU with the object at which a mask is accepted
MOST_CLICKS = 5
_PROPOSE, _POINT = "z", "p"  # keys of tools

_POLL_SECONDS = 0.005
_WAIT_SECONDS = 30.0

# Milliseconds from the latest press or release to the drawing of what it led to, by what changed.
_WATCH = """
async () => {
  while (!window.samphire) await new Promise((resolve) => setTimeout(resolve, 5));
  await window.samphire.ready;
  const { signals } = window.samphire;
  const seen = { decoded: [], hover: [], annotations: [] };
  window.sessionSeen = seen;
  let pressed = 0;
  for (const kind of ["pointerup", "keydown"])
    addEventListener(kind, (event) => (pressed = event.timeStamp), { capture: true });
  for (const name of Object.keys(seen)) {
    let before = signals[name].peek();
    signals[name].subscribe((now) => {
      if (now === before) return;
      before = now;
      const since = pressed;
      if (now) window.samphire.onceDrawn((time) => seen[name].push(time - since));
    });
  }
}
"""


@dataclass
class Done:
    """One object: milliseconds waited for its masks and for being accepted, clicks, and the IoU that was accepted."""

    waited_ms: float = 0.0
    clicks: int = 0
    iou: float = 0.0
    click_ms: list[float] = field(default_factory=list)


@dataclass(frozen=True)
class Proposed:
    """A mask the page offers."""

    id: str
    mask: np.ndarray  # bool (H, W)

    @property
    def area(self) -> int:
        return int(np.count_nonzero(self.mask))


class Annotator:
    def __init__(self, page: Any, url: str) -> None:
        """`page`: of playwright; `url`: of the first image. Returns once clicks are answered at once."""
        self._page = page
        page.goto(url)
        page.evaluate(_WATCH)

    def annotate(self, truth: Truth, label_key: str) -> Done:
        """Click until the mask is good enough, label it, accept it."""
        done, clicker = Done(), Clicker(truth)
        mask = np.zeros(truth.mask.shape, bool)
        while done.clicks < MOST_CLICKS and done.iou < GOOD_ENOUGH:
            click = clicker.next(mask)
            if click is None:
                break
            x, y, positive = click
            at = self._on_page(x, y)
            self._page.mouse.move(*at, steps=4)
            time.sleep(AIM_SECONDS)
            button = "left" if positive else "right"
            ms = self._after(
                "decoded", lambda at=at, button=button: self._page.mouse.click(*at, button=button)
            )
            mask = self._mask(truth)
            done.clicks += 1
            done.click_ms.append(ms)
            done.iou = mask_iou(mask, truth)
        self._press(label_key)
        done.waited_ms = sum(done.click_ms) + self._after("annotations", lambda: self._press("Enter"))
        return done

    def take(
        self, proposals: Sequence[Proposed], truths: Sequence[Truth], keys: Sequence[str]
    ) -> list[Done | None]:
        """Take the proposal that is good enough for each object, with its label, None where there is none."""
        self._press(_PROPOSE)
        done = [self._take_one(proposals, truth, key) for truth, key in zip(truths, keys, strict=True)]
        self._press(_POINT)
        return done

    def _take_one(self, proposals: Sequence[Proposed], truth: Truth, label_key: str) -> Done | None:
        best = max(proposals, key=lambda each: mask_iou(each.mask, truth), default=None)
        if best is None or mask_iou(best.mask, truth) < GOOD_ENOUGH:
            return None
        smaller = sum(each.mask.astype(np.int16) for each in proposals if each.area < best.area)
        below = np.where(best.mask, smaller, np.iinfo(np.int16).max)
        start = Truth(truth.name, below == below.min(), None, truth.read_as)
        click = Clicker(start).next(np.zeros(truth.mask.shape, bool))
        assert click
        self._press(label_key)
        at = self._on_page(click[0], click[1])
        self._page.mouse.move(*at, steps=4)
        time.sleep(AIM_SECONDS)
        for _ in range(int(below.min())):
            self._press("Tab")
        ms = self._after("annotations", lambda: self._page.mouse.click(*at))
        taken = self._page.evaluate("() => samphire.annotations().at(-1).id")
        mask = next((each.mask for each in proposals if each.id == taken), np.zeros(truth.mask.shape, bool))
        return Done(ms, 1, mask_iou(mask, truth), [ms])

    def next_image(self, truth: Truth) -> float:
        """Done with this image and on to the next; milliseconds until the first object of it is previewed."""
        before, count = self._image(), self._count("hover")
        self._press("Shift+D")
        pressed = time.monotonic()
        while time.monotonic() - pressed < _WAIT_SECONDS:
            if self._image() != before:
                self._page.mouse.move(*self._inside(truth))
                if self._count("hover") > count:
                    return self._latest("hover")
            time.sleep(_POLL_SECONDS)
        raise RuntimeError("The next image did not come up.")

    def _inside(self, truth: Truth) -> tuple[float, float]:
        click = Clicker(truth).next(np.zeros(truth.mask.shape, bool))
        assert click
        return self._on_page(click[0], click[1])

    def _press(self, key: str) -> None:
        time.sleep(KEY_SECONDS)
        self._page.keyboard.press(key)

    def _after(self, what: str, act: Callable[[], None]) -> float:
        """Milliseconds from the press in `act` to the drawing of what it led to."""
        before = self._count(what)
        act()
        deadline = time.monotonic() + _WAIT_SECONDS
        while self._count(what) == before:
            if time.monotonic() > deadline:
                raise RuntimeError(f"Nothing came of an action: no new {what}.")
            time.sleep(_POLL_SECONDS)
        return self._latest(what)

    def _count(self, what: str) -> int:
        return self._page.evaluate("(what) => window.sessionSeen[what].length", what)

    def _latest(self, what: str) -> float:
        return self._page.evaluate("(what) => window.sessionSeen[what].at(-1)", what)

    def _image(self) -> str:
        return self._page.evaluate("() => samphire.status().image.id")

    def _on_page(self, x: float, y: float) -> tuple[float, float]:
        left, top = self._page.evaluate("([x, y]) => samphire.onPage(x, y)", [x, y])
        return left, top

    def _mask(self, truth: Truth) -> np.ndarray:
        """bool (H, W): the mask on show."""
        height, width = truth.mask.shape
        return decode_rle(
            self._page.evaluate("(size) => samphire.paintedMask(...size)", [width, height])
        ).astype(bool)
