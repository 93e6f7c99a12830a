"""Files made to keep the server busy: refused, given up when their sender leaves, and nobody else waits for them."""

import io
import socket
import time
from urllib.parse import urlsplit

import psutil
import requests
from PIL import Image

from tests.web.live.running import Server


def picture(kind, size, color, **options):
    out = io.BytesIO()
    Image.new("RGB", size, color).save(out, kind, **options)
    return out.getvalue()


def send(server, data, timeout=300):
    return requests.post(server.base + "/api/images", files={"file": ("x", data)}, timeout=timeout)


def stored(server):
    return requests.get(server.base + "/api/images", timeout=60).json()["total"]


def readers(server):
    return [child for child in psutil.Process(server.process.pid).children() if is_reader(child)]


def is_reader(process):
    try:
        return "server.features.pictures.worker" in process.cmdline()
    except psutil.NoSuchProcess:  # a zombie is one, too
        return False


def test_a_scan_bomb_is_refused_and_slow_pictures_stop_nobody(tmp_path):
    server = Server(tmp_path / "data")
    try:
        progressive = picture("JPEG", (8000, 8000), "teal", progressive=True)
        scan = progressive[progressive.rfind(b"\xff\xda") : -2]
        refused = send(server, progressive[:-2] + scan * 6500 + b"\xff\xd9")
        assert (refused.status_code, refused.json()["error"]["code"]) == (413, "too_large")

        slow = progressive[:-2] + scan * 89 + b"\xff\xd9"  # seconds each
        sessions = [give_and_leave_open(server, slow + bytes([number])) for number in range(6)]
        until(lambda: len(readers(server)) >= 2)
        assert send(server, picture("PNG", (20, 10), "red")).status_code == 201

        for session in sessions:
            session.close()
        until(lambda: not any(is_busy(reader) for reader in readers(server)))

        known = stored(server)
        session = give_and_leave_open(server, slow + bytes([99]))
        until(lambda: any(is_busy(reader) for reader in readers(server)))
        session.close()
        until(lambda: not any(is_busy(reader) for reader in readers(server)))
        assert stored(server) == known
        until(lambda: not list((tmp_path / "data" / "blobs" / "incoming").iterdir()))
        left = readers(server)
    finally:
        assert server.stop() == 0
    assert not any(reader.is_running() for reader in left)
    assert server.errors == []


def is_busy(process):
    try:
        before = sum(process.cpu_times()[:2])
        time.sleep(0.3)
        return sum(process.cpu_times()[:2]) > before
    except psutil.NoSuchProcess:
        return False


def until(condition):
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


def give_and_leave_open(server, data):
    """A connection on which a whole upload was sent, and the answer is awaited."""
    where = urlsplit(server.base)
    body = (
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="x"\r\n\r\n' + data + b"\r\n--x--\r\n"
    )
    head = (
        f"POST /api/images HTTP/1.1\r\nHost: {where.netloc}\r\nContent-Length: {len(body)}\r\n"
        "Content-Type: multipart/form-data; boundary=x\r\n\r\n"
    )
    connection = socket.create_connection((where.hostname, where.port))
    connection.sendall(head.encode() + body)
    return connection
