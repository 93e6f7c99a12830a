"""A prompt that refines a mask may come to another process than the one that made the mask."""

import requests

from tests.machines.pages import add_image


def predict(several, server, image, **asked):
    return requests.post(
        f"{server.base}/api/images/{image['id']}/predict",
        json={"points": [[40, 30, 1]], **asked},
        headers=several.headers("Ann"),
        timeout=120,
    )


def test_a_mask_of_one_process_is_refined_at_another(several, pair):
    image = add_image(several, pair[0], 40)
    first = predict(several, pair[0], image).json()
    before = first["candidates"][first["best"]]["mask_id"]
    points = [[40, 30, 1], [70, 50, 0]]
    answers = [predict(several, server, image, points=points, mask_from=before) for server in pair]
    assert [answer.status_code for answer in answers] == [200, 200], answers[1].text
    here, there = ([mask["rle"] for mask in answer.json()["candidates"]] for answer in answers)
    assert here == there
    lost = predict(several, pair[1], image, mask_from="0" * 16 + "-1")
    assert lost.json()["error"]["code"] == "prediction_expired"
