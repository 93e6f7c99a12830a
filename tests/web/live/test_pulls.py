"""A server that ends while it downloads a segmenter takes the download with it, however it ends."""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable

import pytest
import requests

from server.errors import Conflict
from server.storage.data_lock import DataLock
from tests.pulling import ADDRESS, DATA, FILE, ID
from tests.unit.modelkit.catalogue.conftest import names
from tests.unit.modelkit.catalogue.file_server import FileServer
from tests.web.live.running import Server

PATIENCE_S = 60


@pytest.fixture
def pulling(monkeypatch, tmp_path):
    """A server in the middle of a download, which goes no further."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with FileServer({FILE: DATA}, hold=threading.Event()) as files:
        monkeypatch.setenv(ADDRESS, files.url(FILE))
        server = Server(tmp_path, program=("-m", "tests.pulling"))
        url = f"{server.base}/api/segmenters/pulls"
        assert requests.post(url, json={"segmenter": ID}, timeout=30).status_code == 202
        until(lambda: requests.get(url, timeout=30).json()["pulls"][0]["bytes"])
        yield server
        files.hold.set()  # type: ignore[union-attr]
        if server.process.poll() is None:
            server.process.kill()


def until(ask: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not ask():
        assert time.monotonic() < end
        time.sleep(0.05)


def is_free(folder) -> bool:
    """Whether no process installs anything there."""
    try:
        with DataLock(folder):
            return True
    except Conflict:
        return False


def test_one_that_is_stopped(pulling, tmp_path):
    assert pulling.stop() == 0
    assert not [line for line in pulling.errors if "Traceback" in line]
    assert names(tmp_path / "downloads") == [f"{FILE}.part"]
    assert names(tmp_path / "segmenters") == ["server.lock"]


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_one_that_is_killed(pulling, tmp_path):
    assert not is_free(tmp_path / "segmenters")
    os.kill(pulling.process.pid, signal.SIGKILL)
    pulling.process.wait(15)
    until(lambda: is_free(tmp_path / "segmenters"))
    assert names(tmp_path / "downloads") == [f"{FILE}.part"]
    assert names(tmp_path / "segmenters") == ["server.lock"]
