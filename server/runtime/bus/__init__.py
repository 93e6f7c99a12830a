"""How what happened is told: in one process (`local`), or in all that share a Redis server (`shared`)."""

from ..peers.line import Line
from .local import Bus
from .news import News
from .order import Lasts, Since
from .shared import SharedBus

__all__ = ["Bus", "News", "open_bus"]


def open_bus(line: Line | None, since: Since, lasts: Lasts) -> Bus:
    """`line`: to other processes. `since`, `lasts`: see `InOrder`."""
    return Bus() if line is None else SharedBus(line, since, lasts)
