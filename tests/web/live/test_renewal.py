"""A segmenter's weights change: what it encoded is encoded anew, though the server be stopped or killed at that."""

import random
import sqlite3
import time
from contextlib import closing

import requests

from server.domain import embedding_codec
from tests.web.live.running import Server, picture, upload
from tests.web.live.toy import install_toy

IMAGES = 6
KILLS = 3
OLD, NEW, NEWEST = "a" * 64, "b" * 64, "c" * 64


def outdated(server):
    return requests.get(f"{server.base}/api/status", timeout=30).json()["outdated_embeddings"]


def until(condition, seconds=90):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def embedding_rows(data):
    """(image, weights, blob) of each."""
    with closing(sqlite3.connect(data / "samphire.db")) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return database.execute("SELECT image_id, weights, blob_key FROM embeddings").fetchall()


def check_whole(data, allowed):
    """One embedding for each image, of the allowed weights, and its blob is there and whole."""
    rows = embedding_rows(data)
    assert len({image for image, _, _ in rows}) == len(rows) == IMAGES
    assert {weights for _, weights, _ in rows} <= allowed
    assert all((data / "blobs" / key).is_file() for _, _, key in rows)
    return rows


def test_renewed_over_kills_and_under_a_running_server(tmp_path):
    install_toy(tmp_path, OLD)
    server = Server(tmp_path, "--segmenter", "toy")
    assert server.base, "".join(server.errors)
    images = [upload(server, picture(120, 90, seed)) for seed in range(IMAGES)]
    for image in images:
        url = f"{server.base}/api/images/{image['id']}/embedding"
        until(lambda url=url: requests.post(url, timeout=30).json()["state"] == "ready")
    assert outdated(server) == 0
    assert server.stop() == 0

    install_toy(tmp_path, NEW)
    remaining = IMAGES
    for _ in range(KILLS):
        server = Server(tmp_path, "--segmenter", "toy")
        now = outdated(server)
        assert now <= remaining
        check_whole(tmp_path, {OLD, NEW})
        time.sleep(random.uniform(0, 0.3))
        server.process.kill()
        server.wait()
        check_whole(tmp_path, {OLD, NEW})
        remaining = now

    server = Server(tmp_path, "--segmenter", "toy")
    blobs = list((tmp_path / "blobs" / "embeddings").rglob("*.br"))
    # One may have just been written; of each kill one may be left, whose row was replaced: the janitor finds it.
    assert len(blobs) <= IMAGES + 1 + KILLS
    until(lambda: outdated(server) == 0)
    check_whole(tmp_path, {NEW})

    install_toy(tmp_path, NEWEST)
    until(lambda: {weights for _, weights, _ in embedding_rows(tmp_path)} == {NEWEST})
    assert outdated(server) == 0
    left = len(blobs) - IMAGES
    until(lambda: len(list((tmp_path / "blobs" / "embeddings").rglob("*.br"))) <= IMAGES + left)
    for image in images:
        url = f"{server.base}/api/images/{image['id']}/embedding?segmenter=toy&weights={NEWEST}"
        found = embedding_codec.decode(requests.get(url, timeout=30).content)
        assert (found.weights, found.tensors["image_tokens"].shape) == (NEWEST, (4096, 256))
    assert server.stop() == 0
    # What a killed run left half made is told when it is removed; there is nothing else to tell.
    assert [line for line in server.errors if "half-made files of an earlier run" not in line] == []


def test_stopped_while_it_renews_it_ends_at_once(tmp_path):
    install_toy(tmp_path, OLD)
    server = Server(tmp_path, "--segmenter", "toy")
    for seed in range(3):
        image = upload(server, picture(120, 90, seed))
        prompt = {"points": [[50, 45, 1]], "segmenter": "toy"}
        answer = requests.post(f"{server.base}/api/images/{image['id']}/predict", json=prompt, timeout=60)
        assert (answer.json()["segmenter"], answer.json()["weights"]) == ("toy", OLD)
    assert server.stop() == 0
    install_toy(tmp_path, NEW)
    server = Server(tmp_path, "--segmenter", "toy")
    assert server.stop() == 0
    assert server.errors == []


def test_a_segmenter_that_is_not_there_is_one_sentence(tmp_path):
    server = Server(tmp_path, "--segmenter", "gone")
    assert server.wait() == 2
    assert server.errors[0].startswith("samphire: There is no segmenter 'gone'. Installed: mobile_sam")
    install_toy(tmp_path, OLD)
    (tmp_path / "segmenters" / "toy" / "encoder.onnx").unlink()
    server = Server(tmp_path, "--segmenter", "toy")
    assert server.wait() == 2
    assert "encoder.onnx of the segmenter 'toy' is missing" in server.errors[0]
    assert len(server.errors) == 1
