"""Several server processes that behave as one, on one database and one Redis server: what each thing costs with 1, 2
and 4 of them, how soon people hear of each other, and all of it at once. Clients spread themselves over the processes,
as a proxy would spread them, so that those on one image are connected to all."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from multiprocessing import get_context
from typing import Any

from .. import pictures
from ..crowd import Member, run
from ..figures import percentile
from ..rows import Row, Target, missing, spread
from ..several.costs import Spent, beyond_one, each_ms, move_and_frame_ms
from ..several.deployment import Deployment
from ..several.rooms import HEIGHT, WIDTH, Rooms, repeated
from ..workbench import Workbench
from .visitors import make_link, visit_all

COUNTS = (1, 2, 4)
_ROOMS, _PEOPLE = 20, 10
_RATE = 12.5  # places of a pointer that a page tells in a second
_SAVES, _LISTS, _DECODES = 20.0, 20.0, 5.0  # a second, each measured alone
_BUSY_SAVES, _BUSY_LISTS = 5.0, 5.0  # a second, all at once
_VISITORS, _CLICKS, _ENCODES = 100, 3, 10
_SOON = Target("<", 100)  # ms
_NONE = Target("<=", 0)
_WAIT_SECONDS = 180.0


def measure(bench: Workbench) -> Iterator[Row]:
    first: tuple[float, float] | None = None  # what a move and a frame cost with one process
    for count in COUNTS:
        bench.say(f"processes: {count}")
        names = [f"Person {number}" for number in range(_ROOMS * bench.times(_PEOPLE, 2))]
        there = Deployment(bench.folder / f"processes-{count}", bench.elsewhere, names, count)
        try:
            one = _Measured(
                bench, there, f"processes.{count}", f"{count} processes" if count > 1 else "1 process"
            )
            first = yield from one.measure(first)
        finally:
            there.close()


class _Measured:
    """A number of processes."""

    def __init__(self, bench: Workbench, there: Deployment, name: str, title: str) -> None:
        self._bench, self._there, self._name, self._title = bench, there, name, title
        self._rooms = Rooms([each.address for each in there.servers], there.tokens, _ROOMS)
        self._seconds = bench.times(8, 1)
        self._failures = list[str]()

    def measure(self, first: tuple[float, float] | None) -> Iterator[Row]:
        """Returns what a move and a frame cost here, or `first`, where that is known."""
        rooms, empty = self._rooms, self._there.memory()
        alone = self._spent([], lambda: time.sleep(self._seconds))
        rooms.enter()
        run(rooms.members, [], 0, 1)
        idle = self._spent()
        few, many = self._spent(rooms.one_of_each()), self._spent(rooms.members)
        yield from self._delays()
        people = len(rooms.members)
        each = 1000 * (idle.share() - alone.share()) / people
        yield self._row("idle", "Processor time of a page that does nothing, a second", each, "ms")
        move, frame = move_and_frame_ms(few, many, idle)
        yield self._row("move", "Processor time of a move that a server is told", move, "ms")
        yield self._row("frame", "Processor time of a frame that tells a page of moves", frame, "ms")
        yield self._row("moving", f"Share of a core of the servers, {people} people moving", many.share(), "")
        yield self._row("moving.redis", "Share of a core of Redis, meanwhile", many.share("redis"), "")
        told = many.published / many.seconds
        yield self._row("moving.told", "Commands that Redis is given a second, meanwhile", told, "/s")
        first = first or (move, frame)
        more = beyond_one(many, idle, *first)
        yield self._row(
            "moving.more", "Share of a core beyond what moves and frames cost with the first count", more, ""
        )
        yield from self._costs(idle)
        if 0.0 in empty:
            yield missing(
                f"{self._name}.memory", "Memory of a process", "It is read from Linux's /proc only."
            )
        else:
            title = "Memory of a process, before and with its people"
            memory = self._there.memory()
            note = f"{sum(empty) / len(empty) / 1e6:.0f} MB before"
            yield self._row("memory", title, sum(memory) / len(memory), "B", note=note)
        yield from self._at_once()
        rooms.close()
        return first

    def _row(self, name: str, title: str, value: float, unit: str, **more: Any) -> Row:
        return Row(
            f"{self._name}.{name}", f"{self._title}: {title[0].lower()}{title[1:]}", value, unit, **more
        )

    def _spread(self, name: str, title: str, values: list[float], **more: Any) -> Row:
        title = f"{self._title}: {title[0].lower()}{title[1:]}"
        if not values:
            return missing(f"{self._name}.{name}", title, "Nothing was heard.")
        return spread(f"{self._name}.{name}", title, values, "ms", **more)

    def _spent(self, movers: list[Member] | None = None, meanwhile: Callable[[], Any] | None = None) -> Spent:
        """What it takes that these move, or whatever is done meanwhile."""
        rooms = self._rooms
        rooms.forget()
        told, before, start = self._there.told(), self._there.cpu(), time.monotonic()
        late = meanwhile() if meanwhile else run(rooms.members, movers or [], _RATE, self._seconds)
        seconds, after = time.monotonic() - start, self._there.cpu()
        cpu = {who: after[who] - before[who] for who in after}
        moves = len(late) if movers else 0
        return Spent(seconds, cpu, moves, rooms.frames, published=self._there.told() - told)

    def _delays(self) -> Iterator[Row]:
        rooms = self._rooms
        yield self._spread("cursor", "From a move to somebody else's page, same process", [*rooms.cursors])
        if rooms.far:
            yield self._spread("far", "From a move to somebody else's page, another process", [*rooms.far])

    def _costs(self, idle: Spent) -> Iterator[Row]:
        rooms = self._rooms
        with ExitStack() as ending:
            clicking = self._clicking(ending)
            for name, title, rate, work in (
                ("save", "a change of an object that is saved", _SAVES, rooms.save),
                ("list", "a listing of an image's objects", _LISTS, rooms.list),
                ("decode", "a click's mask", _DECODES, clicking),
            ):
                took = list[float]()

                def repeat(work: Any = work, rate: float = rate, took: list[float] = took) -> None:
                    with repeated(work, rate, self._failures) as times:
                        run(rooms.members, [], 0, self._seconds)
                    took.extend(times)

                spent = self._spent(None, repeat)
                spent = Spent(spent.seconds, spent.cpu, times=len(took))
                postgres, redis = (each_ms(spent, idle, who) for who in ("postgres", "redis"))
                note = f"PostgreSQL {postgres:.2f} ms, Redis {redis:.2f} ms"
                yield self._row(name, f"Processor time of {title}", each_ms(spent, idle), "ms", note=note)
                yield self._spread(f"{name}.time", f"Time of {title}", took)
                if name == "save":
                    yield self._spread("save.heard", "From a save to somebody else's page", [*rooms.saves])

    def _clicking(self, ending: ExitStack) -> Callable[[int], None]:
        """Has the next process decode a click on an image that is encoded."""
        askers, headers = list[Member](), {"Authorization": f"Bearer {self._there.tokens[0]}"}
        picture = pictures.drawn_jpeg((WIDTH, HEIGHT - 1))
        image = self._rooms.servers[0].encoded("clicked.jpg", picture, headers=headers)["id"]
        for server in self._rooms.servers:
            askers.append(Member(server.host, server.port, headers, lambda *_: None))
            ending.callback(askers[-1].socket.close)

        def click(turn: int) -> None:
            place = [1 + 37 * turn % (WIDTH - 2), 1 + 53 * turn % (HEIGHT - 3), 1]
            asked = {"image": image, "points": [place], "box": None, "mask_input": None, "seq": 0}
            answer = askers[turn % len(askers)].ask("predict", asked)
            if not answer["ok"]:
                raise RuntimeError(answer["error"]["message"])

        for turn in range(len(askers)):
            click(turn)  # each loads the networks
        return click

    def _at_once(self) -> Iterator[Row]:
        """People who move, save and list, visitors who click, and images that wait to be encoded."""
        rooms, bench = self._rooms, self._bench
        token = self._there.tokens[0]
        visited = make_link(rooms.servers[0], token, "visited.jpg", pictures.drawn_jpeg((WIDTH, HEIGHT)))
        bench.say(f"processes: {self._title}, all at once")
        rooms.forget()
        with ExitStack() as ending:
            apart = ending.enter_context(ProcessPoolExecutor(1, get_context("spawn")))
            saves = ending.enter_context(repeated(rooms.save, _BUSY_SAVES, self._failures))
            lists = ending.enter_context(repeated(rooms.list, _BUSY_LISTS, self._failures))
            images = [self._new_image(number) for number in range(bench.times(_ENCODES, 1))]
            visits = apart.submit(visit_all, rooms.servers, visited, bench.times(_VISITORS, 3), _CLICKS)
            late, start = list[float](), time.monotonic()
            left, seconds = images, 0.0
            while (left or not visits.done()) and (seconds := time.monotonic() - start) < _WAIT_SECONDS:
                late += run(rooms.members, rooms.members, _RATE, 2)
                left = [each for each in left if self._state(each) != "ready"]
        run(rooms.members, [], 0, 2)  # what is still on its way
        tried, took = visits.result() if visits.done() else ([], _WAIT_SECONDS)
        failed = [seen.failure for seen in tried if seen.failure is not None]
        note = f"the bench's own clients were {percentile(late, 95):.0f} ms late, 95 in 100"
        yield self._spread(
            "busy.cursor",
            "All at once: from a move to somebody else's page",
            rooms.cursors + rooms.far,
            note=note,
        )
        yield self._spread("busy.save", "All at once: a change of an object", [*saves])
        yield self._spread("busy.heard", "All at once: from a save to somebody else's page", [*rooms.saves])
        yield self._spread("busy.list", "All at once: a listing of an image's objects", [*lists])
        masks = [1000 * wait for seen in tried for wait in seen.masks]
        yield self._spread(
            "busy.click", "All at once: a visitor's mask", masks, note=f"{len(tried)} visits in {took:.0f} s"
        )
        yield self._row("busy.seconds", "All at once: until visitors and encodings were done", seconds, "s")
        wrong = [*self._failures, *failed, *(f"{each} was not encoded" for each in left)]
        note = f"the first: {wrong[0]}" if wrong else ""
        yield self._row("busy.errors", "All at once: errors", len(wrong), "", target=_NONE, note=note)
        lost = f"All at once: of {len(saves)} changes, objects that are not stored as acknowledged"
        yield self._row("busy.lost", lost, rooms.lost(), "", target=_NONE)
        yield self._row(
            "busy.missed",
            "All at once: pages that were not told of the newest",
            rooms.missed(),
            "",
            target=_NONE,
        )

    def _new_image(self, number: int) -> str:
        """Id of one that is to be encoded."""
        server = self._rooms.servers[number % len(self._rooms.servers)]
        picture = pictures.drawn_jpeg((WIDTH, HEIGHT + number + 1))
        headers = {"Authorization": f"Bearer {self._there.tokens[0]}"}
        image = server.upload(f"new-{number}.jpg", picture, headers=headers)["id"]
        server.ask("POST", f"/api/images/{image}/embedding", headers=headers)
        return image

    def _state(self, image: str) -> str:
        return self._rooms.ask(0, "GET", f"/api/images/{image}")["embedding"]["state"]
