"""How many connections there may be, in all and from one address, and which one makes room for another."""

import sys
from collections import Counter
from collections.abc import Callable

_DESCRIPTORS_KEPT = 128  # for files, the database and what the system needs
_DESCRIPTORS_EACH = 2  # of a WebSocket
_MOST, _MOST_OF_ONE = 4096, 1024


def limits() -> tuple[int, int]:
    """How many connections this process can have, and how many one address may have of them.

    The process is allowed as many open files as the system lets it."""
    if sys.platform == "win32":  # sockets do not count as files there
        return _MOST, _MOST_OF_ONE
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _MOST * _DESCRIPTORS_EACH + _DESCRIPTORS_KEPT
    if soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    most = max(16, min(_MOST, (soft - _DESCRIPTORS_KEPT) // _DESCRIPTORS_EACH))
    return most, min(_MOST_OF_ONE, most * 3 // 4)


class Connections:
    """Those that are open. One that waits for its next request makes room for a new one; one at work never does."""

    def __init__(
        self, most: int, most_of_one: int, are_many: Callable[[str], bool] = lambda address: False
    ) -> None:
        """`are_many`: whether an address is that of many, so of a proxy."""
        self.most, self.most_of_one, self._are_many = most, most_of_one, are_many
        self._addresses: dict[int, str] = {}
        self._of_one: Counter[str] = Counter()
        self._idle: dict[int, Callable[[], None]] = {}  # the longest idle first

    def __len__(self) -> int:
        return len(self._addresses)

    def enter(self, connection: int, address: str) -> bool:
        """Count a new connection; False when there are too many, and none that could be closed for it."""
        crowded = self._of_one[address] >= self.most_of_one and not self._are_many(address)
        full = len(self) >= self.most
        self._addresses[connection] = address
        self._of_one[address] += 1
        if not crowded and not full:
            return True
        for other, close in self._idle.items():
            if not crowded or self._addresses[other] == address:
                del self._idle[other]
                close()
                return True
        return False

    def rest(self, connection: int, close: Callable[[], None]) -> None:
        """It waits for a request; `close` ends it."""
        self._idle[connection] = close

    def work(self, connection: int) -> None:
        self._idle.pop(connection, None)

    def leave(self, connection: int) -> None:
        self.work(connection)
        address = self._addresses.pop(connection)
        self._of_one[address] -= 1
        if not self._of_one[address]:
            del self._of_one[address]
