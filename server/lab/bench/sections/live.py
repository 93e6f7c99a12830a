"""How soon others see where somebody points, with 200 people on 20 images, and what that costs; and beside a flood."""

import itertools
import json
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import numpy as np

from ....domain.masks import encode_rle
from .. import pictures
from ..crowd import Member, age_ms, run, stamp
from ..figures import percentile
from ..people import make_people
from ..rows import Row, Target, missing, spread
from ..serving import SamphireServer
from ..workbench import Workbench

_ROOMS, _PEOPLE = 20, 10  # images, and people on each
_RATE = 12.5  # places of a pointer that a page tells in a second
_SOON = Target("<", 100)  # ms, of 95 in 100
_LEAN = Target("<", 3000)  # B/s of one person
_CALM_RATE = 5.0
_SAVES = 5.0  # changes of objects a second, of all
_WIDTH, _HEIGHT = 200, 150
_CURSOR = "From a move to somebody else's page"
_SAVE = "From a change of an object to somebody else's page"


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
    objects = [_object(server, tokens[0], image, number) for number, image in enumerate(images)]
    before = _memory(server.pid)
    waits: list[float] = []
    saves: list[float] = []
    members: list[Member] = []
    for number, token in enumerate(tokens):
        members.append(_enter(server, token, images[number % _ROOMS], waits, saves))
        run(members, [], 0, 0.01)  # the others learn of each
    bench.say("live: all of them move")
    run(members, members, _RATE, 2)
    waits.clear()
    taken, sent = sum(each.taken_bytes for each in members), sum(each.sent_bytes for each in members)
    busy, own, start = _cpu_seconds(server.pid), time.process_time(), time.monotonic()
    with _saving(server, tokens[0], objects):
        late = run(members, members, _RATE, bench.times(20, 3))
    seconds = time.monotonic() - start
    own = (time.process_time() - own) / seconds
    note = f"{len(members)} people on {_ROOMS} images, each moving {_RATE} times a second"
    yield spread("live.cursor", _CURSOR, waits, "ms", note=note)
    yield Row("live.cursor.p95", f"{_CURSOR}, 95 in 100", percentile(waits, 95), "ms", target=_SOON)
    yield spread("live.save", _SAVE, saves, "ms", note=f"{_SAVES} a second, from the request on; meanwhile")
    yield Row("live.save.p95", f"{_SAVE}, 95 in 100", percentile(saves, 95), "ms", target=_SOON)
    note = "part of the times above that is not the server's"
    yield spread("live.late", "How late the bench's own clients were", late, "ms", note=note)
    yield Row("live.clients", "Share of one core that the bench's own clients took", own, "")
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


@contextmanager
def _saving(server: SamphireServer, token: str, objects: list[dict[str, Any]]) -> Iterator[None]:
    """Changes one object after the other, which then says when."""
    stop = threading.Event()

    def save() -> None:
        for turn in itertools.count():
            if stop.wait(1 / _SAVES):
                return
            one = objects[turn % len(objects)]
            change = {"version": one["version"], "attributes": {"at": round(stamp(), 1)}}
            objects[turn % len(objects)] = _ask(
                server, token, "PATCH", f"/api/annotations/{one['id']}", change
            )

    thread = threading.Thread(target=save, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _ask(server: SamphireServer, token: str, method: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    return json.loads(server.ask(method, path, json.dumps(body).encode(), headers)[1])


def _object(server: SamphireServer, token: str, image: str, number: int) -> dict[str, Any]:
    """One on the image, over all of it."""
    rle = encode_rle(np.ones((_HEIGHT, _WIDTH + number), bool))
    body = {"label": "bench", "color": "#1f77b4", "rle": rle}
    return _ask(server, token, "POST", f"/api/images/{image}/annotations", body)


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
    yield Row("live.polite.p95", f"{title}, 95 in 100", percentile(waits, 95), "ms", target=_SOON)


def _image(server: SamphireServer, token: str, number: int) -> str:
    """Id of a small one of its own, encoded: nothing else is to be done meanwhile."""
    picture = pictures.drawn_jpeg((_WIDTH + number, _HEIGHT))
    headers = {"Authorization": f"Bearer {token}"}
    return server.encoded(f"{number}.jpg", picture, headers=headers)["id"]


def _enter(server: SamphireServer, token: str, image: str, waits: list[float], saves: list[float]) -> Member:
    """A client that is on the image, and notes how long others' moves and changes took to it."""
    me = 0

    def hear(event: str, data: dict) -> None:
        if event == "cursors":
            waits.extend(age_ms(x) for n, x, _ in data["at"] if n != me and x >= 0)
        elif event == "annotation:changed":
            saves.extend(age_ms(at) for at in data["annotation"]["attributes"].values())

    member = Member(server.host, server.port, {"Authorization": f"Bearer {token}"}, hear)
    for event, data in (("watch", {"image": image}), ("here", {"image": image, "tool": "point"})):
        answer = member.ask(event, data)
        if not answer["ok"]:
            raise RuntimeError(answer["error"]["message"])
        me = answer.get("me", 0)
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
