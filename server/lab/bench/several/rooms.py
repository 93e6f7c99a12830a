"""People on images, ten on each, whose pages hear of each other; and what they save and ask for meanwhile."""

import itertools
import json
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from ....domain.masks import encode_rle
from .. import pictures
from ..crowd import Member, age_ms, run, stamp
from ..serving import Address

WIDTH, HEIGHT = 200, 150


class Rooms:
    """`servers`: who comes next is connected to the next one, as a proxy would have it. `cursors`, `far`: how long
    others' moves took to somebody's page, in ms, by the same process and by another. `saves`: of changes of objects."""

    def __init__(self, servers: Sequence[Address], tokens: Sequence[str], count: int) -> None:
        """`count`: of images; people take turns on them."""
        self.servers, self._tokens = servers, tokens
        self.images = [self._image(number) for number in range(count)]
        self.objects = [self._object(number) for number in range(count)]
        self.cursors, self.far, self.saves = list[float](), list[float](), list[float]()
        self.heard = list[dict[tuple[str, int], int]]()  # by member: objects and versions that it was told of
        self.frames = 0  # in which members were told of moves
        self._process: dict[int, int] = {}  # by the person's number
        self.members = list[Member]()

    def enter(self) -> None:
        for number in range(len(self._tokens)):
            self.members.append(self._enter(number))
            run(self.members, [], 0, 0.01)  # the others learn of each

    def forget(self) -> None:
        """What was heard so far."""
        self.frames = 0
        for times in (self.cursors, self.far, self.saves):
            times.clear()

    def close(self) -> None:
        for each in self.members:
            each.socket.close()

    def one_of_each(self) -> list[Member]:
        """A member for each image."""
        return self.members[: len(self.images)]

    def missed(self) -> int:
        """How many members of an image were not told of the newest version of its object."""
        count = len(self.images)
        newest = [(each["id"], each["version"]) for each in self.objects]
        return sum(newest[number % count] not in heard for number, heard in enumerate(self.heard))

    def lost(self) -> int:
        """How many objects are not stored as the last answer said."""
        stored = [self.ask(n, "GET", f"/api/annotations/{each['id']}") for n, each in enumerate(self.objects)]
        return sum(
            a["version"] != b["version"] or a["attributes"] != b["attributes"]
            for a, b in zip(stored, self.objects, strict=True)
        )

    def save(self, turn: int) -> None:
        """Changes the next object, which then says when."""
        one = self.objects[turn % len(self.objects)]
        change = {"version": one["version"], "attributes": {"at": round(stamp(), 1)}}
        path = f"/api/annotations/{one['id']}"
        self.objects[turn % len(self.objects)] = self.ask(turn, "PATCH", path, change)

    def list(self, turn: int) -> None:
        """Asks for the objects of the next image, as a page does that opens it."""
        self.ask(turn, "GET", f"/api/images/{self.images[turn % len(self.images)]}/annotations")

    def ask(self, turn: int, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """The JSON that the next process answers."""
        headers = {"Authorization": f"Bearer {self._tokens[turn % len(self._tokens)]}"}
        data = None if body is None else json.dumps(body).encode()
        kind = {} if body is None else {"Content-Type": "application/json"}
        server = self.servers[(turn // len(self.images) + turn) % len(self.servers)]
        return json.loads(server.ask(method, path, data, headers | kind)[1])

    def _image(self, number: int) -> str:
        """Id of a small one of its own, encoded: nothing else is to be done meanwhile."""
        picture = pictures.drawn_jpeg((WIDTH + number, HEIGHT))
        headers = {"Authorization": f"Bearer {self._tokens[0]}"}
        return self.servers[0].encoded(f"{number}.jpg", picture, headers=headers)["id"]

    def _object(self, number: int) -> dict[str, Any]:
        """One on the image, over all of it."""
        rle = encode_rle(np.ones((HEIGHT, WIDTH + number), bool))
        body = {"label": "bench", "color": "#1f77b4", "rle": rle}
        return self.ask(0, "POST", f"/api/images/{self.images[number]}/annotations", body)

    def _enter(self, number: int) -> Member:
        process = (number // len(self.images) + number) % len(self.servers)
        server, me = self.servers[process], 0
        told = dict[tuple[str, int], int]()

        def hear(event: str, data: dict[str, Any]) -> None:
            if event == "cursors":
                self.frames += 1
                for n, x, _ in data["at"]:
                    if n != me and x >= 0:
                        (self.cursors if self._process[n] == process else self.far).append(age_ms(x))
            elif event == "annotation:changed":
                one = data["annotation"]
                told[one["id"], one["version"]] = 1
                self.saves.extend(age_ms(at) for at in one["attributes"].values())

        self.heard.append(told)
        headers = {"Authorization": f"Bearer {self._tokens[number]}"}
        member = Member(server.host, server.port, headers, hear)
        image = self.images[number % len(self.images)]
        for event, data in (("watch", {"image": image}), ("here", {"image": image, "tool": "point"})):
            answer = member.ask(event, data)
            if not answer["ok"]:
                raise RuntimeError(answer["error"]["message"])
            me = answer.get("me", 0)
        self._process[me] = process
        return member


@contextmanager
def repeated(work: Any, rate: float, failures: list[str]) -> Iterator[list[float]]:
    """Meanwhile `work(turn)` is done `rate` times a second; how long each took, in ms, as it becomes known."""
    stop, took = threading.Event(), list[float]()

    def repeat() -> None:
        began = time.monotonic()
        for turn in itertools.count():
            if stop.wait(max(0.0, began + turn / rate - time.monotonic())):
                return
            start = time.perf_counter()
            try:
                work(turn)
            except Exception as error:  # whatever it is, it counts
                failures.append(f"{type(error).__name__}: {error}")
            took.append(1000 * (time.perf_counter() - start))

    thread = threading.Thread(target=repeat, daemon=True)
    thread.start()
    try:
        yield took
    finally:
        stop.set()
        thread.join(60)
