"""The connection to Redis: how it is made, how names in it begin, and what it means that it is away.

redis-py's sockets wait for other greenlets only where the standard library is patched, as in a running server."""

import logging
from collections.abc import Callable
from typing import Any, TypeVar

from ...errors import InvalidSetting, Unavailable

log = logging.getLogger("samphire.redis")

T = TypeVar("T")

_CONNECT_SECONDS, _ANSWER_SECONDS = 2.0, 5.0
_ASKED_SECONDS = 0.5  # whoever asks has somebody waiting
_CROWDED = "MaxConnectionsError"  # as newer versions of redis-py call it that too many here ask at once
_LEAST_VERSION = (6, 2)


class Away(Unavailable):
    """Redis does not answer now. Whoever asked goes on with what this process knows."""

    message, hint = "The Redis server does not answer.", "Try again in a moment."


class Redis:
    """`is_up`: as far as is known, so that nobody waits for one that is away; the `Line` finds out when it is back."""

    def __init__(self, url: str) -> None:
        """Raises InvalidSetting where its package is missing."""
        try:
            import redis
            from redis.backoff import NoBackoff
            from redis.exceptions import AuthenticationError, NoPermissionError
            from redis.retry import Retry
        except ImportError:
            raise InvalidSetting(
                "--redis needs a package to reach Redis.", hint='`pip install "samphire[redis]"`'
            ) from None
        self.errors: tuple[type[Exception], ...] = (redis.RedisError, OSError)
        self.refusals: tuple[type[Exception], ...] = (AuthenticationError, NoPermissionError)
        self._silence: tuple[type[Exception], ...] = (redis.ConnectionError, redis.TimeoutError, OSError)
        # A connection that was lost while it rested is made anew. What is not answered in time may have been done.
        retry = Retry(NoBackoff(), 1, (redis.ConnectionError,))
        self._make = lambda connect, answer: redis.Redis.from_url(
            url,
            decode_responses=True,
            socket_connect_timeout=connect,
            socket_timeout=answer,
            socket_keepalive=True,
            retry=retry,
            client_name="samphire",
        )
        self._client = self.quick_client()
        place = self._client.connection_pool.connection_kwargs
        self._prefix = f"samphire:{place.get('db', 0)}:"
        self.called = f"{place.get('host', '')}:{place.get('port', '')}/{place.get('db', 0)}"
        self.is_up = True

    def name(self, *parts: str) -> str:
        """Of a key, or a channel. Those of another number of the same Redis begin otherwise."""
        return self._prefix + ":".join(parts)

    def client(self) -> Any:
        """One of its own, for who waits in it."""
        return self._make(_CONNECT_SECONDS, _ANSWER_SECONDS)

    def quick_client(self) -> Any:
        """One of its own, to `ask` with."""
        return self._make(_ASKED_SECONDS, _ASKED_SECONDS)

    def ask(self, fn: Callable[[Any], T], client: Any = None) -> T:
        """`fn(client)`. Raises Away: at once where it is known to be, so only the first waits for one that hangs."""
        if not self.is_up:
            raise Away
        try:
            return fn(self._client if client is None else client)
        except self.errors as error:
            if self.is_up:
                log.warning("Redis at %s does not answer: %s", self.called, error)
            if isinstance(error, self._silence) and type(error).__name__ != _CROWDED:
                self.is_up = False
            raise Away from error

    def check(self) -> None:
        """Raises InvalidSetting where it lets nobody in, or is too old; Unavailable where it does not answer."""
        try:
            version = self._client.info("server")["redis_version"]
        except self.refusals as error:
            raise InvalidSetting(
                f"The Redis server {self.called} cannot be used ({error}).",
                hint="Check the user and the password in --redis.",
            ) from None
        except self.errors as error:
            raise Unavailable(
                f"The Redis server {self.called} does not answer ({error}).",
                hint="Start it, or correct --redis.",
            ) from None
        if tuple(map(int, version.split(".")[:2])) < _LEAST_VERSION:
            raise InvalidSetting(
                f"The Redis server {self.called} is version {version}.", hint="It must be 6.2 or newer."
            )

    def close(self) -> None:
        self._client.close()


def open_redis(url: str) -> Redis:
    """One that answers. Raises as `Redis` and `check`."""
    redis = Redis(url)
    redis.check()
    return redis
