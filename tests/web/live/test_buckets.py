"""A server whose images are in a bucket: under gevent its threads and greenlets ask the store side by side."""

import threading

import requests

from tests.buckets import KEYS
from tests.web.live.running import picture, running, upload


def test_many_ask_at_once(s3_bucket, s3, tmp_path):
    with running(tmp_path / "data", "--blobs", s3_bucket) as server:
        images = [upload(server, picture(90, 60, seed)) for seed in range(6)]
        for path in (tmp_path / "data" / "cache" / "kept").glob("*/*"):
            path.unlink()
        found = []

        def fetch(image):
            for name in ("file_url", "thumbnail_url"):
                found.append(requests.get(server.base + image[name], timeout=60).status_code)

        threads = [threading.Thread(target=fetch, args=(image,)) for image in images * 3]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert found == [200] * len(found)
        assert len(found) == 36
        clicked = {"points": [[36, 30, 1]]}
        answer = requests.post(
            f"{server.base}/api/images/{images[0]['id']}/predict", json=clicked, timeout=120
        )
        assert answer.status_code == 200, answer.text
    said = "".join(server.errors)
    assert "ERROR" not in said
    assert not [value for name, value in KEYS.items() if "KEY" in name and value in said]
