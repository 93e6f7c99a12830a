"""Inside a program beside a server that does one thing for it, at a low priority.

It tells how far it is as lines of JSON on stdout, and ends soon when its stdin is closed: by a server that wants no
more of it, or that is gone.
"""

import contextlib
import json
import os
import sys
import threading
import time
import traceback
from collections.abc import Callable
from typing import Any, Protocol

from ..errors import SamphireError
from .worker import end_first, own_stdout

STOPPED = 130
_GRACE_SECONDS = (
    5.0  # for what it writes down or cleans up; then it ends, before another goes on in its place
)
_REPEAT_SECONDS = 0.1


class Tell(Protocol):
    """Tells the server something, a line of JSON."""

    def __call__(self, **message: Any) -> None: ...


def do_beside(do: Callable[[Tell], None], stop: Callable[[], None]) -> int:
    """The program's status: 0 after {"done"}, 1 after {"error"}, 130 when `do` raised KeyboardInterrupt.

    `stop` has it do so, from another thread. It is called again and again: once may come just before a read that waits.
    """
    _give_way()
    out = os.fdopen(own_stdout(), "w", encoding="utf-8")

    def tell(**message: Any) -> None:
        out.write(json.dumps(message) + "\n")
        out.flush()

    threading.Thread(target=_end_with_parent, args=(stop,), daemon=True).start()
    try:
        do(tell)
    except KeyboardInterrupt:
        return STOPPED
    except SamphireError as error:
        tell(**error.answer())
        return 1
    except Exception:
        tell(**SamphireError().answer(), trace=traceback.format_exc())
        return 1
    tell(done=True)
    return 0


def _give_way() -> None:
    """To clicks when the processor is busy, to all when memory is short."""
    if hasattr(os, "nice"):
        os.nice(10)
    end_first()


def _end_with_parent(stop: Callable[[], None]) -> None:
    with contextlib.suppress(OSError, ValueError):
        while os.read(sys.stdin.fileno(), 4096):
            pass
    end = time.monotonic() + _GRACE_SECONDS
    while time.monotonic() < end:
        stop()
        time.sleep(_REPEAT_SECONDS)
    os._exit(STOPPED)
