"""Many at once: too many connections, and programs that ask beside a person."""

import json
import sys
import threading
from collections import Counter

import pytest
import requests

from tests.web.live.running import Server
from tests.web.live.wire import connected, descriptors, polling, raw, sound

_FEW_FILES = (
    "import resource, runpy; resource.setrlimit(resource.RLIMIT_NOFILE, (200, 200)); "
    "runpy.run_module('server.cli.main', run_name='__main__')"
)
_CONNECTIONS = 27  # of one address, with so few files
_WAITING = "GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n"  # answered when there is news


@pytest.fixture
def small(tmp_path):
    """A server whose process may have few files open."""
    if sys.platform == "win32":
        pytest.skip("there are no such limits there")
    small = Server(tmp_path, program=["-c", _FEW_FILES])
    assert small.base, "".join(small.errors)
    yield small
    assert small.stop() == 0
    assert not [line for line in small.errors if "Traceback" in line], "".join(small.errors)


def test_connections_that_wait_for_nothing_make_room(small):
    idle = [raw(small, sent) for sent in ("", "GET / HTTP/1.1\r\nHost") for _ in range(150)]
    assert sound(small)
    assert descriptors(small) < 200
    for connection in idle:
        connection.close()


def test_a_connection_too_many_is_refused_with_a_sentence(small):
    path = polling(small).removeprefix(small.base)
    busy = [raw(small, _WAITING, path) for _ in range(2 * _CONNECTIONS)]
    answer = requests.get(f"{small.base}/healthz", timeout=20)
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "1"
    assert answer.json()["error"]["code"] == "too_many_requests"
    for connection in busy:
        connection.close()
    while requests.get(f"{small.base}/healthz", timeout=20).status_code == 429:
        pass
    assert sound(small)


def test_someone_who_clicks_does_not_wait_for_all_that_a_program_asks(server, image):
    """Counted, not timed: how many of the program's answers come before one to the person."""
    url, stop, answered = f"{server.base}/api/images/{image['id']}/predict", threading.Event(), Counter()

    def flood(number):
        with requests.Session() as session:
            while not stop.is_set():
                points = [[number, answered["all"] % 200, 1]]
                answered[session.post(url, json={"points": points}, timeout=60).status_code] += 1
                answered["all"] += 1

    threads = [threading.Thread(target=flood, args=(number,)) for number in range(40)]
    for thread in threads:
        thread.start()
    with connected(server) as connection:
        between = []
        for click in range(9):
            begin = answered["all"]
            data = {"image": image["id"], "points": [[click, 3, 1]]}
            connection.send(f"42{click}{json.dumps(['predict', data])}")
            assert connection.recv().startswith("46")
            connection.recv()
            between.append(answered["all"] - begin)
            stop.wait(0.3)
    stop.set()
    for thread in threads:
        thread.join()
    assert set(answered) == {200, "all"}
    assert sorted(between)[4] < 20, between
    assert sound(server)
