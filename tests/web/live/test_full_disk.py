"""A server whose disk is full says so, deletes whatever it is asked to, also after a restart, and goes on once there is
room."""

from contextlib import suppress

import numpy as np
import requests

from server.domain.masks import encode_rle
from tests.disks import small_disk
from tests.web.live.running import Server, picture, upload


def fill(disk):
    with suppress(OSError), (disk / "other").open("wb", 0) as file:
        while True:
            file.write(b"0" * 100_000)
    with suppress(OSError), (disk / "other").open("ab", 0) as file:
        while True:
            file.write(b"0")


def annotate(base, image, number):
    rle = encode_rle(np.ones((image["height"], image["width"]), bool))
    body = {"id": f"annotation-{number}", "label": "x", "color": "#1f77b4", "rle": rle}
    return requests.post(f"{base}/api/images/{image['id']}/annotations", json=body, timeout=30)


def test_deleting_on_a_full_disk(tmp_path):
    with small_disk(tmp_path / "disk", 40) as disk:
        server = Server(disk / "data")
        base = server.base
        images = [upload(server, picture(40, 30, seed)) for seed in range(4)]
        project = requests.post(f"{base}/api/projects", json={"name": "P"}, timeout=30).json()
        for number in range(2):
            assert annotate(base, images[2], number).status_code == 201
        fill(disk)
        answer = requests.post(
            f"{base}/api/images", files={"file": ("new.png", picture(900, 900, 9))}, timeout=30
        )
        assert (answer.status_code, answer.json()["error"]["code"]) == (507, "storage_full")

        def delete(path):
            answer = requests.delete(base + path, timeout=30)
            assert answer.status_code in (200, 204), answer.text

        delete(f"/api/images/{images[0]['id']}")
        delete("/api/annotations/annotation-0?version=1")
        assert annotate(base, images[2], 2).status_code == 507
        assert server.stop() == 0

        server = Server(disk / "data")
        base = server.base
        assert base, "".join(server.errors)
        delete("/api/annotations/annotation-1?version=1")
        delete(f"/api/projects/{project['id']}")
        delete(f"/api/images/{images[1]['id']}")
        (disk / "other").unlink()
        assert annotate(base, images[2], 3).status_code == 201
        assert server.stop() == 0
        assert not [line for line in server.errors if "Traceback" in line]
