"""The example for nginx and several processes as people use it: over TLS, to any of them, also when one ends."""

import shutil
import signal
import subprocess
import threading
from pathlib import Path

import pytest
import requests
import socketio

from tests.machines.conftest import until
from tests.machines.pages import annotate, told
from tests.network import free_port, make_certificate
from tests.web.live.running import picture
from tests.web.live.test_people import Page

EXAMPLE = Path(__file__).parents[2] / "docs/proxies/nginx-several.conf"


@pytest.fixture
def front(several, tmp_path):
    """Two processes behind nginx; their address, and the two."""
    for program, package in (("nginx", "nginx-light"), ("openssl", "openssl")):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed: apt-get install {package}")
    words = ["--base-path", "/samphire", "--trusted-proxies", "127.0.0.1", "--allowed-hosts", "localhost"]
    servers = [several.start(*words) for _ in range(2)]
    (certificate, key), port = make_certificate(tmp_path), free_port()
    text = EXAMPLE.read_text()
    for old, new in {
        "listen 9443": f"listen 127.0.0.1:{port}",
        "127.0.0.1:8765 ": f"{servers[0].base.split('/')[2]} ",
        "127.0.0.1:8766 ": f"{servers[1].base.split('/')[2]} ",
        "/etc/ssl/certs/photos.example.pem": str(certificate),
        "/etc/ssl/private/photos.example.key": str(key),
    }.items():
        assert old in text
        text = text.replace(old, new)
    names = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    places = "".join(f"{name}_temp_path {tmp_path}/{name};" for name in names)
    whole = tmp_path / "nginx.conf"
    main = f"daemon off; pid {tmp_path}/pid; error_log {tmp_path}/error.log; events {{}}"
    whole.write_text(f"{main} http {{ access_log off; {places} {text} }}")
    nginx = subprocess.Popen(["nginx", "-p", tmp_path, "-c", whole], stderr=subprocess.PIPE)
    base = f"https://localhost:{port}/samphire"

    def answers() -> bool:
        assert nginx.poll() is None, nginx.stderr.read() if nginx.stderr else ""
        try:
            return requests.get(f"{base}/healthz", verify=certificate, timeout=5).ok
        except requests.ConnectionError:
            return False

    until(answers)
    yield base, certificate, servers
    nginx.terminate()
    nginx.wait(15)


class Front:
    """As `pages` has servers, whose certificate is trusted."""

    def __init__(self, base: str) -> None:
        self.base = base


def test_requests_go_to_any_of_two_and_on_when_one_is_killed(several, front, monkeypatch):
    base, certificate, servers = front
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    image = requests.post(
        f"{base}/api/images",
        files={"file": ("a.png", picture(90, 60, 30))},
        headers=several.headers("Ann"),
        timeout=30,
    ).json()
    pages = [SecurePage(base, several.tokens[name]) for name in ("Ann", "Ben", "Ann", "Ben")]
    for page in pages:
        assert page.call("watch", {"image": image["id"]})["ok"]
    for number in range(4):
        annotate(several, Front(base), image, number)
    for page in pages:
        until(lambda page=page: len(told(page)) == 4)
    servers[0].process.send_signal(signal.SIGKILL)
    servers[0].process.wait()
    for number in range(4, 8):
        annotate(several, Front(base), image, number)
    until(lambda: 0 < sum(page.socket.connected for page in pages) < 4)
    left = [page for page in pages if page.socket.connected]
    for page in left:
        until(lambda page=page: len(told(page)) == 8)
    again = SecurePage(base, several.tokens["Ann"])
    assert again.call("watch", {"image": image["id"]})["ok"]
    for page in (*left, again):
        page.close()


class SecurePage(Page):
    """Over TLS, below a path."""

    def __init__(self, base: str, token: str) -> None:
        self.heard, self._news = [], threading.Condition()
        self.socket = socketio.Client(reconnection=False, ssl_verify=False)
        self.socket.on("*", self._hear)
        origin, _, path = base.rpartition("/")
        self.socket.connect(
            origin,
            transports=["websocket"],
            socketio_path=f"{path}/socket.io",
            headers={"Authorization": f"Bearer {token}"},
            wait_timeout=20,
        )
