"""What one process has in memory and another is asked for: fetched from whichever has it, when somebody wants it."""

from collections.abc import Callable
from typing import Any

from .. import greenlets
from .line import Line
from .redis import Away

_WAIT_SECONDS = 0.25  # for an answer
_AT_ONCE = 8  # anybody can name keys that nobody has
_KEPT_SECONDS = 10  # one that nobody takes

Offer = Callable[[str], str | None]


class Asking:
    """`offer`: what this process has by a key, as text; None: nothing. `topic`: of what."""

    def __init__(self, line: Line, topic: str, offer: Offer) -> None:
        self._line, self._redis, self._topic, self._offer = line, line.redis, topic, offer
        self._client = line.redis.quick_client()  # what waits is not in the way of what is counted
        self._turns = greenlets.BoundedSemaphore(_AT_ONCE)
        line.hears[topic] = self._hear

    def ask(self, key: str) -> str | None:
        """What another process has; None: none has it, none answers, or too many ask."""
        if not self._turns.acquire(timeout=_WAIT_SECONDS):
            return None
        try:
            self._line.mention(self._topic, key)
            name = self._name(key)
            found = self._redis.ask(lambda client: client.blpop([name], timeout=_WAIT_SECONDS), self._client)
        except Away:
            return None
        finally:
            self._turns.release()
        return None if found is None else found[1]

    def _hear(self, _process: str, key: str) -> None:
        value = self._offer(key)
        if value is None:
            return

        def answer(client: Any) -> None:
            client.rpush(self._name(key), value)
            client.expire(self._name(key), _KEPT_SECONDS)

        self._redis.ask(answer)

    def _name(self, key: str) -> str:
        return self._redis.name("asked", self._topic, key)
