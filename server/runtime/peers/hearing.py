"""Hears what other processes say (see `line`): reads the stream, and hands on what came, one after the other."""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from json import loads
from typing import TYPE_CHECKING, Any

from .. import greenlets
from ..afterwards import afterwards
from .redis import Redis

if TYPE_CHECKING:
    from .line import Line

log = logging.getLogger("samphire.redis")

GONE_SECONDS = 6.0
_REMEMBERED_SECONDS = 600.0  # what one said that is gone: it may have been cut off, and says it again
_BLOCK_MS = 1000
_AT_ONCE = 500
_MOST_WAITING = 10_000  # heard, and not handed on yet
_REST_SECONDS = 0.5


class Hearing:
    def __init__(self, redis: Redis, me: str, line: "Line") -> None:
        self._redis, self._me, self._line = redis, me, line
        self._heard: dict[str, int] = {}  # by process: the number of what it said last
        self._announced: dict[str, int] = {}  # by process: what it should be, as it told a beat ago
        self._seen: dict[str, float] = {}  # by process: when something of it came
        self._left: dict[str, float] = {}  # by process: since when it is gone
        self._waiting: greenlets.Queue[tuple[Callable[..., None], tuple[Any, ...]]] = greenlets.Queue()
        self._greenlets: list[greenlets.Greenlet] = []

    def start(self) -> None:
        """What is said from now on is heard."""
        last = self._redis.ask(self._last)
        runs = (
            lambda: self._patiently(self._read_stream, last),
            lambda: self._patiently(self._read_fleeting),
        )
        self._greenlets = [greenlets.spawn(run) for run in (*runs, self._hand_on)]

    def stop(self) -> None:
        greenlets.killall(self._greenlets)

    def look_who_is_gone(self, cut_off: bool) -> None:
        """`cut_off`: this process was, until now, so that it couldn't hear anyone: all have as long again."""
        moment = time.monotonic()
        if cut_off:
            self._seen = dict.fromkeys(self._seen, moment)
        for name in [name for name, at in self._seen.items() if moment - at > GONE_SECONDS]:
            self._gone(name)
        for name in [name for name, at in self._left.items() if moment - at > _REMEMBERED_SECONDS]:
            del self._left[name]
            self._heard.pop(name, None)

    def _gone(self, name: str) -> None:
        self._left[name] = time.monotonic()
        for known in (self._announced, self._seen):
            known.pop(name, None)
        for listener in self._line.on_gone:
            self._waiting.put((listener, (name,)))

    def _see(self, name: str) -> None:
        self._seen[name] = time.monotonic()
        if self._left.pop(name, None) is not None:  # how things stand there was forgotten here
            self._ask(name)

    def _patiently(self, read: Callable[..., None], *arguments: Any) -> None:
        """However often Redis goes away."""
        place = list(arguments)
        while True:
            client = self._redis.client()
            try:
                read(client, place)
            except Exception as error:
                known = isinstance(error, self._redis.errors)
                level = logging.DEBUG if known else logging.WARNING
                log.log(level, "Nothing is heard from other processes: %s", error, exc_info=not known)
                if known:
                    self._redis.is_up = False  # who tells finds out when it is back
                greenlets.sleep(_REST_SECONDS)
            finally:
                client.close()

    def _last(self, client: Any) -> str:
        """Of what has been said, the place in the stream."""
        found = client.xrevrange(self._redis.name("said"), count=1)
        return found[0][0] if found else "0-0"

    def _read_stream(self, client: Any, place: list[str]) -> None:
        stream = self._redis.name("said")
        if _order(self._last(client)) < _order(place[0]):  # Redis has lost what it had
            place[0] = "0-0"
        while True:
            for _, entries in client.xread({stream: place[0]}, count=_AT_ONCE, block=_BLOCK_MS) or ():
                for place[0], fields in entries:
                    with _one_by_one():
                        self._hear_said(fields)

    def _read_fleeting(self, client: Any, _place: list[str]) -> None:
        channel = client.pubsub(ignore_subscribe_messages=True)
        channel.subscribe(self._redis.name("fleeting"))
        while True:
            message = channel.get_message(timeout=_BLOCK_MS / 1000)
            if message is None:
                continue
            with _one_by_one():
                self._hear_fleeting(*loads(message["data"]))

    def _hear_said(self, fields: Any) -> None:
        if fields["from"] != self._me:
            self._take(fields["from"], int(fields["n"]), fields["topic"], loads(fields["data"]))

    def _hear_fleeting(self, name: str, topic: str, data: Any) -> None:
        if name == self._me:
            return
        if topic == "bye":
            return self._gone(name)
        self._see(name)
        if topic == "beat":
            self._check(name, data)
        else:
            self._hand(name, topic, data)

    def _take(self, name: str, number: int, topic: str, data: Any) -> None:
        self._see(name)
        known = self._heard.get(name, 0)
        if number <= known:
            return
        self._heard[name] = number
        if number > known + 1:
            self._ask(name)
        self._hand(name, topic, data)

    def _check(self, name: str, said: int) -> None:
        """What it told a beat ago that it has said must have come by now."""
        before, self._announced[name] = self._announced.get(name, 0), said
        if self._heard.get(name, 0) < before:
            self._heard[name] = before
            self._ask(name)

    def _ask(self, name: str) -> None:
        """Something that it said is missing."""
        self._line.say("hello", name)
        for listener in self._line.on_gap:
            self._waiting.put((listener, ()))

    def _hand(self, name: str, topic: str, data: Any) -> None:
        hear = self._line.hears.get(topic)  # another version may speak of what this one does not know
        if hear is not None and self._waiting.qsize() < _MOST_WAITING:
            self._waiting.put((hear, (name, data)))
        elif hear is not None:
            self._heard.pop(name, None)  # what it says next is asked about

    def _hand_on(self) -> None:
        while True:
            hear, arguments = self._waiting.get()
            with afterwards("hearing what another process said"):
                hear(*arguments)


@contextmanager
def _one_by_one() -> Iterator[None]:
    """What another version says, or another program, is skipped where it is not understood."""
    try:
        yield
    except Exception:
        log.warning("What another process said was not understood", exc_info=True)


def _order(place: str) -> tuple[int, int]:
    milliseconds, _, number = place.partition("-")
    return int(milliseconds), int(number)
