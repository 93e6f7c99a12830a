"""Webhooks of a running server: told soon, beside a receiver that never answers, and over the server's death; and the
documentation's way to check them."""

import re
import signal
import sys
import time

import pytest
import requests

from server.client import Client
from tests.web.live.running import ROOT, Server, picture
from tests.web.receiving import receiving

EXAMPLE = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NEAR = ("--outgoing-networks", "127.0.0.0/8")
SECONDS = 20.0


def until(check):
    end = time.monotonic() + SECONDS
    while not check():
        assert time.monotonic() < end, "It never came."
        time.sleep(0.05)


def add(server, project, receiver):
    answer = requests.post(
        f"{server.base}/api/projects/{project.id}/webhooks", json={"url": receiver.url}, timeout=30
    )
    assert answer.status_code == 201, answer.text
    return answer.json()


@pytest.mark.skipif(sys.platform == "win32", reason="a process cannot be killed so there")
def test_who_never_answers_holds_up_nobody_and_a_killed_server_goes_on(tmp_path):
    [code] = EXAMPLE.findall((ROOT / "docs/webhooks.md").read_text("utf-8"))
    documented: dict = {}
    exec(compile(code, "docs/webhooks.md", "exec"), documented)
    is_from_samphire = documented["is_from_samphire"]
    (tmp_path / "a.png").write_bytes(picture(64, 48, seed=91))
    server = Server(tmp_path / "data", *NEAR)
    with receiving() as slow, receiving() as quick, Client(server.base) as client:
        slow.hangs.set()
        project = client.projects.create("Told")
        add(server, project, slow)
        secret = add(server, project, quick)["secret"]
        client.images.upload(project, tmp_path / "a.png")
        until(lambda: slow.got and quick.got)
        began = time.monotonic()
        assert requests.get(f"{server.base}/healthz", timeout=30).status_code == 200
        client.projects.add_label(project, "dog")
        until(lambda: len(quick.events) == 2)
        assert time.monotonic() - began < 8  # less than the slow one is waited for
        assert [event["event"] for event in quick.events] == ["images:added", "labels:changed"]
        headers, body = quick.got[0]
        assert is_from_samphire(secret, headers, body)
        assert not is_from_samphire(secret, headers, body + b" ")
        assert not is_from_samphire("whsec_" + "A" * 43 + "=", headers, body)
        old = headers | {"webhook-timestamp": "1700000000"}
        assert not is_from_samphire(secret, old, body)
        server.process.send_signal(signal.SIGKILL)
        server.process.wait(15)
        slow.hangs.clear()
        slow.over.set()
        server = Server(tmp_path / "data", *NEAR)
        until(lambda: len(slow.got) >= 2)
        assert slow.got[1][0]["webhook-id"] == slow.got[0][0]["webhook-id"]
        kinds = [event["event"] for event in slow.told[-1]["events"]]
        assert kinds == ["images:added", "labels:changed"]
        until(lambda: requests.get(f"{server.base}/healthz", timeout=30).status_code == 200)
    assert server.stop() == 0
    assert not [line for line in server.errors if "Traceback" in line]
    assert not [line for line in server.errors if "whsec_" in line]
