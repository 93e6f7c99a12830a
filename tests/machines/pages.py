"""What two people see who are connected to two processes."""

import numpy as np
import requests

from server.domain.masks import encode_rle
from tests.machines.conftest import Several
from tests.web.live.running import Server, picture
from tests.web.live.test_people import Page


def add_image(several: Several, server: Server, seed: int = 0, name: str = "Ann") -> dict:
    answer = requests.post(
        f"{server.base}/api/images",
        files={"file": (f"{seed}.png", picture(90, 60, seed))},
        headers=several.headers(name),
        timeout=30,
    )
    assert answer.status_code in (200, 201), answer.text
    return answer.json()


def open_page(several: Several, server: Server, name: str, image: dict) -> Page:
    page = Page(server.base, several.tokens[name])
    answer = page.call("watch", {"image": image["id"]})
    assert answer["ok"], answer
    page.seq = answer["seq"]
    return page


def name_of(image: dict, number: int) -> str:
    return f"{image['id']}-{number:03}"


def annotate(several: Several, server: Server, image: dict, number: int, name: str = "Ann") -> dict:
    """An object of its own id, saved there."""
    mask = np.zeros((60, 90), bool)
    mask[5 : 10 + number % 10, 6:20] = True
    answer = requests.post(
        f"{server.base}/api/images/{image['id']}/annotations",
        json={"id": name_of(image, number), "label": "dog", "color": "#1f77b4", "rle": encode_rle(mask)},
        headers=several.headers(name),
        timeout=30,
    )
    assert answer.status_code == 201, answer.text
    return answer.json()


def told(page: Page) -> list[str]:
    """Ids of the objects that the page was told of, in order."""
    return [data["annotation"]["id"] for event, data in page.heard if event == "annotation:changed"]
