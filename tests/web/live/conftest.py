"""One real server, in a process of its own, for all tests here; and one small picture encoded on it."""

from collections.abc import Iterator

import pytest
import requests
import socketio

from tests.web.live.running import Server, picture, running, upload


@pytest.fixture(scope="session")
def server(tmp_path_factory) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("live")) as server:
        yield server


@pytest.fixture(scope="session")
def image(server) -> dict:
    """The image JSON of a picture of 331 x 203 pixels whose embedding is ready."""
    uploaded = upload(server, picture(331, 203))
    answer = requests.post(
        f"{server.base}/api/images/{uploaded['id']}/predict", json={"points": [[132, 101, 1]]}, timeout=120
    )
    assert answer.status_code == 200, answer.text
    return requests.get(f"{server.base}/api/images/{uploaded['id']}", timeout=30).json()


@pytest.fixture
def client(server) -> Iterator[socketio.Client]:
    """A Socket.IO client that speaks WebSocket from its first byte."""
    client = socketio.Client(reconnection=False)
    client.connect(server.base, transports=["websocket"])
    yield client
    client.disconnect()
