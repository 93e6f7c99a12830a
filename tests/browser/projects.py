"""Projects for the tests of their pages: made over HTTP, asked about the same way."""

import requests

from server.domain.masks import encode_rle
from tests.browser.pictures import one_object
from tests.web.live.running import Server


def files(*seeds: int) -> list[dict]:
    return [
        {"name": f"view {seed}.png", "mimeType": "image/png", "buffer": one_object(120, 80, seed).data}
        for seed in seeds
    ]


def api(server: Server, path: str, body: dict | None = None) -> dict:
    url = f"{server.base}/api/projects{path}"
    answer = requests.post(url, json=body, timeout=30) if body else requests.get(url, timeout=30)
    assert answer.ok, answer.text
    return answer.json()


def a_disc(annotation_id: str, label: str = "disc") -> dict:
    """As it is sent, of a picture of 120 x 80."""
    return {
        "id": annotation_id, "label": label, "color": "#e69f00",
        "rle": encode_rle(one_object(120, 80).mask()), "predicted_iou": 0.75, "segmenter": "mobile_sam",
        "attributes": {"note": "round"},
    }  # fmt: skip


def make_project(server: Server) -> dict:
    """With four pictures, of which one has an object."""
    made = api(server, "", {"name": "Views", "guidelines": "Take *care*."})
    images = []
    for each in files(900, 901, 902, 903):
        data = {"file": (each["name"], each["buffer"])}
        url = f"{server.base}/api/projects/{made['id']}/images"
        images.append(requests.post(url, files=data, timeout=30).json())
    api(server, f"/{made['id']}/images/{images[0]['id']}/annotations", a_disc(f"kept-{made['id']}"))
    return made | {"images": images}


def choose(page, button: str, chosen: list[dict]) -> None:
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name=button).click()
    chooser.value.set_files(chosen)
