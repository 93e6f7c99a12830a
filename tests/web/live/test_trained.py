"""A segmenter that was trained from another decodes what that one's encoder made, on real networks."""

import sqlite3
from contextlib import closing

import requests

from server.domain.masks import decode_rle
from tests.trained import TRAINED, install_trained
from tests.web.live.running import picture, running, upload


def embedding_rows(data):
    with closing(sqlite3.connect(data / "samphire.db")) as database:
        return database.execute("SELECT image_id, segmenter, weights, created_at FROM embeddings").fetchall()


def predict(server, image, segmenter):
    body = {"points": [[132, 101, 1]], "segmenter": segmenter}
    answer = requests.post(f"{server.base}/api/images/{image['id']}/predict", json=body, timeout=120)
    assert answer.status_code == 200, answer.text
    return answer.json()


def best(answer):
    return decode_rle(answer["candidates"][answer["best"]]["rle"])


def test_an_image_that_its_base_encoded_is_never_encoded_again(tmp_path):
    with running(tmp_path) as server:
        image = upload(server, picture(331, 203, 1))
        first = predict(server, image, "mobile_sam")
        (row,) = embedding_rows(tmp_path)
        install_trained(tmp_path / "segmenters")  # under the running server
        url = f"{server.base}/api/images/{image['id']}/embedding"
        state = requests.post(f"{url}?segmenter={TRAINED}", timeout=30)
        assert (state.status_code, state.json()["state"]) == (200, "ready")
        assert state.json() == requests.post(f"{url}?segmenter=mobile_sam", timeout=30).json()

        second = predict(server, image, TRAINED)
        assert second["segmenter"] == TRAINED
        assert second["weights"] != first["weights"]
        ours, theirs = best(second), best(first)
        assert 0.5 < (ours & theirs).sum() / (ours | theirs).sum() < 1
        assert embedding_rows(tmp_path) == [row]
        told = requests.get(f"{server.base}/api/segmenters", timeout=30).json()["segmenters"]
        assert told[1]["encoder_seconds"] == told[0]["encoder_seconds"] > 0

        # The other way round: what it has encoded is its base's, too.
        other = upload(server, picture(331, 203, 2))
        predict(server, other, TRAINED)
        predict(server, other, "mobile_sam")
        made = {each[0]: each[1:3] for each in embedding_rows(tmp_path)}
        assert made == {each["id"]: ("mobile_sam", first["weights"]) for each in (image, other)}
