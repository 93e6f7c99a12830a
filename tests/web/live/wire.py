"""Clients of the socket that send whatever they are told to."""

import contextlib
import json
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
import websocket

from tests.web.live.running import Server

POLLING = "/socket.io/?EIO=4&transport=polling"


@contextlib.contextmanager
def connected(server: Server) -> Iterator[websocket.WebSocket]:
    """A WebSocket whose Socket.IO session is open."""
    url = server.base.replace("http", "ws") + "/socket.io/?EIO=4&transport=websocket"
    connection = websocket.create_connection(url, timeout=20)
    try:
        connection.recv()
        connection.send("40")
        connection.recv()
        yield connection
    finally:
        connection.close()


def polling(server: Server) -> str:
    """The address of a new session of a client that polls."""
    answer = requests.get(server.base + POLLING, timeout=20)
    return f"{server.base}{POLLING}&sid={json.loads(answer.text[1:])['sid']}"


def raw(server: Server, data: str, path: str = POLLING) -> socket.socket:
    """A connection on which `data` was sent, `path` and the host's name filled in."""
    address = urlsplit(server.base)
    connection = socket.create_connection((address.hostname, address.port), timeout=20)
    connection.sendall(data.format(path=path, host=address.netloc).encode())
    return connection


def frame(opcode: int, data: bytes) -> bytes:
    """One of a WebSocket, as a client sends it; masked with zeros, so as it is."""
    assert len(data) < 126
    return bytes([0x80 | opcode, 0x80 | len(data)]) + b"\0\0\0\0" + data


def descriptors(server: Server) -> int:
    """How many files and sockets the server has open."""
    folder = Path(f"/proc/{server.process.pid}/fd")
    if not folder.is_dir():
        pytest.skip("only Linux tells of another process's files")
    return len(list(folder.iterdir()))


def sound(server: Server) -> bool:
    """It answers, and has nothing to complain of."""
    healthy = requests.get(f"{server.base}/healthz", timeout=20).status_code == 200
    return healthy and not [line for line in server.errors if "Traceback" in line or "Error" in line]
