"""Opens what a process shares with others, where a Redis server is named."""

import os
import socket
import time
from collections.abc import Callable, Mapping
from secrets import token_hex
from typing import Any

from ...errors import Conflict
from .. import greenlets
from .asking import Asking, Offer
from .claims import Claims
from .counts import Counts, CountsHere, SharedCounts
from .hearing import GONE_SECONDS
from .line import Line
from .redis import Away, Redis, open_redis

_MOMENT = 0.01  # seconds
_MORE_SECONDS = 2.0  # than one may be silent that is there


class Peers:
    """What this process shares with others; all of it stays here where there is no Redis."""

    def __init__(self, redis: Redis | None = None, about: Mapping[str, Any] | None = None) -> None:
        self.redis = redis
        self._mentioned: set[str] = set()
        self.line: Line | None = None
        self.claims: Claims | None = None
        if redis is not None:
            name = f"{socket.gethostname()}.{os.getpid()}.{token_hex(4)}"
            self.line = Line(redis, name, {"started": round(time.time()), **(about or {})})
            self.claims = Claims(self.line)

    def hear(self, topic: str, listener: Callable[[], None]) -> None:
        """Have it called when others mention this."""
        if self.line is not None:
            self.line.hears[topic] = lambda _name, _data: listener()

    def mention(self, topic: str) -> None:
        """To others, once for all that is mentioned in a moment, and never where Redis is away."""
        if self.line is not None and topic not in self._mentioned:
            self._mentioned.add(topic)
            greenlets.spawn(self._mention, self.line, topic)

    def _mention(self, line: Line, topic: str) -> None:
        greenlets.sleep(_MOMENT)
        self._mentioned.discard(topic)
        line.mention(topic, None)

    def counts(self, name: str) -> Counts:
        """`name`: of what is counted."""
        return CountsHere() if self.redis is None else SharedCounts(self.redis, name)

    def asking(self, topic: str, offer: Offer) -> Asking | None:
        """None where there is no other process. See `Asking`."""
        return None if self.line is None else Asking(self.line, topic, offer)

    def start(self) -> None:
        """Hear others from now on, and be known to them. Raises Away."""
        if self.line is not None:
            self.line.start()

    def stop(self) -> None:
        if self.line is not None:
            self.line.stop()

    def are_there(self) -> bool:
        """Whether another process is; also where that is not known. It takes seconds to say that none is: Redis may
        have begun a moment ago, and not have heard of any yet."""
        if self.line is None:
            return False
        try:
            if self.line.others():
                return True
            greenlets.sleep(GONE_SECONDS + _MORE_SECONDS)
            return bool(self.line.others())
        except Away:
            return True


def open_peers(url: str, folder_id: Callable[[], str]) -> Peers:
    """`folder_id`: by which processes know that they have the same data folder.

    Raises InvalidSetting, Unavailable; Conflict where others that share this Redis have another folder."""
    if not url:
        return Peers()
    folder = folder_id()
    peers = Peers(open_redis(url), {"folder": folder})
    assert peers.line is not None
    for other in peers.line.others():
        if other["folder"] != folder:
            raise Conflict(
                f"The Samphire {other['name']} uses this Redis server with another data folder.",
                hint="Give both the same --data, or this one another number: redis://host/1.",
            )
    return peers
