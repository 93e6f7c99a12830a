"""Killed (SIGKILL) while it trains, the server goes on when it is started again, from where the training was."""

import json
import os
import signal
import sys
import time

import pytest
import requests

from server.domain.masks import encode_rle
from tests.browser.pictures import one_object
from tests.web.live.running import Server, upload
from tests.web.live.toy import install_toy

PATIENCE_S = 120
PROGRAM = ("-m", "tests.training")


def until(ask):
    end = time.monotonic() + PATIENCE_S
    while not (told := ask()):
        assert time.monotonic() < end
        time.sleep(0.05)
    return told


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_a_training_goes_on_where_it_was(tmp_path):
    install_toy(tmp_path, "1" * 64)
    server = Server(tmp_path, program=PROGRAM)
    for seed in range(5):
        picture = one_object(120, 80, seed)
        image = upload(server, picture.data, f"{seed}.png")
        drawn = {
            "id": f"object-{seed}",
            "label": "disc",
            "color": "#e69f00",
            "rle": encode_rle(picture.mask()),
        }
        url = f"{server.base}/api/projects/default/images/{image['id']}/annotations"
        assert requests.post(url, json=drawn, timeout=30).status_code == 201
    (tmp_path / "trainer.json").write_text(json.dumps({"steps": 40, "seconds": 0.1}))
    path = "/api/projects/default/trainings"
    wanted = {"what": "tokens", "id": "discs", "segmenter": "toy"}
    run = requests.post(f"{server.base}{path}", json=wanted, timeout=30).json()
    kept = tmp_path / "trainings" / run["id"] / "checkpoint" / "step"
    until(lambda: kept.is_file() and int(kept.read_text()) >= 3)
    os.kill(server.process.pid, signal.SIGKILL)
    server.wait()
    time.sleep(1)
    reached = int(kept.read_text())
    assert 3 <= reached < 40

    server = Server(tmp_path, program=PROGRAM)

    def told():
        return requests.get(f"{server.base}{path}/{run['id']}", timeout=30).json()

    done = until(lambda: (now := told())["state"] == "done" and now)
    assert [point["step"] for point in done["curve"]] == list(range(0, 410, 10))
    assert done["result"]["steps"] == 400
    assert (done["images"], done["objects"]) == (5, 5)
    installed = requests.get(f"{server.base}/api/segmenters", timeout=30).json()["segmenters"]
    assert "discs" in [each["id"] for each in installed]
    assert not kept.exists()
    assert server.stop() == 0
    assert not [line for line in server.errors if "Traceback" in line]
