"""Label Studio's smart tools, answered by the real segmenter."""

import base64

import numpy as np
import requests

from server.client import Client
from server.features.transfer.formats.label_studio import brush_rle
from tests.web.label_studio_requests import KEY_POINT, RECTANGLE, predicting
from tests.web.live.running import picture


def test_a_key_point_and_a_rectangle_give_the_disc(server):
    with Client(server.base) as client:
        project = client.projects.create("Label Studio")
    address = f"{server.base}/api/projects/{project.id}/label-studio/predict"
    image = "data:image/png;base64," + base64.b64encode(picture(331, 203, seed=95)).decode()
    y, x = np.mgrid[:203, :331]
    disc = (x - 331 * 0.4) ** 2 + (y - 203 * 0.5) ** 2 < (0.25 * 203) ** 2
    point = KEY_POINT | {"value": KEY_POINT["value"] | {"x": 40, "y": 50}}
    box = RECTANGLE | {"value": RECTANGLE["value"] | {"x": 23, "y": 22, "width": 34, "height": 56}}
    for drawn in ([point], [box], [point, box]):
        answer = requests.post(address, json=predicting(image, *drawn), timeout=120)
        assert answer.status_code == 200, answer.text
        [region] = answer.json()["results"][0]["result"]
        mask = brush_rle.decode(bytes(region["value"]["rle"]), 331, 203)
        assert (mask & disc).sum() / (mask | disc).sum() > 0.9
