"""Decoding on the server: answers a second at 1 and 32 clients, over HTTP with full-size masks and over the socket."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from http.client import HTTPConnection
from typing import Any

from .. import pictures
from ..live import LiveConnection
from ..rows import Row, missing, spread
from ..workbench import Workbench

_MANY = 32
_MOST_REQUESTS = 3000  # of one measurement
_JSON = {"Content-Type": "application/json"}
Point = tuple[float, float]
Ask = Callable[[Point], bool]  # one prompt; whether it was answered with masks


@dataclass
class _Load:
    """What a number of clients came to."""

    seconds: float = 0.0
    latencies_ms: list[float] = field(default_factory=list)
    failures: int = 0


def measure(bench: Workbench) -> Iterator[Row]:
    image = bench.image(pictures.SMALL)
    seconds = bench.times(8, 1)
    address = bench.server.host, bench.server.port
    ways = (("http", "HTTP", over_http), ("socket", "socket", over_socket))
    for way, said, connect in ways:
        for clients, same in ((1, False), (_MANY, False), (_MANY, True)):
            if same and way == "socket":
                continue  # each socket's prompts are its own: nothing is shared there
            plural = "s" if clients > 1 else ""
            what = f"{said}, {clients} client{plural}" + (" with equal prompts" if same else "")
            bench.say(f"server: {what}")
            load = _run(clients, seconds, image, same, partial(connect, *address, image))
            yield from _rows(f"server.{way}.{clients}{'.equal' if same else ''}", what, load)


def _rows(name: str, what: str, load: _Load) -> Iterator[Row]:
    failed = f"; {load.failures} requests failed" if load.failures else ""
    if not load.latencies_ms:
        yield missing(name, f"Masks a second, {what}", f"No request was answered{failed}.")
        return
    count = len(load.latencies_ms)
    note = f"{count} answers in {load.seconds:.1f} s{failed}; the clients ran on the same machine"
    yield Row(f"{name}.rate", f"Masks a second, {what}", count / load.seconds, "/s", note=note)
    yield spread(f"{name}.latency", f"Time to answer, {what}", load.latencies_ms, "ms")


def _run(
    clients: int,
    seconds: float,
    image: dict[str, Any],
    same: bool,
    connect: Callable[[], tuple[Ask, Callable]],
) -> _Load:
    """Clients that ask one prompt after the other, all begun at once; `same`: all clients ask equal prompts."""
    load, lock = _Load(), threading.Lock()
    begin = threading.Barrier(clients + 1)
    left = threading.Semaphore(_MOST_REQUESTS)
    deadline = [0.0]

    def client(number: int) -> None:
        try:
            ask, close = connect()
            ask(point_of(image, 0, 10_000 + number))  # connected and warm before it counts
        except Exception:
            begin.abort()
            raise
        begin.wait()
        asked = 0
        while time.perf_counter() < deadline[0] and left.acquire(blocking=False):
            point = point_of(image, asked, 0 if same else number)
            start = time.perf_counter()
            answered = _answered(ask, point)
            elapsed = 1000 * (time.perf_counter() - start)
            asked += 1
            with lock:
                if answered:
                    load.latencies_ms.append(elapsed)
                else:
                    load.failures += 1
        close()

    threads = [threading.Thread(target=client, args=(number,), daemon=True) for number in range(clients)]
    for thread in threads:
        thread.start()
    deadline[0] = time.perf_counter() + 3600
    begin.wait()
    start = time.perf_counter()
    deadline[0] = start + seconds
    for thread in threads:
        thread.join()
    load.seconds = time.perf_counter() - start
    return load


def _answered(ask: Ask, point: Point) -> bool:
    try:
        return ask(point)
    except Exception:  # whatever failed counts as one failure
        return False


def point_of(image: dict[str, Any], asked: int, number: int) -> Point:
    """A place no other client asks for: answers to equal prompts are shared."""
    step = asked * 64.0 + number
    across, down = (0.618034 * (step + 1)) % 1, (0.754878 * (step + 1)) % 1
    return image["width"] * (0.05 + 0.9 * across), image["height"] * (0.05 + 0.9 * down)


def over_http(host: str, port: int, image: dict[str, Any]) -> tuple[Ask, Callable[[], None]]:
    """Connect to the server: how to ask, and how to leave."""
    connection = HTTPConnection(host, port, timeout=60)
    path = f"/api/images/{image['id']}/predict"

    def ask(point: Point) -> bool:
        connection.request("POST", path, json.dumps({"points": [[*point, 1]]}), _JSON)
        answer = connection.getresponse()
        answer.read()
        return answer.status == 200

    return ask, connection.close


def over_socket(host: str, port: int, image: dict[str, Any]) -> tuple[Ask, Callable[[], None]]:
    """The same over the socket."""
    connection = LiveConnection(host, port)

    def ask(point: Point) -> bool:
        data = {"image": image["id"], "points": [[*point, 1]], "box": None, "mask_input": None, "seq": 0}
        return connection.ask("predict", data)["ok"]

    return ask, connection.close
