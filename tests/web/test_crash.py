"""Killed at any moment, the server loses no acknowledged annotation and leaves nothing half-written.

A real server, real requests, SIGKILL (TerminateProcess on Windows) at random moments, several rounds on one
data folder.
"""

import io
import random
import sqlite3
import threading
import time
import uuid

import numpy as np
import pytest
import requests
from PIL import Image

from server.domain.masks import encode_rle
from tests.web.live.running import Server

pytestmark = pytest.mark.sqlite  # programs of their own open it

ROUNDS = 3
WRITERS = 3
MASK = np.zeros((30, 40), bool)
MASK[5:20, 6:20] = True
RLE = encode_rle(MASK)


def picture(seed):
    """A TIFF, so that a display copy is written beside the original."""
    out = io.BytesIO()
    pixels = np.random.default_rng(seed).integers(0, 255, (30, 40, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(out, "TIFF")
    return out.getvalue()


class Acknowledged:
    """What the server said it saved."""

    def __init__(self):
        self.annotations = {}
        self.deleting = set()  # asked for, perhaps without an answer
        self.deleted = set()
        self.images = {}


def annotate(base, image_id, acknowledged, stop):
    """Creates, renames and now and then deletes annotations until the server is gone."""
    session = requests.Session()
    for number in range(10_000):
        if stop.is_set():
            return
        annotation_id = str(uuid.uuid4())
        body = {"id": annotation_id, "label": f"object {number}", "color": "#1f77b4", "rle": RLE}
        one = f"{base}/api/annotations/{annotation_id}"
        try:
            answer = session.post(f"{base}/api/images/{image_id}/annotations", json=body, timeout=10)
            assert answer.status_code == 201, answer.text
            acknowledged.annotations[annotation_id] = answer.json()
            answer = session.patch(one, json={"version": 1, "label": "renamed"}, timeout=10)
            assert answer.status_code == 200, answer.text
            acknowledged.annotations[annotation_id] = answer.json()
            if number % 5 == 0:
                acknowledged.deleting.add(annotation_id)
                answer = session.delete(f"{one}?version=2", timeout=10)
                assert answer.status_code == 204, answer.text
                acknowledged.deleted.add(annotation_id)
        except requests.RequestException:
            return


def upload(base, seed, acknowledged, stop):
    """Uploads ever new pictures until the server is gone."""
    session = requests.Session()
    for number in range(seed, seed + 10_000):
        if stop.is_set():
            return
        try:
            answer = session.post(
                f"{base}/api/images", files={"file": ("a.tif", picture(number))}, timeout=10
            )
        except requests.RequestException:
            return
        assert answer.status_code == 201, answer.text
        acknowledged.images[answer.json()["id"]] = number


def work_until_killed(server, image_id, seed, acknowledged, chance):
    """Keeps the server busy and kills it somewhere between two answers; errors of the workers."""
    stop, failures = threading.Event(), []

    def guarded(fn, *args):
        try:
            fn(*args)
        except Exception as error:
            failures.append(error)

    jobs = [(annotate, server.base, image_id, acknowledged, stop)] * WRITERS
    jobs.append((upload, server.base, seed, acknowledged, stop))
    threads = [threading.Thread(target=guarded, args=job) for job in jobs]
    for thread in threads:
        thread.start()
    enough = len(acknowledged.annotations) + chance.randint(1, 30)
    deadline = time.monotonic() + 20
    while len(acknowledged.annotations) < enough and not failures and time.monotonic() < deadline:
        time.sleep(0.001)
    time.sleep(chance.uniform(0, 0.03))
    server.process.kill()
    stop.set()
    for thread in threads:
        thread.join(15)
    server.wait()
    return failures


def check_data(server, data, acknowledged):
    """Everything acknowledged is there as it was acknowledged, and nothing is half there."""
    images = []
    while True:
        before = f"&before={images[-1]['id']}" if images else ""
        page = requests.get(f"{server.base}/api/images?limit=200{before}", timeout=10).json()["images"]
        if not page:
            break
        images += page
    assert set(acknowledged.images) <= {image["id"] for image in images}
    for image in images:
        shown = requests.get(server.base + image["file_url"], timeout=10)
        assert Image.open(io.BytesIO(shown.content)).size == (image["width"], image["height"])
        assert requests.get(server.base + image["thumbnail_url"], timeout=10).status_code == 200

    found = {}
    for image in images:
        answer = requests.get(f"{server.base}/api/images/{image['id']}/annotations", timeout=10).json()
        found |= {annotation["id"]: annotation for annotation in answer["annotations"]}
    for annotation_id, annotation in acknowledged.annotations.items():
        if annotation_id in acknowledged.deleting:
            assert annotation_id not in found or annotation_id not in acknowledged.deleted
        elif annotation["version"] == 2:
            assert found[annotation_id] == annotation
        else:  # a change may have been saved without an answer
            assert found[annotation_id]["version"] in (1, 2)
    assert all(annotation["rle"] == RLE for annotation in found.values())

    wait_until_empty(data / "blobs" / "incoming")
    assert len(list((data / "blobs").rglob("original.*"))) >= len(
        images
    )  # those without a row stay for a while


def wait_until_empty(folder):
    """Half-made files go once the server is up."""
    deadline = time.monotonic() + 20
    while any(folder.iterdir()):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_killed_at_any_moment(tmp_path):
    data, acknowledged, chance = tmp_path / "data", Acknowledged(), random.Random()
    server = Server(data)
    image = requests.post(
        f"{server.base}/api/images", files={"file": ("a.tif", picture(0))}, timeout=10
    ).json()
    for number in range(1, ROUNDS + 1):
        failures = work_until_killed(server, image["id"], number * 10_000, acknowledged, chance)
        assert failures == []
        with sqlite3.connect(data / "samphire.db") as database:
            assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        database.close()
        server = Server(data)
        assert server.base, "".join(server.errors)
        check_data(server, data, acknowledged)
    assert len(acknowledged.annotations) >= ROUNDS
    assert server.stop() == 0
