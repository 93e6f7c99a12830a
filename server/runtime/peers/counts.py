"""How often something was done, counted by all processes together."""

import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Protocol

from .redis import Away, Redis

_MOST_KEYS = 10_000

_ADD = """
local count = tonumber(redis.call('GET', KEYS[1]) or '0')
if count + tonumber(ARGV[1]) > tonumber(ARGV[2]) then return redis.call('PTTL', KEYS[1]) end
redis.call('INCRBY', KEYS[1], ARGV[1])
if count == 0 then redis.call('PEXPIRE', KEYS[1], ARGV[3]) end
return -10
"""
_TAKE_BACK = """
local count = tonumber(redis.call('GET', KEYS[1]) or '0')
if count > 1 then redis.call('DECR', KEYS[1]) else redis.call('DEL', KEYS[1]) end
"""
_COUNTED = -10


class Counts(Protocol):
    """At most `most` of a key, or so much of their weights, in `seconds`, which begin with the first."""

    def add(self, key: Hashable, weight: int, most: int, seconds: float) -> float | None:
        """Count one more; or, where that would be too many, in how many seconds it would not be."""
        ...

    def take_back(self, key: Hashable) -> None:
        """One less."""
        ...

    def note(self, key: Hashable, seconds: float) -> None:
        """Remember the key so long, or until there are too many others."""
        ...

    def noted(self, key: Hashable) -> bool: ...


class CountsHere:
    """In memory, of bounded size: the oldest keys are forgotten."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._counted: OrderedDict[Hashable, tuple[float, int]] = OrderedDict()  # key -> (begun, how many)
        self._noted: OrderedDict[Hashable, float] = OrderedDict()  # key -> until when

    def add(self, key: Hashable, weight: int, most: int, seconds: float) -> float | None:
        now = self._clock()
        begun, count = self._counted.get(key, (now, 0))
        if now - begun >= seconds:
            begun, count = now, 0
        if count + weight > most:
            return begun + seconds - now
        self._counted[key] = (begun, count + weight)
        _bound(self._counted, key)
        return None

    def take_back(self, key: Hashable) -> None:
        begun, count = self._counted.get(key, (0.0, 0))
        if count > 1:
            self._counted[key] = (begun, count - 1)
        else:
            self._counted.pop(key, None)

    def note(self, key: Hashable, seconds: float) -> None:
        self._noted[key] = self._clock() + seconds
        _bound(self._noted, key)

    def noted(self, key: Hashable) -> bool:
        return self._noted.get(key, 0.0) > self._clock()


class SharedCounts:
    """In Redis, under hashes: of names and addresses it learns nothing. While it is away, each process counts its own.
    `name`: of what is counted."""

    def __init__(self, redis: Redis, name: str) -> None:
        self._redis, self._name, self._here = redis, name, CountsHere()

    def add(self, key: Hashable, weight: int, most: int, seconds: float) -> float | None:
        try:
            left = self._redis.ask(
                lambda client: client.eval(
                    _ADD, 1, self._key("count", key), weight, most, round(1000 * seconds)
                )
            )
        except Away:
            return self._here.add(key, weight, most, seconds)
        return None if left == _COUNTED else max(0.0, left / 1000)

    def take_back(self, key: Hashable) -> None:
        try:
            self._redis.ask(lambda client: client.eval(_TAKE_BACK, 1, self._key("count", key)))
        except Away:
            self._here.take_back(key)

    def note(self, key: Hashable, seconds: float) -> None:
        self._here.note(key, seconds)
        try:
            self._redis.ask(lambda client: client.set(self._key("noted", key), 1, px=round(1000 * seconds)))
        except Away:
            return

    def noted(self, key: Hashable) -> bool:
        try:
            return bool(self._redis.ask(lambda client: client.exists(self._key("noted", key))))
        except Away:
            return self._here.noted(key)

    def _key(self, kind: str, key: Hashable) -> str:
        parts = key if isinstance(key, tuple) else (key,)
        digest = hashlib.sha256("\0".join(map(str, parts)).encode("utf-8", "surrogatepass")).hexdigest()[:32]
        return self._redis.name(kind, self._name, digest)


def _bound(keys: OrderedDict, key: Hashable) -> None:
    keys.move_to_end(key)
    while len(keys) > _MOST_KEYS:
        keys.popitem(last=False)
