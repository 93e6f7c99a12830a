"""The server's own answer to a prompt, computed natively: what the browser's masks are compared with."""

import numpy as np
import requests

from server.domain.masks import decode_rle
from tests.browser.pictures import Picture


class Native:
    """One image on one server, over its HTTP API."""

    def __init__(self, base: str, image: dict) -> None:
        self.base, self.image = base, image
        self.url = f"{base}/api/images/{image['id']}"

    @classmethod
    def upload(cls, base: str, picture: Picture) -> "Native":
        files = {"file": (picture.name, picture.data)}
        answer = requests.post(f"{base}/api/images", files=files, timeout=60)
        assert answer.status_code in (200, 201), answer.text
        return cls(base, answer.json())

    def predict(
        self, points=(), box=None, mask_from: str | None = None, segmenter: str | None = None
    ) -> dict:
        """The answer; every candidate also carries its `mask`, bool (H, W). Without a segmenter, the default one's."""
        body = {"points": [list(point) for point in points], "box": box, "mask_from": mask_from}
        body |= {"segmenter": segmenter} if segmenter else {}
        answer = requests.post(f"{self.url}/predict", json=body, timeout=120)
        assert answer.status_code == 200, answer.text
        found = answer.json()
        for candidate in found["candidates"]:
            candidate["mask"] = decode_rle(candidate["rle"])
        return found

    def best(
        self, points=(), box=None, mask_from: str | None = None, segmenter: str | None = None
    ) -> np.ndarray:
        found = self.predict(points, box, mask_from, segmenter)
        return found["candidates"][found["best"]]["mask"]

    def annotations(self) -> list[dict]:
        return requests.get(f"{self.url}/annotations", timeout=30).json()["annotations"]


def iou(a: np.ndarray, b: np.ndarray) -> float:
    """Of two bool masks of one size; 1 when both are empty."""
    assert a.shape == b.shape, (a.shape, b.shape)
    union = np.count_nonzero(a | b)
    return np.count_nonzero(a & b) / union if union else 1.0
