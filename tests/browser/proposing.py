"""Images with proposals, and what the page shows of them."""

import json

import requests

from tests.browser.desk import Desk
from tests.browser.team import rectangle as rle

BAR = ".proposals-bar"
FEW = {"points_per_side": 8, "pred_iou_thresh": 0.7, "stability_score_thresh": 0.85, "box_nms_thresh": 0.9}
COUNT = "() => Number(document.querySelector('.proposals-bar')?.dataset.count ?? 0)"
IDLE = "() => document.querySelector('.proposals-bar')?.dataset.running === 'false'"
LIT = "() => document.querySelector('.proposal-lit:not([hidden])')?.dataset.proposal ?? null"


class Proposing(Desk):
    """A desk whose images have proposals."""

    def propose(self, image: dict) -> list[dict]:
        """Those that are stored then."""
        url = f"{self.base}/api/projects/{self.id}/images/{image['id']}/proposals"
        last = requests.post(url, json=FEW, timeout=120).text.splitlines()[-1]
        assert json.loads(last)["state"] == "complete"
        return self.listed(image)

    def listed(self, image: dict) -> list[dict]:
        return self.ask("get", f"/images/{image['id']}/proposals")["proposals"]


def shown(annotate) -> int:
    """With the tool in hand, once they are there."""
    annotate.key("z")
    annotate.until(COUNT)
    annotate.until(IDLE)
    return annotate.ask(COUNT)


def coarsely(annotate):
    """Runs ask at fewer points than a person's would."""

    def pass_on(route):
        runs = route.request.method == "POST"
        route.continue_(post_data=json.dumps(FEW)) if runs else route.fallback()

    annotate.page.route("**/proposals", pass_on)
    return annotate


def drag(annotate, begin, end) -> None:
    mouse = annotate.page.mouse
    mouse.move(*annotate.on_page(*begin))
    mouse.down()
    mouse.move(*annotate.on_page(*end), steps=4)
    mouse.up()


def until_stored(annotate, desk, image, right) -> None:
    for _ in range(200):
        ids = {each["id"] for each in desk.listed(image)}
        if right(ids):
            return
        annotate.page.wait_for_timeout(50)
    raise AssertionError(f"stored are {ids}")


def rectangle(image, x, y, width, height, iou=0.95) -> dict:
    """A proposal of this shape."""
    return {
        "id": f"{x:08x}{y:08x}{width:08x}{height:08x}",
        "rle": rle(image, (x, y, width, height)),
        "area": width * height,
        "bbox": [x, y, width, height],
        "predicted_iou": iou,
        "stability_score": 0.97,
        "point": [x + width / 2, y + height / 2],
        "crop_box": [0, 0, image["width"], image["height"]],
    }


def with_proposals(annotate, proposals, ahead=False):
    """The server has these for every image."""
    body = {
        "proposals": proposals,
        "segmenter": "mobile_sam",
        "weights": "0" * 64,
        "settings": None,
        "complete": True,
        "ahead": ahead,
        "created_at": None,
        "created_by": None,
        "running": False,
    }
    annotate.page.route(
        "**/proposals",
        lambda route: (
            route.fulfill(json=body) if route.request.method == "GET" else route.fulfill(status=204)
        ),
    )
    return annotate
