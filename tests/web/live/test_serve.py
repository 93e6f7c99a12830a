"""The server as a process: starts, answers while it encodes, refuses strangers, stops, guards its folder."""

import re
import signal
import socket
import subprocess
import sys
import time

import pytest
import requests
import websocket

from tests.web.live.running import ROOT, Server, picture, upload

posix = pytest.mark.skipif(
    sys.platform == "win32", reason="Windows has no signals to send to another process"
)


def status(server, **headers):
    return requests.get(f"{server.base}/api/status", headers=headers, timeout=20)


@posix
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_stops_cleanly_and_frees_its_folder(tmp_path, how):
    for _ in range(2):
        server = Server(tmp_path)
        assert status(server).json()["ok"] is True
        start = time.monotonic()
        assert server.stop(how) == 0
        assert time.monotonic() - start < 5
        assert server.errors == []


@posix
def test_stops_while_clients_are_connected_and_an_image_is_encoded(tmp_path):
    server = Server(tmp_path)
    uploaded = upload(server, picture(640, 480))
    socket_url = server.base.replace("http", "ws") + "/socket.io/?EIO=4&transport=websocket"
    connection = websocket.create_connection(socket_url, timeout=20)
    requests.post(f"{server.base}/api/images/{uploaded['id']}/embedding", timeout=30)
    assert server.stop() == 0
    assert "Traceback" not in "".join(server.errors)
    connection.close()
    server = Server(tmp_path)
    state = requests.get(f"{server.base}/api/images/{uploaded['id']}", timeout=30).json()["embedding"][
        "state"
    ]
    assert state in ("none", "ready")
    assert server.stop() == 0


def test_a_port_in_use_is_told_in_one_sentence(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        server = Server(tmp_path, "--port", str(port))
        assert server.wait() == 2
    assert server.errors[0].startswith(f"samphire: Port {port} of 127.0.0.1 is in use.")
    assert len(server.errors) == 1


def test_one_data_folder_is_for_one_server_until_it_is_gone(tmp_path):
    first = Server(tmp_path)
    second = Server(tmp_path)
    assert second.wait() == 2
    assert f"Another Samphire (process {first.process.pid}) is using the data folder" in second.errors[0]
    assert len(second.errors) == 1
    first.process.kill()
    first.wait()
    third = Server(tmp_path)
    assert third.stop() == 0 or sys.platform == "win32"


def test_answers_while_it_encodes(server):
    fresh = upload(server, picture(800, 600, seed=int(time.time())))
    url = f"{server.base}/api/images/{fresh['id']}/embedding"
    assert requests.post(url, timeout=30).status_code == 202
    answered = 0
    while (
        requests.get(f"{server.base}/api/images/{fresh['id']}", timeout=20).json()["embedding"]["state"]
        != "ready"
    ):
        assert status(server).status_code == 200
        answered += 1
    assert answered >= 1


def test_foreign_hosts_and_origins_are_refused(server):
    assert status(server).status_code == 200
    assert status(server, Origin=server.base).status_code == 200
    for headers in ({"Host": "evil.example"}, {"Origin": "http://evil.example"}):
        answer = status(server, **headers)
        assert answer.status_code == 403
        assert answer.json()["error"]["code"] == "forbidden"


def test_on_another_address_people_sign_in(tmp_path):
    server = Server(tmp_path, "--host", "0.0.0.0")
    port = server.base.rsplit(":", 1)[1]
    server.base = f"http://127.0.0.1:{port}"
    assert server.process.stdout.readline().startswith("From other machines: http://")
    link = re.search(r"(http://\S+)/join#(\S+)", server.process.stdout.readline())
    assert link[1] == server.base
    assert status(server).status_code == 401
    with pytest.raises(websocket.WebSocketBadStatusException, match="401"):
        websocket.create_connection(f"ws://127.0.0.1:{port}/socket.io/?EIO=4&transport=websocket", timeout=20)
    visit = requests.Session()
    followed = {"secret": link[2], "name": "Ann", "password": "correct horse battery"}
    assert visit.post(f"{server.base}/api/invitations/accept", json=followed, timeout=30).status_code == 200
    assert visit.get(f"{server.base}/api/status", timeout=30).status_code == 200
    cookie = "; ".join(f"{name}={value}" for name, value in visit.cookies.items())
    address = f"ws://127.0.0.1:{port}/socket.io/?EIO=4&transport=websocket"
    websocket.create_connection(address, cookie=cookie, timeout=20).close()
    again = requests.post(f"{server.base}/api/invitations/accept", json=followed, timeout=30)
    assert again.json()["error"]["code"] == "invitation_not_found"
    assert server.stop() == 0
    assert link[2] not in "".join(server.errors)


def test_a_team_s_server_prints_its_first_link_until_somebody_follows_it(tmp_path):
    """Each start makes the one before useless."""
    links = []
    for _ in range(2):
        server = Server(tmp_path, "--team")
        links.append(server.process.stdout.readline().split("#")[1].strip())
        opened = [
            requests.post(
                f"{server.base}/api/invitations/open", json={"secret": link}, timeout=30
            ).status_code
            for link in links
        ]
        if len(links) == 1:
            server.stop()
    assert opened == [404, 200]
    followed = {"secret": links[1], "name": "Ann", "password": "correct horse battery"}
    assert requests.post(f"{server.base}/api/invitations/accept", json=followed, timeout=30).ok
    server.stop()
    with_an_owner = Server(tmp_path, "--team")
    with_an_owner.process.terminate()
    assert with_an_owner.process.stdout.read() == ""
    with_an_owner.wait()


def test_what_is_no_request_makes_no_noise(server):
    port = int(server.base.rsplit(":", 1)[1])
    upgrade = (
        "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
    )
    for sent in (
        f"{upgrade}\r\n",
        f"{upgrade}Connection: Upgrade\r\n\r\n",
        f"{upgrade}Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n\r\n",
        "POST /api/images HTTP/1.1\r\nHost: localhost\r\nContent-Length: -5\r\n\r\n",
        "\x16\x03\x01\r\n\r\n",
    ):
        with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
            connection.sendall(sent.encode("latin-1"))
            assert connection.recv(100).split(b" ")[1] == b"400", sent
    assert status(server).status_code == 200
    assert server.errors == []


def test_a_silent_connection_is_closed(tmp_path):
    code = (
        "import sys\n"
        "from server.cli import serve; from server.config import Settings; from server.web import http_server\n"
        "http_server._SILENCE_SECONDS = 0.5\n"
        "sys.exit(serve.serve(Settings(port=0, open_browser=False, data=sys.argv[1])))"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    port = int(process.stdout.readline().rstrip("/\n").rsplit(":", 1)[1])  # type: ignore[union-attr]
    body = (
        "POST /api/images HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\nContent-Type: {}\r\n\r\n--x"
    )
    for sent in ("", "GET / HT", body.format("text/plain"), body.format("multipart/form-data; boundary=x")):
        with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
            connection.sendall(sent.encode())
            while connection.recv(4096):
                pass
    process.terminate()
    assert process.wait(15) == 0 or sys.platform == "win32"
    process.stdout.close()  # type: ignore[union-attr]


def test_help_loads_nothing_heavy():
    code = (
        "import sys; from server.cli.main import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "print([m for m in ('onnxruntime', 'numpy', 'flask', 'gevent', 'PIL') if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.splitlines()[-1] == "[]"
    for word in ("serve", "doctor", "export", "encode", "bench", "--data"):
        assert word in out


def test_an_unknown_command_or_setting_is_one_sentence():
    for words in (["fly"], ["--port", "many"], ["doctor", "--port", "99999"]):
        done = subprocess.run(
            [sys.executable, "-m", "server.cli.main", *words], capture_output=True, text=True, check=False
        )
        assert done.returncode == 2
        assert done.stderr.startswith("samphire: ")
        assert len(done.stderr.splitlines()) == 1
