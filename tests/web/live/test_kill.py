"""Killed at any moment (SIGKILL), the server has kept what it acknowledged and left nothing half-written."""

import threading
import time

import numpy as np
import pytest
import requests

from server.domain.masks import encode_rle
from tests.web.live.running import Server, picture, upload


def annotate(url, acknowledged):
    """Create annotations until the server is gone; what it acknowledged, by id."""
    mask = np.zeros((203, 331), bool)
    session, number = requests.Session(), 0
    try:
        while True:
            number += 1
            mask[number % 203, :] = True
            made = session.post(
                f"{url}/annotations",
                json={"label": f"object {number}", "color": "#22aa88", "rle": encode_rle(mask)},
                timeout=5,
            )
            assert made.status_code == 201, made.text
            acknowledged[made.json()["id"]] = made.json()
    except requests.RequestException:
        pass


@pytest.mark.parametrize("seconds", [0.0, 0.15, 0.6])
def test_kill_loses_nothing_acknowledged(tmp_path, seconds):
    server = Server(tmp_path)
    image = upload(server, picture(331, 203))
    url = f"{server.base}/api/images/{image['id']}"
    requests.post(f"{url}/embedding", timeout=30)
    acknowledged: dict[str, dict] = {}
    writing = threading.Thread(target=annotate, args=(url, acknowledged))
    writing.start()
    deadline = time.monotonic() + 20
    while not acknowledged and time.monotonic() < deadline:
        time.sleep(0.001)
    time.sleep(seconds)
    server.process.kill()
    server.wait()
    writing.join(10)
    assert acknowledged

    server = Server(tmp_path)
    url = f"{server.base}/api/images/{image['id']}"
    kept = {each["id"]: each for each in requests.get(f"{url}/annotations", timeout=30).json()["annotations"]}
    assert kept.keys() >= acknowledged.keys()
    assert {name: kept[name] for name in acknowledged} == acknowledged
    assert len(kept) - len(acknowledged) <= 1  # one may have been written and not yet told
    assert requests.get(f"{url}/file", timeout=30).content == picture(331, 203)
    assert not list((tmp_path / "blobs" / "incoming").iterdir())
    state = requests.get(url, timeout=30).json()["embedding"]["state"]
    assert state in ("queued", "running", "ready")  # it goes on by itself
    answer = requests.post(f"{url}/predict", json={"points": [[132, 101, 1]]}, timeout=120)
    assert answer.status_code == 200
    assert len(list((tmp_path / "blobs").glob("embeddings/**/*.br"))) == 1
    assert server.stop() == 0
