"""The whole application on a data folder of its own, without a server around it."""

import io

import numpy as np
import pytest
from PIL import Image

from server.app import create_app
from server.config import Settings
from server.domain.masks import encode_rle
from server.features.embeddings.service import ENCODE
from server.runtime.queue.base import NO_JOB


@pytest.fixture
def make_app(tmp_path):
    """Builds applications with these settings; closes them at the end."""
    made = []

    def make(**settings):
        app = create_app(Settings(**({"data": str(tmp_path / "data"), "max_upload_mb": 1.5} | settings)))
        made.append(app)
        # These pictures are not worth the encoder's time. Other jobs are done once a test starts the queue.
        queue = app.extensions["samphire"].queue
        submit = queue.submit
        queue.submit = lambda job: NO_JOB if job.kind == ENCODE else submit(job)
        return app

    yield make
    for app in made:
        app.extensions["samphire"].close()


@pytest.fixture
def app(make_app):
    return make_app()


@pytest.fixture
def client(app):
    return app.test_client()


@pytest.fixture
def make_picture():
    """A picture file of random pixels; the same seed makes the same bytes."""

    def make(kind="PNG", size=(40, 30), seed=0, **options):
        pixels = np.random.default_rng(seed).integers(0, 255, (size[1], size[0], 3), dtype=np.uint8)
        out = io.BytesIO()
        Image.fromarray(pixels).save(out, kind, **options)
        return out.getvalue()

    return make


@pytest.fixture
def upload(client, make_picture):
    """Uploads a picture; its JSON."""

    def send(data=None, name="a.png"):
        data = make_picture() if data is None else data
        answer = client.post("/api/images", data={"file": (io.BytesIO(data), name)})
        assert answer.status_code in (200, 201), answer.json
        return answer.json

    return send


@pytest.fixture
def make_annotation():
    """The body of an annotation of a 40 x 30 image."""

    def make(number=1, **more):
        mask = np.zeros((30, 40), bool)
        mask[5 : 10 + number % 10, 6:20] = True
        return {
            "id": f"annotation-{number}",
            "label": "dog",
            "color": "#1f77b4",
            "rle": encode_rle(mask),
            **more,
        }

    return make


@pytest.fixture
def check_error():
    """That an answer is a failure in the one shape, with this status and code."""

    def check(answer, status, code):
        assert answer.status_code == status, answer.get_data(as_text=True)
        assert answer.mimetype == "application/json"
        body = answer.json
        assert set(body) == {"ok", "error"}
        assert body["ok"] is False
        assert {"code", "message", "hint"} <= set(body["error"])
        assert body["error"]["code"] == code
        assert "Traceback" not in answer.get_data(as_text=True)
        return body["error"]

    return check
