"""What somebody who operates a server sees of it from outside: readiness while it stops, its log, and its metrics."""

import json
import re
import signal
import socket
import sys
import time

import pytest
import requests
from prometheus_client.parser import text_string_to_metric_families

from tests.web.live.running import Server

posix = pytest.mark.skipif(
    sys.platform == "win32", reason="Windows has no signals to send to another process"
)


@posix
def test_a_server_told_to_stop_answers_until_its_load_balancer_has_noticed(tmp_path):
    server = Server(tmp_path, "--drain-s", "3")
    try:
        assert requests.get(f"{server.base}/readyz", timeout=20).status_code == 200
        server.process.send_signal(signal.SIGTERM)
        until = time.monotonic() + 2
        while requests.get(f"{server.base}/readyz", timeout=20).status_code == 200:
            assert time.monotonic() < until
            time.sleep(0.05)
        answer = requests.get(f"{server.base}/api/projects", timeout=20)
        assert (answer.status_code, answer.headers["Connection"]) == (200, "close")
    finally:
        assert server.wait() == 0


def test_all_that_is_logged_is_json(tmp_path):
    server = Server(tmp_path, "--log-format", "json", "--log-level", "debug")
    with socket.create_connection(("127.0.0.1", int(server.base.rpartition(":")[2])), 10) as connection:
        connection.sendall(b"GET /s/hush HTTP/9.9\r\n\r\n")
        connection.recv(1000)
    assert server.stop() == 0
    lines = [json.loads(line) for line in server.errors]
    assert any("Invalid http version" in line["message"] for line in lines)
    assert not any("hush" in line for line in server.errors)


def test_metrics_have_an_address_of_their_own(tmp_path):
    server = Server(tmp_path, "--metrics-address", "127.0.0.1:0")
    until = time.monotonic() + 10
    while not server.errors and time.monotonic() < until:
        time.sleep(0.05)
    address = re.search(r"Metrics are at (\S+)", "".join(server.errors))[1]
    requests.get(f"{server.base}/api/projects", timeout=20)
    time.sleep(1)  # the loop is timed twice a second
    told = requests.get(address, timeout=20)
    assert told.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    found = {family.name: family for family in text_string_to_metric_families(told.text)}
    assert {"samphire_connections", "samphire_socket_sessions", "process_open_fds"} <= set(found)
    assert found["samphire_loop_lag_seconds"].samples
    counts = [each for each in found["samphire_request_seconds"].samples if each.name.endswith("_count")]
    assert ("/api/projects", "200") in [(each.labels["route"], each.labels["status"]) for each in counts]
    assert requests.get(address.replace("/metrics", "/healthz"), timeout=20).text == "ok\n"
    assert requests.get(address.replace("/metrics", "/api/projects"), timeout=20).status_code == 404
    assert requests.get(f"{server.base}/metrics", timeout=20).status_code == 404
    assert server.stop() == 0
