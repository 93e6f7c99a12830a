"""What one of several processes has for a while: given to the first that asks, free again when it says so, in time, or
when its process is gone."""

from collections.abc import Sequence
from typing import Any

from .line import Line

_TAKE = """
local had = {}
for number, key in ipairs(KEYS) do
    local owner = redis.call('GET', key)
    local free = owner == false or owner == ARGV[1]
    if not free then
        free = redis.call('EXISTS', ARGV[3] .. string.match(owner, '^%S+')) == 0
    end
    if free then
        redis.call('SET', key, ARGV[1], 'PX', ARGV[2])
        table.insert(had, number)
    end
end
return had
"""
_LEAVE = """
for _, key in ipairs(KEYS) do
    if redis.call('GET', key) == ARGV[1] then redis.call('DEL', key) end
end
"""


class Claims:
    """`owner`: of this process, as a session."""

    def __init__(self, line: Line) -> None:
        self._line, self._redis = line, line.redis

    def take(self, owner: str, things: list[str], seconds: float) -> list[str]:
        """Those that the owner has now, for so long, of all it wants. Raises Away."""
        if not things:
            return []
        arguments = (self._owner(owner), round(1000 * seconds), self._redis.name("process", ""))
        keys = [self._redis.name("claim", each) for each in things]
        had = self._redis.ask(lambda client: client.eval(_TAKE, len(keys), *keys, *arguments))
        return [things[number - 1] for number in had]

    def owner(self, thing: str) -> str | None:
        """Who has it, in whatever process that is there; None: nobody. Raises Away."""

        def ask(client: Any) -> str | None:
            found = client.get(self._redis.name("claim", thing))
            process, _, owner = (found or "").partition(" ")
            return owner if found and client.exists(self._redis.name("process", process)) else None

        return self._redis.ask(ask)

    def leave(self, owner: str, things: Sequence[str]) -> None:
        """Others may have these. Raises Away."""
        if things:
            keys = [self._redis.name("claim", each) for each in things]
            self._redis.ask(lambda client: client.eval(_LEAVE, len(keys), *keys, self._owner(owner)))

    def _owner(self, owner: str) -> str:
        return f"{self._line.me} {owner}"
