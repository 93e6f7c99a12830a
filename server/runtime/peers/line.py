"""What processes tell each other through Redis: from each to all others, in its order, each thing once.

What must arrive goes through a stream, so that whoever was cut off for a moment reads on where they were; what is out
of date a moment later is published and forgotten. Processes are known by what they say: one that says nothing for
GONE_SECONDS is gone. Where something may be missing (Redis was away, lost what it had, or somebody was too slow) all
say again how things stand.
"""

import logging
import time
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from itertools import islice
from json import loads
from typing import Any

from ...contract.json import dumps
from .. import greenlets
from ..afterwards import afterwards
from .hearing import GONE_SECONDS, Hearing
from .redis import Away, Redis

log = logging.getLogger("samphire.redis")

BEAT_SECONDS = 1.0
_KEPT = 500  # said last: said again when Redis comes back, which may have lost them
_LENGTH = 5000  # of the stream, about
_AT_ONCE = 200
_MOST_UNSAID = 10_000
_REST_SECONDS = 0.5

Hear = Callable[[str, Any], None]


class Line:
    """`hears`: by topic, what takes the sender's name and what it said. `on_hello`: each says how things stand here;
    `on_gone`: told the name of a process that is gone; `on_gap`: something may not have been heard.

    `me`: the name of this process. `about`: what others are told of it."""

    def __init__(self, redis: Redis, me: str, about: Mapping[str, Any]) -> None:
        self.redis, self.me = redis, me
        self.hears: dict[str, Hear] = {"hello": self._hello}
        self.on_hello: list[Callable[[], None]] = []
        self.on_gone: list[Callable[[str], None]] = []
        self.on_gap: list[Callable[[], None]] = []
        self._about = dumps({"name": me, **about})
        self._number = 0
        self._unsaid: deque[tuple[int, str, str]] = deque()
        self._said: deque[tuple[int, str, str]] = deque(maxlen=_KEPT)
        self._fleeting: deque[str] = deque(maxlen=_AT_ONCE)
        self._wake = greenlets.Event()
        self._beaten_at = 0.0
        self._hearing = Hearing(redis, me, self)
        self._greenlets: list[greenlets.Greenlet] = []

    def say(self, topic: str, data: Any) -> None:
        """To all others, in order, as soon as Redis is there. `data`: of JSON's kinds, as it is now."""
        self._number += 1
        self._unsaid.append((self._number, topic, dumps(data)))
        if len(self._unsaid) > _MOST_UNSAID:
            self._unsaid.popleft()  # the others notice that a number is missing, and ask
        self._wake.set()

    def mention(self, topic: str, data: Any) -> None:
        """To all others, now or never."""
        self._fleeting.append(dumps([self.me, topic, data]))
        self._wake.set()

    def start(self) -> None:
        """Raises Away where Redis has gone since it was opened."""
        self.redis.ask(lambda client: client.set(self._key(), self._about, px=int(1000 * GONE_SECONDS)))
        self._hearing.start()
        self._greenlets = [greenlets.spawn(self._tell)]
        self.say("hello", None)

    def stop(self) -> None:
        """Others hear what is still to be said, and that this process is gone."""
        greenlets.killall(self._greenlets)
        self._hearing.stop()
        goodbye = dumps([self.me, "bye", None])
        with suppress(Away):
            self.redis.ask(self._tell_unsaid)
            self.redis.ask(lambda client: client.delete(self._key()))
            self.redis.ask(lambda client: client.publish(self.redis.name("fleeting"), goodbye))

    def others(self) -> list[dict[str, Any]]:
        """What other processes that are there say of themselves. Raises Away."""
        return [each for each in there(self.redis) if each["name"] != self.me]

    def again(self) -> None:
        """Something may be missing, here and elsewhere: all say how things stand."""
        self.say("hello", None)
        self._tell_state()
        for listener in self.on_gap:
            with afterwards("asking for what was not heard"):
                listener()

    def _hello(self, _name: str, to: str | None) -> None:
        if to in (None, self.me):
            self._tell_state()

    def _tell_state(self) -> None:
        for listener in self.on_hello:
            with afterwards("telling other processes how things stand"):
                listener()

    def _key(self) -> str:
        return self.redis.name("process", self.me)

    def _tell(self) -> None:
        client = self.redis.client()
        while True:
            self._wake.wait(BEAT_SECONDS)
            self._wake.clear()
            try:
                self._beat(client)
                self._tell_unsaid(client)
            except Exception as error:  # else others would take this process for gone
                if self.redis.is_up:
                    known = isinstance(error, self.redis.errors)
                    log.warning("Redis at %s is away: %s", self.redis.called, error, exc_info=not known)
                self.redis.is_up = False
                greenlets.sleep(_REST_SECONDS)
                self._wake.set()
                continue
            if not self.redis.is_up:
                log.info("Redis at %s is back", self.redis.called)
                self.redis.is_up = True
                self._unsaid.extendleft(reversed(self._said))  # those who have heard it notice
                self._said.clear()
                self.again()

    def _beat(self, client: Any) -> None:
        if time.monotonic() - self._beaten_at >= BEAT_SECONDS or not self.redis.is_up:
            client.set(self._key(), self._about, px=int(1000 * GONE_SECONDS))
            said = self._said[-1][0] if self._said else 0
            client.publish(self.redis.name("fleeting"), dumps([self.me, "beat", said]))
            cut_off = not self.redis.is_up or time.monotonic() - self._beaten_at > GONE_SECONDS
            self._beaten_at = time.monotonic()
            self._hearing.look_who_is_gone(cut_off)

    def _tell_unsaid(self, client: Any) -> None:
        fleeting, self._fleeting = self._fleeting, deque(maxlen=_AT_ONCE)
        if fleeting:
            pipe = client.pipeline(transaction=False)
            for each in fleeting:
                pipe.publish(self.redis.name("fleeting"), each)
            pipe.execute()
        while some := list(islice(self._unsaid, _AT_ONCE)):
            pipe = client.pipeline(transaction=False)
            for number, topic, data in some:
                fields: Any = {"from": self.me, "n": number, "topic": topic, "data": data}
                pipe.xadd(self.redis.name("said"), fields, maxlen=_LENGTH, approximate=True)
            pipe.execute()
            self._said.extend(some)
            while self._unsaid and self._unsaid[0][0] <= some[-1][0]:
                self._unsaid.popleft()


def there(redis: Redis) -> list[dict[str, Any]]:
    """The processes that are there, as each tells of itself. Raises Away."""

    def ask(client: Any) -> list[str | None]:
        keys = list(client.scan_iter(match=redis.name("process", "*"), count=1000))
        return client.mget(keys) if keys else []

    return [loads(each) for each in redis.ask(ask) if each is not None]
