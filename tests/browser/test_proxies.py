"""The examples for nginx and Caddy as people use them: TLS, a path, another port, WebSockets; and frames."""

import json
import shutil
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from tests.browser.annotating import Annotating
from tests.browser.native import Native
from tests.browser.pictures import still_life
from tests.network import free_port, make_certificate
from tests.serving import Quiet, serving
from tests.web.live.running import Server

EXAMPLES = Path(__file__).parents[2] / "docs/proxies"
PASSWORD = "correct horse battery"
SOCKETS = "() => performance.getEntriesByType('resource').map(({ name }) => name)"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory) -> tuple[Path, Path]:
    return make_certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture(scope="module")
def proxied(tmp_path_factory):
    """A server as the examples start it."""
    words = [
        "--base-path",
        "/samphire",
        "--trusted-proxies",
        "127.0.0.1",
        "--allowed-hosts",
        "photos.example",
    ]
    data = tmp_path_factory.mktemp("proxied")
    command = [sys.executable, "-m", "server.cli.main", "user", "add", "Ann", "--data", str(data)]
    subprocess.run(command, input=PASSWORD, text=True, check=True, capture_output=True, timeout=60)
    server = Server(data, *words)
    server.machine = {"Authorization": f"Bearer {(data / 'server.secret').read_text().strip()}"}
    assert server.base.endswith("/samphire"), "".join(server.errors)
    yield server
    assert server.stop() == 0
    assert not [line for line in server.errors if "Traceback" in line], "".join(server.errors)


@contextmanager
def running(words: list, port: int, log: Path):
    with log.open("wb") as out:
        process = subprocess.Popen([str(word) for word in words], stdout=out, stderr=out)
    try:
        end = time.monotonic() + 30
        while process.poll() is None and time.monotonic() < end:
            with socket.socket() as trying:
                if trying.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        assert process.poll() is None, log.read_text()
        yield
    finally:
        process.terminate()
        process.wait(15)


def nginx(folder: Path, upstream: int, port: int, certificate: tuple[Path, Path], changes: dict[str, str]):
    """The example itself, in a server of its own."""
    if shutil.which("nginx") is None:
        pytest.skip("nginx is not installed: apt-get install nginx-light")
    text = (EXAMPLES / "nginx.conf").read_text()
    changes = {
        "listen 9443": f"listen 127.0.0.1:{port}",
        "http://127.0.0.1:8765": f"http://127.0.0.1:{upstream}",
        "/etc/ssl/certs/photos.example.pem": str(certificate[0]),
        "/etc/ssl/private/photos.example.key": str(certificate[1]),
        **changes,
    }
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    places = "".join(
        f"{name}_temp_path {folder}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    whole = folder / "nginx.conf"
    main = f"daemon off; pid {folder}/pid; error_log {folder}/error.log; events {{}}"
    whole.write_text(f"{main} http {{ access_log off; {places} {text} }}")
    return running(["nginx", "-p", folder, "-c", whole], port, folder / "out.log")


def caddy(folder: Path, upstream: int, port: int, certificate: tuple[Path, Path]):
    if shutil.which("caddy") is None:
        pytest.skip("Caddy is not installed: apt-get install caddy")
    text = (EXAMPLES / "Caddyfile").read_text()
    assert "photos.example {" in text
    text = text.replace(
        "photos.example {", f"https://localhost:{port} {{\ntls {certificate[0]} {certificate[1]}\n"
    )
    text = text.replace("127.0.0.1:8765", f"127.0.0.1:{upstream}")
    whole = folder / "Caddyfile"
    whole.write_text("{\nadmin off\nauto_https off\n}\n" + text)
    return running(["caddy", "run", "--config", whole, "--adapter", "caddyfile"], port, folder / "out.log")


def used(new_page, base: str, machine: dict[str, str]) -> None:
    """Somebody signs in, segments something, and it is saved."""
    page = new_page(ignore_https_errors=True)
    sockets: list[str] = []
    page.on("websocket", lambda opened: sockets.append(opened.url))
    page.goto(f"{base}/api/docs")
    signed = page.evaluate(
        """([url, body]) => fetch(url, { method: "POST", body, headers: { "Content-Type": "application/json" } })
        .then(({ status }) => status)""",
        [f"{base}/api/account/sign-in", json.dumps({"name": "Ann", "password": PASSWORD})],
    )
    assert signed == 200
    [cookie] = page.context.cookies()
    assert cookie["name"] == f"__Secure-samphire-{base.split(':')[2].split('/')[0]}"
    assert (cookie["path"], cookie["httpOnly"], cookie["secure"]) == ("/samphire/", True, True)
    page.goto(f"{base}/")
    assert page.url == f"{base}/"
    assert page.evaluate("crossOriginIsolated")
    page.get_by_role("button", name="sample").click()
    page.wait_for_url(f"{base}/projects/default/images/*")
    annotate = Annotating(page, base).arrived()
    annotate.ask("samphire.predict({ points: [[300, 300, 1]] })")
    kept = annotate.ask("samphire.accept(0)")
    annotate.until("() => samphire.status().saving?.state !== 'saving'")
    listed = f"{base}/api/images/{annotate.image['id']}/annotations"
    end = time.monotonic() + 30
    while kept["id"] not in requests.get(listed, headers=machine, verify=False, timeout=30).text:
        assert time.monotonic() < end, kept
        time.sleep(0.1)
    assert any(each.startswith(base.replace("https:", "wss:") + "/socket.io/") for each in sockets), sockets
    page.reload()
    annotate.arrived()
    assert kept["id"] in [each["id"] for each in annotate.ask("samphire.annotations()")]
    page.goto(f"{base}/")
    page.locator(".project-card img").first.wait_for()
    assert page.locator("img").evaluate_all("(all) => all.every((one) => one.complete)")
    page.close()  # before the proxy is: what it still asks for would be refused


@pytest.mark.filterwarnings("ignore:Unverified HTTPS request")
def test_nginx(new_page, proxied, certificate, tmp_path):
    port = free_port()
    with nginx(tmp_path, int(proxied.base.split(":")[2].split("/")[0]), port, certificate, {}):
        used(new_page, f"https://localhost:{port}/samphire", proxied.machine)
        there = requests.get(
            f"https://localhost:{port}/samphire", verify=False, allow_redirects=False, timeout=30
        )
        assert there.headers["Location"] == "/samphire/"


@pytest.mark.filterwarnings("ignore:Unverified HTTPS request")
def test_nginx_that_drops_the_port_is_told_of_and_can_be_allowed(certificate, tmp_path):
    """`proxy_set_header Host $host`, as many examples on the web have it."""
    for allowed, status in ((None, 403), ("localhost:{port}", 201)):
        port = free_port()
        words = ["--base-path", "/samphire", "--trusted-proxies", "127.0.0.1"]
        words += ["--allowed-hosts", allowed.format(port=port)] if allowed else []
        server = Server(tmp_path / f"{status}", *words)
        try:
            folder = tmp_path / f"nginx-{status}"
            folder.mkdir()
            upstream = int(server.base.split(":")[2].split("/")[0])
            secret = (tmp_path / f"{status}" / "server.secret").read_text().strip()
            with nginx(folder, upstream, port, certificate, {"$http_host;": "$host;"}):
                answer = requests.post(
                    f"https://localhost:{port}/samphire/api/projects", json={"name": "x"}, verify=False, timeout=30,
                    headers={"Authorization": f"Bearer {secret}", "Origin": f"https://localhost:{port}"},
                )  # fmt: skip
                assert answer.status_code == status, answer.text
                if status == 403:
                    assert f"--allowed-hosts localhost:{port}" in answer.json()["error"]["hint"]
        finally:
            server.stop()


@pytest.mark.filterwarnings("ignore:Unverified HTTPS request")
def test_caddy(new_page, proxied, certificate, tmp_path):
    port = free_port()
    with caddy(tmp_path, int(proxied.base.split(":")[2].split("/")[0]), port, certificate):
        used(new_page, f"https://localhost:{port}/samphire", proxied.machine)


def test_a_frame_in_somebody_elses_page_segments(new_page, tmp_path):
    """As a notebook shows it; a page that is not named sees nothing."""

    framed = ""

    class Page(Quiet):
        def do_GET(self) -> None:
            page = f'<iframe src="{framed}" width="1000" height="700"></iframe>'
            self.reply(200, page.encode(), {"Content-Type": "text/html"})

    with serving(Page) as origin:
        server = Server(tmp_path / "data", "--frame-ancestors", origin)
        try:
            native = Native.upload(server.base, still_life(90))
            framed = f"{server.base}/images/{native.image['id']}"
            page = new_page()
            page.goto(origin)
            frame = page.frames[-1]
            end = time.monotonic() + 60
            while not frame.evaluate("window.samphire?.status().work.phase === 'ready'"):
                assert time.monotonic() < end
                page.wait_for_timeout(100)
            assert frame.evaluate("crossOriginIsolated") is False
            x, y = still_life(90).objects[0].centre
            found = frame.evaluate("([x, y]) => samphire.predict({ points: [[x, y, 1]] })", [x, y])
            assert found["candidates"]
            new_page.problems.allow("frame-ancestors|ERR_BLOCKED_BY_RESPONSE")
            page.goto(origin.replace("127.0.0.1", "localhost"))
            page.wait_for_timeout(500)
            assert not page.frames[-1].url.startswith(server.base)
        finally:
            assert server.stop() == 0
