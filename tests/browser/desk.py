"""A project with labels, settings and drawn objects, made over the HTTP API, for panels and keys."""

from collections.abc import Sequence

import requests

from tests.browser.annotating import Annotating
from tests.browser.pictures import still_life
from tests.browser.team import rectangle

Box = tuple[int, int, int, int]


class Desk:
    """A project on the server at `base`."""

    def __init__(self, base: str, **settings: str) -> None:
        self.base = base
        self.id = self.ask("post", "", {"name": "Desk", "settings": settings})["id"]
        self.images: list[dict] = []

    def ask(self, method: str, path: str, body: dict | None = None, **options):
        url = f"{self.base}/api/projects{f'/{self.id}' if hasattr(self, 'id') else ''}{path}"
        answer = requests.request(method, url, json=body, timeout=60, **options)
        assert answer.ok, answer.text
        return answer.json()

    def label(self, *labels: dict) -> None:
        """Has the project these labels: their names, and what else is said of them."""
        version = self.ask("get", "/labels")["version"]
        colors = ("#e69f00", "#56b4e9", "#009e73", "#cc79a7")
        each = [{"color": colors[i % 4], **label} for i, label in enumerate(labels)]
        self.ask("put", "/labels", {"labels": each, "version": version})

    def picture(self, seed: int) -> dict:
        picture = still_life(seed)
        image = self.ask("post", "/images", files={"file": (f"{seed} {picture.name}", picture.data)})
        self.images.append(image)
        return image

    def draw(self, image: dict, objects: Sequence[tuple[str, Box]]) -> None:
        """Rectangles (x, y, width, height) of these labels, each above the one before."""
        for z, (label, box) in enumerate(objects):
            body = {
                "id": f"{image['id'][:8]}-{self.id[:8]}-{z:04}",
                "label": label,
                "color": "#e69f00",
                "z": z,
            }
            self.ask("post", f"/images/{image['id']}/annotations", body | {"rle": rectangle(image, box)})

    def objects(self, image: dict) -> list[dict]:
        return self.ask("get", f"/images/{image['id']}/annotations")["annotations"]

    def open(self, annotate: Annotating, image: dict) -> Annotating:
        """The server decodes: a page that compiles no decoder is ready in a third of the processor's time."""
        address = f"{self.base}/projects/{self.id}/images/{image['id']}?decoder=server"
        annotate.page.goto(address, wait_until="domcontentloaded")
        return annotate.arrived()
