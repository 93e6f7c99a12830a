"""How soon others see where somebody points, with 200 people on 20 images, and what that costs; and beside a flood."""

import json
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from .. import pictures
from ..crowd import Member, age_ms, run
from ..people import make_people
from ..rows import Row, Target, missing, spread
from ..serving import SamphireServer
from ..workbench import Workbench

_ROOMS, _PEOPLE = 20, 10  # images, and people on each
_RATE = 12.5  # places of a pointer that a page tells in a second
_SOON = Target("<", 100)  # ms, of 95 in 100
_LEAN = Target("<", 3000)  # B/s of one person
_CALM_RATE = 5.0


def measure(bench: Workbench) -> Iterator[Row]:
    count = _ROOMS * _PEOPLE
    bench.say(f"live: {count} accounts")
    data = bench.folder / "live"
    tokens = make_people(data, [f"Person {number}" for number in range(count)])
    server = SamphireServer(data, bench.settings, "--team")
    try:
        yield from _measure(bench, server, tokens)
    finally:
        server.stop()


def _measure(bench: Workbench, server: SamphireServer, tokens: list[str]) -> Iterator[Row]:
    images = [_image(server, tokens[0], number) for number in range(_ROOMS)]
    before = _memory(server.pid)
    waits: list[float] = []
    members = [_enter(server, token, images[i % _ROOMS], waits) for i, token in enumerate(tokens)]
    bench.say("live: all of them move")
    run(members, members, _RATE, 2)  # they come in
    waits.clear()
    taken, sent = sum(each.taken_bytes for each in members), sum(each.sent_bytes for each in members)
    busy, start = _cpu_seconds(server.pid), time.monotonic()
    run(members, members, _RATE, bench.times(20, 3))
    seconds = time.monotonic() - start
    note = f"{len(members)} people on {_ROOMS} images, each moving {_RATE} times a second"
    yield spread("live.cursor", "From a move to somebody else's page", waits, "ms", note=note)
    p95 = sorted(waits)[int(0.95 * (len(waits) - 1))]
    yield Row("live.cursor.p95", "From a move to somebody else's page, 95 in 100", p95, "ms", target=_SOON)
    rate = seconds * len(members)
    came = (sum(each.taken_bytes for each in members) - taken) / rate
    went = (sum(each.sent_bytes for each in members) - sent) / rate
    yield Row("live.bytes", "Traffic of one person, both ways", came + went, "B/s", target=_LEAN,
              note=f"{came:.0f} B/s to the page, {went:.0f} B/s from it, frames of the WebSocket included")  # fmt: skip
    busy_after, memory = _cpu_seconds(server.pid), _memory(server.pid)
    if busy is None or busy_after is None or memory is None or before is None:
        yield missing(
            "live.cpu", "Processor and memory of the server", "They are read from Linux's /proc only."
        )
    else:
        yield Row("live.cpu", "Share of one core that the server took", (busy_after - busy) / seconds, "")
        yield Row(
            "live.memory", "Memory of the server for each person", (memory - before) / len(members), "B"
        )
    yield from _polite(bench, server, tokens, members, waits)
    for each in members:
        each.socket.close()


def _polite(
    bench: Workbench, server: SamphireServer, tokens: list[str], members: list[Member], waits: list[float]
) -> Iterator[Row]:
    """Of one image: nine people who move now and then, beside a tenth who sends as fast as the wire takes it."""
    room = members[::_ROOMS]
    run(members, room[1:], _CALM_RATE, 2)  # what was on its way
    waits.clear()
    run(room, room[1:], _CALM_RATE, bench.times(10, 2))
    yield spread("live.calm", "From a move to somebody else's page, one image", waits, "ms")
    stop = threading.Event()
    flooder = room[0]

    def flood() -> None:
        with suppress(OSError):  # it is closed below, or by the server
            while not stop.is_set():
                flooder.say("point", {"at": [-1, -1]})

    thread = threading.Thread(target=flood, daemon=True)
    waits.clear()
    bench.say("live: one of them floods")
    thread.start()
    run(room[1:], room[1:], _CALM_RATE, bench.times(10, 2))
    stop.set()
    flooder.socket.close()
    thread.join(5)
    title = "From a move to somebody else's page, beside one who floods"
    yield spread("live.polite", title, waits, "ms", note="the flood ran on the same machine")
    p95 = sorted(waits)[int(0.95 * (len(waits) - 1))]
    yield Row("live.polite.p95", f"{title}, 95 in 100", p95, "ms", target=_SOON)


def _image(server: SamphireServer, token: str, number: int) -> str:
    """Id of a small one of its own."""
    size = (200 + number, 150)
    path, headers = "/api/images", {"Authorization": f"Bearer {token}", "Content-Type": "image/jpeg"}
    boundary = "bench"
    body = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{number}.jpg"\r\n\r\n'.encode()
        + pictures.drawn_jpeg(size)
        + f"\r\n--{boundary}--\r\n".encode()
    )
    headers["Content-Type"] = f"multipart/form-data; boundary={boundary}"
    return json.loads(server.ask("POST", path, body, headers)[1])["id"]


def _enter(server: SamphireServer, token: str, image: str, waits: list[float]) -> Member:
    """A client that is on the image, and notes how long others' moves took to it."""
    me = 0

    def hear(event: str, data: dict) -> None:
        if event == "cursors":
            waits.extend(age_ms(x) for n, x, _ in data["at"] if n != me and x >= 0)

    member = Member(server.host, server.port, token, hear)
    answer = member.ask("here", {"image": image, "tool": "point"})
    if not answer["ok"]:
        raise RuntimeError(answer["error"]["message"])
    me = answer["me"]
    return member


def _cpu_seconds(pid: int) -> float | None:
    """Of the process so far."""
    if not sys.platform.startswith("linux"):
        return None
    fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100


def _memory(pid: int) -> float | None:
    if not sys.platform.startswith("linux"):
        return None
    lines = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text("utf-8").splitlines())
    return int(lines["VmRSS"].split()[0]) * 1024
