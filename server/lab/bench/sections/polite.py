"""How long one who clicks now and then waits for the server's masks: alone, and beside programs that never pause."""

import multiprocessing
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.synchronize import Event
from typing import Any

from .. import pictures
from ..figures import median
from ..rows import Row, Target, missing, spread
from ..workbench import Workbench
from .load import over_http, over_socket, point_of

_FLOODS = (
    ("http", 60, "60 HTTP requests at once", over_http),
    ("sockets", 200, "200 sockets that never pause", over_socket),
)
_PAUSE_SECONDS = 0.1
_START_SECONDS = 60
_MOST = Target("<", 3)  # times as long as alone


def measure(bench: Workbench) -> Iterator[Row]:
    image = bench.image(pictures.SMALL)
    bench.say("polite: alone")
    alone = _clicks(bench, image)
    yield spread("polite.alone", "Time to answer a click over the socket, alone", alone, "ms")
    for name, clients, said, connect in _FLOODS:
        bench.say(f"polite: beside {said}")
        with _flooded(bench, image, connect, clients) as connected:
            beside = _clicks(bench, image) if connected else []
        title = f"Time to answer a click over the socket, beside {said}"
        if not beside:
            yield missing(f"polite.{name}", title, "The flood's clients did not connect.")
            continue
        yield spread(f"polite.{name}", title, beside, "ms", note="the flood ran on the same machine")
        ratio = median(beside) / median(alone)
        yield Row(f"polite.{name}.ratio", f"Waiting beside {said}, to alone", ratio, "x", target=_MOST)


def _clicks(bench: Workbench, image: dict[str, Any]) -> list[float]:
    """Milliseconds until each of a person's clicks is answered."""
    ask, close = over_socket(bench.server.host, bench.server.port, image)
    waits = []
    for number in range(bench.times(40, 5)):
        time.sleep(_PAUSE_SECONDS)
        start = time.perf_counter()
        ask(point_of(image, number, 20_000))
        waits.append(1000 * (time.perf_counter() - start))
    close()
    return waits


@contextmanager
def _flooded(bench: Workbench, image: dict[str, Any], connect: Any, clients: int) -> Iterator[bool]:
    """Clients in a process of their own that ask as fast as they are answered; whether all could connect."""
    context = multiprocessing.get_context("spawn")
    begun, stop = context.Event(), context.Event()
    flood = (connect, bench.server.host, bench.server.port, image, clients, begun, stop)
    process = context.Process(target=_flood, args=flood, daemon=True)
    process.start()
    try:
        yield begun.wait(_START_SECONDS)
    finally:
        stop.set()
        process.terminate()
        process.join()


def _flood(
    connect: Any, host: str, port: int, image: dict[str, Any], clients: int, begun: Event, stop: Event
) -> None:
    connected = threading.Barrier(clients + 1)

    def client(number: int) -> None:
        ask, _ = connect(host, port, image)
        connected.wait()
        asked = 0
        while not stop.is_set():
            ask(point_of(image, asked, number))
            asked += 1

    for number in range(clients):
        threading.Thread(target=client, args=(number,), daemon=True).start()
    connected.wait()
    time.sleep(1)
    begun.set()
    stop.wait()
